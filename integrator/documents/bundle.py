"""Several PDFs as one file: boletos that a shop sends together, drawn here or attached by its ERP."""

from __future__ import annotations

from collections.abc import Sequence

from integrator.documents.pictures import count_pages
from integrator.domain.errors import DocumentError


def merge_pdfs(pdfs: Sequence[bytes]) -> bytes:
    """All pages in the order given, as one PDF; a single one is returned as it is. Equal input gives equal bytes.

    Raises ``DocumentError`` when one of them is broken, asks for a password or is protected against changes, and
    without any.
    """
    if not pdfs:
        raise DocumentError("Não há nenhum PDF para juntar.")
    if len(pdfs) == 1:
        count_pages(pdfs[0])
        return pdfs[0]
    from integrator.documents.pdf_files import SteadyWriter, check_same, readable

    writer = SteadyWriter(b"".join(pdfs))
    for number, pdf in enumerate(pdfs):
        with readable(pdf) as reader:
            if number == 0:
                writer.describe_as(reader)
            writer.append(reader, import_outline=False)
    merged = writer.written()
    check_same(pdfs, merged)
    return merged

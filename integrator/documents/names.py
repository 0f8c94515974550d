"""Names of the files that customers receive: they say what it is, until when and how much.

``boleto-2026-12-10-R$152,30.pdf``. Plain ASCII, because accents are still spoilt on their way into some phones. The
comma and the dollar sign stay: Windows, Android, iOS and WhatsApp allow them, and they make the amount readable.
Thousands are not parted: a second point in a name looks like a second extension, which filters of e-mail distrust.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath

from integrator.documents.formats import slug
from integrator.domain.message import Title

MAX_NAME = 120
"""Characters of a file name, its extension included: leaves room for the folders of phones and of Windows."""

_MAX_DOCUMENT = 40


def boleto_file_name(title: Title) -> str:
    """``boleto-2026-12-10-R$152,30.pdf``: the registered due date and amount."""
    return f"boleto-{_due_and_amount(title)}.pdf"


def boleto_file_names(titles: Sequence[Title]) -> tuple[str, ...]:
    """One name for each title, all different: those of the same day and amount tell their document as well."""
    plain = [_due_and_amount(title) for title in titles]
    often = Counter(plain)
    names = [
        f"boleto-{name}.pdf" if often[name] == 1 else f"boleto-{_document(title)}-{name}.pdf"
        for title, name in zip(titles, plain, strict=True)
    ]
    return unique_names(names)


def boletos_file_name(titles: Sequence[Title]) -> str:
    """``3-boletos-2026-12-10-a-2027-02-10-R$456,90.pdf``: how many, from when to when, how much altogether.

    Raises ``ValueError`` without titles.
    """
    if len(titles) == 1:
        return boleto_file_name(titles[0])
    return f"{len(titles)}-boletos-{_span(titles)}.pdf"


def carne_file_name(titles: Sequence[Title]) -> str:
    """``carne-3-boletos-2026-12-10-a-2027-02-10-R$456,90.pdf``; raises ``ValueError`` without titles."""
    count = "1-boleto" if len(titles) == 1 else f"{len(titles)}-boletos"
    return f"carne-{count}-{_span(titles)}.pdf"


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names in their order, each different from those before it to Windows too, which ignores upper case.

    A repeated name gets ``-2``, ``-3`` … before its extension; none grows beyond :data:`MAX_NAME` by that.
    """
    taken: set[str] = set()
    unique = []
    for name in names:
        number, candidate = 1, name
        while candidate.casefold() in taken:
            number += 1
            candidate = _numbered(name, number)
        taken.add(candidate.casefold())
        unique.append(candidate)
    return tuple(unique)


def _numbered(name: str, number: int) -> str:
    suffix = PurePosixPath(name).suffix
    end = f"-{number}{suffix}"
    return name.removesuffix(suffix)[: MAX_NAME - len(end)].rstrip(" .") + end


def _due_and_amount(title: Title) -> str:
    return f"{title.due:%Y-%m-%d}-{_reais(title.amount)}"


def _span(titles: Sequence[Title]) -> str:
    first, last = min(title.due for title in titles), max(title.due for title in titles)
    days = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}-a-{last:%Y-%m-%d}"
    return f"{days}-{_reais(sum((title.amount for title in titles), Decimal(0)))}"


def _reais(amount: Decimal) -> str:
    return f"R${amount:.2f}".replace(".", ",")


def _document(title: Title) -> str:
    """The document and its instalment as they may stand in a name, else the ERP's reference."""
    name = slug("-".join(filter(None, (title.document, title.instalment)))) or slug(title.ref) or "titulo"
    return re.sub(r"\.", "-", name)[:_MAX_DOCUMENT].rstrip("-_")

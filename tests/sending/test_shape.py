"""How a message is posted: the text under the first PDF or before them all, and a code alone to be copied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrator.domain.message import PartKind, Title
from integrator.sending.shape import Bubble, Code, code_to_copy, parts_of
from integrator.settings.contents import CodeToCopy
from tests.documents.builders import PIX
from tests.sending.samples import title, with_boleto

FILES = [Bubble("um.pdf", "application/pdf", b"1"), Bubble("dois.pdf", "application/pdf", b"2")]
CAPTION = 1024


@pytest.mark.feature("S03", "S04")
def test_a_text_that_fits_goes_under_the_first_pdf() -> None:
    parts = parts_of("Bom dia.", FILES, None, as_caption=True)
    assert [(part.order, part.kind, part.file_name, part.caption) for part in parts] == [
        (1, PartKind.DOCUMENT, "um.pdf", "Bom dia."),
        (2, PartKind.DOCUMENT, "dois.pdf", ""),
    ]


@pytest.mark.parametrize("text", ["a" * CAPTION, "\N{WRAPPED PRESENT}" * (CAPTION // 2)], ids=["letters", "emojis"])
def test_the_longest_caption_is_counted_as_whatsapp_counts(text: str) -> None:
    assert parts_of(text, FILES, None, as_caption=True)[0].caption == text
    first, *files = parts_of(f"{text}a", FILES, None, as_caption=True)
    assert (first.kind, first.text, [part.caption for part in files]) == (PartKind.TEXT, f"{text}a", ["", ""])


def test_the_text_goes_first_where_the_shop_wants_it_or_no_file_goes_along() -> None:
    assert parts_of("Oi", FILES, None, as_caption=False)[0].kind is PartKind.TEXT
    assert [part.kind for part in parts_of("Oi", [], None, as_caption=True)] == [PartKind.TEXT]


def test_the_code_is_the_last_bubble_and_holds_nothing_else() -> None:
    last = parts_of("Oi", FILES, Code(PartKind.PIX, PIX), as_caption=True)[-1]
    assert (last.order, last.kind, last.text) == (3, PartKind.PIX, PIX)


ONE, BOLETO = title("P1", pix=PIX), with_boleto()


@pytest.mark.parametrize(
    ("titles", "wanted", "kind"),
    [
        ([ONE], CodeToCopy.AUTOMATIC, PartKind.PIX),
        ([ONE], CodeToCopy.LINHA, None),
        ([ONE], CodeToCopy.NONE, None),
        ([BOLETO], CodeToCopy.AUTOMATIC, PartKind.LINHA),
        ([BOLETO], CodeToCopy.PIX, None),
        ([BOLETO], CodeToCopy.LINHA, PartKind.LINHA),
        ([replace(BOLETO, linha_digitavel="")], CodeToCopy.LINHA, PartKind.LINHA),
        ([replace(ONE, linha_digitavel=BOLETO.linha_digitavel)], CodeToCopy.AUTOMATIC, PartKind.PIX),
        ([ONE, replace(ONE, ref="P2")], CodeToCopy.AUTOMATIC, None),
        ([BOLETO, replace(BOLETO, ref="B2")], CodeToCopy.AUTOMATIC, None),
        ([], CodeToCopy.AUTOMATIC, None),
    ],
)
def test_one_code_is_sent_alone_and_of_several_none(
    titles: list[Title], wanted: CodeToCopy, kind: PartKind | None
) -> None:
    code = code_to_copy(titles, wanted)
    assert (code and code.kind) == kind


def test_the_digits_of_a_boleto_are_copied_without_blanks_or_dots() -> None:
    code = code_to_copy([BOLETO], CodeToCopy.AUTOMATIC)
    assert code is not None
    assert code.text.isdigit()
    assert len(code.text) == 47

"""Whatever an ERP's row holds, what leaves is right or nothing leaves: a row is sent whole, cancelled, or held.

Everything here goes through the composer that the daemon uses. A refusal is a Portuguese sentence of the one tree of
errors; any other exception would stop the whole queue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from integrator.documents.blocks.models import Models, built_in_source
from integrator.documents.boleto import draw_boleto
from integrator.domain.errors import MessageError, SettingsError
from integrator.domain.message import Attachment, Composed, Customer, LineItem, Message, PartKind, Title
from integrator.erp.profiles.loader import read_profile
from integrator.messages.catalogue import Situation, Subject, modules
from integrator.messages.language import utf16_length
from integrator.messages.render import clean
from integrator.messages.schema import Kind
from integrator.policies import company_of
from integrator.sending.compose import Composer
from integrator.sending.debts import Pointless
from integrator.sending.policy import ComposePolicy
from integrator.settings import Settings
from integrator.settings.problems import DocumentModelError, ProfileError
from tests.documents.builders import boleto_title
from tests.sending.samples import NOW, SHOP, TODAY, title
from tests.sending.samples import message as debts

SITUATIONS = [situation for module in modules() for situation in module.situations]
LONG_NAME = ("Associação dos Produtores de Maçã e Erva-Mate do Alto Uruguai Catarinense " * 5)[:300].strip()
#: Names that real registers hold, or that somebody tries: marks, templates, markup, unseen and broken characters.
HOSTILE = [
    "*João* _da_ ~Silva~ ```fim```",
    "{cliente} {{total}} [[Olá|Oi]] \\[[ {#titulos}{/titulos} {?x}",
    "<b>José</b> & <para> Filhos &amp; </font> <script>alert('x')</script>",
    "%s %(x)s ${total} #NOME# {TCLIENTE:NOME} {0.__class__}",
    "João\x00da\x07Silva\x1b[31m",
    "\u202eodnauqraM\u202c \u200b\u200fMarcos\ufeff",
    "Zoë \ud83d Müller",
    "李小龍 Παπαδόπουλος Ёлкин 🏪👩🏽‍🔧",
    "O'Brien \"Zé\" \\ / : * ? < > | ..",
    "CON", "..\\..\\boleto.exe", "a" * 300, "W" * 300, LONG_NAME,
]  # fmt: skip


def row_of(situation: Situation, **more: Any) -> Message:
    """A row of that situation as an ERP would write it."""
    open_titles = (title("T1"), replace(boleto_title(TODAY + timedelta(days=5), pix=""), ref="B1"))
    titles: tuple[Title, ...] = ()
    if situation.subject is Subject.SETTLED_TITLES:
        titles = tuple(replace(each, open=False) for each in open_titles)
    elif situation.subject is Subject.OPEN_TITLES or "boleto" in situation.documents:
        titles = open_titles
    values: dict[str, Any] = {
        "purpose": situation.purpose,
        "module": situation.module,
        "kind": situation.kind,
        "variables": {each.name: each.sample for each in situation.variables},
        "items": (
            LineItem("Tinta acrílica 18 L", "000123", Decimal(2), "LT", Decimal("289.90"), None, Decimal("579.80")),
        ),
        "created_at": NOW - timedelta(minutes=5),
    }
    return debts(*titles, **values | more)


def outcome(row: Message, policy: ComposePolicy | None = None) -> Composed | str:
    """What is sent, or the sentence of why nothing is. Any other exception passes on and fails the test."""
    try:
        composed = Composer(policy or ComposePolicy()).compose(row, NOW)
    except MessageError as refusal:
        check_sentence(refusal.message)
        return refusal.message
    if isinstance(composed, Pointless):
        check_sentence(composed.reason)
        return composed.reason
    check_parts(composed)
    return composed


def sent(row: Message, policy: ComposePolicy | None = None) -> Composed:
    composed = outcome(row, policy)
    assert isinstance(composed, Composed), composed
    return composed


def refused(row: Message) -> str:
    told = outcome(row)
    assert isinstance(told, str), told.text
    return told


def check_sentence(told: str) -> None:
    assert told[0].isupper() or told[0] == "“"
    assert told.rstrip("”").endswith((".", "?")), told
    assert not re.search(r"Error|Exception|Traceback|None|Decimal\(|datetime|codec|0x[0-9a-f]{4}", told), told
    told.encode("utf-8")


def check_parts(composed: Composed) -> None:
    assert [part.order for part in composed.parts] == list(range(1, len(composed.parts) + 1))
    names = [part.file_name for part in composed.parts if part.kind is PartKind.DOCUMENT]
    assert len(names) == len({name.lower() for name in names})
    for part in composed.parts:
        assert utf16_length(part.caption) <= 1024
        check_shown(part.caption)
        if part.kind is PartKind.DOCUMENT:
            check_file_name(part.file_name)
        else:
            check_shown(part.text)
            assert utf16_length(part.text) <= 4096


def check_shown(text: str) -> None:
    unseen = {char for char in text if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"}
    assert not unseen, unseen
    assert not re.search(r"R\$\s*R\$|\bNone\b|\bnan\b", text)


def check_file_name(name: str) -> None:
    assert re.fullmatch(r"[^\\/:*?\"<>|\x00-\x1f]+\.[a-z0-9]{2,4}", name), name
    assert len(name) <= 160
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\.", name)


def pdf_pages(composed: Composed) -> Iterator[str]:
    """The text of each page of every PDF, without any blank."""
    for part in composed.parts:
        if part.kind is PartKind.DOCUMENT and part.content.startswith(b"%PDF"):
            with pypdfium2.PdfDocument(part.content) as document:
                assert len(document) > 0
                for page in document:
                    yield re.sub(r"\s", "", page.get_textpage().get_text_range())


def everything(composed: Composed) -> str:
    """What is read in the chat: the texts and the captions, without the codes to copy."""
    texts = (part.caption or (part.text if part.kind is PartKind.TEXT else "") for part in composed.parts)
    return "\n".join(filter(None, texts))


@pytest.mark.parametrize("situation", [module.situations[0] for module in modules()], ids=lambda each: each.module)
def test_a_name_is_printed_as_a_person_sees_it_and_is_never_read_as_anything_else(situation: Situation) -> None:
    source = "Aviso para {cliente}.\n{empresa}"
    for name in HOSTILE:
        result = outcome(row_of(situation, customer=Customer("7", name, "15283484351"), template=source))
        if isinstance(result, Composed):
            assert everything(result).strip() == f"Aviso para {clean(name)}.\n{SHOP.name}"
            list(pdf_pages(result))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: f"{each.module}-{each.kind}")
def test_the_default_text_bears_hostile_values_in_every_variable_of_text(situation: Situation) -> None:
    words = [each.name for each in situation.variables if each.kind is Kind.TEXT]
    for hostile in (HOSTILE[0], HOSTILE[2], LONG_NAME):
        row = row_of(situation, customer=Customer("7", hostile, "15283484351", contact_name=hostile))
        result = outcome(replace(row, variables={**row.variables, **dict.fromkeys(words, hostile)}))
        if isinstance(result, Composed):
            list(pdf_pages(result))
            assert not re.search(r"[{}]|\[\[|\]\]", everything(result)), everything(result)


GARBAGE = {
    Kind.MONEY: ["-10,00", "abc", "NaN", "Infinity", "1e5", "1.2.3,4", "10,00,00", "9" * 400, "--1", "0x10"],
    Kind.DATE: ["30/12/1899", "31/12/2099", "32/13/2026", "29/02/2027", "abc", "00/00/0000", "2026"],
    Kind.DATETIME: ["24/11/2026 25:00", "30/12/1899 00:00", "abc", "24/11/2026 10:61"],
    Kind.NUMBER: ["abc", "NaN", "1e5", "1.2.3", "9" * 400],
    Kind.FLAG: ["talvez", "2", "NaN"],
}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: f"{each.module}-{each.kind}")
def test_a_variable_that_cannot_be_read_holds_the_row_and_is_named(situation: Situation) -> None:
    for variable in situation.variables:
        for garbage in GARBAGE.get(variable.kind, ()):
            row = row_of(situation)
            told = outcome(replace(row, variables={**row.variables, variable.name: garbage}))
            assert isinstance(told, str), (variable.name, garbage, told.text)
            assert variable.name in told, told


def test_a_debt_notice_without_titles_is_held() -> None:
    assert "sem nenhum título" in refused(debts())


def test_ten_thousand_titles_fit_a_text_that_tells_how_many_it_leaves_out() -> None:
    row = debts(*(title(f"T{number:05d}") for number in range(10_000)))
    shown = everything(sent(row, ComposePolicy(draw_statement=False)))
    assert "9.990" in shown or "9990" in shown
    assert "1.500.000,00" in shown


def test_two_thousand_titles_are_all_in_the_statement() -> None:
    composed = sent(debts(*(title(f"T{number:05d}") for number in range(2_000))))
    pages = "".join(pdf_pages(composed))
    assert all(f"NFT{number:05d}" in pages for number in range(2_000))
    assert "300.000,00" in pages


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal("-10.00"), "open_amount": Decimal("-10.00")},
        {"open_amount": Decimal("-0.01")},
        {"amount": Decimal("-10.00")},
        {"updated_amount": Decimal("-1.00")},
    ],
    ids=["a credit", "less than nothing is owed", "negative face value", "negative estimate"],
)
def test_a_negative_amount_holds_the_row(wrong: dict[str, Any]) -> None:
    """Alone and among others: left out in silence, a credit would make the total of the rest wrong."""
    bad = replace(title("X"), **wrong)
    assert "negativ" in refused(debts(bad))
    assert "negativ" in refused(debts(title("A"), bad))


@pytest.mark.parametrize("due", [date(1899, 12, 30), date(1900, 1, 1), date(2099, 12, 31), date(9999, 12, 31)])
def test_a_due_date_that_nobody_means_is_not_sent(due: date) -> None:
    refused(debts(replace(title("X"), due=due)))
    refused(debts(title("A"), replace(title("X"), due=due)))


@pytest.mark.parametrize(
    "wrong", [{"due": date(1899, 12, 30)}, {"due": date(2099, 12, 31)}, {"amount": Decimal("-10.00")}], ids=str
)
@pytest.mark.parametrize(
    "situation", [each for each in SITUATIONS if each.subject is Subject.SETTLED_TITLES], ids=lambda each: each.kind
)
def test_a_notice_of_settled_titles_is_as_strict(situation: Situation, wrong: dict[str, Any]) -> None:
    row = row_of(situation)
    refused(replace(row, titles=(row.titles[0], replace(row.titles[1], **wrong))))


def test_an_empty_date_of_issue_is_never_printed() -> None:
    result = outcome(debts(replace(title(), issued=date(1899, 12, 30))))
    if isinstance(result, Composed):
        assert "1899" not in everything(result) + "".join(pdf_pages(result))


@pytest.mark.parametrize(
    "logo",
    [
        b"",
        b"nada",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(50),
        b"GIF89a" + bytes(9),
        b"%PDF-1.4",
    ],
    ids=["empty", "text", "png", "jpeg", "gif", "pdf"],
)
def test_a_corrupt_logo_stops_no_message_and_spoils_no_document(logo: bytes) -> None:
    whole = sent(debts(title(), company=replace(SHOP, logo=None)))
    assert sent(debts(title(), company=replace(SHOP, logo=logo))) == whole


def test_a_letter_that_the_documents_lack_keeps_its_shape() -> None:
    """``Wałęsa`` is a name of the south of Brazil; ``Wa??sa`` on a boleto is nobody's."""
    composed = sent(debts(boleto_title(TODAY, pix=""), customer=Customer("7", "Lech Wałęsa Őry", "15283484351")))
    assert all("LechWalesaOry" in page for page in pdf_pages(composed))


def test_a_line_break_in_a_name_makes_no_line_of_its_own() -> None:
    """Else a register's field could write ``Total: R$ 0,01`` into the message."""
    result = sent(debts(title(), customer=Customer("7", "Ana\r\nTotal: R$ 0,01", "15283484351")))
    assert not re.search(r"^Total: R\$ 0,01", everything(result), re.MULTILINE)


def test_a_discount_as_a_line_of_its_own_makes_the_sum_less() -> None:
    row = row_of(next(each for each in SITUATIONS if each.module == "ORÇAMENTO"))
    composed = sent(
        replace(row, items=(*row.items, LineItem("Desconto", total=Decimal("-79.80"))), template="{total_itens}")
    )
    assert everything(composed) == "R$ 500,00"
    assert "-R$79,80" in "".join(pdf_pages(composed))


def test_an_order_of_thousands_of_lines_with_long_names_is_drawn_whole_or_refused() -> None:
    row = row_of(next(each for each in SITUATIONS if each.module == "ORÇAMENTO"))
    lines = tuple(LineItem(f"Peça{number} {LONG_NAME}", str(number), Decimal(1)) for number in range(1000))
    result = outcome(replace(row, items=lines))
    if isinstance(result, Composed) and any(part.kind is PartKind.DOCUMENT for part in result.parts):
        pages = "".join(pdf_pages(result))
        assert all(f"Peça{number}" in pages for number in range(1000))


@pytest.mark.parametrize("content", [b"", b"nada", b"%PDF-1.4\n", b"%PDF-1.7\n" + bytes(500)])
def test_a_file_that_is_no_sound_pdf_holds_the_row(content: bytes) -> None:
    refused(debts(title(), attachments=(Attachment("boleto.pdf", "application/pdf", content, kind="boleto"),)))


@pytest.mark.parametrize("name", [*HOSTILE, "", "...", "boleto.pdf.exe", "x" * 5000 + ".pdf"])
def test_a_file_of_the_erp_gets_a_name_that_every_phone_and_computer_takes(name: str) -> None:
    pdf = draw_boleto(SHOP, Customer("7", "Ana"), boleto_title(TODAY, pix=""))
    outcome(debts(title(), attachments=(Attachment(name, "application/pdf", pdf, kind="outro"),)))


@pytest.mark.parametrize("text", ["{cliente", "{clinte}", "{{cliente}", "[[a|b", "{#titulos}", "{total|moedas}", "{x}"])
def test_a_text_of_the_row_that_cannot_be_read_holds_it(text: str) -> None:
    refused(debts(title(), template=text))


def test_a_text_without_end_holds_the_row() -> None:
    refused(debts(title(), template="a" * 5000))
    refused(debts(*(title(str(number)) for number in range(1000)), template="{#titulos}{documento} {/titulos}"))


# Files that the shop writes


def test_an_unknown_key_of_the_configuration_is_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[mensagens]\nlegnda = true\n[mensagem]\nx = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Settings.load(file)
    assert "legnda" in caught.value.message
    assert "mensagem" in caught.value.message


def test_a_logo_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[empresa]\nlogo = '{tmp_path / 'nada.png'}'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"nada\.png"):
        company_of(Settings.load(file))


def test_an_unknown_key_of_a_document_is_told_with_line_and_column(tmp_path: Path) -> None:
    source = built_in_source("orcamento")
    (tmp_path / "orcamento.toml").write_text("corr = 'azul'\n" + source, encoding="utf-8")
    with pytest.raises(DocumentModelError) as caught:
        Models(tmp_path).get("orcamento")
    assert "orcamento.toml, linha 1, coluna 1" in caught.value.message
    assert "corr" in caught.value.message


def test_an_unknown_key_of_a_profile_is_told_with_line_and_column() -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile("nome = 'Loja'\ncharst = 'WIN1252'\n[debitos]\nsql = 'SELECT 1'\n", "loja.toml")
    assert "loja.toml, linha 2, coluna 1" in caught.value.message
    assert "charst" in caught.value.message

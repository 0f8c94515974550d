"""Every default text of the catalogue, printed with whatever a row, the shop and the attachments may lack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from random import Random

import pytest

from integrator.domain.errors import MissingValue
from integrator.domain.message import Address, Company, Customer, Message, Purpose, Title
from integrator.messages.catalogue import Situation, Subject, find_situation, modules
from integrator.messages.guards import names_of
from integrator.messages.language import Template, fits_caption, parse, utf16_length
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import situation_schema
from tests.messages.builders import COMPANY, CUSTOMER, NOW, OVERDUE, UPCOMING, debt_notice
from tests.messages.test_default_texts import UGLY

PASSWORD = "os 5 primeiros números do seu CPF"
SITUATIONS = [situation for module in modules() for situation in module.situations]
ENCLOSED = [
    Enclosed(boletos, statement, pix, linha, documents, password)
    for boletos, statement, pix, linha, documents, password in product(
        (0, 1, 3), (False, True), (False, True), (False, True), (0, 1), ("", PASSWORD)
    )
]
SHOPS = [
    replace(COMPANY, tax_id=tax_id, address=address, phone=phone)
    for tax_id, address, phone in product(("", COMPANY.tax_id), (COMPANY.address, Address()), ("", COMPANY.phone))
]
CUSTOMERS = [
    CUSTOMER,
    Customer("1", "PADARIA PÃO QUENTE LTDA", "12345678000195"),
    Customer("2", "123"),
    replace(CUSTOMER, contact_name="ANA"),
]
NOTHING = Enclosed()
#: Also what a text made of pieces may come out as.
UGLIER = re.compile(rf"{UGLY.pattern}|\(\)|R\$ R\$|[!«»]|,\.|\.,|, ?\)|nº[ ]?\n|nº$")
PAID = replace(OVERDUE, open=False, open_amount=Decimal("0.00"))

every_situation = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.kind)


@cache
def template(situation: Situation) -> Template:
    return parse(situation.text, situation_schema(situation))


def row(situation: Situation, names: frozenset[str], titles: tuple[Title, ...] = ()) -> Message:
    """A row of that situation with the samples of the variables ``names``."""
    brought = {each.name.upper(): each.sample for each in situation.variables if each.name in names}
    return replace(
        debt_notice(*titles),
        purpose=situation.purpose,
        module=situation.module,
        kind=situation.kind,
        variables=brought,
    )


def printed(situation: Situation, message: Message, enclosed: Enclosed = NOTHING) -> str:
    return template(situation).render(message_values(message, NOW, enclosed, situation=situation), message.seed)


def sent(module: str, kind: str, *titles: Title, enclosed: Enclosed = NOTHING, **variables: str) -> str:
    """The text of a row as the queue brings it."""
    situation = find_situation(module, kind)
    assert situation is not None
    message = replace(row(situation, frozenset(), titles), variables=variables)
    return printed(situation, message, enclosed)


def titles_of(situation: Situation) -> list[tuple[Title, ...]]:
    """The lists of titles that a row of that situation may bring: none, one, two, thirty."""
    bare = replace(UPCOMING, document="", instalment="")
    match situation.subject:
        case Subject.OPEN_TITLES:
            return [(OVERDUE,), (bare,), (UPCOMING, OVERDUE), (UPCOMING,) * 11, (OVERDUE,) * 30]
        case Subject.SETTLED_TITLES:
            return [(), (PAID,), (PAID, PAID), (replace(PAID, document="", instalment=""),) * 30]
        case Subject.DOCUMENT if "boleto" in situation.documents:
            return [(), (UPCOMING,), (OVERDUE, bare), (UPCOMING,) * 30]
        case _:
            return [()]


def subsets(situation: Situation) -> Iterator[frozenset[str]]:
    """The required variables with every choice of the optional ones that the text prints."""
    required = {each.name for each in situation.variables if each.required}
    optional = sorted({each.name for each in situation.variables} & names_of(template(situation).nodes) - required)
    for count in range(len(optional) + 1):
        for chosen in combinations(optional, count):
            yield frozenset({*required, *chosen})


def every_text(situation: Situation) -> Iterator[tuple[str, Message, Enclosed]]:
    """Each pair of titles and attachments, and of titles and variables; all else is drawn, always the same."""
    chance = Random(situation.kind)
    chosen = list(subsets(situation))
    ends = (chosen[0], frozenset(each.name for each in situation.variables))
    pairs = [
        (titles, enclosed, chance.choice(ends))
        for titles in titles_of(situation)
        for enclosed in (ENCLOSED if len(titles) < 3 else ENCLOSED[:: len(ENCLOSED) // 7])
    ]
    pairs += [(titles, chance.choice(ENCLOSED), names) for titles, names in product(titles_of(situation), chosen)]
    for seed, (titles, enclosed, names) in enumerate(pairs):
        drawn = replace(
            row(situation, names, titles), company=chance.choice(SHOPS), customer=chance.choice(CUSTOMERS), seed=seed
        )
        yield printed(situation, drawn, enclosed), drawn, enclosed


@every_situation
def test_no_combination_leaves_a_hole_or_says_what_is_not_so(situation: Situation) -> None:
    for text, message, enclosed in every_text(situation):
        assert UGLIER.search(text) is None, text
        assert text.count("*") % 2 == 0, text
        assert utf16_length(text) < 2000
        says_only_what_is_so(text, enclosed)
        says_what_goes_along(text, enclosed, situation)
        says_who_writes(text, message.company, situation)


def says_only_what_is_so(text: str, enclosed: Enclosed) -> None:
    assert enclosed.boletos == 1 or not re.search(r"[Oo] boleto segue|junto com o boleto", text), text
    assert enclosed.boletos == 3 or not re.search(r"[Oo]s boletos", text), text
    assert enclosed.statement or "emonstrativo" not in text
    assert enclosed.pix or "pague com PIX" not in text
    assert enclosed.linha or "código de barras" not in text
    assert enclosed.documents or not re.search(r"detalhes seguem|nota segue", text)
    assert "anexo" not in text or enclosed.boletos or enclosed.statement or enclosed.documents
    assert (f"Para abrir os PDFs, digite {PASSWORD}." in text) is bool(enclosed.password)


def says_what_goes_along(text: str, enclosed: Enclosed, situation: Situation) -> None:
    if situation.subject is not Subject.OPEN_TITLES:
        assert "em anexo" in text or not enclosed.documents
    if "boleto" in situation.documents:
        assert "boleto" in text or not enclosed.boletos
        assert "pague com PIX" in text or not enclosed.pix
        assert "código de barras" in text or not enclosed.linha


def says_who_writes(text: str, shop: Company, situation: Situation) -> None:
    signature = text[text.rindex("*Ferragens São João*") :]
    assert ("CNPJ 12.345.678/0001-95" in signature) is bool(shop.tax_id)
    assert ("Rua Marechal Deodoro, 1280" in signature) is bool(shop.address.street)
    assert ("Telefone (49) 3442-0000" in signature) is bool(shop.phone)
    assert text.endswith("Para não receber mais, responda SAIR.") is (situation.purpose is Purpose.PROMOTION)
    assert ("Se já pagou, desconsidere esta mensagem." in text) is situation.collects


@every_situation
def test_a_text_with_ordinary_data_fits_under_a_document(situation: Situation) -> None:
    everything = Enclosed(1, True, True, False, 1, PASSWORD)
    names = frozenset(each.name for each in situation.variables)
    titles = titles_of(situation)[min(2, len(titles_of(situation)) - 1)]
    for seed in range(8):
        assert fits_caption(printed(situation, replace(row(situation, names, titles), seed=seed), everything))


@every_situation
def test_a_row_without_a_required_variable_is_held(situation: Situation) -> None:
    names = frozenset(each.name for each in situation.variables)
    for lacking in (each.name for each in situation.variables if each.required):
        with pytest.raises(MissingValue, match=f"Falta a variável {lacking}"):
            printed(situation, row(situation, names - {lacking}, titles_of(situation)[0]))


@every_situation
def test_what_a_row_brings_is_never_read_as_a_text(situation: Situation) -> None:
    names = frozenset(each.name for each in situation.variables)
    message = row(situation, names, titles_of(situation)[0])
    odd = {each.name: "{cliente} [[a|b]]" for each in situation.variables if each.kind.value == "texto"}
    company: Company = replace(COMPANY, trade_name="{empresa}")
    text = printed(situation, replace(message, variables={**message.variables, **odd}, company=company))
    assert "*{empresa}*" in text


@pytest.mark.feature("G33", "G34")
def test_a_reminder_tells_title_and_due_date_and_speaks_of_its_boleto() -> None:
    text = sent("RECEBER", "AVISO DE VENCIMENTO", UPCOMING, enclosed=Enclosed(boletos=1, linha=True))
    assert text == (
        "Bom dia, José.\n\n"
        "Um lembrete: há um vencimento próximo em nome de JOSÉ ANTÔNIO GONÇALVES:\n\n"
        "• NF20/1 · vence em 30/11/2026 · R$ 50,50\n\n"
        "Valor em aberto: *R$ 50,50*\n\n"
        "O boleto segue em anexo.\n\n"
        "O código de barras segue em outra mensagem, para copiar.\n\n"
        "Estamos à disposição para qualquer dúvida. Se já pagou, desconsidere esta mensagem.\n\n"
        "*Ferragens São João*\nCNPJ 12.345.678/0001-95\n"
        "Rua Marechal Deodoro, 1280 - Centro - Concórdia/SC - CEP 89700-000\nTelefone (49) 3442-0000"
    )


@pytest.mark.parametrize("kind", ["AVISO DE VENCIMENTO", "VENCIMENTO HOJE", "PARCELA VENCIDA"])
def test_a_notice_that_leaves_late_or_after_a_part_was_paid_is_true(kind: str) -> None:
    part = replace(OVERDUE, open_amount=Decimal("40.00"))
    late = sent("RECEBER", kind, part)
    assert "· venceu em 10/11/2026 · R$ 40,00" in late
    assert "Valor em aberto: *R$ 40,00*" in late
    assert "próximo" not in late
    early = sent("RECEBER", kind, UPCOMING, replace(UPCOMING, due=date(2026, 11, 20)))
    assert "venceu" not in early
    assert "vence em 20/11/2026" in early
    assert "hoje" not in early.lower()


@pytest.mark.feature("G31")
def test_a_paid_instalment_is_thanked_for_with_its_titles_or_its_variables() -> None:
    assert "\n\nParcela quitada:\n\n• NF10/1 · vencimento em 10/11/2026 · R$ 100,00\n\n" in sent(
        "RECEBER", "PARCELA QUITADA", PAID
    )
    text = sent(
        "RECEBER",
        "PARCELA QUITADA",
        NUMERO="NF 8123",
        PARCELA="2",
        VENCIMENTO="10/11/2026",
        VALOR_PAGO="155,34",
        DATA_PAGAMENTO="18/11/2026",
        FORMA_PAGAMENTO="PIX",
    )
    assert text.startswith(
        "Bom dia, José.\n\nConfirmamos o recebimento do seu pagamento de *R$ 155,34*, feito em 18/11/2026 (PIX).\n\n"
        "Parcela quitada: NF 8123/2, com vencimento em 10/11/2026.\n\n"
    )


@pytest.mark.feature("G32")
def test_a_cancelled_instalment_is_named_and_not_to_be_paid() -> None:
    listed = sent("RECEBER", "PARCELA CANCELADA", PAID, MOTIVO="devolução da mercadoria")
    told = sent("RECEBER", "PARCELA CANCELADA", NUMERO="NF 8123", PARCELA="2", VALOR="152,30")
    assert "cancelamento desta parcela em nome de JOSÉ ANTÔNIO GONÇALVES:\n\n• NF10/1 · vencimento em" in listed
    assert "\n\nMotivo: devolução da mercadoria.\n\n" in listed
    assert "cancelamento da parcela NF 8123/2, no valor de R$ 152,30, em nome de JOSÉ ANTÔNIO GONÇALVES." in told
    assert all("Se recebeu um boleto do que foi cancelado, não o pague." in each for each in (listed, told))


@pytest.mark.feature("G24", "G46", "G49")
def test_a_changed_quote_tells_its_present_situation() -> None:
    text = sent("ORÇAMENTO", "STATUS ORÇAMENTO", NUMERO="1234", SITUACAO="FINALIZADO")
    assert "O seu orçamento nº 1234 mudou de situação. Situação atual: *FINALIZADO*." in text


@pytest.mark.feature("G36", "G37")
def test_cashback_tells_balance_and_last_day() -> None:
    balance = sent("CASHBACK", "SALDO DE CASHBACK", SALDO="48,75", EXPIRA_EM="10/12/2026")
    assert "*R$ 48,75*. Ele pode ser usado até 10/12/2026.\n\n" in balance
    for days, told in (("90", "90 dias"), ("1", "1 dia"), ("30,5", "30,5 dias")):
        lasting = sent("CASHBACK", "SALDO DE CASHBACK", SALDO="48,75", VALIDADE_DIAS=days)
        assert f"Cada crédito vale por {told}.\n" in lasting
    expiring = sent("CASHBACK", "CASHBACK A VENCER", VALOR_VENCENDO="20", EXPIRA_EM="2026-12-10")
    assert "o seu cashback de *R$ 20,00* pode ser usado até *10/12/2026*.\n\n" in expiring


@pytest.mark.feature("G29")
def test_an_issued_invoice_speaks_of_the_erps_pdf_only_when_it_goes_along() -> None:
    for module in ("NF-E", "NFC-E"):
        assert "em anexo" in sent(module, f"{module} EMITIDA", enclosed=Enclosed(documents=1), NUMERO="1")
        assert "anexo" not in sent(module, f"{module} EMITIDA", NUMERO="1")


@pytest.mark.feature("G30")
def test_a_birthday_is_wished_and_promises_only_what_the_erp_brings() -> None:
    plain = sent("ANIVERSARIANTES", "ANIVERSÁRIO")
    assert "com saúde, paz e muitas alegrias.\n\n*Ferragens São João*" in plain
    assert "presente: 10% de desconto. Vale até 20/12/2026.\n" in sent(
        "ANIVERSARIANTES", "ANIVERSÁRIO", PRESENTE="10% de desconto", VALIDADE="20/12/2026"
    )

"""Documents with lines, paid instalments, greetings and cashback: read from an ERP, held against the catalogue."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

import pytest

from integrator.closing.ports import Notice
from integrator.domain.message import LineItem, Purpose
from integrator.erp.profiles.check import check_profile
from integrator.erp.profiles.loader import Profile, read_profile
from integrator.erp.profiles.preview import preview
from integrator.erp.profiles.source import ProfileSource
from integrator.messages.catalogue import modules
from integrator.settings.problems import ProfileError
from tests.profiles.shop import ErpShop, only

TODAY = date(2026, 11, 21)
SINCE = datetime(2026, 11, 21)
QUOTE = """SELECT O.ID AS REF, 'ORÇAMENTO CRIADO' AS TIPO, C.ID AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME,
    C.CELULAR AS TELEFONE, 'S' AS RECEBE_AVISO, O.ID AS NUMERO, O.TOTAL AS VALOR_TOTAL,
    CAST(O.PRONTA AS DATE) AS VALIDADE
FROM ORDEM O JOIN CLIENTE C ON C.ID = O.CLIENTE WHERE O.PRONTA > :desde"""
LINES = """SELECT I.NOME AS DESCRICAO, I.QTD AS QUANTIDADE, I.PRECO AS VALOR_UNITARIO, I.TOTAL AS TOTAL
FROM LINHA I WHERE I.ORDEM = :ref ORDER BY I.ID"""
PERSON = "SELECT ID AS CLIENTE_CODIGO, NOME AS CLIENTE_NOME, CELULAR AS TELEFONE, 'S' AS RECEBE_AVISO"

MODULES = {
    "CRM": "G09",
    "COMANDAS": "G10",
    "ORDEM DE SERVIÇO": "G11",
    "ANIVERSARIANTES": "G12",
    "RECEBER": "G13",
    "CASHBACK": "G14",
    "NFC-E": "G15",
    "PEDIDO DE VENDA": "G16",
    "CONDICIONAL": "G17",
    "ORÇAMENTO": "G18",
    "NF-E": "G19",
}


@pytest.fixture
def quotes(shop: ErpShop) -> ErpShop:
    """Two quotes of today, the second without lines."""
    shop.run(
        "CREATE TABLE LINHA (ID INTEGER NOT NULL PRIMARY KEY, ORDEM INTEGER, NOME VARCHAR(250), QTD DOUBLE PRECISION, "
        "PRECO NUMERIC(12, 4), TOTAL NUMERIC(12, 2))"
    )
    orders = [(7, 1, "2026-11-21 10:00", 1234.5), (8, 2, "2026-11-21 11:00", 10)]
    shop.run("INSERT INTO ORDEM (ID, CLIENTE, PRONTA, TOTAL) VALUES (?, ?, ?, ?)", orders)
    lines: list[tuple[object, ...]] = [
        (2, 7, "Filtro de óleo".encode("cp1252"), 2.5, "0.3333", "0.83"),
        (1, 7, b"Revis\xe3o", 1.0, "1233.67", "1233.67"),
    ]
    shop.run("INSERT INTO LINHA (ID, ORDEM, NOME, QTD, PRECO, TOTAL) VALUES (?, ?, ?, ?, ?, ?)", lines)
    return shop


def quoting(sql: str = QUOTE, lines: str = LINES, module: str = "ORÇAMENTO", text: str = "") -> Profile:
    keys = [f"modulo = '{module}'", f"itens_sql = '''\n{lines}\n'''"]
    return only("documentos", sql, *keys, *([f"texto = '{text}'"] if text else []))


def read(shop: ErpShop, profile: Profile, known: frozenset[str] = frozenset()) -> list[Notice]:
    with shop.source(profile) as source:
        return list(source.documents(SINCE, TODAY, known))


def said(shop: ErpShop, profile: Profile) -> list[tuple[bool, str]]:
    return [(problem.warning, problem.message) for problem in check_profile(shop.database, profile).problems]


@pytest.mark.feature("G18")
def test_a_quote_brings_its_lines_in_their_order_and_says_what_the_catalogue_says(quotes: ErpShop) -> None:
    first, second = read(quotes, quoting())
    assert (first.module, first.kind, first.purpose, first.template) == (
        "ORÇAMENTO", "ORÇAMENTO CRIADO", Purpose.SERVICE, "",
    )  # fmt: skip
    assert first.items == (
        LineItem("Revisão", quantity=Decimal(1), unit_price=Decimal("1233.67"), total=Decimal("1233.67")),
        LineItem("Filtro de óleo", quantity=Decimal("2.5"), unit_price=Decimal("0.3333"), total=Decimal("0.83")),
    )
    assert (first.problem, second.problem, second.itemized, second.items) == ("", "", True, ())
    assert said(quotes, quoting()) == []


def test_lines_are_not_read_for_what_the_queue_knows(quotes: ErpShop) -> None:
    first, _ = read(quotes, quoting(), frozenset({"doc|ORÇAMENTO|ORÇAMENTO CRIADO||7"}))
    assert first.items == ()


def test_a_line_that_cannot_be_read_holds_its_document_only(quotes: ErpShop) -> None:
    quotes.run("INSERT INTO LINHA (ID, ORDEM, NOME) VALUES (9, 8, ?)", [(b"\x81",)])
    quotes.run("UPDATE LINHA SET NOME = NULL WHERE ID = 2")
    first, second = read(quotes, quoting())
    assert "Item 2: O campo DESCRICAO está vazio" in first.problem
    assert "Item 1: O campo DESCRICAO tem caracteres" in second.problem


def test_a_reference_longer_than_the_lines_column_has_no_lines(quotes: ErpShop) -> None:
    lines = LINES.replace("I.ORDEM = :ref", "CAST(I.ORDEM AS VARCHAR(1)) = :ref")
    first, _ = read(quotes, quoting(QUOTE.replace("O.ID AS REF", "'número ' || O.ID AS REF"), lines))
    assert first.items == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("I.QTD AS", "I.QTDE AS", "Em [itens], a coluna I.QTDE não existe"),
        ("I.NOME AS DESCRICAO, ", "", "Falta a coluna DESCRICAO em [itens]"),
        ("I.TOTAL AS TOTAL", "I.NOME AS TOTAL", "é VARCHAR, e precisa ser valor"),
        ("I.PRECO AS VALOR_UNITARIO", "I.PRECO AS PRECO", "A coluna PRECO não existe na fonte [itens]"),
    ],
)
def test_wrong_lines_are_told_by_the_check_and_stop_the_closing(quotes: ErpShop, old: str, new: str, told: str) -> None:
    profile = quoting(lines=LINES.replace(old, new))
    assert any(told in message for _, message in said(quotes, profile))
    with pytest.raises(ProfileError):
        read(quotes, profile)


# What the situation needs


@pytest.mark.feature("G35")
def test_a_kind_that_the_module_does_not_have_is_refused_by_the_check_and_held_by_the_closing(quotes: ErpShop) -> None:
    profile = quoting(QUOTE.replace("ORÇAMENTO CRIADO", "PRONTO"))
    ((warning, message), *_) = said(quotes, profile)
    assert not warning
    assert "O TIPO “PRONTO” não existe no módulo ORÇAMENTO" in message
    assert "ORÇAMENTO CRIADO, STATUS ORÇAMENTO" in message
    assert "ORÇAMENTO CRIADO" in read(quotes, profile)[0].problem
    own = quoting(QUOTE.replace("ORÇAMENTO CRIADO", "PRONTO"), text="Seu orçamento {numero}.")
    assert said(quotes, own) == []
    assert [(notice.kind, notice.problem) for notice in read(quotes, own)] == [("PRONTO", "")] * 2


def test_variables_that_are_missing_or_of_the_wrong_type_are_told_by_the_check(quotes: ErpShop) -> None:
    without = quoting(QUOTE.replace("O.ID AS NUMERO, ", ""))
    assert [(warning, "Falta a coluna NUMERO" in told) for warning, told in said(quotes, without)] == [(False, True)]
    assert "Falta a variável numero" in read(quotes, without)[0].problem
    mistyped = quoting(QUOTE.replace("CAST(O.PRONTA AS DATE) AS VALIDADE", "O.TOTAL AS VALIDADE"))
    assert "A coluna VALIDADE de [documentos] é NUMERIC, e o texto a lê como data" in said(quotes, mistyped)[0][1]
    assert "validade não é uma data" in read(quotes, mistyped)[0].problem


def test_kinds_that_come_from_a_column_are_only_doubted(quotes: ErpShop) -> None:
    column = quoting(QUOTE.replace("'ORÇAMENTO CRIADO' AS TIPO", "C.OBS AS TIPO").replace("O.ID AS NUMERO, ", ""))
    assert [warning for warning, _ in said(quotes, column)] == [True]


def test_the_preview_names_what_would_be_held_and_shows_lines_of_a_document(quotes: ErpShop) -> None:
    profile = quoting(QUOTE.replace("O.ID AS NUMERO, ", ""))
    documents, lines = preview(quotes.database, profile, datetime(2026, 11, 21, 22))
    assert (documents.name, lines.name) == ("documentos (ORÇAMENTO)", "itens (ORÇAMENTO)")
    assert "Falta a variável numero" in documents.rows[0][-1]
    assert [row[0] for row in lines.rows] == ["Revisão", "Filtro de óleo"]


@pytest.mark.feature("G31", "G32")
@pytest.mark.parametrize(
    ("kind", "called"), [("PARCELA QUITADA", "PAGAMENTO RECEBIDO"), ("PARCELA CANCELADA", "CANCELADA")]
)
def test_paid_and_cancelled_instalments_are_service_and_tell_what_they_are_about(
    shop: ErpShop, kind: str, called: str
) -> None:
    sql = f"""SELECT R.ID AS REF, '{called}' AS TIPO, C.ID AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME,
        C.CELULAR AS TELEFONE, C.AVISO AS RECEBE_AVISO, 'NF ' || R.ID AS NUMERO, '2/6' AS PARCELA,
        R.VENC AS VENCIMENTO, R.VALOR AS VALOR_PAGO FROM RECEBER R JOIN CLIENTE C ON C.ID = R.CLIENTE"""
    notice, *others = read(shop, only("documentos", sql, "modulo = 'RECEBER'"))
    assert (notice.kind, notice.purpose, notice.problem) == (kind, Purpose.SERVICE, "")
    assert notice.key == f"doc|RECEBER|{called}||101"
    assert notice.variables["NUMERO"] == "NF 101"
    assert (notice.variables["VENCIMENTO"], notice.variables["VALOR_PAGO"]) == ("10/11/2026", "150,00")
    assert len(others) == 2


def test_what_asks_for_money_is_the_rulers_and_never_a_document(shop: ErpShop) -> None:
    sql = """SELECT ID AS REF, 'PARCELA VENCIDA' AS TIPO, ID AS CLIENTE_CODIGO, NOME AS CLIENTE_NOME,
        CELULAR AS TELEFONE, 'S' AS RECEBE_AVISO FROM CLIENTE"""
    notice = read(shop, only("documentos", sql, "modulo = 'RECEBER'", "finalidade = 'servico'"))[0]
    assert notice.purpose is Purpose.COLLECTION
    assert "sai pela régua" in notice.problem


@pytest.mark.parametrize(
    "module", [pytest.param(name, marks=pytest.mark.feature(feature)) for name, feature in MODULES.items()]
)
def test_every_module_of_the_catalogue_can_come_from_a_profile(shop: ErpShop, module: str) -> None:
    """Each situation with each of its variables, as texts, is read without a complaint."""
    (found,) = (each for each in modules() if each.name == module)
    kinds = [each for each in found.situations if each.subject.value != "titulos_abertos"]
    for situation in kinds:
        columns = "".join(f", '{each.sample}' AS {each.name}" for each in situation.variables)
        sql = f"{PERSON}, ID AS REF, '{situation.kind}' AS TIPO{columns} FROM CLIENTE"
        notices = read(shop, only("documentos", sql, f"modulo = '{module}'"))
        assert [(notice.kind, notice.problem) for notice in notices] == [(situation.kind, "")] * 2
        assert {notice.purpose for notice in notices} == {situation.purpose}


# Greetings and cashback


@pytest.mark.feature("G12", "G30")
def test_a_birthday_needs_no_text_and_knows_its_person_and_day(shop: ErpShop) -> None:
    shop.run("UPDATE CLIENTE SET NASCIMENTO = '1980-11-21'")
    where = "WHERE EXTRACT(DAY FROM NASCIMENTO) = :dia AND EXTRACT(MONTH FROM NASCIMENTO) = :mes"
    sql = f"{PERSON}, CASE ID WHEN 1 THEN '123.456.789-09' END AS CLIENTE_DOC FROM CLIENTE {where} ORDER BY ID DESC"
    profile = only("aniversariantes", sql)
    assert said(shop, profile) == []
    with shop.source(profile) as source:
        first, second = source.occasions(SINCE, TODAY)
    assert (first.key, first.person, first.day) == ("aniv||1|2026", "12345678909", TODAY)
    assert (second.key, second.person) == ("aniv||2|2026", "maria")
    assert (first.purpose, first.kind, first.template, first.problem) == (
        Purpose.PROMOTION, "ANIVERSÁRIO", "", "",
    )  # fmt: skip


CREDIT = """SELECT O.ID AS REF, C.ID AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME, C.CELULAR AS TELEFONE,
    'S' AS RECEBE_AVISO, O.TOTAL AS SALDO {more}
FROM ORDEM O JOIN CLIENTE C ON C.ID = O.CLIENTE"""


@pytest.fixture
def credits(shop: ErpShop) -> ErpShop:
    rows = [(1, 1, "2026-11-25", 48.75), (2, 1, "2027-02-01", 10)]
    shop.run("INSERT INTO ORDEM (ID, CLIENTE, PRONTA, TOTAL) VALUES (?, ?, ?, ?)", rows)
    return shop


def cashback(shop: ErpShop, more: str, days: int = 0, *keys: str) -> list[Notice]:
    profile = only("cashback", CREDIT.format(more=more), *keys)
    assert [problem for problem in check_profile(shop.database, profile).problems if not problem.warning] == []
    with closing(ProfileSource(shop.database, profile, cashback_days=days)) as source:
        return list(source.occasions(SINCE, TODAY))


@pytest.mark.feature("G14", "G36", "G37")
def test_what_ends_within_a_week_is_told_as_such_and_the_rest_is_a_balance_once_a_month(credits: ErpShop) -> None:
    ending, balance = cashback(credits, ", CAST(O.PRONTA AS DATE) AS EXPIRA_EM")
    assert (ending.kind, ending.key) == ("CASHBACK A VENCER", "cashback||1")
    assert (ending.expires_at, ending.variables["EXPIRA_EM"]) == (datetime(2026, 11, 25, 23, 59, 59), "25/11/2026")
    assert (balance.kind, balance.key) == ("SALDO DE CASHBACK", "cashback|saldo||1|2026-11")
    assert (ending.problem, balance.problem) == ("", "")


@pytest.mark.feature("G36", "G38")
def test_the_end_follows_from_the_day_of_the_credit_and_the_shops_setting(credits: ErpShop) -> None:
    given = ", CAST('2026-10-01' AS DATE) AS CREDITO_EM"
    assert [each.expires_at for each in cashback(credits, given)] == [None, None]
    ends = cashback(credits, given, 55)
    assert {(each.kind, each.expires_at) for each in ends} == {
        ("CASHBACK A VENCER", datetime(2026, 11, 25, 23, 59, 59))
    }
    (unknown, _) = cashback(credits, "", 90)
    assert (unknown.kind, unknown.variables["VALIDADE_DIAS"], unknown.expires_at) == ("SALDO DE CASHBACK", "90", None)


@pytest.mark.feature("G37")
def test_a_named_end_without_a_date_is_held(credits: ErpShop) -> None:
    notice, _ = cashback(credits, ", 'CASHBACK VENCENDO' AS TIPO", 90)
    assert notice.kind == "CASHBACK A VENCER"
    assert "Falta a variável expira_em" in notice.problem
    odd, _ = cashback(credits, ", 'PONTOS' AS TIPO", 90)
    assert "SALDO DE CASHBACK, CASHBACK A VENCER" in odd.problem


def test_two_sources_of_documents_are_both_read(quotes: ErpShop) -> None:
    table = "[[documentos]]\nmodulo = '{}'\nsql = '''\n{}\n'''\n"
    order = QUOTE.replace("ORÇAMENTO CRIADO", "PRONTA")
    text = "[perfil]\nnome = 'x'\n" + table.format("ORÇAMENTO", QUOTE) + table.format("ORDEM DE SERVIÇO", order)
    found = read(quotes, read_profile(text, "x.toml"))
    assert [notice.kind for notice in found] == ["ORÇAMENTO CRIADO"] * 2 + ["OS PRONTA"] * 2
    assert not any(notice.itemized for notice in found)

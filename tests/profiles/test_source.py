"""Rows of a vendor's tables as the closing reads them: any charset and dialect, bad cells held and named."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

import pytest

from integrator.closing.ports import Debt, Source, TitleState
from integrator.domain.errors import DatabaseRefused
from integrator.domain.message import Purpose
from integrator.erp.connection import Database
from integrator.erp.profiles.source import ProfileSource
from integrator.erp.rows import RowError
from integrator.settings.problems import Place, ProfileError
from tests.profiles.conftest import MakeShop
from tests.profiles.shop import DEBTS, RECHECK, ErpShop, only, profile_of

TODAY = date(2026, 11, 21)
FROM, UNTIL = date(2021, 1, 1), date(2026, 12, 31)
BIRTHDAYS = (
    "SELECT ID AS CLIENTE_CODIGO, NOME AS CLIENTE_NOME, CELULAR AS TELEFONE, AVISO AS RECEBE_AVISO FROM CLIENTE "
    "WHERE EXTRACT(DAY FROM NASCIMENTO) = :dia AND EXTRACT(MONTH FROM NASCIMENTO) = :mes"
)


def debts(shop: ErpShop, sql: str = DEBTS, charset: str = "WIN1252") -> list[Debt]:
    with shop.source(profile_of(sql, charset=charset)) as source:
        return list(source.debts(FROM, UNTIL, TODAY))


@pytest.mark.feature("B13")
def test_titles_contacts_and_answers_are_read_as_the_erp_keeps_them(shop: ErpShop) -> None:
    with shop.source(profile_of(more=f"[conferir]\nsql = '''\n{RECHECK}\n'''\n")) as source:
        port: Source = source
        first, second, third = port.debts(FROM, UNTIL, TODAY)
        assert (first.customer.code, first.customer.name) == ("1", "João da Conceição")
        assert (first.title.ref, first.title.due, first.title.amount) == ("101", date(2026, 11, 10), Decimal("150.00"))
        assert (first.company, first.state, first.problem) == ("1", TitleState.OPEN, "")
        assert [third.title.ref, third.title.open_amount] == ["102", Decimal("49.95")]
        assert second.title.ref == "103"
        assert [(each.customer_code, each.accepts, each.phones) for each in port.contacts()] == [
            ("1", True, "(49) 98859-0187"),
            ("2", False, "49 98800-0001"),
        ]
        answer = source.ask("102")
        assert answer is not None
        assert (answer.state, answer.open_amount, answer.due) == (
            TitleState.OPEN,
            Decimal("49.95"),
            date(2026, 11, 20),
        )
        assert source.ask("999") is None
        assert port.companies() == ()
        assert port.last_bank_return() is None
        assert list(port.documents(datetime(2026, 11, 20), TODAY, frozenset())) == []


def test_only_titles_due_in_the_period_come_even_if_the_select_forgets_it(shop: ErpShop) -> None:
    sql = DEBTS.replace("WHERE R.VENC BETWEEN :de AND :ate", "")
    with shop.source(profile_of(sql)) as source:
        found = source.debts(date(2026, 11, 15), date(2026, 11, 30), TODAY)
        assert [debt.title.ref for debt in found] == ["102"]


@pytest.mark.parametrize(
    ("charset", "dialect"), [("NONE", 1), ("NONE", 3), ("WIN1252", 1), ("ISO8859_1", 3), ("UTF8", 3)]
)
def test_accents_are_read_in_every_charset_and_dialect(make_shop: MakeShop, charset: str, dialect: int) -> None:
    erp = make_shop(charset, dialect)
    stored = "Conceição".encode("utf-8" if charset == "UTF8" else "cp1252")
    erp.run("INSERT INTO CLIENTE (ID, NOME) VALUES (1, ?)", [(stored,)])
    erp.run(
        "INSERT INTO RECEBER (ID, CLIENTE, LOJA, VENC, VALOR, SALDO, HISTORICO) "
        "VALUES (1, 1, '1', '2026-11-10', 150.1, 150.1, ?)",
        [("Natal 🎄".encode(),)],
    )
    (debt,) = debts(erp, DEBTS.replace("R.LOJA AS EMPRESA", "R.LOJA AS EMPRESA, R.HISTORICO AS DOCUMENTO"))
    assert debt.customer.name == "Conceição"
    assert debt.title.document == "Natal 🎄"
    assert (debt.title.amount, debt.title.open_amount) == (Decimal("150.10"), Decimal("150.10"))
    assert (debt.company, debt.title.due, debt.problem) == ("1", date(2026, 11, 10), "")


def test_a_none_column_is_read_in_the_profiles_charset(make_shop: MakeShop) -> None:
    erp = make_shop()
    erp.run("INSERT INTO CLIENTE (ID, NOME) VALUES (1, ?)", [("Conceição".encode("cp850"),)])
    erp.run("INSERT INTO RECEBER (ID, CLIENTE, VENC, VALOR, SALDO) VALUES (1, 1, '2026-11-10', 1, 1)")
    assert debts(erp, charset="DOS850")[0].customer.name == "Conceição"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (b"Jo\x81o", b"1", "O campo CLIENTE_NOME tem caracteres que não existem em WIN1252."),
        (b"Jo\x00o", b"1", "O campo CLIENTE_NOME tem um caractere nulo."),
        (None, b"1", "O campo CLIENTE_NOME está vazio."),
        (b"x" * 121, b"1", "O campo CLIENTE_NOME tem 121 caracteres, e o máximo é 120."),
    ],
)
def test_a_cell_that_cannot_be_used_holds_its_row_and_the_others_go_on(
    shop: ErpShop, name: bytes | None, value: bytes, said: str
) -> None:
    shop.run("UPDATE CLIENTE SET NOME = ? WHERE ID = 1", [(name,)])
    found = debts(shop)
    assert [said in debt.problem for debt in found] == [True, True, False]
    assert len(found[0].customer.name) <= 120
    assert "\0" not in found[0].customer.name


def test_a_missing_date_or_amount_holds_the_row_instead_of_losing_it(shop: ErpShop) -> None:
    shop.run("UPDATE RECEBER SET SALDO = NULL WHERE ID = 101")
    shop.run("UPDATE RECEBER SET VENC = NULL WHERE ID = 103")
    found = debts(shop, DEBTS.replace("WHERE R.VENC BETWEEN :de AND :ate", ""))
    assert {debt.title.ref: debt.problem for debt in found} == {
        "101": "O campo VALOR_ABERTO está vazio. Corrija o cadastro no ERP.",
        "102": "",
        "103": "O campo VENCIMENTO está vazio. Corrija o cadastro no ERP.",
    }


def test_an_unknown_situation_holds_the_row(shop: ErpShop) -> None:
    sql = DEBTS.replace("R.LOJA AS EMPRESA", "CASE R.ID WHEN 101 THEN 'Q' WHEN 102 THEN 'PAGO' END AS SITUACAO")
    found = {debt.title.ref: debt for debt in debts(shop, sql)}
    assert "SITUACAO vale “q”" in found["101"].problem
    assert found["102"].state is TitleState.PAID
    assert not found["102"].title.open
    assert (found["103"].state, found["103"].problem) == (TitleState.OPEN, "")


@pytest.mark.parametrize("code", ["R.CLIENTE", "CAST(R.CLIENTE AS VARCHAR(20))", "' ' || R.CLIENTE || ' '"])
@pytest.mark.parametrize("dialect", [1, 3])
def test_a_customers_titles_stand_together_whatever_the_type_of_the_code(
    make_shop: MakeShop, code: str, dialect: int
) -> None:
    erp = make_shop("NONE", dialect)
    erp.run("INSERT INTO CLIENTE (ID, NOME) VALUES (?, 'x')", [(number,) for number in (1, 2, 10)])
    titles = [
        (number, (1, 10, 2)[number % 3], (b"2", None, b"")[number % 2 + (number > 6)], "2026-11-10", 1, 1.0)
        for number in range(1, 19)
    ]
    erp.run("INSERT INTO RECEBER (ID, CLIENTE, LOJA, VENC, VALOR, SALDO) VALUES (?, ?, ?, ?, ?, ?)", titles)
    found = debts(erp, DEBTS.replace("R.CLIENTE AS CLIENTE_CODIGO", f"{code} AS CLIENTE_CODIGO"))
    groups = [key for key, _ in groupby((debt.company, debt.customer.code) for debt in found)]
    assert len(found) == 18
    assert len(groups) == len(set(groups))


def test_a_select_with_its_own_order_comments_and_cte_is_wrapped_whole(shop: ErpShop) -> None:
    sql = f"WITH X AS (\n{DEBTS}\n)\nSELECT X.* FROM X -- até o fim\nORDER BY X.REF DESC -- fim"
    assert [debt.title.ref for debt in debts(shop, sql)] == ["101", "103", "102"]


def test_a_boleto_of_the_erp_goes_along_as_blob_or_path(shop: ErpShop) -> None:
    shop.run("INSERT INTO ORDEM (ID, LAUDO) VALUES (101, ?)", [(b"%PDF-1.4 " + b"x" * 100_000,)])
    sql = DEBTS.replace(
        "R.LOJA AS EMPRESA",
        "O.LAUDO AS BOLETO_PDF, CASE WHEN R.ID = 102 THEN 'D:\\BOLETOS\\102.PDF' END AS BOLETO_CAMINHO",
    ).replace("WHERE", "LEFT JOIN ORDEM O ON O.ID = R.ID WHERE")
    files = {debt.title.ref: debt.attachments for debt in debts(shop, sql)}
    (blob,), (path,) = files["101"], files["102"]
    assert (blob.kind, blob.title_ref, len(blob.content or b"")) == ("boleto", "101", 100_009)
    assert str(path.path) == "D:\\BOLETOS\\102.PDF"
    assert path.file_name == "boleto-102.pdf"
    assert files["103"] == ()


def test_a_profile_that_the_database_refuses_is_told_at_its_line(shop: ErpShop) -> None:
    with pytest.raises(ProfileError) as caught:
        debts(shop, DEBTS.replace("R.SALDO", "R.SALDU"))
    (problem,) = caught.value.problems
    assert problem.place == Place(7, 23)
    assert "a coluna R.SALDU não existe" in problem.message


def test_a_procedure_may_be_read_but_what_it_writes_is_refused(shop: ErpShop) -> None:
    listed = DEBTS.replace("WHERE", "JOIN LISTA L ON L.ID = C.ID WHERE")
    assert len(debts(shop, listed)) == 3
    with pytest.raises(ProfileError, match="tentou gravar, e foi impedido"):
        debts(shop, DEBTS.replace("WHERE", "JOIN TRAVESSA L ON L.ID = C.ID WHERE"))
    assert shop.value("SELECT COUNT(*) FROM TOCADO") == 0


def test_two_answers_about_one_title_are_none(shop: ErpShop) -> None:
    more = "[conferir]\nsql = '''\nSELECT 'aberto' AS SITUACAO, SALDO AS VALOR_ABERTO, VENC AS VENCIMENTO FROM RECEBER "
    with shop.source(profile_of(more=f"{more}WHERE CLIENTE = :ref\n'''\n")) as source:
        with pytest.raises(RowError, match="mais de uma linha"):
            source.ask("1")
        shop.run("UPDATE RECEBER SET SALDO = NULL WHERE ID = 102")
        with pytest.raises(RowError, match="VALOR_ABERTO está vazio"):
            source.ask("2")


def test_a_paid_title_needs_no_balance(shop: ErpShop) -> None:
    shop.run("UPDATE RECEBER SET SALDO = NULL WHERE ID = 101")
    paid = "CASE WHEN SALDO IS NULL THEN 'pago' ELSE 'aberto' END"
    more = f"[conferir]\nsql = '''\n{RECHECK}\n'''\n".replace("'aberto'", paid)
    sql = DEBTS.replace("R.LOJA AS EMPRESA", f"{paid} AS SITUACAO")
    with shop.source(profile_of(sql, more=more)) as source:
        answer = source.ask("101")
        assert answer is not None
        assert answer.state is TitleState.PAID
        assert [debt.problem for debt in source.debts(FROM, UNTIL, TODAY)] == ["", "", ""]


def test_a_reference_longer_than_the_erps_column_is_not_known_there(shop: ErpShop) -> None:
    more = RECHECK.replace("ID = :ref", "LOJA = :ref")
    with shop.source(profile_of(more=f"[conferir]\nsql = '''\n{more}\n'''\n")) as source:
        assert source.ask("12345") is None


def test_who_is_not_flagged_or_has_no_phone_is_no_problem(shop: ErpShop) -> None:
    shop.run("UPDATE CLIENTE SET CELULAR = NULL, AVISO = NULL WHERE ID = 1")
    shop.run("UPDATE CLIENTE SET CELULAR = ?, AVISO = 'S' WHERE ID = 2", [(b"\x81",)])
    with shop.source(profile_of()) as source:
        first, second = source.contacts()
    assert (first.accepts, first.phones, first.problem) == (False, "", "")
    assert "TELEFONE tem caracteres" in second.problem


@pytest.mark.parametrize(
    ("today", "congratulated"),
    [
        (date(2026, 2, 28), ["28", "29"]),
        (date(2028, 2, 28), ["28"]),
        (date(2028, 2, 29), ["29"]),
        (date(2026, 3, 1), []),
    ],
)
def test_those_born_on_29_february_are_not_forgotten_in_common_years(
    make_shop: MakeShop, today: date, congratulated: list[str]
) -> None:
    erp = make_shop()
    people = [(28, "2001-02-28"), (29, "2000-02-29"), (30, "2000-03-02")]
    erp.run("INSERT INTO CLIENTE (ID, NOME, CELULAR, AVISO, NASCIMENTO) VALUES (?, 'x', '1', 'S', ?)", people)
    with erp.source(only("aniversariantes", BIRTHDAYS, "texto = 'oi'")) as source:
        found = list(source.occasions(datetime(2026, 1, 1), today))
    assert [notice.customer.code for notice in found] == congratulated
    assert [notice.key for notice in found] == [f"aniv||{code}|{today.year}" for code in congratulated]


def test_documents_carry_their_pdf_their_variables_and_a_key_for_ever(shop: ErpShop) -> None:
    shop.run(
        "INSERT INTO ORDEM (ID, CLIENTE, PRONTA, TOTAL, LAUDO) VALUES (7, 1, '2026-11-21 10:00', 1234.5, ?)",
        [(b"%PDF-1.4",)],
    )
    sql = """SELECT O.ID AS REF, 'PRONTA' AS TIPO, C.ID AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME, '2' AS EMPRESA,
        C.CELULAR AS TELEFONE, C.AVISO AS RECEBE_AVISO, O.LAUDO AS ARQUIVO_PDF, 'laudo/7' AS ARQUIVO_NOME,
        O.TOTAL AS TOTAL_OS, CAST(O.PRONTA AS DATE) AS DIA, C.NASCIMENTO AS NADA
    FROM ORDEM O JOIN CLIENTE C ON C.ID = O.CLIENTE WHERE O.PRONTA > :desde"""
    profile = only("documentos", sql, "modulo = 'ORDEM DE SERVIÇO'", "texto = 'Total {total_os}'")
    with shop.source(profile) as source:
        (notice,) = source.documents(datetime(2026, 11, 21, 9), TODAY)
        assert list(source.documents(datetime(2026, 11, 21, 11), TODAY)) == []
    assert notice.key == "doc|ORDEM DE SERVIÇO|PRONTA|2|7"
    assert (notice.purpose, notice.kind, notice.template) == (Purpose.SERVICE, "OS PRONTA", "Total {total_os}")
    assert notice.variables == {"TOTAL_OS": "1.234,50", "DIA": "21/11/2026", "NADA": ""}
    (file,) = notice.attachments
    assert (file.file_name, file.content) == ("laudo-7.pdf", b"%PDF-1.4")


def test_cashback_is_asked_as_far_ahead_as_the_profile_says(shop: ErpShop) -> None:
    shop.run("INSERT INTO ORDEM (ID, CLIENTE, PRONTA, TOTAL) VALUES (1, 1, '2026-11-25', 10)")
    sql = """SELECT O.ID AS REF, C.ID AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME, C.CELULAR AS TELEFONE,
        C.AVISO AS RECEBE_AVISO, CAST(O.PRONTA AS DATE) AS EXPIRA_EM, O.TOTAL AS BONUS
    FROM ORDEM O JOIN CLIENTE C ON C.ID = O.CLIENTE WHERE O.PRONTA BETWEEN :hoje AND :ate"""
    with shop.source(only("cashback", sql, "texto = 'oi'", "dias = 3")) as source:
        assert list(source.occasions(datetime(2026, 1, 1), TODAY)) == []
    with shop.source(only("cashback", sql, "texto = 'oi'")) as source:
        (notice,) = source.occasions(datetime(2026, 1, 1), TODAY)
    assert (notice.key, notice.purpose) == ("cashback||1", Purpose.PROMOTION)
    assert notice.expires_at == datetime(2026, 11, 25, 23, 59, 59)
    assert notice.variables == {"EXPIRA_EM": "25/11/2026", "BONUS": "10,00"}


def test_companies_and_the_newest_bank_return(shop: ErpShop) -> None:
    more = (
        "[empresas]\nsql = '''SELECT ID AS CODIGO, NOME AS RAZAO_SOCIAL FROM CLIENTE'''\n"
        "[retorno_bancario]\nsql = '''SELECT VENC AS ULTIMO_RETORNO FROM RECEBER'''\n"
    )
    with shop.source(profile_of(more=more)) as source:
        assert [company.legal_name for company in source.companies()] == ["João da Conceição", "Maria"]
        assert source.last_bank_return() == datetime(2026, 12, 1)


def test_history_tells_what_was_paid_and_when(shop: ErpShop) -> None:
    sql = """SELECT R.ID AS REF, R.CLIENTE AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME, R.VENC AS VENCIMENTO, R.VALOR,
        CASE WHEN R.ID = 101 THEN R.VENC END AS PAGO_EM, R.VALOR AS VALOR_PAGO
    FROM RECEBER R JOIN CLIENTE C ON C.ID = R.CLIENTE WHERE R.VENC BETWEEN :de AND :ate"""
    with shop.source(only("historico", sql)) as source:
        paid, owed = source.history(date(2026, 11, 1), date(2026, 11, 30))
    assert (paid.ref, paid.state, paid.paid_on) == ("101", TitleState.PAID, date(2026, 11, 10))
    assert (owed.ref, owed.state, owed.paid_on) == ("102", TitleState.OPEN, None)


def test_a_reader_that_leaves_half_way_ends_its_transaction(shop: ErpShop) -> None:
    with shop.source(profile_of()) as source:
        half: Iterator[Debt] = source.debts(FROM, UNTIL, TODAY)
        next(half)
        del half
        assert len(list(source.debts(FROM, UNTIL, TODAY))) == 3


def test_memory_stays_flat_over_many_titles(make_shop: MakeShop) -> None:
    erp = make_shop()
    erp.run("INSERT INTO CLIENTE (ID, NOME) VALUES (1, 'x')")
    # Forty rows joined with themselves: the numbers are the server's, nothing is written row by row from here.
    erp.run(
        "INSERT INTO RECEBER (ID, CLIENTE, VENC, VALOR, SALDO) VALUES (?, 1, '2026-11-10', 1, 1)",
        [(n,) for n in range(40)],
    )
    sql = DEBTS.replace("WHERE", "JOIN RECEBER S ON S.CLIENTE = R.CLIENTE WHERE")
    with erp.source(profile_of(sql)) as source:
        tracemalloc.start()
        number = sum(1 for _ in source.debts(FROM, UNTIL, TODAY))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert number == 1_600
    assert peak < 1_000_000


def test_a_refused_login_is_told_as_such_and_not_as_a_fault_of_the_profile(shop: ErpShop) -> None:
    source = ProfileSource(Database(replace(shop.target, password="errada")), profile_of())
    with pytest.raises(DatabaseRefused, match="usuário ou a senha"):
        list(source.contacts())

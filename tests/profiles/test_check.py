"""`profile check` on a real database: what is wrong is told at its line, and nothing is executed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from integrator.domain.errors import DatabaseUnavailable
from integrator.erp.connection import Database
from integrator.erp.profiles.canonical import SourceName
from integrator.erp.profiles.check import Report, check_profile
from integrator.erp.profiles.loader import Profile
from integrator.erp.profiles.preview import preview
from integrator.settings.problems import Place
from tests.profiles.conftest import MakeShop
from tests.profiles.shop import DEBTS, RECHECK, ErpShop, only, profile_of

_RECHECK = f"[conferir]\nsql = '''\n{RECHECK}\n'''\n"


def check(shop: ErpShop, profile: Profile) -> Report:
    return check_profile(shop.database, profile)


def told(report: Report) -> dict[Place, str]:
    return {problem.place: problem.message for problem in report.problems}


@pytest.mark.feature("B13")
def test_a_good_profile_passes_and_tells_its_columns(shop: ErpShop) -> None:
    report = check(shop, profile_of(more=_RECHECK))
    assert report.ok
    assert report.problems == ()
    assert [source.source for source in report.sources] == ["titulos", "contatos", "conferir"]
    assert "VENCIMENTO" in [column.name for column in report.sources[0].columns]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("R.SALDO", "R.SALDU", (7, 23), "a coluna R.SALDU não existe"),
        ("RECEBER R", "RECEBIDO R", (8, 6), "a tabela RECEBIDO não existe"),
        ("R.LOJA AS EMPRESA", "LOJA.X EMPRESA Y", (7, 63), "não entendeu “Y”"),
        ("R.SALDO AS VALOR_ABERTO", "R.SALDO AS VALOR_ABERT", (7, 34), "Você quis dizer VALOR_ABERTO?"),
        ("R.SALDO AS VALOR_ABERTO,", "", (6, 1), "Falta a coluna VALOR_ABERTO em [titulos]"),
        ("R.SALDO AS VALOR_ABERTO", "C.NOME AS VALOR_ABERTO", (7, 33), "é VARCHAR, e precisa ser valor"),
        ("R.VENC AS VENCIMENTO", "C.NOME AS VENCIMENTO", (6, 84), "é VARCHAR, e precisa ser data"),
        ("R.LOJA AS EMPRESA", "R.LOJA AS EMPRESA, R.ID AS EMPRESA", (7, 75), "EMPRESA de [titulos] aparece duas vezes"),
        ("R.LOJA AS EMPRESA", "R.LOJA || 'x'", (6, 1), "não existe na fonte [titulos]"),
        (" C.NOME AS", " ID AS", (6, 1), "a coluna ID existe em mais de uma tabela"),
        ("ON C.ID = R.CLIENTE", "ON LOJA = HISTORICO", (8, 21), "A tabela C não está ligada a R"),
        ("R.VALOR AS VALOR", "R.VALOR || 'é' AS VALOR", (7, 23), "é VARCHAR, e precisa ser valor"),
    ],
)
def test_each_mistake_is_told_at_its_line_and_column(
    shop: ErpShop, old: str, new: str, place: tuple[int, int], said: str
) -> None:
    assert old in DEBTS
    report = check(shop, profile_of(DEBTS.replace(old, new), more=_RECHECK))
    assert not report.ok
    found = told(report)
    assert said in found.get(Place(*place), ""), found


def test_several_sources_are_all_told(shop: ErpShop) -> None:
    report = check(shop, profile_of(DEBTS.replace("R.SALDO", "R.X"), contacts="SELECT 1 AS A FROM NADA"))
    assert [source.ok for source in report.sources] == [False, False]


def test_large_tables_read_from_end_to_end_are_warned_about_with_an_index(make_shop: MakeShop) -> None:
    erp = make_shop()
    erp.run(
        "EXECUTE BLOCK AS DECLARE N INTEGER = 0; BEGIN WHILE (N < 1500) DO BEGIN "
        "INSERT INTO RECEBER (ID, CLIENTE, VENC, LOJA) VALUES (:N, MOD(:N, 7), CURRENT_DATE, '1'); N = N + 1; END END"
    )
    slow = profile_of(more="[conferir]\nsql = '''\n" + RECHECK.replace("ID = :ref", "LOJA = :ref") + "\n'''\n")
    report = check(erp, slow)
    assert report.ok, "a slow SELECT is a warning"
    messages = told(report)
    assert "CREATE INDEX IDX_RECEBER_VENC ON RECEBER (VENC);" in messages[Place(8, 6)]
    assert any("antes de cada envio" in message and "(LOJA)" in message for message in messages.values())
    erp.run("CREATE INDEX IDX_RECEBER_VENC ON RECEBER (VENC)")
    assert Place(8, 6) not in told(check(erp, slow))


def test_a_scan_inside_a_subselect_is_warned_about_too(make_shop: MakeShop) -> None:
    erp = make_shop()
    erp.run(
        "EXECUTE BLOCK AS DECLARE N INTEGER = 0; BEGIN WHILE (N < 1500) DO BEGIN "
        "INSERT INTO ORDEM (ID, CLIENTE) VALUES (:N, 1); N = N + 1; END END"
    )
    inner = DEBTS.replace("R.SALDO AS", "(SELECT SUM(O.TOTAL) FROM ORDEM O WHERE O.CLIENTE = R.CLIENTE) AS")
    apart = DEBTS.replace("R.SALDO AS", "(SELECT MAX(O.TOTAL) FROM ORDEM O WHERE O.TOTAL > 5) AS")
    first, second = (" ".join(told(check(erp, profile_of(sql))).values()) for sql in (inner, apart))
    assert "ORDEM inteira, que tem mais de 1.000 linhas, uma vez para cada linha" in first
    assert "(CLIENTE);" in first
    assert "ORDEM inteira, que tem mais de 1.000 linhas. No WHERE, a coluna TOTAL" in second


def test_rows_too_wide_to_be_sorted_are_told(shop: ErpShop) -> None:
    text = "CAST(C.NOME AS VARCHAR(32000)) AS"
    wide = DEBTS.replace("R.LOJA AS EMPRESA", f"{text} INSTRUCOES, {text} LOCAL_PAGAMENTO")
    report = check(shop, profile_of(wide))
    assert not report.ok
    assert any("o Firebird 2.5 ordena até 60000" in message for message in told(report).values())


def test_without_a_re_check_or_its_period_a_profile_is_warned_about(shop: ErpShop) -> None:
    report = check(shop, profile_of(DEBTS.replace("BETWEEN :de AND :ate", "IS NOT NULL")))
    assert report.ok
    said = " ".join(told(report).values())
    assert "Sem a fonte [conferir]" in said
    assert "não usa :ate" in said


def test_a_text_that_names_a_column_that_is_not_there_is_told(shop: ErpShop) -> None:
    sql = (
        "SELECT ID AS CLIENTE_CODIGO, NOME AS CLIENTE_NOME, CELULAR AS TELEFONE, AVISO AS RECEBE_AVISO, OBS "
        "FROM CLIENTE WHERE EXTRACT(DAY FROM NASCIMENTO) = :dia AND EXTRACT(MONTH FROM NASCIMENTO) = :mes"
    )
    assert check(shop, only("aniversariantes", sql, "texto = 'Olá {primeiro_nome}: {obs}'")).ok
    report = check(shop, only("aniversariantes", sql, "texto = 'Olá {brinde}'"))
    assert "“brinde”" in told(report)[Place(4, 1)]


def test_nothing_is_executed_by_a_check(shop: ErpShop) -> None:
    report = check(shop, profile_of(DEBTS.replace("WHERE", "JOIN TRAVESSA T ON T.ID = C.ID WHERE")))
    assert report.ok, "only running it would show that the procedure writes"
    assert shop.value("SELECT COUNT(*) FROM TOCADO") == 0


def test_a_server_that_is_away_is_no_fault_of_the_profile(shop: ErpShop) -> None:
    with pytest.raises(DatabaseUnavailable):
        check_profile(Database(replace(shop.target, port=1)), profile_of())


def test_preview_shows_five_rows_without_phones_and_names_what_would_be_held(shop: ErpShop) -> None:
    shop.run("UPDATE CLIENTE SET NOME = ? WHERE ID = 1", [(b"Jo\x81o",)])
    now = datetime(2026, 11, 21, 22)
    titles, contacts, recheck = preview(shop.database, profile_of(more=_RECHECK), now)
    assert titles.asked == ":de = 22/11/2021, :ate = 21/12/2026"
    assert titles.headings[-1] == "PROBLEMA"
    assert "CLIENTE_NOME tem caracteres" in titles.rows[0][-1]
    assert contacts.rows[0] == ("1", "(49) 9****-0187", "S")
    assert recheck.source is SourceName.RECHECK
    assert recheck.asked == ":ref = 101"
    shown = list(preview(shop.database, profile_of(), now, show_phones=True))
    assert shown[1].rows[0] == ("1", "(49) 98859-0187", "S")


@pytest.fixture(autouse=True)
def _no_leftover(shop: ErpShop) -> Iterator[None]:
    yield
    assert shop.value("SELECT GEN_ID(CONTADOR, 0) FROM RDB$DATABASE") == 0

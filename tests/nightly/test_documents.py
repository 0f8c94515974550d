"""Documents between closings, on a real database: soon, once, and never a flood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from integrator.closing.ports import Queued
from integrator.nightly import NightlyClosing, open_closing
from tests.nightly.conftest import PROFILE, Shop
from tests.nightly.test_nightly import DUE, NIGHT

ORDERS = """
[[documentos]]
modulo = "ORDEM DE SERVIÇO"
sql = '''SELECT O.ID AS REF, 'PRONTA' AS TIPO, 1 AS CLIENTE_CODIGO, 'Ana' AS CLIENTE_NOME, O.FONE AS TELEFONE,
    'S' AS RECEBE_AVISO, O.ID AS NUMERO, O.VALOR AS VALOR_TOTAL FROM ORDEM O WHERE O.PRONTA_EM > :desde'''
itens_sql = "SELECT I.NOME AS DESCRICAO, I.VALOR AS TOTAL FROM ORDEM_ITEM I WHERE I.ORDEM = :ref ORDER BY I.NOME"
"""
TABLES = (
    "CREATE TABLE ORDEM (ID INTEGER, FONE VARCHAR(20), VALOR NUMERIC(9, 2), PRONTA_EM TIMESTAMP)",
    "CREATE TABLE ORDEM_ITEM (ORDEM INTEGER, NOME VARCHAR(40), VALOR NUMERIC(9, 2))",
)
NOON = datetime(2026, 11, 22, 12, 0)
Ready = Callable[..., None]


@pytest.fixture
def ready(shop: Shop) -> Ready:
    """``ready(4321, NOON)``: an order with two lines is ready."""
    (shop.folder / "loja.toml").write_text(PROFILE + ORDERS, encoding="utf-8")
    with shop.database.attach() as erp:
        for table in TABLES:
            erp.done(table)

    def make(number: int, at: datetime, phone: str = "(49) 98859-0187", *, lines: bool = True) -> None:
        with shop.database.attach() as erp:
            erp.done("INSERT INTO ORDEM VALUES (?, ?, 480, ?)", (number, phone, at))
            for name in ("Pastilha", "Disco") if lines else ():
                erp.done("INSERT INTO ORDEM_ITEM VALUES (?, ?, 240)", (number, name))

    return make


def watching(shop: Shop, **closing: object) -> NightlyClosing:
    return NightlyClosing(shop.settings(documentos_a_cada_min=10, **closing), shop.folder)


def orders(shop: Shop) -> set[str]:
    return {key.rpartition("|")[2] for key in list(shop.keys()) if key.startswith("doc|")}


@pytest.mark.feature("G11")
def test_an_order_that_is_ready_at_ten_does_not_wait_for_the_night(shop: Shop, ready: Ready) -> None:
    nightly = watching(shop)
    nightly.tick(NOON)
    ready(1, NOON + timedelta(minutes=1))
    shop.owe("T1", 1, DUE)
    assert nightly.tick(NOON + timedelta(minutes=2)) is None
    assert orders(shop) == {"1"}
    ready(2, NOON + timedelta(minutes=3))
    nightly.tick(NOON + timedelta(minutes=11))
    assert orders(shop) == {"1"}, "asked only every ten minutes"
    nightly.tick(NOON + timedelta(minutes=12))
    assert orders(shop) == {"1", "2"}
    assert set(shop.keys().values()) == {"pendente"}
    assert len(shop.keys()) == 2, "debts are the night's"
    with shop.database.attach() as erp:
        row = erp.one("SELECT MODULO, TIPO, FINALIDADE, NAO_ANTES FROM WA_FILA WHERE CHAVE LIKE '%|1'")
        assert row == ("ORDEM DE SERVIÇO", "OS PRONTA", "servico", None)
        lines = erp.ask("SELECT DESCRICAO, TOTAL FROM WA_ITEM ORDER BY FILA_ID, ORDEM")
        assert [str(name) for name, _ in lines] == ["Disco", "Pastilha"] * 2


def test_by_default_documents_go_with_the_closing_only(shop: Shop, ready: Ready) -> None:
    nightly = NightlyClosing(shop.settings(), shop.folder)
    nightly.tick(NOON)
    ready(1, NOON + timedelta(minutes=1))
    nightly.tick(NOON + timedelta(hours=3))
    assert orders(shop) == set()
    nightly.tick(NIGHT)
    assert orders(shop) == {"1"}


def test_switching_it_on_floods_nobody_that_day_nor_the_next(shop: Shop, ready: Ready) -> None:
    ready(1, NOON - timedelta(days=30))
    ready(2, NOON - timedelta(hours=2))
    nightly = watching(shop)
    nightly.tick(NOON)
    nightly.tick(NOON + timedelta(minutes=20))
    ready(3, NOON + timedelta(hours=5))
    assert nightly.tick(NIGHT) is not None
    nightly.tick(NIGHT + timedelta(minutes=20))
    nightly.tick(NIGHT + timedelta(hours=14))
    nightly.tick(NIGHT + timedelta(days=1))
    assert orders(shop) == {"3"}


def test_a_restart_repeats_nothing_and_a_long_pause_forgets_what_is_old(shop: Shop, ready: Ready) -> None:
    nightly = watching(shop)
    nightly.tick(NOON)
    ready(1, NOON + timedelta(minutes=1))
    nightly.tick(NOON + timedelta(minutes=2))
    with shop.database.attach() as erp:
        erp.done("UPDATE WA_FILA SET SITUACAO = 'reservada'")
        erp.done("UPDATE WA_FILA SET SITUACAO = 'enviando'")
        erp.done("UPDATE WA_FILA SET SITUACAO = 'enviada', ENVIADA_EM = ?", (NOON,))

    restarted = watching(shop)
    restarted.tick(NOON + timedelta(minutes=20))
    restarted.tick(NOON + timedelta(minutes=21))
    assert list(shop.keys().values()) == ["enviada"]

    ready(2, NOON + timedelta(minutes=30))
    later = NOON + timedelta(days=9)
    ready(3, later - timedelta(days=2))
    back = watching(shop)
    back.tick(later)
    back.tick(later + timedelta(minutes=1))
    assert orders(shop) == {"1", "3"}


def test_an_order_without_lines_waits_until_it_has_some_and_bad_data_is_mended_at_once(
    shop: Shop, ready: Ready
) -> None:
    nightly = watching(shop)
    nightly.tick(NOON)
    ready(1, NOON + timedelta(minutes=1), lines=False)
    ready(2, NOON + timedelta(minutes=1))
    with shop.database.attach() as erp:
        erp.done("UPDATE ORDEM_ITEM SET NOME = NULL WHERE NOME = 'Disco'")
    nightly.tick(NOON + timedelta(minutes=2))
    assert list(shop.keys().values()) == ["retida"]
    with shop.database.attach() as erp:
        assert "Item 1: O campo DESCRICAO está vazio" in str(erp.value("SELECT MOTIVO FROM WA_FILA"))
        erp.done("UPDATE ORDEM_ITEM SET NOME = 'Disco' WHERE NOME IS NULL")
        erp.done("INSERT INTO ORDEM_ITEM VALUES (1, 'Vela', 10)")
    nightly.tick(NOON + timedelta(minutes=12))
    assert list(shop.keys().values()) == ["pendente"] * 2


def test_an_error_is_told_and_tried_again_and_stops_no_closing(shop: Shop, ready: Ready) -> None:
    nightly = watching(shop)
    nightly.tick(NOON)
    ready(1, NOON + timedelta(minutes=1))
    file = shop.folder / "loja.toml"
    file.write_text(PROFILE + ORDERS.replace("I.NOME AS", "I.NOMES AS"), encoding="utf-8")
    nightly.tick(NOON + timedelta(minutes=2))
    assert "I.NOMES" in nightly.problem
    file.write_text(PROFILE + ORDERS, encoding="utf-8")
    nightly.tick(NOON + timedelta(minutes=3))
    assert orders(shop) == set(), "a person's mistake is tried again in ten minutes"
    nightly.tick(NOON + timedelta(minutes=13))
    assert (orders(shop), nightly.problem) == ({"1"}, "")


def test_a_profile_without_documents_is_not_asked_for_any(shop: Shop) -> None:
    nightly = watching(shop)
    nightly.tick(NOON)
    shop.owe("T1", 1, DUE)
    nightly.tick(NOON + timedelta(minutes=20))
    assert (shop.keys(), nightly.problem) == ({}, "")


def test_a_module_that_is_switched_off_writes_nothing_and_the_closing_says_how_many(shop: Shop, ready: Ready) -> None:
    ready(1, NOON)
    chosen = shop.settings()
    chosen = chosen.model_copy(update={"modules": chosen.modules.model_copy(update={"service_orders": False})})
    with open_closing(chosen, shop.folder) as closing:
        result = closing.run(NIGHT)
    assert orders(shop) == set()
    assert {why.value: tally.customers for why, tally in result.skipped.items()} == {"modulo_desligado": 1}
    assert result.queued.get(Queued.NEW, 0) == 0
    assert result.send_day == date(2026, 11, 23)

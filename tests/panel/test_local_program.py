"""What tray and windows ask of the running program, through the very client that they use."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.app import JOURNAL_FILE
from integrator.desktop.engine import Engine, Reach
from integrator.desktop.local_engine import LocalEngine, Waiting
from integrator.domain.errors import IntegratorError
from integrator.domain.lifecycle import State
from integrator.erp.connection import Database
from integrator.erp.desk import Desk
from integrator.facade import StationStatus
from integrator.journal.senders import SenderBook
from integrator.local_address import ADDRESS_FILE, PanelAway, write_address
from integrator.panel import local_sending
from integrator.panel.local import Front, local_app
from integrator.panel.premises import Shop
from integrator.panel.server import PanelServer
from integrator.sending.gateway import GatewayState
from integrator.settings.editing import ConfigFile
from tests.panel.site import MORNING, Site
from tests.panel.test_local_numbers import Phone, running
from tests.waiting import eventually

MONDAY = datetime(2026, 11, 23, 9, 0)


@pytest.fixture
def engine(site: Site, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr("integrator.desktop.local_engine._LOOK_S", 30.0)  # a busy computer is no engine that hangs
    write_address(site.folder, site.server.port, "http")
    return LocalEngine(site.folder, ConfigFile(site.config))


def settled(site: Site, engine: Engine) -> None:
    """Until the counts were read, which happens beside the first answer."""
    eventually(lambda: engine.view().shops[0].awaiting is not None)


def told(site: Site, key: str) -> str:
    return Desk(site.database).config(key)


def test_the_view_says_what_each_database_does_and_how_much_waits(site: Site, engine: Engine) -> None:
    site.engine.status = StationStatus("principal", "enviando", MORNING, waiting=7, paused_until=datetime.max)
    running(site, Phone())
    settled(site, engine)
    view = engine.view()
    (shop,) = view.shops
    assert (view.reach, view.service, shop.text, shop.next_send) == (Reach.RUNNING, False, "enviando", MORNING)
    assert (shop.pending, shop.paused_until) == (7, datetime.max)
    assert shop.awaiting == len(site.keys(State.AWAITING))
    assert shop.held == len(site.keys(State.HELD))
    (number,) = view.numbers
    assert (number.instance, number.state, number.pairs_by_qr) == ("principal", GatewayState.LOGGED_OUT, True)
    assert number.since == site.clock.now()


def test_a_pause_holds_every_integrator_of_the_database_and_is_written_down(site: Site, engine: Engine) -> None:
    until = datetime(2026, 11, 20, 18, 30)
    engine.pause(until)
    assert told(site, "PAUSADO_ATE") == "2026-11-20 18:30:00"
    engine.pause(None)
    assert told(site, "PAUSADO_ATE") == "SEMPRE"
    engine.resume()
    assert told(site, "PAUSADO_ATE") == ""
    assert site.engine.woken == 3
    assert site.audit()[0].endswith("retomou o envio")


def test_one_of_two_databases_is_paused_and_resumed_by_its_name(
    site: Site, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.config.open("a", encoding="utf-8") as file:
        file.write("\n[[outros_bancos]]\nnome = 'filial'\ncaminho = 'D:\\FILIAL.FDB'\n")
    told: list[str] = []

    def set_config(desk: Desk, _key: str, value: str) -> None:
        told.append(f"{'filial' if 'FILIAL' in desk._db.target.path else 'principal'}={value}")

    monkeypatch.setattr(Desk, "set_config", set_config)
    engine.pause(None, ["filial"])
    assert site.audit()[0].endswith("(só filial)")
    engine.resume(["filial"])
    assert told == ["filial=SEMPRE", "filial="]
    with pytest.raises(IntegratorError, match="A configuração dos bancos mudou"):
        engine.resume(["deposito"])
    engine.pause(None)
    assert told[2:] == ["principal=SEMPRE", "filial=SEMPRE"]


def test_a_number_that_the_protection_stopped_is_told_with_its_reason(site: Site, engine: Engine) -> None:
    running(site, phone := Phone())
    assert engine.view().numbers[0].stopped_why == ""
    phone.number = "5549988777766"
    book = SenderBook(site.folder / JOURNAL_FILE)
    book.meet(phone.number, "principal", site.clock.now())
    book.halt(phone.number, site.clock.now(), "5 envios seguidos sem sucesso")
    (number,) = engine.view().numbers
    assert (number.stopped_at, number.stopped_why) == (site.clock.now(), "5 envios seguidos sem sucesso")
    book.resume(phone.number)
    book.close()
    assert engine.view().numbers[0].stopped_at is None


def test_sending_now_does_not_wait_for_the_erps_hour(site: Site, engine: Engine) -> None:
    site.clock.sleep((MONDAY - site.clock.now()).total_seconds())
    Desk(site.database).set_config("HORA_INICIO", "10:00")
    assert "começam a sair agora" in engine.send_now()
    assert told(site, "INICIO_LIBERADO") == MONDAY.date().isoformat()


@pytest.mark.parametrize(
    ("until", "words"), [(None, "até alguém retomar"), (MONDAY + timedelta(minutes=30), f"até {MONDAY:%d/%m} 09:30")]
)
def test_sending_now_is_refused_during_a_pause_that_somebody_set_meanwhile(
    site: Site, engine: Engine, until: datetime | None, words: str
) -> None:
    site.clock.sleep((MONDAY - site.clock.now()).total_seconds())
    Desk(site.database).set_config("HORA_INICIO", "10:00")
    engine.pause(until)
    before = told(site, "PAUSADO_ATE")
    with pytest.raises(IntegratorError, match=f"O envio está pausado {words}. Para continuar antes, retome o envio"):
        engine.send_now()
    assert told(site, "PAUSADO_ATE") == before != ""
    assert told(site, "INICIO_LIBERADO") == ""


def test_sending_now_is_refused_outside_the_allowed_hours_with_when_it_begins(site: Site, engine: Engine) -> None:
    with pytest.raises(IntegratorError, match=r"não é horário de cobrança.*começa sozinho em 23/11/2026 08:00"):
        engine.send_now()  # the sample's day is a holiday
    assert told(site, "INICIO_LIBERADO") == ""


def test_what_cannot_leave_is_not_told_to_be_leaving(site: Site, engine: Engine) -> None:
    site.clock.sleep((MONDAY - site.clock.now()).total_seconds())
    running(site, phone := Phone())
    assert "esperam: o celular desconectou este computador" in engine.send_now()
    phone.state, phone.number = GatewayState.CONNECTED, "5549988590187"
    running(site, phone)
    assert "começam a sair agora" in engine.send_now()
    site.engine.status = StationStatus("principal", "simulando", asks="Este computador só simula.")
    assert "esperam: Este computador só simula." in engine.send_now()


def test_sending_now_is_for_the_databases_that_are_named_and_tells_each(
    site: Site, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.config.open("a", encoding="utf-8") as file:
        file.write("\n[[outros_bancos]]\nnome = 'filial'\ncaminho = 'D:\\FILIAL.FDB'\n")
    answers = {"principal": "A fila está vazia.", "filial": "A fila está vazia."}
    begun: list[str] = []

    def begin(_panel: object, shop: Shop, _now: object) -> str:
        begun.append(shop.name)
        return answers[shop.name]

    monkeypatch.setattr(local_sending, "_begin", begin)
    assert engine.send_now(["filial"]) == "A fila está vazia."
    assert begun == ["filial"]
    assert site.audit()[0].endswith("mandou enviar agora (só filial)")
    assert engine.send_now() == "A fila está vazia."
    answers["filial"] = "2 mensagens na fila começam a sair agora."
    assert engine.send_now() == "principal: A fila está vazia.\nfilial: 2 mensagens na fila começam a sair agora."
    with pytest.raises(IntegratorError, match="A configuração dos bancos mudou"):
        engine.send_now(["deposito"])


@pytest.mark.parametrize("away", ["principal", "filial"])
def test_a_database_that_is_away_keeps_no_other_from_being_paused(
    site: Site, engine: Engine, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    with site.config.open("a", encoding="utf-8") as file:
        file.write("\n[[outros_bancos]]\nnome = 'filial'\ncaminho = 'D:\\FILIAL.FDB'\n")
    paused: list[str] = []

    def set_config(desk: Desk, key: str, value: str) -> None:
        assert key == "PAUSADO_ATE"
        name = "filial" if "FILIAL" in desk._db.target.path else "principal"
        if name == away:
            raise IntegratorError("O servidor não responde.")
        paused.append(f"{name}={value}")

    monkeypatch.setattr(Desk, "set_config", set_config)
    here = "principal" if away == "filial" else "filial"
    told = f"não foi pausado em {away}: O servidor não responde. Nos outros"
    with pytest.raises(IntegratorError, match=told):
        engine.pause(None)
    assert paused == [f"{here}=SEMPRE"]
    assert site.engine.woken == 1
    assert f"(menos {away})" in site.audit()[0]


def test_a_test_message_goes_to_the_phone_that_was_typed(site: Site, engine: Engine) -> None:
    assert engine.test_number() == ""
    with pytest.raises(IntegratorError, match="Falta o número de teste"):
        engine.send_test("")
    assert "na fila" in engine.send_test("(49) 98859-0187")
    assert site.sql("SELECT COUNT(*) FROM WA_FILA WHERE CHAVE STARTING WITH 'teste:'") == [(1,)]
    with pytest.raises(IntegratorError):
        engine.send_test("abc")


SECOND = "\n[[outros_numeros]]\ninstancia = 'filial'\nmotor = 'embutido'\n"


def connected(site: Site, *names: str) -> None:
    """Those numbers have a phone each."""
    for name in names:
        phone = Phone()
        phone.state, phone.number = GatewayState.CONNECTED, "5549988770000"
        running(site, phone, name)


def queued_by(site: Site) -> list[tuple[object, ...]]:
    """By which number each test in the queue is to leave, the last one first."""
    return site.sql("SELECT INSTANCIA FROM WA_FILA WHERE CHAVE STARTING WITH 'teste:' ORDER BY ID DESC")


def test_a_test_of_a_number_leaves_by_that_number_and_by_no_other(site: Site, engine: Engine) -> None:
    with site.config.open("a", encoding="utf-8") as file:
        file.write(SECOND)
    connected(site, "principal", "filial")
    assert "sai por “filial”" in engine.send_test("(49) 98859-0187", "filial")
    assert queued_by(site) == [("filial",)]
    assert site.audit()[0].endswith("pôs na fila uma mensagem de teste filial")
    assert "sai na sua vez" in engine.send_test("(49) 98859-0187")
    assert queued_by(site) == [("principal",), ("filial",)]


def test_tests_of_one_second_are_one_message_only_for_one_number_and_one_phone(site: Site, engine: Engine) -> None:
    for typed in ("(49) 98859-0187", "49 98859 0187", "(49) 98877-0000"):
        assert "na fila" in engine.send_test(typed)
    assert len(queued_by(site)) == 2


def test_a_test_that_a_pause_holds_is_not_told_to_be_going_out(site: Site, engine: Engine) -> None:
    for until, when in ((datetime.max, "até alguém retomar"), (MONDAY, "até 23/11/2026 09:00")):
        site.engine.status = StationStatus("principal", "pausado", paused_until=until)
        assert f"O envio está pausado {when}; depois ela sai na sua vez" in engine.send_test("(49) 98859-0187")
    site.clock.sleep((MONDAY - site.clock.now()).total_seconds())
    assert "na fila. Ela sai na sua vez" in engine.send_test("(49) 98859-0187")


def test_a_test_says_that_it_arrives_where_everything_is_redirected_to(site: Site, engine: Engine) -> None:
    with site.config.open("a", encoding="utf-8") as file:
        file.write('numero_teste = "5549988590187"\nredirecionar_tudo = true\n')
    assert "redirecionadas" not in engine.send_test("(49) 98859-0187")
    assert "esta também chega a (49) 98859-0187." in engine.send_test("(49) 98877-0000")


def test_a_test_of_a_number_that_cannot_send_is_not_queued_and_why_is_told(site: Site, engine: Engine) -> None:
    def refused(instance: str, why: str) -> None:
        with pytest.raises(IntegratorError, match=why):
            engine.send_test("(49) 98859-0187", instance)

    refused("principal", "ainda não foi iniciado neste computador")
    running(site, Phone())
    refused("principal", "o celular desconectou este computador.*não foi posto na fila")
    refused("vendas", "Não há número com o nome “vendas”")
    connected(site, "principal")
    site.engine.status = StationStatus("principal", "simulando", asks="O banco foi copiado.")
    refused("principal", "O teste não foi posto na fila. O banco foi copiado.")
    site.engine.status = StationStatus("principal", "fila vazia")
    book = SenderBook(site.folder / JOURNAL_FILE)
    book.meet("5549988770000", "principal", site.clock.now())
    book.halt("5549988770000", site.clock.now(), "Cinco falhas seguidas.")
    book.close()
    refused("principal", "Cinco falhas seguidas.*retome o número")
    assert queued_by(site) == []
    assert site.engine.woken == 0


def test_a_test_of_a_number_goes_to_the_database_that_it_serves(
    site: Site, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.config.open("a", encoding="utf-8") as file:
        file.write("\n[[outros_bancos]]\nnome = 'filial'\ncaminho = 'D:\\FILIAL.FDB'\n")
        file.write(SECOND + "banco = 'filial'\n")
    connected(site, "principal", "filial")
    put: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "integrator.panel.summary.daily.put_own",
        lambda database, message: put.append((database.target.path, message.instance)),
    )
    engine.send_test("(49) 98859-0187", "filial")
    assert put == [("D:\\FILIAL.FDB", "filial")]


def test_the_account_of_a_number_is_told_to_the_windows(site: Site, engine: Engine) -> None:
    phone = Phone()
    phone.state, phone.number, phone.name = GatewayState.CONNECTED, "5549988770000", "Farmácia Central"
    running(site, phone)
    pairing = engine.look("principal")
    assert (pairing.number, pairing.name) == (phone.number, "Farmácia Central")
    assert "Farmácia" not in repr(pairing)


def test_the_program_ends_when_asked(site: Site, engine: Engine) -> None:
    engine.stop()
    assert site.engine.ended == 1


def test_a_page_is_opened_by_a_link_that_works_once(site: Site, engine: Engine) -> None:
    assert "/entrar/" in engine.page("/historico")


@pytest.mark.usefixtures("engine")
def test_without_its_pages_the_program_still_answers_tray_and_windows(site: Site) -> None:
    server = PanelServer(Front(local_app(site.panel), None), port=0)
    try:
        write_address(site.folder, server.port, "http")
        engine = LocalEngine(site.folder, ConfigFile(site.config))
        assert engine.view().reach is Reach.RUNNING
        with pytest.raises(PanelAway, match="ligado = true"):
            engine.page("/")
    finally:
        server.stop()


def test_nobody_without_the_token_is_answered(site: Site) -> None:
    somebody, token = site.browser(None), "A" * 43
    address = f"{site.url}/local/programa/status"
    missing = somebody.post(f"{site.url}/local/programa/nada", timeout=120)
    assert missing.status_code == 404
    for method in ("POST", "GET", "OPTIONS"):
        for shown in ({}, {"authorization": f"Bearer {token}"}, {"authorization": "Bearer "}):
            headers = {**shown, "origin": "http://loja.exemplo", "host": "loja.exemplo"}
            answer = somebody.request(method, address, headers=headers, timeout=120)
            assert (answer.status_code, answer.text) == (404, missing.text)
            assert not [name for name in answer.headers if name.lower().startswith(("access-control", "allow"))]


def reach(folder: Path, waiting: Waiting) -> tuple[Reach, str]:
    view = LocalEngine(folder, ConfigFile(folder / "config.toml"), lambda: waiting).view()
    return view.reach, view.problem


def test_an_engine_that_cannot_be_asked_is_told_apart_by_what_this_computer_knows(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert reach(tmp_path, Waiting(alive=True))[0] is Reach.UNCONFIGURED
    config.write_text("[banco]\ncaminho = 1\n", encoding="utf-8")
    assert reach(tmp_path, Waiting(alive=True))[0] is Reach.REFUSED
    config.write_text("[banco]\ncaminho = 'C:\\loja.fdb'\n", encoding="utf-8")
    assert reach(tmp_path, Waiting(alive=True))[0] is Reach.STARTING
    assert reach(tmp_path, Waiting(told="O serviço está parado.")) == (Reach.STOPPED, "O serviço está parado.")
    assert reach(tmp_path, Waiting())[0] is Reach.STOPPED
    write_address(tmp_path, 9, "http")  # left behind by one that was killed
    assert reach(tmp_path, Waiting())[0] is Reach.STOPPED


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read every file")
def test_a_folder_that_this_user_may_not_read_is_told_as_such(tmp_path: Path) -> None:
    write_address(tmp_path, 9, "http")
    (tmp_path / ADDRESS_FILE).chmod(stat.S_IWUSR)
    assert reach(tmp_path, Waiting())[0] is Reach.FORBIDDEN


def test_the_database_of_the_counts_may_be_away(site: Site, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise IntegratorError("O servidor não responde.")

    monkeypatch.setattr(Database, "read", away)
    view = engine.view()
    assert view.reach is Reach.RUNNING
    assert view.shops[0].awaiting is None

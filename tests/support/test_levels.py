"""Every level of every check, from facts that are made up: what is fine, what asks for attention, what is an error."""

from __future__ import annotations

import errno
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from integrator.domain.fault import Fault
from integrator.erp.client import ClientChoice
from integrator.erp.schema.installer import SchemaStatus
from integrator.installation.standing import Asks, Authorised, Cause
from integrator.secrets import Source
from integrator.sending.bank_days import next_bank_day
from integrator.settings.closing import ClosingSettings
from integrator.support import program_files
from integrator.support.checks import (
    GENERAL,
    PER_DATABASE,
    calendar,
    contract,
    database,
    files,
    folder,
    network,
    program,
    queue,
)
from integrator.support.checks import closing as closings
from integrator.support.checks import others as company
from integrator.support.erp_facts import Beat, Instance, OpenTransactions, ServerFacts, Stage
from integrator.support.finding import Answer, Level
from integrator.support.machine import Machine
from integrator.support.words import duration
from tests.support.conftest import Desk

NOW = datetime(2026, 11, 23, 10, 0)
OK, WARNING, ERROR = Level.OK, Level.WARNING, Level.ERROR
MB = 1024 * 1024
SERVER = ServerFacts("3.0.11", 3, "NONE", NOW, NOW, "WAGATE", "", 10, read_only=False)


def told(answer: Answer, level: Level, *words: str) -> None:
    """The level is right, the words are there, and whatever is not fine says what to do."""
    assert answer.level is level, answer
    assert bool(answer.fix) is (level is not OK), answer
    for word in words:
        assert word in f"{answer.text} {answer.fix}", answer


def test_ids_are_unique_and_needs_come_before() -> None:
    seen: list[str] = []
    for each in (*GENERAL, *PER_DATABASE):
        assert each.id not in seen
        assert set(each.needs) <= set(seen), each.id
        seen.append(each.id)


def test_the_manual_explains_every_check() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "diagnostico.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in manual.splitlines() if line.startswith("| `")]
    assert [f"`{each.id}`" for each in (*GENERAL, *PER_DATABASE)] == rows[: len(rows) - 5]


@pytest.mark.parametrize(
    ("seconds", "level", "word"),
    [(0, OK, ""), (60, OK, ""), (-61, WARNING, "61 segundos atrasado"), (599, WARNING, ""), (601, ERROR, "adiantado")],
)
def test_the_clocks(seconds: int, level: Level, word: str) -> None:
    told(database.judge_clock(NOW, NOW + timedelta(seconds=seconds)), level, word)


def test_the_clock_is_asked_of_both(office: Desk, shop: object) -> None:
    skewed = Machine(now=lambda: datetime.now() + timedelta(hours=1))
    (answer,) = [each for each in office.examine(skewed).findings if each.id == "relogio"]
    assert answer.level is ERROR
    assert "minutos adiantado" in answer.text


@pytest.mark.parametrize(
    ("version", "level"),
    [("2.1.7", ERROR), ("2.5.9", OK), ("3.0.11", OK), ("5.0.4", OK), ("6.0.0", WARNING), ("", WARNING)],
)
def test_the_servers_version(version: str, level: Level) -> None:
    told(database.judge_version(version), level)


def test_dialect_and_charset() -> None:
    told(database.judge_form(SERVER), OK, "Dialeto 3", "NONE")
    told(database.judge_form(replace(SERVER, dialect=1)), OK)
    told(database.judge_form(replace(SERVER, dialect=2)), WARNING)


def test_the_login() -> None:
    told(database.judge_login("WAGATE", Source.KEYRING, factory=False), OK, "cofre de senhas")
    told(database.judge_login("sysdba", Source.FILE, factory=False), WARNING, "integrator schema user")
    told(
        database.judge_login("SYSDBA", Source.FACTORY, factory=True), WARNING, "senha padrão", "integrator schema user"
    )
    told(database.judge_login("LOJA", Source.FACTORY, factory=True), WARNING, "integrator senha")


def test_transactions_left_open() -> None:
    ours = OpenTransactions("integrator.exe", "10.0.0.5", 61, ours=True)
    theirs = OpenTransactions("erp.exe", "10.0.0.7", 5 * 3600, ours=False)
    told(database.judge_transactions((), 100), OK)
    told(database.judge_transactions((replace(ours, oldest_s=5),), 100), OK)
    told(database.judge_transactions((ours,), 100), WARNING, "61 segundos")
    told(database.judge_transactions((replace(ours, oldest_s=700),), 100), ERROR)
    told(database.judge_transactions((theirs,), 100), WARNING, "erp.exe", "10.0.0.7", "5 horas")
    told(database.judge_transactions((), 100_001), WARNING, "100.001 transações")


def test_the_contract() -> None:
    told(contract.judge_schema(SchemaStatus(5, 5, ())), OK)
    told(contract.judge_schema(SchemaStatus(0, 5, ())), ERROR, "integrator schema install")
    told(contract.judge_schema(SchemaStatus(4, 5, ())), ERROR, "integrator schema install")
    told(contract.judge_schema(SchemaStatus(6, 5, ())), ERROR, "Atualize o integrador")
    told(contract.judge_schema(SchemaStatus(5, 5, ("WA_PARTE",))), ERROR, "WA_PARTE")


def test_a_restored_database() -> None:
    told(contract.judge_identity(NOW, NOW, 0), OK)
    told(contract.judge_identity(NOW, NOW, 2), WARNING, "2 mensagens estão retidas", "--restauradas")
    told(contract.judge_identity(NOW, NOW + timedelta(days=1), 0), WARNING, "restaurado de um backup")


def test_what_is_pending() -> None:
    told(queue.judge_waiting({}, NOW), OK)
    told(queue.judge_waiting({"pendente": Stage(1, NOW - timedelta(hours=3), None)}, NOW), OK, "1 mensagem", "3 horas")
    old = {"pendente": Stage(42, NOW - timedelta(days=4), None)}
    told(queue.judge_waiting(old, NOW), WARNING, "42 mensagens", "4 dias", "integrator queue")


def test_what_waits_for_somebody() -> None:
    told(queue.judge_undecided({}, NOW), OK)
    for state, word in (("incerta", "incertas"), ("retida", "retidas"), ("aguardando_confirmacao", "confirmação")):
        told(queue.judge_undecided({state: Stage(2, NOW, None)}, NOW), WARNING, word)
    alive = {"enviando": Stage(1, NOW, NOW + timedelta(minutes=4))}
    told(queue.judge_undecided(alive, NOW), OK)
    told(
        queue.judge_undecided({"enviando": Stage(1, NOW, NOW - timedelta(minutes=1))}, NOW),
        WARNING,
        "reserva já venceu",
    )


def test_a_pause() -> None:
    told(queue.judge_pause("", NOW), OK)
    told(queue.judge_pause("2026-11-23 09:00:00", NOW), OK)
    told(queue.judge_pause("2026-11-23 11:00:00", NOW), WARNING, "até 23/11/2026 11:00", "integrator resume")
    told(queue.judge_pause("SEMPRE", NOW), WARNING, "até alguém retomar")


def beat(silent_s: int, instance: str = "principal", machine: str = "CAIXA-2") -> Beat:
    return Beat("x", machine, "0.1.0", instance, NOW - timedelta(seconds=silent_s), silent_s)


def test_this_integrator_and_others() -> None:
    told(company.judge_own([]), WARNING, "ainda não trabalhou")
    told(company.judge_own([beat(30)]), OK, "deu sinal há 30 segundos")
    told(company.judge_own([beat(7200)]), WARNING, "parado desde 23/11/2026 08:00")
    told(company.judge_others([], "principal"), OK)
    told(company.judge_others([beat(90_000)], "principal"), OK, "CAIXA-2", "25 horas")
    told(company.judge_others([beat(30, "filial")], "principal"), OK, "filial")
    told(company.judge_others([beat(90_000), beat(30)], "principal"), WARNING, "CAIXA-2", "[whatsapp] instancia")


def test_the_authorisation() -> None:
    told(company.judge_standing(Authorised()), OK)
    told(company.judge_standing(Asks(Cause.OTHERS, "Outro envia.")), WARNING, "só simula", "Outro envia.")


def test_the_whatsapp_number() -> None:
    number = Instance("principal", "5549988590187", "conectado", "simulador", NOW, 20)
    told(company.judge_number(None, "principal"), WARNING)
    told(company.judge_number(number, "principal"), OK, "conectado", "20 segundos")
    assert "98859-0187" not in company.judge_number(number, "principal").text
    told(company.judge_number(replace(number, silent_s=7200), "principal"), WARNING, "2 horas")
    told(company.judge_number(replace(number, state="desconectado"), "principal"), WARNING, "desconectado pelo celular")
    told(company.judge_number(replace(number, state="?"), "principal"), WARNING, "situação desconhecida")
    told(company.judge_simulator(number, running=True), WARNING, "simulador (em execução): nada chega ao WhatsApp")
    told(company.judge_simulator(None, running=False), WARNING, "parado")


def test_holidays() -> None:
    known = {date(year, month, day): "x" for year in (2026, 2027) for month, day in ((1, 1), (9, 7))}
    told(
        calendar.judge_holidays(known.get, "SC", date(2026, 11, 23), 2), OK, "2026 e 2027", "SC", "2 feriados próprios"
    )
    told(calendar.judge_holidays(known.get, "", date(2026, 11, 23), 0), WARNING, "uf =")
    told(calendar.judge_holidays(known.get, "SC", date(2027, 11, 23), 0), ERROR, "2028")


def test_folders_of_attachments(tmp_path: Path) -> None:
    told(files.judge_folders([], Path.is_dir), OK)
    told(files.judge_folders([tmp_path], Path.is_dir), OK, "1 pasta")
    told(files.judge_folders([tmp_path / "não há"], Path.is_dir), ERROR, "não há")
    told(files.judge_folders([Path(r"Z:\BOLETOS")], lambda _: False), ERROR, "unidade mapeada", r"\\SRV01")


def test_files_to_be_sent() -> None:
    told(files.judge_sample(0, []), OK)
    told(files.judge_sample(3, []), OK, "3 arquivos")
    answer = files.judge_sample(3, ["Anexo “MARIA.pdf”: não encontrei o arquivo."])
    told(answer, WARNING, "1 não pode ser enviado", "MARIA.pdf")
    assert "MARIA" not in answer.shared


def test_the_programs_files(desk: Desk) -> None:
    told(program.version(desk.context()), OK, "Python 3")
    told(program.files(desk.context()), OK)
    gone = Machine(missing_files=lambda: ("firebird/fbclient.dll",))
    told(program.files(desk.context(gone)), ERROR, "firebird/fbclient.dll", "antivírus")

    def blocked() -> None:
        raise PermissionError(errno.EACCES, "blocked")

    told(program.loopback(desk.context()), OK)
    told(program.loopback(desk.context(Machine(loopback=blocked))), ERROR, "127.0.0.1")


def test_a_file_that_a_library_shipped_and_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "segno-9.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: segno\nVersion: 9.9\n", encoding="utf-8")
    shipped = ("segno/here.dll", "segno/gone.dll", "segno/__pycache__/old.pyc", "../../Scripts/segno.exe")
    (info / "RECORD").write_text("".join(f"{name},,\n" for name in shipped), encoding="utf-8")
    (tmp_path / "segno").mkdir()
    (tmp_path / "segno" / "here.dll").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(program_files.LIBRARIES, "fdb", "a_library_that_nobody_has")
    assert program_files.missing_files() == ("fdb", "segno/gone.dll")


def test_the_data_folder(desk: Desk) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, "denied")

    told(folder.data_folder(desk.context()), OK, "ainda não existe")
    assert not desk.data.exists()
    desk.data.mkdir()
    told(folder.data_folder(desk.context()), OK, "aceita gravação")
    assert list(desk.data.iterdir()) == []
    told(folder.data_folder(desk.context(Machine(try_write=refuse))), ERROR, "--dados")
    desk.data.rmdir()
    desk.data.touch()
    told(folder.data_folder(desk.context()), ERROR, "é um arquivo")


@pytest.mark.parametrize(("free_mb", "level"), [(5000, OK), (500, WARNING), (100, ERROR)])
def test_the_disk(desk: Desk, free_mb: int, level: Level) -> None:
    told(folder.disk(desk.context(Machine(free_bytes=lambda _: free_mb * MB))), level)


def test_the_log_and_the_journal(desk: Desk) -> None:
    told(folder.log_size(desk.context()), OK)
    told(folder.journal(desk.context()), OK, "Ainda não há")
    log = desk.data / "registro" / "integrador-2026-11-20.log"
    log.parent.mkdir(parents=True)
    with log.open("wb") as sparse:
        sparse.truncate(600 * MB)
    told(folder.log_size(desk.context()), WARNING, "600 MB")
    log.unlink()
    journal = desk.data / "integrator.db"
    with closing(sqlite3.connect(journal)) as db:
        db.execute("CREATE TABLE journal (id TEXT)")
    told(folder.journal(desk.context()), OK, "íntegro")
    journal.write_bytes(b"no database at all" * 300)
    told(folder.journal(desk.context()), ERROR, "chame o suporte")


def failing(error: OSError) -> Machine:
    def knock(host: str, port: int, timeout_s: float) -> None:
        raise error

    return Machine(knock=knock)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "não há Firebird nessa porta"),
        (TimeoutError(), "firewall"),
        (socket.gaierror(), "não conhece o servidor"),
        (OSError(errno.EHOSTUNREACH, "no route"), "caminho de rede"),
    ],
)
def test_the_servers_port(desk: Desk, error: OSError, words: str) -> None:
    desk.configure("[banco]\nservidor = 'srv01'\ncaminho = 'x'\n")
    told(network.port(desk.context(failing(error))), ERROR, words, "srv01")
    told(network.port(desk.context(Machine(knock=lambda *_: None))), OK)


def test_the_client_library() -> None:
    small = ((Path("C:/ERP/fbclient.dll"), "é de 32 bits e este programa é de 64"),)
    chosen = ClientChoice(Path("fbclient.dll"), "É a que veio com o programa.", small)
    told(network.judge_library(chosen), OK, "veio com o programa", "32 bits")
    none = ClientChoice(None, "Não encontrei nenhuma biblioteca. Copie a do Firebird.", small, Fault.LIBRARY_MISSING)
    told(network.judge_library(none), ERROR, "Não encontrei", "32 bits", "Copie a do Firebird")
    told(network.judge_library(ClientChoice(None, "É a do sistema.")), OK, "do sistema")


def test_the_servers_name(desk: Desk) -> None:
    def unknown(host: str) -> tuple[str, ...]:
        raise socket.gaierror(host)

    desk.configure("[banco]\nservidor = 'srv01'\ncaminho = 'x'\n")
    told(network.name(desk.context(Machine(resolve=lambda _: ("10.0.0.1",)))), OK, "10.0.0.1")
    told(network.name(desk.context(Machine(resolve=unknown))), ERROR, "“srv01”")


def test_an_embedded_database_needs_its_file(desk: Desk) -> None:
    desk.configure(f"[banco]\nservidor = ''\ncaminho = '{desk.folder / 'x.fdb'}'\n")
    told(network.name(desk.context()), OK)
    told(network.port(desk.context()), ERROR, "Não encontrei o arquivo")
    (desk.folder / "x.fdb").touch()
    told(network.port(desk.context()), OK)


def test_the_profile() -> None:
    told(closings.judge_profile("X", [], 0), OK)
    told(closings.judge_profile("X", [], 2), WARNING, "2 avisos", "integrator profile check")
    told(closings.judge_profile("X", ["Falta a coluna VALOR."], 2), ERROR, "1 erro", "VALOR")


def test_the_last_closing() -> None:
    on, off = ClosingSettings(enabled=True, profile="x"), ClosingSettings(profile="x")
    last_night = datetime(2026, 11, 22, 22, 31)
    told(closings.judge_last_run(None, NOW, off), WARNING, "desligado")
    told(closings.judge_last_run(None, NOW, on), WARNING, "ainda não rodou")
    told(closings.judge_last_run(last_night, NOW, on), OK, "22/11/2026 22:31")
    told(closings.judge_last_run(last_night - timedelta(days=1), NOW, on), WARNING, "22:30 não rodou")
    told(closings.judge_last_run(last_night, datetime(2026, 11, 23, 23, 0), on), OK)


def test_the_banks_return() -> None:
    friday = datetime(2026, 11, 20, 9, 0)
    told(closings.judge_bank_return(None, NOW.date(), 2, next_bank_day), OK)
    told(closings.judge_bank_return(friday, date(2026, 11, 24), 2, next_bank_day), OK, "20/11/2026")
    told(closings.judge_bank_return(friday, date(2026, 11, 25), 2, next_bank_day), WARNING, "Importe no ERP")


def lengths() -> Iterator[tuple[int, str]]:
    yield from ((1, "1 segundo"), (119, "119 segundos"), (120, "2 minutos"), (7200, "2 horas"), (172_800, "2 dias"))


@pytest.mark.parametrize(("seconds", "words"), list(lengths()))
def test_lengths_of_time(seconds: int, words: str) -> None:
    assert duration(seconds) == words

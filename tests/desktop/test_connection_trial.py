"""A try in a process of its own, against a real server: what it finds, how long it takes, and that it always ends."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.desktop.connection.checks import login
from integrator.desktop.connection.trial import Cancelled, Silent, Trial
from integrator.desktop.connection.trial_child import answer
from integrator.desktop.connection.wire import (
    Action,
    End,
    Examined,
    Found,
    Installed,
    News,
    Refused,
    Request,
    UserMade,
    event_line,
    read_event,
    read_request,
    request_line,
)
from integrator.desktop.connection.wording import in_window
from integrator.domain.fault import Fault
from integrator.secrets import Source
from integrator.support.finding import Finding, Level
from tests.conftest import FreshDatabase
from tests.desktop.connection_desk import CHILD, COMMAND_LINE, patient, telling
from tools.firebird_server import PrivateServer

Findings = dict[str, Finding]


def request_for(server: PrivateServer, path: Path | str, action: Action = Action.TEST) -> Request:
    client = str(server.client_library)
    return Request(action, server.host, server.port, str(path), server.user, server.password, None, client)


def found_by(request: Request) -> Findings:
    """What the process would answer, found in this one: it has loaded everything already."""
    heard: list[News | End] = []
    assert answer(request, heard.append) == Examined()
    return {news.finding.id: news.finding for news in heard if isinstance(news, Found)}


def told(found: Findings, id_: str, *words: str) -> None:
    """That finding is an error and says all of this, and nothing of the command line."""
    finding = found[id_]
    said = f"{finding.text} {finding.fix}"
    assert finding.level is Level.ERROR, finding
    assert [word for word in words if word not in said] == [], said
    assert not COMMAND_LINE.search(said), said


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody who takes a connection and never says a word, as a frozen server does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("charset", ["NONE", "WIN1252", "UTF8"])
def test_a_database_without_our_tables_is_connected_to(
    firebird_server: PrivateServer, fresh_database: FreshDatabase, charset: str
) -> None:
    found = found_by(request_for(firebird_server, fresh_database(charset)))
    assert found["conexao"].level is Level.OK
    assert charset in found["formato"].text
    assert found["contrato"].level is Level.ERROR
    assert "ainda não existem" in found["contrato"].text
    assert found["permissoes"].level is Level.SKIPPED


def test_a_wrong_password_is_told_as_such(firebird_server: PrivateServer, fresh_database: FreshDatabase) -> None:
    found = found_by(replace(request_for(firebird_server, fresh_database()), password="outra"))
    assert found["porta"].level is Level.OK
    told(found, "conexao", f"não aceitou o usuário {firebird_server.user} com esta senha", "no campo Senha")
    assert found["usuario"].level is Level.SKIPPED, "nobody was let in yet"
    assert "gdscode=335544472" in found["conexao"].detail


def test_the_rest_that_the_server_takes_after_four_wrong_passwords_is_waited_for(
    firebird_server: PrivateServer, fresh_database: FreshDatabase
) -> None:
    wanted = replace(request_for(firebird_server, fresh_database()), password="outra")
    began, longest = time.monotonic(), 0.0
    for _ in range(4):
        told(found_by(wanted), "conexao", f"não aceitou o usuário {firebird_server.user} com esta senha")
        began, longest = (now := time.monotonic()), max(longest, now - began)
    assert longest > 7, "it is not taken"


def test_a_user_that_is_not_there_is_named(firebird_server: PrivateServer, fresh_database: FreshDatabase) -> None:
    found = found_by(replace(request_for(firebird_server, fresh_database()), user="GERENTE"))
    told(found, "conexao", "não aceitou o usuário GERENTE", "Confira o campo Usuário")


def test_the_factory_password_is_named_when_it_was_tried_for_want_of_another(
    firebird_server: PrivateServer, fresh_database: FreshDatabase
) -> None:
    wanted = replace(request_for(firebird_server, fresh_database()), password="masterkey", source=Source.FACTORY)
    told(found_by(wanted), "conexao", "Nenhuma senha foi digitada nem está guardada", "Digite no campo Senha")
    kept = replace(wanted, source=Source.ENVIRONMENT)
    told(found_by(kept), "conexao", "a senha que vem de uma variável de ambiente", "INTEGRATOR_SENHA")


def test_the_factory_password_is_warned_about() -> None:
    wanted = Request(Action.TEST, "srv01", 3050, "loja", "SYSDBA", "masterkey", Source.FACTORY)
    assert login(wanted).level is Level.WARNING
    assert "que todos conhecem" in login(wanted).text


def test_a_file_that_is_not_there_and_one_that_is_no_database_are_told_apart(firebird_server: PrivateServer) -> None:
    text = firebird_server.data / "texto.fdb"
    text.write_bytes(b"isto nao e um banco\n" * 4096)
    text.chmod(0o666)
    absent = firebird_server.data / "não há.fdb"
    told(found_by(request_for(firebird_server, absent)), "conexao", f"não encontrou o banco {absent}", "campo Banco")
    told(found_by(request_for(firebird_server, text)), "conexao", f"{text} não é um banco do Firebird", "campo Banco")
    windows = found_by(request_for(firebird_server, r"D:\S4\DADOS.FDB"))
    told(windows, "conexao", r"não conhece o banco D:\S4\DADOS.FDB", "campo Banco")


def test_a_name_that_the_server_does_not_know_is_told(firebird_server: PrivateServer) -> None:
    found = found_by(request_for(firebird_server, "apelido_que_nao_ha"))
    told(found, "conexao", "não conhece o apelido “apelido_que_nao_ha”", "campo Banco")


def test_a_host_that_nobody_knows_ends_the_test_there(firebird_server: PrivateServer) -> None:
    found = found_by(replace(request_for(firebird_server, "x"), server="nao-existe.invalid"))
    told(found, "nome_servidor", "não conhece o servidor “nao-existe.invalid”", "no campo Servidor")
    assert {found[each].level for each in ("porta", "conexao", "contrato")} == {Level.SKIPPED}


def test_a_port_where_nobody_listens_is_told(firebird_server: PrivateServer) -> None:
    with socket.socket() as taken:  # and nobody else can take it
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        found = found_by(replace(request_for(firebird_server, "x"), port=port))
    told(found, "porta", f"O servidor {firebird_server.host} respondeu", f"na porta {port}", "campo Porta")


def test_a_port_where_another_program_listens_is_told(firebird_server: PrivateServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_refuse_each, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        found = found_by(replace(request_for(firebird_server, "x"), port=port))
        listener.shutdown(socket.SHUT_RDWR)
    told(found, "conexao", f"porta {port}, não respondeu como um Firebird", "campo Porta")


def _refuse_each(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            with listener.accept()[0] as caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_computer_that_keeps_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", silent)
    found = found_by(Request(Action.TEST, "127.0.0.1", 3050, "loja", "SYSDBA", "x"))
    told(found, "porta", "O servidor 127.0.0.1 não respondeu na porta 3050", "campos Servidor e Porta")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "não existe"), (b"texto", "não é uma biblioteca"), (b"\x7fELF\x01" + bytes(99), "é de 32 bits")],
)
def test_a_library_that_does_not_fit_is_named_once_with_the_reason(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    library = tmp_path / "fbclient.dll"
    if content is not None:
        library.write_bytes(content)
    found = found_by(Request(Action.TEST, "127.0.0.1", 1, "loja", "SYSDBA", "x", client=str(library)))
    told(found, "biblioteca", f"A biblioteca {library} não serve: {reason}", "campo Biblioteca cliente")
    assert found["biblioteca"].text.count(str(library)) == 1


def test_a_library_that_looks_right_and_does_not_load_is_told(tmp_path: Path) -> None:
    library = tmp_path / "fbclient.dll"
    library.write_bytes(b"\x7fELF\x02" + bytes(99))
    heard: list[News] = []
    wanted = Request(Action.TEST, "127.0.0.1", 1, "loja", "SYSDBA", "x", client=str(library))
    assert patient().run(wanted, heard.append) == Examined()
    found = {news.finding.id: news.finding for news in heard if isinstance(news, Found)}
    told(found, "biblioteca", f"Não consegui carregar a biblioteca do Firebird em {library}", "Biblioteca cliente")


def test_a_try_that_says_nothing_is_given_up(firebird_server: PrivateServer) -> None:
    asleep = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
    assert Trial(asleep, 0.5).run(request_for(firebird_server, "x"), lambda _: None) == Silent(0.5)


def test_cancelling_ends_a_try_that_hangs_at_once(firebird_server: PrivateServer, silent_port: int) -> None:
    trial = patient()
    ended: list[float] = []
    seen: list[bytes] = []
    wanted = replace(request_for(firebird_server, "x"), port=silent_port, password="s3gr3do")

    def heard(news: News) -> None:
        if isinstance(news, Found) and news.finding.id == "porta":
            ended.append(time.monotonic())
            children = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children").read_text("ascii")
            for child in children.split():
                seen.extend(Path(f"/proc/{child}/{name}").read_bytes() for name in ("cmdline", "environ"))
            threading.Timer(0.1, trial.cancel).start()

    assert trial.run(wanted, heard) == Cancelled()
    assert time.monotonic() - ended[0] < 20, "not waited for"
    assert any(b"connection-trial" in each for each in seen)
    assert not any(b"s3gr3do" in each for each in seen), "the password is in no command line and no environment"
    assert "s3gr3do" not in repr(wanted)


def test_a_try_that_was_cancelled_before_it_began_starts_no_process(firebird_server: PrivateServer) -> None:
    trial = Trial(["/nao/existe"])
    trial.cancel()
    assert trial.run(request_for(firebird_server, "x"), lambda _: None) == Cancelled()


def test_a_process_that_dies_or_talks_nonsense_is_told(firebird_server: PrivateServer) -> None:
    crash = [sys.executable, "-c", "import os; print('fdb: aviso'); os.kill(os.getpid(), 11)"]
    outcome = Trial(crash).run(request_for(firebird_server, "x"), lambda _: None)
    assert isinstance(outcome, Refused)
    assert "parou antes do fim" in outcome.message


def test_the_log_has_the_code_of_an_error_that_the_window_only_calls_unexpected(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    told = "O banco de dados respondeu com um erro inesperado."
    code = "gdscode=335544321 DatabaseError"
    finding = Finding("conexao", "Grupo", "Conexão", Level.ERROR, told, "Veja.", fault=Fault.UNEXPECTED, detail=code)
    wanted = Request(Action.TEST, "srv01", 3050, "loja", "SYSDBA", "x")
    assert telling(Found(finding), Examined())().run(wanted, lambda _: None) == Examined()
    assert f'action=connection_finding check=conexao detail="{code}"' in caplog.text
    assert code not in f"{in_window(finding, wanted).text} {in_window(finding, wanted).fix}"


def test_the_process_ends_when_its_window_is_gone(firebird_server: PrivateServer, silent_port: int) -> None:
    wanted = replace(request_for(firebird_server, "x"), port=silent_port)
    child = subprocess.Popen(CHILD, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert child.stdin is not None
    child.stdin.write(request_line(wanted))
    child.stdin.close()
    assert child.wait(60) == 1


def test_what_is_said_between_the_two_arrives_as_it_was() -> None:
    wanted = Request(Action.USER, "SRV çã", 3051, "D:\\É", "A", "s\n\u2028ç", Source.KEYRING, "c", "r")
    assert read_request(request_line(wanted)) == wanted
    finding = Finding("id", "Grupo", "Título", Level.WARNING, "Texto\n", "Faça", fault=Fault.GRANT)
    for event in (Found(finding), Examined(), Installed(3), UserMade("x"), Refused("não", "detalhe")):
        line = event_line(event)
        assert line.count(b"\n") == 1
        assert read_event(line) == event

"""From this computer to the Firebird server: the client library, the server's name, and its port."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

from integrator.domain.fault import Fault
from integrator.erp.client import ClientChoice, find_client
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, broken, fine

_GROUP = "Servidor do banco"
_KNOCK_S = 4.0
_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL})


def library(context: Context) -> Answer:
    """Loads it, which is the only proof that it can be loaded."""
    from integrator.erp.connection import load_client

    choice = find_client(context.settings.database.client_library)
    if choice.usable:
        load_client(choice.path)
    return judge_library(choice)


def judge_library(choice: ClientChoice) -> Answer:
    passed_over = "; ".join(f"{path}: {reason}" for path, reason in choice.rejected if path != choice.path)
    others = f" Não servem: {passed_over}." if passed_over else ""
    if choice.usable:
        return fine(f"{choice.path or 'A do sistema'}. {choice.why}{others}")
    text, stop, fix = choice.why.rpartition(". ")  # a path may hold a full stop
    return broken(f"{text}{stop.strip()}{others}", fix, fault=choice.fault)


def name(context: Context) -> Answer:
    server = context.settings.database.server
    if not server:
        return fine("O banco é aberto por este computador mesmo (sem servidor).")
    try:
        addresses = context.machine.resolve(server)
    except (OSError, UnicodeError):
        return broken(
            f"A rede não conhece o computador “{server}”.",
            "Confira [banco] servidor no config.toml, ou escreva ali o endereço IP do servidor no lugar do nome.",
            fault=Fault.HOST_UNKNOWN,
        )
    return fine(f"O servidor “{server}” responde por {', '.join(addresses[:3])}.")


def port(context: Context) -> Answer:
    chosen = context.settings.database
    if not chosen.server:
        return _file(Path(chosen.path))
    where = f"{chosen.server}, porta {chosen.port}"
    try:
        context.machine.knock(chosen.server, chosen.port, _KNOCK_S)
    except OSError as error:
        return _unanswered(error, where)
    return fine(f"A porta do Firebird está aberta ({where}).")


def _unanswered(error: OSError, where: str) -> Answer:
    if isinstance(error, ConnectionRefusedError):
        return broken(
            f"O computador respondeu, mas não há Firebird nessa porta ({where}).",
            "No servidor, confira se o serviço do Firebird está iniciado e qual é a porta dele (RemoteServicePort no "
            "firebird.conf; o padrão é 3050); corrija [banco] porta se for outra.",
            fault=Fault.PORT_CLOSED,
        )
    if isinstance(error, socket.gaierror):
        told = f"A rede não conhece o servidor ({where})."
        return broken(told, "Confira [banco] servidor no config.toml.", fault=Fault.HOST_UNKNOWN)
    if error.errno in _UNREACHABLE:
        return broken(
            f"Não há caminho de rede até o servidor ({where}).",
            "Confira o cabo, o Wi-Fi ou a VPN deste computador e se os dois estão na mesma rede.",
            fault=Fault.NO_ROUTE,
        )
    return broken(
        f"O servidor não respondeu a tempo ({where}): um firewall bloqueia a porta, ou o computador está desligado.",
        "Ligue o servidor ou libere nele, no firewall do Windows, a entrada TCP da porta do Firebird.",
        fault=Fault.NO_ANSWER,
    )


def _file(path: Path) -> Answer:
    if path.is_file():
        return fine(f"O arquivo do banco existe neste computador: {path}.")
    told = f"Não encontrei o arquivo do banco em {path}."
    return broken(told, "Confira [banco] caminho no config.toml.", fault=Fault.NO_FILE)


CHECKS = (
    Check("biblioteca", _GROUP, "Biblioteca do Firebird", library, ("configuracao",), 10.0),
    Check("nome_servidor", _GROUP, "Nome do servidor", name, ("configuracao",)),
    Check("porta", _GROUP, "Porta do servidor", port, ("configuracao", "nome_servidor"), _KNOCK_S + 4.0),
)

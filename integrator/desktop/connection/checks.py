"""The doctor's questions that concern a connection, each under a limit fit for somebody who waits in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from integrator.desktop.connection.wire import Found, News, Request, Step
from integrator.erp.client import client_library
from integrator.erp.connection import Database, Target
from integrator.settings import Settings
from integrator.settings.sections import DatabaseSettings
from integrator.support.checks import contract, database, network
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, Finding, Level, fine

#: Seconds. Together more than the window waits for: whichever hangs, what was found until then is shown.
_LIMITS: Final = {
    "biblioteca": 3.0,
    "nome_servidor": 5.0,
    "porta": 5.0,
    "conexao": 12.0,  # each fourth wrong password in a row Firebird answers after eight seconds
    "usuario": 1.0,
    "versao_servidor": 2.0,
    "formato": 2.0,
    "contrato": 4.0,
    "permissoes": 4.0,
}
_UNRESOLVED: Final = "A rede não disse a tempo onde fica o servidor “{server}”."
_PATIENCE_S: Final = 5.0
#: What people type when they were told no other.
FACTORY_PASSWORD: Final = "masterkey"


def target_of(request: Request) -> Target:
    """Where and as whom to attach."""
    client = client_library(request.client)
    return Target(request.server, request.port, request.path, request.user, request.password, client, request.role)


class TrialContext(Context):
    """What the checks look at: this request in place of a configuration."""

    def __init__(self, request: Request) -> None:
        chosen = DatabaseSettings(
            server=request.server,
            port=request.port,
            path=request.path,
            user=request.user,
            client_library=request.client,
            role=request.role,
        )
        super().__init__(Path(), Path(), lambda: Settings(database=chosen))
        self._database = Database(target_of(request), patience_s=_PATIENCE_S)


def checks_of(request: Request, heard: Callable[[News], object]) -> tuple[Check, ...]:
    """The checks in their order; each tells that it begins, and what it found."""
    known = (*network.CHECKS, *database.CHECKS, *contract.CHECKS)
    return tuple(_telling(_fitted(check, request), heard) for check in known if check.id in _LIMITS)


def _fitted(check: Check, request: Request) -> Check:
    fitted = replace(check, limit_s=_LIMITS[check.id])
    if check.id == "usuario":
        # Who was not let in enters as nobody.
        return replace(fitted, ask=lambda _: login(request), needs=("conexao",))
    if check.id == "nome_servidor":
        return replace(fitted, silence=_UNRESOLVED.format(server=request.server))
    return fitted


def login(request: Request) -> Answer:
    """Of the password that was given, not of the one that is kept."""
    from integrator.secrets import Source

    factory = request.source is Source.FACTORY or request.password == FACTORY_PASSWORD
    answer = database.judge_login(request.user, request.source or Source.KEYRING, factory=factory)
    if request.source is None and answer.level is Level.OK:
        return fine(f"Usuário {request.user}, com a senha digitada.")
    return answer


def _telling(check: Check, heard: Callable[[News], object]) -> Check:
    def ask(context: Context) -> Answer:
        heard(Step(check.title))
        answer = check.ask(context)
        told = Finding(check.id, check.group, check.title, answer.level, answer.text, answer.fix, fault=answer.fault)
        heard(Found(told))
        return answer

    return replace(check, ask=ask)

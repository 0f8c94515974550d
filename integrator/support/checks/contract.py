"""Our tables in the ERP's database: complete, permitted to this login, and still those of the original database."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Final

from integrator.domain.errors import DatabaseRefused
from integrator.domain.fault import Fault
from integrator.erp.connection import Database
from integrator.erp.schema import installer
from integrator.erp.schema.user import USER
from integrator.erp.session import Session
from integrator.erp.sql import QUERIES
from integrator.messages.formatting import format_count, format_datetime
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import restored, server_facts
from integrator.support.finding import Answer, broken, fine, warning

_GROUP = "Tabelas do integrador"
#: The vendor writes that procedure, if at all, and grants it.
_VENDORS: Final = frozenset({"ask_hook"})
_TARGET = re.compile(r"(?:WA_\w+)")


def schema(context: Context) -> Answer:
    status = installer.check(context.database)
    context.has_contract = status.ready
    return judge_schema(status)


def judge_schema(status: installer.SchemaStatus) -> Answer:
    if status.ready:
        return fine(status.explain())
    text, stop, fix = status.explain().partition(". ")
    return broken(text + stop.strip(), fix, fault=status.fault)


def grants(context: Context) -> Answer:
    """Every statement of the engine is prepared, which asks for its permissions and changes nothing."""
    forbidden = _forbidden(context.database)
    user = context.settings.database.user.upper()
    if not forbidden:
        return fine(f"O usuário {user} tem todas as permissões de que o integrador precisa.")
    names = ", ".join(sorted(forbidden))
    text = f"O usuário {user} não tem permissão em: {names}."
    if user == USER:
        fix = "Complete as permissões entrando com o SYSDBA ou o dono do banco: integrator schema install"
        return broken(text, fix, fault=Fault.OWN_GRANTS)
    return broken(
        text,
        f"Use o usuário {USER}, que as recebe com as tabelas (integrator schema user), ou peça ao dono do banco que "
        f"conceda a {user} o que {USER} tem (integrator schema print mostra os GRANT).",
        fault=Fault.OTHER_GRANTS,
    )


def _forbidden(database: Database) -> set[str]:
    """The objects of the contract that this login may not use as the engine does."""
    found: set[str] = set()
    for name in sorted(set(QUERIES) - _VENDORS):
        try:
            database.read(partial(_prepare, QUERIES[name]))
        except DatabaseRefused as error:
            found |= set(_TARGET.findall(error.detail)) or {name}
    return found


def _prepare(sql: str, session: Session) -> None:
    session.describe(sql)


def identity(context: Context) -> Answer:
    created = context.database.read(lambda session: server_facts(session).created)
    stamped, held = context.database.read(restored)
    return judge_identity(stamped, created, held)


def judge_identity(stamped: datetime | None, created: datetime | None, held: int) -> Answer:
    if held:
        rows = format_count(held, "mensagem está retida", "mensagens estão retidas")
        return warning(
            f"O banco veio de um backup, ou o integrador mudou de computador: {rows} até alguém conferir.",
            "Veja quais são com integrator queue --situacao retida; confira se já saíram e libere com integrator queue "
            "release --restauradas.",
        )
    if stamped is not None and created is not None and stamped != created:
        return warning(
            f"O banco foi restaurado de um backup em {format_datetime(created)}, depois da instalação das tabelas.",
            "Ligue o integrador: ele confere o que já saiu e retém o que for duvidoso. Depois veja integrator queue.",
        )
    return fine("É o mesmo banco em que as tabelas foram instaladas; nada ficou retido por restauração.")


_ATTACHED = ("configuracao", "conexao")
CHECKS = (
    Check("contrato", _GROUP, "Tabelas", schema, _ATTACHED, 10.0),
    Check("permissoes", _GROUP, "Permissões", grants, (*_ATTACHED, "contrato"), 15.0),
    Check("restauracao", _GROUP, "Restauração", identity, (*_ATTACHED, "contrato")),
)

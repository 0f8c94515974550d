"""What the window tells after a try, and what it offers then. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from integrator.desktop.connection.trial import Cancelled, Outcome, Silent
from integrator.desktop.connection.wire import Examined, Installed, Refused, UserMade
from integrator.desktop.kit.signs import Kind
from integrator.domain.fault import Fault
from integrator.erp.schema.user import USER
from integrator.messages.formatting import format_count
from integrator.support.finding import Finding, Level

WELCOME: Final = (
    "O Integrador envia por WhatsApp as mensagens que o seu ERP põe na fila. Para começar, diga onde está o banco do "
    "ERP e teste a conexão: nada mais é obrigatório."
)
#: Without these nothing can be read; everything else is told and can wait.
_ESSENTIAL: Final = frozenset({"biblioteca", "nome_servidor", "porta", "conexao", "versao_servidor"})
_OURS: Final = ("contrato", "permissoes")
_ADMINISTRATOR: Final = "SYSDBA"
#: What installing our tables, again or for the first time, mends.
_REPAIRABLE: Final = frozenset(
    {Fault.TABLES_ABSENT, Fault.TABLES_PARTIAL, Fault.TABLES_OLD, Fault.TABLES_CHANGED, Fault.OWN_GRANTS}
)
_FORBIDDEN: Final = frozenset({Fault.GRANT, Fault.OTHER_GRANTS})


@dataclass(frozen=True, slots=True)
class Told:
    """One message of the window."""

    kind: Kind
    title: str
    text: str = ""


def connected(findings: Iterable[Finding]) -> bool:
    """Whether the test got into the database; what is missing inside of it comes after."""
    levels = {finding.id: finding.level for finding in findings}
    return levels.get("conexao") is Level.OK and all(levels.get(each) is not Level.ERROR for each in _ESSENTIAL)


def wants_tables(findings: Iterable[Finding]) -> bool:
    """Whether our tables, or permissions on them, can be completed from here."""
    return any(finding.id in _OURS and finding.fault in _REPAIRABLE for finding in findings)


def wants_user(user: str, findings: Iterable[Finding]) -> bool:
    """Whether the least-privilege user should be offered: our tables are there, and this one may too much, or less."""
    found = {finding.id: finding for finding in findings}
    ours = [found[each] for each in _OURS if each in found]
    if user.upper() == USER:
        return False
    if any(finding.fault in _FORBIDDEN for finding in ours):
        return True
    return user.upper() == _ADMINISTRATOR and bool(ours) and ours[0].level is Level.OK


def after_test(outcome: Outcome, findings: Iterable[Finding], server: str) -> Told:
    """What is told when a test of that server has ended, however it did."""
    found = tuple(findings)
    match outcome:
        case Examined():
            return _verdict(found)
        case Cancelled():
            return Told(Kind.INFO, "Teste cancelado", "O que você digitou continua nos campos.")
        case Silent():
            return Told(
                Kind.BAD,
                f"Sem resposta em {outcome.limit_s:.0f} segundos",
                f"O servidor {server}, ou a rede, não respondeu. Confira se ele está ligado e teste de novo.",
            )
        case Refused():
            return Told(Kind.BAD, "O teste não foi feito", outcome.message)
        case Installed() | UserMade():
            raise AssertionError("a test answers with findings")
        case _:
            assert_never(outcome)


def after_deed(outcome: Outcome, refused: str) -> Told:
    """What is told when installing, or making the user, has ended; ``refused`` is the title when it was not done."""
    match outcome:
        case Installed():
            made = format_count(outcome.created, "item criado", "itens criados")
            return Told(Kind.OK, "As tabelas estão instaladas", f"{made[0].upper()}{made[1:]} no banco.")
        case UserMade():
            return Told(Kind.OK, f"O usuário {USER} está pronto", "A conexão passa a usá-lo.")
        case Cancelled():
            text = "O que já foi feito no banco continua válido; pode ser repetido sem risco."
            return Told(Kind.INFO, "Interrompido", text)
        case Silent():
            return Told(Kind.BAD, refused, "O banco não respondeu a tempo. Confira o servidor e tente de novo.")
        case Refused():
            return Told(Kind.BAD, refused, outcome.message)
        case Examined():
            raise AssertionError("only a test answers with findings")
        case _:
            assert_never(outcome)


def _verdict(findings: tuple[Finding, ...]) -> Told:
    if not connected(findings):
        first = next((finding for finding in findings if finding.level is Level.ERROR), None)
        return Told(Kind.BAD, "A conexão não deu certo", first.text if first else "")
    if any(finding.level is Level.ERROR for finding in findings):
        return Told(Kind.WARN, "A conexão deu certo; falta preparar o banco", "Salve para continuar.")
    if any(finding.level is Level.WARNING for finding in findings):
        return Told(Kind.OK, "A conexão deu certo", "Veja ao lado o que vale ajustar.")
    return Told(Kind.OK, "A conexão deu certo")

"""Firebird's error codes (GDSCODE) as errors of the one tree, each with its Portuguese sentence."""

from __future__ import annotations

from integrator.domain.errors import DatabaseRefused, DatabaseUnavailable, ErpDatabaseError, RowLocked

#: Firebird reports these when the connection is gone or cannot be made (measured; listed in docs/architecture.md).
_LOST = frozenset({335544721, 335544726, 335544727, 335544856, 335544648, 335544379})
_MAINTENANCE = frozenset({335544528})
_REFUSED = {
    335544472: "O banco de dados não aceitou o usuário ou a senha. Confira [banco] usuario na configuração e guarde "
    "a senha certa com: integrator senha",
    335544344: "Não encontrei o arquivo do banco de dados no servidor, ou o servidor não pode abri-lo. Confira [banco] "
    "caminho na configuração.",
    335544352: "O usuário do banco não tem permissão para as tabelas do integrador. Instale as tabelas com o SYSDBA ou "
    "conceda as permissões do contrato.",
    335544375: "O servidor não conhece este nome de banco. Confira [banco] caminho na configuração: o arquivo "
    "ou o apelido.",
}
_CONFLICT = frozenset({335544336, 335544345, 335544451})


def gds_code(error: BaseException) -> int:
    """The Firebird error code (GDSCODE) of a driver's exception, or 0."""
    code = error.args[-1] if error.args else 0
    return code if isinstance(code, int) and code > 1_000_000 else 0


def connection_lost(error: Exception) -> bool:
    """Whether the attachment is gone (as opposed to the statement having failed)."""
    return isinstance(error, OSError) or gds_code(error) in _LOST | _MAINTENANCE


def is_conflict(error: Exception) -> bool:
    """Whether another transaction holds the row: worth another try."""
    return gds_code(error) in _CONFLICT


def translate(error: Exception) -> ErpDatabaseError:
    """The driver's exception as one of ours, with the Portuguese sentence for the person."""
    code = gds_code(error)
    detail = f"gdscode={code} {type(error).__name__}: {str(error.args[0] if error.args else error)!r}"
    if code in _REFUSED:
        return DatabaseRefused(_REFUSED[code], detail=detail)
    if code in _MAINTENANCE:
        return DatabaseUnavailable(
            "O banco de dados está em manutenção. O integrador volta sozinho quando ele for liberado.", detail=detail
        )
    if code in _CONFLICT:
        return RowLocked("Outra operação está usando este registro. Tente de novo em instantes.", detail=detail)
    if code in _LOST or isinstance(error, OSError):
        return DatabaseUnavailable(
            "Não consegui falar com o servidor do banco de dados. Confira se ele está ligado e se a rede responde; o "
            "integrador tenta de novo sozinho.",
            detail=detail,
        )
    return ErpDatabaseError(
        "O banco de dados respondeu com um erro inesperado. Veja o registro e chame o suporte.", detail=detail
    )

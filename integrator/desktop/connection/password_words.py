"""What is said under the password's field: whether one is kept, where, and whether everybody knows it. Pure."""

from __future__ import annotations

from typing import Final

from integrator.desktop.connection.stored import Password
from integrator.secrets import Source

#: What Firebird is installed with, in any spelling that a person types.
_FACTORY: Final = "masterkey"
_TYPED_FACTORY: Final = "É a senha padrão do Firebird, que todos conhecem."
_NONE_KEPT: Final = "Nenhuma guardada: vale a padrão do Firebird (masterkey)."
_FROM_ENVIRONMENT: Final = "Vem de uma variável de ambiente, que vence a guardada."


def password_hint(kept: Password, typed: str) -> str:
    """One sentence, of what is typed if anything is."""
    if typed:
        if typed.lower() == _FACTORY:
            return _TYPED_FACTORY
        return "Fica guardada ao salvar." if kept.source is Source.FACTORY else "Substitui a que está guardada."
    if kept.problem:
        return kept.problem
    match kept.source:
        case Source.FACTORY:
            return _NONE_KEPT
        case Source.ENVIRONMENT:
            return _FROM_ENVIRONMENT
        case Source.KEYRING | Source.FILE:
            weak = " É a padrão do Firebird, que todos conhecem." if kept.value == _FACTORY else ""
            return f"Guardada no {kept.source.value}. Vazio: continua a mesma.{weak}"

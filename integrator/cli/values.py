"""Values typed on the command line, read with Portuguese complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from integrator.cli.portuguese import WrongUsage
from integrator.domain.errors import PhoneError
from integrator.domain.lifecycle import State
from integrator.domain.phone import parse_phones

_DAYS: Final = ("%d/%m/%Y", "%Y-%m-%d")


def day(text: str) -> date:
    """``20/11/2026`` or ``2026-11-20``. Raises :class:`WrongUsage`."""
    for pattern in _DAYS:
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    raise WrongUsage(f"“{text}” não é uma data: escreva 20/11/2026 ou 2026-11-20.")


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``low`` to ``high``, which raises :class:`WrongUsage`."""

    def read(text: str) -> int:
        # str(): Typer passes a default through the reader as well.
        digits = str(text).strip()
        if not (digits.isascii() and digits.isdigit() and low <= int(digits) <= high):
            raise WrongUsage(f"“{text}” não serve: escreva um número inteiro de {low} a {high}.")
        return int(digits)

    return read


def one_of(*options: str) -> Callable[[str], str]:
    """A reader of one of these words, which raises :class:`WrongUsage`."""

    def read(text: str) -> str:
        if text.strip().casefold() not in options:
            raise WrongUsage(f"“{text}” não serve. Use: {', '.join(options)}.")
        return text.strip().casefold()

    return read


def state(text: str) -> State:
    """A state by its name as stored or as shown. Raises :class:`WrongUsage`."""
    wanted = text.strip().casefold()
    found = next((each for each in State if wanted in (each.value, each.label)), None)
    if found is None:
        raise WrongUsage(f"“{text}” não é uma situação. Use: {', '.join(each.value for each in State)}.")
    return found


def mobile(text: str) -> str:
    """One phone with its area code, as E.164 digits. Raises :class:`WrongUsage`."""
    try:
        return parse_phones(str(text))[0].e164
    except PhoneError:
        raise WrongUsage(f"“{text}” não é um celular com DDD: escreva por exemplo 49988887777.") from None

"""The section ``[fechamento]``: our own nightly closing and its ruler, for ERPs that do not fill the queue."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, model_validator

from integrator.settings.sections import Flag, Integer, Section, key

_CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})")
#: ``#`` numbers the repetitions of a step, ``|`` parts the keys of rows.
_RESERVED: Final = "#|"
_LONGEST_NAME: Final = 40
_MOST: Final = Decimal("9999999.99")


def _clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _CLOCK.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2]))
    except ValueError:
        raise ValueError("escreva o horário entre aspas, com horas e minutos, por exemplo 22:30") from None


def _reais(value: object) -> object:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise InvalidOperation
        amount = Decimal(str(value))
        if not (amount.is_finite() and 0 <= amount <= _MOST and amount == round(amount, 2)):
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError("escreva um valor em reais, sem aspas e com ponto, por exemplo 15.50") from None
    return amount


def _name(value: object) -> object:
    if isinstance(value, str) and any(sign in value for sign in _RESERVED):
        raise ValueError(f"não use os sinais {' e '.join(_RESERVED)} no nome de uma etapa")
    if isinstance(value, str) and len(value) > _LONGEST_NAME:
        raise ValueError(f"o nome de uma etapa tem no máximo {_LONGEST_NAME} letras")
    return value


ClockTime = Annotated[time, BeforeValidator(_clock)]
Reais = Annotated[Decimal, BeforeValidator(_reais)]
StepName = Annotated[str, BeforeValidator(_name)]


class TitlesInMessage(StrEnum):
    """What a reminder lists besides the titles whose step it is."""

    ALL = "todos"
    STEP = "etapa"


class StepSettings(Section):
    """``[[fechamento.etapas]]``: one step of the ruler, ``days`` from the due date (negative: before it)."""

    name: StepName = key("nome", ..., min_length=1)
    days: Integer = key("dias", ..., ge=-60, le=1800)
    text: str = key("texto", "")
    repeat_days: Integer = key("repetir_dias", 0, ge=0, le=365)
    repeat_until_days: Integer = key("repetir_ate_dias", 0, ge=0, le=1800)

    @model_validator(mode="after")
    def _repetition_makes_sense(self) -> Self:
        if self.repeat_days and self.repeat_until_days <= self.days:
            raise ValueError(
                f"a etapa “{self.name}” se repete a cada {self.repeat_days} dias: diga em repetir_ate_dias até quantos "
                f"dias depois do vencimento, mais que {self.days}"
            )
        if self.repeat_until_days and not self.repeat_days:
            raise ValueError(
                f"a etapa “{self.name}” tem repetir_ate_dias, mas falta repetir_dias: de quantos em quantos"
            )
        return self


DEFAULT_RULER: Final = (
    StepSettings(name="lembrete", days=-3),
    StepSettings(name="vence hoje", days=0),
    StepSettings(name="vencido 3", days=3),
    StepSettings(name="vencido 10", days=10),
    StepSettings(name="vencido 30", days=30, repeat_days=30, repeat_until_days=180),
)


class ClosingSettings(Section):
    """``[fechamento]``: whether and when it runs, whom it spares, and the ruler.

    ``documents_every_min``: how often the profile's documents are looked for between closings; 0: only with them,
    because a document that is still being typed is finished by the night.
    """

    enabled: Flag = key("ligado", False)
    profile: str = key("perfil", "")
    at: ClockTime = key("horario", time(22, 30))
    titles: TitlesInMessage = key("titulos_na_mensagem", TitlesInMessage.ALL)
    tolerance_days: Integer = key("tolerancia_dias", 1, ge=0, le=15)
    min_balance: Reais = key("saldo_minimo", Decimal("0.0"))
    min_interval_h: Integer = key("intervalo_min_h", 20, ge=0, le=720)
    lookback_days: Integer = key("busca_dias", 7, ge=1, le=60)
    upcoming_days: Integer = key("a_vencer_dias", 5, ge=0, le=60)
    documents_every_min: Integer = key("documentos_a_cada_min", 0, ge=0, le=720)
    bank_return_max_days: Integer = key("retorno_bancario_max_dias", 2, ge=1, le=30)
    confirm: Flag = key("confirmar", False)
    steps: tuple[StepSettings, ...] = key("etapas", DEFAULT_RULER)

    @model_validator(mode="after")
    def _steps_differ(self) -> Self:
        if not self.steps:
            raise ValueError("a régua precisa de pelo menos uma etapa em [[fechamento.etapas]]")
        names = [step.name.casefold() for step in self.steps]
        days = [step.days for step in self.steps]
        for step in self.steps:
            if names.count(step.name.casefold()) > 1:
                raise ValueError(f"duas etapas da régua têm o nome “{step.name}”: mude um deles")
            if days.count(step.days) > 1:
                raise ValueError(f"duas etapas da régua têm dias = {step.days}: deixe uma só, ou mude os dias")
        return self

"""The section ``[clientes]``: what becomes of people whom the ERP has just registered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from integrator.settings.sections import Section, key


def _moment(value: object) -> object:
    if value is None or value == "":
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("escreva o momento entre aspas, por exemplo 2026-11-22T08:00") from None


Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class NewRecords(StrEnum):
    """What is done for a new record of the ERP."""

    NOTHING = "nada"
    TERM = "termo"
    ACCEPT = "autorizar"


class CustomerSettings(Section):
    """``[clientes]``. ``since``: when that was switched on (naive local time); older records stay as they are."""

    new_records: NewRecords = key("cadastros_novos", NewRecords.NOTHING)
    since: Moment = key("cadastros_novos_desde", None)

    @model_validator(mode="after")
    def _its_beginning_is_known(self) -> Self:
        if self.new_records is not NewRecords.NOTHING and self.since is None:
            raise ValueError(
                "[clientes] cadastros_novos está ligado, mas falta dizer em cadastros_novos_desde desde quando: ligue "
                "pelo painel, em Clientes, que ele anota"
            )
        return self

"""The running program itself for the other programs of this computer, below ``/local/programa`` (see ``local.py``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrator import __version__
from integrator.domain.errors import SettingsError
from integrator.domain.lifecycle import State
from integrator.facade import StationStatus
from integrator.panel.local import Answer
from integrator.panel.local_counts import counts_of
from integrator.panel.local_numbers import numbers_of
from integrator.panel.local_sending import pause, record, resume, send_now
from integrator.panel.local_trial import number_for_tests, put_test
from integrator.panel.premises import Panel, Shop
from integrator.secrets import DATABASE_PASSWORD, store_secret

_DATABASE_SECRET: Final = re.compile(rf"{DATABASE_PASSWORD}(_[a-z][a-z0-9_]{{0,19}})?")


def _status(panel: Panel, _asked: Mapping[str, str]) -> Mapping[str, Any]:
    """Everything that the tray shows, in one answer and without asking a database for it."""
    shops = {shop.name: shop for shop in panel.shops()}
    return {
        "version": __version__,
        "service": panel.running.service,
        "waits": panel.running.waits,
        "shops": [_station(panel, each, shops.get(each.database)) for each in panel.running.stations()],
        "numbers": numbers_of(panel),
    }


def _station(panel: Panel, station: StationStatus, shop: Shop | None) -> dict[str, Any]:
    counts = counts_of(panel, shop) if shop is not None and not station.problem else {}
    waiting = station.waiting
    return {
        "name": station.database,
        "text": station.text,
        "next_send": _stamp(station.next_send),
        "problem": station.problem,
        "asks": station.asks,
        "pending": waiting if waiting is not None else counts.get(State.PENDING),
        "awaiting": counts.get(State.AWAITING),
        "uncertain": counts.get(State.UNCERTAIN),
        "held": counts.get(State.HELD),
        "paused_until": _stamp(station.paused_until),
    }


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _keep_password(panel: Panel, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """A database's password under the name of its secret: kept where this program reads it, a service, too."""
    name, password = asked.get("name", ""), asked.get("password", "")
    if not password or not _DATABASE_SECRET.fullmatch(name):
        raise SettingsError("O pedido não foi entendido.", detail=f"name={name[:40]!r}")
    try:
        where = store_secret(name, password, machine=panel.running.service)
    except OSError as error:
        raise SettingsError(
            "Não consegui gravar a senha na pasta de dados. Confira o espaço em disco e a permissão da pasta.",
            detail=repr(error),
        ) from error
    panel.forget_databases()
    record(panel, "guardou a senha do banco", name)
    panel.running.wake()
    return {"kept": where.value}


def _stop(panel: Panel, _asked: Mapping[str, str]) -> Mapping[str, Any]:
    panel.running.end()
    return {}


ANSWERS: Final[Mapping[str, Answer]] = {
    "status": _status,
    "pause": pause,
    "resume": resume,
    "send": send_now,
    "test": put_test,
    "test-number": number_for_tests,
    "password": _keep_password,
    "stop": _stop,
}

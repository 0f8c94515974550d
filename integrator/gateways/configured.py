"""The engine that a number is configured with. Each engine's libraries are loaded only where it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from integrator.domain.errors import SettingsError
from integrator.gateways.away import AwayGateway
from integrator.gateways.events.log import EventLog
from integrator.secrets import read_secret
from integrator.sending.gateway import Condition, Gateway, GatewayState
from integrator.settings.sections import Engine, NumberSettings

if TYPE_CHECKING:
    from integrator.gateways.cloud_api.account import Account

SIMULATOR_FOLDER: Final = "simulador"
WHATSAPP_FOLDER: Final = "whatsapp"


@dataclass(frozen=True, slots=True)
class Place:
    """What engines need of the installation: data folder, local time, and where their news are kept.

    ``connected`` is told when a number came within reach, by engines that learn it without being asked; any thread.
    """

    folder: Path
    now: Callable[[], datetime]
    events: EventLog
    connected: Callable[[], object] = lambda: None


def session_folder(folder: Path, number: NumberSettings) -> Path:
    """Where the session of a number lives in the data folder: a whole WhatsApp account, never copied anywhere."""
    return folder / WHATSAPP_FOLDER / number.secret.removeprefix("token_")


@contextmanager
def opened(number: NumberSettings, place: Place) -> Iterator[Gateway]:
    """The number's engine, started; closed at the end. Nothing waits for WhatsApp here.

    Where a token is missing, one that sends nothing and says so.
    """
    with ExitStack() as stack:
        try:
            gateway = stack.enter_context(_engine(number, place))
        except SettingsError as error:
            gateway = AwayGateway(number.engine.value, Condition(GatewayState.AUTH, told=error.message))
        stack.callback(gateway.close)
        yield gateway


@contextmanager
def _engine(number: NumberSettings, place: Place) -> Iterator[Gateway]:
    match number.engine:
        case Engine.SIMULATOR:
            from integrator.gateways.simulator.process import start_simulator

            with start_simulator(simulator_folder(place.folder, number)) as simulator:
                yield simulator.gateway(clock=place.now)
        case Engine.EMBEDDED:
            from integrator.gateways.embedded.gateway import EmbeddedGateway

            embedded = EmbeddedGateway(
                number.instance,
                session_folder(place.folder, number),
                events=place.events,
                clock=place.now,
                expected=number.phone,
                proxy=number.proxy,
            )
            embedded.on_connected = place.connected
            yield embedded
        case Engine.EVOLUTION:
            from integrator.gateways.evolution.gateway import EvolutionGateway

            yield EvolutionGateway(
                number.instance,
                number.server,
                _token(number, number.secret, "a chave (apikey) da Evolution API"),
                events=place.events,
                clock=place.now,
                webhook_url=webhook_address(number),
                folder=place.folder,
            )
        case Engine.CLOUD_API:
            from integrator.gateways.cloud_api.gateway import CloudApiGateway

            yield CloudApiGateway(meta_account(number), instance=number.instance, events=place.events, clock=place.now)


def meta_account(number: NumberSettings) -> Account:
    """What Meta gave the shop for that number. Raises :class:`SettingsError` where its token is missing."""
    from integrator.gateways.cloud_api.account import Account

    return Account(
        number.phone_id,
        _token(number, number.secret, "o token da Meta"),
        number.account_id,
        number.app_id,
        read_secret(number.app_secret) or "",
    )


def webhook_address(number: NumberSettings) -> str:
    """Where the number's engine tells its news: the panel's address as the engine's server sees it; empty: nowhere."""
    base = number.webhook.rstrip("/")
    return f"{base}/webhook/{quote(number.instance, safe='')}" if base else ""


def simulator_folder(folder: Path, number: NumberSettings) -> Path:
    """The ledger of a simulated number; the one called ``principal`` has the folder that the panel shows."""
    name = number.secret.removeprefix("token_")
    return folder / (SIMULATOR_FOLDER if name == "principal" else f"{SIMULATOR_FOLDER}-{name}")


def _token(number: NumberSettings, name: str, what: str) -> str:
    token = read_secret(name)
    if token is None:
        raise SettingsError(
            f"Falta guardar {what} do número “{number.instance}”. Guarde-a na página WhatsApp do painel, ou com: "
            f"integrator senha --numero {number.instance}"
        )
    token = token.strip()
    if not token or not (token.isascii() and token.isprintable()):  # no header can carry it
        raise SettingsError(
            f"Não dá para usar {what} do número “{number.instance}”: o que foi guardado não é uma chave. Copie-a de "
            f"novo e guarde-a na página WhatsApp do painel, ou com: integrator senha --numero {number.instance}"
        )
    return token

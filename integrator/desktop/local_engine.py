"""The running engine as the programs of this computer reach it: by the loopback, with the token of ``painel.json``.

So the windows are the same whether the engine is a thread of their own process or a service of the computer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from integrator.desktop.engine import EngineView, NumberView, PairingView, Reach, ShopView
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.domain.phone import parse_phones
from integrator.local_address import ADDRESS_FILE, ask, one_time_link, read_address
from integrator.secrets import Source
from integrator.sending.gateway import Code, GatewayState
from integrator.settings.editing import ConfigFile

_LOOK_S: Final = 3.0
_PROGRAM: Final = "/local/programa/"
_NUMBERS: Final = "/local/whatsapp/"
_STARTING: Final = "O Integrador está iniciando. Espere alguns segundos."
_STOPPED: Final = "O Integrador não está em execução neste computador: nenhuma mensagem sai até ele ser iniciado."
_UNCONFIGURED: Final = "Falta dizer qual é o banco de dados do ERP. Abra Conexão com o banco."
_FORBIDDEN: Final = (
    "Este usuário do Windows não pode comandar o Integrador deste computador. Peça ao técnico que o autorize: "
    "integrator-cli service install --usuario NOME."
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the desktop knows of an engine that cannot be asked. ``alive``: its thread runs in this process.

    ``told`` is why it does not, in Portuguese; empty where nothing is known.
    """

    alive: bool = False
    told: str = ""


class LocalEngine:
    """Implements :class:`~integrator.desktop.engine.Engine`. ``waiting`` answers at once, from any thread."""

    def __init__(self, folder: Path, config: ConfigFile, waiting: Callable[[], Waiting] = Waiting) -> None:
        self._folder = folder
        self._config = config
        self._waiting = waiting

    def view(self) -> EngineView:
        if read_address(self._folder) is None:
            return self._unreached()
        try:
            program = ask(self._folder, f"{_PROGRAM}status", {}, patience_s=_LOOK_S)
            return self._waiting_view(program) if program["waits"] else _view(program)
        except (IntegratorError, ValueError, KeyError, TypeError):
            return self._unreached()

    def pause(self, until: datetime | None, shops: Sequence[str] = ()) -> None:
        self._ask("pause", until=until.isoformat() if until is not None else "", shops=" ".join(shops))

    def resume(self, shops: Sequence[str] = ()) -> None:
        self._ask("resume", shops=" ".join(shops))

    def send_now(self, shops: Sequence[str] = ()) -> str:
        return str(self._ask("send", shops=" ".join(shops))["told"])

    def send_test(self, phone: str, instance: str = "") -> str:
        return str(self._ask("test", phone=phone, instance=instance)["told"])

    def test_number(self) -> str:
        return str(self._ask("test-number")["phone"])

    def page(self, path: str) -> str:
        return one_time_link(self._folder, path)

    def look(self, instance: str) -> PairingView:
        return self._pairing("look", instance)

    def pair(self, instance: str, phone: str = "") -> PairingView:
        return self._pairing("begin", instance, parse_phones(phone)[0].e164 if phone.strip() else "")

    def unpair(self, instance: str) -> PairingView:
        return self._pairing("end", instance)

    def keep_password(self, name: str, password: str) -> Source:
        return Source(self._ask("password", name=name, password=password)["kept"])

    def stop(self) -> None:
        self._ask("stop")

    def _ask(self, what: str, **fields: str) -> Mapping[str, Any]:
        return ask(self._folder, f"{_PROGRAM}{what}", fields)

    def _pairing(self, deed: str, instance: str, phone: str = "") -> PairingView:
        fields = {"instance": instance, "do": deed, "phone": phone}
        found = ask(self._folder, f"{_NUMBERS}pairing", fields)
        code = Code(found["qr"], datetime.fromisoformat(found["qr_until"])) if found["qr"] else None
        told = (found["digits"], found["problem"], found["name"])
        return PairingView(GatewayState(found["state"]), found["number"], code, *told)

    def _waiting_view(self, program: Mapping[str, Any]) -> EngineView:
        """It runs, and cannot work: for its settings, or for what it says itself."""
        known = self._misconfigured() or EngineView(Reach.REFUSED, problem=str(program["waits"]))
        return replace(known, service=bool(program["service"]), version=str(program["version"]))

    def _unreached(self) -> EngineView:
        """Why it cannot be asked, as far as this computer's files tell."""
        if not _may_read(self._folder):
            return EngineView(Reach.FORBIDDEN, problem=_FORBIDDEN)
        return self._misconfigured() or self._not_there()

    def _misconfigured(self) -> EngineView | None:
        try:
            settings = self._config.settings()
        except SettingsError as error:
            return EngineView(Reach.REFUSED, problem=error.message)
        return None if settings.database.path else EngineView(Reach.UNCONFIGURED, problem=_UNCONFIGURED)

    def _not_there(self) -> EngineView:
        waiting = self._waiting()
        if waiting.alive:
            return EngineView(Reach.STARTING, problem=_STARTING)
        return EngineView(Reach.STOPPED, problem=waiting.told or _STOPPED)


def _may_read(folder: Path) -> bool:
    try:
        with (folder / ADDRESS_FILE).open("rb"):
            return True
    except PermissionError:
        return False
    except OSError:
        return True


def _view(program: Mapping[str, Any]) -> EngineView:
    return EngineView(
        Reach.RUNNING,
        tuple(_shop(each) for each in program["shops"]),
        tuple(_number(each) for each in program["numbers"]),
        service=bool(program["service"]),
        version=str(program["version"]),
    )


def _shop(told: Mapping[str, Any]) -> ShopView:
    return ShopView(
        told["name"],
        told["text"],
        _at(told["next_send"]),
        told["problem"],
        told["asks"],
        told["pending"],
        told["awaiting"],
        told["uncertain"],
        told["held"],
        _at(told["paused_until"]),
    )


def _number(told: Mapping[str, Any]) -> NumberView:
    return NumberView(
        told["instance"],
        told["engine"],
        GatewayState(told["state"]) if told["state"] else None,
        told["number"],
        told["expected"],
        told["told"],
        _at(told["until"]),
        told["pairs_by_qr"],
        told["pairs_by_code"],
        _at(told["since"]),
        _at(told["stopped_at"]),
        told["stopped_why"],
    )


def _at(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

"""The conversation of ``integrator pair``: a code that renews itself until a phone reads it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from rich.live import Live
from rich.text import Text

from integrator.cli.terminal_qr import canvas_of, draw, size_of
from integrator.sending.gateway import GatewayState, Pairing

if TYPE_CHECKING:
    from rich.console import Console

    from integrator.cli.number_desk import PairingDesk

_LOOK_S: Final = 1.0
#: An engine needs some seconds to its first code, and one without internet is not asked all the time.
_AGAIN: Final = timedelta(seconds=10)
#: States in which no other code will help.
_ENDED: Final = frozenset(
    {GatewayState.PASSKEY, GatewayState.BANNED, GatewayState.OUTDATED, GatewayState.AUTH, GatewayState.RESTRICTED}
)
#: States in which a phone is waited for, or would be if somebody asked.
_UNPAIRED: Final = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT, GatewayState.STOPPED})
_SCAN: Final = (
    "No celular da loja: WhatsApp, Dispositivos conectados, Conectar dispositivo, e aponte a câmera para o código."
)
_TYPE: Final = (
    "No celular da loja: WhatsApp, Dispositivos conectados, Conectar dispositivo, Conectar com número de telefone, e "
    "digite este código:"
)


@dataclass(frozen=True, slots=True)
class Watch:
    """Local time and waiting; ``patience`` is how long a phone is waited for in all."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    patience: timedelta


class PairingTalk:
    """Shows what the engine says and asks again until the number is paired, cannot be, or nobody came."""

    def __init__(self, desk: PairingDesk, console: Console, watch: Watch) -> None:
        self._desk = desk
        self._console = console
        self._watch = watch
        self._canvas = canvas_of(console)
        self._shown = ""
        self._told = ""

    def until_paired(self, phone: str = "") -> Pairing:
        """How it ended; a code is asked for as often as needed. With ``phone`` (E.164 digits) a pair code is, too.

        Raises what the desk raises.
        """
        begun = self._watch.now()
        deadline = begun + self._watch.patience
        pairing = self._desk.do("begin", phone)
        with ExitStack() as stack:
            live = stack.enter_context(self._live()) if self._console.is_terminal else None
            while not _ended(pairing) and self._watch.now() < deadline:
                self._show(pairing, live, deadline)
                self._watch.sleep(_LOOK_S)
                pairing = self._desk.do("look")
                if _waits_for_nobody(pairing):
                    self._tell(pairing.problem)
                    if self._watch.now() - begun >= _AGAIN:
                        begun = self._watch.now()
                        pairing = self._desk.do("begin", phone)
        return pairing

    def _live(self) -> Live:
        return Live(console=self._console, auto_refresh=False, transient=True, vertical_overflow="visible")

    def _show(self, pairing: Pairing, live: Live | None, deadline: datetime) -> None:
        """On a terminal the picture is replaced each second; elsewhere each code is printed once."""
        self._tell(pairing.problem)
        if live is not None:
            live.update(self._picture(pairing, deadline), refresh=True)
            return
        shown = pairing.digits or (pairing.code.text if pairing.code else "")
        if shown and shown != self._shown:
            self._shown = shown
            self._console.print(self._picture(pairing, deadline), soft_wrap=True)

    def _picture(self, pairing: Pairing, deadline: datetime) -> Text:
        now = self._watch.now()
        if pairing.digits:
            left = f"Espero até {deadline:%H:%M}. Ctrl+C cancela."
            return Text(f"{_TYPE}\n\n    {_grouped(pairing.digits)}\n\n{left}")
        if pairing.code is None:
            return Text("Preparando o código…")
        drawing = draw(pairing.code.text, self._canvas)
        seconds = max(0, int((pairing.code.until - now).total_seconds()))
        picture = Text(f"{_SCAN}\n", no_wrap=False)
        picture.append_text(drawing)
        picture.append(f"\nEste código vale por mais {seconds} s e se renova sozinho. Ctrl+C cancela.")
        columns, lines = size_of(drawing)
        width, height = self._console.size
        if self._console.is_terminal and (columns > width or lines + 4 > height):
            picture.append(
                f"\nO código não coube: aumente a janela para {columns} colunas e {lines + 4} linhas, ou veja-o no "
                "navegador com: integrator panel --ir /whatsapp"
            )
        return picture

    def _tell(self, problem: str) -> None:
        """Each problem once."""
        if problem and problem != self._told:
            self._told = problem
            self._console.print(Text(problem))


def _ended(pairing: Pairing) -> bool:
    return pairing.state is GatewayState.CONNECTED or pairing.state in _ENDED


def _waits_for_nobody(pairing: Pairing) -> bool:
    return pairing.state in _UNPAIRED and pairing.code is None and not pairing.digits


def _grouped(digits: str) -> str:
    """``GH5EC9DZ`` as the phone shows it: ``GH5E-C9DZ``."""
    half = len(digits) // 2
    return f"{digits[:half]}-{digits[half:]}" if digits.isalnum() else digits

"""An engine that says what the test wants and keeps what it was asked. Its methods are called from any thread."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from integrator.desktop.engine import EngineView, NumberView, PairingView, Reach
from integrator.domain.errors import IntegratorError
from integrator.secrets import Source
from integrator.sending.gateway import GatewayState

RUNNING = EngineView(
    Reach.RUNNING,
    numbers=(NumberView("principal", "embutido", GatewayState.NEEDS_PAIRING, pairs_by_qr=True, pairs_by_code=True),),
)


@dataclass
class FakeEngine:
    """``answer`` and ``pairing`` are told to whoever asks, ``fails`` raises what it names: ``{"look": error}``.

    ``meanwhile`` is done inside of every call, on the caller's thread: it may wait.
    """

    answer: EngineView = RUNNING
    pairing: PairingView = field(default_factory=lambda: PairingView(GatewayState.NEEDS_PAIRING))
    paired: PairingView | None = None  # what `pair` makes of it; None: `pairing` stays
    fails: dict[str, IntegratorError] = field(default_factory=dict)
    test_phone: str = ""
    meanwhile: Callable[[str], object] = lambda _name: None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def view(self) -> EngineView:
        self._note("view")
        return self.answer

    def pause(self, until: datetime | None, shops: Sequence[str] = ()) -> None:
        self._note("pause", until.isoformat() if until else "", *shops)

    def resume(self, shops: Sequence[str] = ()) -> None:
        self._note("resume", *shops)

    def send_now(self, shops: Sequence[str] = ()) -> str:
        self._note("send_now", *shops)
        return "As mensagens pendentes começam a sair agora."

    def send_test(self, phone: str, instance: str = "") -> str:
        self._note("send_test", phone, *([instance] if instance else []))
        return "Mensagem de teste na fila. Ela sai na sua vez, no horário de envio."

    def test_number(self) -> str:
        self._note("test_number")
        return self.test_phone

    def page(self, path: str) -> str:
        self._note("page", path)
        return f"http://127.0.0.1:8710{path}"

    def look(self, instance: str) -> PairingView:
        self._note("look", instance)
        return self.pairing

    def pair(self, instance: str, phone: str = "") -> PairingView:
        self._note("pair", instance, phone)
        if self.paired is not None:
            self.pairing = self.paired
        return self.pairing

    def unpair(self, instance: str) -> PairingView:
        self._note("unpair", instance)
        self.pairing = PairingView(GatewayState.NEEDS_PAIRING)
        return self.pairing

    def keep_password(self, name: str, password: str) -> Source:
        self._note("keep_password", name, password)
        return Source.FILE

    def stop(self) -> None:
        self._note("stop")

    def times(self, name: str) -> int:
        """How often that was asked."""
        return sum(asked[0] == name for asked in self.asked)

    def _note(self, *asked: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.asked.append(asked)
        self.meanwhile(asked[0])
        if asked[0] in self.fails:
            raise self.fails[asked[0]]

"""What the lines of the menu do: each asks the engine in the background, or opens its window.

Called on the tray's threads or on Tk's; the work is done on Tk's or on a thread of its own.
"""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from integrator.desktop.engine import Reach
from integrator.desktop.kit.signs import Kind
from integrator.desktop.look import look
from integrator.desktop.menu import Actions, Pause
from integrator.domain.errors import IntegratorError
from integrator.paths import SERVICE_MARK

if TYPE_CHECKING:
    from integrator.desktop.app import Desktop

_LEAVE: Final = (
    "Enquanto o Integrador estiver fechado, nenhuma mensagem sai. A mensagem em andamento termina antes, e o que está "
    "na fila espera."
)
_TOLD: Final = "aviso"


class NoBrowser(IntegratorError):
    """The system has none, or none that it knows of."""

    title = "Painel não aberto"


class Deeds:
    """The menu of one desktop."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    def actions(self) -> Actions:
        """The lines' actions, each handed over to Tk's thread."""

        def handed(deed: Callable[[], object]) -> Callable[[], object]:
            return lambda: self._desktop.loop.call(lambda: self._try(deed))

        return Actions(
            open_panel=handed(lambda: self._open_page("/")),
            connect_whatsapp=handed(self.connect_whatsapp),
            connect_database=handed(self.connect_database),
            open_log=handed(self._open_log),
            open_history=handed(lambda: self._open_page("/historico")),
            open_numbers=handed(lambda: self._open_page("/whatsapp")),
            pause=lambda pause, shops: handed(lambda: self._pause(pause, shops))(),
            resume=lambda shops: handed(lambda: self._do(lambda: self._desktop.premises.engine.resume(shops)))(),
            send_now=lambda shops: handed(lambda: self._send_now(shops))(),
            send_test=handed(self._send_test),
            toggle_autostart=handed(self._toggle_autostart),
            about=handed(self._about),
            leave=handed(self._leave),
        )

    def connect_database(self) -> None:
        """Open the connection window."""
        from integrator.desktop.connection.window import ConnectionWindow, Place
        from integrator.desktop.keeping import EngineKeeper

        desktop = self._desktop
        keeper = EngineKeeper(desktop.premises.engine, self._has_service)
        desktop.open(
            "banco",
            lambda closed: ConnectionWindow(
                desktop.root,
                desktop.loop,
                Place(desktop.premises.config, keeper),
                on_next=self.connect_whatsapp,
                on_close=closed,
            ),
        )

    def connect_whatsapp(self) -> None:
        """Open the pairing window."""
        from integrator.desktop.pairing.window import PairingWindow

        desktop = self._desktop
        desktop.open(
            "whatsapp",
            lambda closed: PairingWindow(desktop.root, desktop.loop, desktop.premises.engine, on_close=closed),
        )

    def say(self, error: IntegratorError) -> None:
        """A window that says what could not be done, in the place of an earlier one."""
        from integrator.desktop.dialogs import Telling

        desktop = self._desktop
        if _TOLD in desktop.windows:
            desktop.windows[_TOLD].close()
        desktop.open(_TOLD, lambda closed: Telling(desktop.root, Kind.BAD, error.title, error.message, on_close=closed))

    def _try(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except IntegratorError as error:
            self.say(error)
        except Exception as error:  # the top of a click
            self._desktop.defect(type(error), error, error.__traceback__)

    def _has_service(self) -> bool:
        """A service that is stopped reads its own passwords, too, once it is started."""
        return self._desktop.view.service or (self._desktop.premises.folder / SERVICE_MARK).exists()

    def _open_log(self) -> None:
        from integrator.desktop.logview.window import LogWindow

        desktop = self._desktop
        place = desktop.premises
        desktop.open(
            "registro",
            lambda closed: LogWindow(desktop.root, desktop.loop, place.folder, place.config, on_close=closed),
        )

    def _about(self) -> None:
        from integrator.desktop.about import AboutWindow, Leads

        desktop = self._desktop
        leads = Leads(desktop.premises.folder, lambda: self._open_page("/"), self._open_log)
        desktop.open("sobre", lambda closed: AboutWindow(desktop.root, desktop.loop, leads, on_close=closed))

    def _open_page(self, path: str) -> None:
        if self._desktop.view.reach is not Reach.RUNNING:
            self._desktop.open_home()  # which says why there is no page
            return
        engine = self._desktop.premises.engine
        self._desktop.loop.background(lambda: _browse(engine.page(path)), lambda _: None, self.say)

    def _pause(self, pause: Pause, shops: tuple[str, ...]) -> None:
        """Of every one: only what is not paused by now, for a pause that is there keeps its end."""
        now = datetime.now()
        shown = look(self._desktop.view, now)
        wanted = shops or (shown.unpaused if shown.paused else ())
        self._do(lambda: self._desktop.premises.engine.pause(pause.until(now), wanted))

    def _do(self, deed: Callable[[], object]) -> None:
        self._desktop.loop.background(deed, lambda _: self._desktop.look_soon(), self.say)

    def _send_now(self, shops: tuple[str, ...]) -> None:
        from integrator.desktop.dialogs import send_now

        desktop = self._desktop
        desktop.open(
            "enviar agora",
            lambda closed: send_now(desktop.root, desktop.loop, desktop.premises.engine, shops, on_close=closed),
        )

    def _send_test(self) -> None:
        from integrator.desktop.dialogs import send_test

        desktop = self._desktop
        desktop.open(
            "enviar teste",
            lambda closed: send_test(desktop.root, desktop.loop, desktop.premises.engine, on_close=closed),
        )

    def _toggle_autostart(self) -> None:
        self._desktop.switch_autostart()

    def _leave(self) -> None:
        """Ask first when the messages stop with it."""
        from integrator.desktop.dialogs import Question, Way

        desktop = self._desktop
        if not desktop.premises.host.waiting().alive:
            desktop.end()
            return
        desktop.open(
            "sair",
            lambda closed: Question(
                desktop.root,
                "Sair do Integrador?",
                _LEAVE,
                Way("&Sair", desktop.end),
                Way("&Continuar enviando", lambda: None),
                on_close=closed,
            ),
        )


def _browse(address: str) -> None:
    """Raises :class:`NoBrowser`."""
    if not webbrowser.open(address):
        raise NoBrowser(
            "Não encontrei um navegador neste computador. Instale um, ou escolha nas configurações do sistema qual é o "
            "navegador padrão, e tente de novo."
        )

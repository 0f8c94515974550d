"""Log files as the program writes them, and the log viewer open on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tkinter import font as tkfont
from typing import Self

from integrator.desktop.kit.signs import Kind
from integrator.desktop.logview.taking import Ports
from integrator.desktop.logview.window import LogWindow
from integrator.desktop.loop import UiLoop
from integrator.settings.editing import ConfigFile
from tests.desktop.screen import Screen

TODAY = date.today()


class Today(date):
    """A calendar on which it is always that day."""

    @classmethod
    def today(cls) -> Self:
        return cls.fromisoformat(str(TODAY))


YESTERDAY = TODAY - timedelta(days=1)
LINES = (
    "INFO integrator.station action=ready database=principal",
    'INFO integrator.sending.pump action=sending row={n} to="(49) 9****-0187" parts=2',
    "INFO integrator.sending.pump action=finished row={n} state=enviada",
    'WARNING integrator.daemon action=config_refused message="A chave “mensagem” não existe na seção [envio]. Corrija '
    'o arquivo de configuração e salve de novo: enquanto isso continua valendo a configuração anterior, inteira."',
    "DEBUG integrator.desktop.loop action=late_answer",
    "INFO integrator.sending.pump action=finished row={n} state=enviada",
    "INFO integrator.sending.pump action=finished row={n} state=enviada",
)
ERROR = 'ERROR integrator.panel.routes msg="falha"\nTraceback (most recent call last):\n  ValueError: detalhe interno'


def line(day: date, number: int, text: str = "") -> str:
    """One record, by its number within the day; texts take turns, every thousandth is an error."""
    wanted = text or (ERROR if number % 1000 == 999 else LINES[number % len(LINES)])
    at = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    return f"{day}T{at}.000 {wanted.format(n=number)}\n"


def write_day(data: Path, day: date, numbers: range, text: str = "") -> Path:
    """Append these records to the day's file."""
    path = data / "registro" / f"integrador-{day}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(line(day, number, text) for number in numbers)
    return path


@dataclass
class Viewer:
    """The window with what it asked of the system; ``target`` is the file that the person names."""

    screen: Screen
    window: LogWindow
    target: Path | None
    shown: list[Path] = field(default_factory=list)

    @property
    def rows(self) -> list[str]:
        """What the list says now, row by row."""
        self.screen.pump()
        canvas = self.window.list.canvas
        rows: dict[float, list[str]] = {}
        for item in canvas.find_all():
            text = canvas.itemcget(item, "text") if str(canvas.type(item)) == "text" else ""  # type: ignore[no-untyped-call]
            if text:
                rows.setdefault(canvas.coords(item)[1], []).append(text)
        return [" ".join(rows[height]) for height in sorted(rows)]

    @property
    def detail(self) -> str:
        return self.window.detail.text.get("1.0", "end-1c")

    @property
    def status(self) -> str:
        return str(self.window.controls.status.cget("text"))

    @property
    def status_is_whole(self) -> bool:
        """No letter of it is cut off, which its label, as narrow as there is room, does not tell."""
        label = self.window.controls.status
        return tkfont.nametofont("TkDefaultFont", root=label).measure(self.status) <= label.winfo_width()

    def wait_rows(self, count: int) -> None:
        """Until the list has so many rows in all, and shows them."""
        self.screen.pump(lambda: self.window.list.count == count and self.window.list.idle)

    def banner(self, kind: Kind) -> str:
        """What the banner says, once it says something of that kind."""
        self.screen.pump(lambda: self.window.task.banner.kind is kind, seconds=60)
        return self.window.task.banner.told


@contextmanager
def viewer(
    screen: Screen, data: Path, *, factor: float = 1.0, dark: bool = False, target: Path | None = None
) -> Iterator[Viewer]:
    """The window on that data folder, with the focus."""
    with screen.application(factor=factor, dark=dark) as root:
        loop = UiLoop(root)
        shown: list[Path] = []
        ports = Ports(ask_file=lambda _parent, _name: target, show_in_folder=shown.append)
        window = LogWindow(root, loop, data, ConfigFile(data / "config.toml"), ports=ports)
        window.present()
        screen.pump(lambda: window.winfo_viewable() and window.focus_displayof() is window.list.canvas)
        yield Viewer(screen, window, target, shown)
        loop.close()

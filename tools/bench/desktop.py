"""The desktop: how soon its icon and its window can be seen, and what it holds and uses while nobody looks.

The whole program runs on a display of its own, with a tray that shows icons; the clock stops when the picture of the
screen shows them. The floor is a bare Python that opens an empty Tk window on the same display.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from PIL import Image, ImageGrab
from Xlib import display

from tools.bench.daemon import usage
from tools.bench.figures import Figure, Floor, median
from tools.bench.idle import bare_attached_mb
from tools.bench.place import Place
from tools.firebird_server import free_port
from tools.messages import SetupError
from tools.x_server import x_server

GROUP = "desktop"
_SIZE = (1366, 768)
_TRAY = (300, 32)
_PATIENCE_S = 60.0
_LOOK_S = 0.02
_SETTLE_S = 4.0
_BARE = "import tkinter as tk; root = tk.Tk(); root.title('bare'); root.mainloop()"


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Starts with a configured database and an empty queue; then one left alone for a while."""
    if shutil.which("trayer") is None:
        raise SetupError(
            "Falta o trayer, que mostra ícones na medida da área de trabalho.", "sudo apt-get install trayer"
        )
    repeat, window_s = (3, 10.0) if quick else (7, 60.0)
    with x_server("{}x{}x24".format(*_SIZE)) as name, _tray(name):
        bare = median([_bare_window_s(name) for _ in range(repeat)])
        icons, windows = zip(*(_start(place, name) for _ in range(repeat)), strict=True)
        memory, processor = _left_alone(place, name, window_s)
    floor = Floor("a bare Python with an empty Tk window", bare)
    attached = Floor("a bare Python with fdb attached, waiting", bare_attached_mb(place, place.database("desktop.fdb")))
    return [
        Figure(GROUP, "start to the icon in the tray", median(icons), "s", repeat, floor),
        Figure(GROUP, "start to the first window", median(windows), "s", repeat, floor),
        Figure(GROUP, "memory with tray, engine and panel, idle", memory, "MB", 1, attached, note="resident"),
        Figure(
            GROUP,
            "processor with tray, idle",
            processor,
            "%",
            1,
            note=f"of one core over {window_s:.0f} s, no window open; a process that only waits uses none",
        ),
    ]


@contextmanager
def _tray(name: str) -> Iterator[None]:
    where = ["--edge", "bottom", "--align", "right", "--widthtype", "pixel", "--width", str(_TRAY[0])]
    command = ["trayer", *where, "--height", str(_TRAY[1])]
    process = subprocess.Popen(command, env=_environment(name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _corner(name).getextrema() != ((0, 0),) * 3, "the tray")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _start(place: Place, name: str) -> tuple[float, float]:
    """Seconds to the icon and to the window of one start."""
    before = _corner(name)
    with _program(place, name) as process:
        began = time.perf_counter()
        icon = window = 0.0
        while not (icon and window):
            if not icon and _corner(name).tobytes() != before.tobytes():
                icon = time.perf_counter() - began
            if not window and _has_window(name, "Integrador"):
                window = time.perf_counter() - began
            _check(process, began)
            time.sleep(_LOOK_S)
    _until(lambda: _corner(name).tobytes() == before.tobytes(), "the icon's end")
    return icon, window


def _left_alone(place: Place, name: str, window_s: float) -> tuple[float, float]:
    """Resident MB and percent of one core, started as with the computer: without a window."""
    with _program(place, name, "--autostart") as process:
        before = _corner(name)
        _until(lambda: _corner(name).tobytes() != before.tobytes(), "the icon")
        time.sleep(_SETTLE_S)
        start, began = usage(process.pid), time.perf_counter()
        time.sleep(window_s)
        end = usage(process.pid)
        return end.resident_mb, (end.cpu_s - start.cpu_s) / (time.perf_counter() - began) * 100


@contextmanager
def _program(place: Place, name: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    config = place.config(place.database("desktop.fdb"), panel_port=free_port())
    folder = place.data_folder("desktop")
    command = [sys.executable, "-m", "integrator", "--config", str(config), "--dados", str(folder), "run", *options]
    environment = {**place.environment(), **_environment(name)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _bare_window_s(name: str) -> float:
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", _BARE], env=_environment(name))
    try:
        _until(lambda: _has_window(name, "bare"), "the bare window")
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()


def _has_window(name: str, title: str) -> bool:
    """Whether a window of that title is mapped; a window manager puts it into a frame of its own."""
    with closing(display.Display(name)) as connection:
        frames = connection.screen().root.query_tree().children
        windows = [each for frame in frames for each in (frame, *frame.query_tree().children)]
        return any(each.get_wm_name() == title and each.get_attributes().map_state for each in windows)


def _corner(name: str) -> Image.Image:
    """The picture of the place where icons are."""
    (width, height), (across, down) = _SIZE, _TRAY
    return ImageGrab.grab(bbox=(width - across, height - down, width, height), xdisplay=name)


def _until(true: Callable[[], bool], what: str) -> None:
    began = time.perf_counter()
    while not true():
        if time.perf_counter() - began > _PATIENCE_S:
            raise SetupError(f"{what} did not show", "dev.py bench --only desktop")
        time.sleep(_LOOK_S)


def _check(process: subprocess.Popen[bytes], began: float) -> None:
    if process.poll() is not None or time.perf_counter() - began > _PATIENCE_S:
        raise SetupError(f"the desktop did not show (exit code {process.poll()})", "dev.py run run")


def _environment(name: str) -> dict[str, str]:
    return {**os.environ, "DISPLAY": name}

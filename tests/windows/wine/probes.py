"""What the tests ask of the program's Windows code, run there: `python -m tests.windows.wine.probes NAME [ARGUMENT]`.

Each probe answers something that JSON holds; it goes to the standard output in ASCII.
"""

import sys

if sys.platform == "win32":
    import ctypes
    import json
    import os
    import subprocess
    import threading
    import time
    from collections.abc import Callable, Iterator
    from contextlib import contextmanager
    from ctypes import wintypes
    from pathlib import Path

    #: What only a defect makes somebody wait for; less than a probe may take.
    _PATIENCE_S = 60.0
    _SEND = ctypes.WinDLL("user32").SendMessageW
    _SEND.argtypes = (wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM)
    _SEND.restype = ctypes.c_ssize_t
    _POST = ctypes.WinDLL("user32").PostMessageW
    _POST.argtypes = _SEND.argtypes

    def secrets(_: Path) -> object:
        """Through DPAPI and through the user's vault, and what they make of garbage."""
        import keyring

        from integrator.secrets import Source, delete_secret, dpapi, read_secret, store_secret

        secret = "ção-segredo"
        sealed = dpapi.protect(secret.encode())
        try:
            dpapi.unprotect(b"lixo")
            garbage = "taken"
        except OSError:
            garbage = "refused"
        machine = store_secret("prova", secret, machine=True) is Source.FILE
        opened = read_secret("prova")
        delete_secret("prova")
        vault = store_secret("prova", "abc") is Source.KEYRING
        kept = read_secret("prova")
        delete_secret("prova")
        return {
            "unsealed": dpapi.unprotect(sealed).decode() == secret and b"segredo" not in sealed,
            "garbage": garbage,
            "machine": machine and opened == secret,
            "vault": vault and kept == "abc" and read_secret("prova") is None,
            "backend": type(keyring.get_keyring()).__name__,
        }

    def account(folder: Path) -> object:
        """Who and where this process is."""
        from integrator.machine import this_machine
        from integrator.windows.sessions import is_server, session_id
        from integrator.windows.user import current_sid

        return {
            "sid": current_sid(),
            "session": session_id(),
            "server": is_server(),
            "computer": len(this_machine(folder).id),
        }

    def engine_lock(folder: Path) -> object:
        """The engine's lock against another process, which is then killed."""
        from integrator.single_instance import is_held

        with _another("hold", folder):
            held = is_held(folder)
        return {"while it lives": held, "after its death": is_held(folder)}

    def hold(folder: Path) -> object:
        """Take the engine's lock and say so."""
        from integrator.single_instance import InstanceLock

        with InstanceLock(folder):
            print("held", flush=True)
            time.sleep(_PATIENCE_S)
        return None

    def desktops(folder: Path) -> object:
        """A second start beside an open desktop, and one after a desktop that was killed."""
        from integrator.desktop import single_instance
        from integrator.desktop.single_instance import SHOW, Opening, say

        vars(single_instance)["_PATIENCE_S"] = _PATIENCE_S
        heard: list[str] = []
        opening = Opening.first(folder, heard.append)
        assert opening is not None, "no other desktop has this folder"
        with _another("second_start", folder) as second:
            opening.close()
        with _another("open_desktop", folder) as opened:
            beside = Opening.first(folder, heard.append)
        again = Opening.first(folder, heard.append)
        if again is not None:
            again.close()
        return {
            "second": json.loads(second)["second_start"],
            "heard": heard,
            "other": opened,
            "beside it": beside is not None,
            "again": again is not None,
            "nobody": say(folder, SHOW),
        }

    def second_start(folder: Path) -> object:
        """What a second start does; its standard output tells whether the first took the message."""
        from integrator.desktop import single_instance
        from integrator.desktop.single_instance import SHOW, Opening, say

        vars(single_instance)["_PATIENCE_S"] = _PATIENCE_S
        opened = Opening.first(folder, print)
        return "opened twice" if opened else str(say(folder, SHOW))

    def open_desktop(folder: Path) -> object:
        """A desktop that says whether it is the first, and stays."""
        from integrator.desktop.single_instance import Opening

        opening = Opening.first(folder, print)
        print("open" if opening else "refused", flush=True)
        time.sleep(_PATIENCE_S)
        return None

    def autostart(_: Path) -> object:
        """The switch, with the registry of this computer."""
        from integrator.desktop.autostart import this_autostart

        switch = this_autostart()
        switch.set(True)
        on = switch.enabled(), switch.allows_start()
        switch.set(False)
        return {"on": on, "off": (switch.enabled(), switch.allows_start())}

    def session_end(_: Path) -> object:
        """What Windows tells a program at the end of a session, sent to its unseen window."""
        from integrator.windows.session_end import SessionWatch

        heard: list[str] = []
        resumed = threading.Event()
        watch = SessionWatch(lambda: heard.append("end"), resumed.set)
        window = watch._window
        woke = _SEND(window, 0x0218, 0x0012, 0)  # WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC
        may_end = _SEND(window, 0x0011, 0, 0)  # WM_QUERYENDSESSION
        _SEND(window, 0x0016, 0, 0)  # WM_ENDSESSION: not after all
        called_off = list(heard)
        _SEND(window, 0x0016, 1, 0)
        watch.close()
        return {
            "resumed": woke == 1 and resumed.wait(_PATIENCE_S),
            "may end": may_end,
            "called off": called_off,
            "heard": heard,
            "closed": not watch._thread.is_alive(),
        }

    def tray(_: Path) -> object:
        """The icon beside the clock: shown, clicked, changed to every sign, its balloon, its end."""
        from pystray import Menu, MenuItem
        from pystray._util import win32

        from integrator.desktop.sign import Sign
        from integrator.desktop.tray_win32 import WindowsIcon

        clicked, shown = threading.Event(), threading.Event()
        first, *others = Sign
        icon = WindowsIcon(first, Menu(MenuItem("Abrir painel", lambda *_: clicked.set(), default=True)))

        def begin(_: object) -> None:
            icon.visible = True
            shown.set()

        thread = threading.Thread(target=lambda: icon.run(begin))
        thread.start()
        shown.wait(_PATIENCE_S)
        own, messages = vars(icon), vars(win32)  # Windows speaks to the icon's window, which pystray keeps to itself
        _POST(own["_hwnd"], messages["WM_NOTIFY"], 0, messages["WM_LBUTTONUP"])
        for sign in others:
            icon.change_sign(sign)
        icon.title = "Próximo envio 08:00 · 42 na fila"
        icon.notify("42 mensagens enviadas", "Integrador")
        was_clicked = clicked.wait(_PATIENCE_S)
        icon.stop()
        thread.join(_PATIENCE_S)
        return {"shown": shown.is_set(), "clicked": was_clicked, "ended": not thread.is_alive()}

    def appending(folder: Path) -> object:
        """Two that have one log open and write in turn, while a third reads it and a fourth removes it."""
        from integrator.logs.append import AppendFile

        path = folder / "área.log"
        first, second = AppendFile(path), AppendFile(path)
        for file, text in ((first, "um"), (second, "dois"), (first, "três")):
            file.write(f"{text}\n".encode())
        content = path.read_text(encoding="utf-8")
        path.unlink()
        first.close()
        second.close()
        return {"written": content.split(), "removed": not path.exists()}

    def worker(_: Path) -> object:
        """The embedded engine's process with its library; asked to end before it was told to connect anywhere."""
        from integrator.gateways.embedded.child import Child, program
        from integrator.gateways.embedded.protocol import Hello, News, Stop

        heard: list[News] = []
        said = threading.Event()

        def hear(news: News) -> None:
            heard.append(news)
            said.set()

        child = Child(program(), hear)
        said.wait(_PATIENCE_S)
        child.post(Stop())
        child.ended.wait(_PATIENCE_S)
        return {"hello": isinstance(heard[0], Hello), "exit": child.exit_code}

    def database(_: Path) -> object:
        """An attachment through the library that the program itself finds; the place comes in variables."""
        from integrator.erp.client import find_client
        from integrator.erp.connection import Database, Target

        client = find_client("").path
        place = os.environ["PROBE_DATABASE"]
        target = Target("127.0.0.1", int(os.environ["PROBE_PORT"]), place, "SYSDBA", os.environ["PROBE_SECRET"], client)
        found = Database(target)
        sql = "SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION'), 'ação' FROM RDB$DATABASE"
        with found.transaction() as session:
            (version, text), *_none = session.rows(sql)
        found.close()
        return {"library": client.name if client else "", "version": str(version)[0], "text": text}

    @contextmanager
    def _another(name: str, folder: Path) -> Iterator[str]:
        """The first line that another process with that probe says; it is killed at the end of the block."""
        command = [sys.executable, "-m", "tests.windows.wine.probes", name, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None, "a pipe was asked for"
            try:
                yield process.stdout.readline().strip()
            finally:
                process.kill()

    _PROBES: tuple[Callable[[Path], object], ...] = (
        *(secrets, account, engine_lock, hold, desktops, second_start, open_desktop, autostart, session_end, tray),
        *(appending, worker, database),
    )

    def main() -> None:
        """Runs the probes that are named, for one folder, and prints their answers by their names."""
        names, folder = sys.argv[1].split(","), Path(sys.argv[2])
        known = {probe.__name__: probe for probe in _PROBES}
        print(json.dumps({name: known[name](folder) for name in names}), flush=True)
        os._exit(0)

    if __name__ == "__main__":
        main()

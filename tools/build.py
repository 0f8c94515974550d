"""`dev.py build`: the packaged program of the system it runs on, in `dist/Integrador`, and proof that it works.

Options: `--demo` also lets the build send the demonstration's queue; `--only-check` proves the build that is there.
What is checked is a copy in another folder, started with next to nothing in its environment: a build that only works
beside its sources, or beside this Python, is found out here.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrator.program import CONSOLE, WINDOWED
from tools import firebird_windows, licences
from tools.build_contents import ROOT, WINDOWS
from tools.firebird_server import PrivateServer
from tools.messages import SetupError

BUILD = ROOT / "dist/Integrador"
_WORK = ROOT / "build"
_LOG = _WORK / "pyinstaller.log"
_SUFFIX = ".exe" if WINDOWS else ""
_OPTIONS = frozenset({"--demo", "--only-check"})
#: Spaces and accents, as folders of shops have them.
_ELSEWHERE = "Programas de São José"
_BUILD_S, _CHECK_S, _DEMO_S = 1800, 180, 900
_SHOWN_LINES = 30


def main(arguments: Sequence[str]) -> int:
    """Builds and checks; 0 when all is well. Raises `SetupError` with what to do."""
    unknown = sorted(set(arguments) - _OPTIONS)
    if unknown:
        print(f"Não conheço a opção {unknown[0]}. Use: {' ou '.join(sorted(_OPTIONS))}", file=sys.stderr)
        return 2
    if "--only-check" not in arguments:
        build()
    return check(demo="--demo" in arguments)


def build() -> None:
    """Makes `dist/Integrador` anew, with its licences. PyInstaller's own words are in `build/pyinstaller.log`."""
    started = time.monotonic()
    print("Empacotando (leva um a três minutos) ...", flush=True)
    _WORK.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "INFO"]
    command += ["--distpath", str(BUILD.parent), "--workpath", str(_WORK), str(ROOT / "build.spec")]
    with _LOG.open("wb") as log:
        done = subprocess.run(command, check=False, cwd=ROOT, stdout=log, stderr=log, timeout=_BUILD_S)
    if done.returncode:
        print(*_LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:], sep="\n")
        raise SetupError("O PyInstaller não conseguiu empacotar; a causa está logo acima.", f"veja também {_LOG}")
    components = licences.write(BUILD)
    files = [file for file in BUILD.rglob("*") if file.is_file() and not file.is_symlink()]
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    print(
        f"{BUILD}: {megabytes:.0f} MB em {len(files)} arquivos, licenças de {components} componentes, "
        f"{time.monotonic() - started:.0f} s."
    )


def check(*, demo: bool) -> int:
    """Runs both programs of a copy elsewhere; 0 when every part of them works."""
    if not BUILD.is_dir():
        raise SetupError(f"Não há nada empacotado em {BUILD}.", "rode dev.py build sem --only-check")
    with _moved() as folder:
        console, windowed = (folder / f"{name}{_SUFFIX}" for name in (CONSOLE, WINDOWED))
        started = time.monotonic()
        version = _run([console, "--version"], folder.parent)
        print(f"{CONSOLE} --version em {time.monotonic() - started:.2f} s", flush=True)
        failed = version or _run([console, "--selftest"], folder.parent) or _windowed(windowed, folder.parent)
        return failed or (_demo(console, folder.parent) if demo else 0)


def _windowed(program: Path, folder: Path) -> int:
    """The program without a console writes down what it found."""
    told = folder / "selftest.json"
    failed = _run([program, "--selftest", told], folder)
    result: dict[str, Any] = {"ok": False, "checks": []}
    if told.exists():
        result = json.loads(told.read_text(encoding="utf-8"))
    wrong = [f"{check['name']}: {check['detail']}" for check in result["checks"] if not check["ok"]]
    print(f"{program.name} --selftest: {'tudo certo' if result['ok'] else 'falhou'}", *wrong, sep="\n  ", flush=True)
    return failed or int(not result["ok"])


def _demo(program: Path, folder: Path) -> int:
    """The demonstration's queue, sent by the packaged program, arrives once and whole."""
    out, databases = folder / "saída", folder / "bancos"
    options: list[str | Path] = ["demo", "--out", out, "--pasta-bancos", databases]
    if WINDOWS:
        failed = _run([program, *options, "--cliente", firebird_windows.ensure()], folder, seconds=_DEMO_S)
    else:
        own = folder.parent / "servidor"  # Firebird's own settings take no accents in their path
        own.mkdir()
        with PrivateServer(own) as server:
            place: list[str | Path] = [
                "--servidor",
                server.host,
                "--porta",
                str(server.port),
                "--cliente",
                server.client_library,
            ]
            secret = {"INTEGRATOR_SENHA": server.password, **server.client_environment()}
            failed = _run([program, *options, *place], folder, secret, _DEMO_S)
    if failed:
        return failed
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    good = bool(summary["counts"]) and summary["duplicates"] == summary["lost"] == 0
    print(
        f"Demonstração: {summary['counts']}, {summary['duplicates']} repetidas, {summary['lost']} perdidas", flush=True
    )
    return int(not good)


@contextmanager
def _moved() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="integrador-", ignore_cleanup_errors=True) as base:
        folder = Path(base) / _ELSEWHERE / BUILD.name
        shutil.copytree(BUILD, folder, symlinks=True)
        yield folder


def _run(
    command: Sequence[str | Path], folder: Path, extra: dict[str, str] | None = None, seconds: int = _CHECK_S
) -> int:
    """Starts it in `folder` with only what a bare system has; its exit code, 1 when it takes too long."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            check=False,
            cwd=folder,
            env={**_bare(folder), **(extra or {})},
            timeout=seconds,
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"{Path(command[0]).name} não terminou em {seconds} s.", file=sys.stderr)
        return 1


def _bare(folder: Path) -> dict[str, str]:
    """No Python, no virtual environment, no library path: what a shop's computer has, and a data folder of its own."""
    names = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "PROGRAMDATA", "USERPROFILE", "LOCALAPPDATA", "APPDATA")
    kept = {name: os.environ[name] for name in (*names, "DISPLAY", "XAUTHORITY") if name in os.environ}
    system = str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32") if WINDOWS else "/usr/bin:/bin"
    return {**kept, "PATH": system, "INTEGRATOR_DADOS": str(folder / "dados"), "LC_ALL": "C.UTF-8"}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        print(error, file=sys.stderr)
        sys.exit(1)

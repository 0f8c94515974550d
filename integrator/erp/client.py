"""Which Firebird client library to load, and why not the others.

A shop's computer often has several, most of them for 32 bits because the ERP is. The first that this Python can load
wins, in the order of :func:`_places`; a configured one is never replaced by another in silence.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from integrator.erp.library_files import bits_of
from integrator.erp.registry import firebird_folders

#: Set by whoever starts the program with a client of its own beside it (the project's ``dev.py``).
VARIABLE = "INTEGRATOR_FBCLIENT"
_WINDOWS = sys.platform == "win32"
_FILE = "fbclient.dll" if _WINDOWS else "libfbclient.so.2"
#: Of this very program: a library of another width cannot be loaded.
PYTHON_BITS = struct.calcsize("P") * 8
#: Up to 2.5 the library lies in ``bin``, later versions have it in the folder itself.
_BELOW = ("", "bin")
_PROGRAM_FOLDERS = tuple(f"Firebird/Firebird_{version}" for version in ("5_0", "4_0", "3_0", "2_5", "2_1"))


def _wheel_folder() -> Path | None:
    """Where the package ``firebird-embedded`` keeps its client, when it is installed."""
    try:
        spec = find_spec("firebird.embedded")
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "runtime"


@dataclass(frozen=True, slots=True)
class ClientChoice:
    """``path`` is None when the search is left to the system's loader; ``why`` and the reasons are for people.

    ``usable`` is False when nothing was found that could be loaded (Windows), or the configured file cannot be.
    """

    path: Path | None
    why: str
    rejected: tuple[tuple[Path, str], ...] = ()
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Computer:
    """What the search looks at; tests bring their own."""

    windows: bool = _WINDOWS
    bits: int = PYTHON_BITS
    file: str = _FILE
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    program: Path | None = field(
        default_factory=lambda: Path(sys.executable).parent if getattr(sys, "frozen", False) else None
    )
    registry: Callable[[], list[Path]] = firebird_folders
    wheel: Callable[[], Path | None] = _wheel_folder


def client_library(configured: str) -> Path | None:
    """The library's path; None leaves the search to the system (registry and PATH, or the linker)."""
    return find_client(configured).path


def find_client(configured: str, computer: Computer | None = None) -> ClientChoice:
    """The library to load and the reason, with every candidate that was found and rejected before it."""
    here = computer or Computer()
    if configured:
        return _configured(Path(configured), here)
    rejected: list[tuple[Path, str]] = []
    seen: set[Path] = set()
    for path, why in _places(here):
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        objection = _objection(path, here)
        if objection is None:
            return ClientChoice(path, why, tuple(rejected))
        rejected.append((path, objection))
    if here.windows:
        why = (
            f"Não encontrei nenhuma biblioteca {here.file} de {here.bits} bits neste computador. Copie a do Firebird "
            f"de {here.bits} bits para a pasta do integrador ou informe o caminho em [banco] cliente."
        )
        return ClientChoice(None, why, tuple(rejected), usable=False)
    return ClientChoice(None, "É a que o sistema encontra (pacote libfbclient2).", tuple(rejected))


def _configured(path: Path, here: Computer) -> ClientChoice:
    if not path.is_file():
        objection: str | None = "não existe"
    else:
        objection = _objection(path, here)
    if objection is None:
        return ClientChoice(path, "É a que está em [banco] cliente.")
    why = f"A biblioteca que está em [banco] cliente não serve: {objection}. Corrija o caminho ou apague essa linha."
    return ClientChoice(path, why, ((path, objection),), usable=False)


def _objection(path: Path, here: Computer) -> str | None:
    try:
        bits = bits_of(path)
    except OSError as error:
        return f"não consegui ler o arquivo ({error.strerror or error})"
    if bits is None:
        return "não é uma biblioteca"
    if bits != here.bits:
        return f"é de {bits} bits e este programa é de {here.bits}"
    return None


def _places(here: Computer) -> Iterator[tuple[Path, str]]:
    """Where a client may lie, the most deliberate choice first."""
    file = here.file
    if here.program is not None:
        yield here.program / file, "Veio junto com o integrador."
    if given := here.environment.get(VARIABLE, ""):
        yield Path(given), f"É a da variável de ambiente {VARIABLE}."
    if not here.windows:
        return
    wheel = here.wheel()
    if wheel is not None:
        yield wheel / file, "Veio com o pacote firebird-embedded."
    for folder in here.registry():
        for below in _BELOW:
            yield folder / below / file, "É a do Firebird instalado neste computador (registro do Windows)."
    yield from _windows_folders(here)


def _windows_folders(here: Computer) -> Iterator[tuple[Path, str]]:
    for variable in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)"):
        if base := here.environment.get(variable, ""):
            for folder in _PROGRAM_FOLDERS:
                for below in _BELOW:
                    yield Path(base) / folder / below / here.file, "Está na pasta de programas."
    if root := here.environment.get("SystemRoot", ""):
        # A 64-bit program sees the 64-bit library in System32; the 32-bit one lies in SysWOW64, of all names.
        for name in ("System32", "SysWOW64"):
            yield Path(root) / name / here.file, f"Está na pasta {name} do Windows."
    for folder in here.environment.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder.strip('"')) / here.file, "Está em uma pasta do PATH."

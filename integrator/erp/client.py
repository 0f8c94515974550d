"""Which Firebird client library to load, and why not the others.

A shop's computer often has several, most of them for 32 bits because the ERP is. The first that this Python can load
wins, in the order of :func:`_places`; a configured one is never replaced by another in silence.

What a library contains runs with the rights of who loads it. A service of Windows may do everything on the computer,
while ``config.toml`` belongs to people who may not: it takes a configured library only from folders in which
administrators alone can write.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from integrator.domain.errors import SettingsError
from integrator.domain.fault import Fault
from integrator.erp.library_files import bits_of
from integrator.erp.registry import firebird_folders
from integrator.windows.user import is_system

#: Set by whoever starts the program with a client of its own beside it (the project's ``dev.py``).
VARIABLE = "INTEGRATOR_FBCLIENT"
_WINDOWS = sys.platform == "win32"
_FILE = "fbclient.dll" if _WINDOWS else "libfbclient.so.2"
#: Of this very program: a library of another width cannot be loaded.
PYTHON_BITS = struct.calcsize("P") * 8
#: Up to 2.5 the library lies in ``bin``, later versions have it in the folder itself.
_BELOW = ("", "bin")
_ADMINISTRATORS_OWN = ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)")
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

    ``fault`` is there when nothing was found that could be loaded (Windows), or the configured file cannot be: that
    one is then the only one rejected.
    """

    path: Path | None
    why: str
    rejected: tuple[tuple[Path, str], ...] = ()
    fault: Fault | None = None

    @property
    def usable(self) -> bool:
        return self.fault is None


class UnsafeLibrary(SettingsError):
    """The service does not load a library that an ordinary user may have put there."""

    title = "Biblioteca do Firebird"


@dataclass(frozen=True, slots=True)
class Computer:
    """What the search looks at; tests bring their own. ``service``: the program may do everything on this computer."""

    windows: bool = _WINDOWS
    bits: int = PYTHON_BITS
    file: str = _FILE
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    program: Path | None = field(
        default_factory=lambda: Path(sys.executable).parent if getattr(sys, "frozen", False) else None
    )
    registry: Callable[[], list[Path]] = firebird_folders
    wheel: Callable[[], Path | None] = _wheel_folder
    service: Callable[[], bool] = is_system


def client_library(configured: str) -> Path | None:
    """The library's path; None leaves the search to the system (registry and PATH, or the linker).

    Raises :class:`UnsafeLibrary` in a service.
    """
    if configured:
        here = Computer()
        if here.service():
            require_safe(configured, here)
    return find_client(configured).path


def require_safe(configured: str, computer: Computer | None = None) -> None:
    """Raises :class:`UnsafeLibrary` unless administrators alone can write where that library lies."""
    here = computer or Computer()
    # As written, before the system looks: a foreign server would be sent this computer's login. And as it is: neither
    # a link in a folder of somebody's own nor ".." leads where the file may be exchanged.
    written = Path(os.path.abspath(configured))  # noqa: PTH100
    if not (_is_administrators(written, here) and _is_administrators(Path(os.path.realpath(written)), here)):
        raise UnsafeLibrary(
            f"O serviço não usa a biblioteca {configured}: nessa pasta não são só os administradores que gravam, e ele "
            "tem todas as permissões deste computador. Apague a linha cliente em [banco], porque o Integrador traz a "
            "sua, ou copie a biblioteca para a pasta do programa e escreva esse caminho.",
            fault=Fault.LIBRARY_UNSAFE,
        )


def _is_administrators(path: Path, here: Computer) -> bool:
    """Whether that file lies in the programs' folders, in this program's, or right in Windows' own."""
    folders = [base for name in _ADMINISTRATORS_OWN if (base := here.environment.get(name, ""))]
    if here.program is not None:
        folders.append(str(here.program))
    if any(path.is_relative_to(folder) for each in folders for folder in (each, os.path.realpath(each))):
        return True
    root = here.environment.get("SystemRoot", "")
    return bool(root) and path.parent in {Path(root, "System32"), Path(os.path.realpath(root), "System32")}


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
        return ClientChoice(None, why, tuple(rejected), Fault.LIBRARY_MISSING)
    return ClientChoice(None, "É a que o sistema encontra (pacote libfbclient2).", tuple(rejected))


def _configured(path: Path, here: Computer) -> ClientChoice:
    if not path.is_file():
        objection: str | None = "não existe"
    else:
        objection = _objection(path, here)
    if objection is None:
        return ClientChoice(path, "É a que foi escolhida.")
    why = (
        f"A biblioteca {path} não serve: {objection}. Corrija o caminho em [banco] cliente, no config.toml, ou apague "
        "essa linha."
    )
    return ClientChoice(path, why, ((path, objection),), Fault.LIBRARY_UNFIT)


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
    for variable in _ADMINISTRATORS_OWN:
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

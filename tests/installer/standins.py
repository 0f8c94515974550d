"""Installers of programs that stand in for the real ones: two small executables and files that differ by version."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.installer import compile_installer, run_makensis

_SOURCE = Path(__file__).with_name("standin.nsi")
_QUIT_S = 60
#: How often a file in use is tried, a quarter of a second each: also a busy computer is done with a stand-in by then.
_TRIES = 80
#: Little to wait for one that stays in use.
_HASTY_TRIES = 4


@dataclass(frozen=True, slots=True)
class Installers:
    """``hasty`` is ``second``, but soon gives up; ``huge`` says that it needs more room than any disk has."""

    first: Path
    second: Path
    hasty: Path
    huge: Path


def make(folder: Path) -> Installers:
    """Versions 0.1.0 and 0.2.0. The second has ``novo.dll`` in place of ``velho.dll``."""
    made = Installers(*(folder / f"setup-{number}.exe" for number in range(1, 5)))
    first, second = folder / "v1", folder / "v2"
    _program(first, "velho.dll", "um")
    for kind, name in (("program", "Integrador.exe"), ("console", "integrator-cli.exe")):
        run_makensis(_SOURCE, {"OUT": str(first / name), "KIND": kind})
    _program(second, "novo.dll", "dois")
    for name in ("Integrador.exe", "integrator-cli.exe"):
        shutil.copy(first / name, second)
    compile_installer(first, "0.1.0", made.first, quit_s=_QUIT_S, tries=_HASTY_TRIES)
    compile_installer(second, "0.2.0", made.second, quit_s=_QUIT_S, tries=_TRIES)
    compile_installer(second, "0.2.0", made.hasty, quit_s=_QUIT_S, tries=_HASTY_TRIES)
    compile_installer(second, "0.3.0", made.huge, size_kb=2_000_000_000)
    return made


def _program(folder: Path, library: str, text: str) -> None:
    (folder / "_internal/zona").mkdir(parents=True)
    (folder / "LICENCAS").mkdir()
    (folder / "_internal/zona/Brasília.txt").write_text(text, encoding="utf-8")
    (folder / "_internal" / library).write_text(text, encoding="utf-8")
    (folder / "LICENCAS/LICENÇAS.txt").write_text(text, encoding="utf-8")

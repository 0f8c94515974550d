"""``--selftest``: does everything that the program is made of work here, with nothing configured and nothing sent.

For whoever built it, installed it or has it on the phone: each line names a part and says "ok" or why not. It needs no
database and no network, writes only in a temporary folder, and starts the program's own child processes.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TextIO

from integrator import __version__

OPTION: Final = "--selftest"
_DONE, _FAILED, _WRONG_USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one check; ``detail`` is for people, with the technical reason of a failure."""

    name: str
    ok: bool
    detail: str

    def __str__(self) -> str:
        return f"ok      {self.name}: {self.detail}" if self.ok else f"falhou  {self.name}: {self.detail}"


def selftest(out: TextIO) -> int:
    """Check everything, a line each as soon as it is known; 0 when all is well, else 1."""
    print(f"Integrador {__version__}, {_form()}", file=out, flush=True)
    failed = 0
    for finding in findings():
        print(finding, file=out, flush=True)
        failed += not finding.ok
    print(f"{failed} falharam." if failed > 1 else "1 falhou." if failed else "Tudo certo.", file=out, flush=True)
    return _FAILED if failed else _DONE


def selftest_to(file: Path) -> int:
    """The same as JSON in ``file``, for the program without a console; replaced only when whole. Raises ``OSError``."""
    found = list(findings())
    ok = all(finding.ok for finding in found)
    told = {"version": __version__, "form": _form(), "ok": ok, "checks": [asdict(finding) for finding in found]}
    fresh = file.with_name(file.name + ".novo")
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(file)
    return _DONE if ok else _FAILED


def main(arguments: Sequence[str]) -> int:
    """What follows ``--selftest``: nothing, to print, or the file to write. The exit code, 2 for anything else."""
    if len(arguments) > 1:
        _tell(f"Use: {OPTION} ou {OPTION} ARQUIVO.json")
        return _WRONG_USAGE
    if not arguments:
        return selftest(sys.stdout) if sys.stdout is not None else sum(not finding.ok for finding in findings()) and 1
    try:
        return selftest_to(Path(arguments[0]))
    except OSError as error:
        _tell(f"Não consegui gravar em {arguments[0]} ({error.strerror}). Escolha outra pasta.")
        return _FAILED


def findings() -> Iterator[Finding]:
    """Every check in its order, each tried whatever became of the others."""
    try:
        from integrator.selftest.checks import CHECKS
    except ImportError as error:
        yield Finding("Arquivos do programa", False, f"falta {error.name}: o antivírus pode tê-lo tirado")
        return
    for name, check in CHECKS:
        yield _tried(name, check)


def _tried(name: str, check: Callable[[], str]) -> Finding:
    """Whatever goes wrong in a part is its finding."""
    try:
        return Finding(name, True, check())
    except Exception as error:  # the top of a check
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        return Finding(name, False, f"{' '.join(str(error).split())} ({type(error).__name__} em {place})")


def _form() -> str:
    return "programa instalado" if getattr(sys, "frozen", False) else "pasta do projeto"


def _tell(text: str) -> None:
    """A program without a console has nowhere to say it."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)

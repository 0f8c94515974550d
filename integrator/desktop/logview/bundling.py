"""The support bundle from the window: the doctor asked with progress, then the file written and told where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.desktop.logview.progress import Progress
from integrator.domain.errors import SettingsError

if TYPE_CHECKING:
    from integrator.settings import Settings
    from integrator.support.context import Context
    from integrator.support.doctor import Check
    from integrator.support.finding import Answer

FILE: Final = "pacote-de-suporte.zip"


def make_bundle(config: Path, data: Path, settings: Callable[[], Settings], progress: Progress) -> Path:
    """Where it is: in the data folder, or in the person's own where that one may not be written to.

    Takes up to minutes when a server does not answer. Raises :class:`~integrator.support.bundle.BundleError`.
    """
    from integrator.support.bundle import BundleError, write_bundle
    from integrator.support.checks import GENERAL, PER_DATABASE
    from integrator.support.context import Context
    from integrator.support.doctor import examine

    context = Context(config, data, settings)
    whole = len(GENERAL) + len(PER_DATABASE) * _databases(settings)
    counted = _Counted(progress, whole)
    report = examine(context, counted.of(GENERAL), counted.of(PER_DATABASE))
    progress.at(1, "Gravando o pacote")
    try:
        write_bundle(data / FILE, report, context, replace=True)
    except BundleError:
        write_bundle(Path.home() / FILE, report, context, replace=True)
        return Path.home() / FILE
    return data / FILE


class _Counted:
    """The doctor's checks, each telling that it is its turn; once cancelled, the rest of them say nothing."""

    def __init__(self, progress: Progress, whole: int) -> None:
        self._progress = progress
        self._whole = whole
        self._begun = 0

    def of(self, checks: Iterable[Check]) -> Iterator[Check]:
        return (replace(check, ask=self._telling(check)) for check in checks)

    def _telling(self, check: Check) -> Callable[[Context], Answer]:
        def ask(context: Context) -> Answer:
            self._begun = min(self._begun + 1, self._whole)
            self._progress.at(self._begun / self._whole, f"Verificando {self._begun} de {self._whole}: {check.title}")
            return check.ask(context)

        return ask


def _databases(settings: Callable[[], Settings]) -> int:
    try:
        return max(1, len(settings().databases))
    except SettingsError:
        return 1

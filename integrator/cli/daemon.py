"""``integrator run --headless``, without the weight of the command line around it: this process lives for months."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from integrator.cli.context import Choice, choose
from integrator.cli.ending import DONE
from integrator.cli.narration import Narrator
from integrator.settings import settings_file


def serve(choice: Choice) -> int:
    """Send the queue until told to stop; the exit code."""
    from integrator.app import open_database
    from integrator.daemon import run_headless

    settings = choice.settings()
    masker = choice.start_log(settings)
    open_database(settings)  # nothing configured is told now; a database that is away is waited for
    narrator = Narrator(masker)
    logging.getLogger().addHandler(narrator)
    print("Integrador em execução. Ctrl+C para parar.", file=sys.stderr, flush=True)
    try:
        run_headless(settings_file(choice.config), choice.folder(), choice.settings)
    finally:
        logging.getLogger().removeHandler(narrator)
    return DONE


def plain_run(arguments: Sequence[str]) -> Choice | None:
    """The choice of a plain ``[--config X] [--dados X] run --headless``; None for everything else."""
    left = list(arguments)
    if left[-2:] != ["run", "--headless"]:
        return None
    given: dict[str, Path] = {}
    left = left[:-2]
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name not in ("--config", "--dados") or name in given or not (equals or left):
            return None
        given[name] = Path(value if equals else left.pop(0))
    return choose(given.get("--config"), given.get("--dados"))

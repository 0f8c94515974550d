"""How every way of ending becomes a sentence and an exit code. Light: the daemon's process imports it too."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final

from integrator.cli.console import prepare_streams
from integrator.domain.errors import IntegratorError
from integrator.logs import setup_logging
from integrator.paths import log_folder

log = logging.getLogger(__name__)

DONE: Final = 0
FAILED: Final = 1
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130
_SILENCE = logging.NullHandler()


def ending(work: Callable[[], int]) -> int:
    """The exit code of ``work``: its own, or that of its error.

    Never a traceback: what nobody foresaw is one sentence, and its detail is in the log.
    """
    prepare_streams()
    # A log that cannot be written must neither stop a command nor fill its error output.
    logging.raiseExceptions = False
    logging.getLogger().addHandler(_SILENCE)
    try:
        return work()
    except IntegratorError as error:
        return tell(f"{error.title}: {error.message}", FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the top of the program
        return tell(_unforeseen(error), FAILED)


def tell(sentence: str, code: int) -> int:
    """Say why on the error output; the code."""
    print(sentence, file=sys.stderr)
    return code


def _unforeseen(error: Exception) -> str:
    """Log a bug and say where."""
    folder = log_folder()
    setup_logging(folder)
    log.critical("unforeseen error", exc_info=error)
    return f"Erro inesperado: o comando parou. O detalhe está no registro, em {folder}; envie-o ao suporte."

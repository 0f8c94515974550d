"""The log: one event per state change, ``key=value`` in daily files, always masked.

Masking happens in the formatters, on the finished text, so that messages, fields and tracebacks all pass it. Message
bodies, tokens and passwords are not to be logged in the first place.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator.domain.errors import IntegratorError
from integrator.logs.daily_file import DailyFileHandler
from integrator.logs.event import Event, quoted
from integrator.logs.masking import Masker

#: Libraries whose every job or request would be a line: their level is set even when somebody lowers the root's.
_NOISY: Final = ("apscheduler", "asyncio", "PIL", "urllib3", "uvicorn.access")


def log_event(logger: logging.Logger, action: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Record that something changed state: ``log_event(log, action="enviada", row=12, provider_id="3EB0")``.

    Fields that are ``None`` are left out.
    """
    if logger.isEnabledFor(level):
        kept = tuple((name, str(value)) for name, value in fields.items() if value is not None)
        logger.log(level, Event(action, kept))


class KeyValueFormatter(logging.Formatter):
    """``2026-11-20T14:05:01.123 INFO integrator.sending.pump action=enviada row=12``, masked."""

    def __init__(self, masker: Masker) -> None:
        super().__init__()
        self._masker = masker

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).isoformat(timespec="milliseconds")
        message = record.getMessage()
        body = message if isinstance(record.msg, Event) else f"msg={quoted(message)}"
        return f"{at} {record.levelname} {record.name} {self._masker(body + _traceback(self, record))}"


def setup_logging(folder: Path | None, *, detailed: bool = False, days: int = 30) -> Masker:
    """Send every logger to daily files in ``folder``; ``None``: nowhere.

    Replaces what an earlier call installed. Returns the masker: tell it each secret that the program reads.
    """
    masker = Masker()
    handlers: list[logging.Handler] = []
    if folder is not None:
        files = DailyFileHandler(folder, days)
        files.setFormatter(KeyValueFormatter(masker))
        handlers.append(files)
    root = logging.getLogger()
    close_logging()
    for handler in handlers:
        root.addHandler(handler)
        _installed.append(handler)
    root.setLevel(logging.WARNING)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("integrator").setLevel(logging.DEBUG if detailed else logging.INFO)
    return masker


def close_logging() -> None:
    """Take away and close what :func:`setup_logging` installed."""
    while _installed:
        handler = _installed.pop()
        logging.getLogger().removeHandler(handler)
        handler.close()


_installed: list[logging.Handler] = []


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback and, of an error of ours, the detail that people are not shown."""
    if not record.exc_info:
        return ""
    error = record.exc_info[1]
    detail = f"\ndetail: {error.detail}" if isinstance(error, IntegratorError) and error.detail else ""
    return f"\n{formatter.formatException(record.exc_info)}{detail}"

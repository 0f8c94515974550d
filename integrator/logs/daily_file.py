"""One log file per day, ``integrador-2026-11-20.log``, and none older than so many days.

Files are never renamed: on Windows a file that the log window has open cannot be, and the standard library's rotation
would fail there at midnight.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

_STEM = "integrador-"


class DailyFileHandler(logging.Handler):
    """Writes UTF-8 lines to the file of ``today()``, keeping the files of the last ``days`` days."""

    def __init__(self, folder: Path, days: int, today: Callable[[], date] = date.today) -> None:
        super().__init__()
        self._folder = folder
        self._days = days
        self._today = today
        self._day: date | None = None
        self._file: TextIO | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; a failure goes the standard way of :mod:`logging` and never to the caller."""
        try:
            line = self.format(record)
            file = self._file_of_today()
            file.write(line + "\n")
            file.flush()
        except Exception:  # the contract of logging.Handler: whatever happens here must not stop the program
            self.handleError(record)

    def close(self) -> None:
        """Close the day's file."""
        self.acquire()
        try:
            self._close_file()
        finally:
            self.release()
        super().close()

    def _file_of_today(self) -> TextIO:
        today = self._today()
        if self._file is None or today != self._day:
            self._close_file()
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{_STEM}{today:%Y-%m-%d}.log"
            self._file = path.open("a", encoding="utf-8", errors="backslashreplace")
            self._day = today
            self._remove_old(today)
        return self._file

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _remove_old(self, today: date) -> None:
        oldest = f"{_STEM}{today - timedelta(days=self._days - 1):%Y-%m-%d}.log"
        for path in self._folder.glob(f"{_STEM}????-??-??.log"):
            if path.name < oldest:
                try:
                    path.unlink()
                except OSError:  # open in somebody's editor: it goes another day
                    continue

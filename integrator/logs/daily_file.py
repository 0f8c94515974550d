"""One log file per day, ``integrador-2026-11-20.log``, and none older than so many days.

The service, the desktop and every command write to the same one. Files are never renamed: on Windows a file that the
log window has open cannot be, and the standard library's rotation would fail there at midnight.
"""

from __future__ import annotations

import errno
import logging
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from integrator.logs.append import AppendFile
from integrator.logs.days import log_days, log_path
from integrator.logs.event import Event

_ONE_DAY: Final = timedelta(days=1)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DailyFileHandler(logging.Handler):
    """Writes UTF-8 lines to the file of each record's day, keeping the files of the last ``days`` days.

    What cannot be written stops nobody: the error output says so once a day, and the file how many records it lacks as
    soon as there is one that can be written.
    """

    def __init__(self, folder: Path, days: int) -> None:
        super().__init__()
        self._folder = folder
        self._days = days
        self._day: date | None = None
        self._file: AppendFile | None = None
        self._lost = 0
        self._told: date | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, whole or not at all where the disk has room for it; failures never reach the caller."""
        try:
            self._write(self._line(record), datetime.fromtimestamp(record.created).date())
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

    def _write(self, line: bytes, day: date) -> None:
        try:
            file = self._file_of(day)
            if self._lost:
                file.write(self._line(_gap(self._lost)))
                self._lost = 0
            file.write(line)
        except OSError as error:
            self._lost += 1
            if self._file is None or not self._file.torn:  # opened anew it would not know of its half line
                self._close_file()
            self._tell(day, error)

    def _line(self, record: logging.LogRecord) -> bytes:
        return f"{self.format(record)}\n".encode(errors="backslashreplace")

    def _file_of(self, day: date) -> AppendFile:
        if self._file is None or day != self._day or self._file.gone:
            self._close_file()
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = AppendFile(log_path(self._folder, day))
            self._day = day
            self._remove_old(day)
        return self._file

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _remove_old(self, today: date) -> None:
        """As seen from the last day before this one: a clock that is years ahead for an hour removes nothing."""
        found = log_days(self._folder)
        before = max((each.day for each in found if each.day < today), default=today)
        last = min(today, before + _ONE_DAY)
        for each in found:
            if (last - each.day).days >= self._days:
                try:
                    each.path.unlink()
                except OSError:  # open in somebody's editor, or another process was faster: it goes another day
                    continue

    def _tell(self, day: date, error: OSError) -> None:
        if self._told == day or sys.stderr is None:
            return
        self._told = day
        why = "o disco está cheio" if error.errno in _FULL else "o sistema não deixou"
        try:
            print(
                f"Não consegui gravar o registro em {self._folder}: {why}. O Integrador continua a trabalhar; libere "
                "espaço no disco ou confira a permissão da pasta.",
                file=sys.stderr,
            )
        except (OSError, ValueError):  # a console that was closed
            return


def _gap(lost: int) -> logging.LogRecord:
    """The record that stands where others are missing."""
    event = Event("log_gap", (("lost", str(lost)),))
    return logging.LogRecord("integrator.logs", logging.WARNING, __file__, 0, event, None, None)

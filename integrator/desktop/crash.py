"""What nobody foresaw goes to the log: errors that no code caught, and crashes of native libraries.

A windowed program has no console on which Python could show an error. A crash of native code (Tk, the Firebird client)
ends the process without running any code of ours: Python's fault handler then writes where every thread was into
``falha-nativa.log``, and the next start tells it once. A process that ended by itself leaves that file empty.
"""

from __future__ import annotations

import atexit
import faulthandler
import logging
import sys
import threading
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Final

from integrator.logs import log_event
from integrator.single_instance import try_lock

#: The desktop, the service and desktops of other sessions may run side by side: each has a file of its own.
FILES: Final = ("falha-nativa.log", *(f"falha-nativa-{number}.log" for number in range(2, 10)))
#: Far behind what a crash writes: the content can be read while the program runs.
_LOCKED_BYTE: Final = 1 << 30
_LONGEST: Final = 8 * 1024


def install(log: logging.Logger, folder: Path) -> str:
    """Send to ``log``, for the rest of this process, every error that nothing catches; watch for native crashes.

    ``folder`` is the log's. Answers where a run before this one crashed in native code: text of Python's, also logged;
    empty when none did. Where the files cannot be written, native crashes are not watched for, and the log says so.
    """
    _catch_the_rest(log)
    try:
        file, previous = _own_file(folder)
    except OSError as error:
        log_event(log, "native_crashes_not_watched", level=logging.WARNING, detail=repr(error))
        return ""
    faulthandler.enable(file, all_threads=True)
    atexit.register(_leave_empty, file)
    if previous:
        log.critical("the program crashed the last time, in native code:\n%s", previous)
    return previous


def _catch_the_rest(log: logging.Logger) -> None:
    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("unforeseen error: the program ends", exc_info=(kind, error, trace))

    def in_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is None or isinstance(failed.exc_value, SystemExit):
            return
        name = failed.thread.name if failed.thread else "?"
        log.critical(
            "unforeseen error: the thread %s ends",
            name,
            exc_info=(failed.exc_type, failed.exc_value, failed.exc_traceback),
        )

    def unraisable(failed: sys.UnraisableHookArgs) -> None:
        # Of the object only its type: its text may hold anything.
        where = type(failed.object).__name__
        error = failed.exc_value
        log.error("error that could not be raised, in %s", where, exc_info=error if error is not None else False)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable


def _own_file(folder: Path) -> tuple[FileIO, str]:
    """A file that no running process has, and what ended processes left in theirs. Raises :class:`OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    own, left = None, []
    for path in (folder / name for name in FILES):
        if own is not None and not path.exists():
            continue
        file = FileIO(path, "a+")
        if not try_lock(file.fileno(), _LOCKED_BYTE):
            file.close()
            continue
        left.append(_emptied(file))
        if own is None:
            own = file
        else:
            file.close()
    if own is None:
        raise OSError(f"{len(FILES)} programs have theirs already")
    return own, "\n".join(filter(None, left))


def _emptied(file: FileIO) -> str:
    file.seek(0)
    content = file.read(_LONGEST) or b""
    file.truncate(0)
    return content.decode("utf-8", "replace").strip()


def _leave_empty(file: FileIO) -> None:
    """Windows reports to the fault handler also what a library then dealt with: none of it was a crash."""
    faulthandler.disable()
    file.truncate(0)
    file.close()

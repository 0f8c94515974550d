"""Processes that write records over a midnight: ``python -m tests.logs.writer FOLDER WHO COUNT MIDNIGHT``.

Half of a process's records come before the midnight, an ISO date, and half after it. It begins when its standard input
says so.
"""

import logging
import subprocess
import sys
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from integrator.logs.daily_file import DailyFileHandler

WRITERS = ("servico", "janelas", "comando")
_LENGTHS = (20, 300, 90, 20_000, 40, 900)


def write_at_once(folder: Path, count: int, midnight: datetime) -> None:
    """Three processes, each of which writes so many records."""
    command = [sys.executable, "-m", "tests.logs.writer", str(folder)]
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, who, str(count), midnight.isoformat()], stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            )
            for who in WRITERS
        ]
        for writer in writers:
            assert writer.stdout is not None, "a pipe was asked for"
            assert writer.stdout.readline().strip() == b"ready"
        for writer in writers:
            assert writer.stdin is not None, "a pipe was asked for"
            writer.stdin.write(b"go\n")
            writer.stdin.flush()
    assert [writer.returncode for writer in writers] == [0, 0, 0]


def whole_records(path: Path) -> dict[str, list[int]]:
    """The numbers of each writer's records in the file, in its order; what is not a whole record has no writer."""
    found: dict[str, list[int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        who, number, filling, end = (*line.split(" "), *[""] * 4)[:4]
        whole = end == "ç" and number.isdigit() and filling == "x" * _length(int(number))
        found.setdefault(who if whole else "", []).append(int(number) if whole else -1)
    return found


def _write(folder: Path, who: str, count: int, midnight: datetime) -> None:
    handler = DailyFileHandler(folder, 30)
    for number in range(count):
        text = f"{who} {number} {'x' * _length(number)} ç"
        record = logging.LogRecord("x", logging.INFO, "", 0, text, None, None)
        record.created = (midnight + timedelta(milliseconds=number - count // 2)).timestamp()
        handler.handle(record)
    handler.close()


def _length(number: int) -> int:
    """Within what the standard library would write at once, and beyond it."""
    return _LENGTHS[number % len(_LENGTHS)]


def main() -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    folder, who, count, midnight = sys.argv[1:]
    _write(Path(folder), who, int(count), datetime.fromisoformat(midnight))


if __name__ == "__main__":
    main()

"""The daily files, whoever else writes to them: nothing lost, nothing torn, and nobody stopped by a full disk."""

import logging
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from integrator.logs import KeyValueFormatter
from integrator.logs.append import AppendFile
from integrator.logs.daily_file import DailyFileHandler
from integrator.logs.days import log_days
from integrator.logs.masking import Masker
from tests.logs.writer import WRITERS, whole_records, write_at_once

MIDNIGHT = datetime(2026, 11, 21)
FRIDAY, SATURDAY = "integrador-2026-11-20.log", "integrador-2026-11-21.log"
_UNTIL_FULL = """
import resource, signal, sys
from pathlib import Path
from integrator.logs import setup_logging
import logging
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
setup_logging(Path(sys.argv[1]))
log = logging.getLogger("integrator.x")
log.info("a" * 100)
resource.setrlimit(resource.RLIMIT_FSIZE, (250, resource.RLIM_INFINITY))
for _ in range(3):
    log.info("b" * 100)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.info("c" * 100)
"""


def record(text: str, at: datetime = MIDNIGHT) -> logging.LogRecord:
    made = logging.LogRecord("x", logging.INFO, "", 0, text, None, None)
    made.created = at.timestamp()
    return made


def handler(folder: Path, days: int = 30) -> DailyFileHandler:
    return DailyFileHandler(folder, days)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in folder.glob("integrador-[0-9]*.log")}


def test_three_processes_write_over_midnight_and_every_record_is_there_whole(tmp_path: Path) -> None:
    count = 2000
    write_at_once(tmp_path, count, MIDNIGHT)
    before, after = list(range(count // 2)), list(range(count // 2, count))
    assert whole_records(tmp_path / FRIDAY) == dict.fromkeys(WRITERS, before)
    assert whole_records(tmp_path / SATURDAY) == dict.fromkeys(WRITERS, after)


def test_each_day_has_its_file_and_old_ones_go(tmp_path: Path) -> None:
    keep = tmp_path / "integrador-anotações.log"
    keep.write_text("do técnico", encoding="utf-8")
    files = handler(tmp_path, days=2)
    for text, day in (("quarta", 18), ("quinta", 19), ("quinta à tarde", 19), ("sexta", 20)):
        files.handle(record(text, datetime(2026, 11, day, 9)))
    files.close()
    assert contents(tmp_path) == {"integrador-2026-11-19.log": "quinta\nquinta à tarde\n", FRIDAY: "sexta\n"}
    assert keep.exists()


def test_an_old_day_that_another_process_has_open_does_no_harm(tmp_path: Path) -> None:
    other = handler(tmp_path)
    other.handle(record("de janeiro", datetime(2026, 1, 5)))
    files = handler(tmp_path, days=1)
    files.handle(record("sexta", MIDNIGHT - timedelta(hours=1)))
    files.handle(record("sábado"))
    other.handle(record("sábado também"))
    files.close()
    other.close()
    assert contents(tmp_path) == {SATURDAY: "sábado\nsábado também\n"}


def test_a_record_that_waited_over_midnight_goes_to_its_own_day(tmp_path: Path) -> None:
    files = handler(tmp_path)
    files.handle(record("depois"))
    files.handle(record("antes", MIDNIGHT - timedelta(milliseconds=1)))
    files.handle(record("mais tarde", MIDNIGHT + timedelta(seconds=1)))
    files.close()
    assert contents(tmp_path) == {FRIDAY: "antes\n", SATURDAY: "depois\nmais tarde\n"}


def test_a_clock_that_was_years_ahead_for_a_while_removes_nothing(tmp_path: Path) -> None:
    files = handler(tmp_path, days=3)
    for day in (19, 20):
        files.handle(record("certo", datetime(2026, 11, day)))
    files.handle(record("adiantado", datetime(2036, 1, 1)))
    files.handle(record("certo de novo", datetime(2026, 11, 20, 12)))
    files.close()
    assert contents(tmp_path) == {
        "integrador-2026-11-19.log": "certo\n",
        FRIDAY: "certo\ncerto de novo\n",
        "integrador-2036-01-01.log": "adiantado\n",
    }


def test_a_clock_that_was_years_behind_removes_nothing_that_is_newer(tmp_path: Path) -> None:
    files = handler(tmp_path, days=2)
    files.handle(record("certo", datetime(2026, 11, 20)))
    files.handle(record("atrasado", datetime(2000, 1, 1)))
    files.close()
    assert contents(tmp_path) == {FRIDAY: "certo\n", "integrador-2000-01-01.log": "atrasado\n"}


def test_a_day_to_come_is_not_taken_for_the_newest(tmp_path: Path) -> None:
    today = date.today()
    days = [today - timedelta(days=1), today, today + timedelta(days=400), today + timedelta(days=401)]
    for day in days:
        (tmp_path / f"integrador-{day}.log").touch()
    assert [each.day for each in log_days(tmp_path)] == [days[1], days[0], days[3], days[2]]


def test_a_file_of_the_first_of_all_days_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "integrador-0001-01-01.log").touch()
    files = handler(tmp_path)
    files.handle(record("inteira"))
    files.close()
    assert contents(tmp_path) == {"integrador-0001-01-01.log": "", SATURDAY: "inteira\n"}


def test_what_nobody_foresaw_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that no system takes stands for it."""
    files = handler(tmp_path / "\0")
    files.handle(record("perdida"))
    assert "ValueError" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="needs /dev/full")
def test_a_full_disk_is_told_once_and_the_file_says_how_many_records_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / SATURDAY
    path.symlink_to("/dev/full")
    files = handler(tmp_path)
    files.setFormatter(KeyValueFormatter(Masker()))
    for number in range(5):
        files.handle(record(f"perdida {number}"))
    path.unlink()
    files.handle(record("a primeira que coube"))
    files.close()
    said = capsys.readouterr().err
    assert said.count("o disco está cheio") == said.count("\n") == 1
    gap, first = path.read_text(encoding="utf-8").splitlines()
    assert gap.endswith(" WARNING integrator.logs action=log_gap lost=5")
    assert first.endswith('msg="a primeira que coube"')


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "registro").write_text("um arquivo", encoding="utf-8")
    files = handler(tmp_path / "registro")
    files.handle(record("perdida"))
    files.handle(record("perdida"))
    assert capsys.readouterr().err.count("Não consegui gravar o registro") == 1


@pytest.mark.parametrize("stream", ["none", "closed"])
def test_without_a_console_it_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    (tmp_path / "registro").write_text("um arquivo", encoding="utf-8")
    closed = (tmp_path / "x").open("w")
    closed.close()
    monkeypatch.setattr(sys, "stderr", None if stream == "none" else closed)
    handler(tmp_path / "registro").handle(record("perdida"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_the_half_of_a_record_that_still_fitted_spoils_no_other(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _UNTIL_FULL, str(tmp_path)], check=True, capture_output=True)
    (lines,) = (text.splitlines() for text in contents(tmp_path).values())
    whole, torn, gap, last = lines
    assert whole.endswith(f"msg={'a' * 100}")
    assert "b" in torn
    assert gap.endswith("action=log_gap lost=3")
    assert last.endswith(f"msg={'c' * 100}")


def test_a_line_that_a_power_cut_left_unfinished_stays_alone(tmp_path: Path) -> None:
    (tmp_path / SATURDAY).write_bytes(b"2026-11-21T00:00:00.000 INFO x msg=mei")
    os.utime(tmp_path / SATURDAY, (0, 0))
    files = handler(tmp_path)
    files.handle(record("inteira"))
    files.close()
    assert contents(tmp_path)[SATURDAY].splitlines()[1:] == ["inteira"]


def test_half_of_what_another_process_is_just_writing_is_not_taken_for_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / SATURDAY
    with path.open("ab", buffering=0) as other:
        other.write(b"mei")
        beside = AppendFile(path)
        other.write(b"a\n")
    beside.write(b"inteira\n")
    beside.close()
    assert path.read_bytes() == b"meia\ninteira\n"


def test_a_days_file_that_somebody_removed_is_begun_anew(tmp_path: Path) -> None:
    files = handler(tmp_path)
    files.handle(record("apagada"))
    (tmp_path / SATURDAY).unlink()
    files.handle(record("nova"))
    files.close()
    assert contents(tmp_path) == {SATURDAY: "nova\n"}


def test_a_record_that_cannot_be_put_into_words_does_not_stop_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    files = handler(tmp_path)
    files.handle(logging.LogRecord("x", logging.INFO, "", 0, "%d", ("não é número",), None))
    files.handle(record("boa"))
    files.close()
    assert contents(tmp_path) == {SATURDAY: "boa\n"}

"""The index of a day's file, whatever is in the file and however it comes to be written."""

import random
from pathlib import Path

import pytest

from integrator.logs.index import GRAVITY, OTHER, LogIndex
from integrator.logs.lines import read_back


def line(number: int, level: str = "INFO", more: str = "") -> bytes:
    return f"2026-11-20T08:00:{number % 60:02}.000 {level} integrator.pump action=x row={number}{more}\n".encode()


def indexed(path: Path, index: LogIndex | None = None) -> LogIndex:
    index = index or LogIndex()
    with path.open("rb") as source:
        while index.read_on(source, path.stat().st_size):
            pass
    return index


def records(path: Path, index: LogIndex) -> list[bytes]:
    data = path.read_bytes()
    return [data[slice(*index.span(number))] for number in range(index.count)]


def test_a_traceback_belongs_to_its_first_line(tmp_path: Path) -> None:
    written = [line(1), line(2, "ERROR", "\nTraceback (most recent call last):\n  x"), line(3, "WARNING")]
    path = tmp_path / "dia.log"
    path.write_bytes(b"".join(written))
    index = indexed(path)
    assert records(path, index) == written
    assert [index.gravity(number) for number in range(3)] == [GRAVITY[b"INFO"], GRAVITY[b"ERROR"], GRAVITY[b"WARNING"]]


@pytest.mark.parametrize("seed", range(5))
def test_a_file_that_grows_by_any_pieces_has_the_same_index(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    written = [line(number, more="\n  at" * (number % 4) + "ç" * (number % 90)) for number in range(400)]
    data = b"".join(written)
    path = tmp_path / "dia.log"
    index = LogIndex()
    at = 0
    with path.open("wb") as target:
        while at < len(data):
            size = chance.choice([1, 2, 7, 30, 100, 5000])
            target.write(data[at : at + size])
            target.flush()
            at += size
            indexed(path, index)
    assert records(path, index) == written
    assert [record.raw.encode() + b"\n" for record in reversed(read_back(path, 1000).records)] == written


@pytest.mark.parametrize(
    "garbage",
    [
        b"meia linha sem comeco\n",
        b"\xff\xfe\x00nada disso\xc3\n\n\n",
        b"x" * (5 * 1024 * 1024) + b"\n",
        b"\xef\xbb\xbf" + line(0),
        b"2026-11-20T08:00:00.000 GRAVE integrator.pump x\n",
    ],
    ids=["text", "bytes", "five-megabytes", "bom", "unknown-level"],
)
def test_what_is_not_ours_is_one_record_before_the_first(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "dia.log"
    path.write_bytes(garbage + line(1))
    index = indexed(path)
    assert records(path, index) == [garbage, line(1)]
    assert index.gravity(0) == OTHER
    path.write_bytes(line(1) + garbage + line(2))
    assert records(path, indexed(path)) == [line(1) + garbage, line(2)]


def test_a_half_written_last_line_waits_for_its_rest(tmp_path: Path) -> None:
    path = tmp_path / "dia.log"
    path.write_bytes(line(1)[:20])
    index = indexed(path)
    assert index.count == 0
    path.write_bytes(line(1) + line(2, "ERROR")[:27])
    assert indexed(path, index).count == 1
    path.write_bytes(line(1) + line(2, "ERROR"))
    assert records(path, indexed(path, index)) == [line(1), line(2, "ERROR")]


def test_errors_are_found_in_both_directions(tmp_path: Path) -> None:
    path = tmp_path / "dia.log"
    path.write_bytes(b"".join(line(n, "ERROR" if n in (2, 5) else "CRITICAL" if n == 7 else "INFO") for n in range(9)))
    index = indexed(path)
    assert [index.error_after(number) for number in (-1, 2, 5, 7)] == [2, 5, 7, None]
    assert [index.error_before(number) for number in (9, 7, 5, 2, 0)] == [7, 5, 2, None, None]


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "dia.log"
    path.touch()
    assert indexed(path).count == 0

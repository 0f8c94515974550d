"""Whether a day has an error, wherever in the file it is and however long its records are."""

from pathlib import Path

import pytest

from integrator.logs.errors import has_error


def line(level: str, body: str) -> bytes:
    return f"2026-11-20T08:00:00.000 {level} integrator.pump {body}\n".encode()


QUIET = line("INFO", "action=finished row=1 state=enviada") * 6000


def asked(path: Path, content: bytes, words: str = "") -> bool:
    path.write_bytes(content)
    return has_error(path, words, lambda: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dia.log"


@pytest.mark.parametrize("level", ["ERROR", "CRITICAL"])
def test_an_error_is_found_at_the_beginning_in_the_middle_and_at_the_end(path: Path, level: str) -> None:
    error = line(level, "msg=falha")
    assert asked(path, error + QUIET)
    assert asked(path, QUIET + error + QUIET)
    assert asked(path, QUIET + error.rstrip(b"\n"))


def test_warnings_and_texts_that_only_mention_one_do_not_count(path: Path) -> None:
    warning = line("WARNING", 'msg="um ERROR foi lido"\n  2026 ERROR x')
    assert not asked(path, b"")
    assert not asked(path, QUIET + warning * 3 + QUIET)


@pytest.mark.parametrize("shift", range(-14, 3))
def test_an_error_on_the_edge_of_a_piece_is_found(path: Path, shift: int) -> None:
    head = b"2026-11-20T08:00:00.000 "
    filling = line("INFO", "msg=" + "x" * (256 * 1024 + shift - len(head) - len(line("INFO", "msg="))))
    assert asked(path, filling + line("ERROR", "msg=falha") + line("INFO", "msg=fim"))


def test_the_words_must_be_the_errors_own(path: Path) -> None:
    errors = line("ERROR", "msg=primeira\nTraceback\n  disco cheio") + line("ERROR", "msg=segunda")
    assert asked(path, QUIET + errors + QUIET, "DISCO cheio")
    assert asked(path, QUIET + errors, "segunda")
    assert not asked(path, QUIET + errors + QUIET, "enviada")


@pytest.mark.parametrize("length", [10, 70_000, 300_000])
def test_words_at_the_end_of_a_long_traceback_are_found(path: Path, length: int) -> None:
    error = line("ERROR", "msg=falha\n" + "  chamada\n" * (length // 10) + "  agulha")
    assert asked(path, QUIET + error + QUIET, "agulha")
    assert asked(path, QUIET + error, "agulha")


def test_what_a_pause_raises_ends_it(path: Path) -> None:
    path.write_bytes(QUIET)

    def enough() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        has_error(path, "", enough)


def test_a_file_that_is_gone_is_told(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        has_error(path, "", lambda: None)

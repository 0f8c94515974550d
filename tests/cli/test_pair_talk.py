"""The conversation of ``integrator pair`` with a phone that a test plays, and its code in any terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import segno
from rich.console import Console

from integrator.cli.number_desk import Deed
from integrator.cli.pairing_talk import PairingTalk, Watch
from integrator.cli.terminal_qr import Canvas, canvas_of, draw, size_of
from integrator.sending.gateway import Code, GatewayState, Pairing

WAITING = GatewayState.NEEDS_PAIRING
BEGUN = datetime(2026, 11, 23, 10, 0)


class Phone:
    """Answers one pairing after the other, the last one for ever; remembers what was asked."""

    def __init__(self, *answers: Pairing) -> None:
        self._answers: Iterator[Pairing] = iter(answers)
        self._last = answers[-1]
        self.asked: list[tuple[str, str]] = []

    def do(self, deed: Deed, phone: str = "") -> Pairing:
        self.asked.append((deed, phone))
        return next(self._answers, self._last)


def waiting(text: str, seconds: int = 20, **more: str) -> Pairing:
    return Pairing(WAITING, "", Code(text, BEGUN + timedelta(seconds=seconds)), **more)


def talk(phone: Phone, *, answer_for: str = "") -> tuple[Pairing, str]:
    """Each look at the clock finds it five seconds on; nobody is waited for longer than ten minutes."""
    seconds = iter(range(0, 100_000, 5))
    out = io.StringIO()
    console = Console(file=out, width=100)
    watch = Watch(lambda: BEGUN + timedelta(seconds=next(seconds)), lambda _s: None, timedelta(minutes=10))
    return PairingTalk(phone, console, watch).until_paired(answer_for), out.getvalue()


@pytest.mark.feature("S23")
def test_the_code_renews_itself_and_is_asked_for_again_when_all_are_used_up() -> None:
    over = Pairing(WAITING, "", problem="Ninguém leu o código.")
    connected = Pairing(GatewayState.CONNECTED, "5549988590187")
    phone = Phone(waiting("2@um"), waiting("2@dois"), over, waiting("2@tres"), connected)

    found, said = talk(phone)

    assert found == connected
    assert [deed for deed, _ in phone.asked] == ["begin", "look", "look", "begin", "look"]
    assert said.count("aponte a câmera") == 3
    assert said.count("Ninguém leu o código.") == 1


def test_an_engine_that_has_no_code_yet_is_not_begun_again_at_once() -> None:
    early = Pairing(WAITING, "")
    phone = Phone(early, early, Pairing(GatewayState.CONNECTED, "5549988590187"))
    watch = Watch(lambda: BEGUN, lambda _s: None, timedelta(minutes=1))

    PairingTalk(phone, Console(file=io.StringIO()), watch).until_paired()

    assert [deed for deed, _ in phone.asked] == ["begin", "look", "look"]


def test_a_pair_code_is_shown_as_the_phone_asks_for_it() -> None:
    digits = Pairing(WAITING, "", digits="GH5EC9DZ")
    phone = Phone(digits, Pairing(GatewayState.CONNECTED, "5549988590187"))

    _, said = talk(phone, answer_for="5549988590187")

    assert "GH5E-C9DZ" in said
    assert "Conectar com número de telefone" in said
    assert phone.asked[0] == ("begin", "5549988590187")


@pytest.mark.parametrize("state", [GatewayState.PASSKEY, GatewayState.OUTDATED, GatewayState.BANNED, GatewayState.AUTH])
def test_what_no_other_code_helps_against_ends_it(state: GatewayState) -> None:
    phone = Phone(waiting("2@um"), Pairing(state, ""))
    found, _ = talk(phone)
    assert found.state is state
    assert len(phone.asked) == 2


def test_nobody_is_waited_for_for_ever() -> None:
    phone = Phone(waiting("2@um"))
    found, _ = talk(phone)
    assert found.state is WAITING
    assert len(phone.asked) < 200


_HALVES = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}


def test_every_way_of_drawing_shows_the_same_modules_in_a_white_frame() -> None:
    text = "https://wa.me/settings/linked_devices#2@" + "A" * 230
    matrix = [[int(bool(dark)) for dark in row] for row in segno.make_qr(text, error="l").matrix]
    size = len(matrix)

    halves = [[_HALVES[c] for c in line] for line in draw(text, Canvas(blocks=True, colours=False)).plain.split("\n")]
    by_half = [[pair[half] for pair in line] for line in halves for half in (0, 1)]
    wide = draw(text, Canvas(blocks=False, colours=False)).plain.split("\n")
    by_space = [[int(line[at : at + 2] == "  ") for at in range(0, len(line), 2)] for line in wide]

    for rows in (by_half, by_space):
        assert [row[2 : 2 + size] for row in rows[2 : 2 + size]] == matrix
        assert not any(any(row) for row in rows[:2] + rows[2 + size :])
    assert size_of(draw(text, Canvas(blocks=True, colours=True)))[0] <= 80, "a console of Windows has 80 columns"


def test_with_colours_dark_and_white_are_said_and_not_left_to_the_terminal() -> None:
    for blocks in (True, False):
        drawing = draw("2@um", Canvas(blocks, colours=True))
        styles = {str(span.style) for span in drawing.spans}
        assert all("on #" in style for style in styles)
        assert {style.rpartition("on ")[2] for style in styles} == {"#000000", "#ffffff"}


@pytest.mark.parametrize(
    ("encoding", "blocks"), [("utf-8", True), ("cp850", True), ("cp1252", False), ("ascii", False)]
)
def test_half_blocks_are_used_where_the_code_page_has_them(encoding: str, blocks: bool) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert canvas_of(Console(file=stream)).blocks is blocks

"""``integrator close``: what a person reads, for a closing made in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from integrator.cli.close import close
from integrator.cli.context import Choice
from integrator.cli.portuguese import App, WrongUsage
from integrator.closing.ports import Queued, TitleState
from integrator.closing.reasons import Why
from integrator.closing.result import ClosingResult, Tally
from integrator.closing.run import Moment, run_closing
from integrator.domain.errors import SettingsError
from integrator.settings import Settings
from tests.closing.fakes import FakeOutbox, FakeSource
from tests.closing.world import contact, debt, november, policy, send_day

NIGHT = datetime(2026, 11, 11, 22, 30)


@dataclass
class FakeClosing:
    """What the command gets from ``nightly``."""

    result: ClosingResult
    asked: list[tuple[datetime, bool]] = field(default_factory=list)
    refusal: SettingsError | None = None

    def run(self, at: datetime, dry_run: bool) -> ClosingResult:
        self.asked.append((at, dry_run))
        if self.refusal:
            raise self.refusal
        return self.result


@dataclass(frozen=True)
class Desk:
    """A computer on which the command is run."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def run(self, closing: FakeClosing, *arguments: str) -> str:
        """What it wrote; it ended well."""
        assert self.end(closing, *arguments) == 0
        return self.capture.readouterr().out

    def end(self, closing: FakeClosing, *arguments: str) -> int:
        """The exit code."""

        @contextmanager
        def open_closing(settings: Settings, folder: Path) -> Iterator[FakeClosing]:
            assert folder == self.folder
            yield closing

        self.monkeypatch.setattr("integrator.nightly.open_closing", open_closing)
        app = App(help="x")
        app.command("close")(close)
        command = typer.main.get_command(app)
        config = self.folder / "config.toml"
        config.write_text("[fechamento]\nhorario = '21:15'\n", encoding="utf-8")
        code = command.main(list(arguments), obj=Choice(config, self.folder), standalone_mode=False)
        return int(code or 0)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def in_memory(*, dry_run: bool) -> ClosingResult:
    """One who receives, one held, one whose debt is paid and one without a usable phone."""
    debts = [
        debt(november(9), "1234.56", customer="1"),
        debt(november(9), customer="2", problem="A coluna VALOR não pode ser lida."),
        debt(november(9), customer="3", state=TitleState.PAID),
        debt(november(9), "50.00", customer="4"),
    ]
    people = [contact("1"), contact("2"), contact("3"), contact("4", "98859-0187")]
    source = FakeSource(debts, people, bank_return=datetime(2026, 11, 2, 9, 0))
    return run_closing(source, FakeOutbox(), policy(), Moment(NIGHT, send_day(november(12)), NIGHT), dry_run=dry_run)


@pytest.mark.feature("B03")
def test_a_dry_run_shows_who_would_receive_what_and_who_not_and_why(desk: Desk) -> None:
    said = desk.run(FakeClosing(in_memory(dry_run=True)), "--dry-run")
    assert "Fechamento de 11/11/2026 22:30, para envio em 12/11/2026" in said
    assert "Quem receberia" in said
    (row,) = [line for line in said.splitlines() if "Cliente 1" in line]
    assert [part in row for part in ("(49) 9****-0187", "vencido 3", "R$ 1.234,56")] == [True] * 3
    assert "retida: A coluna VALOR não pode ser lida." in said
    assert "O título já está pago." in said
    assert "98859" not in said
    assert "Atenção: O último retorno bancário lido pelo ERP é de 02/11/2026." in " ".join(said.split())
    assert "Total: 2 mensagens, 2 títulos, R$ 1.334,56. Nada foi gravado." in said


def test_all_who_would_not_receive_are_named_on_request(desk: Desk) -> None:
    said = desk.run(FakeClosing(in_memory(dry_run=True)), "--dry-run", "--todos")
    assert "3 Cliente 3" in said
    assert "“98859-0187”: falta o DDD" in " ".join(said.split())


def test_a_closing_tells_what_was_queued(desk: Desk) -> None:
    said = desk.run(FakeClosing(in_memory(dry_run=False)))
    assert "Na fila: 2 mensagens, 2 títulos, R$ 1.334,56. Destas: 1 nova, 1 retida." in said
    assert "Quem não recebe, e por quê" in said
    assert "Cliente 1" not in said


def test_a_night_with_nothing_says_so(desk: Desk) -> None:
    nothing = ClosingResult(NIGHT, november(12), dry_run=True)
    assert "Ninguém receberia." in desk.run(FakeClosing(nothing), "--dry-run")


def test_a_closing_of_another_day_is_that_of_its_configured_hour(desk: Desk) -> None:
    closing = FakeClosing(in_memory(dry_run=True))
    desk.run(closing, "--date", "20/11/2026", "--dry-run")
    desk.run(closing, "--date", "2026-11-20", "--dry-run")
    assert closing.asked == [(datetime(2026, 11, 20, 21, 15), True)] * 2


def test_a_closing_of_today_is_that_of_this_moment(desk: Desk) -> None:
    closing = FakeClosing(in_memory(dry_run=False))
    began = datetime.now()
    desk.run(closing)
    ((at, dry_run),) = closing.asked
    assert began.replace(microsecond=0) <= at <= datetime.now()
    assert dry_run is False


@pytest.mark.parametrize("arguments", [("--date", "2026-11-20"), ("--todos",)])
def test_what_only_a_dry_run_can_do_is_refused_otherwise(desk: Desk, arguments: tuple[str, ...]) -> None:
    closing = FakeClosing(in_memory(dry_run=False))
    with pytest.raises(WrongUsage, match="--dry-run"):
        desk.run(closing, *arguments)
    assert closing.asked == []


def test_a_row_that_the_database_refused_is_told_by_the_exit_code(desk: Desk) -> None:
    refused = ClosingResult(
        NIGHT,
        november(12),
        dry_run=False,
        messages=1,
        amount=Decimal("1.00"),
        queued={Queued.ERROR: 1},
        skipped={Why.PAID: Tally(1, 1, Decimal("0.00"))},
    )
    assert desk.end(FakeClosing(refused)) == 1
    assert "1 recusada pelo banco" in desk.capture.readouterr().out


def test_a_refusal_is_in_the_log_too(desk: Desk) -> None:
    with pytest.raises(SettingsError):
        desk.run(FakeClosing(in_memory(dry_run=False), refusal=SettingsError("Falta o perfil.")))
    (log,) = (desk.folder / "registro").iterdir()
    assert "command_refused" in log.read_text(encoding="utf-8")

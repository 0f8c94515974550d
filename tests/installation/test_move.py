"""An installation taken to another computer goes on there with its memory, and never again from the old one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from integrator.domain.errors import JournalError, SettingsError
from integrator.erp.connection import Database
from integrator.gateways.simulator.process import RunningSimulator
from integrator.installation.archive import MoveError
from integrator.installation.authorisation import authorise
from integrator.installation.records import look
from integrator.installation.standing import Asks, Authorised, Cause, Standing
from integrator.panel.store import PanelStore
from integrator.paths import PANEL_FILE
from integrator.single_instance import InstanceLock
from integrator.support import move
from tests.installation.conftest import MORNING, Computer
from tools.faults_engine import EngineRun, Kill, Point, killed_at
from tools.faults_shop import Shop, judge
from tools.firebird_server import PrivateServer

NOON = MORNING.replace(hour=12)
#: The tests' server under a name that does not mean "this computer": that would be another place on each computer.
SERVER = "0.0.0.0"


@dataclass(frozen=True, slots=True)
class Case:
    """A move from ``old`` to ``new`` by way of ``file``."""

    old: Computer
    new: Computer
    file: Path

    def export(self) -> move.Exported:
        config = self.old.folder / "config.toml"
        return move.export(self.old.settings, self.old.folder, config, self.file, NOON, self.old.machine)

    def bring(self, *, replacing: bool = False) -> None:
        move.bring(self.file, self.new.folder, NOON, replacing=replacing)


@pytest.fixture
def case(counter: Computer, laptop: Computer, tmp_path: Path) -> Case:
    """The shop's computer is configured and has worked; the new one is empty."""
    served = replace(counter.target, host=SERVER)
    counter.folder.mkdir()
    (counter.folder / "config.toml").write_text("[whatsapp]\nddd_padrao = '49'\n", encoding="utf-8")
    return Case(counter.at(served), laptop.at(served).later(NOON + timedelta(hours=1)), tmp_path / "instalação.zip")


def cause(standing: Standing) -> Cause | None:
    return standing.cause if isinstance(standing, Asks) else None


@pytest.mark.feature("B25")
def test_the_new_computer_goes_on_and_the_old_one_switched_on_by_mistake_sends_nothing(
    case: Case, phones: RunningSimulator, shop: Shop
) -> None:
    shop.debts(range(2), MORNING.date())
    assert case.old.turn_on() == Authorised()
    shop.debts(range(2, 4), MORNING.date())
    shop.run("UPDATE WA_BATIMENTO SET BATIDA_EM = DATEADD(-1 DAY TO BATIDA_EM)")
    shop.close()

    case.export()
    case.bring()
    old = case.old.later(NOON).turn_on()
    sent_by_old = len(phones.ledger().messages)
    new = case.new.turn_on()

    assert (cause(old), new) == (Cause.LEFT, Authorised())
    verdict = judge(shop.queue(), phones.ledger())
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.other) == (4, (), (), ())
    assert sent_by_old == 4  # the first two debts: one part and three
    assert shop.rows("SELECT COUNT(*) FROM WA_BATIMENTO") == [(1,)]
    assert case.old.turn_on() == old
    assert len(phones.ledger().messages) == 8


@pytest.mark.feature("B25", "B01")
def test_the_memory_of_what_was_sent_comes_along(case: Case, phones: RunningSimulator, shop: Shop) -> None:
    """The database forgets: yesterday's rows stand there again. The journal knows, on the new computer too."""
    shop.debts(range(2), MORNING.date())
    case.old.turn_on()
    case.export()
    case.bring()
    shop.run("DELETE FROM WA_PARTE")
    shop.run("DELETE FROM WA_FILA")
    shop.debts(range(2), MORNING.date())
    shop.close()

    assert case.new.turn_on() == Authorised()

    assert len(phones.ledger().messages) == 4
    assert {row.code for row in shop.queue().values()} == {"diario"}


@pytest.mark.feature("B25", "B01")
def test_a_row_that_the_old_computer_held_when_it_died_is_settled_by_its_journal(
    case: Case, phones: RunningSimulator, shop: Shop
) -> None:
    shop.debts(range(2), MORNING.date())
    case.old.stands()
    dying = EngineRun(case.old.target, case.old.folder, phones.folder, MORNING, kill=Kill(Point.AFTER_ANSWER, 2))
    assert killed_at(dying)
    case.export()
    case.bring()

    case.new.turn_on()

    verdict = judge(shop.queue(), phones.ledger())
    assert (len(verdict.sent), verdict.duplicates, verdict.lost, verdict.uncertain) == (2, (), (), ())


def test_the_same_file_on_a_second_computer_finds_the_place_taken(case: Case, tmp_path: Path) -> None:
    case.old.stands()
    case.export()
    case.bring()
    assert case.new.stands() == Authorised()
    third = replace(case, new=replace(case.new, name="TERCEIRO", folder=tmp_path / "terceiro"))
    third.bring()

    assert cause(third.new.stands()) is Cause.OTHER_COMPUTER
    assert case.new.stands() == Authorised()


def test_a_file_that_lay_about_while_the_old_computer_worked_again_is_not_believed(case: Case) -> None:
    """What it knows of what was sent is out of date."""
    case.old.stands()
    case.export()
    with closing(Database(case.old.target)) as database:
        us = case.old.us()
        authorise(database, us, look(database, us), NOON + timedelta(minutes=5))
    assert case.old.stands() == Authorised()
    case.bring()

    assert cause(case.new.stands()) is Cause.OTHER_COMPUTER
    assert case.old.stands() == Authorised()


def test_with_the_database_away_both_ask_and_a_person_decides(case: Case) -> None:
    case.old.stands()
    away = replace(case, old=case.old.at(replace(case.old.target, port=1)))

    assert away.export().away == ("principal",)
    case.bring()

    assert (cause(case.old.stands()), cause(case.new.stands())) == (Cause.LEFT, Cause.OTHER_PLACE)
    with closing(Database(case.new.target)) as database:
        authorise(database, case.new.us(), look(database, case.new.us()), NOON)
    assert (cause(case.old.stands()), case.new.stands()) == (Cause.LEFT, Authorised())


def test_beside_a_copy_of_the_database_the_import_asks(case: Case, firebird_server: PrivateServer) -> None:
    """A technician has the shop's file and a copy of the shop's database."""
    case.old.stands()
    case.export()
    case.bring()
    copy = firebird_server.copy_database(case.old.target.path, Path(case.old.target.path).with_suffix(".teste.fdb"))

    stands = case.new.at(replace(case.new.target, path=str(copy))).stands()
    copy.unlink()

    assert cause(stands) is Cause.OTHER_PLACE


def test_a_server_that_moved_along_is_asked_about(case: Case) -> None:
    """On both computers the database is "on this computer": not the same one."""
    local = replace(
        case,
        old=case.old.at(replace(case.old.target, host="localhost")),
        new=case.new.at(replace(case.new.target, host="localhost")),
    )
    local.old.stands()
    local.export()
    local.bring()

    assert cause(local.new.stands()) is Cause.OTHER_PLACE


def test_back_to_the_old_computer(case: Case, phones: RunningSimulator, shop: Shop) -> None:
    shop.debts(range(1), MORNING.date())
    case.old.turn_on()
    case.export()
    case.bring()
    case.new.stands()
    back = Case(case.new, case.old.later(NOON + timedelta(hours=3)), case.file.with_name("volta.zip"))
    move.export(back.old.settings, back.old.folder, back.old.folder / "config.toml", back.file, NOON, back.old.machine)
    back.bring(replacing=True)
    shop.debts(range(1, 3), MORNING.date())

    assert back.new.turn_on() == Authorised()

    assert cause(back.old.stands()) is Cause.LEFT
    verdict = judge(shop.queue(), phones.ledger())
    assert (len(verdict.sent), verdict.duplicates, verdict.other) == (3, (), ())


# -- what is refused --


def test_a_running_integrator_is_not_exported(case: Case) -> None:
    case.old.stands()
    with InstanceLock(case.old.folder), pytest.raises(MoveError, match="em execução"):
        case.export()
    assert not case.file.exists()
    assert case.old.stands() == Authorised()


def test_nothing_to_export_is_told(case: Case) -> None:
    with pytest.raises(MoveError, match="não tem diário"):
        case.export()


def test_an_existing_file_is_not_written_over(case: Case) -> None:
    case.old.stands()
    case.file.write_bytes(b"de outra pessoa")
    with pytest.raises(MoveError, match="já existe"):
        case.export()
    assert case.file.read_bytes() == b"de outra pessoa"


def test_an_installation_that_is_there_is_replaced_only_when_told_and_kept_aside(case: Case) -> None:
    case.old.stands()
    case.export()
    (case.new.folder / "registro").mkdir(parents=True)
    (case.new.folder / "config.toml").write_text("# da outra\n", encoding="utf-8")
    with pytest.raises(MoveError, match="--substituir"):
        case.bring()
    assert (case.new.folder / "config.toml").read_text(encoding="utf-8") == "# da outra\n"
    case.new.us()

    case.bring(replacing=True)

    assert "ddd_padrao" in (case.new.folder / "config.toml").read_text(encoding="utf-8")
    (aside,) = case.new.folder.glob("antes-da-mudanca-*")
    assert (aside / "config.toml").read_text(encoding="utf-8") == "# da outra\n"
    assert (aside / "integrator.db").exists()
    assert case.new.us().journal == case.old.us().journal
    assert list(case.new.folder.glob("mudanca-*")) == []


@pytest.fixture
def exported(case: Case) -> Case:
    case.old.stands()
    case.export()
    return case


def refused(case: Case, match: str, error: type[Exception] = MoveError) -> None:
    with pytest.raises(error, match=match):
        case.bring()
    left = [path.name for path in case.new.folder.iterdir() if path.name != "integrator.lock"]
    assert left == []


@pytest.mark.parametrize("kept", [0, 100, -40])
def test_a_truncated_file_is_refused_and_nothing_is_left_of_it(kept: int, exported: Case) -> None:
    whole = exported.file.read_bytes()
    exported.file.write_bytes(whole[:kept])
    refused(exported, "incompleto ou danificado")


def test_a_flipped_bit_is_refused(exported: Case) -> None:
    whole = bytearray(exported.file.read_bytes())
    whole[len(whole) // 2] ^= 1
    exported.file.write_bytes(bytes(whole))
    refused(exported, "incompleto ou danificado")


def rewritten(case: Case, **changes: object) -> None:
    """The archive with other values in its manifest, and members added: ``name=bytes``."""
    with zipfile.ZipFile(case.file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifesto.json"])
    for name, value in changes.items():
        if isinstance(value, bytes):
            members[name] = value
        else:
            manifest[name] = value
    with zipfile.ZipFile(case.file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, json.dumps(manifest) if name == "manifesto.json" else content)


def test_a_newer_format_is_told(exported: Case) -> None:
    rewritten(exported, formato=2, programa="9.0.0")
    refused(exported, "versão mais nova do integrador \\(9.0.0\\)")


def test_another_zip_is_told(exported: Case) -> None:
    rewritten(exported, arquivos=["x"])
    refused(exported, "não é uma instalação")


@pytest.mark.parametrize("name", ["../fora.toml", "/etc/fora.toml", "C:/fora.toml", "a\\..\\fora.toml", ".x.toml"])
def test_no_member_leaves_the_folder(name: str, exported: Case) -> None:
    with zipfile.ZipFile(exported.file) as archive:
        sealed = json.loads(archive.read("manifesto.json"))["arquivos"]
    rewritten(exported, arquivos=sealed | {name: [1, "0" * 64]}, **{name: b"x"})
    refused(exported, "não é uma instalação")


def test_a_member_that_nobody_sealed_is_refused(exported: Case) -> None:
    rewritten(exported, **{"a.toml": b"x"})
    refused(exported, "incompleto ou danificado")


def test_a_journal_of_a_newer_program_is_told(case: Case) -> None:
    case.old.stands()
    case.export()
    with closing(sqlite3.connect(case.old.folder / "integrator.db")) as db:
        db.execute("PRAGMA user_version = 99")
    newer = (case.old.folder / "integrator.db").read_bytes()
    with zipfile.ZipFile(case.file) as archive:
        sealed = json.loads(archive.read("manifesto.json"))["arquivos"]
    sealed["integrator.db"] = [len(newer), hashlib.sha256(newer).hexdigest()]
    rewritten(case, arquivos=sealed, **{"integrator.db": newer})
    refused(case, "versão mais nova", JournalError)


def test_settings_that_this_program_does_not_know_are_told_before_anything_changes(case: Case) -> None:
    case.old.stands()
    (case.old.folder / "config.toml").write_text("[futuro]\nx = 1\n", encoding="utf-8")
    case.export()
    refused(case, "futuro", SettingsError)


def test_an_import_that_was_cut_short_asks(exported: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = move._put_aside

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(move, "_put_aside", full)
    with pytest.raises(OSError, match="space"):
        exported.bring()
    monkeypatch.setattr(move, "_put_aside", whole)

    assert cause(exported.new.stands()) is Cause.INCOMPLETE
    exported.bring(replacing=True)
    assert exported.new.stands() == Authorised()


def test_the_file_holds_no_secret_and_not_the_log(case: Case) -> None:
    case.old.stands()
    for folder in ("segredos", "registro", "ensaio"):
        (case.old.folder / folder).mkdir()
        (case.old.folder / folder / "senha.txt").write_text("masterkey", encoding="utf-8")
    case.export()

    with zipfile.ZipFile(case.file) as archive:
        assert sorted(archive.namelist()) == ["config.toml", "integrator.db", "manifesto.json"]


def test_the_panels_memory_comes_along(case: Case) -> None:
    """Its people and the versions of texts, also what still stands in the write-ahead log."""
    case.old.stands()
    store = PanelStore(case.old.folder / PANEL_FILE)
    with store.change() as db:
        db.execute(
            "INSERT INTO member (login, name, role, password, created_at) VALUES ('ana', 'Ana', 3, '!', '2026-11-20')"
        )
    case.export()
    store.close()
    case.bring()

    brought = PanelStore(case.new.folder / PANEL_FILE)
    assert brought.read("SELECT name FROM member") == [("Ana",)]
    brought.close()

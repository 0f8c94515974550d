"""Who may send without being asked, and who must ask first: with a real database and real files."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from integrator.domain.errors import RowLocked
from integrator.erp.connection import Database, Target
from integrator.installation import authorisation
from integrator.installation.authorisation import StandingChanged, authorise, retire
from integrator.installation.records import look
from integrator.installation.standing import Asks, Authorised, Cause, Standing
from tests.erp.helpers import contract_database
from tests.installation.conftest import MORNING, Computer, target_of
from tools import firebird_packages
from tools.faults_shop import Shop
from tools.firebird_server import PrivateServer

BEAT = (
    "INSERT INTO WA_BATIMENTO (DONO, MAQUINA, BATIDA_EM) VALUES (?, ?, DATEADD(? SECOND TO CAST('NOW' AS TIMESTAMP)))"
)


def cause(standing: Standing) -> Cause | None:
    return standing.cause if isinstance(standing, Asks) else None


def said(standing: Standing) -> str:
    assert isinstance(standing, Asks)
    return standing.reason


@pytest.mark.feature("B25")
def test_a_first_installation_needs_nothing_but_a_connection(firebird_server: PrivateServer, counter: Computer) -> None:
    path = contract_database(firebird_server, "WIN1252", dialect=1).path
    first = counter.at(target_of(firebird_server, path))

    assert (first.stands(), first.stands()) == (Authorised(), Authorised())

    shop = Shop(first.target)
    ((key, value),) = shop.rows("SELECT CHAVE, VALOR FROM WA_CONFIG")
    shop.close()
    assert (len(key), key) == (40, f"AUT:{first.us().journal}")
    assert "BALCAO" in value


def test_an_installation_older_than_this_rule_goes_on(counter: Computer, shop: Shop) -> None:
    shop.run(BEAT, (counter.us().owner, "BALCAO", -86400))

    assert counter.stands() == Authorised()


@pytest.mark.feature("B25")
def test_a_data_folder_copied_to_another_computer_asks(counter: Computer, laptop: Computer) -> None:
    counter.stands()
    shutil.copytree(counter.folder, laptop.folder)

    stands = laptop.stands()

    assert cause(stands) is Cause.OTHER_COMPUTER
    assert "BALCAO, autorizado em" in said(stands)
    assert counter.stands() == Authorised()


@pytest.mark.feature("B25")
def test_a_database_copied_to_another_path_asks_on_the_same_computer(
    counter: Computer, firebird_server: PrivateServer
) -> None:
    counter.stands()
    copy = firebird_server.copy_database(counter.target.path, Path(counter.target.path).with_suffix(".copia.fdb"))

    stands = counter.at(target_of(firebird_server, copy)).stands()
    copy.unlink()

    assert cause(stands) is Cause.OTHER_PLACE
    assert "foi copiado, ou mudou de servidor" in said(stands)


@pytest.mark.feature("B25")
def test_a_technicians_fresh_installation_on_a_copied_database_asks(
    counter: Computer, laptop: Computer, firebird_server: PrivateServer
) -> None:
    counter.stands()
    copy = firebird_server.copy_database(counter.target.path, Path(counter.target.path).with_suffix(".tecnico.fdb"))

    stands = laptop.at(target_of(firebird_server, copy)).stands()
    copy.unlink()

    assert cause(stands) is Cause.OTHERS
    assert "BALCAO" in said(stands)


def test_a_backup_restored_over_the_same_path_keeps_the_authorisation(
    counter: Computer, shop: Shop, firebird_server: PrivateServer, tmp_path: Path
) -> None:
    counter.stands()
    path, saved = Path(counter.target.path), tmp_path / "ontem.fbk"
    ((created,),) = shop.rows("SELECT MON$CREATION_DATE FROM MON$DATABASE")
    _gbak(firebird_server, "-b", firebird_server.dsn(path), str(saved))
    shop.close()
    path.unlink()
    _gbak(firebird_server, "-c", str(saved), firebird_server.dsn(path))

    assert counter.stands() == Authorised()
    assert shop.rows("SELECT MON$CREATION_DATE FROM MON$DATABASE") != [(created,)]


@pytest.mark.feature("B11", "B25")
def test_a_second_computer_asks_and_one_word_lets_it_join(
    counter: Computer, laptop: Computer, database: Database
) -> None:
    counter.stands()
    assert cause(laptop.stands()) is Cause.OTHERS

    authorise(database, laptop.us(), look(database, laptop.us()), MORNING)

    assert (laptop.stands(), counter.stands()) == (Authorised(), Authorised())
    assert [each.computer for each in look(database, laptop.us()).granted].count("NOTEBOOK") == 1
    assert len(look(database, laptop.us()).granted) == 2


def test_a_queue_where_another_integrator_ever_beat_is_not_taken_for_new(laptop: Computer, shop: Shop) -> None:
    """Older programs leave a heartbeat and no authorisation."""
    shop.run(BEAT, ("abcdef01-VELHO-1234", "SERVIDOR", -86400 * 90))

    stands = laptop.stands()

    assert cause(stands) is Cause.OTHERS
    assert "SERVIDOR" in said(stands)


def test_authorising_a_copied_folder_stops_the_original(
    counter: Computer, laptop: Computer, database: Database
) -> None:
    counter.stands()
    shutil.copytree(counter.folder, laptop.folder)

    authorise(database, laptop.us(), look(database, laptop.us()), MORNING)

    assert laptop.stands() == Authorised()
    assert cause(counter.stands()) is Cause.OTHER_COMPUTER


def test_a_decision_on_what_is_no_longer_true_is_refused(
    counter: Computer, laptop: Computer, database: Database
) -> None:
    seen = look(database, laptop.us())
    counter.stands()

    with pytest.raises(StandingChanged):
        authorise(database, laptop.us(), seen, MORNING)
    assert cause(laptop.stands()) is Cause.OTHERS


def test_a_retired_installation_leaves_the_others_alone(
    counter: Computer, laptop: Computer, database: Database
) -> None:
    counter.stands()
    authorise(database, laptop.us(), look(database, laptop.us()), MORNING)

    assert retire(database, counter.us())
    assert not retire(database, counter.us())

    assert [each.computer for each in look(database, counter.us()).granted] == ["NOTEBOOK"]
    assert cause(counter.stands()) is Cause.OTHERS


def test_a_copy_cannot_withdraw_what_was_given_to_the_original(
    counter: Computer, laptop: Computer, database: Database
) -> None:
    counter.stands()
    shutil.copytree(counter.folder, laptop.folder)

    assert not retire(database, laptop.us())
    assert counter.stands() == Authorised()


@pytest.mark.feature("B25")
def test_of_two_first_installations_at_the_same_moment_one_asks(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have seen an empty database, and both are about to write."""
    both = [Computer(f"PC{n}", tmp_path / f"pc{n}", target, tmp_path) for n in range(2)]
    for computer in both:
        computer.us()
    found: list[Standing] = []
    _meet_after(monkeypatch, "look", 10.0)
    _meet_after(monkeypatch, "look_in", 0.05)  # inside the transaction; whoever is alone there goes on

    def ask(computer: Computer) -> None:
        while True:
            with contextlib.suppress(RowLocked):  # the other's commit takes its time: the daemon asks again, too
                found.append(computer.stands())
                return

    threads = [threading.Thread(target=ask, args=(computer,)) for computer in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)

    assert sorted(str(cause(stands)) for stands in found) == ["None", "outros"]


def _meet_after(monkeypatch: pytest.MonkeyPatch, name: str, patience_s: float) -> None:
    """Let two threads leave that function together, if both come in time."""
    real, meeting = getattr(authorisation, name), threading.Barrier(2)

    def met(*arguments: object) -> object:
        answer = real(*arguments)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(patience_s)
        return answer

    monkeypatch.setattr(authorisation, name, met)


def test_an_authorisation_that_somebody_scribbled_over_asks(counter: Computer, shop: Shop) -> None:
    counter.stands()
    shop.run("UPDATE WA_CONFIG SET VALOR = 'sim' WHERE CHAVE STARTING WITH 'AUT:'")

    stands = counter.stands()

    assert cause(stands) is Cause.UNREADABLE


def test_the_server_under_another_of_its_names_is_the_same_place(counter: Computer) -> None:
    counter.stands()

    assert counter.at(replace(counter.target, host="localhost")).stands() == Authorised()


def _gbak(server: PrivateServer, *arguments: str) -> None:
    program = firebird_packages.ensure().isql.with_name("gbak")
    login = ("-user", server.user, "-password", server.password)
    environment = {**os.environ, **server.client_environment()}
    subprocess.run([str(program), *arguments, *login], check=True, env=environment, timeout=60)

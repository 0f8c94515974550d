"""The closing on a real database, and the hour at which it is done."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from integrator.closing.ports import Queued
from integrator.domain.errors import SchemaError, SettingsError
from integrator.erp.connection import Database
from integrator.erp.profiles.configured import title_checker
from integrator.nightly import NightlyClosing, latest_hour, open_closing
from tests.nightly.conftest import PROFILE, Shop

NIGHT = datetime(2026, 11, 22, 22, 30)
MONDAY = date(2026, 11, 23)
#: What falls due on the send day gets the step "vence hoje".
DUE = MONDAY


def run(shop: Shop, at: datetime = NIGHT, *, dry_run: bool = False) -> dict[Queued, int]:
    with open_closing(shop.settings(), shop.folder) as closing:
        return dict(closing.run(at, dry_run).queued)


class TestOneClosing:
    @pytest.mark.feature("B03", "B13")
    def test_who_owes_is_queued_for_the_next_day_on_which_collection_leaves(self, shop: Shop) -> None:
        shop.owe("T1", 1, DUE)

        assert run(shop) == {Queued.NEW: 1}

        ((key, state),) = shop.keys().items()
        assert key.startswith("fech|2026-11-23|")
        assert state == "pendente"
        with shop.database.attach() as erp:
            assert erp.one("SELECT NAO_ANTES, REGRA, ETAPA, CLIENTE_NOME FROM WA_FILA") == (
                datetime(2026, 11, 23), "fechamento", "vence hoje", "Cliente 1",
            )  # fmt: skip
            assert erp.one("SELECT REF, ETAPA, DIA FROM WA_ETAPA") == ("T1", "vence hoje", MONDAY)
            assert erp.value("SELECT RAZAO_SOCIAL FROM WA_EMPRESA") == "Loja Modelo Ltda"
            assert erp.value("SELECT FECHAMENTO_DESDE FROM WA_SCHEMA") == MONDAY

    @pytest.mark.feature("B03")
    def test_run_twice_it_changes_nothing(self, shop: Shop) -> None:
        shop.owe("T1", 1, DUE)
        run(shop)
        with shop.database.attach() as erp:
            before = erp.ask("SELECT CHAVE, GUID, SITUACAO, ATUALIZADO_EM FROM WA_FILA")

        assert run(shop, NIGHT + timedelta(hours=2)) == {}

        with shop.database.attach() as erp:
            assert erp.ask("SELECT CHAVE, GUID, SITUACAO, ATUALIZADO_EM FROM WA_FILA") == before

    @pytest.mark.feature("B03")
    def test_a_dry_run_writes_nothing_at_all(self, shop: Shop) -> None:
        shop.owe("T1", 1, DUE)
        with open_closing(shop.settings(), shop.folder) as closing:
            result = closing.run(NIGHT, dry_run=True)

        assert (result.messages, result.send_day) == (1, MONDAY)
        with shop.database.attach() as erp:
            for table in ("WA_FILA", "WA_ETAPA", "WA_FECHAMENTO", "WA_EMPRESA"):
                assert erp.value(f"SELECT COUNT(*) FROM {table}") == 0
            assert erp.value("SELECT FECHAMENTO_DESDE FROM WA_SCHEMA") is None

    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (datetime(2026, 11, 18, 22, 30), date(2026, 11, 19)),
            (datetime(2026, 11, 18, 6, 0), date(2026, 11, 18)),
            (datetime(2026, 11, 19, 22, 30), MONDAY),  # over the holiday of the 20th and the weekend
        ],
    )
    def test_a_closing_works_for_the_next_send_day(self, shop: Shop, at: datetime, day: date) -> None:
        with open_closing(shop.settings(), shop.folder) as closing:
            assert closing.send_day(at).day == day

    def test_without_the_contract_nothing_is_begun(self, shop: Shop) -> None:
        with shop.database.attach() as erp:
            erp.done("UPDATE WA_SCHEMA SET VERSAO = 4")
        with pytest.raises(SchemaError, match="integrator schema install"), open_closing(shop.settings(), shop.folder):
            pass

    def test_a_profile_that_is_not_there_is_told(self, shop: Shop) -> None:
        chosen = shop.settings(perfil="outro.toml")
        with pytest.raises(SettingsError, match="Não encontrei este perfil"), open_closing(chosen, shop.folder):
            pass


class TestTheCheckerOfTheEngine:
    def test_it_asks_through_the_configured_profile(self, shop: Shop) -> None:
        shop.owe("T1", 1, DUE)
        database = Database(shop.database.target())
        checker = title_checker(shop.settings(), shop.folder, database)
        assert checker is not None
        answer = checker.ask("T1")
        assert answer is not None
        assert (checker.can_ask, answer.due, checker.ask("T9")) == (True, DUE, None)
        checker.close()
        database.close()

    def test_an_erp_that_fills_the_queue_itself_needs_none(self, shop: Shop) -> None:
        chosen = shop.settings(ligado=False, perfil="")
        assert title_checker(chosen, shop.folder, Database(shop.database.target())) is None


class TestTheHour:
    @pytest.mark.parametrize(
        ("now", "hour"),
        [
            (datetime(2026, 11, 22, 22, 29), datetime(2026, 11, 21, 22, 30)),
            (datetime(2026, 11, 22, 22, 30), datetime(2026, 11, 22, 22, 30)),
            (datetime(2026, 11, 23, 8, 0), datetime(2026, 11, 22, 22, 30)),
        ],
    )
    def test_the_newest_hour_that_has_come(self, now: datetime, hour: datetime) -> None:
        assert latest_hour(now, time(22, 30)) == hour

    @pytest.mark.feature("B03")
    def test_switched_on_at_noon_the_first_closing_is_that_night_and_only_once(self, shop: Shop) -> None:
        shop.owe("T1", 1, DUE)
        nightly = NightlyClosing(shop.settings(), shop.folder)

        assert nightly.tick(datetime(2026, 11, 22, 12, 0)) is None
        assert nightly.tick(NIGHT - timedelta(seconds=1)) is None
        assert shop.keys() == {}
        done = nightly.tick(NIGHT)
        assert done is not None
        assert done.messages == 1
        assert nightly.tick(NIGHT + timedelta(seconds=20)) is None
        assert NightlyClosing(shop.settings(), shop.folder).tick(NIGHT + timedelta(hours=1)) is None  # a restart
        assert len(shop.keys()) == 1

    @pytest.mark.feature("B03")
    def test_nights_with_the_computer_off_are_made_up_for_once_in_the_morning(self, shop: Shop) -> None:
        NightlyClosing(shop.settings(), shop.folder).tick(datetime(2026, 11, 17, 12, 0))
        shop.owe("T1", 1, DUE)
        morning = NightlyClosing(shop.settings(), shop.folder)

        done = morning.tick(datetime(2026, 11, 23, 7, 45))

        assert done is not None
        assert (done.send_day, done.messages) == (MONDAY, 1)
        assert morning.tick(datetime(2026, 11, 23, 7, 46)) is None
        with shop.database.attach() as erp:
            assert erp.value("SELECT COUNT(*) FROM WA_FECHAMENTO WHERE DIA IS NOT NULL") == 1

    def test_switched_off_it_never_looks(self, shop: Shop) -> None:
        nightly = NightlyClosing(shop.settings(ligado=False), shop.folder / "nowhere")

        assert nightly.tick(NIGHT) is None
        assert nightly.problem == ""

    @pytest.mark.feature("B03")
    def test_rows_that_the_erp_holds_make_it_wait_and_nothing_is_lost(self, shop: Shop) -> None:
        nightly = NightlyClosing(shop.settings(), shop.folder)
        nightly.tick(NIGHT - timedelta(hours=10))
        shop.owe("T1", 1, DUE)
        with shop.database.attach() as erp:
            erp.run("UPDATE WA_SCHEMA SET VERSAO = VERSAO")

            assert nightly.tick(NIGHT) is None
            assert "usando este registro" in nightly.problem
            assert nightly.tick(NIGHT + timedelta(seconds=30)) is None  # not asked again at once
            erp.rollback()

        assert nightly.tick(NIGHT + timedelta(minutes=1)) is not None
        assert nightly.problem == ""
        assert len(shop.keys()) == 1

    def test_a_broken_profile_is_told_once_in_ten_minutes_and_mended_without_a_restart(self, shop: Shop) -> None:
        file = shop.folder / "loja.toml"
        nightly = NightlyClosing(shop.settings(), shop.folder)
        nightly.tick(NIGHT - timedelta(hours=10))
        file.write_text(PROFILE.replace("SALDO AS", "SALDOS AS"), encoding="utf-8")

        assert nightly.tick(NIGHT) is None
        assert "SALDOS" in nightly.problem
        file.write_text(PROFILE, encoding="utf-8")
        assert nightly.tick(NIGHT + timedelta(minutes=9)) is None
        assert nightly.tick(NIGHT + timedelta(minutes=10)) is not None
        assert nightly.problem == ""

    def test_a_defect_of_ours_never_ends_the_loop(self, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        nightly = NightlyClosing(shop.settings(), shop.folder)
        monkeypatch.setattr("integrator.nightly.open_closing", lambda *_: 1 / 0)

        assert nightly.tick(NIGHT) is None
        assert "chame o suporte" in nightly.problem

    def test_a_clock_that_ran_ahead_does_not_stop_the_closings_for_ever(self, shop: Shop) -> None:
        nightly = NightlyClosing(shop.settings(), shop.folder)
        nightly.tick(datetime(2030, 1, 1, 23, 0))
        nightly.tick(datetime(2030, 1, 2, 23, 0))
        shop.owe("T1", 1, DUE)

        assert nightly.tick(NIGHT - timedelta(hours=10)) is None  # set right: as if switched on now
        assert nightly.tick(NIGHT) is not None

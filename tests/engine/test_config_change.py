"""What a person saves counts from the next round on; what cannot be used changes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from integrator.daemon.rounds import Rounds
from integrator.daemon.station import Premises
from integrator.erp.connection import Target
from integrator.gateways.simulator.process import RunningSimulator
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile, put
from tests.engine.conftest import MORNING
from tests.engine.one_engine import OneEngine
from tools.faults_engine import PASSWORD_VARIABLE, SkippedClock
from tools.faults_shop import Shop

_CONFIG = """\
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
[envio]
intervalo_min_s = 60
intervalo_max_s = 60
[calendario.cobranca]
feriados = true
"""


@pytest.fixture
def config(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ConfigFile:
    monkeypatch.setenv(PASSWORD_VARIABLE, target.password)
    path = tmp_path / "config.toml"
    path.write_text(_CONFIG.format(host=target.host, port=target.port, path=target.path), encoding="utf-8")
    return ConfigFile(path)


@pytest.fixture
def clock() -> SkippedClock:
    return SkippedClock(datetime.combine(MORNING.date(), MORNING.time()))


def rounds_of(config: ConfigFile, folder: Path, clock: SkippedClock, simulator: RunningSimulator) -> Rounds:
    folder.mkdir(exist_ok=True)
    gateway = simulator.gateway(clock=clock.now)
    rounds = Rounds(config.settings(), Premises(folder, clock, OneEngine(gateway)), config, config.settings)
    rounds.open()
    return rounds


def sent(shop: Shop) -> int:
    return sum(row.state in {"enviada", "entregue", "lida"} for row in shop.queue().values())


def test_a_saved_text_is_the_text_of_the_next_message(
    config: ConfigFile, shop: Shop, simulator: RunningSimulator, clock: SkippedClock, tmp_path: Path
) -> None:
    shop.debts(range(2), MORNING.date())
    rounds = rounds_of(config, tmp_path / "dados", clock, simulator)
    heard: list[Settings] = []
    rounds.on_settings = heard.append

    while sent(shop) < 1:
        rounds.turn()
        clock.sleep(20)
    config.change(lambda document: put(document, ("mensagens", "vencidos"), "Texto novo, {primeiro_nome}."))
    config.change(lambda document: put(document, ("mensagens", "a_vencer"), "Texto novo, {primeiro_nome}."))
    config.change(lambda document: put(document, ("mensagens", "vencidos_e_a_vencer"), "Texto novo, {primeiro_nome}."))
    while sent(shop) < 2:
        rounds.turn()
        clock.sleep(20)
    rounds.close()

    texts = [bubble.caption or bubble.text for bubble in simulator.ledger().messages]
    assert [text.startswith("Texto novo") for text in texts if len(text) > 12].count(True) == 1
    assert len(heard) == 1, "saved several times before the round, applied once"


@pytest.mark.parametrize(
    "damage",
    ["[envio]\nintervalo_min_s = 1\n", "isto não é TOML", '[mensagens]\nvencidos = "Olá, {nao_existe}"\n'],
    ids=["value", "writing", "text"],
)
def test_a_configuration_that_cannot_be_used_leaves_the_last_one_in_force(
    damage: str,
    config: ConfigFile,
    shop: Shop,
    simulator: RunningSimulator,
    clock: SkippedClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shop.debts(range(1), MORNING.date())
    rounds = rounds_of(config, tmp_path / "dados", clock, simulator)
    before = rounds.settings

    config.path.write_text(damage, encoding="utf-8")
    for _ in range(12):
        rounds.turn()
        clock.sleep(20)

    assert rounds.settings is before
    assert sent(shop) == 1
    rounds.close()
    refused = [record for record in caplog.records if "config_refused" in record.getMessage()]
    assert len(refused) == 1, "told once, not at each round"


def test_only_the_database_that_the_change_concerns_is_opened_anew(
    config: ConfigFile,
    simulator: RunningSimulator,
    clock: SkippedClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "integrator")
    text = config.path.read_text(encoding="utf-8")
    rounds = rounds_of(config, tmp_path / "dados", clock, simulator)

    config.path.write_text(text + "\n[painel]\nporta = 9999\n", encoding="utf-8")
    rounds.turn()
    gone = tmp_path / "não existe.fdb"
    config.path.write_text(f"{text}\n[[outros_bancos]]\nnome = 'filial'\ncaminho = '{gone}'\n", encoding="utf-8")
    rounds.turn()

    problems = {status.database: bool(status.problem) for status in rounds.stations()}
    assert problems == {"principal": False, "filial": True}
    rounds.close()
    opened = [record for record in caplog.records if "action=ready" in record.getMessage()]
    assert len(opened) == 1, "the first database was disturbed"


def test_who_asks_for_a_round_while_one_is_going_on_gets_another(
    config: ConfigFile, simulator: RunningSimulator, clock: SkippedClock, tmp_path: Path
) -> None:
    rounds = rounds_of(config, tmp_path / "dados", clock, simulator)
    turns = 0

    def ask(_: Settings) -> None:
        nonlocal turns
        turns += 1

    rounds.on_settings = ask

    def save() -> None:
        text = config.path.read_text(encoding="utf-8")
        config.path.write_text(f"{text}\n[registro]\ndias = 31\n", encoding="utf-8")

    rounds.on_wake = save
    rounds.wake()
    rounds.turn()

    assert turns == 1
    rounds.close()

"""Each number has one engine, whatever databases send by it; it starts anew only when how it is connected changes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from integrator.daemon.numbers import Numbers
from integrator.daemon.rounds import Rounds
from integrator.daemon.station import Premises
from integrator.demo.clock import SkippingClock
from integrator.domain.errors import GatewayError
from integrator.domain.outcome import TryLater
from integrator.sending.gateway import GatewayState
from integrator.settings.editing import ConfigFile
from integrator.settings.sections import Engine, NumberSettings, Replies
from tests.gateways.contract import text_part

MORNING = datetime(2026, 11, 20, 9, 0)


@pytest.fixture
def refusing() -> Iterator[int]:
    """A port at which nobody listens, and nobody can begin to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@pytest.fixture
def numbers(tmp_path: Path) -> Iterator[Numbers]:
    numbers = Numbers(tmp_path / "dados ção", SkippingClock(MORNING))
    yield numbers
    numbers.close()


def test_an_engine_is_started_once_and_goes_on_when_only_its_use_changes(numbers: Numbers) -> None:
    simulated = NumberSettings(engine=Engine.SIMULATOR)
    first = numbers.gateway(simulated)
    answering = simulated.model_copy(update={"replies": Replies.ANSWER, "reply_text": "Olá"})
    assert numbers.gateway(answering) is first
    assert numbers.running("principal") is first
    assert numbers.running("vendas") is None


def test_another_connection_is_another_engine_and_the_old_one_ends(numbers: Numbers) -> None:
    simulated = NumberSettings(engine=Engine.SIMULATOR)
    first = numbers.gateway(simulated)
    second = numbers.gateway(simulated.model_copy(update={"proxy": "http://srv01:3128"}))
    assert second is not first
    assert second.sender()
    assert not first.sender()


def test_two_simulated_numbers_have_a_ledger_each(numbers: Numbers, tmp_path: Path) -> None:
    for name in ("principal", "Vendas ção"):
        numbers.gateway(NumberSettings(engine=Engine.SIMULATOR, instance=name))
    found = {path.name for path in (tmp_path / "dados ção").iterdir() if path.is_dir()}
    assert found == {"simulador", "simulador-vendas_cao"}


def test_a_number_without_its_token_is_told_with_what_to_do(
    numbers: Numbers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGRATOR_DADOS", str(tmp_path))
    number = NumberSettings(engine=Engine.EVOLUTION, server="http://127.0.0.1:8080")
    gateway = numbers.gateway(number)
    condition = gateway.condition()
    assert condition.state is GatewayState.AUTH
    assert "integrator senha --numero principal" in condition.told
    outcome = gateway.send("5549988590187", text_part("Olá"), "")
    assert isinstance(outcome, TryLater)
    with pytest.raises(GatewayError, match="integrator senha"):
        gateway.check_numbers(["5549988590187"])


@pytest.mark.parametrize("engine", [Engine.EVOLUTION, Engine.CLOUD_API])
@pytest.mark.parametrize("pasted", [" \t", "chave com – travessão", "duas\nlinhas"])
def test_what_no_header_can_carry_is_told_before_anything_is_sent(
    numbers: Numbers, monkeypatch: pytest.MonkeyPatch, engine: Engine, pasted: str
) -> None:
    monkeypatch.setenv("INTEGRATOR_TOKEN_PRINCIPAL", pasted)
    gateway = numbers.gateway(NumberSettings(engine=engine, server="http://127.0.0.1:8080", phone_id="123"))
    assert gateway.condition().state is GatewayState.AUTH
    assert "não é uma chave" in gateway.condition().told
    assert isinstance(gateway.send("5549988590187", text_part("Olá"), ""), TryLater)


def test_a_number_that_was_renamed_or_taken_away_is_connected_no_longer(
    numbers: Numbers, tmp_path: Path, refusing: int
) -> None:
    """Otherwise the old engine would hold the session that the new name needs."""
    away = f"[banco]\nservidor = '127.0.0.1'\nporta = {refusing}\ncaminho = 'nada.fdb'\n"
    config = ConfigFile(tmp_path / "config.toml")
    config.path.write_text(f"{away}[whatsapp]\nmotor = 'simulador'\ninstancia = 'Principal'\n", encoding="utf-8")
    premises = Premises(tmp_path, SkippingClock(MORNING), numbers)
    rounds = Rounds(config.settings(), premises, config, config.settings)
    for name in ("Principal", "vendas"):
        numbers.gateway(NumberSettings(engine=Engine.SIMULATOR, instance=name))
    other = "[[outros_numeros]]\nmotor = 'simulador'\ninstancia = 'vendas'\nmodulos = ['crm']\n"
    config.path.write_text(f"{away}[whatsapp]\nmotor = 'simulador'\ninstancia = 'principal'\n{other}", encoding="utf-8")
    rounds.turn()
    assert rounds.settings.whatsapp.instance == "principal"
    assert numbers.running("Principal") is None
    assert numbers.running("vendas") is not None
    rounds.close()

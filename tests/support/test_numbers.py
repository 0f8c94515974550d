"""The doctor on the sender numbers, and what of them never leaves with a bundle or a move."""

from __future__ import annotations

import socket
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.domain.sender import SenderRecord, Stop
from integrator.gateways.events.log import EVENTS_FILE, EventLog, everybody
from integrator.sending.gateway import GatewayState, Inbound
from integrator.settings.sections import Engine, NumberSettings
from integrator.support.checks import numbers, panel
from integrator.support.finding import Answer, Level, fine, warning
from integrator.support.number_states import explained
from tests.support.conftest import Desk
from tools.faults_shop import Shop

NOW = datetime(2026, 11, 23, 10, 0)
EVOLUTION = NumberSettings(engine=Engine.EVOLUTION, server="http://srv01:8080")
OFFICIAL = NumberSettings(engine=Engine.CLOUD_API, phone_id="1", webhook="https://loja.example")


def told(answer: Answer, level: Level, *words: str) -> None:
    assert answer.level is level, answer
    assert all(word in f"{answer.text} {answer.fix}" for word in words), answer
    assert bool(answer.fix) is (level is not Level.OK)


def test_every_state_has_words_and_what_to_do() -> None:
    for state in GatewayState:
        found = explained(state)
        assert found.words, state
        assert bool(found.fix) is (state is not GatewayState.CONNECTED)


def test_the_library_of_the_embedded_engine() -> None:
    told(numbers.judge_library(Path("neonize.so"), present=True), Level.OK)
    told(numbers.judge_library(Path("neonize.so"), present=False), Level.ERROR, "neonize.so", "antivírus")
    told(numbers.judge_library(None, present=False), Level.ERROR, "quarentena")


@pytest.mark.feature("C18")
def test_a_session_is_private_and_does_not_expire_by_itself() -> None:
    told(numbers.judge_session("loja", None, private=True, now=NOW), Level.WARNING, "integrator pair")
    told(numbers.judge_session("loja", NOW, private=False, now=NOW), Level.ERROR, "usa o WhatsApp da loja")
    told(numbers.judge_session("loja", NOW, private=True, now=NOW), Level.OK, "não vence em 15 dias")
    old = NOW - timedelta(days=15)
    told(numbers.judge_session("loja", old, private=True, now=NOW), Level.WARNING, "08/11/2026", "abra o WhatsApp")


def test_tokens_servers_and_webhooks() -> None:
    told(numbers.judge_token(EVOLUTION, stored=True, signed=True), Level.OK)
    told(numbers.judge_token(EVOLUTION, stored=False, signed=True), Level.ERROR, "integrator senha --numero principal")
    told(numbers.judge_token(OFFICIAL, stored=True, signed=False), Level.WARNING, "--segredo-do-app")
    told(numbers.judge_webhook(OFFICIAL), Level.OK)
    told(numbers.judge_webhook(EVOLUTION), Level.WARNING, "endereco_webhook")
    told(numbers.judge_webhook(OFFICIAL.model_copy(update={"webhook": ""})), Level.WARNING, "aceita pela Meta")


def test_what_the_guard_stopped_is_told() -> None:
    well = SenderRecord("5549988590187", NOW)
    told(numbers.judge_guard("loja", well, NOW), Level.OK)
    paused = SenderRecord("5549988590187", NOW, cold_until=NOW + timedelta(hours=3))
    told(numbers.judge_guard("loja", paused, NOW), Level.WARNING, "13:00")
    stopped = SenderRecord("5549988590187", NOW, stop=Stop(NOW, "Cinco falhas seguidas."))
    told(numbers.judge_guard("loja", stopped, NOW), Level.ERROR, "Cinco falhas", "gateway resume --numero loja")


def test_the_panels_port() -> None:
    told(panel.judge_port(8787, 8787, answers=True), Level.OK, "8787")
    told(panel.judge_port(8787, 8787, answers=False), Level.WARNING, "Reinicie")
    told(panel.judge_port(8787, None, answers=True), Level.ERROR, "outro programa", "[painel] porta")
    told(panel.judge_port(8787, None, answers=False), Level.OK, "livre")


def test_several_numbers_are_one_answer_of_the_gravest_level() -> None:
    both = numbers.together([fine("Um."), warning("Dois em srv01.", "Corrija.", shared="Dois."), fine("Um.")], "Nada.")
    assert (both.level, both.text, both.fix, both.shared) == (
        Level.WARNING,
        "Um. Dois em srv01.",
        "Corrija.",
        "Um. Dois.",
    )
    assert numbers.together([], "Nada.") == fine("Nada.")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Where nobody listens, and nobody else can begin to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_the_doctor_names_what_each_number_lacks(office: Desk, shop: Shop, silent_port: int) -> None:
    office.connect(
        shop.database.target.path,
        more=f"[painel]\nporta = {silent_port}\n[whatsapp]\nmotor = 'embutido'\n[[outros_numeros]]\n"
        f"instancia = 'Cobrança'\nmotor = 'evolution'\nservidor = 'http://127.0.0.1:{silent_port}'\n",
    )
    items = office.items()
    assert items["sessao"]["nivel"] == "atencao"
    assert "integrator pair" in items["sessao"]["correcao"]
    assert (items["tokens"]["nivel"], items["servidor_whatsapp"]["nivel"]) == ("erro", "erro")
    assert "integrator senha --numero Cobrança" in items["tokens"]["correcao"]
    assert items["avisos"]["nivel"] == "atencao"
    assert items["painel"]["nivel"] == "ok"
    assert items["motor"]["nivel"] == "ok"
    assert "Cobrança" in items["whatsapp"]["texto"]
    assert "principal" in items["whatsapp"]["texto"]

    session = office.data / "whatsapp" / "principal"
    session.mkdir(parents=True, mode=0o755)
    (session / "session.db").write_bytes(b"conta inteira")
    assert office.items()["sessao"]["nivel"] == "erro"


SECRET = "conta-inteira-do-whatsapp"
WRITTEN = "texto-que-o-cliente-escreveu"


def _fill(folder: Path) -> None:
    """A session and the news of a number, as the engines leave them."""
    session = folder / "whatsapp" / "principal"
    session.mkdir(parents=True, mode=0o700)
    (session / "sessao.db").write_text(SECRET, encoding="utf-8")
    with closing(EventLog(folder / EVENTS_FILE, lambda: NOW, everybody)) as events:
        events.append("principal", Inbound("A1", "5549988590187", WRITTEN, NOW, "Ana"))


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _holds_no_account(members: dict[str, bytes]) -> None:
    assert members
    for name, content in members.items():
        assert "whatsapp" not in name, name
        assert EVENTS_FILE not in name, name
        assert SECRET.encode() not in content, name
        assert WRITTEN.encode() not in content, name


@pytest.mark.feature("B14")
def test_sessions_and_what_people_wrote_never_leave_with_the_bundle(
    office: Desk, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGRATOR_TOKEN_PRINCIPAL", "chave-da-evolution")
    office.connect(
        shop.database.target.path,
        more="[whatsapp]\nmotor = 'evolution'\nservidor = 'http://chave-da-evolution.example:1'\n",
    )
    _fill(office.data)
    target = office.folder / "pacote.zip"

    office.run("--bundle", str(target))

    members = _members(target)
    _holds_no_account(members)
    assert all(b"chave-da-evolution" not in content for content in members.values())


def test_sessions_and_what_people_wrote_stay_when_the_installation_moves(office: Desk, shop: Shop) -> None:
    from integrator.installation.identity import this_installation
    from integrator.settings import Settings
    from integrator.support import move

    office.data.mkdir()
    this_installation(office.data / "integrator.db", NOW)
    _fill(office.data)
    target = office.folder / "mudança.zip"

    move.export(Settings.load(office.config), office.data, office.config, target, NOW)

    members = _members(target)
    _holds_no_account(members)
    assert "integrator.db" in members

"""``integrator meta …`` as a technician types it, against a pretended Meta."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.cli import meta as command
from integrator.cli.main import main
from integrator.gateways.cloud_api.account import Account
from integrator.logs import close_logging
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta
from tests.gateways.cloud_api.test_templates import told

CONFIG = """
[whatsapp]
motor = "oficial"
meta_numero_id = "100000000000000"
meta_conta_id = "200000000000000"
meta_app_id = "300000000000000"
[[modelos_meta]]
modulo = "AVISO DE DÉBITOS"
tipo = "DÉBITO VENCIDO"
modelo = "aviso"
texto = "Olá, {{1}}."
variaveis = ["{primeiro_nome}"]
documento = true
"""


class Desk:
    """A computer with that configuration."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capture = capture
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, str]:
        """Exit code and everything written."""
        self._capture.readouterr()
        config = str(self._folder / "config.toml")
        code = main(["--config", config, "--dados", str(self._folder / "dados"), "meta", *arguments])
        close_logging()
        return code, "".join(self._capture.readouterr())


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], meta: Meta, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("INTEGRATOR_TOKEN_PRINCIPAL", ACCOUNT.token)
    monkeypatch.setenv("INTEGRATOR_TOKEN_PRINCIPAL_APP", ACCOUNT.app_secret)
    monkeypatch.setenv("INTEGRATOR_DADOS", str(tmp_path / "dados"))
    monkeypatch.setattr(command, "META", meta.url)
    return Desk(tmp_path, capsys)


def test_the_number_is_shown_with_its_quality_and_the_webhooks_token(desk: Desk) -> None:
    code, said = desk.run("status")
    assert code == 0
    assert "(49) 3322-1100" in said
    assert "Qualidade: alta" in said
    assert Account(ACCOUNT.phone_id, "", app_secret=ACCOUNT.app_secret).verify_token in said
    assert ACCOUNT.token not in said
    assert ACCOUNT.app_secret not in said


@pytest.mark.feature("C47")
def test_templates_are_listed_and_what_is_wrong_ends_with_one(desk: Desk, meta: Meta) -> None:
    meta.pages = [{"data": [told("aviso")]}, {"data": [told("aviso", "PAUSED")]}]
    assert desk.run("templates") == (0, "aviso (pt_BR, UTILITY, com documento): aprovado\n")
    code, said = desk.run("templates")
    assert code == 1
    assert "só um aprovado pode sair" in said


def test_a_template_is_handed_in_and_a_known_one_changed(desk: Desk, meta: Meta, tmp_path: Path) -> None:
    (tmp_path / "boleto ção.pdf").write_bytes(b"%PDF-1.4")
    arguments = ("submit", "aviso", "--exemplo", "José", "--pdf", str(tmp_path / "boleto ção.pdf"))
    meta.pages = [{"data": []}, {"data": [told("aviso")]}]
    code, said = desk.run(*arguments)
    assert (code, "em análise" in said) == (0, True)
    assert meta.requests[-1].path == f"/{ACCOUNT.account_id}/message_templates"
    assert desk.run(*arguments)[0] == 0
    assert meta.requests[-1].path == "/id-aviso"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("submit", "outro"), "Não há modelo “outro” em [[modelos_meta]]"),
        (("submit", "aviso"), "--exemplo"),
        (("submit", "aviso", "--exemplo", "José"), "--pdf"),
        (("submit", "aviso", "--exemplo", "José", "--pdf", "não existe.pdf"), "Confira o caminho"),
        (("delete", "aviso"), "Não há modelo “aviso”"),
        (("status", "--numero", "outro"), "Não há número"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(desk: Desk, meta: Meta, arguments: tuple[str, ...], said: str) -> None:
    meta.pages = [{"data": []}]
    code, told_so = desk.run(*arguments)
    assert code != 0
    assert said in told_so


def test_a_template_is_deleted(desk: Desk, meta: Meta) -> None:
    meta.pages = [{"data": [told("aviso")]}]
    assert desk.run("delete", "aviso")[0] == 0
    assert meta.requests[-1].method == "DELETE"

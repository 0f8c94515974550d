"""``integrator document``: listing, checking, trying and copying the documents a shop can change."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrator.cli.main import main
from integrator.documents.pictures import count_pages


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "modelos").mkdir()
    file = tmp_path / "config.toml"
    file.write_text(f"[documentos]\npasta_modelos = '{tmp_path / 'modelos'}'\n", encoding="utf-8")
    return file


def document(config: Path, *arguments: str) -> int:
    return main(["--config", str(config), "--dados", str(config.parent), "document", *arguments])


@pytest.mark.feature("C05")
def test_a_copied_model_is_the_shops_own_and_is_not_copied_over(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = config.parent / "modelos"
    assert document(config, "copy", "orcamento", str(folder)) == 0
    assert "integrator document check" in capsys.readouterr().out
    assert document(config, "copy", "orcamento", str(folder)) == 2
    assert "já existe" in capsys.readouterr().err
    assert document(config, "copy", "nada", str(folder)) == 2
    assert document(config, "list") == 0
    shown = capsys.readouterr().out
    assert "Pedido de venda" in shown
    assert shown.count("do programa") == 7


def test_check_tells_every_slip_with_its_place(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = config.parent / "modelos"
    assert document(config, "check") == 0
    assert "não tem modelos próprios" in capsys.readouterr().out
    document(config, "copy", "pedido", str(folder))
    capsys.readouterr()
    assert document(config, "check") == 0
    assert "pode ser usado" in capsys.readouterr().out
    file = folder / "pedido.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("{cliente}", "{clinte}"), encoding="utf-8")
    assert document(config, "check", str(file)) == 1
    assert "Você quis dizer {cliente}?" in capsys.readouterr().out
    assert document(config, "list") == 0
    assert "1 problema" in capsys.readouterr().out


def test_preview_writes_a_pdf_of_several_pages(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = config.parent / "exemplo.pdf"
    assert document(config, "preview", "pedido", "--saida", str(out)) == 0
    assert count_pages(out.read_bytes()) > 1
    assert str(out) in capsys.readouterr().err
    assert document(config, "preview", "nada") == 1
    assert "Não existe o documento “nada”" in capsys.readouterr().err

"""The licences beside the program."""

from pathlib import Path

import pytest

from tools import licences
from tools.messages import SetupError


def test_a_library_without_the_text_of_its_licence_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _library(tmp_path / "installed", "sem_texto", {})
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    _library(tmp_path / "build/_internal", "sem_texto", {})

    with pytest.raises(SetupError, match="Sem o texto da licença: sem_texto"):
        licences.write(tmp_path / "build")


def test_texts_are_copied_with_their_folders_and_told_in_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"licenses/LICENSE.md": "Use como quiser.\n" * 9, "licenses/outros/COPYING": "Idem, sem garantia.\n" * 9}
    _library(tmp_path / "installed", "com_texto", texts)
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    _library(tmp_path / "build/_internal", "com_texto", {})

    licences.write(tmp_path / "build")

    folder = tmp_path / "build/LICENCAS/com_texto-1.0"
    assert (folder / "LICENSE.md").read_text(encoding="utf-8").startswith("Use como quiser.")
    assert (folder / "outros/COPYING").is_file()
    index = (tmp_path / "build/LICENCAS.txt").read_text(encoding="utf-8")
    assert "com_texto 1.0\n    MIT\n" in index


def test_the_client_of_firebird_brings_both_licences_when_it_is_in_the_build(tmp_path: Path) -> None:
    (tmp_path / "fbclient.dll").write_bytes(b"MZ")

    licences.write(tmp_path)

    assert {file.name for file in (tmp_path / "LICENCAS/Firebird").iterdir()} == {
        "Firebird-IDPL-1.0.txt",
        "Firebird-IPL-1.0.txt",
    }


def test_the_engine_is_not_told_to_be_freer_than_what_is_compiled_into_it(tmp_path: Path) -> None:
    _library(tmp_path / "_internal", "neonize", {})

    licences.write(tmp_path)

    index = (tmp_path / "LICENCAS.txt").read_text(encoding="utf-8")
    kind = index.partition("neonize ")[2].splitlines()[1]
    assert "GPL-3.0" in kind
    (listing,) = (tmp_path / "LICENCAS").glob("neonize-*/modulos-go.txt")
    assert {file.name for file in listing.parent.iterdir()} >= {"GPL-3.0.txt", "MPL-2.0.txt"}
    assert (listing.parent / "go/github.com/rs/zerolog.txt").is_file()


def _library(folder: Path, name: str, texts: dict[str, str]) -> None:
    card = folder / f"{name}-1.0.dist-info"
    card.mkdir(parents=True)
    (card / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n", encoding="utf-8"
    )
    for place, text in texts.items():
        (card / place).parent.mkdir(parents=True, exist_ok=True)
        (card / place).write_text(text, encoding="utf-8")
    files = [f"{card.name}/{place}" for place in ("METADATA", *texts)]
    (card / "RECORD").write_text("".join(f"{file},,\n" for file in files), encoding="utf-8")

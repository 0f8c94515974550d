"""`dev.py installer`: what it compiles, and what it says."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from tools import installer
from tools.installer_pictures import write_pictures
from tools.messages import SetupError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Integração nova"
    (folder / "_internal/a/b").mkdir(parents=True)
    (folder / "_internal/a/b/x.dll").write_bytes(b"x")
    (folder / "Integrador.exe").write_bytes(b"x")
    return folder


def test_the_list_names_files_first_and_then_the_deepest_folders(folder: Path) -> None:
    assert installer.listing(folder) == [
        "Desinstalar.exe",
        "Integrador.exe",
        "_internal\\a\\b\\x.dll",
        "arquivos.txt",
        "_internal\\a\\b\\",
        "_internal\\a\\",
        "_internal\\",
    ]


def test_it_tells_the_size_and_the_digest(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sai/novo.exe"

    assert installer.main(["--from", str(folder), "--version", "1.2.0rc1", "--out", str(out)]) == 0

    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == f"SHA-256 {hashlib.sha256(out.read_bytes()).hexdigest()}"
    assert told.err == ""


def test_a_program_of_another_system_is_warned_about(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "Integrador.exe").rename(folder / "integrador")
    monkeypatch.setattr(installer, "run_makensis", lambda _script, defines: Path(defines["OUT"]).write_bytes(b"MZ"))

    assert installer.main(["--from", str(folder), "--out", str(tmp_path / "novo.exe")]) == 0
    assert "montado em outro sistema" in capsys.readouterr().err


def test_without_a_program_it_says_how_to_build_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert installer.main(["--from", str(tmp_path), "--out", str(tmp_path / "novo.exe")]) == 1
    assert "dev.py build" in capsys.readouterr().err


def test_a_warning_of_the_compiler_is_an_error(tmp_path: Path) -> None:
    script = tmp_path / "a.nsi"
    script.write_text('OutFile "$%TEMP%\\x.exe"\nName "x"\nSection\nStrCpy $unknown 1\nSectionEnd\n')

    with pytest.raises(SetupError, match=r"a\.nsi"):
        installer.run_makensis(script, {})


def test_the_pictures_have_the_size_of_their_places(tmp_path: Path) -> None:
    sizes = []
    for path in write_pictures(tmp_path):
        with Image.open(path) as picture:
            sizes.append(picture.size)

    assert sizes == [(164, 314), (150, 57)]


@pytest.mark.parametrize(("version", "quad"), [("0.1.0", "0.1.0.0"), ("1.2.0rc1", "1.2.0.0"), ("2.10", "2.10.0.0")])
def test_the_version_resource_has_four_numbers(version: str, quad: str) -> None:
    assert installer.version_quad(version) == quad

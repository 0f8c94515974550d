"""The licences of what is compiled into the native library of neonize."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tools import go_licences
from tools.build_contents import package_folder
from tools.messages import SetupError

_HASH = "h1:" + "A" * 43 + "="


@cache
def _library() -> bytes:
    return next(package_folder("neonize").glob("neonize-*")).read_bytes()


def _made_of(*modules: str, besides: bytes = b"") -> bytes:
    """What Go's linker writes into a library, and nothing else."""
    lines = [
        "path\tgithub.com/loja/motor",
        "mod\tgithub.com/loja/motor\t(devel)\t",
        *(f"dep\t{module.replace(' ', chr(9))}\t{_HASH}" for module in modules),
        f"build\tvcs.revision={'0123456789' * 4}",
        "",
    ]
    return b"\x00" + "\n".join(lines).encode() + besides


def test_every_module_of_the_installed_library_is_in_the_table_and_no_other() -> None:
    table = tomllib.loads(go_licences.TABLE.read_text(encoding="utf-8"))

    inside = {(name, version) for name, version, _ in go_licences.modules(_library())}

    assert {(row["name"], row["version"]) for row in table["module"]} == inside
    assert len(inside) > 15


def test_every_text_of_the_table_is_there_says_whose_it_is_and_where_it_was_read() -> None:
    table = tomllib.loads(go_licences.TABLE.read_text(encoding="utf-8"))
    rows = [*table["module"], *table["runtime"]]

    used = {text for row in rows for text in row["texts"]}
    written = {file.relative_to(go_licences.TEXTS).as_posix() for file in (go_licences.TEXTS / "go").rglob("*.txt")}

    assert all(row["texts"] and row["source"].startswith("https://") for row in rows)
    assert written <= used
    for text in used - {"go/Go-PATENTS.txt"}:
        assert re.search(r"(?i)copyright", (go_licences.TEXTS / text).read_text(encoding="utf-8")), text


def test_a_module_without_a_text_stops_the_build() -> None:
    library = _made_of("github.com/rs/zerolog v1.35.1", "example.com/desconhecido v0.1.0")

    with pytest.raises(SetupError, match=r"Sem o texto da licença.*: example\.com/desconhecido v0\.1\.0\."):
        go_licences.parts(library)


def test_another_version_of_a_module_stops_the_build_for_its_licence_may_be_another() -> None:
    with pytest.raises(SetupError, match=r"github\.com/coder/websocket v2\.0\.0"):
        go_licences.parts(_made_of("github.com/coder/websocket v2.0.0"))


def test_a_module_that_another_replaces_is_known_by_the_other_even_by_a_folder_of_its_makers() -> None:
    library = _made_of("go.mau.fi/util v0.10.1").replace(
        b"\t" + _HASH.encode(), b"\n=>\tgithub.com/loja/util\tv1.0.0\t", 1
    )

    assert go_licences.modules(library) == [("github.com/loja/util", "v1.0.0", "")]
    assert go_licences.modules(library.replace(b"v1.0.0", b"(devel)"))[0][1] == "(devel)"


def test_only_what_the_library_contains_is_told_and_copied(tmp_path: Path) -> None:
    places = go_licences.write(_made_of("github.com/rs/zerolog v1.35.1"), tmp_path)

    assert places == ["modulos-go.txt", "go/github.com/rs/zerolog.txt"]
    assert {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.txt")} == set(places)
    listing = (tmp_path / "modulos-go.txt").read_text(encoding="utf-8")
    assert "https://github.com/loja/motor/tree/0123456789" in listing
    assert (
        "github.com/rs/zerolog v1.35.1\n    MIT\n    go/github.com/rs/zerolog.txt\n"
        f"    {_HASH}\n    https://pkg.go.dev/github.com/rs/zerolog@v1.35.1\n"
    ) in listing


def test_the_library_for_windows_brings_the_text_of_its_compilers_runtime() -> None:
    library = _made_of(besides=b"\xff Go buildinf:\x08\x02 Mingw-w64 runtime failure:\n")

    assert [part.texts for part in go_licences.parts(library)] == [
        ("go/Go.txt", "go/Go-PATENTS.txt"),
        ("MinGW-w64.txt",),
    ]


def test_go_itself_is_seen_in_the_installed_library() -> None:
    assert "Go (biblioteca padrão)" in {part.name for part in go_licences.parts(_library())}


def test_a_library_that_does_not_tell_its_source_stops_the_build() -> None:
    assert go_licences.source(_library()).startswith("https://github.com/krypton-byte/neonize/tree/")

    with pytest.raises(SetupError, match="não diz de que código foi feita"):
        go_licences.source(b"\x7fELF")

"""Puts the licences of everything that a build contains beside it, in `LICENCAS/` with an index.

What a build contains is read from the build itself: `build.spec` puts in the name and version of each library of which
it took a file. A library that brings no text of its licence stops the build: it may not be given to others without.
"""

import platform
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tools import go_licences
from tools.build_contents import ROOT, package_folder
from tools.messages import SetupError

FOLDER = "LICENCAS"
INDEX = "LICENCAS.txt"
#: Texts of what comes inside of other packages, which do not bring them.
TEXTS = ROOT / "docs/licencas"

_TEXT_NAMES = re.compile(r"(?i)^(licen[cs]e|copying|notice)")
_TOO_SHORT = 40
_MOST_NAMED = 4
#: Said in their texts alone; and what the library of one of them contains besides.
_KINDS = {"neonize": "Apache-2.0; a biblioteca nativa contém partes sob GPL-3.0, MPL-2.0 e outras (modulos-go.txt)"}


@dataclass(frozen=True, slots=True)
class Licence:
    """One component: what it calls its licence, and where its texts are in the folder of licences."""

    name: str
    version: str
    kind: str
    texts: tuple[str, ...]

    @property
    def line(self) -> str:
        """As the index has it."""
        where = ", ".join(self.texts)
        if len(self.texts) > _MOST_NAMED:
            where = f"{self.texts[0].partition('/')[0]}/ ({len(self.texts)} textos)"
        return f"{self.name} {self.version}".strip() + f"\n    {self.kind}\n    {where}\n"


def write(build: Path) -> int:
    """Collect every text into `build/LICENCAS`, anew; how many components. Raises `SetupError` for one without."""
    folder = build / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    found = [*_libraries(build, folder), *_runtimes(build, folder)]
    without = [licence.name for licence in found if not licence.texts]
    if without:
        raise SetupError(
            f"Sem o texto da licença: {', '.join(without)}. O que é distribuído precisa dele.",
            f"ponha o texto em {TEXTS.relative_to(ROOT)} e indique-o em tools/licences.py",
        )
    _write_index(build / INDEX, found)
    return len(found)


def bundled(build: Path) -> list[metadata.Distribution]:
    """The libraries of which a build contains something, as they are installed here, by name."""
    known = {_normal(each.metadata["Name"]): each for each in metadata.distributions() if each.metadata["Name"]}
    names = {_normal(metadata.Distribution.at(file.parent).metadata["Name"]) for file in _cards(build)}
    return [known[name] for name in sorted(names)]


def _cards(build: Path) -> list[Path]:
    return sorted(build.rglob("*.dist-info/METADATA"))


def _libraries(build: Path, folder: Path) -> Iterator[Licence]:
    for distribution in bundled(build):
        name, version = str(distribution.metadata["Name"]), distribution.version
        texts = [
            _copied(file, folder, Path(f"{name}-{version}", *inside.parts)) for file, inside in _texts_of(distribution)
        ]
        if _normal(name) == "neonize":
            texts += _inside_of_the_engine(folder, Path(f"{name}-{version}"))
        yield Licence(name, version, _kind(distribution), tuple(texts))


def _texts_of(distribution: metadata.Distribution) -> Iterator[tuple[Path, Path]]:
    """Each text of a library and its place below the library's own folder of licences."""
    for file in distribution.files or ():
        if not file.parts[0].endswith(".dist-info"):
            continue
        inside = Path(*file.parts[1:])
        if inside.parts[0] == "licenses":
            inside = Path(*inside.parts[1:])
        elif len(inside.parts) > 1 or not _TEXT_NAMES.match(inside.name):
            continue
        path = Path(str(distribution.locate_file(file)))
        if path.stat().st_size >= _TOO_SHORT:
            yield path, inside


def _inside_of_the_engine(folder: Path, place: Path) -> list[str]:
    """What is compiled into the library of neonize, whose package brings its own licence alone."""
    library = next(package_folder("neonize").glob("neonize-*"))
    return [(place / name).as_posix() for name in go_licences.write(library.read_bytes(), folder / place)]


def _runtimes(build: Path, folder: Path) -> Iterator[Licence]:
    """What is in the build and is no library of Python's."""
    version = platform.python_version()
    python = _copied(_python_text(), folder, Path("Python", "LICENSE.txt"))
    yield Licence("Python", version, "PSF-2.0, com as do que vem dentro dele (OpenSSL, SQLite, zlib…)", (python,))
    yield Licence("Tcl/Tk", "8.6", "TCL", (_copied(TEXTS / "Tcl-Tk.txt", folder, Path("Tcl-Tk.txt")),))
    loader = metadata.distribution("pyinstaller")
    texts = tuple(_copied(file, folder, Path("PyInstaller", *inside.parts)) for file, inside in _texts_of(loader))
    yield Licence("PyInstaller (iniciador)", loader.version, "GPL-2.0 com exceção para o programa empacotado", texts)
    if any(build.rglob("*fbclient*")):
        names = ("Firebird-IDPL-1.0.txt", "Firebird-IPL-1.0.txt")
        yield Licence(
            "Firebird (biblioteca cliente)",
            "",
            "IDPL-1.0 e IPL-1.0; código-fonte em https://github.com/FirebirdSQL/firebird",
            tuple(_copied(TEXTS / name, folder, Path("Firebird", name)) for name in names),
        )


def _python_text() -> Path:
    places = (Path(sys.base_prefix) / "LICENSE.txt", Path(sysconfig.get_path("stdlib")) / "LICENSE.txt")
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise SetupError("Este Python não traz o texto da própria licença.", "use o Python de python.org")
    return found


def _kind(distribution: metadata.Distribution) -> str:
    """What the library calls its licence: the expression, else its classifiers, else a short name."""
    told = distribution.metadata
    classifiers = [
        each.split(" :: ")[-1] for each in told.get_all("Classifier") or () if each.startswith("License :: OSI")
    ]
    short = (told["License"] or "").strip().splitlines()
    return (
        told["License-Expression"]
        or ", ".join(classifiers)
        or _KINDS.get(_normal(told["Name"]))
        or (short[0] if short else "veja o texto")
    )


def _copied(file: Path, folder: Path, place: Path) -> str:
    """Its place in the folder, as the index tells it."""
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    return place.as_posix()


def _write_index(file: Path, found: Iterable[Licence]) -> None:
    head = (
        "O Integrador é feito também do que outras pessoas escreveram e deixaram usar.\n"
        f"Cada item traz a licença que declara e os textos, que estão na pasta {FOLDER}.\n\n"
    )
    lines = sorted((licence.line for licence in found), key=str.lower)
    file.write_text(head + "\n".join(lines), encoding="utf-8")


def _normal(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()

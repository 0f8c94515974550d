"""The licences of what is compiled into the native library of neonize, whose package brings its own licence alone.

Which Go modules those are is read from the library itself, as Go's linker wrote them into it. Their texts are in
`docs/licencas`, told by the table `docs/licencas/go/modulos.toml`; what the table lacks stops the build.
"""

import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.build_contents import ROOT
from tools.messages import SetupError

TEXTS = ROOT / "docs/licencas"
TABLE = TEXTS / "go/modulos.toml"
LISTING = "modulos-go.txt"

_ITSELF = re.compile(rb"\nmod\t([\w./-]+)\t")
_REVISION = re.compile(rb"\nbuild\tvcs\.revision=([0-9a-f]{40})\n")
#: A line that another replaces is left for that one; a module of a folder has no hash.
_MODULE = re.compile(rb"\n(?:dep|=>)\t([!-~]+)\t([!-~]+)(?:\t(h1:[\w+/]+=*)?)?(?=\n)(?!\n=>)")
_HEAD = """\
O que está compilado na biblioteca do neonize, sem mudança: os módulos Go, com a versão e o hash que ela mesma traz,
e o que vem do Go e do compilador. De cada um, a licença e os textos, que estão nesta pasta. No endereço de cada
módulo está o código-fonte da versão indicada. Um deles, go.mau.fi/libsignal, é da GPL-3.0, que alcança a biblioteca
inteira.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is compiled into the library: its licence, its texts below `TEXTS`, and where its source is."""

    name: str
    licence: str
    texts: tuple[str, ...]
    where: tuple[str, ...] = ()

    @property
    def paragraph(self) -> str:
        """As the listing has it."""
        lines = (self.name, self.licence, ", ".join(self.texts), *self.where)
        return "\n    ".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the table. `key` is a module's name and version, or what a runtime leaves in the library."""

    name: str
    key: str
    licence: str
    texts: tuple[str, ...]


def modules(library: bytes) -> list[tuple[str, str, str]]:
    """Name, version and hash of each Go module in a library, by name; of one that another replaced, the other's."""
    found = {tuple(part.decode("ascii") for part in match) for match in _MODULE.findall(library)}
    return sorted((name, version, digest) for name, version, digest in found)


def source(library: bytes) -> str:
    """Where the source of a library's own Go code is, in the very state that it was compiled from.

    Raises `SetupError` where the library does not tell it: the GPL-3.0 asks for it.
    """
    itself, revision = _ITSELF.search(library), _REVISION.search(library)
    if itself is None or revision is None:
        raise SetupError(
            "A biblioteca do neonize não diz de que código foi feita.", "veja source em tools/go_licences.py"
        )
    return f"https://{itself[1].decode()}/tree/{revision[1].decode()}"


def parts(library: bytes) -> list[Part]:
    """Everything in a library that has a licence of its own. Raises `SetupError` for a module that the table lacks."""
    rows = _rows("module")
    found = modules(library)
    without = [f"{name} {version}" for name, version, _ in found if f"{name} {version}" not in rows]
    if without:
        raise SetupError(
            f"Sem o texto da licença, dentro da biblioteca do neonize: {', '.join(without)}.",
            f"confira a licença dessa versão e anote-a em {TABLE.relative_to(ROOT).as_posix()}",
        )
    runtimes = [row for marker, row in _rows("runtime").items() if marker.encode() in library]
    return [
        *(_module(rows[f"{name} {version}"], version, digest) for name, version, digest in found),
        *(Part(row.name, row.licence, row.texts) for row in runtimes),
    ]


def write(library: bytes, folder: Path) -> list[str]:
    """Put the listing and the texts into a folder; their places in it. Raises `SetupError` as `parts` and `source`."""
    found = parts(library)
    head = f"{_HEAD}\nO código da própria biblioteca\n    {source(library)}\n\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LISTING).write_text(head + "\n".join(part.paragraph for part in found), encoding="utf-8")
    texts = sorted({text for part in found for text in part.texts})
    for text in texts:
        (folder / text).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TEXTS / text, folder / text)
    return [LISTING, *texts]


def _module(row: _Entry, version: str, digest: str) -> Part:
    where = (digest, f"https://pkg.go.dev/{row.name}@{version}")
    return Part(f"{row.name} {version}", row.licence, row.texts, where)


def _rows(kind: str) -> dict[str, _Entry]:
    return {row.key: row for row in _read(kind)}


def _read(kind: str) -> Iterator[_Entry]:
    for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))[kind]:
        key = f"{row['name']} {row['version']}" if kind == "module" else row["marker"]
        yield _Entry(row["name"], key, row["licence"], tuple(row["texts"]))

"""Which files of the program are gone: an antivirus that puts one in quarantine tells nobody."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import re
from importlib import resources
from pathlib import Path

#: Distribution as ``pyproject.toml`` names it, and the module that the program imports of it.
LIBRARIES = {
    "apscheduler": "apscheduler",
    "argon2-cffi": "argon2",
    "cryptography": "cryptography",
    "fdb": "fdb",
    "holidays": "holidays",
    "jinja2": "jinja2",
    "keyring": "keyring",
    "neonize": "neonize",
    "pillow": "PIL",
    "pydantic-settings": "pydantic_settings",
    "pydantic_core": "pydantic_core",
    "pypdf": "pypdf",
    "pypdfium2": "pypdfium2",
    "reportlab": "reportlab",
    "pystray": "pystray",
    "python-multipart": "python_multipart",
    "requests": "requests",
    "rich": "rich",
    "segno": "segno",
    "starlette": "starlette",
    "tomlkit": "tomlkit",
    "typer": "typer",
    "tzdata": "tzdata",
    "uvicorn": "uvicorn",
    "validate-docbr": "validate_docbr",
}
#: Carries the client library on Windows; elsewhere it may be absent.
_OPTIONAL = ("firebird-embedded",)
_OWN = {
    "integrator.erp": ("queries.sql", "api.sql", "contacts.sql"),
    "integrator.erp.schema": ("0001_tabelas.sql", "0002_gatilhos.sql", "0003_procedimentos.sql"),
    "integrator.journal.migrations": ("0001_journal.sql",),
    "integrator.gateways.events.migrations": ("0001_eventos.sql",),
    "integrator.gateways.simulator": ("page.css", "page.js"),
    "integrator.panel.migrations": ("0001_contas.sql",),
    "integrator.panel.templates": ("base.html", "partes.html", "erro.html"),
    "integrator.panel.static": ("panel.css", "panel.js", "live-worker.js", "icone.svg"),
}
#: Made when first imported or installed: their absence means nothing. Scripts lie beside Python, not the library.
_NOT_SHIPPED = re.compile(r"__pycache__|\.pyc$|\.dist-info/|^\.\.")


def missing_files() -> tuple[str, ...]:
    """What the program's packages ship and is not on the disk, and libraries that are not there at all.

    Each library's own list of installed files (``RECORD``) is compared with the disk. A frozen build has no such lists:
    there only absent libraries and the program's own data files are noticed.
    """
    absent = [name for name, module in LIBRARIES.items() if importlib.util.find_spec(module) is None]
    gone = [path for name in (*LIBRARIES, *_OPTIONAL) if name not in absent for path in _gone(name)]
    return (*absent, *gone, *_own_gone())


def _gone(distribution: str) -> list[str]:
    """From ``RECORD`` itself: newer versions of ``importlib.metadata`` leave out of ``files`` what is not there."""
    try:
        found = importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError:
        return []
    shipped = [row[0] for row in csv.reader((found.read_text("RECORD") or "").splitlines()) if row]
    return [
        path for path in shipped if not _NOT_SHIPPED.search(path) and not Path(str(found.locate_file(path))).exists()
    ]


def _own_gone() -> list[str]:
    """Data files of the program itself; a module that is gone counts as all its files."""
    found: list[str] = []
    for package, names in _OWN.items():
        try:
            folder = resources.files(package)
        except ModuleNotFoundError:
            found.append(package)
            continue
        found += [f"{package}/{name}" for name in names if not folder.joinpath(name).is_file()]
    return found

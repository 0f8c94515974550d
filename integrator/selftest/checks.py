"""The checks of ``--selftest``: each answers what it found, in Portuguese, or raises what is wrong."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
import ssl
import sys
import tempfile
import zoneinfo
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from integrator.messages.formatting import format_count
from integrator.paths import packaged
from integrator.selftest.documents import boleto, pictures
from integrator.selftest.parts import engine, simulator, tray, windows

_ZONE: Final = "America/Sao_Paulo"
_LEAST_SQLITE: Final = (3, 37)
_LEAST_CERTIFICATES: Final = 50
#: The icon's ways of each display, which they look for when they are imported: the icon's own check does it.
_OF_ONE_DISPLAY: Final = frozenset(
    f"integrator.desktop.{name}" for name in ("tray_icon", "tray_gtk", "tray_win32", "tray_xorg")
)


class Wrong(Exception):
    """A part works, but not as it must. The text is for people."""


def modules() -> str:
    """Every module of the program, and with them the libraries that they import at once."""
    import integrator

    names = [
        each.name
        for each in pkgutil.walk_packages(integrator.__path__, "integrator.", onerror=_raise)
        if not each.name.endswith(".__main__") and each.name not in _OF_ONE_DISPLAY
    ]
    for name in names:
        importlib.import_module(name)
    return format_count(len(names), "módulo importado", "módulos importados")


def files() -> str:
    """The data files: none is missing, and the largest shelves of them can be read."""
    from jinja2 import Environment

    from integrator.documents.blocks.models import Models
    from integrator.erp.profiles.loader import load_profile, shipped_profiles
    from integrator.messages.catalogue import modules as catalogue
    from integrator.support.program_files import missing_files

    missing = missing_files()
    if missing:
        raise Wrong(f"não estão no disco: {', '.join(missing[:4])}")
    pages = sorted(packaged("panel", "templates").glob("*.html"))
    for page in pages:
        Environment(autoescape=True).parse(page.read_text(encoding="utf-8"), page.name)
    for name in shipped_profiles():
        load_profile(name)
    models = Models()
    for name in models.names():
        models.get(name)
    counted = (
        format_count(len(pages), "tela", "telas"),
        format_count(len(models.names()), "documento", "documentos"),
        format_count(len(catalogue()), "módulo de mensagens", "módulos de mensagens"),
    )
    return ", ".join(counted)


def firebird() -> str:
    """The client library that would be used with nothing configured is loaded."""
    from integrator.erp.client import find_client
    from integrator.erp.connection import load_client

    choice = find_client("")
    if not choice.usable:
        raise Wrong(choice.why)
    load_client(choice.path)
    return f"{choice.path}. {choice.why}" if choice.path else choice.why


def keyring() -> str:
    """Windows must have its own vault; a Linux server may have none."""
    import keyring as library
    from keyring.backends import fail

    backend = library.get_keyring()
    if not isinstance(backend, fail.Keyring):
        return str(backend.name)
    if sys.platform.startswith("linux"):
        return "nenhum nesta sessão; as senhas ficam no arquivo protegido"
    raise Wrong("o cofre de senhas do Windows não foi encontrado")


def time_zone() -> str:
    """From the program's own list, not the system's: Windows has none. Summer time ended in 2019."""
    file = resources.files("tzdata.zoneinfo.America").joinpath("Sao_Paulo")
    with file.open("rb") as content:
        zone = zoneinfo.ZoneInfo.from_file(content, _ZONE)
    now, summer = datetime(2026, 11, 23, 8, tzinfo=zone), datetime(2018, 12, 1, 8, tzinfo=zone)
    if now.utcoffset() != timedelta(hours=-3) or summer.utcoffset() != timedelta(hours=-2):
        raise Wrong(f"{_ZONE} com a diferença errada: {now.utcoffset()}")
    return f"{_ZONE}, UTC{now:%z}"


def holidays() -> str:
    """A national one and one of a state."""
    from integrator.sending.holidays_br import BrazilianHolidays

    known = BrazilianHolidays("SP")
    found = known(date(2026, 9, 7)), known(date(2026, 7, 9))
    if found[0] is None or found[1] is None:
        raise Wrong("faltam feriados no calendário")
    return ", ".join(name for name in found if name)


def database_file() -> str:
    """SQLite, new enough, with the write-ahead log of the journal."""
    if sqlite3.sqlite_version_info < _LEAST_SQLITE:
        raise Wrong(f"versão {sqlite3.sqlite_version}, antiga demais")
    with tempfile.TemporaryDirectory(prefix="integrador-") as folder:
        from integrator.journal.store import SqliteJournal

        journal = SqliteJournal(Path(folder) / "integrator.db", datetime(2026, 11, 23))
        journal.close()
        with closing(sqlite3.connect(Path(folder) / "integrator.db")) as database:
            mode = database.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        raise Wrong(f"modo {mode} em vez de wal")
    return f"SQLite {sqlite3.sqlite_version}"


def certificates() -> str:
    """Whom ``requests`` trusts: the engines of other companies are reached by HTTPS."""
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    trusted = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH).cert_store_stats()["x509_ca"]
    if trusted < _LEAST_CERTIFICATES:
        raise Wrong(f"só {trusted} certificados")
    return f"{format_count(trusted, 'autoridade', 'autoridades')} conhecidas; {ssl.OPENSSL_VERSION}"


def passwords() -> str:
    """The hash of the panel's passwords, by a native library."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=1, memory_cost=1024)
    hasher.verify(hasher.hash("segredo"), "segredo")
    return "argon2"


def _raise(name: str) -> None:
    raise ImportError(f"{name} não pôde ser importado", name=name)


#: In an order that lets the imports come first and the child processes last.
CHECKS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("Módulos do programa", modules),
    ("Arquivos do programa", files),
    ("Cliente do Firebird", firebird),
    ("Cofre de senhas", keyring),
    ("Ícone ao lado do relógio", tray),
    ("Janelas", windows),
    ("Boleto", boleto),
    ("Imagem do PDF", pictures),
    ("Fuso horário", time_zone),
    ("Feriados", holidays),
    ("Diário de envios", database_file),
    ("Certificados", certificates),
    ("Senhas do painel", passwords),
    ("WhatsApp embutido", engine),
    ("Simulador", simulator),
)

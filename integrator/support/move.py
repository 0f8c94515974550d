"""An installation goes to another computer: packed here, unpacked there, and never sending from both.

Export leaves this folder asking before the archive can be used. The new computer then continues with the journal, so
that it knows what was sent; a second computer that imports the same archive finds the place taken and asks.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from integrator import __version__
from integrator.app import JOURNAL_FILE, open_database
from integrator.domain.errors import AlreadyRunning, IntegratorError
from integrator.erp.connection import Database
from integrator.installation.archive import Manifest, MoveError, pack, unpack
from integrator.installation.authorisation import retire
from integrator.installation.identity import Installation, journal_id, this_installation
from integrator.installation.moving import Former, Stage, write_moving
from integrator.installation.records import look
from integrator.installation.rehearsal_folder import FOLDER as REHEARSAL_FOLDER
from integrator.journal.store import SqliteJournal
from integrator.machine import Machine
from integrator.paths import PANEL_FILE
from integrator.settings import Settings
from integrator.single_instance import InstanceLock

CONFIG: Final = "config.toml"
PROFILES: Final = "perfil"
_KEPT_ASIDE: Final = "antes-da-mudanca"
#: What a data folder may hold before anything was installed in it.
_HARMLESS: Final = frozenset({"registro", "segredos", "integrator.lock", "computador.id"})


@dataclass(frozen=True, slots=True)
class Exported:
    """``away`` names the databases in which the authorisation could not be withdrawn."""

    away: tuple[str, ...]


def export(
    settings: Settings, folder: Path, config: Path, target: Path, now: datetime, machine: Machine | None = None
) -> Exported:
    """Pack the installation of ``folder`` into ``target`` and retire it here. ``now`` is naive local time.

    Raises :class:`MoveError` (running, nothing there, target exists), ``JournalError`` and ``OSError``.
    """
    if target.exists():
        raise MoveError(f"O arquivo {target} já existe. Escolha outro nome, ou apague-o antes.")
    files = _journals(folder)
    if not files:
        raise MoveError(f"Não há instalação para levar: a pasta {folder} não tem diário de envios.")
    with _stopped(folder), tempfile.TemporaryDirectory(prefix="mudanca-", dir=folder) as scratch:
        known = {file.relative_to(folder).as_posix(): this_installation(file, now, machine) for file in files}
        formers, away = _formers(settings, known, now)
        members = _members(settings, folder, config, list(known), Path(scratch))
        half = target.with_name(f"{target.name}.parcial")
        half.unlink(missing_ok=True)
        pack(half, __version__, formers, members)
        for name, former in formers.items():
            write_moving(known[name].folder, Stage.LEFT, former)
        half.replace(target)
        away = tuple(dict.fromkeys([*away, *_retire(settings, known.values())]))
    return Exported(away)


def bring(source: Path, folder: Path, now: datetime, *, replacing: bool = False) -> Manifest:
    """Unpack ``source`` into ``folder``; it asks the database for its place when it is next looked at.

    What stands there is put aside when ``replacing``. Raises :class:`MoveError`, ``JournalError`` for a journal of a
    newer program, ``SettingsError`` for settings that this program does not know, and ``OSError``; then nothing has
    changed, or the folder asks until the import is repeated.
    """
    folder.mkdir(parents=True, exist_ok=True)
    occupied = sorted(path.name for path in folder.iterdir() if path.name not in _HARMLESS)
    if occupied and not replacing:
        raise MoveError(
            f"A pasta de dados {folder} já tem uma instalação. Para pôr a importada no lugar dela, use --substituir; "
            "o que está lá é guardado ao lado.",
            detail=f"found {occupied[:20]}",
        )
    with _stopped(folder), tempfile.TemporaryDirectory(prefix="mudanca-", dir=folder) as scratch:
        manifest = unpack(source, Path(scratch))
        _check(Path(scratch), manifest, now)
        for name, former in manifest.journals.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_moving((folder / name).parent, Stage.UNPACKING, former)
        _put_aside(folder, manifest.members, now)
        for name in manifest.members:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(scratch) / name).replace(folder / name)
        for name, former in manifest.journals.items():
            write_moving((folder / name).parent, Stage.ARRIVED, former)
    return manifest


def not_here(settings: Settings, folder: Path) -> tuple[str, ...]:
    """Files and folders that the settings name and this computer does not have, as people read them."""
    named = [("[banco] cliente", settings.database.client_library), ("[empresa] logo", settings.company.logo)]
    named += [("[documentos] pastas_permitidas", str(path)) for path in settings.documents.allowed_folders]
    named += [("[fechamento] perfil", name) for name in _profiles(settings)]
    return tuple(f"{key}: {path}" for key, path in named if path and not (folder / path).exists())


def each_database(settings: Settings, work: Callable[[Database], None]) -> tuple[str, ...]:
    """Do ``work`` on every configured database; the names of those that could not be used."""
    away = []
    for chosen in settings.databases:
        try:
            with closing(open_database(settings.for_database(chosen.name))) as database:
                work(database)
        except IntegratorError:
            away.append(chosen.name)
    return tuple(away)


def _formers(
    settings: Settings, known: Mapping[str, Installation], now: datetime
) -> tuple[dict[str, Former], tuple[str, ...]]:
    """Each journal as the installation that it was, with the places of the databases; and those that were away."""
    places: dict[str, list[str]] = {name: [] for name in known}

    def note(database: Database) -> None:
        for name, us in known.items():
            places[name].append(look(database, us).place)

    away = each_database(settings, note)
    formers = {
        name: Former(us.journal, us.owner, us.machine.id, us.machine.name, tuple(places[name]), now)
        for name, us in known.items()
    }
    return formers, away


def _retire(settings: Settings, known: Iterable[Installation]) -> tuple[str, ...]:
    installations = list(known)

    def work(database: Database) -> None:
        for us in installations:
            retire(database, us)

    return each_database(settings, work)


def _members(settings: Settings, folder: Path, config: Path, journals: list[str], scratch: Path) -> dict[str, Path]:
    """What goes along, by its name in the archive; journals and panel as consistent copies in ``scratch``."""
    members = {CONFIG: config} if config.exists() else {}
    for name in [*journals, *([PANEL_FILE] if (folder / PANEL_FILE).exists() else [])]:
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(folder / name)) as source, closing(sqlite3.connect(scratch / name)) as copy:
            source.backup(copy)
        members[name] = scratch / name
    return members | _local_profiles(settings, folder)


def _local_profiles(settings: Settings, folder: Path) -> dict[str, Path]:
    """One in the data folder keeps its place there, so that the settings need not change; the others share a folder."""
    found: dict[str, Path] = {}
    for named in _profiles(settings):
        path = folder / named if (folder / named).is_file() else Path(named)
        if path.is_file() and path.suffix == ".toml":
            inside = path.resolve().is_relative_to(folder.resolve())
            name = path.resolve().relative_to(folder.resolve()).as_posix() if inside else f"{PROFILES}/{path.name}"
            if found.setdefault(name, path) != path:
                raise MoveError(f"Há dois perfis de nome {path.name}, em pastas diferentes. Dê outro nome a um deles.")
    return found


def _check(scratch: Path, manifest: Manifest, now: datetime) -> None:
    for name, former in manifest.journals.items():
        SqliteJournal(scratch / name, now).close()
        if journal_id(scratch / name) != former.journal:
            raise MoveError("O diário de envios deste arquivo não é o que ele diz ser. Exporte outra vez.")
    if (scratch / CONFIG).exists():
        Settings.load(scratch / CONFIG)


def _put_aside(folder: Path, members: Iterable[str], now: datetime) -> None:
    """Move the installation that stands here away; what is not a part of one stays (the log, the passwords)."""
    aside = folder / f"{_KEPT_ASIDE}-{now:%Y%m%d-%H%M%S}"
    journals = [path.relative_to(folder).as_posix() for path in _journals(folder)]
    # A write-ahead log of another journal would be taken for the new one's.
    stores = [*journals, PANEL_FILE]
    logs = [f"{name}{suffix}" for name in stores for suffix in ("-wal", "-shm")]
    for name in dict.fromkeys([CONFIG, PROFILES, *stores, *logs, *members]):
        if (folder / name).exists():
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder / name, aside / name)


def _journals(folder: Path) -> list[Path]:
    """Every journal below the data folder, except those put aside and that of a rehearsal."""
    found = (path for path in sorted(folder.glob(f"**/{JOURNAL_FILE}")))
    return [path for path in found if not _foreign(path.relative_to(folder).parts)]


def _foreign(parts: tuple[str, ...]) -> bool:
    return parts[0] == REHEARSAL_FOLDER or parts[0].startswith((_KEPT_ASIDE, "mudanca-"))


def _profiles(settings: Settings) -> list[str]:
    names = [settings.closing.profile, *(database.profile for database in settings.other_databases)]
    return [name for name in names if name.endswith(".toml")]


@contextmanager
def _stopped(folder: Path) -> Iterator[None]:
    """Holds the data folder. Raises :class:`MoveError` while the integrator runs in it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(InstanceLock(folder))
        except AlreadyRunning as error:
            raise MoveError(
                "O integrador está em execução neste computador. Feche-o (ou pare o serviço) e repita.",
                detail=error.detail,
            ) from error
        yield

"""A profile's TOML file as a :class:`Profile`; whatever is wrong in it is told with line and column.

Strict on purpose: a mistyped key would silently change who is written to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeGuard

from integrator.domain.message import Purpose
from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.charsets import CHARSETS, DEFAULT_CHARSET
from integrator.erp.profiles.sql_check import Statement
from integrator.erp.profiles.tables import Table, meant, places_of_each
from integrator.messages.catalogue import MODULES, Subject, module_named
from integrator.settings.problems import Place, Problem, ProfileError, parse_toml
from integrator.settings.toml_places import find_places

_PROFILE = "perfil"
_ADVICE = "Textos vão entre aspas, o SQL entre ''' e ''', e cada tabela ou chave aparece uma vez só."
_PROFILE_KEYS = ("nome", "charset")
_DAYS = "dias"
_ITEMS = "itens_sql"
_DAYS_AHEAD = 7
_LONGEST_AHEAD = 365


@dataclass(frozen=True, slots=True)
class Query:
    """One source of a profile: its statement and, for documents and greetings, what the message is.

    An empty ``text`` is the situation's own; ``purpose`` None is the situation's. ``days`` is how far ahead ``:ate`` of
    ``cashback`` lies. ``items`` lists the lines of one of these documents. ``place`` is that of the table in the file,
    ``text_place`` that of its text.
    """

    source: SourceName
    statement: Statement
    place: Place
    text_place: Place
    text: str = ""
    module: str = ""
    purpose: Purpose | None = None
    days: int = _DAYS_AHEAD
    items: Query | None = None

    @property
    def name(self) -> str:
        """What people call it: ``documentos (ORÇAMENTO)`` where a profile may have several of a kind."""
        return f"{self.source.value} ({self.module})" if self.module else self.source.value


@dataclass(frozen=True, slots=True)
class Profile:
    """How one ERP is read. ``file`` is for people; ``warnings`` are doubts about the SQL that need no database.

    Only ``documentos`` may have several queries, in the order of the file.
    """

    name: str
    file: str
    charset: str
    queries: Mapping[SourceName, tuple[Query, ...]]
    warnings: tuple[Problem, ...] = field(default=())

    def query(self, source: SourceName) -> Query | None:
        """The query of a source that has one only, if the profile has it."""
        return next(iter(self.queries.get(source, ())), None)

    @property
    def documents(self) -> tuple[Query, ...]:
        """The queries of ``documentos``."""
        return self.queries.get(SourceName.DOCUMENTS, ())

    def all_queries(self) -> Iterator[Query]:
        """All of them, each one's items behind it."""
        for queries in self.queries.values():
            for query in queries:
                yield query
                if query.items is not None:
                    yield query.items


def shipped_profiles() -> tuple[str, ...]:
    """The names of the examples that come with the program."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _shelf() if file.name.endswith(".toml")))


def load_profile(path_or_name: str | Path) -> Profile:
    """Read a profile from a file, or a shipped example by its name. Raises :class:`ProfileError`."""
    name = str(path_or_name)
    if re.fullmatch(r"[A-Za-z0-9_-]+", name):
        shipped = next((file for file in _shelf() if file.name == f"{name}.toml"), None)
        if shipped is not None:
            return read_profile(shipped.read_text(encoding="utf-8"), name)
    return read_profile(_read(Path(path_or_name)), name)


def read_profile(text: str, file: str) -> Profile:
    """The profile in ``text``; ``file`` names it in complaints. Raises :class:`ProfileError` with every problem."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    data = parse_toml(text, file, ProfileError, _ADVICE)
    reader = _Reader(data, text, file)
    profile = reader.read()
    if reader.problems:
        raise ProfileError(file, reader.problems)
    return profile


def _shelf() -> Iterable[Traversable]:
    shelf = resources.files("integrator.erp.profiles").joinpath("exemplos")
    return shelf.iterdir() if shelf.is_dir() else ()


def _read(path: Path) -> str:
    start = Place(1, 1)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        known = ", ".join(shipped_profiles()) or "nenhum"
        told = f"Não encontrei este perfil. Informe o caminho do arquivo .toml, ou um exemplo da instalação ({known})."
        raise ProfileError(path, [Problem(told, start)]) from error
    except UnicodeDecodeError as error:
        told = "O arquivo não está em UTF-8. Abra no Bloco de Notas e salve com a codificação UTF-8."
        raise ProfileError(path, [Problem(told, start)], detail=str(error)) from error
    except OSError as error:
        told = "Não consegui ler este arquivo. Confira se é um arquivo .toml e a permissão da pasta."
        raise ProfileError(path, [Problem(told, start)], detail=repr(error)) from error


class _Reader:
    """Goes through the tables and gathers every problem, so that one run of ``check`` tells them all."""

    def __init__(self, data: dict[str, Any], text: str, file: str) -> None:
        self._data = data
        self._text = text
        self._places = find_places(text)
        self._file = file
        self.problems: list[Problem] = []

    def read(self) -> Profile:
        known = {_PROFILE, *(source.value for source in SourceName if source is not SourceName.ITEMS)}
        for table, value in self._data.items():
            if table not in known:
                self._say(table, f"a tabela [{table}] não existe.{meant(table, known)}")
            elif not isinstance(value, dict) and not _is_array(value, table):
                self._say(table, f"{table} precisa ser uma tabela: escreva [{table}] e as chaves abaixo.")
        name, charset = self._head()
        queries: dict[SourceName, tuple[Query, ...]] = {}
        warnings: list[Problem] = []
        for source in SourceName:
            read = self._tables(source.value)
            if found := tuple(filter(None, (_query(source, each) for each in read))):
                queries[source] = found
            for each in read:
                self.problems += each.problems
                warnings += each.warnings
        self._pairs()
        return Profile(name, self._file, charset, queries, tuple(warnings))

    def _say(self, table: str, message: str) -> None:
        sentence = message[0].upper() + message[1:]
        self.problems.append(Problem(sentence, self._places.of((table,)), source=table))

    def _tables(self, name: str) -> list[Table]:
        """The tables of that name: none, one, or for documents several."""
        value = self._data.get(name)
        if isinstance(value, dict):
            return [Table(name, value, self._places)]
        if not _is_array(value, name):
            return []
        places = places_of_each(self._text, name)
        # Tables written in one line, [{…}, {…}], have no header of their own.
        each = places if len(places) == len(value) else (self._places,) * len(value)
        return [Table(name, keys, place) for keys, place in zip(value, each, strict=True)]

    def _head(self) -> tuple[str, str]:
        tables = self._tables(_PROFILE)
        if not tables:
            self._say("", "falta a tabela [perfil] com a chave nome, por exemplo: nome = 'Sistema da loja'.")
            return "", DEFAULT_CHARSET
        table = tables[0]
        table.refuse_unknown(_PROFILE_KEYS)
        name = table.text("nome", required=True)
        charset = str(table.keys.get("charset", DEFAULT_CHARSET)).upper()
        if charset not in CHARSETS:
            table.say("charset", f"o charset {charset} não serve. Use um destes: {', '.join(CHARSETS)}.")
        self.problems += table.problems
        return name, charset

    def _pairs(self) -> None:
        has = {source for source in SourceName if source.value in self._data}
        if SourceName.DEBTS in has and SourceName.CONTACTS not in has:
            self._say("titulos", "falta a tabela [contatos]: sem ela ninguém receberia os avisos de [titulos].")
        users = {SourceName.DEBTS, SourceName.HISTORY}
        for source in (SourceName.CONTACTS, SourceName.RECHECK, SourceName.BANK_RETURN):
            served = users if source is SourceName.CONTACTS else {SourceName.DEBTS}
            if source in has and not has & served:
                self._say(source.value, f"[{source.value}] só serve junto com [titulos], que falta neste perfil.")
        if not has - {SourceName.CONTACTS, SourceName.COMPANIES, SourceName.RECHECK, SourceName.BANK_RETURN} and not (
            has & {SourceName.CONTACTS, SourceName.RECHECK, SourceName.BANK_RETURN}
        ):
            self._say("", "este perfil não tem o que enviar. Escreva [titulos] e [contatos], ou outra fonte.")


def _is_array(value: object, table: str) -> TypeGuard[list[dict[str, Any]]]:
    """Whether it is written as ``[[documentos]]``, once or more."""
    return (
        table == SourceName.DOCUMENTS.value
        and isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) for each in value)
    )


def _query(source: SourceName, table: Table) -> Query | None:
    spec = SOURCES[source]
    table.refuse_unknown(("sql", *spec.options))
    statement = table.statement("sql", source, required=True)
    text = table.text("texto") if "texto" in spec.options else ""
    module = _module(table) if "modulo" in spec.options else ""
    purpose = _purpose(table) if "finalidade" in spec.options else None
    days = table.whole(_DAYS, _DAYS_AHEAD, _LONGEST_AHEAD) if _DAYS in spec.options else _DAYS_AHEAD
    items = _items(table, module) if _ITEMS in spec.options else None
    if statement is None:
        return None
    return Query(source, statement, table.place(), table.place("texto"), text, module, purpose, days, items)


def _items(table: Table, module: str) -> Query | None:
    statement = table.statement(_ITEMS, SourceName.ITEMS, required=False)
    if statement is None:
        return None
    return Query(SourceName.ITEMS, statement, table.place(_ITEMS), table.place(_ITEMS), module=module)


def _module(table: Table) -> str:
    """The module's name as the catalogue writes it."""
    named = table.text("modulo")
    module = module_named(named)
    if module is None:
        known = ", ".join(MODULES)
        why = f"o módulo “{named}” não existe" if named else "falta a chave modulo"
        table.say("modulo", f"{why}. Use um destes: {known}.")
        return ""
    if module.situations and all(each.subject is Subject.OPEN_TITLES for each in module.situations):
        table.say("modulo", f"as mensagens de {module.name} saem pela régua, com [titulos] e [contatos].")
    return module.name


def _purpose(table: Table) -> Purpose | None:
    purpose = table.text("finalidade").strip().lower()
    if not purpose:
        return None
    if purpose not in [each.value for each in Purpose]:
        table.say("finalidade", f"a finalidade “{purpose}” não existe. Use cobranca, servico ou promocional.")
        return None
    return Purpose(purpose)

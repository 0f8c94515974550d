"""A profile's TOML file as a :class:`Profile`; whatever is wrong in it is told with line and column.

Strict on purpose: a mistyped key would silently change who is written to.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from integrator.domain.message import Purpose
from integrator.erp.profiles.canonical import SOURCES, SourceName
from integrator.erp.profiles.charsets import CHARSETS, DEFAULT_CHARSET
from integrator.erp.profiles.sql_check import Statement, check_sql
from integrator.messages.catalogue import MODULES, purpose_of
from integrator.settings.problems import Place, Problem, ProfileError
from integrator.settings.toml_places import Places, find_places

_PROFILE = "perfil"
_PROFILE_KEYS = ("nome", "charset")
_DAYS = "dias"
_DAYS_AHEAD = 7
_LONGEST_AHEAD = 365


@dataclass(frozen=True, slots=True)
class Query:
    """One source of a profile: its statement and, for documents and greetings, what the message is.

    ``days`` is how far ahead ``:ate`` of ``cashback`` lies.
    """

    source: SourceName
    statement: Statement
    text: str = ""
    module: str = ""
    purpose: Purpose | None = None
    days: int = _DAYS_AHEAD


@dataclass(frozen=True, slots=True)
class Profile:
    """How one ERP is read. ``file`` is for people; ``warnings`` are doubts about the SQL that need no database."""

    name: str
    file: str
    charset: str
    queries: Mapping[SourceName, Query]
    places: Places
    warnings: tuple[Problem, ...] = field(default=())

    def query(self, source: SourceName) -> Query | None:
        """The query of that source, if the profile has it."""
        return self.queries.get(source)


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
    data = _parse(text, file)
    reader = _Reader(data, find_places(text), file)
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


def _parse(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        place = Place(int(found[1]), int(found[2])) if found else Place(1, 1).after(text)
        told = (
            "Há um erro de escrita aqui ou logo antes. Textos vão entre aspas, o SQL entre ''' e ''', e cada tabela ou "
            "chave aparece uma vez só."
        )
        raise ProfileError(file, [Problem(told, place)], detail=str(error)) from error


class _Reader:
    """Goes through the tables and gathers every problem, so that one run of ``check`` tells them all."""

    def __init__(self, data: dict[str, Any], places: Places, file: str) -> None:
        self._data = data
        self._places = places
        self._file = file
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def read(self) -> Profile:
        known = {_PROFILE, *(source.value for source in SourceName)}
        for table, value in self._data.items():
            if table not in known:
                self._say((table,), f"a tabela [{table}] não existe.{_meant(table, known)}")
            elif not isinstance(value, dict):
                self._say((table,), f"{table} precisa ser uma tabela: escreva [{table}] e as chaves abaixo.")
        name, charset = self._head()
        queries = {source: query for source in SourceName if (query := self._query(source)) is not None}
        self._pairs()
        return Profile(name, self._file, charset, queries, self._places, tuple(self.warnings))

    def _say(self, path: tuple[str, ...], message: str) -> None:
        sentence = message[0].upper() + message[1:]
        self.problems.append(Problem(sentence, self._places.of(path), source=path[0] if path else ""))

    def _table(self, name: str) -> dict[str, Any] | None:
        table = self._data.get(name)
        return table if isinstance(table, dict) else None

    def _head(self) -> tuple[str, str]:
        table = self._table(_PROFILE)
        if table is None:
            self._say((), "falta a tabela [perfil] com a chave nome, por exemplo: nome = 'Sistema da loja'.")
            return "", DEFAULT_CHARSET
        self._unknown_keys(_PROFILE, table, _PROFILE_KEYS)
        name = self._text((_PROFILE, "nome"), required=True)
        charset = str(table.get("charset", DEFAULT_CHARSET)).upper()
        if charset not in CHARSETS:
            told = f"o charset {charset} não serve. Use um destes: {', '.join(CHARSETS)}."
            self._say((_PROFILE, "charset"), told)
        return name, charset

    def _query(self, source: SourceName) -> Query | None:
        table = self._table(source.value)
        if table is None:
            return None
        spec = SOURCES[source]
        self._unknown_keys(source.value, table, ("sql", *spec.options))
        sql = self._text((source.value, "sql"), required=True)
        options = {key: self._text((source.value, key), required=False) for key in spec.options if key != _DAYS}
        purpose = self._purpose(source, options) if "modulo" in spec.options else None
        if "texto" in spec.options and not options["texto"].strip() and purpose is not Purpose.COLLECTION:
            self._say((source.value, "texto"), f"falta o texto da mensagem de [{source.value}], na chave texto.")
        if not sql.strip():
            return None
        statement = self._statement(source, sql)
        if statement is None:
            return None
        return Query(
            source, statement, options.get("texto", ""), options.get("modulo", ""), purpose, self._days(source, table)
        )

    def _statement(self, source: SourceName, sql: str) -> Statement | None:
        entry = self._places.entries.get((source.value, "sql"))
        if entry is not None and entry.quote in ('"""', '"') and "\\" in entry.raw:
            told = "escreva o SQL entre ''' e ''', para que a barra invertida valha como está."
            self._say((source.value, "sql"), told)
            return None
        start = entry.content if entry is not None else Place(1, 1)
        spec = SOURCES[source]
        statement, problems = check_sql(sql, start, spec.parameters, spec.required_parameters, source=source.value)
        self.problems += [problem for problem in problems if not problem.warning]
        self.warnings += [problem for problem in problems if problem.warning]
        return statement

    def _purpose(self, source: SourceName, options: dict[str, str]) -> Purpose | None:
        module, purpose = options["modulo"], options["finalidade"].strip().lower()
        usual = purpose_of(module)
        if usual is None:
            known = ", ".join(MODULES)
            why = f"o módulo “{module}” não existe" if module else "falta a chave modulo"
            self._say((source.value, "modulo"), f"{why}. Use um destes: {known}.")
        if not purpose:
            return usual
        if purpose not in [each.value for each in Purpose]:
            told = f"a finalidade “{purpose}” não existe. Use cobranca, servico ou promocional."
            self._say((source.value, "finalidade"), told)
            return usual
        return Purpose(purpose)

    def _days(self, source: SourceName, table: dict[str, Any]) -> int:
        days = table.get(_DAYS, _DAYS_AHEAD)
        if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= _LONGEST_AHEAD:
            return days
        if _DAYS in SOURCES[source].options:
            self._say((source.value, _DAYS), f"dias precisa ser um número inteiro de 0 a {_LONGEST_AHEAD}, sem aspas.")
        return _DAYS_AHEAD

    def _text(self, path: tuple[str, str], *, required: bool) -> str:
        table, key = path
        value = self._data[table].get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self._say(path, f"falta a chave {key} em [{table}].")
            return ""
        if not isinstance(value, str):
            self._say(path, f"{key} precisa ser um texto entre aspas.")
            return ""
        return value

    def _unknown_keys(self, table: str, given: dict[str, Any], known: Iterable[str]) -> None:
        for key in given:
            if key not in known:
                self._say((table, key), f"a chave {key} não existe em [{table}].{_meant(key, known)}")

    def _pairs(self) -> None:
        has = {source for source in SourceName if source.value in self._data}
        if SourceName.DEBTS in has and SourceName.CONTACTS not in has:
            self._say(("titulos",), "falta a tabela [contatos]: sem ela ninguém receberia os avisos de [titulos].")
        users = {SourceName.DEBTS, SourceName.HISTORY}
        for source in (SourceName.CONTACTS, SourceName.RECHECK, SourceName.BANK_RETURN):
            served = users if source is SourceName.CONTACTS else {SourceName.DEBTS}
            if source in has and not has & served:
                self._say((source.value,), f"[{source.value}] só serve junto com [titulos], que falta neste perfil.")
        if not has - {SourceName.CONTACTS, SourceName.COMPANIES, SourceName.RECHECK, SourceName.BANK_RETURN} and not (
            has & {SourceName.CONTACTS, SourceName.RECHECK, SourceName.BANK_RETURN}
        ):
            self._say((), "este perfil não tem o que enviar. Escreva [titulos] e [contatos], ou outra fonte.")


def _meant(typed: str, known: Iterable[str]) -> str:
    options = sorted(known)
    close = difflib.get_close_matches(typed.lower(), options, n=1, cutoff=0.6)
    return f" Você quis dizer {close[0]}?" if close else f" As que existem são: {', '.join(options)}."

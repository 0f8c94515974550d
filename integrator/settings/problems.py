"""What is wrong with a TOML file that people write (a profile, a document), each with its place in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrator.domain.errors import SettingsError


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column of the file, both from 1."""

    line: int
    column: int

    def after(self, text: str) -> Place:
        """The place behind ``text`` that begins here."""
        breaks = text.count("\n")
        if not breaks:
            return Place(self.line, self.column + len(text))
        return Place(self.line + breaks, len(text) - text.rfind("\n"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, a full sentence in Portuguese; a ``warning`` does not stop the file from being used."""

    message: str
    place: Place
    warning: bool = False
    source: str = ""

    def told(self, file: str) -> str:
        """The sentence with file, line and column."""
        return f"{file}, linha {self.place.line}, coluna {self.place.column}: {self.message}"


class TomlError(SettingsError):
    """A TOML file that cannot be used. ``problems`` are all that were found, with their places."""

    title = "Arquivo com problemas"

    def __init__(self, file: str | Path, problems: Iterable[Problem], *, detail: str = "") -> None:
        self.file = str(file)
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place))
        told = [problem.told(self.file) for problem in self.problems]
        super().__init__(told[0] if len(told) == 1 else "".join(f"\n- {each}" for each in told), detail=detail)


class ProfileError(TomlError):
    """A profile of an ERP that cannot be used."""

    title = "Perfil do ERP"


class DocumentModelError(TomlError):
    """A block document that cannot be used."""

    title = "Modelo de documento"


def parse_toml(text: str, file: str | Path, refused: type[TomlError], advice: str) -> dict[str, Any]:
    """A file as tables. Raises ``refused`` with the place of the slip; ``advice`` says how such files are written."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        place = Place(int(found[1]), int(found[2])) if found else Place(1, 1).after(text)
        told = f"Há um erro de escrita aqui ou logo antes. {advice}"
        raise refused(file, [Problem(told, place)], detail=str(error)) from error

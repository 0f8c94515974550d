"""How many of the catalogue's texts one core parses, and prints with a row's values, in a second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from integrator.messages.catalogue import Situation, modules
from integrator.messages.language import Template, parse
from integrator.messages.schema import Schema, Values
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import message_schema
from tools.bench import content
from tools.bench.figures import Figure, Floor, median, per_second

GROUP = "texts"
_TITLES = 3
_ENCLOSED = Enclosed(boletos=1, statement=True, pix=True, documents=1)
_PIECES = re.compile(r"\{[^{}]*\}|[^{}]+")
_WORDS = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """One situation's default text with a row's data, parsed once and printed once."""

    source: str
    schema: Schema
    template: Template
    values: Values
    words: tuple[str, ...]


def texts() -> list[Text]:
    """One for each situation of the catalogue."""
    return [_text(situation) for module in modules() for situation in module.situations]


def measure(*, quick: bool) -> list[Figure]:
    """Rounds over all the default texts: parsing beside cutting at braces, printing beside gluing words together."""
    rounds, times = (3, 5) if quick else (15, 20)
    every = texts() * times
    per_round = len(every)
    parsed, printed, cut, glued = (
        [per_second(work, every) for _ in range(rounds)] for work in (_parse, _print, _cut, _glue)
    )
    told = f"{per_round // times} texts of the catalogue, {times} times per round"
    cutting = Floor("the same texts cut at their braces by one regular expression", median(cut))
    gluing = Floor("the printed texts glued together from their words by str.join", median(glued))
    return [
        Figure(GROUP, "texts parsed and checked", median(parsed), "/s", rounds, cutting, note=told),
        Figure(GROUP, f"texts printed, rows of {_TITLES} titles", median(printed), "/s", rounds, gluing, note=told),
    ]


def _text(situation: Situation) -> Text:
    row = content.message(situation, 1, count=_TITLES)
    schema = message_schema(row, situation)
    template = parse(situation.text, schema)
    values = message_values(row, datetime.now(), _ENCLOSED, situation=situation)
    return Text(situation.text, schema, template, values, tuple(_WORDS.findall(template.render(values, row.seed))))


def _parse(text: Text) -> None:
    parse(text.source, text.schema)


def _print(text: Text) -> None:
    text.template.render(text.values, 1)


def _cut(text: Text) -> None:
    _PIECES.findall(text.source)


def _glue(text: Text) -> None:
    "".join(text.words)

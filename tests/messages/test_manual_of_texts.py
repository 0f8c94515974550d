"""Every example of ``docs/textos.md`` prints what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integrator.messages.filters import DEFAULT_NAME, FILTERS
from integrator.messages.importing import import_text
from integrator.messages.language import parse
from integrator.messages.values import Enclosed, message_values
from integrator.messages.vocabulary import message_schema
from tests.messages.builders import NOW, OVERDUE, UPCOMING, debt_notice

PAGE = (Path(__file__).parents[2] / "docs" / "textos.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```texto\n(.*?)\n```\n\n```mensagem\n(.*?)\n```", PAGE, re.DOTALL)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```texto") >= 7


@pytest.mark.feature("S27")
@pytest.mark.parametrize(("source", "text"), EXAMPLES)
def test_an_example_prints_what_the_page_says(source: str, text: str) -> None:
    message = debt_notice(OVERDUE, UPCOMING)
    template = parse(source, message_schema(message))
    assert template.render(message_values(message, NOW, Enclosed()), message.seed) == text


@pytest.mark.parametrize("name", [*(each.name for each in FILTERS.values()), DEFAULT_NAME])
def test_the_page_tells_every_filter(name: str) -> None:
    assert f"`{name}" in PAGE


@pytest.mark.feature("G48", "A17")
@pytest.mark.parametrize(("typed", "written"), re.findall(r"`(\S+)` → `(\S+)`", PAGE))
def test_an_import_does_what_the_page_says(typed: str, written: str) -> None:
    assert import_text(typed).text == written

"""What holds of every text that is accepted, for random texts of every situation and random data."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrator.domain.errors import TemplateError
from integrator.messages.language import parse
from tests.messages.builders import SCHEMA, VALUES
from tests.messages.generators import check_one

FEW = 1_500


@pytest.mark.feature("B04", "G50", "A18")
def test_no_random_text_leaves_a_mark_or_prints_an_empty_value() -> None:
    answers = Counter(check_one(Random(seed)) for seed in range(FEW))
    assert sum(answers.values()) == FEW
    assert min(answers["ok"], answers["erro"], answers["faltou"]) > FEW // 20


@pytest.mark.feature("B04")
@settings(max_examples=300)
@given(st.text(alphabet="{}[]|\\:#?/%<>@«» \nabcç_1$", max_size=40), st.integers(0, 1000))
def test_whatever_is_typed_no_brace_is_left_that_was_not_escaped(source: str, seed: int) -> None:
    try:
        text = parse(source, SCHEMA).render(VALUES, seed)
    except TemplateError:
        return
    assert "{" not in text or "{{" in source
    assert "}" not in text or "}}" in source


@pytest.mark.feature("B04", "B16")
@pytest.mark.parametrize(
    "source",
    [
        *("{contato|padrão:[[a}", "{contato|padrão:a]]}", "{qtd|[[a|b]]}", "{contato|padrão:{cliente}}"),
        *("{{{cliente}}}", "{{{ nome }}}", "{{ nome | upper }}", "{{#titulos}}x{{/titulos}}", "{{nome do cliente}}"),
        *("<<nome>>", "<< NOME DO CLIENTE >>", "@NOME@", "«saudacao»", "%(nome)s", "#NomeDevedor#", "#nome_devedor#"),
        *("%CRM%", "{{1}}", "{{ customer.name }}", "{{{1}}}"),
    ],
)
def test_what_other_systems_write_and_what_would_leave_a_mark_is_refused(source: str) -> None:
    with pytest.raises(TemplateError):
        parse(f"Olá {source}, tudo bem?", SCHEMA)

"""Whatever is typed, the answer is a text or a refusal in Portuguese; whatever the values, the structure stays."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from integrator.domain.errors import MessageError, MissingValue, TemplateError
from integrator.messages.filters import FILTERS
from integrator.messages.language import MAX_RENDERED_UTF16, lint, parse, utf16_length
from integrator.messages.render import clean
from tests.messages.builders import SCHEMA, VALUES

REPEATABLE = settings(max_examples=400)

PIECES = st.sampled_from(
    [
        *("{", "}", "{{", "}}", "[[", "]]", "|", "\\", "\\[[", ":", "#", "?", "/", "%", " ", "\n", "R$ ", "*", "_"),
        *("{cliente}", "{total|moeda}", "{qtd|a|b}", "{contato|padrão:x}", "{#titulos}", "{#titulos:1}", "{/titulos}"),
        *(
            "{?tem_pix}",
            "{:senao}",
            "{/tem_pix}",
            "{numero}",
            "{obs|data}",
            "{mais}",
            "{{1}}",
            "#NOME#",
            "cliente",
            "é😀",
        ),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))
SEEDS = st.integers(min_value=-(2**31), max_value=2**63)


@REPEATABLE
@given(TEXTS, SEEDS)
def test_any_text_is_printed_or_refused_in_portuguese(source: str, seed: int) -> None:
    lint(source, SCHEMA)
    text, refusal = printed_or_refused(source, seed)
    if refusal:
        assert refusal.startswith(("Texto da mensagem, linha ", "O texto ", "O valor ", "A variável "))
        assert refusal.endswith((".", "?"))
    else:
        assert 0 < utf16_length(text) <= MAX_RENDERED_UTF16


def printed_or_refused(source: str, seed: int) -> tuple[str, str]:
    try:
        return parse(source, SCHEMA).render(VALUES, seed), ""
    except MessageError as refusal:
        return "", refusal.message


@REPEATABLE
@given(
    st.lists(st.sampled_from(["[[a|b]]", "{qtd|x|y}", "{?obs}1{/obs}", "-", "{cliente}"]), max_size=8), st.text(), SEEDS
)
def test_a_value_never_changes_the_structure(pieces: list[str], value: str, seed: int) -> None:
    assume(clean(value) and "\n" not in clean(value))
    source = "".join(pieces)
    template = parse(f"<{source}>", SCHEMA)
    marked = template.render({**VALUES, "cliente": "\u2603"}, seed)
    assert template.render({**VALUES, "cliente": value}, seed) == marked.replace("\u2603", clean(value))


@REPEATABLE
@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="{}[]|\\%#"), max_size=80))
def test_a_text_without_marks_is_printed_as_it_is(source: str) -> None:
    assume(source.strip())
    assert parse(source, SCHEMA).render(VALUES, 1) == source.removeprefix("\ufeff").strip()


@REPEATABLE
@given(st.text(max_size=30))
def test_an_unknown_name_is_always_refused(name: str) -> None:
    inside = "zz" + name.replace("{", "").replace("}", "")
    with pytest.raises(TemplateError):
        parse("{" + inside + "}", SCHEMA)


WRITTEN = st.one_of(st.text(max_size=60), st.text(alphabet="0123456789.,-/R$ :nNsS\n\x00", max_size=60))


@REPEATABLE
@given(st.sampled_from(sorted(FILTERS)), WRITTEN)
@example("moeda", "1" * 40)
@example("data", "99/99/9999")
def test_whatever_the_erp_writes_a_filter_prints_it_or_holds_the_message(name: str, value: str) -> None:
    for source in (f"Oi {{obs|{name}}}", "Oi {obs|um|dois}", "Oi {fone}{documento}{?obs}.{/obs}"):
        template = parse(source, SCHEMA)
        with contextlib.suppress(MissingValue):
            text = template.render({**VALUES, "obs": value, "fone": value, "documento": value}, 1)
            assert text.startswith("Oi")

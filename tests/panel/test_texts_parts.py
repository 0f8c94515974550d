"""The parts of Mensagens: what a click inserts, WhatsApp's own marks, two texts compared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrator.messages.catalogue import Situation, modules
from integrator.messages.descriptions import BUILT_IN, LISTS
from integrator.messages.language import parse
from integrator.messages.vocabulary import base_schema, situation_schema
from integrator.panel.texts.bubble import as_read
from integrator.panel.texts.difference import difference
from integrator.panel.texts.palette import palette
from tests.panel.site import MORNING

SITUATIONS = [each for module in modules() for each in module.situations]


def test_every_variable_of_the_language_is_described_once() -> None:
    told = [name for group in BUILT_IN.values() for name in group]
    assert sorted(told) == sorted(base_schema().fields)
    assert {name: set(about) for name, (_, about) in LISTS.items()} == {
        name: set(item.fields) for name, item in base_schema().lists.items()
    }


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: f"{each.module} {each.kind}")
def test_whatever_is_clicked_makes_a_text_that_can_be_read(situation: Situation) -> None:
    for group in palette(situation, MORNING):
        inside = group.pieces[0].before.split("\n")[0] if group.title.startswith("Lista") else ""
        closing = f"{{/{inside[2:].partition(':')[0]}}}" if inside else ""
        for place, piece in enumerate(group.pieces):
            written = f"{piece.before}x{piece.after}"
            parse(f"{inside}{written}{closing}" if place else written, situation_schema(situation))
            assert piece.about


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("*Oi* _você_ ~não~", "<strong>Oi</strong> <em>você</em> <s>não</s>"),
        ("*_os dois_*", "<strong><em>os dois</em></strong>"),
        ("joao_silva_x 2*3*4 * item *", "joao_silva_x 2*3*4 * item *"),
        ("*uma\nlinha*", "*uma\nlinha*"),
        ("```*cru*``` *não*", "<code>*cru*</code> <strong>não</strong>"),
        ("*<img src=x onerror=alert(1)>*", "<strong>&lt;img src=x onerror=alert(1)&gt;</strong>"),
    ],
)
def test_marks_are_shown_as_whatsapp_shows_them(text: str, read: str) -> None:
    assert as_read(text) == read


@settings(max_examples=200)
@given(st.text(alphabet="<>&\"'*_~` \na/=é", max_size=40))
def test_nothing_but_our_own_tags_ever_comes_out(text: str) -> None:
    read = str(as_read(text))
    for tag in ("strong", "em", "s", "code"):
        read = read.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert not set("<>\"'") & set(read)


@settings(max_examples=200)
@given(st.text(alphabet="ab\n", max_size=12), st.text(alphabet="ab\n", max_size=12))
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    lines = difference(old, new)
    if old != new:
        assert "\n".join(line.text for line in lines if line.sign != "+") == old
        assert "\n".join(line.text for line in lines if line.sign != "-") == new
    else:
        assert lines == ()

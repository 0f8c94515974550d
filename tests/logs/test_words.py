"""The records in words, for who does not know the names of actions."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import integrator
from integrator.logs.record import record_of
from integrator.logs.words import ACTIONS, in_words

_AT = "2026-11-20T08:00:05.000 INFO integrator.x "


def told(body: str) -> str:
    return in_words(record_of(0, f"{_AT}{body}\n".encode()))


def test_an_action_is_a_sentence_with_its_fields() -> None:
    assert told("action=finished row=12 state=enviada") == "Mensagem 12: enviada."
    assert told('action=asks reason="banco restaurado"').endswith("alguém responda: banco restaurado.")


def test_a_plain_message_that_names_an_action_is_that_sentence() -> None:
    assert told('msg="action=defect"\nTraceback') == told("msg=action=defect") == told("action=defect")
    assert told("msg=\"action=late_answer detail=TclError('x')\"").startswith("Uma janela foi fechada")


def test_what_is_not_known_is_told_as_it_stands() -> None:
    assert told("action=novidade row=1") == "action=novidade row=1"
    assert told('msg="qualquer coisa"') == "qualquer coisa"
    assert told("action=finished") == "action=finished"
    assert in_words(record_of(0, b"nada disso\nmais")) == "nada disso"


def recorded() -> Iterator[tuple[str, frozenset[str]]]:
    """Each call of ``log_event`` that names its action, with the fields that it gives."""
    for file in Path(integrator.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("log_event"), [_, ast.Constant(str(action)), *_], keywords):
                    yield action, frozenset(each.arg for each in keywords if each.arg)


CALLS = tuple(recorded())


def test_every_action_has_a_sentence() -> None:
    assert len(CALLS) > 80
    assert sorted({action for action, _ in CALLS} - set(ACTIONS)) == []


def test_no_sentence_asks_for_a_field_that_its_record_lacks() -> None:
    wanted = {action: {name for _, name, _, _ in Formatter().parse(told) if name} for action, told in ACTIONS.items()}
    assert [(action, wanted[action] - given) for action, given in CALLS if wanted[action] - given] == []

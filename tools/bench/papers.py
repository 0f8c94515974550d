"""The PDFs that customers get, one function a kind, each drawing another customer's data at each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from integrator.documents.blocks.draw import draw_document
from integrator.documents.blocks.models import Models
from integrator.documents.boleto import draw_boleto
from integrator.documents.carne import draw_carne
from integrator.messages.catalogue import Situation, modules
from integrator.messages.values import Enclosed, message_values
from tools.bench import content

#: Draws the customer of that number.
Draw = Callable[[int], bytes]

_LINES = 8
_STATEMENT = "demonstrativo"
_MODELS = Models()


def kinds() -> Mapping[str, Draw]:
    """Every kind by the name it has in the table."""
    blocks = {f"{name}, {_LINES} lines": _block(name) for name in _MODELS.names()}
    return {"boleto": _boleto, "boleto híbrido": _hybrid, "carnê of 3": _carne, **blocks}


def notice(number: int, count: int) -> None:
    """The boleto and the statement of a debt notice about ``count`` titles."""
    situation = situation_with(_STATEMENT)
    row = content.message(situation, number, count=count)
    draw_boleto(content.COMPANY, row.customer, row.titles[0])
    values = message_values(row, datetime.now(), Enclosed(), situation=situation)
    draw_document(_MODELS.get(_STATEMENT), content.COMPANY, values, seed=number)


def of_size(size: int) -> bytes:
    """A boleto filled up to that many bytes. ValueError when it has more."""
    drawn = _boleto(0)
    end = b"\n" + drawn[drawn.rindex(b"startxref") :]
    filling = size - len(drawn) - len(end)
    if filling < 1:
        raise ValueError(f"a boleto has {len(drawn)} bytes")
    return drawn + b"%".ljust(filling, b"x") + end


def _boleto(number: int) -> bytes:
    (title,) = content.titles(number, 1)
    return draw_boleto(content.COMPANY, content.CUSTOMER, replace(title, pix=""))


def _hybrid(number: int) -> bytes:
    return draw_boleto(content.COMPANY, content.CUSTOMER, content.titles(number, 1)[0])


def _carne(number: int) -> bytes:
    return draw_carne(content.COMPANY, content.CUSTOMER, content.titles(number, 3))


def _block(name: str) -> Draw:
    model, situation = _MODELS.get(name), situation_with(name)

    def draw(number: int) -> bytes:
        row = content.message(situation, number, count=_LINES)
        values = message_values(row, datetime.now(), Enclosed(), situation=situation)
        return draw_document(model, content.COMPANY, values, seed=number)

    return draw


def situation_with(name: str) -> Situation:
    """The first situation of the catalogue that sends that document."""
    return next(each for module in modules() for each in module.situations if name in each.documents)

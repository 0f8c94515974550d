"""Printing a tree with values: every value exactly once, never parsed again (see :mod:`.language`)."""

from __future__ import annotations

import hashlib
import re
from collections import ChainMap
from collections.abc import Mapping
from typing import assert_never

from integrator.domain.errors import MissingValue
from integrator.messages.filters import show
from integrator.messages.nodes import Condition, Literal, Loop, Node, Plural, Print, Variation
from integrator.messages.schema import Kind, Scalar, Value, Values

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
LEFT_OUT = "mais"


class Renderer:
    """One rendering. ``mais`` is the number of items that the last limited loop left out."""

    def __init__(self, values: Values, seed: int) -> None:
        self._scope: ChainMap[str, Value] = ChainMap({LEFT_OUT: 0}, dict(values))
        self._seed = seed

    def run(self, nodes: tuple[Node, ...]) -> str:
        """The text of ``nodes``; raises :class:`MissingValue`."""
        return "".join(self._one(node) for node in nodes)

    def _one(self, node: Node) -> str:
        match node:
            case Literal(text):
                return text
            case Print():
                return self._print(node)
            case Plural(name, one, many):
                return one if self._number(name) == 1 else many
            case Loop():
                return self._loop(node)
            case Condition(name, then, otherwise):
                return self.run(then if self._holds(name) else otherwise)
            case Variation(index, options):
                return self.run(options[_choice(self._seed, index, len(options))])
            case _:
                assert_never(node)

    def _print(self, node: Print) -> str:
        value = self._scope.get(node.name)
        if isinstance(value, tuple) or value is None or (isinstance(value, str) and not value.strip()):
            if node.default is None:
                raise MissingValue(
                    f"A variável {{{node.name}}} do texto está sem valor nesta mensagem. Preencha o dado no ERP "
                    "ou use um "
                    "valor padrão no texto."
                )
            return node.default
        shown = show(value, node.kind) if not node.filters else ""
        for index, chosen in enumerate(node.filters):
            shown = chosen.apply(_for(chosen.kinds, value, node.kind) if index == 0 else shown)
        return _clean(shown)

    def _loop(self, node: Loop) -> str:
        found = self._scope.get(node.name)
        items: tuple[Mapping[str, Scalar], ...] = found if isinstance(found, tuple) else ()
        pieces = []
        for item in items[: node.limit]:
            self._scope.maps.insert(0, dict(item))
            pieces.append(self.run(node.body))
            del self._scope.maps[0]
        self._scope[LEFT_OUT] = max(0, len(items) - node.limit)
        return "".join(pieces)

    def _holds(self, name: str) -> bool:
        value = self._scope.get(name)
        return (
            bool(value.strip()) and value.strip().lower() not in ("n", "nao", "não", "0")
            if isinstance(value, str)
            else bool(value)
        )

    def _number(self, name: str) -> int:
        value = self._scope.get(name)
        if not isinstance(value, int):
            raise MissingValue(f"A variável {{{name}}} do texto está sem número nesta mensagem.")
        return value


def _for(kinds: frozenset[Kind], value: Scalar, kind: Kind) -> Scalar:
    """A filter of every kind works on what is usually printed; the others on the value itself."""
    return show(value, kind) if kinds == frozenset(Kind) else value


def _clean(text: str) -> str:
    """Control characters of a value never reach the customer; line breaks do."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n"))


def _choice(seed: int, index: int, options: int) -> int:
    digest = hashlib.sha256(f"{seed}:{index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % options

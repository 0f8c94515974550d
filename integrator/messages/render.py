"""Printing a tree with values: every value exactly once, never parsed again (see :mod:`.language`)."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import assert_never

from integrator.domain.errors import MissingValue, TemplateError
from integrator.messages.filters import show
from integrator.messages.formatting import format_count
from integrator.messages.nodes import Condition, Literal, Loop, Node, Plural, Print, Variation
from integrator.messages.schema import Hidden, Item, Kind, Scalar, Value, Values

LEFT_OUT = "mais"
#: A value longer than a whole text may be is a mistake of the row, as is a result many times what WhatsApp takes.
_MAX_VALUE = 20_000
_MAX_OUTPUT = 60_000
_SHORT = 40
_NO = re.compile(r"n|nao|não|f|false|falso|-?0+([.,]0+)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:,\d+)?", re.ASCII)
_LINE_BREAK = re.compile(r"\r\n?|[\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")
#: Nothing to see: zero widths, halves of UTF-16 pairs, marks that turn the direction of the text around them.
_UNSEEN = re.compile(r"[\ud800-\udfff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def holds(value: Value) -> bool:
    """Whether ``{?…}`` shows its block: a value not empty, zero nor no (in a text ``N``, ``não``, ``0``, ``0,00``)."""
    if isinstance(value, str):
        return not _is_blank(value) and not (len(value) <= _SHORT and _NO.fullmatch(value.strip()))
    return bool(value)


def _is_blank(text: str) -> bool:
    """Whether there is nothing to print; the beginning nearly always tells, and spares cleaning a long text."""
    return not clean(text[:_SHORT]) and not clean(text[:_MAX_VALUE])


def clean(text: str) -> str:
    """The text as a person sees it: line breaks kept, control characters and outer blanks not."""
    return _UNSEEN.sub("", _CONTROL.sub(" ", _LINE_BREAK.sub("\n", text))).strip()


class Renderer:
    """One rendering. ``mais`` is the number of items that the loop begun last leaves out."""

    def __init__(self, values: Values, seed: int) -> None:
        self._values = values
        self._seed = seed
        self._item: Item = {}
        self._where = ""
        self._left_out = 0
        self._printed = 0

    def run(self, nodes: tuple[Node, ...]) -> str:
        """The text of ``nodes``; raises :class:`MissingValue`, or :class:`TemplateError` when it grows without end."""
        return "".join(self._one(node) for node in nodes)

    def _one(self, node: Node) -> str:
        match node:
            case Literal(text):
                return self._count(text)
            case Print():
                return self._count(self._print(node))
            case Plural(name, one, many):
                return self._count(one if self._is_one(name) else many)
            case Loop():
                return self._loop(node)
            case Condition(name, then, otherwise):
                return self.run(then if holds(self._value(name)) else otherwise)
            case Variation(index, options):
                return self.run(options[_choice(self._seed, index, len(options))])
            case _:
                assert_never(node)

    def _count(self, text: str) -> str:
        self._printed += len(text)
        if self._printed > _MAX_OUTPUT:
            raise TemplateError(
                "A mensagem ficou longa demais para o WhatsApp. Encurte o texto ou limite a lista, "
                "por exemplo {#titulos:10}."
            )
        return text

    def _value(self, name: str) -> Value:
        if name in self._item:
            return self._item[name]
        return self._left_out if name == LEFT_OUT else self._values.get(name)

    def _present(self, name: str) -> Scalar:
        """The value of ``name``, or None for one that prints nothing; a text comes cleaned."""
        value = self._value(name)
        if isinstance(value, str) and len(value) > _MAX_VALUE:
            length = format_count(len(value), "caractere", "caracteres")
            limit = format_count(_MAX_VALUE, "", "").strip()
            raise TemplateError(
                f"O valor da variável {{{name}}} tem {length}; o máximo é {limit}. Confira o dado no ERP."
            )
        if isinstance(value, Hidden):
            return value
        if isinstance(value, str):
            return clean(value) or None
        return None if isinstance(value, tuple) else value

    def _print(self, node: Print) -> str:
        value = self._present(node.name)
        if value is None and node.default is not None:
            return node.default
        if value is None:
            raise MissingValue(
                f"A variável {{{node.name}}} do texto está sem valor nesta mensagem{self._where}. Preencha o dado no "
                "ERP ou use um valor padrão no texto."
            )
        return value if isinstance(value, Hidden) else self._filtered(node, value)

    def _filtered(self, node: Print, value: Scalar) -> str:
        if not node.filters:
            return show(value, node.kind)
        for chosen in node.filters:
            # A filter of every kind (upper case) works on what is usually printed, the others on the value itself.
            given = show(value, node.kind) if chosen.kinds == frozenset(Kind) else value
            try:
                value = chosen.apply(given)
            except ValueError as error:
                raise MissingValue(
                    f"O valor da variável {{{node.name}}} {error}{self._where}: “{str(given)[:_SHORT]}”. "
                    "Corrija o dado no ERP."
                ) from error
        return str(value)

    def _loop(self, node: Loop) -> str:
        found = self._value(node.name)
        items: tuple[Item, ...] = found if isinstance(found, tuple) else ()
        chosen = items if node.limit is None else items[: node.limit]
        self._left_out = len(items) - len(chosen)
        pieces: list[str] = []
        for place, item in enumerate(chosen, start=1):
            self._item = item
            self._where = f" (item {place} de {{#{node.name}}})"
            pieces.append(self.run(node.body))
        self._item, self._where = {}, ""
        return "".join(pieces)

    def _is_one(self, name: str) -> bool:
        """Whether the singular fits: 1, and what has places and is less than two (*0,5 metro*, *1,5 metro*)."""
        value = self._present(name)
        if isinstance(value, Hidden):
            return False
        if isinstance(value, int | Decimal):
            return 0 < value < 2
        if isinstance(value, str) and len(value) <= _SHORT and _NUMBER.fullmatch(value):
            return 0 < Decimal(value.replace(",", ".")) < 2
        raise MissingValue(
            f"A variável {{{name}}} do texto não é um número nesta mensagem{self._where}: sem ele não há como "
            "escolher entre singular e plural. Corrija o dado no ERP."
        )


def _choice(seed: int, index: int, options: int) -> int:
    """One of ``options``, the same for the same seed on every machine and in every version of Python."""
    digest = hashlib.sha256(f"{seed}:{index}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % options

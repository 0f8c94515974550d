"""The texts of a block document: the message language, plus ``*bold*`` and ``_italic_``.

Marks count where the document's author wrote them. They become control characters when the text is parsed; values are
cleaned of those when they are printed, so that a ``*`` in a customer's name is a ``*``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from integrator.domain.errors import DocumentError, MissingValue, TemplateError
from integrator.messages.language import parse
from integrator.messages.nodes import Condition, Literal, Loop, Node, Plural, Print, Variation
from integrator.messages.render import Renderer
from integrator.messages.schema import Schema, Values

BOLD_MARK = "\x01"
ITALIC_MARK = "\x02"
#: A mark stands alone at the edge of a word: ``2 * 3`` and ``joao_silva`` are text.
_BOLD = re.compile(r"(?<![*])\*(?![*])")
_ITALIC = re.compile(r"(?<!_)_(?!_)")
#: What a text has beside it as its marks see it: a value is a word, a block may be anything.
_WORD, _EDGE = "x", "."
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_WHERE = re.compile(r"^Texto da mensagem, linha \d+, coluna \d+: ")


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed text of a document. ``names`` are all variables and lists that it mentions."""

    nodes: tuple[Node, ...]
    names: frozenset[str]

    def render(self, values: Values, seed: int) -> str:
        """The text with its marks as control characters.

        Raises :class:`MissingValue` for a variable without value, and :class:`DocumentError` for one that cannot be
        printed or a text without end.
        """
        try:
            return _EMPTY_LINES.sub("\n\n", Renderer(values, seed).run(self.nodes)).strip()
        except TemplateError as error:
            raise DocumentError(
                "Um texto do documento ficou longo demais. Encurte-o no modelo, ou use um bloco tabela para a lista.",
                detail=error.message,
            ) from error

    def line(self, values: Values, seed: int) -> str:
        """The text in one line without marks. Raises as :meth:`render`."""
        return " ".join(self.render(values, seed).translate(_WITHOUT_MARKS).split())

    def has_values(self, values: Values, seed: int) -> bool:
        """Whether everything it needs is there."""
        try:
            return bool(self.line(values, seed))
        except MissingValue:
            return False


_WITHOUT_MARKS = {ord(BOLD_MARK): None, ord(ITALIC_MARK): None}


def parse_text(source: str, schema: Schema, *, marks: bool = False) -> Text:
    """Parse one text of a model. Raises :class:`TemplateError` as :func:`integrator.messages.language.parse`."""
    nodes = parse(source, schema).nodes
    names = frozenset(_names(nodes))
    return Text(_marked(nodes) if marks else nodes, names)


def without_place(message: str) -> str:
    """A complaint of the language without its own line and column."""
    told = _WHERE.sub("", message)
    return told[:1].upper() + told[1:]


def _names(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Print(name=name) | Plural(name=name):
                yield name
            case Loop(name=name, body=body):
                yield name
                yield from _names(body)
            case Condition(name=name, then=then, otherwise=otherwise):
                yield name
                yield from _names((*then, *otherwise))
            case Variation(options=options):
                yield from _names(tuple(node for option in options for node in option))
            case Literal():
                pass


def _marked(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    sides = [_EDGE, *(_WORD if isinstance(node, Print | Plural) else _EDGE for node in nodes), _EDGE]
    return tuple(_mark(node, sides[at], sides[at + 2]) for at, node in enumerate(nodes))


def _mark(node: Node, before: str, after: str) -> Node:
    """``before`` and ``after`` stand for what is printed next to the node."""
    match node:
        case Literal(text):
            return Literal(_with_marks(text, before, after))
        case Loop():
            return replace(node, body=_marked(node.body))
        case Condition():
            return replace(node, then=_marked(node.then), otherwise=_marked(node.otherwise))
        case Variation():
            return replace(node, options=tuple(map(_marked, node.options)))
        case _:
            return node


def _with_marks(text: str, before: str, after: str) -> str:
    bold = _BOLD.sub(lambda found: _mark_or_sign(found, BOLD_MARK), f"{before}{text}{after}")
    return _ITALIC.sub(lambda found: _mark_or_sign(found, ITALIC_MARK), bold)[1:-1]


def _mark_or_sign(found: re.Match[str], mark: str) -> str:
    """The mark where the sign stands at the edge of a word, and not inside one nor between blanks."""
    left, right = found.string[found.start() - 1], found.string[found.end()]
    inside = left.isalnum() and right.isalnum()
    return found[0] if inside or (left.isspace() and right.isspace()) else mark

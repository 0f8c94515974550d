"""Where a text would hold messages: variables printed although a row may lack them, and lists without a limit.

A guard is ``{?x}…{/x}`` around the variable itself (not its ``{:senao}``) or ``|padrão:`` within it. What never lacks
is written here once; all else may be empty in somebody's register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from integrator.domain.message import Purpose
from integrator.messages.catalogue import Situation, Subject
from integrator.messages.language import Template
from integrator.messages.nodes import Condition, Literal, Loop, Node, Plural, Print, Variation
from integrator.messages.schema import Schema

#: Of every message: the row cannot be written without them, or they are computed.
_ALWAYS: Final = frozenset(
    {
        *("cliente", "primeiro_nome", "empresa", "credor", "saudacao", "hoje", "mais"),
        *("qtd", "qtd_vencidos", "qtd_a_vencer", "qtd_quitados", "qtd_itens", "qtd_boletos"),
        *("tem_boleto", "tem_pix", "tem_linha", "tem_demonstrativo", "tem_documento"),
    }
)
#: No collection leaves without them (CDC art. 42-A).
_OF_COLLECTIONS: Final = frozenset(
    {"empresa_documento", "empresa_cnpj", "empresa_endereco", "credor_documento", "credor_endereco"}
)
_OF_SUBJECT: Final[Mapping[Subject, frozenset[str]]] = {
    Subject.OPEN_TITLES: frozenset({"total", "total_vencido", "total_a_vencer", "vencimento", "dias_atraso"}),
    Subject.SETTLED_TITLES: frozenset({"total_quitado"}),
}
_OF_TITLE: Final = frozenset(
    {
        *("documento", "documento_parcela", "titulo", "vencimento", "valor", "valor_aberto"),
        *("dias_atraso", "vencido", "tem_boleto", "tem_pix"),
    }
)
_OF_ITEM: Final[Mapping[str, frozenset[str]]] = {
    "titulos": _OF_TITLE,
    "vencidos": _OF_TITLE,
    "a_vencer": _OF_TITLE,
    "quitados": _OF_TITLE,
    "itens": frozenset({"descricao"}),
}
#: What a condition tells besides itself.
_IMPLIED: Final[Mapping[str, frozenset[str]]] = {
    "tem_pix": frozenset({"pix"}),
    "quitados": _OF_SUBJECT[Subject.SETTLED_TITLES],
    "qtd_quitados": _OF_SUBJECT[Subject.SETTLED_TITLES],
    **dict.fromkeys(
        ("qtd", "qtd_vencidos", "qtd_a_vencer", "titulos", "vencidos", "a_vencer"), _OF_SUBJECT[Subject.OPEN_TITLES]
    ),
}


@dataclass(frozen=True, slots=True)
class Unguarded:
    """A variable printed without a guard; ``inside`` is the list whose items it belongs to, or empty."""

    name: str
    inside: str
    line: int


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where the walk stands: what is sure to have a value, and the list that is being repeated."""

    schema: Schema
    sure: frozenset[str]
    inside: str = ""

    def knowing(self, names: Iterable[str]) -> _Scope:
        return replace(self, sure=self.sure | frozenset(names))


def always_there(situation: Situation | None) -> frozenset[str]:
    """The variables that no message of ``situation`` lacks; None: of any message."""
    if situation is None:
        return _ALWAYS
    required = {each.name for each in situation.variables if each.required}
    lawful = _OF_COLLECTIONS if situation.purpose is Purpose.COLLECTION else frozenset()
    return _ALWAYS | _OF_SUBJECT.get(situation.subject, frozenset()) | lawful | required


def only_with_titles() -> frozenset[str]:
    """The variables that are empty unless the message has titles."""
    return frozenset().union(*_OF_SUBJECT.values()) | {"total_atualizado"}


def unguarded(template: Template, schema: Schema, required: Iterable[str] = _ALWAYS) -> list[Unguarded]:
    """Where rows that lack a variable would be held, in the order of the text, each variable once for each list.

    ``required`` are the names that always have a value, as :func:`always_there` tells them.
    """
    found = _walk(template.nodes, _Scope(schema, frozenset(required)))
    first: dict[tuple[str, str], Unguarded] = {}
    for each in found:
        first.setdefault((each.name, each.inside), each)
    return list(first.values())


def unlimited_loops(nodes: Iterable[Node]) -> list[Loop]:
    """The loops without a limit, which with many items make a text that WhatsApp does not take."""
    return [node for node in every_node(nodes) if isinstance(node, Loop) and node.limit is None]


def names_of(nodes: Iterable[Node]) -> frozenset[str]:
    """The variables that a text may print."""
    return frozenset(node.name for node in every_node(nodes) if isinstance(node, Print | Plural))


def every_node(nodes: Iterable[Node]) -> Iterator[Node]:
    """Each node of a tree, parents first."""
    for node in nodes:
        yield node
        match node:
            case Loop(body=body):
                yield from every_node(body)
            case Condition(then=then, otherwise=otherwise):
                yield from every_node((*then, *otherwise))
            case Variation(options=options):
                for option in options:
                    yield from every_node(option)
            case Literal() | Print() | Plural():
                pass
            case _:
                assert_never(node)


def _walk(nodes: Iterable[Node], scope: _Scope) -> Iterator[Unguarded]:
    for node in nodes:
        match node:
            case Print(name=name, default=default, line=line):
                if default is None:
                    yield from _printed(name, line, scope)
            case Plural(name=name, line=line):
                yield from _printed(name, line, scope)
            case Loop(name=name, body=body):
                yield from _walk(body, _repeated(name, scope))
            case Condition(name=name, then=then, otherwise=otherwise):
                yield from _walk(then, scope.knowing({name, *_IMPLIED.get(name, ())}))
                yield from _walk(otherwise, scope)
            case Variation(options=options):
                for option in options:
                    yield from _walk(option, scope)
            case Literal():
                pass
            case _:
                assert_never(node)


def _printed(name: str, line: int, scope: _Scope) -> Iterator[Unguarded]:
    if name not in scope.sure:
        yield Unguarded(name, scope.inside if scope.inside and name in _fields(scope) else "", line)


def _fields(scope: _Scope) -> frozenset[str]:
    """The fields of the items of the list that is being repeated."""
    return frozenset(scope.schema.lists[scope.inside].fields) if scope.inside in scope.schema.lists else frozenset()


def _repeated(name: str, scope: _Scope) -> _Scope:
    """Inside a loop: a guard around the loop says nothing of an item's variable of the same name."""
    item = scope.schema.lists[name]
    sure = (scope.sure - item.fields.keys()) | _OF_ITEM.get(name, frozenset())
    return _Scope(replace(scope.schema, fields={**scope.schema.fields, **item.fields}), sure, name)

"""What a click puts into a text: the variables of its situation, lists, and blocks of the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.messages.catalogue import Situation, Subject
from integrator.messages.descriptions import BUILT_IN, LISTS
from integrator.messages.filters import show
from integrator.messages.samples import at_work, sample_enclosed, sample_message
from integrator.messages.schema import Kind, Schema, Value, Values, plain
from integrator.messages.values import message_values
from integrator.messages.vocabulary import situation_schema


@dataclass(frozen=True, slots=True)
class Piece:
    """A button: ``before`` and ``after`` go around what is selected in the text, or around the cursor.

    ``label`` is what it is called, ``about`` what it says, ``sample`` what a customer would read.
    """

    label: str
    about: str
    before: str
    after: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that are shown together; an ``open`` one at once."""

    title: str
    pieces: tuple[Piece, ...]
    open: bool = False


_BLOCKS: Final = Group(
    "Trechos e variações",
    (
        Piece("[[uma|outra]]", "Variação: uma das opções, sempre a mesma para a mesma mensagem", "[[", "|]]"),
        Piece("{?…}{/…}", "Só sai quando a variável tem valor", "{?contato}", "{/contato}"),
        Piece(
            "{?…}{:senao}{/…}",
            "Um trecho quando há valor, outro quando não há",
            "{?tem_boleto}",
            "{:senao}{/tem_boleto}",
        ),
        Piece("{qtd|um|vários}", "Singular ou plural, conforme o número", "{qtd|título|títulos}"),
        Piece("{…|padrão:…}", "O que escrever quando falta o valor", "{contato|padrão:", "}"),
    ),
)
_MARKS: Final = Group(
    "Letras do WhatsApp",
    (
        Piece("*negrito*", "Negrito", "*", "*"),
        Piece("_itálico_", "Itálico", "_", "_"),
        Piece("~riscado~", "Riscado", "~", "~"),
    ),
)
_OF_SUBJECT: Final[Mapping[Subject, tuple[str, ...]]] = {
    Subject.OPEN_TITLES: ("titulos", "vencidos", "a_vencer"),
    Subject.SETTLED_TITLES: ("quitados",),
    Subject.DOCUMENT: ("itens", "titulos"),
    Subject.PERSON: (),
}
_ONLY_DEBTS: Final = frozenset({"Valores e prazos", "Credor"})


def palette(situation: Situation, now: datetime) -> tuple[Group, ...]:
    """The groups for that situation: its own variables first, then what every text may say."""
    schema, values = situation_schema(situation), _samples(situation, now)
    own = tuple(
        Piece(
            f"{{{each.name}}}",
            f"{each.about} (obrigatória)" if each.required else each.about,
            f"{{{each.name}}}",
            sample=_shown(values.get(plain(each.name)), each.kind) or each.sample,
        )
        for each in situation.variables
    )
    declared = {plain(each.name) for each in situation.variables}
    built_in = [
        Group(title, _pieces(about, schema, values, declared), open=not own and title == "Cliente")
        for title, about in BUILT_IN.items()
        if situation.subject is not Subject.PERSON or title not in _ONLY_DEBTS
    ]
    lists = [_list(name, schema, values) for name in _OF_SUBJECT[situation.subject]]
    first = [Group("Desta mensagem", own, open=True)] if own else []
    return (*first, *built_in, *lists, _BLOCKS, _MARKS)


def _samples(situation: Situation, now: datetime) -> Values:
    at = at_work(now.date())
    return message_values(sample_message(situation, at), at, sample_enclosed(situation), situation=situation)


def _pieces(about: Mapping[str, str], schema: Schema, values: Values, but: set[str]) -> tuple[Piece, ...]:
    return tuple(
        Piece(f"{{{name}}}", told, f"{{{name}}}", sample=_shown(values.get(name), schema.fields[name]))
        for name, told in about.items()
        if name not in but
    )


def _list(name: str, schema: Schema, values: Values) -> Group:
    """The repetition itself, and what may stand in it."""
    what, about = LISTS[name]
    found = values.get(name)
    item: Mapping[str, Value] = found[0] if isinstance(found, tuple) and found else {}
    fields = schema.lists[name].fields
    line = "{descricao}: {total_item}" if name == "itens" else "{documento_parcela}: {valor_aberto}"
    whole = Piece(
        f"{{#{name}:10}}…",
        f"Repete para {what}, até dez",
        f"{{#{name}:10}}\n• {line}",
        f"{{/{name}}}{{?mais}}\ne mais {{mais}}{{/mais}}",
    )
    inside = tuple(
        Piece(f"{{{field}}}", told, f"{{{field}}}", sample=_shown(item.get(field), fields[field]))
        for field, told in about.items()
    )
    return Group(f"Lista: {what}", (whole, *inside))


def _shown(value: Value, kind: Kind) -> str:
    return "" if value is None or isinstance(value, tuple) else show(value, kind)

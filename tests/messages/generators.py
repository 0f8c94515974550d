"""Random texts and random data for them, and what must hold of every text whatever the data: :func:`check_one`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Final

from integrator.domain.errors import MissingValue, TemplateError
from integrator.messages.catalogue import Situation, modules
from integrator.messages.filters import FILTERS
from integrator.messages.guards import always_there, every_node, unguarded
from integrator.messages.language import MAX_RENDERED_UTF16, Template, parse, utf16_length
from integrator.messages.nodes import Literal, Plural, Print
from integrator.messages.render import clean
from integrator.messages.schema import Item, Kind, Scalar, Schema, Value
from integrator.messages.vocabulary import situation_schema

SITUATIONS: Final = tuple(each for module in modules() for each in module.situations)
#: What customers' names look like at worst; braces and bars of theirs must stay as they are.
NASTY: Final = (
    *("José", "ZÉ & FILHOS <b>", "{cliente}", "{{1}}", "[[a|b]]", "*_~", "a\nb", "R$ {total}", "#NOME#", "😀 é"),
    *("", " ", "\u200b", "x" * 300, "\\[[", "|padrão:x", "{?tem_pix}", "%NOME%", "}", "]]"),
)
_WORDS: Final = ("Olá", " ", "\n", "\n\n\n", "*", "_", ".", "R$ ", "😀", "ç", "10%", "[x]", "#1")
_NOISE: Final = "{}[]|\\:#?/%@<>«»*_~ \nabcçR$123{}[]||"
_PIECES: Final = ("{cliente}", "{/titulos}", "{:senao}", "{{", "}}", "\\[[", "[[", "]]", "|", "{#titulos}", "{?mais}")


def check_one(random: Random) -> str:
    """One random text for one situation with random data: ``ok``, ``erro`` (refused) or ``faltou`` (held).

    Raises ``AssertionError`` when a mark of the language survives into the text, a value is changed, an empty value
    is printed, or a text that needs nothing optional is held for lack of it.
    """
    situation = random.choice(SITUATIONS)
    schema = situation_schema(situation)
    source = random_text(random, schema) if random.random() < 0.7 else random_noise(random)
    try:
        template = parse(source, schema)
    except TemplateError as error:
        return _refused(error)
    _check_nodes(template, source)
    return _check_rendering(template, source, situation, schema, random)


def _refused(error: TemplateError) -> str:
    assert error.message.startswith(("Texto da mensagem, linha ", "O texto ")), error.message
    return "erro"


def random_text(random: Random, schema: Schema, depth: int = 0) -> str:
    """A text by the grammar: nearly always accepted."""
    return "".join(_piece(random, schema, depth) for _ in range(random.randint(1, 6)))


def random_noise(random: Random) -> str:
    """Characters and pieces of the language in any order."""
    return "".join(
        random.choice(_PIECES) if random.random() < 0.3 else random.choice(_NOISE) for _ in range(random.randint(0, 60))
    )


def random_values(random: Random, schema: Schema, full: frozenset[str] = frozenset()) -> dict[str, Value]:
    """Data that the schema allows; the names in ``full`` have a value that can be seen."""
    values: dict[str, Value] = dict(_row(random, schema, full))
    for name, item in schema.lists.items():
        values[name] = tuple(_row(random, item, full) for _ in range(random.choice((0, 1, 1, 4))))
    _without_titles(values)
    return values


def _check_nodes(template: Template, source: str) -> None:
    """What a tree prints by itself holds no mark but the escaped ones."""
    for node in every_node(template.nodes):
        match node:
            case Literal(text):
                pieces = [text]
                if text in ("{", "}", "[[", "]]", "|"):
                    continue
            case Print(default=default):
                pieces = [default or "x"]
                assert pieces[0].strip(), source
            case Plural(one=one, many=many):
                pieces = [one, many]
            case _:
                continue
        for piece in pieces:
            assert not any(mark in piece for mark in ("{", "}", "[[", "]]")), source


def _check_rendering(template: Template, source: str, situation: Situation, schema: Schema, random: Random) -> str:
    sure = always_there(situation)
    values = random_values(random, schema)
    seed = random.randrange(1_000_000)
    try:
        text = template.render(values, seed)
    except (MissingValue, TemplateError) as error:
        answer = "faltou" if isinstance(error, MissingValue) else "erro"
    else:
        answer = "ok"
        assert 0 < utf16_length(text) <= MAX_RENDERED_UTF16, source
        _check_marks(template, source, schema, seed, random)
    if not unguarded(template, schema, sure):
        _check_never_held(template, source, schema, seed, random, sure)
    return answer


def _check_marks(template: Template, source: str, schema: Schema, seed: int, random: Random) -> None:
    """With values that have no marks of their own, only the escaped ones may be left."""
    quiet = {name: _quiet(value) for name, value in random_values(random, schema, _everything(schema)).items()}
    try:
        text = template.render(quiet, seed)
    except (MissingValue, TemplateError):
        return
    for mark, escaped in (("{", "{{"), ("}", "}}")):
        assert mark not in text or escaped in source, (source, text)
    if "\\[[" not in source and "\\]]" not in source and "[" not in _lone(source):
        assert "[[" not in text, (source, text)


def _lone(source: str) -> str:
    """The source without what opens and closes variations: lone brackets may come to stand side by side."""
    return source.replace("[[", "").replace("]]", "").replace("]", "[")


def _check_never_held(
    template: Template, source: str, schema: Schema, seed: int, random: Random, sure: frozenset[str]
) -> None:
    """A text with everything optional guarded is never held for lack of a value."""
    values = random_values(random, schema, sure | _ITEM_SURE)
    try:
        template.render(values, seed)
        held = ""
    except MissingValue as error:
        held = error.message
    except TemplateError:
        return
    assert "sem valor" not in held, (source, held)


#: What each item of a list always has; see :mod:`integrator.messages.guards`.
_ITEM_SURE: Final = frozenset(
    {
        *("documento", "documento_parcela", "titulo", "vencimento", "valor", "valor_aberto"),
        *("dias_atraso", "vencido", "tem_boleto", "tem_pix", "descricao"),
    }
)


def _everything(schema: Schema) -> frozenset[str]:
    return frozenset(schema.fields).union(*(item.fields for item in schema.lists.values()))


def _quiet(value: Value) -> Value:
    if isinstance(value, str):
        return "José"
    if isinstance(value, tuple):
        return tuple({name: "José" if isinstance(cell, str) else cell for name, cell in item.items()} for item in value)
    return value


def _row(random: Random, schema: Schema, full: frozenset[str]) -> Item:
    row = {name: _value(random, kind, always=name in full) for name, kind in schema.fields.items()}
    # What a condition promises of its neighbours holds of every real row.
    if row.get("tem_pix"):
        row["pix"] = row.get("pix") or "00020126"
    return row


def _without_titles(values: dict[str, Value]) -> None:
    """A row has titles and their sums, or neither."""
    for sums, told in (
        (("total", "total_vencido", "total_a_vencer", "vencimento", "dias_atraso"), _OPEN),
        (("total_quitado",), ("quitados", "qtd_quitados")),
    ):
        if any(values.get(name) is None for name in sums):
            values |= {name: 0 if name.startswith("qtd") else () for name in told}


_OPEN: Final = ("titulos", "vencidos", "a_vencer", "qtd", "qtd_vencidos", "qtd_a_vencer")


def _value(random: Random, kind: Kind, *, always: bool) -> Scalar:
    if not always and random.random() < 0.25:
        return None
    if kind in _SAMPLES:
        return _SAMPLES[kind](random)
    chosen = random.choice(NASTY)
    return "José" if always and not clean(chosen) else chosen


_SAMPLES: Final[Mapping[Kind, Callable[[Random], Scalar]]] = {
    Kind.MONEY: lambda random: Decimal(random.randint(-500, 10_000_000)).scaleb(-2),
    Kind.DATE: lambda random: date(random.randint(1990, 2099), random.randint(1, 12), random.randint(1, 28)),
    Kind.DATETIME: lambda random: datetime(random.randint(1990, 2099), 1, 2, random.randint(0, 23), 5),
    Kind.NUMBER: lambda random: random.choice((0, 1, 2, 1000, Decimal("1.5"), Decimal("2.000"))),
    Kind.FLAG: lambda random: random.random() < 0.5,
}


def _piece(random: Random, schema: Schema, depth: int) -> str:
    roll = random.random()
    if roll < 0.35 or depth > 3:
        return random.choice((*_WORDS, "{{ ", " }}", "\\|"))
    if roll < 0.7:
        return _print(random, schema)
    if roll < 0.8:
        options = [random_text(random, schema, depth + 1) for _ in range(random.randint(2, 3))]
        return f"[[{'|'.join(options)}]]"
    if roll < 0.9 and schema.lists and depth == 0:
        name = random.choice(sorted(schema.lists))
        limit = random.choice(("", ":1", ":10"))
        return f"{{#{name}{limit}}}{random_text(random, schema.inside(name), depth + 1)}{{/{name}}}"
    name = random.choice(sorted(schema.fields))
    other = f"{{:senao}}{random_text(random, schema, depth + 1)}" if random.random() < 0.4 else ""
    return f"{{?{name}}}{random_text(random, schema, depth + 1)}{_printed(name, random)}{other}{{/{name}}}"


def _printed(name: str, random: Random) -> str:
    return f"{{{name}}}" if random.random() < 0.5 else ""


def _print(random: Random, schema: Schema) -> str:
    name, kind = random.choice(sorted(schema.fields.items(), key=lambda field: field[0]))
    roll = random.random()
    if kind is Kind.NUMBER and roll < 0.4:
        return f"{{{name}|item|itens}}"
    if roll < 0.6:
        fitting = sorted(each.name for each in FILTERS.values() if kind in each.kinds)
        default = random.choice(("", "|padrão:sem", "|padrão:sem", "|padrão:[[x" if roll < 0.05 else ""))
        return f"{{{name}|{random.choice(fitting)}{default}}}"
    return f"{{{name}}}"

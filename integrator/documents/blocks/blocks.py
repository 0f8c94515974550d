"""Each kind of block, from its TOML table. The Portuguese names of ``tipo`` and of all keys are here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from integrator.documents.blocks.content import (
    Block,
    Cell,
    Fields,
    Gap,
    Grouping,
    Heading,
    Labelled,
    Listing,
    Notice,
    PageBreak,
    Paragraphs,
    PixCodes,
    Rule,
    Side,
    Signature,
    Signatures,
    Totals,
)
from integrator.documents.blocks.reader import NOTHING, Table
from integrator.documents.blocks.schema import OPEN_LISTS, TITLE_LISTS
from integrator.documents.blocks.texts import Text
from integrator.messages.schema import Kind, Schema

_MAX_FIELD_COLUMNS: Final = 3
_MAX_COLUMNS: Final = 10
_COUNT_FORMS: Final = 2
_TEXT_SIZE: Final = 9.5


@dataclass(frozen=True, slots=True)
class BlockReader:
    """One block's table, and what its texts may name."""

    table: Table
    schema: Schema

    def shown_if(self) -> str:
        """The variable or list of the key ``se``."""
        return self.table.name("se", {*self.schema.fields, *self.schema.lists})

    def text(self, key: str, *, marks: bool = False) -> Text:
        """A text that must be there."""
        return self.table.text(key, self.schema, required=True, marks=marks) or NOTHING

    def labelled(self, key: str, wide: str) -> tuple[Labelled, ...]:
        """The labels and values below ``[[bloco.key]]``."""
        found: list[Labelled] = []
        for each in self.table.tables(key):
            inner = BlockReader(each, self.schema)
            label = each.string("rotulo", required=True)
            optional, bold = each.flag("opcional", default=False), each.flag(wide, default=False)
            found.append(Labelled(label, inner.text("valor"), optional, bold))
            each.finish()
        return tuple(found)


def _heading(read: BlockReader) -> Block:
    return Heading(read.text("texto"), read.table.text("direita", read.schema), read.shown_if())


def _paragraphs(read: BlockReader) -> Block:
    size = read.table.number("tamanho", 6, 16, _TEXT_SIZE)
    return Paragraphs(read.text("texto", marks=True), size, read.table.choice("alinhar", Side.LEFT), read.shown_if())


def _notice(read: BlockReader) -> Block:
    return Notice(read.text("texto", marks=True), read.shown_if())


def _fields(read: BlockReader) -> Block:
    columns = int(read.table.number("colunas", 1, _MAX_FIELD_COLUMNS, 2))
    return Fields(columns, read.labelled("campos", "linha_inteira"), read.shown_if())


def _totals(read: BlockReader) -> Block:
    return Totals(read.labelled("linhas", "destaque"), read.shown_if())


def _listing(read: BlockReader) -> Block:
    table = read.table
    items = table.name("lista", read.schema.lists)
    if not items and not table.has("lista"):
        table.say("lista", "falta a chave lista, que diz de que lista são as linhas")
    grouping = table.choice("agrupar", Grouping.NONE)
    if grouping is not Grouping.NONE and items and items not in TITLE_LISTS:
        table.say("agrupar", f"agrupar só serve para uma lista de títulos: {', '.join(TITLE_LISTS)}")
    count = table.words("contar")
    if count and len(count) != _COUNT_FORMS:
        table.say("contar", 'contar precisa do singular e do plural: ["título", "títulos"]')
    return Listing(
        items=items,
        columns=_columns(table, read.schema, items),
        grouping=grouping,
        total_label=table.string("total"),
        count=(count[0], count[1]) if len(count) == _COUNT_FORMS else None,
        shown_if=read.shown_if(),
    )


def _columns(table: Table, schema: Schema, items: str) -> tuple[Cell, ...]:
    """The columns; of an unknown list they cannot be checked."""
    tables = table.tables("colunas") if items or table.has("colunas") else []
    if not items:
        return ()
    if len(tables) > _MAX_COLUMNS:
        table.say("colunas", f"uma tabela tem no máximo {_MAX_COLUMNS} colunas; esta tem {len(tables)}")
    columns = tuple(_column(each, schema.inside(items), schema.lists[items]) for each in tables)
    fixed = [column for column in columns if column.width is not None]
    if columns and len(fixed) == len(columns):
        table.say("colunas", "deixe ao menos uma coluna sem largura: ela fica com o espaço que sobra")
    return columns


def _column(table: Table, inside: Schema, item: Schema) -> Cell:
    width = table.number("largura_mm", 5, 150, 0)
    countable = [name for name, kind in item.fields.items() if kind in (Kind.MONEY, Kind.NUMBER)]
    sums = table.names("somar", countable)
    cell = Cell(
        title=table.string("titulo", required=True),
        value=BlockReader(table, inside).text("valor"),
        width=width or None,
        side=table.choice("alinhar", Side.LEFT),
        shown_if=table.name("se", item.fields),
        sums=sums,
        sums_kind=item.fields[sums[0]] if sums else Kind.MONEY,
    )
    table.finish()
    return cell


def _signatures(read: BlockReader) -> Block:
    signatures: list[Signature] = []
    for each in read.table.tables("assinaturas"):
        inner = BlockReader(each, read.schema)
        signatures.append(Signature(inner.text("nome"), each.text("papel", read.schema)))
        each.finish()
    return Signatures(read.table.text("local_e_data", read.schema), tuple(signatures), read.shown_if())


def _pix_codes(read: BlockReader) -> Block:
    items = read.table.name("lista", OPEN_LISTS) or OPEN_LISTS[0]
    inner = BlockReader(read.table, read.schema.inside(items))
    return PixCodes(items, inner.text("legenda", marks=True), read.shown_if())


def _rule(read: BlockReader) -> Block:
    return Rule(read.shown_if())


def _gap(read: BlockReader) -> Block:
    return Gap(read.table.number("altura_mm", 1, 200, 5), read.shown_if())


def _page_break(read: BlockReader) -> Block:
    return PageBreak(read.shown_if())


#: By the word of ``tipo``.
KINDS: Mapping[str, Callable[[BlockReader], Block]] = {
    "titulo": _heading,
    "texto": _paragraphs,
    "campos": _fields,
    "tabela": _listing,
    "totais": _totals,
    "assinaturas": _signatures,
    "aviso": _notice,
    "linha": _rule,
    "espaco": _gap,
    "qr": _pix_codes,
    "quebra_de_pagina": _page_break,
}

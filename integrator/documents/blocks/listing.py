"""Laying out a table: a row for each item, groups with subtotals, amounts that are never broken into two lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, TypeAlias

from reportlab.pdfgen.canvas import Canvas

from integrator.documents.blocks.content import Cell, Grouping, Listing, Side
from integrator.documents.blocks.simple import Pen
from integrator.documents.formats import tax_id_br
from integrator.documents.paper import BOLD, REGULAR, Align, millimetres, printable, text_width
from integrator.documents.table import PADDING, Chunk, Column, Row, RowKind, Table
from integrator.domain.errors import DocumentError
from integrator.messages.filters import show
from integrator.messages.formatting import format_count
from integrator.messages.render import holds
from integrator.messages.schema import Item

MAX_ROWS: Final = 10_000
_SIZES: Final = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
_NARROWEST: Final = millimetres(22)
_ALIGN: Final = {Side.LEFT: Align.LEFT, Side.CENTER: Align.CENTER, Side.RIGHT: Align.RIGHT}
_OTHERS: Final = "Outros títulos"

Items: TypeAlias = Sequence[Item]


def put_listing(pen: Pen, block: Listing) -> None:
    """The table over as many pages as it takes; nothing at all for an empty list.

    Raises :class:`DocumentError` for more rows than anybody reads and for columns that do not fit the page.
    """
    found = pen.values.get(block.items)
    items: Items = found if isinstance(found, tuple) else ()
    if not items:
        return
    if len(items) > MAX_ROWS:
        raise DocumentError(f"A lista tem {len(items)} linhas; um documento leva até {MAX_ROWS}. Divida-o no ERP.")
    columns = [column for column in block.columns if _is_shown(column, items)]
    rows = list(_rows(pen, block, columns, items))
    table = _table(pen, columns, rows)
    flow = pen.flow
    if flow.room < table.head_height + table.height(4) and not flow.empty:
        flow.new_page()
    pages = table.paginate(rows, flow.room - table.head_height, flow.whole - table.head_height)
    for number, chunks in enumerate(pages):
        if number:
            flow.new_page()
        height = table.head_height + sum(table.height(chunk.lines) for chunk in chunks)
        flow.put(height, partial(_draw, table, chunks))
    flow.skip(millimetres(3))


def _draw(table: Table, chunks: list[Chunk], canvas: Canvas, top: float) -> None:
    table.draw(canvas, chunks, top)


def _is_shown(column: Cell, items: Items) -> bool:
    return not column.shown_if or any(holds(item.get(column.shown_if)) for item in items)


def _rows(pen: Pen, block: Listing, columns: Sequence[Cell], items: Items) -> Iterator[Row]:
    groups = _groups(block.grouping, items)
    for heading, subtotal, group in groups:
        if heading:
            yield Row((heading,), RowKind.SECTION)
        for item in group:
            values = {**pen.values, **item}
            yield Row(tuple(column.value.render(values, pen.seed) for column in columns))
        if heading:
            yield _total(subtotal, block, columns, group)
    if block.total_label:
        yield _total(block.total_label, block, columns, items)


def _groups(grouping: Grouping, items: Items) -> list[tuple[str, str, Items]]:
    """Heading, name of the subtotal, and items of each group."""
    by_debtor = any(item.get("devedor") for item in items)
    match grouping:
        case Grouping.NONE:
            return [("", "", items)]
        case Grouping.DEBTOR:
            return _by_debtor(items)
        case Grouping.DEBTOR_OR_SITUATION if by_debtor:
            return _by_debtor(items)
        case Grouping.SITUATION | Grouping.DEBTOR_OR_SITUATION:
            return _by_situation(items)


def _by_situation(items: Items) -> list[tuple[str, str, Items]]:
    overdue = [item for item in items if item.get("vencido")]
    upcoming = [item for item in items if not item.get("vencido")]
    named = (("Vencidos", "Subtotal: vencidos", overdue), ("A vencer", "Subtotal: a vencer", upcoming))
    return [(heading, subtotal, group) for heading, subtotal, group in named if group]


def _by_debtor(items: Items) -> list[tuple[str, str, Items]]:
    """Where several customers share a message each one's debts stand under the name and the CPF or CNPJ."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        tax_id = tax_id_br(str(item.get("devedor_documento") or ""))
        named = " - ".join(filter(None, (str(item.get("devedor") or "").strip(), tax_id)))
        groups.setdefault(named, []).append(item)
    return [(f"Débitos de {name}" if name else _OTHERS, "Subtotal", group) for name, group in groups.items()]


def _total(label: str, block: Listing, columns: Sequence[Cell], items: Items) -> Row:
    """The label stands in the first column that has no sum."""
    said = f"{label} ({format_count(len(items), *block.count)})" if block.count else label
    place = next((at for at, column in enumerate(columns) if not column.sums), 0)
    cells = [said if at == place else _sum(column, items) for at, column in enumerate(columns)]
    return Row(tuple(cells), RowKind.TOTAL)


def _sum(column: Cell, items: Items) -> str:
    """The sum, or nothing where a row lacks its part: a sum of some would be wrong."""
    if not column.sums:
        return ""
    amounts = [_amount(column.sums, item) for item in items]
    known = [amount for amount in amounts if amount is not None]
    return show(sum(known, Decimal(0)), column.sums_kind) if len(known) == len(amounts) else ""


def _amount(names: Sequence[str], item: Mapping[str, object]) -> Decimal | None:
    found = next((item[name] for name in names if item.get(name) is not None), None)
    return Decimal(found) if isinstance(found, Decimal | int) else None


def _table(pen: Pen, columns: Sequence[Cell], rows: Sequence[Row]) -> Table:
    """The largest print in which the fixed columns hold their longest word and the others enough room."""
    elastic = sum(column.width is None for column in columns)
    for size in _SIZES:
        widths = [_width(column, at, rows, size) for at, column in enumerate(columns)]
        rest = pen.width - sum(width for width in widths if width is not None)
        if rest >= elastic * _NARROWEST:
            share = rest / elastic if elastic else 0.0
            return Table(
                tuple(
                    Column(column.title, share if width is None else width, _ALIGN[column.side])
                    for column, width in zip(columns, widths, strict=True)
                ),
                pen.left,
                size,
            )
    raise DocumentError(
        "As colunas de uma tabela não cabem na largura da página. Tire uma coluna do modelo ou diminua as larguras, e "
        "confira se há um valor comprido demais no ERP."
    )


def _width(column: Cell, at: int, rows: Sequence[Row], size: float) -> float | None:
    """Points; at least what the longest word needs where figures stand, because half an amount is another amount."""
    if column.width is None:
        return None
    declared = millimetres(column.width) * size / _SIZES[0]
    if column.side is Side.LEFT:
        return declared
    longest = max((_longest(row, at, size) for row in rows if row.kind is not RowKind.SECTION), default=0.0)
    return max(declared, longest + 2 * PADDING + 0.1)


def _longest(row: Row, at: int, size: float) -> float:
    font = BOLD if row.kind is RowKind.TOTAL else REGULAR
    words = (word for line in row.cells[at].splitlines() for word in printable(line).split(" "))
    return max((text_width(word, font, size) for word in words), default=0.0)

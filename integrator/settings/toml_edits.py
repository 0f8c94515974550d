"""Changes inside a TOML document that people wrote: each line and each comment that is not meant stays as it was.

``tomlkit`` keeps what it reads, but takes the comment above a table's header for the end of the table before it. Here
that comment belongs to the header: what is added to a table comes before it, and a table that goes leaves it behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from integrator.domain.errors import SettingsError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import AoT, Table

#: What a key may be set to: texts, numbers, flags, times, lists of these, tables (mappings) and lists of tables.
Value = Any
_NEW_TABLE: Final = "\n"
#: What a text of several lines cannot hold as it is.
_ESCAPED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NO_HEADER: Final = (
    "No config.toml, “{key}” está escrito sem um título de seção entre colchetes, e assim o programa não sabe mudar o "
    "arquivo. Escreva por exemplo [envio] numa linha e, abaixo dela, lote = 5."
)


def parse(text: str) -> TOMLDocument:
    """The document; ``text`` is valid TOML with ``\\n`` at the ends of lines.

    Raises :class:`SettingsError` where a section has no header of its own, which nobody could add to without harm.
    """
    import tomlkit

    document = tomlkit.parse(text)
    _give_comments_to_headers(document, [])
    return document


def put(document: TOMLDocument, path: Sequence[str], value: Value) -> None:
    """Set ``[a.b] key`` to ``value``; its line, with what is commented beside it, stays where it was.

    A mapping replaces the whole table. A list of mappings replaces the whole list of tables; a table of it whose first
    key has the same value as before is changed in place.
    """
    import tomlkit

    *sections, key = path
    table: Any = document
    for name in sections:
        if name not in table:
            _add(table, name, _spaced(tomlkit.table(), document))
        table = table[name]
    if _is_tables(value):
        _put_tables(document, table, key, value)
    elif isinstance(value, Mapping):
        if key in table:
            _fill(table[key], value)
        else:
            _add(table, key, _spaced(_fill(tomlkit.table(), value), document))
    elif key in table:
        if _unwrapped(table[key]) != _plain(value):
            table[key] = _item(value)
    else:
        _add(table, key, _item(value))


def remove(document: TOMLDocument, path: Sequence[str]) -> None:
    """Take the key away, so that its default counts; one that is not there is no error."""
    import tomlkit
    from tomlkit.items import AoT

    *sections, key = path
    table: Any = document
    for name in sections:
        if name not in table:
            return
        table = table[name]
    if key not in table:
        return
    gone = table[key]
    del table[key]
    kept = gone[0].trivia.indent + _as_text(_end(gone[-1])) if isinstance(gone, AoT) and len(gone) else ""
    if kept.strip():
        _body(table).append((None, tomlkit.ws(kept)))


def _put_tables(document: TOMLDocument, table: Any, key: str, wanted: Sequence[Mapping[str, Value]]) -> None:
    import tomlkit
    from tomlkit.items import AoT

    old = table.get(key)
    known: list[Table] = list(old) if isinstance(old, AoT) else []
    end = _end(known[-1]) if known else []
    spaces = [each.trivia.indent for each in known]
    tables: AoT = tomlkit.aot()
    indents: list[str] = []
    for values in wanted:
        same = _same_table(known, values)
        if same is not None:
            known.remove(same)
        indents.append(same.trivia.indent if same is not None else _NEW_TABLE)
        tables.append(_fill(same if same is not None else tomlkit.table(), values))
    if old is not None and not spaces:
        del table[key]
    if spaces:
        # The comment above the list stays above its first table, whichever that is now.
        moved = spaces[0]
        indents = [
            _NEW_TABLE if indent == moved and at and moved.strip() else indent for at, indent in enumerate(indents)
        ]
        indents[0] = moved
        table[key] = tables
    else:
        _add(table, key, tables)
        indents[0] = _NEW_TABLE if document.as_string().strip() else ""
    for each, indent in zip(tables, indents, strict=True):
        each.trivia.indent = indent
    _body(tables[-1]).extend(end)


def _same_table(known: Sequence[Table], values: Mapping[str, Value]) -> Table | None:
    """The table that ``values`` are a change of: its first key says the same, and most of the others."""
    first = next(iter(values), None)
    if first is None:
        return None
    named = [each for each in known if each.get(first) == _plain(values[first])]
    return max(
        named, key=lambda each: sum(each.get(key) == _plain(value) for key, value in values.items()), default=None
    )


def _fill(table: Any, values: Mapping[str, Value]) -> Any:
    """The table with these values alone; None is a key that is not written."""
    told = {key: value for key, value in values.items() if value is not None}
    for key in [key for key in table if key not in told]:
        del table[key]
    for key, value in told.items():
        if key not in table or _unwrapped(table[key]) != _plain(value):
            if key in table:
                table[key] = _item(value)
            else:
                _add(table, key, _item(value))
    return table


def _add(table: Any, key: str, item: Any) -> None:
    """A new key goes behind the last one; a new table behind the comments that end the table around it."""
    from tomlkit.items import AoT, Table

    tail = [] if isinstance(item, Table | AoT) else _end(table)
    space = item.trivia.indent
    table[key] = item
    item.trivia.indent = space  # the library guesses one from the header, which may hold a comment
    _body(table).extend(tail)


def _end(table: Any) -> list[tuple[Any, Any]]:
    """Take the blank lines and comments behind a table's last key away from it; none where it has no key."""
    body = _body(table)
    end = len(body)
    while end and body[end - 1][0] is None:
        end -= 1
    if not end:
        return []
    tail = body[end:]
    del body[end:]
    return tail


def _as_text(lines: list[tuple[Any, Any]]) -> str:
    return "".join(item.as_string() for _key, item in lines)


def _spaced(table: Table, document: TOMLDocument) -> Table:
    table.trivia.indent = _NEW_TABLE if document.as_string().strip() else ""
    return table


def _item(value: Value) -> Any:
    import tomlkit

    plain = _plain(value)
    if isinstance(plain, str) and plain.isprintable() and "\\" in plain and "'" not in plain:
        return tomlkit.string(plain, literal=True)
    if isinstance(plain, str) and "\n" in plain and not _ESCAPED.search(plain):
        written = tomlkit.string(plain, multiline=True).as_string()
        # The break right behind the quotes is no part of the text.
        return tomlkit.value(written if plain.startswith("\n") else f'"""\n{written[3:]}')
    return tomlkit.item(plain)


def _plain(value: Value) -> Any:
    """``value`` as TOML has it."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)


def _unwrapped(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _is_tables(value: Value) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _body(table: Any) -> list[tuple[Any, Any]]:
    """What the table is made of: pairs of key and item, without a key for blank lines and comments."""
    from tomlkit.container import Container

    inner = table if isinstance(table, Container) else getattr(table, "value", None)
    return inner.body if isinstance(inner, Container) else []


def _give_comments_to_headers(table: Any, loose: list[tuple[list[tuple[Any, Any]], int]]) -> None:
    """``loose`` are the blank lines and comments read since the last key: their table's body and their place in it."""
    from tomlkit.items import AoT, InlineTable, Table

    body = _body(table)
    for at, (key, item) in enumerate(body):
        if key is None:
            loose.append((body, at))
        elif key.is_dotted() or isinstance(item, InlineTable):
            raise SettingsError(_NO_HEADER.format(key=key.as_string()))
        elif isinstance(item, Table | AoT):
            for each in [item] if isinstance(item, Table) else list(item):
                if not each.is_super_table():
                    each.trivia.indent = _taken(loose) + each.trivia.indent
                    loose.clear()
                _give_comments_to_headers(each, loose)
        else:
            loose.clear()


def _taken(loose: list[tuple[list[tuple[Any, Any]], int]]) -> str:
    """Take the comment that touches the next header, with the blank lines before it, away from where it was read."""
    from tomlkit.items import Comment, Whitespace

    text = ""
    for kind in (Comment, Whitespace):
        while loose and isinstance(loose[-1][0][loose[-1][1]][1], kind):
            body, at = loose.pop()
            text = body[at][1].as_string() + text
            body[at] = (None, Whitespace(""))
    return text

"""Which bytes mean which letters: the charsets of Firebird's columns, and the one that a profile names for NONE."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_CHARSET = "WIN1252"

#: What a profile may name. ISO8859_1 is read as Windows-1252, its superset: what Windows programs called ISO holds
#: the dashes and quotes of Windows.
CHARSETS: Mapping[str, str] = {
    "WIN1252": "cp1252",
    "ISO8859_1": "cp1252",
    "UTF8": "utf-8",
    "DOS850": "cp850",
    "DOS437": "cp437",
    "DOS860": "cp860",
}

#: Of a column by ``RDB$CHARACTER_SET_ID`` (source: ``intl/charsets.h`` of Firebird). NONE, OCTETS and ASCII say
#: nothing about the bytes in them: there the profile's word counts.
_BY_ID: Mapping[int, str] = {
    3: "utf-8",
    4: "utf-8",
    10: "cp437",
    11: "cp850",
    12: "cp865",
    13: "cp860",
    14: "cp863",
    16: "cp858",
    21: "cp1252",
    22: "iso8859_2",
    23: "iso8859_3",
    39: "iso8859_13",
    45: "cp852",
    51: "cp1250",
    52: "cp1251",
    53: "cp1252",
    54: "cp1253",
    55: "cp1254",
    60: "cp1257",
}
_SILENT = frozenset({0, 1, 2})


def codec_of(charset_id: int | None, charset: str) -> str | None:
    """The Python codec of a column; ``charset`` is the profile's. None for a charset that we cannot read."""
    if charset_id is None or charset_id in _SILENT:
        return CHARSETS[charset]
    return _BY_ID.get(charset_id)

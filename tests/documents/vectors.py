"""The vectors of ``vectors.json`` (each names its public source), and how a test picks those of one kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

Vector = Mapping[str, str]

ALL: tuple[Vector, ...] = tuple(
    {key: str(value) for key, value in row.items()}
    for row in json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["vectors"]
)
TESTED_KINDS = frozenset(
    {"cobranca", "fator", "fator_decode", "arrecadacao", "invalid", "mismatch", "brcode", "brcode_invalid", "crc16"}
)


def of_kind(kind: str) -> tuple[Vector, ...]:
    """Every vector of this kind; a kind without vectors is a mistake in the test."""
    found = tuple(vector for vector in ALL if vector["kind"] == kind)
    assert found, f"no vector of kind {kind}"
    return found

"""The named statements of the ``.sql`` files here: ``QUERIES["reserve"]`` is the text under ``-- name: reserve``."""

from __future__ import annotations

import re

from integrator.paths import packaged

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def _load(file: str) -> dict[str, str]:
    script = packaged("erp", file).read_text(encoding="utf-8")
    pieces = _NAME.split(script)[1:]
    return {name: _body(text) for name, text in zip(pieces[::2], pieces[1::2], strict=True)}


def _body(text: str) -> str:
    return "\n".join(line for line in text.strip().splitlines() if not line.startswith("--")).strip()


QUERIES = _load("queries.sql") | _load("api.sql") | _load("contacts.sql")

"""What real Evolution API servers answered and pushed: one file per request, named as in its case."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("recordings")


@dataclass(frozen=True, slots=True)
class Recording:
    """One answer as recorded."""

    status: int
    body: Any
    elapsed_ms: float


def recording(name: str, case: str = "") -> Recording:
    """The recording of that file, or one case of a file that holds several."""
    raw = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    if case:
        raw = raw[case]
    return Recording(raw["status"], raw["body"], raw["elapsed_ms"])


def notice(name: str, **data: object) -> dict[str, Any]:
    """A recorded webhook of the instance ``loja3``, some of its data replaced."""
    raw: dict[str, Any] = json.loads((FOLDER / f"webhook-{name}.json").read_text(encoding="utf-8"))
    raw = copy.deepcopy(raw)
    raw["instance"] = "loja3"
    if data:
        raw["data"] = raw["data"] | data
    return raw

"""``mudanca.json`` beside the journal: that this installation left for another computer, or came from one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

MOVING_FILE = "mudanca.json"


class Stage(StrEnum):
    """How far a move is, as this folder knows it."""

    LEFT = "saiu"
    UNPACKING = "chegando"
    ARRIVED = "chegou"


@dataclass(frozen=True, slots=True)
class Former:
    """The installation as it was exported: ``place`` is empty when the database was away then."""

    journal: str
    owner: str
    machine: str
    computer: str
    place: str
    left_at: datetime

    def to_json(self) -> dict[str, str]:
        return {
            "diario": self.journal,
            "dono": self.owner,
            "maquina": self.machine,
            "computador": self.computer,
            "banco": self.place,
            "quando": self.left_at.isoformat(timespec="seconds"),
        }

    @classmethod
    def from_json(cls, data: Any) -> Former:
        """Raises ``ValueError`` for anything else than what :meth:`to_json` makes."""
        names = ("diario", "dono", "maquina", "computador", "banco", "quando")
        if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in names):
            raise ValueError("not a former installation")
        journal, owner, machine, computer, place, left = (str(data[name]) for name in names)
        return cls(journal, owner, machine, computer, place, datetime.fromisoformat(left))


@dataclass(frozen=True, slots=True)
class Moving:
    """A move that this folder takes part in; a file that cannot be read counts as one that is not finished."""

    stage: Stage
    former: Former | None


def read_moving(folder: Path) -> Moving | None:
    """What the file says; None without one. Raises ``OSError``."""
    try:
        data = json.loads((folder / MOVING_FILE).read_text(encoding="utf-8"))
        return Moving(Stage(data["situacao"]), Former.from_json(data["instalacao"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Moving(Stage.UNPACKING, None)


def write_moving(folder: Path, stage: Stage, former: Former) -> None:
    """Replace the file whole, on the disk when this returns. Raises ``OSError``."""
    text = json.dumps({"situacao": stage.value, "instalacao": former.to_json()}, indent=2)
    fresh = folder / f"{MOVING_FILE}.novo"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / MOVING_FILE)


def forget_moving(folder: Path) -> None:
    """The move is over. Raises ``OSError``."""
    (folder / MOVING_FILE).unlink(missing_ok=True)

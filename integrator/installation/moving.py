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
    """The installation as it was exported. ``places`` are its databases, as far as they could be reached then."""

    journal: str
    owner: str
    machine: str
    computer: str
    places: tuple[str, ...]
    left_at: datetime

    def to_json(self) -> dict[str, object]:
        return {
            "diario": self.journal,
            "dono": self.owner,
            "maquina": self.machine,
            "computador": self.computer,
            "bancos": list(self.places),
            "quando": self.left_at.isoformat(timespec="seconds"),
        }

    @classmethod
    def from_json(cls, data: Any) -> Former:
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else than what :meth:`to_json` makes."""
        journal, owner, machine, computer, left = (
            str(data[name]) for name in ("diario", "dono", "maquina", "computador", "quando")
        )
        return cls(journal, owner, machine, computer, tuple(map(str, data["bancos"])), datetime.fromisoformat(left))


@dataclass(frozen=True, slots=True)
class Moving:
    """A move that this folder takes part in; a file that cannot be read counts as one that is not finished.

    An arrival is remembered for good: a backup of the database from before the move may be restored after it.
    """

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

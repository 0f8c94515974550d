"""A configuration that nobody can read any more: kept under another name, so that a new one can begin."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from integrator.domain.errors import SettingsError


def set_aside(path: Path, now: datetime) -> Path:
    """Move the file to ``config.ruim-2026-11-20-140509.toml`` beside it; where it is now.

    Raises :class:`SettingsError` with the file where it was.
    """
    real = Path(os.path.realpath(path))
    kept = real.with_name(f"{real.stem}.ruim-{now:%Y-%m-%d-%H%M%S}{real.suffix}")
    try:
        real.rename(kept)
    except OSError as error:
        raise SettingsError(
            f"Não consegui guardar a cópia de {path}. Confira a permissão da pasta e se outro programa está com o "
            "arquivo aberto; nada foi mudado.",
            detail=repr(error),
        ) from error
    return kept

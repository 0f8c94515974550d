"""All of the doctor's questions in their order: once per computer, then once per database."""

from __future__ import annotations

from integrator.support.checks import (
    calendar,
    closing,
    contract,
    database,
    files,
    folder,
    network,
    numbers,
    others,
    panel,
    program,
)
from integrator.support.checks import queue as waiting
from integrator.support.doctor import Check

GENERAL: tuple[Check, ...] = (*program.CHECKS, *folder.CHECKS, *panel.CHECKS, *numbers.CHECKS)
PER_DATABASE: tuple[Check, ...] = (
    *network.CHECKS,
    *database.CHECKS,
    *contract.CHECKS,
    *waiting.CHECKS,
    *others.CHECKS,
    *files.CHECKS,
    *calendar.CHECKS,
    *closing.CHECKS,
)

"""The history report as data: the same rows for the command line, the demonstration and the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from integrator.documents.report import HistoryRow
from integrator.domain.message import Company
from integrator.erp.connection import Database
from integrator.erp.desk import Desk, SentMessage
from integrator.erp.queue import FirebirdQueue


@dataclass(frozen=True, slots=True)
class History:
    """What left from ``first`` to ``last``, both included, and the company of the report's header."""

    company: Company
    rows: tuple[HistoryRow, ...]
    first: date
    last: date


def read_history(database: Database, fallback: Company, first: date, last: date) -> History:
    """Read whole days; ``fallback`` is the company where the ERP registered none."""
    company = FirebirdQueue(database, owner="", instance="", fallback_company=fallback).companies()[0]
    start = datetime.combine(first, time.min)
    end = datetime.combine(last, time.min) + timedelta(days=1)
    return History(company, tuple(map(_row, Desk(database).history(start, end))), first, last)


def _row(sent: SentMessage) -> HistoryRow:
    return HistoryRow(
        phone=sent.destination or sent.phones,
        text=sent.text,
        module=sent.module,
        kind=sent.kind,
        sent_at=sent.sent_at,
        state=sent.state.label,
        reason=sent.reason,
    )

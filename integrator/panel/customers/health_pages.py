"""Saúde do cadastro: examined when somebody asks, shown, printed, and handed to a spreadsheet."""

from __future__ import annotations

import csv
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from starlette.responses import Response

from integrator.erp.customers import NEWEST
from integrator.messages.formatting import format_count
from integrator.panel.customers.health import Fault
from integrator.panel.customers.health_sources import Examined, examine_shop
from integrator.panel.visit import Visit

if TYPE_CHECKING:
    from integrator.panel.premises import Panel

_SHOWN: Final = 500
_HEADINGS: Final = (
    "Problema",
    "Código",
    "Cliente",
    "Telefones no cadastro",
    "Motivo",
    "Títulos em aberto",
    "Em aberto",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The last examination of a database."""

    at: datetime
    examined: Examined


class _Memory:
    """Kept while the panel runs: it names people, and nothing of it need survive."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: WeakKeyDictionary[Panel, dict[str, Kept]] = WeakKeyDictionary()

    def of(self, visit: Visit) -> Kept | None:
        with self._lock:
            return self._known.get(visit.panel, {}).get(visit.shop.name)

    def keep(self, visit: Visit, kept: Kept) -> None:
        with self._lock:
            self._known.setdefault(visit.panel, {})[visit.shop.name] = kept

    def drop(self, visit: Visit) -> None:
        with self._lock:
            self._known.get(visit.panel, {}).pop(visit.shop.name, None)


_MEMORY: Final = _Memory()


def forget_examination(visit: Visit) -> None:
    """It names somebody whose data are gone: the register is to be examined anew."""
    _MEMORY.drop(visit)


def show(visit: Visit) -> Response:
    """GET /clientes/cadastro; ``problema`` narrows it to one kind."""
    kept = _MEMORY.of(visit)
    findings = kept.examined.findings if kept else ()
    chosen = next((fault for fault in Fault if fault.slug == visit.query.get("problema", "")), None)
    shown = [finding for finding in findings if chosen is None or finding.fault is chosen]
    return visit.render(
        "clientes_cadastro.html",
        kept=kept,
        faults=[(fault, Counter(each.fault for each in findings)[fault]) for fault in Fault],
        chosen=chosen,
        findings=shown[:_SHOWN],
        total=len(shown),
        newest=NEWEST,
        company=visit.shop.company() if kept else None,
    )


def examine(visit: Visit) -> Response:
    """POST /clientes/cadastro/conferir: reads, and changes nothing."""
    examined = examine_shop(visit.shop, visit.panel.folder, visit.now.date())
    _MEMORY.keep(visit, Kept(visit.now, examined))
    told = format_count(len(examined.findings), "problema", "problemas")
    return visit.go("/clientes/cadastro", f"Cadastro conferido: {told}.")


def sheet(visit: Visit) -> Response:
    """GET /clientes/cadastro.csv: the last examination, whole."""
    from integrator.documents.report import cell_as_text

    kept = _MEMORY.of(visit)
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for each in kept.examined.findings if kept else ():
        who = each.customer
        texts = (each.fault.label, who.code, who.name, each.phones, each.why)
        writer.writerow((*map(cell_as_text, texts), who.titles, str(who.debt).replace(".", ",")))
    visit.record("Baixou a saúde do cadastro")
    headers = {"Content-Disposition": 'attachment; filename="saude-do-cadastro.csv"', "Cache-Control": "no-store"}
    return Response(
        out.getvalue().encode("utf-8-sig", "replace"), media_type="text/csv; charset=utf-8", headers=headers
    )

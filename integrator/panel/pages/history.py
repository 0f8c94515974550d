"""Histórico: what left, filtered, on the screen, as CSV and as PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.responses import Response, StreamingResponse

from integrator.app import open_database
from integrator.documents.formats import date_br, phone_br, postal_code_br, tax_id_br
from integrator.domain.message import Company
from integrator.erp.connection import Database
from integrator.erp.history_rows import known_kinds, read_page
from integrator.messages.formatting import format_count
from integrator.panel.history import asked as address
from integrator.panel.history.asked import Asked
from integrator.panel.history.counted import Counted, count
from integrator.panel.history.files import chunks, draw_pdf, file_name, write_sheet
from integrator.panel.numbers.pairing import silent_names
from integrator.panel.routes import Page, get
from integrator.panel.visit import Visit, Wrong

_PAGE_ROWS: Final = 50
#: Longer periods are counted once the page is shown: each of their messages takes its microseconds.
_COUNTED_AT_ONCE_DAYS: Final = 7


def show(visit: Visit) -> Response:
    """The newest messages of the filter, or those of the page that is asked for."""
    asked = _asked(visit)
    with _attachment(visit, asked) as database:
        found = read_page(database, asked.wanted, _PAGE_ROWS, asked.begin)
    at_once = asked.begin is None and asked.plain and asked.wanted.days <= _COUNTED_AT_ONCE_DAYS
    return visit.render(
        "historico.html",
        400 if asked.problems else 200,
        asked=asked,
        issuer=_issuer(visit.shop.company()),
        found=found,
        next_page=address.place_value(found.after) if found.after else "",
        kinds=_kind_choices(visit, asked),
        states=address.state_choices(),
        shortcuts=address.shortcuts(visit.now.date()),
        counted=_counted(visit, asked) if at_once else None,
        accepted=silent_names(visit.panel, visit.shop) == {each.instance for each in visit.shop.settings.numbers},
    )


def totals(visit: Visit) -> Response:
    """How many messages the filter finds: fetched by the page once it is shown."""
    asked = _asked(visit)
    return visit.fragment("historico_totais.html", asked=asked, counted=_counted(visit, asked))


def sheet(visit: Visit) -> Response:
    """The messages of the filter for a spreadsheet."""
    asked = _usable(visit)
    file, messages = write_sheet(visit.shop, asked)
    answer = StreamingResponse(chunks(file), media_type="text/csv; charset=utf-8")
    return _download(visit, asked, answer, "csv", messages)


def pdf(visit: Visit) -> Response:
    """The report "Histórico de mensagens WhatsApp" of the filter."""
    asked = _usable(visit)
    content, messages = draw_pdf(visit.shop, asked, visit.now)
    return _download(visit, asked, Response(content, media_type="application/pdf"), "pdf", messages)


def _asked(visit: Visit) -> Asked:
    return address.read_asked(visit.query, visit.now.date(), visit.shop.settings.whatsapp.default_area)


def _usable(visit: Visit) -> Asked:
    asked = _asked(visit)
    if asked.problems:
        raise Wrong(next(iter(asked.problems.values())))
    return asked


@contextmanager
def _attachment(visit: Visit, asked: Asked) -> Iterator[Database]:
    """Looking for words may take a second: it has an attachment of its own, so that no other page waits for it."""
    shop = visit.shop
    if not asked.wanted.words:
        yield shop.database
        shop.database.rest()
        return
    database = open_database(shop.settings)
    try:
        yield database
    finally:
        database.close()


def _counted(visit: Visit, asked: Asked) -> Counted:
    with _attachment(visit, asked) as database:
        return count(database, asked)


def _issuer(company: Company) -> tuple[str, ...]:
    """The report's header: name, CNPJ, address and contacts of the shop."""
    address_line = (
        company.address.street,
        company.address.district,
        "-".join(filter(None, (company.address.city, company.address.state))),
    )
    contacts = (
        ("CEP", postal_code_br(company.address.postal_code)),
        ("Fone", phone_br(company.phone)),
        ("Celular", phone_br(company.mobile)),
        ("E-mail", company.email),
    )
    lines = (
        " · ".join(filter(None, (company.name or "Empresa sem cadastro", tax_id_br(company.tax_id)))),
        ", ".join(filter(None, address_line)),
        " · ".join(f"{label}: {value}" for label, value in contacts if value),
    )
    return tuple(filter(None, lines))


def _kind_choices(visit: Visit, asked: Asked) -> list[tuple[str, str]]:
    """Each module, followed by its types."""
    choices = [("", "todos")]
    modules: set[str] = set()
    for module, kind in known_kinds(visit.shop.database):
        if module not in modules:
            modules.add(module)
            choices.append((address.kind_value(module, ""), module))
        choices.append((address.kind_value(module, kind), f"{module}: {kind}"))
    chosen = asked.form["tipo"]
    if chosen and chosen not in {value for value, _ in choices}:
        choices.append((chosen, ": ".join(filter(None, (asked.wanted.module, asked.wanted.kind)))))
    return choices


def _download(visit: Visit, asked: Asked, answer: Response, ending: str, messages: int) -> Response:
    wanted = asked.wanted
    answer.headers["content-disposition"] = f'attachment; filename="{file_name(wanted, ending)}"'
    period = f"{date_br(wanted.first)} a {date_br(wanted.last)}"
    visit.record("histórico baixado", f"{ending.upper()}, {period}, {format_count(messages, 'mensagem', 'mensagens')}")
    return answer


PAGES: Final[tuple[Page, ...]] = (
    get("/historico", show),
    get("/historico/totais", totals),
    get("/historico/planilha.csv", sheet),
    get("/historico/relatorio.pdf", pdf),
)

"""Termo de consentimento: people are asked whether the shop may write, one or many at once, with a record of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from integrator.domain.message import Purpose
from integrator.domain.phone import format_phone, mask_phone
from integrator.erp.customers import phone_of, phones_since, rows_of_phone
from integrator.erp.term import Asked, Asking, Person, ask_consent, withdraw_terms, would_ask
from integrator.messages.formatting import format_count
from integrator.panel.customers.bulk_lines import MOST_LINES, PhoneList, decoded, read_phones
from integrator.panel.customers.person import asked_phone
from integrator.panel.customers.term_store import TermRun, TermStore
from integrator.panel.customers.words import PURPOSE_NAMES, PURPOSES
from integrator.panel.forms import row_number
from integrator.panel.visit import NotThere, Visit, Wrong

#: What one deed asks at most: a number may write to so few new contacts a day that more would wait for weeks.
MOST: Final = 500
_LIST, _QUEUE = "lista", "fila"
_YEAR: Final = timedelta(days=365)
_SHOWN_BAD: Final = 100


@dataclass(frozen=True, slots=True)
class Form:
    """As it was sent, and what is wrong with it by field."""

    kind: str = _LIST
    text: str = ""
    purposes: tuple[Purpose, ...] = (Purpose.COLLECTION,)
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """``people`` are asked, ``later`` would be another time. ``flagged``: left out, the ERP has them marked already."""

    people: tuple[Person, ...]
    counts: Counter[Asked]
    later: int
    flagged: int
    read: PhoneList


def show(visit: Visit) -> Response:
    """GET /clientes/termo."""
    return _form(visit, Form())


def preview(visit: Visit) -> Response:
    """POST /clientes/termo/conferir: counts, and queues nothing."""
    form = _typed(visit)
    if form.problems:
        return _form(visit, form, 400)
    found = _preview(visit, form)
    reasons = [(asked.value, found.counts[asked]) for asked in Asked if asked is not Asked.QUEUED]
    return visit.render(
        "clientes_termo_conferir.html",
        form=form,
        found=found,
        reasons=reasons,
        names=_names(form.purposes),
        most=MOST,
        shown_bad=_SHOWN_BAD,
    )


def ask(visit: Visit) -> Response:
    """POST /clientes/termo/pedir."""
    visit.same_shop()
    form = _typed(visit)
    if form.problems:
        return _form(visit, form, 400)
    people = _preview(visit, form).people
    if not people:
        raise Wrong("Não há ninguém a perguntar nesta lista. Volte e confira.")
    run, told = _ask(visit, people, form.purposes)
    return visit.go(f"/clientes/termo/{run}", told)


def ask_one(visit: Visit) -> Response:
    """POST /clientes/telefone/{digits}/termo."""
    visit.same_shop()
    phone = asked_phone(visit)
    purposes = _purposes(visit)
    if not purposes:
        raise Wrong("Marque para quais mensagens perguntar.")
    rows = rows_of_phone(visit.shop.database, phone, visit.shop.settings.whatsapp.default_area, newest_only=True)
    person = Person(phone, rows[0].name, rows[0].code) if rows else Person(phone)
    _, told = _ask(visit, (person,), purposes, mask_phone(phone.e164))
    return visit.go(f"/clientes/telefone/{phone.e164}", told)


def one(visit: Visit) -> Response:
    """GET /clientes/termo/{number}."""
    run = _of(visit)
    lines = TermStore(visit.panel.store).lines(run)
    counts = Counter(asked for _, asked in lines)
    return visit.render(
        "clientes_termo_registro.html",
        run=run,
        counts=[(asked.value, counts[asked]) for asked in Asked if counts[asked]],
        lines=[(phone and format_phone(phone), asked.value) for phone, asked in lines],
        names=_names(run.purposes),
    )


def undo(visit: Visit) -> Response:
    """POST /clientes/termo/{number}/desfazer: what it queued and has not left does not leave."""
    run, store = _of(visit), TermStore(visit.panel.store)
    phones = [phone for phone, asked in store.lines(run) if asked is Asked.QUEUED and phone]
    who = visit.member.name
    withdrawn = withdraw_terms(visit.shop.database, phones, f"{who[:60]} no painel")
    store.undone(run, visit.now, who, withdrawn)
    told = format_count(withdrawn, "termo não sai mais", "termos não saem mais")
    visit.record("Retirou termos de consentimento", f"pedido {run.id}: {told}")
    visit.panel.live.tell("clientes")
    return visit.go(f"/clientes/termo/{run.id}", f"Pedido {run.id}: {told}.")


def _ask(visit: Visit, people: Sequence[Person], purposes: Sequence[Purpose], whom: str = "") -> tuple[int, str]:
    """Queue the terms with their record; its number and a sentence."""
    shop, store, who = visit.shop, TermStore(visit.panel.store), visit.member.name
    run = store.begin(visit.now, who, shop.name, purposes)
    # Written down first: were this to stop half-way, undoing it would still find what it had queued.
    store.fill(run, {person.phone.e164: Asked.QUEUED for person in people})
    outcomes = ask_consent(shop.database, people, purposes, Asking(f"{who[:50]} no painel"), visit.now)
    store.fill(run, outcomes)
    queued = sum(asked is Asked.QUEUED for asked in outcomes.values())
    told = format_count(queued, "termo está na fila", "termos estão na fila")
    if whom:
        told = next(iter(outcomes.values())).value
    visit.record("Pediu consentimento", f"pedido {run}{f', {whom}' if whom else ''}: {told}")
    visit.panel.live.tell("clientes")
    visit.panel.live.tell("fila")
    return run, f"{told[0].upper()}{told[1:]}."


def _of(visit: Visit) -> TermRun:
    number = row_number(visit.path("number"))
    run = TermStore(visit.panel.store).find(number, visit.shop.name) if number is not None else None
    if run is None:
        raise NotThere("Não há um pedido de consentimento com este número neste banco.")
    return run


def _form(visit: Visit, form: Form, status: int = 200) -> Response:
    return visit.render(
        "clientes_termo.html",
        status,
        form=form,
        problems=dict(form.problems),
        purposes=PURPOSES,
        most=MOST,
        most_lines=MOST_LINES,
        runs=TermStore(visit.panel.store).latest(visit.shop.name),
    )


def _typed(visit: Visit) -> Form:
    raw = visit.uploaded("arquivo")
    kind = _QUEUE if visit.typed("quem") == _QUEUE else _LIST
    text = decoded(raw) if raw is not None else visit.typed("lista")
    purposes, problems = _purposes(visit), []
    if kind == _LIST and not text.strip():
        problems.append(("lista", "Cole os telefones, um por linha, ou escolha um arquivo."))
    if not purposes:
        problems.append(("finalidade", "Marque para quais mensagens perguntar."))
    return Form(kind, text, purposes, tuple(problems))


def _purposes(visit: Visit) -> tuple[Purpose, ...]:
    known = {purpose.value for purpose in Purpose}
    return tuple(Purpose(each) for each in dict.fromkeys(visit.all_typed("finalidade")) if each in known)


def _preview(visit: Visit, form: Form) -> Preview:
    area = visit.shop.settings.whatsapp.default_area
    if form.kind == _LIST:
        read, flagged = read_phones(form.text, area), 0
        if read.too_many:
            most = f"{MOST_LINES:,}".replace(",", ".")
            raise Wrong(f"A lista tem mais de {most} linhas. Divida-a em arquivos menores.")
        people = tuple(map(Person, read.phones))
    else:
        people, flagged = _of_queue(visit, area)
        read = PhoneList(tuple(person.phone for person in people), (), 0)
    found = would_ask(visit.shop.database, people, form.purposes)
    may = tuple(person for person in people if found[person.phone.e164] is Asked.QUEUED)
    return Preview(may[:MOST], Counter(found.values()), max(0, len(may) - MOST), flagged, read)


def _of_queue(visit: Visit, area: str) -> tuple[tuple[Person, ...], int]:
    """Every customer with a message in the last year whom the ERP has not marked; how many it has."""
    people: dict[str, Person] = {}
    flags: dict[str, bool] = {}
    for each in phones_since(visit.shop.database, visit.now - _YEAR):
        phone = phone_of(each.phones, area)
        if phone is not None:
            people[phone.e164] = Person(phone, each.name, each.code)
            flags[phone.e164] = each.flag is True
    chosen = tuple(person for number, person in people.items() if not flags[number])
    return chosen, len(people) - len(chosen)


def _names(purposes: Sequence[Purpose]) -> str:
    return ", ".join(PURPOSE_NAMES[purpose].lower() for purpose in purposes)

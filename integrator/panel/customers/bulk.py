"""Autorização em lote: the answers of many customers written at once, on the shop's own word, with a record of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from typing import Final

from starlette.responses import Response

from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate, format_phone
from integrator.erp.consents import Answer, ConsentRegister, Said, Written, standing
from integrator.erp.customers import phone_of, phones_since
from integrator.messages.formatting import format_count
from integrator.panel.customers.bulk_lines import MOST_LINES, PhoneList, decoded, read_phones
from integrator.panel.customers.bulk_store import Bulk, BulkStore
from integrator.panel.customers.words import ORIGINS, OTHER_ORIGIN, PURPOSE_NAMES, PURPOSES, source_words
from integrator.panel.forms import row_number
from integrator.panel.visit import NotThere, Visit, Wrong

_LIST, _QUEUE = "lista", "fila"
_KINDS: Final = {_LIST: "lista de telefones", _QUEUE: "clientes da fila sem resposta"}
_YEAR: Final = timedelta(days=365)
_SHOWN_BAD: Final = 100
_LONGEST_NOTE: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as typed, and what is wrong with it by field."""

    kind: str = _LIST
    text: str = ""
    purposes: tuple[Purpose, ...] = (Purpose.COLLECTION,)
    origin: str = ""
    note: str = ""
    unflagged: bool = False
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be written. ``unflagged``: left out because the ERP's register has them unmarked."""

    phones: tuple[PhoneCandidate, ...]
    new: int
    already: int
    refused: int
    unflagged: int
    read: PhoneList


def show(visit: Visit) -> Response:
    """GET /clientes/lote."""
    return _form(visit, Asked())


def preview(visit: Visit) -> Response:
    """POST /clientes/lote/conferir: counts, and writes nothing."""
    asked = _asked(visit)
    if asked.problems:
        return _form(visit, asked, 400)
    return visit.render(
        "clientes_lote_conferir.html",
        asked=asked,
        found=_preview(visit, asked),
        kind=_KINDS[asked.kind],
        names=_names(asked.purposes),
        shown_bad=_SHOWN_BAD,
    )


def write(visit: Visit) -> Response:
    """POST /clientes/lote/registrar."""
    visit.same_shop()
    asked = _asked(visit)
    if visit.typed("termo") != "sim":
        asked = _with(asked, "termo", "Confirme que os clientes autorizaram; a responsabilidade é da loja.")
    if asked.problems:
        return _form(visit, asked, 400)
    phones = _preview(visit, asked).phones
    if not phones:
        raise Wrong("Não há telefone a registrar nesta lista. Volte e confira.")
    shop, store = visit.shop, BulkStore(visit.panel.store)
    origin = source_words(asked.origin, asked.note, visit.member.name)
    bulk = store.begin(visit.now, visit.member.name, shop.name, asked.kind, asked.purposes, origin)
    # Written down first: were this to stop half-way, undoing it would still find what it had written.
    store.fill(bulk, {(phone.e164, purpose): Written.NEW for phone in phones for purpose in asked.purposes})
    outcomes = ConsentRegister(shop.database).accept_all(phones, asked.purposes, bulk.source)
    store.fill(bulk, outcomes)
    written = sum(outcome is Written.NEW for outcome in outcomes.values())
    told = format_count(written, "resposta anotada", "respostas anotadas")
    visit.record("Anotou autorizações em lote", f"lote {bulk.id}, {_KINDS[asked.kind]}: {told}; {asked.origin}")
    visit.panel.live.tell("clientes")
    return visit.go(f"/clientes/lote/{bulk.id}", f"Lote {bulk.id}: {told}.")


def one(visit: Visit) -> Response:
    """GET /clientes/lote/{number}."""
    bulk = _of(visit)
    lines = BulkStore(visit.panel.store).lines(bulk)
    counts = [(outcome.value, sum(line.outcome is outcome for line in lines)) for outcome in Written]
    return visit.render(
        "clientes_lote_registro.html", bulk=bulk, counts=counts, kind=_KINDS[bulk.kind], names=_names(bulk.purposes)
    )


def sheet(visit: Visit) -> Response:
    """GET /clientes/lote/{number}/lista.csv."""
    from integrator.documents.report import cell_as_text

    bulk = _of(visit)
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Telefone", "Mensagens", "Resultado", "Origem"))
    for line in BulkStore(visit.panel.store).lines(bulk):
        phone = format_phone(line.phone) if line.phone else "dados apagados"
        writer.writerow((phone, PURPOSE_NAMES[line.purpose], line.outcome.value, cell_as_text(bulk.source)))
    visit.record("Baixou a lista de um lote de autorizações", f"lote {bulk.id}")
    headers = {"Content-Disposition": f'attachment; filename="lote-{bulk.id}.csv"', "Cache-Control": "no-store"}
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def undo(visit: Visit) -> Response:
    """POST /clientes/lote/{number}/desfazer: what this record wrote, and still counts, is withdrawn."""
    bulk, store = _of(visit), BulkStore(visit.panel.store)
    read = [(phone_of(f"+{line.phone}"), line) for line in store.lines(bulk) if line.outcome is Written.NEW]
    pairs = [(phone, line.purpose) for phone, line in read if phone is not None]
    reason = f"Lote {bulk.id} retirado pela loja: volta a valer o cadastro; {visit.member.name[:40]} no painel"
    withdrawn = ConsentRegister(visit.shop.database).withdraw_all(pairs, bulk.source, reason)
    store.undone(bulk, visit.now, visit.member.name, withdrawn)
    told = format_count(withdrawn, "resposta retirada", "respostas retiradas")
    visit.record("Retirou um lote de autorizações", f"lote {bulk.id}: {told}")
    visit.panel.live.tell("clientes")
    return visit.go(f"/clientes/lote/{bulk.id}", f"Lote {bulk.id}: {told}.")


def _of(visit: Visit) -> Bulk:
    number = row_number(visit.path("number"))
    bulk = BulkStore(visit.panel.store).find(number, visit.shop.name) if number is not None else None
    if bulk is None:
        raise NotThere("Não há um lote com este número neste banco.")
    return bulk


def _form(visit: Visit, asked: Asked, status: int = 200) -> Response:
    return visit.render(
        "clientes_lote.html",
        status,
        asked=asked,
        problems=dict(asked.problems),
        purposes=PURPOSES,
        origins=ORIGINS,
        most=MOST_LINES,
        bulks=BulkStore(visit.panel.store).latest(visit.shop.name),
        kinds=_KINDS,
    )


def _asked(visit: Visit) -> Asked:
    known = {purpose.value for purpose in Purpose}
    raw = visit.uploaded("arquivo")
    asked = Asked(
        kind=visit.typed("quem") if visit.typed("quem") in _KINDS else _LIST,
        text=decoded(raw) if raw is not None else visit.typed("lista"),
        purposes=tuple(Purpose(each) for each in dict.fromkeys(visit.all_typed("finalidade")) if each in known),
        origin=visit.typed("origem"),
        note=visit.typed("nota"),
        unflagged=visit.typed("desmarcados") == "sim",
    )
    if asked.kind == _LIST and not asked.text.strip():
        asked = _with(asked, "lista", "Cole os telefones, um por linha, ou escolha um arquivo.")
    if not asked.purposes:
        asked = _with(asked, "finalidade", "Marque para quais mensagens vale a autorização.")
    if asked.origin not in ORIGINS:
        asked = _with(asked, "origem", "Diga como os clientes autorizaram: é a prova de que autorizaram.")
    elif asked.origin == OTHER_ORIGIN and not asked.note:
        asked = _with(asked, "nota", "Escreva como os clientes autorizaram.")
    if len(asked.note) > _LONGEST_NOTE:
        asked = _with(asked, "nota", f"A observação tem {len(asked.note)} letras; o máximo é {_LONGEST_NOTE}.")
    return asked


def _with(asked: Asked, field: str, problem: str) -> Asked:
    return replace(asked, problems=(*asked.problems, (field, problem)))


def _preview(visit: Visit, asked: Asked) -> Preview:
    area = visit.shop.settings.whatsapp.default_area
    if asked.kind == _LIST:
        read, left_out = read_phones(asked.text, area), 0
        if read.too_many:
            most = f"{MOST_LINES:,}".replace(",", ".")
            raise Wrong(f"A lista tem mais de {most} linhas. Divida-a em arquivos menores.")
    else:
        read, left_out = _of_queue(visit, area, unflagged=asked.unflagged)
    answers = ConsentRegister(visit.shop.database).answers(read.phones)
    counts = [_counts(answers[phone.e164], asked.purposes) for phone in read.phones]
    new, already, refused = (sum(each) for each in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return Preview(read.phones, new, already, refused, left_out, read)


def _counts(answers: tuple[Answer, ...], purposes: tuple[Purpose, ...]) -> tuple[int, int, int]:
    """Answers to be written, those that are yes already, and those that are no."""
    found = [standing(answers).get(purpose) for purpose in purposes]
    yes = sum(answer is not None and answer.said is Said.YES for answer in found)
    new = sum(answer is None for answer in found)
    return new, yes, len(found) - yes - new


def _of_queue(visit: Visit, area: str, *, unflagged: bool) -> tuple[PhoneList, int]:
    """The first phone of every customer with a message in the last year; how many the ERP has unmarked."""
    flags: dict[str, bool] = {}
    phones: dict[str, PhoneCandidate] = {}
    for each in phones_since(visit.shop.database, visit.now - _YEAR):
        phone = phone_of(each.phones, area)
        if phone is not None:
            phones[phone.e164] = phone
            flags[phone.e164] = each.flag is not False
    chosen = tuple(phone for number, phone in phones.items() if flags[number] or unflagged)
    return PhoneList(chosen, (), 0), len(phones) - len(chosen)


def _names(purposes: tuple[Purpose, ...]) -> str:
    return ", ".join(PURPOSE_NAMES[purpose].lower() for purpose in purposes)

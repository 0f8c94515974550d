"""Apagar os dados: what the contract, the journal and the panel hold of one person, erased at that person's request."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from integrator.domain.lifecycle import State
from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate, mask_phone
from integrator.erp.consents import ConsentRegister, Said, standing
from integrator.erp.customers import RowOfPhone, rows_of_phone
from integrator.erp.personal_data import Erasure, erase_row
from integrator.messages.formatting import format_count
from integrator.panel.customers.bulk_store import BulkStore
from integrator.panel.customers.journal import forget_in_journal
from integrator.panel.customers.person import asked_phone
from integrator.panel.customers.words import source_words
from integrator.panel.visit import Visit

_WORD: Final = "APAGAR"
_WAITING: Final = frozenset({State.DRAFT, State.AWAITING, State.PENDING, State.HELD})
_LEAVING: Final = frozenset({State.RESERVED, State.SENDING, State.UNCERTAIN})
#: A key that names the phone keeps a message of the year, such as a birthday's, from leaving twice.
_KEY_GUARDS: Final = timedelta(days=366)


def ask(visit: Visit) -> Response:
    """GET /clientes/telefone/{digits}/apagar: what would be erased, and what stays."""
    return _page(visit, asked_phone(visit))


def erase(visit: Visit) -> Response:
    """POST /clientes/telefone/{digits}/apagar. Done twice, it finishes what the first time could not."""
    phone = asked_phone(visit)
    if visit.typed("confirmo").upper() != _WORD:
        return _page(visit, phone, f"Escreva {_WORD} para confirmar. Nada foi apagado.", 400)
    who, shop = visit.member.name, visit.shop
    if visit.typed("recusar") == "sim":
        _refuse(visit, phone)
    rows = rows_of_phone(shop.database, phone, shop.settings.whatsapp.default_area)
    done: list[RowOfPhone] = []
    for row in rows:
        old = visit.now - row.created > _KEY_GUARDS
        if erase_row(shop.database, row.row, new_key=old and row.key_names(phone), who=who) is Erasure.DONE:
            done.append(row)
    forget_in_journal(visit.panel.folder, phone.alternatives, [row.guid for row in done])
    BulkStore(visit.panel.store).forget(phone)
    kept = sum(row.key_names(phone) and visit.now - row.created <= _KEY_GUARDS for row in done)
    told = _told(len(done), len(rows) - len(done), kept)
    visit.record("Apagou os dados de uma pessoa", f"{mask_phone(phone.e164)}: {told}")
    for topic in ("clientes", "fila"):
        visit.panel.live.tell(topic)
    return visit.go(f"/clientes/telefone/{phone.e164}", told)


def _refuse(visit: Visit, phone: PhoneCandidate) -> None:
    register = ConsentRegister(visit.shop.database)
    known = standing(register.answers([phone])[phone.e164])
    source = source_words("Pediu para apagar os dados", "", visit.member.name)
    for purpose in Purpose:
        if purpose not in known or known[purpose].said is not Said.NO:
            register.record(phone, purpose, Said.NO, source)


def _told(done: int, left: int, keys: int) -> str:
    told = f"Dados apagados de {format_count(done, 'mensagem', 'mensagens')}."
    if left:
        names = format_count(left, "mensagem está saindo ou incerta", "mensagens estão saindo ou incertas")
        told += f" {names}: quando terminarem, apague de novo."
    if keys:
        names = format_count(keys, "chave da fila ainda tem", "chaves da fila ainda têm")
        told += f" {names} o número, por até um ano, para a mensagem não sair em dobro."
    return told


def _page(visit: Visit, phone: PhoneCandidate, problem: str = "", status: int = 200) -> Response:
    shop = visit.shop
    rows = rows_of_phone(shop.database, phone, shop.settings.whatsapp.default_area)
    states = Counter("waiting" if r.state in _WAITING else "leaving" if r.state in _LEAVING else "ended" for r in rows)
    names = sorted({row.name for row in rows if row.name})
    return visit.render(
        "clientes_apagar.html", status, phone=phone, names=names, states=states, problem=problem, word=_WORD
    )

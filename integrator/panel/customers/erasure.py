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
from integrator.erp.customers import RowOfPhone, erased_keys
from integrator.erp.personal_data import Erasure, erase_row
from integrator.messages.formatting import format_count
from integrator.panel.customers.erasure_book import ErasureBook
from integrator.panel.customers.forgetting import ERASING, finish_erasures
from integrator.panel.customers.health_pages import forget_examination
from integrator.panel.customers.person import asked_phone, rows_of_one
from integrator.panel.customers.words import source_words
from integrator.panel.visit import Visit

_WORD: Final = "APAGAR"
_WAITING: Final = frozenset({State.DRAFT, State.AWAITING, State.PENDING, State.HELD})
_LEAVING: Final = frozenset({State.RESERVED, State.SENDING, State.UNCERTAIN})
#: A key that names the phone keeps a message of the year, such as a birthday's, from leaving twice.
_KEY_GUARDS: Final = timedelta(days=366)


def ask(visit: Visit) -> Response:
    """GET /clientes/telefone/{digits}/apagar: what would be erased, and what stays."""
    return _page(visit, asked_phone(visit), visit.query.get("cliente", ""))


def erase(visit: Visit) -> Response:
    """POST /clientes/telefone/{digits}/apagar. Done twice, it finishes what the first time could not."""
    visit.same_shop()
    phone, owner = asked_phone(visit), visit.typed("cliente")
    if visit.typed("confirmo").upper() != _WORD:
        return _page(visit, phone, owner, f"Escreva {_WORD} para confirmar. Nada foi apagado.", 400)
    rows, owners = rows_of_one(visit, phone, owner)
    if visit.typed("recusar") == "sim":
        _refuse(visit, phone)
    with ERASING:
        done, new_keys = _erase_rows(visit, phone, rows, shared=len(owners) > 1)
        finish_erasures(visit.panel)
    forget_examination(visit)
    kept = sum(row.key_names(phone) and row.guid not in new_keys for row in done)
    told = _told(len(done), len(rows) - len(done), kept)
    visit.record("Apagou os dados de uma pessoa", f"{mask_phone(phone.e164)}: {told}")
    for topic in ("clientes", "fila"):
        visit.panel.live.tell(topic)
    return visit.go(f"/clientes/telefone/{phone.e164}", told)


def _erase_rows(
    visit: Visit, phone: PhoneCandidate, rows: tuple[RowOfPhone, ...], *, shared: bool
) -> tuple[list[RowOfPhone], list[str]]:
    """The rows erased, and the GUIDs of those that got a new key, erased before or now."""
    database, who, before = visit.shop.database, visit.member.name, visit.now - _KEY_GUARDS
    done: list[RowOfPhone] = []
    new_keys: list[str] = []
    book = ErasureBook(visit.panel.store)
    # What is kept by the number alone is also the other customer's.
    erasure = book.begin(visit.shop.name, () if shared else phone.alternatives)
    book.note(erasure, [(row.row, row.guid) for row in rows])
    for row in rows:
        new_key = row.created < before and row.key_names(phone)
        if erase_row(database, row.row, new_key=new_key, who=who) is Erasure.DONE:
            done.append(row)
            new_keys += [row.guid] if new_key else []
    named = () if shared else erased_keys(database, phone, before)
    book.note(erasure, named)
    for number, guid in named:
        if erase_row(database, number, new_key=True, who=who) is Erasure.DONE:
            new_keys.append(guid)
    return done, new_keys


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
        told += f" {names} o número, para a mensagem não sair em dobro. Apague de novo depois de um ano."
    return told


def _page(visit: Visit, phone: PhoneCandidate, owner: str, problem: str = "", status: int = 200) -> Response:
    rows, owners = rows_of_one(visit, phone, owner)
    states = Counter("waiting" if r.state in _WAITING else "leaving" if r.state in _LEAVING else "ended" for r in rows)
    return visit.render(
        "clientes_apagar.html",
        status,
        phone=phone,
        names=sorted({row.name for row in rows if row.name}),
        owner=owner,
        shared=len(owners) > 1,
        states=states,
        problem=problem,
        word=_WORD,
    )

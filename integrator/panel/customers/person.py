"""One phone: what its owner said, what was sent there, and a new answer written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from integrator.domain.message import Purpose
from integrator.domain.phone import PhoneCandidate, mask_phone
from integrator.erp.consents import Answer, ConsentRegister, Said, standing
from integrator.erp.contacts import Contacts
from integrator.erp.customers import NEWEST, RowOfPhone, phone_of, rows_of_phone
from integrator.panel.customers.forgetting import finish_quietly
from integrator.panel.customers.words import (
    FLAGS,
    ORIGINS,
    OTHER_ORIGIN,
    PURPOSE_NAMES,
    PURPOSES,
    SAID,
    source_words,
    stands,
)
from integrator.panel.visit import NotThere, Visit, Wrong

_SHOWN: Final = 20
_LONGEST_NOTE: Final = 100
_DIGITS: Final = range(8, 16)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent, and what is wrong with it by field."""

    purposes: tuple[str, ...] = ()
    said: str = ""
    origin: str = ""
    note: str = ""
    problems: tuple[tuple[str, str], ...] = ()


def show(visit: Visit) -> Response:
    """GET /clientes/telefone/{digits}."""
    finish_quietly(visit.panel)
    phone = asked_phone(visit)
    if phone.e164 != visit.path("digits"):
        return visit.go(f"/clientes/telefone/{phone.e164}")
    return _page(visit, phone, Typed(purposes=(Purpose.COLLECTION.value,)))


def record(visit: Visit) -> Response:
    """POST /clientes/telefone/{digits}/resposta."""
    visit.same_shop()
    phone = asked_phone(visit)
    register = ConsentRegister(visit.shop.database)
    typed = _checked(visit, register.answers([phone])[phone.e164])
    if typed.problems:
        return _page(visit, phone, typed, status=400)
    source = source_words(typed.origin, typed.note, visit.member.name)
    for purpose in typed.purposes:
        register.record(phone, Purpose(purpose), Said(typed.said), source)
    names = ", ".join(PURPOSE_NAMES[Purpose(purpose)].lower() for purpose in typed.purposes)
    said = SAID[Said(typed.said)]
    visit.record("Anotou o que o cliente respondeu", f"{mask_phone(phone.e164)}: {said} ({names}); {typed.origin}")
    visit.panel.live.tell("clientes")
    return visit.go(f"/clientes/telefone/{phone.e164}", f"Anotado: {said} ({names}).")


def asked_phone(visit: Visit) -> PhoneCandidate:
    """The phone of the address: E.164 digits. Raises :class:`NotThere` for what is no phone."""
    digits = visit.path("digits")
    if digits.isascii() and digits.isdigit() and len(digits) in _DIGITS:
        found = phone_of(f"+{digits}")
        if found is not None:
            return found
    raise NotThere("Isto não é um número de telefone. Procure o cliente pelo nome ou pelo celular com DDD.")


def rows_of_one(visit: Visit, phone: PhoneCandidate, owner: str) -> tuple[tuple[RowOfPhone, ...], tuple[str, ...]]:
    """All rows of one customer with that phone, and every customer who shares it.

    Raises :class:`Wrong` where several do and ``owner`` does not say which: nobody's data goes to somebody else.
    """
    shop = visit.shop
    rows = rows_of_phone(shop.database, phone, shop.settings.whatsapp.default_area)
    owners = tuple(sorted({row.owner for row in rows}))
    if len(owners) > 1 and owner not in owners:
        raise Wrong("Mais de um cliente tem este número. Volte e escolha de qual deles são os dados.")
    return (tuple(row for row in rows if row.owner == owner) if len(owners) > 1 else rows), owners


def _checked(visit: Visit, answers: tuple[Answer, ...]) -> Typed:
    known = {purpose.value for purpose in Purpose}
    purposes = tuple(dict.fromkeys(purpose for purpose in visit.all_typed("finalidade") if purpose in known))
    said, origin, note = visit.typed("resposta"), visit.typed("origem"), visit.typed("nota")
    problems: list[tuple[str, str]] = []
    if not purposes:
        problems.append(("finalidade", "Marque para quais mensagens vale a resposta."))
    if said not in set(Said):
        problems.append(("resposta", "Escolha o que o cliente respondeu."))
    elif said == Said.WITHDRAWN.value:
        counts = standing(answers)
        for purpose in purposes:
            answer = counts.get(Purpose(purpose))
            if answer is None or answer.said is not Said.YES:
                name = PURPOSE_NAMES[Purpose(purpose)].lower()
                problems.append(("resposta", f"Não há um “aceita receber” de {name} para retirar."))
    if origin not in ORIGINS:
        problems.append(("origem", "Diga onde o cliente respondeu: é a prova de que respondeu."))
    elif origin == OTHER_ORIGIN and not note:
        problems.append(("nota", "Escreva onde o cliente respondeu."))
    if len(note) > _LONGEST_NOTE:
        problems.append(("nota", f"A observação tem {len(note)} letras; o máximo é {_LONGEST_NOTE}."))
    return Typed(purposes, said, origin, note, tuple(problems))


def _page(visit: Visit, phone: PhoneCandidate, typed: Typed, status: int = 200) -> Response:
    shop = visit.shop
    answers = ConsentRegister(shop.database).answers([phone])[phone.e164]
    rows = rows_of_phone(shop.database, phone, shop.settings.whatsapp.default_area, newest_only=True)
    contact = Contacts(shop.database).find(phone.e164)
    return visit.render(
        "clientes_telefone.html",
        status,
        phone=phone,
        people=_people(rows),
        stands=stands([answers]),
        answers=[(answer, PURPOSE_NAMES[answer.purpose], SAID[answer.said]) for answer in answers],
        rows=rows[:_SHOWN],
        newest=NEWEST,
        typed=typed,
        problems=dict(typed.problems),
        purposes=PURPOSES,
        origins=ORIGINS,
        term_at=contact.term_at,
        may_ask=contact.wrong_at is None and any(each.kind == "none" for each in stands([answers])),
        may_withdraw=any(each.kind == "yes" for each in stands([answers])),
    )


def _people(rows: tuple[RowOfPhone, ...]) -> list[tuple[str, str, str]]:
    """Name, code and the ERP's flag of each customer with this phone, newest first."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        found.setdefault((row.name, row.code), FLAGS[row.flag])
    return [(name, code, flag) for (name, code), flag in found.items()]

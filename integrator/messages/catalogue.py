"""The catalogue: every module and situation in which an ERP writes to a customer, with variables and default text.

The data lies in ``modules/*.toml``, one file a module, each read when it is first needed. The default texts are
courteous on purpose (CDC art. 42: no threat, no ridicule) and end with who is writing: name, address and CPF or CNPJ
of the shop (CDC art. 42-A, Lei 12.039/2009). They are true on whatever day they leave, and speak of a boleto, a
document or a PIX code only when it goes along.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from integrator.domain.message import Message, Purpose
from integrator.messages.schema import Kind, plain
from integrator.paths import packaged

#: The modules by the name that people read, in the order in which they are shown, each with its data file.
MODULES: Mapping[str, str] = {
    "AVISO DE DÉBITOS": "aviso_de_debitos",
    "RECEBER": "receber",
    "ORÇAMENTO": "orcamento",
    "PEDIDO DE VENDA": "pedido_de_venda",
    "ORDEM DE SERVIÇO": "ordem_de_servico",
    "CONDICIONAL": "condicional",
    "COMANDAS": "comandas",
    "NF-E": "nfe",
    "NFC-E": "nfce",
    "CRM": "crm",
    "ANIVERSARIANTES": "aniversariantes",
    "CASHBACK": "cashback",
    "INTEGRADOR": "integrador",
}
DEBT_NOTICE: Final = "AVISO DE DÉBITOS"
_PIECE: Final = re.compile(r"«(\w+)»")


class DebtKind(StrEnum):
    """The situations of a debt notice, as the history report names them ("Tipo da mensagem")."""

    OVERDUE = "DÉBITO VENCIDO"
    UPCOMING = "DÉBITO A VENCER"
    BOTH = "DÉBITOS"


class Subject(StrEnum):
    """What a message is about; it decides which titles of the row count and which documents make sense."""

    OPEN_TITLES = "titulos_abertos"
    SETTLED_TITLES = "titulos_encerrados"
    DOCUMENT = "documento"
    PERSON = "pessoa"


@dataclass(frozen=True, slots=True)
class Variable:
    """What the ERP's row brings for a situation. ``sample`` is as an ERP would write it."""

    name: str
    kind: Kind
    about: str
    sample: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """One kind of message. ``kind`` is its name in the history report; ``aliases`` are other names that ERPs give it.

    ``documents`` are the PDFs it may carry: ``boleto``, ``demonstrativo`` or the name of a block document.
    ``confirm``: by default a person is asked before it leaves. ``fresh_days``: written longer ago than this, it has
    lost its sense (0: never). ``once_a_year``: one for each customer and year.
    """

    module: str
    kind: str
    purpose: Purpose
    subject: Subject
    when: str
    text: str
    variables: tuple[Variable, ...] = ()
    documents: tuple[str, ...] = ()
    confirm: bool = False
    fresh_days: int = 0
    once_a_year: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def collects(self) -> bool:
        """Whether it asks somebody to pay: the rules of collection hold for it."""
        return self.subject is Subject.OPEN_TITLES and self.purpose is Purpose.COLLECTION


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the ERP: why it writes, and its situations in the order in which they are shown."""

    name: str
    purpose: Purpose
    about: str
    situations: tuple[Situation, ...]


def bare(name: str) -> str:
    """A module's or situation's name as it is compared: lower case letters and digits only."""
    return "".join(char for char in plain(name) if char.isalnum())


_BY_BARE_NAME: Mapping[str, str] = {bare(name): name for name in MODULES}


def module_named(name: str) -> Module | None:
    """The module of that name, or None; case, accents, blanks and hyphens do not matter."""
    known = _BY_BARE_NAME.get(bare(name))
    return _module(MODULES[known]) if known else None


def modules() -> tuple[Module, ...]:
    """All of them."""
    return tuple(map(_module, MODULES.values()))


def find_situation(module: str, kind: str) -> Situation | None:
    """The situation of that name or alias in that module, or None."""
    found, wanted = module_named(module), bare(kind)
    for situation in found.situations if found else ():
        if wanted in map(bare, (situation.kind, *situation.aliases)):
            return situation
    return None


def situation_of(message: Message, today: date) -> Situation | None:
    """What a message is, or None for a kind that the catalogue does not have.

    Which debt notice it is follows from its open titles on that day, not from what the row was called when it was
    written; a collection of a kind that nobody knows is a debt notice too.
    """
    module = module_named(message.module)
    if module is None:
        return None
    found = find_situation(message.module, message.kind)
    if module.name == DEBT_NOTICE or (found is None and message.purpose is Purpose.COLLECTION):
        return debt_notice(choose_kind(message, today))
    return found


def debt_notice(kind: DebtKind) -> Situation:
    """The debt notice of that kind."""
    return next(each for each in _module(MODULES[DEBT_NOTICE]).situations if each.kind == kind)


def choose_kind(message: Message, today: date) -> DebtKind:
    """Which situation the open titles are in."""
    overdue = {title.overdue(today) for title in message.titles if title.open}
    if overdue == {True}:
        return DebtKind.OVERDUE
    return DebtKind.UPCOMING if overdue == {False} else DebtKind.BOTH


def text_version(source: str) -> str:
    """A short digest of a text, kept with each message to know which version it was sent with (B31)."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@cache
def _module(file: str) -> Module:
    raw = _read(file)
    name, purpose = raw["modulo"], Purpose(raw["finalidade"])
    variables = {each: _variable(each, told) for each, told in raw.get("variaveis", {}).items()}
    situations = tuple(_situation(name, purpose, told, variables) for told in raw["mensagens"])
    return Module(name, purpose, raw["sobre"], situations)


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads(packaged("messages", "modules", f"{file}.toml").read_text(encoding="utf-8"))


@cache
def _pieces() -> Mapping[str, str]:
    return {name: str(text) for name, text in _read("trechos").items()}


def _whole(text: str) -> str:
    """The text with its pieces put in."""
    while _PIECE.search(text):
        text = _PIECE.sub(lambda found: _pieces()[found[1]], text)
    return text


def _variable(name: str, told: Mapping[str, Any]) -> Variable:
    kind = Kind(told["tipo"])
    return Variable(name, kind, told["descricao"], told["exemplo"], told.get("obrigatoria", False))


def _situation(module: str, purpose: Purpose, told: Mapping[str, Any], known: Mapping[str, Variable]) -> Situation:
    required = told.get("obrigatorias", ())
    chosen = [known[name] for name in told.get("variaveis", ())]
    return Situation(
        module=module,
        kind=told["tipo"],
        purpose=Purpose(told["finalidade"]) if "finalidade" in told else purpose,
        subject=Subject(told["assunto"]),
        when=told["quando"],
        text=_whole(told["texto"]),
        variables=tuple(
            Variable(each.name, each.kind, each.about, each.sample, each.required or each.name in required)
            for each in chosen
        ),
        documents=tuple(told.get("documentos", ())),
        confirm=told.get("confirmar", False),
        fresh_days=told.get("valida_dias", 0),
        once_a_year=told.get("uma_por_ano", False),
        aliases=tuple(told.get("tambem", ())),
    )

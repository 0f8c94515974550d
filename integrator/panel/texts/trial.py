"""A text tried before it is saved: what is wrong with it, and what three customers would get.

The rows and their files are kept for a while, so that a text may be tried at every pause of its writer.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from integrator.domain.errors import IntegratorError, MessageError
from integrator.domain.message import Composed, Part, PartKind
from integrator.messages.catalogue import Situation
from integrator.messages.formatting import format_count
from integrator.messages.review import review
from integrator.panel.texts.bubble import as_read
from integrator.panel.visit import NotThere, Visit
from integrator.policies import company_of, compose_policy
from integrator.sending.compose import Composer
from integrator.sending.debts import Pointless
from integrator.sending.policy import ComposePolicy
from integrator.sending.preview import (
    Case,
    DrawnFile,
    DrawnOnce,
    company_or_sample,
    facts,
    real_case,
    sample_cases,
    trying,
)
from integrator.settings import Settings

_KEPT: Final = 4
_FRESH: Final = timedelta(minutes=2)
_PLACE: Final = re.compile(r"[Ll]inha (\d+)(?:, coluna (\d+))?")
#: A text that every row can be written with: files do not depend on it.
_ANY_TEXT: Final = "{empresa}"


@dataclass(frozen=True, slots=True)
class Told:
    """An error or a warning. ``line`` and ``column`` from 1; 0 where the sentence names none."""

    text: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What would become of one row. ``bubble`` is None where nothing would leave, and ``refusal`` says why.

    ``code`` is what follows alone, to be copied; ``number`` names the row in the addresses of its files.
    """

    title: str
    number: str
    note: str = ""
    bubble: Markup | None = None
    refusal: str = ""
    facts: tuple[str, ...] = ()
    files: tuple[DrawnFile, ...] = ()
    code: Part | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """With ``errors`` there are no ``readings``. ``length`` is that of the text with samples, 0 if unknown; ``note``
    says whose data is shown; ``pending``: the readings would take a while, and are to be asked for."""

    errors: tuple[Told, ...]
    warnings: tuple[Told, ...]
    length: int
    readings: tuple[Reading, ...] = ()
    note: str = ""
    pending: bool = False

    @property
    def summary(self) -> str:
        """All of it in a line."""
        if self.errors:
            return "Com erro: assim não pode ser salvo."
        doubts = format_count(len(self.warnings), "aviso", "avisos") if self.warnings else "tudo em ordem"
        return f"{format_count(self.length, 'caractere', 'caracteres')} · {doubts}" if self.length else doubts


@dataclass(frozen=True, slots=True)
class _Bench:
    """The rows to try texts of one situation on, by the settings as they were."""

    settings: Settings
    policy: ComposePolicy
    cases: tuple[Case, ...]
    files: DrawnOnce
    note: str
    since: datetime


_lock = threading.Lock()
_benches: dict[tuple[int, str, Situation], _Bench] = {}


def try_text(visit: Visit, situation: Situation, source: str, *, wait: bool = True) -> Trial:
    """Look a text over and read it as customers would; without ``wait``, only where their files are drawn already."""
    found = review(source, situation, visit.now)
    errors, warnings = tuple(map(_told, found.errors)), tuple(map(_told, found.warnings))
    if errors:
        return Trial(errors, warnings, found.length)
    if not wait and _known(visit, situation) is None:
        return Trial(errors, warnings, found.length, pending=True)
    bench = _bench(visit, situation)
    composer = Composer(trying(bench.policy, situation, source), bench.files)
    readings = tuple(_reading(composer, bench, place, case) for place, case in enumerate(bench.cases))
    return Trial(errors, warnings, found.length, readings, bench.note)


def drawn_file(visit: Visit, situation: Situation, number: str, place: int) -> Part:
    """The content of one file of a row shown. Raises :class:`NotThere` where the rows have changed since."""
    bench = _bench(visit, situation)
    case = {_number(at, each): each for at, each in enumerate(bench.cases)}.get(number)
    if case is None:
        raise NotThere("Esta prévia já mudou. Volte à mensagem e abra o arquivo de novo.")
    composed = Composer(trying(bench.policy, situation, _ANY_TEXT)).compose(case.message, case.now)
    parts = composed.parts if isinstance(composed, Composed) else ()
    documents = [part for part in parts if part.kind is PartKind.DOCUMENT]
    if not 1 <= place <= len(documents):
        raise NotThere("Este arquivo não vai mais com a mensagem. Volte e confira a prévia.")
    return documents[place - 1]


def _told(sentence: str) -> Told:
    found = _PLACE.search(sentence)
    return Told(sentence, int(found[1]), int(found[2] or 1)) if found else Told(sentence)


def _reading(composer: Composer, bench: _Bench, place: int, case: Case) -> Reading:
    shown = Reading(case.title, _number(place, case), case.note)
    try:
        composed = composer.compose(case.message, case.now)
    except MessageError as error:
        return replace(shown, refusal=f"Ficaria retida: {error.message}")
    if isinstance(composed, Pointless):
        return replace(shown, refusal=f"Seria cancelada: {composed.reason}")
    code = next((part for part in composed.parts if part.kind in (PartKind.PIX, PartKind.LINHA)), None)
    return replace(
        shown,
        bubble=as_read(composed.text),
        facts=tuple(facts(composed)),
        files=bench.files.files_of(case),
        code=code,
    )


def _number(place: int, case: Case) -> str:
    return f"{place + 1}-{case.message.id}"


def _bench(visit: Visit, situation: Situation) -> _Bench:
    known = _known(visit, situation)
    if known is not None:
        return known
    settings = visit.panel.settings
    policy = compose_policy(settings)
    cases, note = _cases(visit, situation)
    made = _Bench(settings, policy, cases, DrawnOnce(trying(policy, situation, _ANY_TEXT)), note, visit.now)
    with _lock:
        _benches.pop(_key(visit, situation), None)
        while len(_benches) >= _KEPT:
            del _benches[next(iter(_benches))]
        _benches[_key(visit, situation)] = made
    return made


def _known(visit: Visit, situation: Situation) -> _Bench | None:
    """The one that is kept, while it is fresh and the settings are the same."""
    with _lock:
        known = _benches.get(_key(visit, situation))
    fresh = known is not None and known.settings == visit.panel.settings and abs(visit.now - known.since) < _FRESH
    return known if fresh else None


def _key(visit: Visit, situation: Situation) -> tuple[int, str, Situation]:
    return id(visit.panel), visit.memory.shop, situation


def _cases(visit: Visit, situation: Situation) -> tuple[tuple[Case, ...], str]:
    """Customers of the database, else samples, with why."""
    company = company_of(visit.panel.settings)
    note = "A fila ainda não tem mensagens deste tipo: estes são exemplos."
    try:
        from integrator.erp.preview_rows import preview_rows

        shop = visit.shop
        if rows := preview_rows(shop.database, situation, company_of(shop.settings)):
            return tuple(real_case(row.why, row.message) for row in rows), ""
        company = shop.company()
    except IntegratorError as error:
        note = f"Não consegui ler mensagens da fila, e estes são exemplos. {error.message}"
    return sample_cases(situation, company_or_sample(company), visit.now), note

"""Registro: what the program wrote down, filtered; the doctor, and the bundle for the support."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from integrator.domain.errors import IntegratorError
from integrator.logs import days as log_files
from integrator.logs.days import LogDay, log_days
from integrator.logs.lines import Level, Reading, last_error, read_back
from integrator.logs.words import LEVELS, in_words
from integrator.messages.formatting import format_date
from integrator.panel.access import Role
from integrator.panel.logbook.examination import BUNDLE_FILE, examination_of
from integrator.panel.routes import Page, get, post
from integrator.panel.visit import NotThere, Visit
from integrator.paths import log_folder

_PAGE_LINES: Final = 200


class LogUnreadable(IntegratorError):
    """A file of the log cannot be read."""

    title = "Registro indisponível"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the address asks for."""

    file: LogDay | None
    level: Level
    words: str
    before: int | None

    def address(self, **more: object) -> str:
        """The same, with other or more parameters."""
        asked = {
            "dia": self.file.day.isoformat() if self.file else "",
            "nivel": self.level.key if self.level is not Level.ALL else "",
            "q": self.words,
            "ate": "",
            **more,
        }
        named = {name: value for name, value in asked.items() if value != ""}
        return f"?{urlencode(named)}" if named else ""


def show(visit: Visit) -> Response:
    """The newest lines of the day, or those before a place in it."""
    found = log_days(log_folder(visit.panel.folder))
    shown = _shown(visit, found)
    return visit.render(
        "registro.html",
        shown=shown,
        days=[(each.day.isoformat(), format_date(each.day)) for each in found],
        level_choices=[(level.key, level.label) for level in Level],
        live=shown.file is not None and shown.file == found[0] and shown.before is None,
        **_lines(shown),
        **_examined(visit),
    )


def lines(visit: Visit) -> Response:
    """The lines alone."""
    shown = _shown(visit, log_days(log_folder(visit.panel.folder)))
    return visit.fragment("registro_linhas.html", shown=shown, **_lines(shown))


def error(visit: Visit) -> Response:
    """The day and the place of the newest error."""
    for each in log_days(log_folder(visit.panel.folder)):
        try:
            place = last_error(each.path)
        except OSError:
            continue
        if place is not None:
            return visit.go(f"/registro?dia={each.day}&nivel=erros&ate={place}")
    return visit.go("/registro", "Não há erros nos dias guardados.")


def download(visit: Visit) -> Response:
    """A day's file as it is now."""
    file = _file(visit, log_days(log_folder(visit.panel.folder)))
    if file is None:
        raise NotThere("Não há registro deste dia. Escolha outro na página Registro.")
    try:
        size = file.path.stat().st_size
    except OSError as error:
        raise _unreadable(file, error) from error
    visit.record("registro baixado", format_date(file.day))
    headers = {"content-disposition": f'attachment; filename="{file.path.name}"', "content-length": str(size)}
    return StreamingResponse(log_files.chunks(file.path, size), media_type="text/plain; charset=utf-8", headers=headers)


def diagnosis(visit: Visit) -> Response:
    """What the doctor said, alone."""
    return visit.fragment("registro_diagnostico.html", **_examined(visit))


def examine(visit: Visit) -> Response:
    """Ask the doctor; the page shows the answer when it comes."""
    return _begin(visit, bundle=False)


def bundle(visit: Visit) -> Response:
    """Ask the doctor and write the support bundle."""
    return _begin(visit, bundle=True)


def take_bundle(visit: Visit) -> Response:
    """The bundle that was last made."""
    file = examination_of(visit.panel).state.bundle
    if file is None or not file.is_file():
        raise NotThere("Não há pacote pronto. Prepare um na página Registro.")
    visit.record("pacote de suporte baixado")
    headers = {"content-disposition": f'attachment; filename="{BUNDLE_FILE}"'}
    return Response(file.read_bytes(), media_type="application/zip", headers=headers)


def _begin(visit: Visit, *, bundle: bool) -> Response:
    if not examination_of(visit.panel).begin(bundle=bundle):
        return visit.go("/registro#diagnostico", "A verificação já está em andamento.")
    visit.record("pacote de suporte preparado" if bundle else "verificação feita")
    visit.panel.live.tell("registro")
    return visit.go("/registro#diagnostico")


def _examined(visit: Visit) -> dict[str, Any]:
    from integrator.support.report import WORDS, headline, place_of

    state = examination_of(visit.panel).state
    groups = []
    if state.report is not None:
        groups = [(place, list(found)) for place, found in groupby(state.report.findings, key=place_of)]
    return {
        "examined": state,
        "groups": groups,
        "finding_words": WORDS,
        "headline": headline(state.report) if state.report else "",
    }


def _shown(visit: Visit, found: tuple[LogDay, ...]) -> _Shown:
    level = next((each for each in Level if each.key == visit.query.get("nivel")), Level.ALL)
    place = visit.query.get("ate", "")
    before = int(place) if place.isascii() and place.isdigit() and len(place) < len(str(2**53)) else None
    file = _file(visit, found) if visit.query.get("dia") else (found[0] if found else None)
    return _Shown(file, level, visit.query.get("q", "").strip()[:100], before)


def _file(visit: Visit, found: tuple[LogDay, ...]) -> LogDay | None:
    try:
        day = date.fromisoformat(visit.query.get("dia", ""))
    except ValueError:
        return None
    return next((each for each in found if each.day == day), None)


def _lines(shown: _Shown) -> dict[str, Any]:
    reading = Reading((), None, full=False)
    if shown.file is not None:
        try:
            reading = read_back(shown.file.path, _PAGE_LINES, before=shown.before, level=shown.level, words=shown.words)
        except OSError as error:
            raise _unreadable(shown.file, error) from error
    return {"reading": reading, "in_words": in_words, "level_words": LEVELS}


def _unreadable(file: LogDay, error: OSError) -> LogUnreadable:
    return LogUnreadable(
        f"Não consegui ler o registro de {format_date(file.day)}. Confira a permissão da pasta de dados.",
        detail=repr(error),
    )


PAGES: Final[tuple[Page, ...]] = (
    get("/registro", show, Role.OWNER),
    get("/registro/linhas", lines, Role.OWNER),
    get("/registro/ultimo-erro", error, Role.OWNER),
    get("/registro/arquivo", download, Role.OWNER),
    get("/registro/diagnostico", diagnosis, Role.OWNER),
    post("/registro/verificar", examine, Role.OWNER),
    post("/registro/pacote", bundle, Role.OWNER),
    get("/registro/pacote.zip", take_bundle, Role.OWNER),
)

"""What the window says about the list: how many lines there are, and why there are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from integrator.desktop.logview.follower import Seen, Trouble
from integrator.desktop.logview.view import Filter
from integrator.logs.lines import Level
from integrator.messages.formatting import format_count, format_date

_NOTHING: Final = {
    Level.ALL: "Este dia ainda não tem linhas.",
    Level.WARNINGS: "Nenhum aviso e nenhum erro neste dia.",
    Level.ERRORS: "Nenhum erro neste dia.",
}


def counted(number: int) -> str:
    """``1.234 linhas``."""
    return format_count(number, "linha", "linhas")


def status(seen: Seen, searching: bool, chosen: int) -> str:
    """The line about the list."""
    if seen.progress is not None:
        return f"{'Procurando' if searching else 'Lendo'}… {seen.progress:.0%}".replace("%", " %")
    if seen.view is None:
        return ""
    whole = counted(seen.view.index.count)
    shown = whole if seen.view.filter.all else f"{format_count(seen.count, 'de', 'de')} {whole}"
    return f"{shown} · {format_count(chosen, 'escolhida', 'escolhidas')}" if chosen > 1 else shown


def nothing(seen: Seen, folder: Path) -> str:
    """Why the list is empty and what to do; empty when it is not, or when that is not known yet."""
    match seen.trouble:
        case Trouble.NOTHING_YET:
            return "Ainda não há registro. Ele começa quando o Integrador trabalha pela primeira vez."
        case Trouble.FORBIDDEN:
            return (
                f"Este usuário não tem permissão para ler a pasta do registro, {folder}. Abra o Integrador como "
                "administrador ou peça a permissão a quem cuida do computador."
            )
        case Trouble.GONE:
            return "O registro deste dia não está mais aqui: os dias antigos são apagados. Escolha outro dia."
        case Trouble.UNREADABLE:
            return (
                f"Não consegui ler o registro deste dia. Confira a permissão da pasta {folder} e se outro programa "
                "não está usando o arquivo."
            )
        case None:
            return _nothing_found(seen.view.filter) if seen.view is not None and not seen.count else ""


def day_words(day: date, today: date) -> str:
    """``20/11/2026``, or ``hoje, 20/11/2026``."""
    return f"hoje, {format_date(day)}" if day == today else format_date(day)


def _nothing_found(wanted: Filter) -> str:
    words = wanted.words.strip()
    if not words:
        return _NOTHING[wanted.level]
    where = "" if wanted.level is Level.ALL else f" em “{wanted.level.label}”"
    return f"Nenhuma linha deste dia tem “{words}”{where}. Apague a procura ou escolha outro dia."

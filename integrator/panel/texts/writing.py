"""The shop's choices as changes to ``config.toml``: only what differs from the default is written.

Each function changes a document that :meth:`ConfigFile.change` then checks and writes. A situation has at most one
table afterwards; the texts of debt notices live in ``[mensagens]``, all others in ``[[mensagens.situacoes]]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from integrator.messages.catalogue import DEBT_NOTICE, MODULES, DebtKind, Situation, find_situation
from integrator.messages.choices import Choice
from integrator.settings.contents import HowSent
from integrator.settings.editing import put, remove

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

SAME_TEXT: Final = ("mensagens", "mesmo_texto_para_ambos")
SITUATIONS: Final = ("mensagens", "situacoes")
_DEBT_KEYS: Final[Mapping[str, str]] = {
    DebtKind.OVERDUE: "vencidos",
    DebtKind.UPCOMING: "a_vencer",
    DebtKind.BOTH: "vencidos_e_a_vencer",
}


def module_switch(module: str) -> tuple[str, str]:
    """The key of the module's switch."""
    return ("modulos", MODULES[module])


def place_of_text(situation: Situation) -> tuple[str, str]:
    """The key where the situation's text is written."""
    return ("mensagens", _DEBT_KEYS[situation.kind]) if situation.module == DEBT_NOTICE else SITUATIONS


def assign(document: TOMLDocument, path: tuple[str, str], value: object, default: object) -> None:
    """Write ``value``, unless it is the default and nothing is written there yet."""
    section, key = path
    if value != default or key in document.get(section, {}):
        put(document, path, value)


def write_switches(document: TOMLDocument, situation: Situation, choice: Choice) -> None:
    """Make what ``choice`` says, but for its text, what the configuration says of that situation."""
    how = None if choice.confirm is None else (HowSent.ASK if choice.confirm else HowSent.AUTOMATIC).value
    wanted = {
        "ligada": (choice.on, True),
        "envio": (how, None),
        "documentos": (None if choice.documents is None else list(choice.documents), None),
    }
    _write_table(document, situation, wanted)


def write_text(document: TOMLDocument, situation: Situation, text: str) -> None:
    """The shop's text for that situation, without outer blanks; empty: the default."""
    if situation.module != DEBT_NOTICE:
        _write_table(document, situation, {"texto": (text, "")})
        return
    path = place_of_text(situation)
    if text or document.get("mensagens", {}).get(path[1]):
        put(document, path, text)
    _write_table(document, situation, {"texto": ("", "")})


def _write_table(document: TOMLDocument, situation: Situation, wanted: Mapping[str, tuple[Any, Any]]) -> None:
    """``wanted`` are values with their defaults; what the table says already stays as it is written."""
    told = _tables(document)
    own = [table for table in told if _is_about(table, situation)]
    before = own[-1] if own else {"modulo": situation.module, "tipo": situation.kind}
    after = dict(before)
    for key, (value, default) in wanted.items():
        if _bare(before.get(key, default)) == value:
            continue
        if value == default:
            after.pop(key, None)
        else:
            after[key] = value
    told = [after if table is before else table for table in told if table is before or table not in own]
    if not own:
        told.append(after)
    told = [table for table in told if table is not after or set(table) - {"modulo", "tipo"}]
    if told:
        put(document, SITUATIONS, told)
    elif own:
        remove(document, SITUATIONS)


def _bare(value: Any) -> Any:
    """As the settings read it: without outer blanks."""
    return value.strip() if isinstance(value, str) else value


def _tables(document: TOMLDocument) -> list[dict[str, Any]]:
    section = document.get("mensagens")
    found = section.get("situacoes") if section is not None else None
    return [dict(table) for table in found.unwrap()] if found is not None else []


def _is_about(table: Mapping[str, Any], situation: Situation) -> bool:
    return find_situation(str(table.get("modulo", "")), str(table.get("tipo", ""))) == situation

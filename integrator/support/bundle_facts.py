"""What the support bundle takes from a database: counts, states and events, by number only.

No name, phone, text or key of a row: columns that people or ERPs write are not even read.
"""

from __future__ import annotations

import re
from typing import Any, Final

from integrator.erp.session import Session
from integrator.support.erp_facts import beats, instances, server_facts

_COUNTS: Final = "SELECT SITUACAO, MOTIVO_CODIGO, COUNT(*) FROM WA_FILA GROUP BY 1, 2"
_PARTS: Final = "SELECT SITUACAO, COUNT(*) FROM WA_PARTE GROUP BY 1"
#: By number from the generator's end: sorting a big table of events backwards would read all of it.
_EVENTS: Final = """
SELECT FIRST 200 ID, FILA_ID, QUANDO, ACAO, DE, PARA FROM WA_EVENTO
WHERE ID > GEN_ID(WA_GEN_EVENTO, 0) - 2000 ORDER BY ID DESC
"""
_WORD = re.compile(r"[a-zA-Z_]{1,30}")


def database_facts(session: Session) -> dict[str, Any]:
    """Ready for JSON. Raises the database's errors."""
    server = server_facts(session)
    return {
        "servidor": server.version,
        "dialeto": server.dialect,
        "caracteres": server.charset,
        "hora_do_servidor": server.now.isoformat(timespec="seconds"),
        "fila": [
            {"situacao": _word(state), "motivo": _word(code), "mensagens": int(rows)}
            for state, code, rows in session.rows(_COUNTS)
        ],
        "partes": {_word(state): int(rows) for state, rows in session.rows(_PARTS)},
        "integradores": [
            {"dono": beat.owner, "versao": beat.version, "visto_em": beat.at.isoformat(timespec="seconds")}
            for beat in beats(session)
        ],
        "numeros": [
            {"situacao": _word(each.state), "motor": _word(each.engine), "vista_ha_s": each.silent_s}
            for each in instances(session)
        ],
        "ultimos_eventos": [
            {
                "id": int(number),
                "fila_id": row,
                "quando": at.isoformat(timespec="seconds"),
                "acao": _word(action),
                "de": _word(origin),
                "para": _word(target),
            }
            for number, row, at, action, origin, target in session.rows(_EVENTS)
        ],
    }


def _word(raw: Any) -> str:
    """A word of the contract; whatever else an ERP may have put there is not passed on."""
    text = str(raw or "").strip()
    return text if not text or _WORD.fullmatch(text) else "[outro]"

"""What the address of the queue's page asks for: which states, module, type, purpose, what is searched, which page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from integrator.domain.lifecycle import State
from integrator.domain.message import Purpose
from integrator.erp.desk_list import LAST_PAGE, OPEN, RowFilter

_ALL: Final = "todas"
_LONGEST: Final = 120
PURPOSES: Final = ((Purpose.SERVICE, "serviço"), (Purpose.COLLECTION, "cobrança"), (Purpose.PROMOTION, "promocional"))
#: Chips of what is over; what is not comes first, with its count.
OVER: Final = (State.SENT, State.DELIVERED, State.READ, State.FAILED, State.CANCELLED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Asked:
    """``chosen``: one state, or None for all that is not over; ``everything``: also what is over."""

    chosen: State | None = None
    everything: bool = False
    module: str = ""
    kind: str = ""
    purpose: Purpose | None = None
    search: str = ""
    page: int = 1

    @property
    def filter(self) -> RowFilter:
        """As the desk takes it."""
        states = tuple(State) if self.everything else OPEN if self.chosen is None else (self.chosen,)
        return RowFilter(states, self.module, self.kind, self.purpose, self.search)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state narrows the list."""
        return bool(self.module or self.kind or self.purpose or self.search)

    @property
    def state(self) -> str:
        """As it stands in the address."""
        return _ALL if self.everything else self.chosen.value if self.chosen else ""

    def address(self, path: str, *, page: int | None = None) -> str:
        """The same question at ``path``; without ``page`` ready for ``pagina=…`` to be added."""
        asked = {
            "situacao": self.state,
            "modulo": self.module,
            "tipo": self.kind,
            "finalidade": self.purpose.value if self.purpose else "",
            "busca": self.search,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        if page is None:
            return f"{path}?{query}&" if query else f"{path}?"
        more = f"pagina={page}" if page > 1 else ""
        whole = "&".join(filter(None, (query, more)))
        return f"{path}?{whole}" if whole else path

    def of_state(self, state: State | None, *, everything: bool = False) -> Asked:
        """The same question about another state, from its first page."""
        return replace(self, chosen=state, everything=everything, page=1)


def read_asked(query: QueryParams) -> Asked:
    """From an address that anybody may have written: what makes no sense is as if it were not there."""
    state = query.get("situacao", "")
    purpose = query.get("finalidade", "")
    number = query.get("pagina", "1")
    return Asked(
        chosen=State(state) if state in set(State) else None,
        everything=state == _ALL,
        module=query.get("modulo", "").strip()[:_LONGEST],
        kind=query.get("tipo", "").strip()[:_LONGEST],
        purpose=Purpose(purpose) if purpose in set(Purpose) else None,
        search=query.get("busca", "").strip()[:_LONGEST],
        page=min(int(number), LAST_PAGE) if number.isascii() and number.isdigit() and 0 < len(number) <= 6 else 1,
    )

"""What follows from a word that the program obeys, in one database.

A no (SAIR, "número errado") ends every automatic message to that phone, whatever its purpose: who asks to be left
alone does not tell reminders from offers. It counts in each database of the number, known there or not: a no that is
written down where nobody writes to that phone does no harm. A yes counts only where it answers something: "SIM" where
the consent term went to that phone in the last thirty days, "quero receber" where the phone is known or, for a
stranger, in the first database. VOLTAR undoes a no. A word that answers nothing is a message to people.

What was held for want of a yes leaves after the yes. What an older no had stopped stays stopped, unless VOLTAR: who
asks for the shop's messages again does not ask for those of the time when he wanted none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from integrator.domain.message import Purpose
from integrator.domain.words import Word
from integrator.erp.contacts import Contacts
from integrator.erp.held import HeldRows
from integrator.erp.spoken import Saying, Spoken
from integrator.sending.gateway import Inbound

#: For so long a term's question stands.
TERM_STANDS: Final = timedelta(days=30)
_INVITED: Final = frozenset({Purpose.COLLECTION, Purpose.SERVICE})
_LONGEST_QUOTE: Final = 60


@dataclass(frozen=True, slots=True)
class Obeyed:
    """A word that was obeyed, and the purposes for which it now counts; none: it counted before, and was answered."""

    word: Word
    purposes: frozenset[Purpose]


@dataclass(frozen=True, slots=True)
class Obedience:
    """Obeys in one database. ``first``: strangers who ask to receive are written down here."""

    spoken: Spoken
    contacts: Contacts
    first: bool
    held: HeldRows

    def obey(self, word: Word, inbound: Inbound, *, known: bool) -> Obeyed | None:
        """Act on the word; None where it answers nothing here. ``known``: this database knows the phone."""
        saying = Saying(inbound.sender, inbound.id, inbound.at, f"WhatsApp: “{_quoted(inbound.text)}”")
        purposes = self._deed(word, saying, known=known)
        self._let_go(word, saying, purposes)
        refuses = word is Word.STOP or (word is Word.WRONG_NUMBER and known)
        return Obeyed(word, purposes) if purposes or refuses else None

    def _deed(self, word: Word, saying: Saying, *, known: bool) -> frozenset[Purpose]:
        match word:
            case Word.STOP:
                return self.spoken.refuse(saying, tuple(Purpose))
            case Word.WRONG_NUMBER:
                return self._wrong(saying) if known else frozenset()
            case Word.BACK:
                return self._back(saying)
            case Word.YES:
                return self.spoken.accept(saying, self._asked(saying))
            case Word.NO:
                return self.spoken.refuse(saying, self._asked(saying))
            case Word.WANTS:
                return self._invited(saying) if known or self.first else frozenset()

    def _let_go(self, word: Word, saying: Saying, purposes: frozenset[Purpose]) -> None:
        """Heard again, it lets go again what a crash had left held."""
        if word in (Word.YES, Word.WANTS):
            purposes &= self.spoken.opened(saying)
        elif word is not Word.BACK:
            return
        self.held.release(saying.phone, purposes, saying.at, saying.source)

    def _wrong(self, saying: Saying) -> frozenset[Purpose]:
        self.contacts.mark_wrong(saying.phone, saying.at)
        return self.spoken.refuse(saying, tuple(Purpose))

    def _invited(self, saying: Saying) -> frozenset[Purpose]:
        """Whoever comes by the counter poster is answered also where the yes was there before."""
        self.spoken.accept(saying, _INVITED)
        return _INVITED

    def _back(self, saying: Saying) -> frozenset[Purpose]:
        restored = self.spoken.restore(saying)
        if restored:
            self.contacts.mark_wrong(saying.phone, None)
        return restored

    def _asked(self, saying: Saying) -> frozenset[Purpose]:
        return self.spoken.term_for(saying.phone, saying.at - TERM_STANDS)


def _quoted(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_QUOTE]

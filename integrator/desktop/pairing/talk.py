"""The conversation with the engine about one number at a time: looks while somebody looks, does what is asked of it.

Everything here runs on Tk's thread; the engine is asked on others. An answer to what is no longer wanted (another
number was chosen, the window was closed) is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from integrator.desktop.engine import Engine, PairingView, Reach
from integrator.desktop.kit.signs import Kind
from integrator.desktop.loop import UiLoop
from integrator.desktop.pairing import words
from integrator.desktop.pairing.asking import Answer, how_it_stands, renew, stop_waiting
from integrator.desktop.pairing.pace import Pace, Patience, Wait
from integrator.desktop.pairing.shown import Busy, Note, Shown
from integrator.desktop.pairing.stage import Paired, Scan, Seen, Stage, Typed, Wish, stage_of
from integrator.domain.errors import IntegratorError, PhoneError
from integrator.domain.phone import parse_phones
from integrator.sending.gateway import GatewayState
from integrator.sending.number_words import NumberWords

T = TypeVar("T")
_S: Final = GatewayState
_WAITS: Final = frozenset({_S.NEEDS_PAIRING, _S.CONNECTING})


class PairingTalk:
    """``show`` is called with every change. Nothing is asked before the first :meth:`tick`."""

    def __init__(
        self,
        engine: Engine,
        loop: UiLoop,
        show: Callable[[Shown], object],
        now: Callable[[], datetime],
        browse: Callable[[str], bool],
    ) -> None:
        self._engine = engine
        self._loop = loop
        self._show = show
        self._now = now
        self._browse = browse
        self._seen = Seen()
        self._wish = Wish()
        self._instance = self._phone = self._test_phone = ""
        self._met = self._polling = self._knows_test = False
        self._busy: Busy | None = None
        self._note: Note | None = None
        self._turn = 0
        self._pace = Pace()
        self._waits = Wait()

    @property
    def stage(self) -> Stage:
        """What is shown now."""
        return stage_of(self._seen, self._instance, self._wish)

    def tick(self) -> None:
        """Look, when it is time; call it often while the window can be seen."""
        now = self._now()
        if self._polling or self._busy is not None or now < self._pace.due:
            return
        self._polling, turn = True, self._turn
        view, instance = self._seen.view, self._instance
        last = None if view is None or view.reach is not Reach.RUNNING or now >= self._pace.view_due else view
        self._loop.background(
            lambda: how_it_stands(self._engine, last, instance),
            lambda answer: self._heard(turn, answer),
            lambda error: self._defect(turn, error),
        )

    def close(self) -> None:
        """Whatever is still answered is dropped. What the engine does goes on."""
        self._next_turn()
        self._show = lambda _shown: None

    def choose(self, instance: str) -> None:
        """Another number."""
        if instance == self._instance:
            return
        self._next_turn()
        self._instance, self._phone, self._met = instance, "", False
        self._seen, self._wish = Seen(self._seen.view), Wish()
        self._note = None
        self._pace.due = datetime.min
        self.tick()
        self._tell()

    def begin(self) -> None:
        """Wait for a phone that reads the QR code."""
        self._phone = ""
        self._wait()

    def fresh_code(self) -> None:
        """Another code than the one that is shown."""
        match self.stage:
            case Typed() if not self._phone:
                self.ask_phone()
            case Scan(code=code) if code is not None:
                self._wish, self._waits.since = Wish(waiting=True, prefers_qr=True), self._now()
                self._phone = ""
                self._pair(partial(renew, self._engine, self._instance))
            case _:
                self._wait()

    def ask_phone(self) -> None:
        """The person wants to type a code on the phone."""
        self._wish = replace(self._wish, waiting=True, asks_phone=True)
        self._note = None
        self._tell()

    def use_qr(self) -> None:
        """The person prefers the camera after all."""
        self._wish = replace(self._wish, asks_phone=False, prefers_qr=True)
        self._note = None
        if self._seen.pairing is not None and self._seen.pairing.code is None:
            self.begin()
        self._tell()

    def request_digits(self, typed: str) -> str:
        """Ask for a pair code; says what is wrong with the phone that was typed, empty when nothing is."""
        try:
            self._phone = parse_phones(typed)[0].e164
        except PhoneError:
            return words.PHONE_WANTED
        self._wait()
        return ""

    def cancel(self) -> None:
        """Wait for no phone any more."""
        self._next_turn()  # the code that is still being made is not wanted: ending it waits for that
        self._wish = Wish()
        self._unpair(words.ENDING, partial(stop_waiting, self._engine, self._instance))

    def leave(self, *, sure: bool = False) -> None:
        """Let go of the phone, once the person is sure."""
        if sure:
            done = Note(Kind.OK, "Número desconectado", "Nada sai até um celular ser conectado.")
            self._unpair(words.LEAVING, partial(self._engine.unpair, self._instance), done)
            return
        self._wish, self._note = replace(self._wish, leaving=True), None
        self._tell()

    def stay(self) -> None:
        """The person is not sure."""
        self._wish = replace(self._wish, leaving=False)
        self._tell()

    def send_test(self, typed: str) -> str:
        """Queue a test message by this number; says what is wrong with the typed phone, empty when nothing is."""
        try:
            if typed.strip() or not self._test_phone:
                parse_phones(typed)
        except PhoneError:
            return words.PHONE_WANTED
        self._do(
            words.TESTING,
            3,
            partial(self._engine.send_test, typed.strip(), self._instance),
            lambda told: self._say(Note(Kind.OK, told)),
        )
        return ""

    def open_page(self, path: str) -> None:
        """Open a page of the panel in the browser, signed in; also while something is being done."""

        def opened(done: bool) -> None:
            if not done:
                self._say(Note(Kind.BAD, words.NO_BROWSER))
                self._tell()

        def failed(error: IntegratorError) -> None:
            self._say(Note(Kind.BAD, error.title, error.message))
            self._tell()

        self._loop.background(lambda: self._browse(self._engine.page(path)), opened, failed)

    def _wait(self) -> None:
        """Begin to wait for a phone, by hand."""
        self._waits.since = self._now()
        self._wish = replace(self._wish, waiting=True, expired=False, prefers_qr=not self._phone)
        self._pair(partial(self._engine.pair, self._instance, self._phone))

    def _pair(self, work: Callable[[], PairingView]) -> None:
        self._waits.begun = self._now()

        def done(pairing: PairingView) -> None:
            self._keep(pairing)
            if pairing.problem and self._wish.asks_phone and not pairing.digits:
                self._say(Note(Kind.BAD, "Sem código", pairing.problem))
            else:
                self._wish = replace(self._wish, asks_phone=False)

        def failed(error: IntegratorError) -> None:
            # An engine that is away comes back, and the code is asked for again then.
            self._wish = replace(self._wish, waiting=self._wish.asks_phone or not error.permanent)

        self._do(words.PREPARING, 15, work, done, failed)

    def _unpair(self, text: str, work: Callable[[], PairingView], note: Note | None = None) -> None:
        def done(pairing: PairingView) -> None:
            self._wish = Wish()
            self._keep(pairing)
            self._note = note

        self._do(text, 15, work, done)

    def _do(
        self,
        text: str,
        lasts: int,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[IntegratorError], object] = lambda _: None,
    ) -> None:
        """One thing at a time."""
        if self._busy is not None:
            return
        self._next_turn()
        turn = self._turn
        self._busy, self._note = Busy(text, self._now(), lasts), None

        def ended(then: Callable[[], object]) -> None:
            if turn == self._turn:
                self._busy = None
                then()
                self._pace.done(self._now())
                self._tell()

        def not_done(error: IntegratorError) -> None:
            self._say(Note(Kind.BAD, error.title, error.message))
            failed(error)

        self._loop.background(
            work, lambda found: ended(lambda: done(found)), lambda error: ended(lambda: not_done(error))
        )
        self._tell()

    def _heard(self, turn: int, answer: Answer) -> None:
        if turn != self._turn:
            return
        self._polling = False
        now = self._now()
        self._met = self._met and answer.instance == self._instance
        self._instance = answer.instance
        known = answer.pairing
        self._seen = Seen(answer.view, known, answer.refused)
        if answer.view.reach is not Reach.RUNNING or answer.refused is not None:
            self._pace.missed(now)
        else:
            self._pace.heard(now, moving=known is not None and known.state in _WAITS, afresh=answer.afresh)
        if known is not None:
            self._keep(known)
            self._go_on(known, now)
        self._tell()

    def _defect(self, turn: int, error: IntegratorError) -> None:
        if turn == self._turn:
            self._polling = False
            self._pace.missed(self._now())
            self._seen = replace(self._seen, refused=NumberWords("bad", error.title, error.message))
            self._tell()

    def _keep(self, pairing: PairingView) -> None:
        """Remember it; what the person was doing ends where it has come about or cannot be."""
        before = self._seen.pairing
        self._seen = replace(self._seen, pairing=pairing, refused=None)
        if pairing.state not in _WAITS:
            self._wish = Wish(leaving=self._wish.leaving and bool(pairing.number))
        if before is None or before.state is not pairing.state:
            self._pace.view_due = datetime.min  # the list of the numbers says the same at once
        if isinstance(self.stage, Paired) and not self._knows_test:
            self._knows_test = True
            self._loop.background(self._engine.test_number, self._heard_test, lambda _: None)

    def _go_on(self, pairing: PairingView, now: datetime) -> None:
        """A number that nobody has connected shows its code at once; a code that ran out is followed by another."""
        met, self._met = self._met, True
        idle = pairing.state is _S.NEEDS_PAIRING and pairing.code is None and not pairing.digits
        if not idle or self._wish.asks_phone:
            return
        if not met:
            self._wait()
        elif self._wish.waiting:
            match self._waits.patience(now):
                case Patience.OVER:
                    self._wish = Wish(expired=True)
                case Patience.AGAIN:
                    self._pair(partial(self._engine.pair, self._instance, self._phone))
                case Patience.STAY:
                    pass

    def _heard_test(self, phone: str) -> None:
        self._test_phone = phone
        self._tell()

    def _next_turn(self) -> None:
        self._turn += 1
        self._busy, self._polling = None, False

    def _say(self, note: Note) -> None:
        self._note = note

    def _tell(self) -> None:
        view, pairing = self._seen.view, self._seen.pairing
        numbers = view.numbers if view is not None else ()
        self._show(Shown(self.stage, numbers, self._instance, pairing, self._busy, self._note, self._test_phone))

"""One message through the worker: asked, named, written down, let go, answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrator.domain.message import Part, PartKind
from integrator.domain.outcome import Outcome, Rejected
from integrator.gateways.embedded import outcomes
from integrator.gateways.embedded.child import Child, Reply, Talk, WorkerGone, WorkerSilent
from integrator.gateways.embedded.gate import UNSENT
from integrator.gateways.embedded.protocol import Allow, Answer, Assigned, SendFile, SendText
from integrator.sending.gateway import Assigned as TellId

_CAPTION_UNITS: Final = 1024
_CONTENT_S: Final = 240.0
#: A worker that takes nothing any more is ending, and how it ended may prove that the message did not leave.
_EXIT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Post:
    """A part, to whom it goes (E.164 digits), and who is told its id before it leaves."""

    to: str
    part: Part
    tell_id: TellId


def unsendable(part: Part) -> Rejected | None:
    """Why WhatsApp would not take this part, before it is asked."""
    if part.template is not None:
        return Rejected("O motor embutido não envia modelos da Meta. Envie por um número do motor oficial.")
    if len(part.caption.encode("utf-16-le")) // 2 > _CAPTION_UNITS:
        return Rejected(
            f"A legenda do arquivo passa de {_CAPTION_UNITS} caracteres, o máximo do WhatsApp. Encurte o modelo."
        )
    return None


class Sending:
    """Posts by one worker. ``answer_s`` is how long WhatsApp's answer is waited for; ``replace`` starts another worker.

    One message at a time: the caller sees to it.
    """

    def __init__(self, child: Child, replace: Callable[[], None], now: Callable[[], datetime], answer_s: float) -> None:
        self._child = child
        self._replace = replace
        self._now = now
        self._answer_s = answer_s

    def post(self, post: Post) -> Outcome:
        """What became of it. Raises what ``tell_id`` raises, and then nothing left."""
        try:
            talk = self._child.ask(lambda number: _request(number, post))
        except WorkerGone as error:
            return outcomes.never_left(str(error))
        try:
            return self._converse(talk, post)
        finally:
            talk.close()

    def _converse(self, talk: Talk, post: Post) -> Outcome:
        try:
            reply = talk.next(_CONTENT_S)
        except (WorkerGone, WorkerSilent) as error:
            self._replace()
            return outcomes.never_left(str(error))
        if not isinstance(reply, Assigned):
            return self._outcome(reply, post, released=False)
        try:
            post.tell_id(reply.message_id)
        except BaseException:
            self._child.kill()  # it holds the message back and must not get a chance to let it go
            raise
        return self._release(talk, post)

    def _release(self, talk: Talk, post: Post) -> Outcome:
        try:
            self._child.post(Allow(talk.number))
            return self._outcome(talk.next(self._answer_s), post, released=True)
        except WorkerGone as error:
            if self._child.ended.wait(_EXIT_S) and self._child.exit_code == UNSENT:
                return outcomes.never_left("the worker had waited too long for the id to be written down")
            return outcomes.in_doubt(str(error))
        except WorkerSilent as error:
            self._replace()
            return outcomes.unanswered(self._answer_s, str(error))

    def _outcome(self, reply: Reply, post: Post, *, released: bool) -> Outcome:
        if isinstance(reply, Answer):
            return outcomes.of_answer(reply, post.to, released=released, now=self._now())
        return outcomes.in_doubt(f"{type(reply).__name__} instead of an answer")


def _request(number: int, post: Post) -> SendText | SendFile:
    part = post.part
    if part.kind is PartKind.DOCUMENT:
        return SendFile(number, post.to, part.file_name, part.mime, part.caption, part.content)
    return SendText(number, post.to, part.content.decode("utf-8"))

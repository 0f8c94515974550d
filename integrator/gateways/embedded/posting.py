"""What the daemon asks of a connected session, carried out by the library. Lives in the worker."""

from __future__ import annotations

from typing import Any

from integrator.gateways.embedded import translation
from integrator.gateways.embedded.gate import Gate
from integrator.gateways.embedded.listening import Listening
from integrator.gateways.embedded.native import CallFailed, Native
from integrator.gateways.embedded.protocol import Answer, Checked, Digits, Done, Failure, SendFile, SendText
from integrator.gateways.embedded.wire import without_numbers

_NOT_CONNECTED = "not connected"


class Posting:
    """One request at a time, each answered; the library's refusals are answers, too."""

    def __init__(self, native: Native, gate: Gate, listening: Listening) -> None:
        self._native = native
        self._gate = gate
        self._listening = listening

    def digits(self, request: int, phone: str) -> Digits:
        """A pair code, once codes are shown."""
        if not self._listening.codes:
            return Digits(request, detail="no code is shown")
        try:
            return Digits(request, self._native.pair_code(phone).replace("-", ""))
        except CallFailed as error:
            return Digits(request, detail=_words(error))

    def check(self, request: int, numbers: tuple[str, ...]) -> Checked:
        """The forms under which WhatsApp keeps these numbers."""
        if not self._listening.ready:
            return Checked(request, detail=_NOT_CONNECTED)
        try:
            found = self._native.on_whatsapp(" ".join(f"+{number}" for number in numbers))
        except CallFailed as error:
            return Checked(request, detail=_words(error))
        known = {each.Query.lstrip("+"): self._phone(each.JID) for each in found if each.IsIn}
        return Checked(request, tuple(known.get(number, "") for number in numbers))

    def send(self, request: SendText | SendFile) -> Answer:
        """Post once; before it leaves, the gate waits for the daemon."""
        if not self._listening.ready:
            return Answer(request.id, failure=Failure.NOT_READY.value, detail=_NOT_CONNECTED)
        try:
            message = self._composed(request)
        except CallFailed as error:
            return Answer(request.id, failure=Failure.UPLOAD.value, detail=_words(error))
        self._gate.begin(request.id)
        try:
            return Answer(request.id, self._native.send(self._native.jid(request.to), message))
        except CallFailed as error:
            failure = translation.failure_of(str(error))
            return Answer(request.id, failure=failure.value, detail=_words(error))
        finally:
            self._gate.finish()

    def log_out(self, request: int) -> Done:
        """Unlink this device from the phone."""
        if not self._listening.ready:
            return Done(request, _NOT_CONNECTED)
        try:
            self._native.log_out()
        except CallFailed as error:
            return Done(request, _words(error))
        self._listening.ready = False
        return Done(request)

    def _phone(self, jid: Any) -> str:
        return str(jid.User) if jid.Server == translation.PHONE_SERVER else self._native.phone_of(jid)

    def _composed(self, request: SendText | SendFile) -> Any:
        e2e = self._native.e2e
        if isinstance(request, SendText):
            # Never as a linked or formatted text: an e-mail that is a PIX key would become a mention.
            return e2e.Message(conversation=request.text)
        stored = self._native.upload(request.content)
        return e2e.Message(
            documentMessage=e2e.DocumentMessage(
                URL=stored.url,
                directPath=stored.DirectPath,
                mediaKey=stored.MediaKey,
                fileEncSHA256=stored.FileEncSHA256,
                fileSHA256=stored.FileSHA256,
                fileLength=stored.FileLength,
                mimetype=request.mime,
                fileName=request.file_name,
                title=request.file_name,
                caption=request.caption or None,
            )
        )


def _words(error: CallFailed) -> str:
    return without_numbers(str(error))

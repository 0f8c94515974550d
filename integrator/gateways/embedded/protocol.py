"""What daemon and worker say to each other; :mod:`.wire` puts it into lines.

Nothing here is about one library: a worker around another engine would speak the same. :mod:`.worker` answers,
:mod:`.child` asks. What belongs to customers is in no ``repr``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

#: Of this protocol; a worker that speaks another is not used.
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Start:
    """Connect with the session in ``folder``; without one, show codes for a phone to read."""

    folder: str
    proxy: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AskDigits:
    """A pair code for that phone, while codes are shown. Answered by :class:`Digits`."""

    id: int
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    """Which of these numbers have WhatsApp. Answered by :class:`Checked`."""

    id: int
    numbers: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendText:
    """Post a text. Answered by :class:`Assigned`, then, after :class:`Allow`, by :class:`Answer`."""

    id: int
    to: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendFile:
    """Post a file, with a caption or none. Answered as :class:`SendText`."""

    id: int
    to: str = field(repr=False)
    file_name: str = field(repr=False)
    mime: str
    caption: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Allow:
    """The id of that post is on the disk: it may leave."""

    id: int


@dataclass(frozen=True, slots=True)
class LogOut:
    """Unlink this device from the phone. Answered by :class:`Done`."""

    id: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Answered at once by :class:`Pong`, whatever else goes on."""

    id: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End now. The end of the input means the same."""


Request = Start | AskDigits | Check | SendText | SendFile | Allow | LogOut | Ping | Stop


class Failure(StrEnum):
    """Why a post was not accepted, in no library's words."""

    NO_WHATSAPP = "sem_whatsapp"
    REFUSED = "recusada"
    RESTRICTED = "restrito"
    TOO_FAST = "depressa_demais"
    UPLOAD = "arquivo_nao_subiu"
    NOT_READY = "sem_conexao"
    SERVER_BUSY = "servidor_ocupado"
    NO_ANSWER = "sem_resposta"
    OTHER = "outra"


class End(StrEnum):
    """Why a worker ended by itself."""

    OFFLINE = "sem_rede"
    CODE_EXPIRED = "codigo_venceu"
    DEAF = "surdo"  # still connected, but its news no longer arrive
    NO_LIBRARY = "sem_biblioteca"
    IN_USE = "em_uso"
    FAULT = "defeito"


@dataclass(frozen=True, slots=True)
class Hello:
    """First line of a worker: the protocol that it speaks and the library that it uses."""

    version: int
    library: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """The number's :class:`~integrator.sending.gateway.GatewayState`; ``seconds``: until it ends by itself, or 0."""

    state: str
    number: str = field(default="", repr=False)
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What the account calls itself, as it wrote it; empty when that is not known."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a phone may read during the next ``seconds``."""

    text: str = field(repr=False)
    seconds: float


@dataclass(frozen=True, slots=True)
class Digits:
    """The pair code to type on the phone; empty, with ``detail``, when there is none."""

    id: int
    digits: str = field(default="", repr=False)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """For each number asked, in that order, the form that WhatsApp uses, or nothing. ``detail``: could not be asked."""

    id: int
    canonical: tuple[str, ...] = field(default=(), repr=False)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The post will leave under that id as soon as it is allowed; otherwise the worker ends and it never leaves."""

    id: int
    message_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a post: accepted when ``failure`` (a :class:`Failure`) is empty."""

    id: int
    message_id: str = ""
    failure: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A :class:`LogOut` was carried out, or not when there is a ``detail``."""

    id: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Receipt of messages; ``kind`` is a :class:`~integrator.sending.gateway.ReceiptKind`, ``at`` Unix seconds."""

    message_ids: tuple[str, ...]
    kind: str
    at: float


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote; ``sender`` in E.164 digits, ``at`` Unix seconds."""

    message_id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    at: float
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pong:
    """The worker lives. ``nameless``: how many messages it dropped because nobody could tell whose number it was."""

    id: int
    nameless: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """Last line: ``why`` is an :class:`End`."""

    why: str
    detail: str = ""


News = Hello | Situation | Named | Scan | Digits | Checked | Assigned | Answer | Done | Told | Written | Pong | Ended

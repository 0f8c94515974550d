"""The files of a message: block documents, boletos and what the ERP attached, in the order in which they are posted.

What only a document needs is loaded with the first one: a daemon that waits is smaller without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from integrator.documents.files import check_attachment
from integrator.documents.names import boleto_file_names, boletos_file_name, carne_file_name, unique_names
from integrator.domain.errors import DocumentError
from integrator.domain.message import Attachment, Message, Title
from integrator.messages.catalogue import Situation, Subject
from integrator.messages.formatting import format_list
from integrator.messages.schema import Values
from integrator.messages.values import Enclosed, Parties, message_values
from integrator.sending.policy import AGREEMENT, STATEMENT, ComposePolicy
from integrator.sending.shape import Bubble
from integrator.settings.contents import SeveralBoletos
from integrator.settings.problems import DocumentModelError

if TYPE_CHECKING:
    from integrator.documents.blocks.models import DocumentModel, Models

PDF = "application/pdf"
BOLETO = "boleto"
#: Only ever attached by the ERP: a fiscal document is not ours to draw.
NOTA = "nota"
#: More bubbles than this in one go look like spam; the statement lists every title all the same.
MAX_BOLETOS = 10
#: In one file they are pages, not bubbles.
MAX_BOLETOS_IN_FILE = 60
#: What an ERP may call the PDF of its own document, besides the document's name.
_OWN_DOCUMENT = frozenset({"documento", "pdf", ""})


@dataclass(frozen=True, slots=True)
class Row:
    """What the files of one message are made from: ``message`` has the chosen titles only, ``whole`` all of them.

    ``models`` are the block documents to use for a kind where they are not those of the kind's own name.
    """

    message: Message
    whole: Message
    situation: Situation | None
    parties: Parties
    models: dict[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class _File:
    """``debts``: it tells what somebody owes, so that a password may close it. ``title_ref``: the title it is of."""

    kind: str
    name: str
    mime: str
    content: bytes
    title_ref: str = ""
    debts: bool = False


class Enclosures:
    """Makes the files of messages by a policy."""

    def __init__(self, policy: ComposePolicy) -> None:
        self._policy = policy
        self._models: Models | None = None

    def make(self, row: Row) -> tuple[list[Bubble], Enclosed]:
        """Every file in its order, and what the text may say about them. Raises :class:`MessageError`."""
        attached = self._attached(row)
        chosen = self._chosen(row)
        documents = self._documents(row, chosen, attached)
        titles = self._to_draw(row.message.titles, attached) if BOLETO in chosen else []
        own = [file for file in attached if file.kind == BOLETO]
        others = [file for file in attached if file.kind != BOLETO]
        files = [*documents, *self._boletos(row.message, titles, own), *others]
        kinds = [file.kind for file in (*documents, *others)]
        enclosed = Enclosed(
            boletos=len(titles) + len(own),
            statement=STATEMENT in kinds,
            pix=any(title.pix for title in titles),
            documents=sum(kind != STATEMENT for kind in kinds),
        )
        return self._closed(files, row.message, enclosed)

    def _attached(self, row: Row) -> list[_File]:
        """The ERP's files, checked; those that nobody may pay by stay behind."""
        left_out = _not_payable(row)
        return [
            self._checked(item, collects=row.situation is not None and row.situation.collects)
            for item in row.whole.attachments
            if item.title_ref not in left_out or (_settled(row) and item.kind != BOLETO)
        ]

    def _checked(self, item: Attachment, *, collects: bool) -> _File:
        """One file of the ERP's. In a collection each may tell the debt, whatever the ERP calls it."""
        file = check_attachment(item, self._policy.allowed_folders, self._policy.max_file_bytes)
        debts = collects or item.kind in (BOLETO, STATEMENT, AGREEMENT)
        return _File(item.kind, file.file_name, file.mime, file.content, item.title_ref, debts)

    def _chosen(self, row: Row) -> tuple[str, ...]:
        """The kinds of documents that the shop wants with this situation."""
        if row.situation is None:
            return ()
        chosen = self._policy.choices.of(row.situation).documents
        return row.situation.documents if chosen is None else chosen

    # -- block documents --------------------------------------------------------------------------------------------

    def _documents(self, row: Row, chosen: Sequence[str], attached: Sequence[_File]) -> list[_File]:
        """The block documents that the ERP did not attach itself."""
        not_wanted = {BOLETO, NOTA} | (set() if self._policy.draw_statement else {STATEMENT})
        wanted = [kind for kind in chosen if kind not in not_wanted and not _came(kind, attached)]
        if not wanted:
            return []
        values = message_values(row.message, row.now, Enclosed(), situation=row.situation, parties=row.parties)
        drawn = [self._document(row, kind, values) for kind in wanted]
        return [file for file in drawn if file is not None]

    def _document(self, row: Row, kind: str, values: Values) -> _File | None:
        """The document, or None where the row does not bring what it is about and the shop did not insist on it."""
        model = self._model(row.models.get(kind, kind))
        lacking = [name for name in model.needs if not values.get(name)]
        insisted = row.situation is not None and self._policy.choices.of(row.situation).documents is not None
        if lacking and insisted:
            raise DocumentError(
                f"O documento “{model.title}” precisa de {format_list(lacking)}, que a mensagem não traz. Inclua no "
                "ERP e libere a mensagem."
            )
        if lacking:
            return None
        from integrator.documents.blocks.draw import document_file_name, draw_document
        from integrator.documents.blocks.model import Look

        look = Look(self._policy.colour)
        content = draw_document(model, row.message.company, values, seed=row.message.seed, look=look)
        name = document_file_name(model, values, row.now.date())
        return _File(kind, name, PDF, content, debts=model.collects)

    def _model(self, name: str) -> DocumentModel:
        """The block document, which somebody may have spoilt while the program runs."""
        from integrator.documents.blocks.models import Models

        if self._models is None:
            self._models = Models(self._policy.models_folder)
        try:
            return self._models.get(name)
        except DocumentModelError as error:
            raise DocumentError(error.message, detail=error.detail) from error

    # -- boletos ----------------------------------------------------------------------------------------------------

    def _to_draw(self, titles: Sequence[Title], attached: Sequence[_File]) -> list[Title]:
        """The titles whose boleto we draw: those that the ERP did not send as a file."""
        came = {file.title_ref for file in attached if file.kind == BOLETO}
        if not self._policy.draw_boleto or "" in came:
            return []
        found = [title for title in titles if title.has_boleto and title.ref not in came]
        one_each = self._policy.several_boletos is SeveralBoletos.ONE_EACH
        return found[: MAX_BOLETOS if one_each else MAX_BOLETOS_IN_FILE]

    def _boletos(self, message: Message, titles: Sequence[Title], own: Sequence[_File]) -> list[_File]:
        """The boletos as the shop wants several: one file each, all in one, or as a carnê.

        What cannot be put together (a protected file of the ERP's, a text too long for a carnê's slip) goes one each.
        """
        how = self._policy.several_boletos
        if how is SeveralBoletos.CARNE and len(titles) > 1:
            with suppress(DocumentError):
                return [_carne(message, titles), *own]
        from integrator.documents.boleto import draw_boleto

        drawn = zip(boleto_file_names(titles), titles, strict=True)
        files = [_boleto(name, draw_boleto(message.company, message.customer, title)) for name, title in drawn] + [*own]
        if how is SeveralBoletos.ONE_FILE and len(files) > 1 and all(file.mime == PDF for file in files):
            with suppress(DocumentError):
                return [_merged(_together(message, titles, own), files)]
        return files

    # -- names and passwords ----------------------------------------------------------------------------------------

    def _closed(self, files: list[_File], message: Message, enclosed: Enclosed) -> tuple[list[Bubble], Enclosed]:
        """The files under names of their own, those with debts behind a password where the shop wants one."""
        names = unique_names([file.name for file in files])
        bubbles = [Bubble(name, file.mime, file.content) for name, file in zip(names, files, strict=True)]
        closed = [file.debts and file.mime == PDF for file in files]
        if not self._policy.password_digits or not any(closed):
            return bubbles, enclosed
        from integrator.documents.protect import password_hint, password_of, protect

        who, digits = message.customer.tax_id, self._policy.password_digits
        password = password_of(who, digits)
        protected = [
            replace(bubble, content=protect(bubble.content, password)) if secret else bubble
            for bubble, secret in zip(bubbles, closed, strict=True)
        ]
        return protected, replace(enclosed, password=password_hint(who, digits))


def _boleto(name: str, content: bytes) -> _File:
    return _File(BOLETO, name, PDF, content, debts=True)


def _carne(message: Message, titles: Sequence[Title]) -> _File:
    from integrator.documents.carne import draw_carne

    return _boleto(carne_file_name(titles), draw_carne(message.company, message.customer, titles))


def _merged(name: str, files: Sequence[_File]) -> _File:
    from integrator.documents.bundle import merge_pdfs

    return _boleto(name, merge_pdfs([file.content for file in files]))


def _together(message: Message, drawn: Sequence[Title], own: Sequence[_File]) -> str:
    """The name of one file with the boletos drawn and the ERP's; without amounts where a title is unknown."""
    refs = {title.ref for title in drawn} | {file.title_ref for file in own}
    titles = [title for title in message.titles if title.ref in refs]
    return boletos_file_name(titles) if len(titles) == len(drawn) + len(own) else "boletos.pdf"


def _came(kind: str, attached: Sequence[_File]) -> bool:
    """Whether the ERP attached that document itself."""
    known = {kind} if kind == STATEMENT else {kind, *_OWN_DOCUMENT}
    return any(file.kind in known for file in attached)


def _settled(row: Row) -> bool:
    return row.situation is not None and row.situation.subject is Subject.SETTLED_TITLES


def _not_payable(row: Row) -> set[str]:
    """References of titles whose own files must not go: paid since, or their boleto is not to be paid as it is."""
    kept = {title.ref: title for title in row.message.titles}
    return {
        title.ref
        for title in row.whole.titles
        if title.ref
        and (
            title.ref not in kept
            or (title.has_boleto and not kept[title.ref].has_boleto)
            or (title.payable_until is not None and title.payable_until < row.now.date())
        )
    }

"""The one tree of errors.

::

    IntegratorError                  title + message for a person (Portuguese), detail for the log, permanent or not
    ├── SettingsError                config.toml or the environment is wrong
    ├── ErpDatabaseError             something with the ERP's database
    │   ├── DatabaseUnavailable      unreachable, restarting or shut for maintenance: try again later
    │   ├── DatabaseRefused          login, file or permission: a person must act
    │   ├── RowLocked                another transaction holds the row: try again later
    │   └── SchemaError              the contract is missing, older, newer or damaged
    ├── MessageError                 this row cannot be sent as it is: it is held with the reason
    │   ├── TemplateError            the text does not parse or names what does not exist
    │   ├── MissingValue             a variable of the text has no value
    │   ├── PhoneError               no usable phone
    │   ├── DigitsError              boleto, arrecadação or BR Code digits that disagree
    │   └── DocumentError            an attachment or a document that cannot go
    ├── GatewayError                 the WhatsApp engine is out of reach or misconfigured
    ├── JournalError                 the local journal cannot be trusted: sending stops
    ├── AlreadyRunning               another integrator holds this data folder
    └── IllegalTransition            a bug: an edge that the life cycle does not have
"""

from __future__ import annotations

from enum import StrEnum

from integrator.domain.fault import Fault


class Remedy(StrEnum):
    """What an error of the database asks for."""

    RETRY = "tentar de novo"  # by itself, at growing intervals
    WAIT = "aguardar"  # somebody works on the database on purpose: look again now and then
    ASK = "chamar alguém"  # only a person can mend it
    BUG = "defeito"  # of the program: tell the support


class IntegratorError(Exception):
    """Base of all errors the program raises on purpose.

    ``message`` says in Portuguese what happened, why and what to do; ``detail`` is technical and goes to the log only.
    ``fault`` is what surfaces with words of their own go by, where the message is one of the command line.
    """

    title = "Algo deu errado"
    permanent = True

    def __init__(self, message: str, *, detail: str = "", fault: Fault | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.fault = fault


class SettingsError(IntegratorError):
    """A setting is missing or invalid."""

    title = "Configuração inválida"


class ErpDatabaseError(IntegratorError):
    """Something about the ERP's Firebird database; ``remedy`` says who mends it."""

    title = "Banco de dados do ERP"
    remedy = Remedy.BUG


class DatabaseUnavailable(ErpDatabaseError):
    """The database cannot be reached now: connection lost, server restarting, shut for maintenance. Retried."""

    title = "Banco de dados fora do ar"
    permanent = False
    remedy = Remedy.RETRY

    def __init__(
        self, message: str, *, detail: str = "", fault: Fault | None = None, remedy: Remedy = Remedy.RETRY
    ) -> None:
        super().__init__(message, detail=detail, fault=fault)
        self.remedy = remedy


class DatabaseRefused(ErpDatabaseError):
    """Wrong login, missing file or missing grant: only a person can mend it."""

    title = "O banco de dados recusou o acesso"
    remedy = Remedy.ASK


class RowLocked(ErpDatabaseError):
    """Another transaction, mostly the ERP's closing, holds the row; already retried for a moment."""

    permanent = False
    remedy = Remedy.RETRY


class SchemaError(ErpDatabaseError):
    """The contract's tables are missing, incomplete, or newer than this program."""

    title = "As tabelas do integrador precisam de atenção"
    remedy = Remedy.ASK


class MessageError(IntegratorError):
    """This message cannot be sent as it is; its row is held with ``message`` as the reason."""

    title = "Mensagem retida"
    code = "mensagem"


class TemplateError(MessageError):
    """The text of the message does not parse, or names a variable or filter that does not exist."""

    code = "texto"


class MissingValue(MessageError):
    """A variable that the text needs has no value."""

    code = "variavel"


class PhoneError(MessageError):
    """None of the row's phones can receive a message."""

    code = "telefone"


class DigitsError(MessageError):
    """The digits of a boleto, arrecadação or BR Code are wrong or disagree with the title."""

    code = "boleto"


class DocumentError(MessageError):
    """An attachment or a document of the message cannot be sent."""

    code = "documento"


class GatewayError(IntegratorError):
    """The WhatsApp engine cannot be used now."""

    title = "WhatsApp indisponível"
    permanent = False


class JournalError(IntegratorError):
    """The local journal cannot be read or written: nothing may be sent without it."""

    title = "Diário de envios indisponível"


class AlreadyRunning(IntegratorError):
    """Another integrator is running with the same data folder."""

    title = "O integrador já está em execução"


class IllegalTransition(IntegratorError):
    """The life cycle has no such edge: a bug, never a user's fault."""

    title = "Transição inválida"

    def __init__(self, origin: str, target: str) -> None:
        super().__init__(f"Uma mensagem {origin} não pode passar a {target}.", detail=f"{origin} -> {target}")

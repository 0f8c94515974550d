"""The sections of ``config.toml``: one model each, keys in Portuguese for the technician, attributes in English.

:class:`integrator.settings.Settings` puts them together and loads them; ``config.example.toml`` explains every key.
A validator's ``ValueError`` carries the Portuguese sentence that people read.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from pathlib import Path, PureWindowsPath
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from integrator.domain.calendar import UFS
from integrator.domain.errors import PhoneError
from integrator.domain.phone import AREA_CODES, parse_phones
from integrator.secrets import DATABASE_PASSWORD

_SAFE_GAP_S = 20


def key(name: str, default: Any, **limits: Any) -> Any:
    """A field read from the TOML key ``name``."""
    return Field(default=default, validation_alias=name, **limits)


def _integer(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("escreva um número inteiro, sem aspas")
    return value


def _flag(value: object) -> object:
    words = {"sim": True, "não": False, "nao": False}
    return words.get(value.strip().lower(), value) if isinstance(value, str) else value


def _uf(value: object) -> object:
    uf = value.strip().upper() if isinstance(value, str) else value
    if uf == "" or uf in UFS:
        return uf
    raise ValueError(f"“{value}” não é a sigla de um estado: escreva por exemplo SC, ou deixe vazio")


def _phone(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        return value
    try:
        return parse_phones(value)[0].e164
    except PhoneError as error:
        raise ValueError(f"“{value}” não é um celular com DDD") from error


def _area(value: object) -> object:
    if value == "" or (isinstance(value, str) and value in AREA_CODES):
        return value
    raise ValueError(f'“{value}” não é um DDD: escreva por exemplo "49", ou deixe vazio')


def _instance(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[^\s/\\:*?\"<>|.][^/\\:*?\"<>|]{0,39}", value.strip()):
        raise ValueError('use de 1 a 40 letras, sem / \\ : * ? " < > | e sem ponto no começo')
    try:
        value.encode("cp1252")  # the charset of the queue's columns
    except UnicodeEncodeError as error:
        raise ValueError(f"a fila não sabe escrever “{value[error.start]}”") from None
    return value


def _meta_id(value: object) -> object:
    if not isinstance(value, str) or re.fullmatch(r"\d{0,30}", value.strip()):
        return value
    raise ValueError(f"“{value}” não é um identificador da Meta: são só algarismos")


def _address(value: object) -> object:
    if not isinstance(value, str) or not value or re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        return value
    raise ValueError(f"“{value}” não é um endereço: escreva por exemplo http://srv01:8080")


def _folder(value: object) -> object:
    if isinstance(value, str) and not (Path(value).is_absolute() or PureWindowsPath(value).is_absolute()):
        raise ValueError(f"“{value}” não é um caminho completo: escreva desde a raiz, por exemplo 'D:\\S4\\BOLETOS'")
    return value


Integer = Annotated[int, BeforeValidator(_integer)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Uf = Annotated[str, BeforeValidator(_uf)]
Phone = Annotated[str, BeforeValidator(_phone)]
AreaCode = Annotated[str, BeforeValidator(_area)]
InstanceName = Annotated[str, BeforeValidator(_instance)]
MetaId = Annotated[str, BeforeValidator(_meta_id)]
Address = Annotated[str, BeforeValidator(_address)]
Folder = Annotated[Path, BeforeValidator(_folder)]


class Section(BaseModel):
    """A table of ``config.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, str_strip_whitespace=True)


_DATABASE_NAME = r"[a-z][a-z0-9_]{0,19}"


class DatabaseSettings(Section):
    """``[banco]``: the ERP's Firebird. The password is never here (:mod:`integrator.secrets`)."""

    name: str = key("nome", "principal", pattern=f"^{_DATABASE_NAME}$")
    server: str = key("servidor", "localhost")
    port: Integer = key("porta", 3050, ge=1, le=65535)
    path: str = key("caminho", "")
    user: str = key("usuario", "SYSDBA", min_length=1)
    client_library: str = key("cliente", "")
    role: str = key("papel", "")

    @property
    def secret(self) -> str:
        """The name of its password in :mod:`integrator.secrets`."""
        return DATABASE_PASSWORD


class OtherDatabaseSettings(DatabaseSettings):
    """``[[outros_bancos]]``: one more company's database, with a queue of its own.

    An empty ``instance`` sends from the number of ``[whatsapp]``; an empty ``profile`` means that its ERP fills the
    queue itself.
    """

    name: str = key("nome", ..., pattern=f"^{_DATABASE_NAME}$")
    path: str = key("caminho", ..., min_length=1)
    instance: str = key("instancia", "")
    profile: str = key("perfil", "")

    @property
    def secret(self) -> str:
        return f"{DATABASE_PASSWORD}_{self.name}"


class DebtsToSend(StrEnum):
    """Which debt notices go out (S26)."""

    BOTH = "ambos"
    OVERDUE = "vencidos"
    UPCOMING = "a_vencer"


class SendingSettings(Section):
    """``[envio]``: pace and limits of one number."""

    gap_min_s: Integer = key("intervalo_min_s", 60, ge=0, le=3600)
    gap_max_s: Integer = key("intervalo_max_s", 120, ge=0, le=3600)
    daily_max: Integer = key("maximo_por_dia", 400, ge=1, le=5000)
    batch_size: Integer = key("lote", 0, ge=0, le=1000)
    batch_pause_min: Integer = key("pausa_entre_lotes_min", 15, ge=0, le=1440)
    debts: DebtsToSend = key("enviar", DebtsToSend.BOTH)
    debt_max_days: Integer = key("dias_max_debito", 1825, ge=1, le=36500)
    max_attempts: Integer = key("tentativas_max", 5, ge=1, le=50)
    part_gap_min_s: Integer = key("entre_partes_min_s", 2, ge=0, le=60)
    part_gap_max_s: Integer = key("entre_partes_max_s", 5, ge=0, le=60)

    @model_validator(mode="after")
    def _gaps_make_sense(self) -> Self:
        if self.gap_min_s < _SAFE_GAP_S:
            raise ValueError(
                f"intervalo_min_s = {self.gap_min_s} é pouco: com menos de {_SAFE_GAP_S} segundos entre mensagens o "
                "WhatsApp costuma banir o número. Use 60 ou mais"
            )
        for low, high, names in (
            (self.gap_min_s, self.gap_max_s, "intervalo_min_s e intervalo_max_s"),
            (self.part_gap_min_s, self.part_gap_max_s, "entre_partes_min_s e entre_partes_max_s"),
        ):
            if low > high:
                raise ValueError(f"{names}: o mínimo ({low}) está maior que o máximo ({high}). Troque os dois")
        return self

    @property
    def mean_gap_s(self) -> float:
        """Average gap between messages, for a forecast."""
        return (self.gap_min_s + self.gap_max_s) / 2


class Engine(StrEnum):
    """WhatsApp engines that can be configured."""

    EMBEDDED = "embutido"
    EVOLUTION = "evolution"
    CLOUD_API = "oficial"
    SIMULATOR = "simulador"


class Replies(StrEnum):
    """What becomes of messages that people write to the number (S31)."""

    IGNORE = "ignorar"
    ANSWER = "responder"
    FORWARD = "encaminhar"


class NumberSettings(Section):
    """What is said of one sender number, in ``[whatsapp]`` and in each ``[[outros_numeros]]``.

    ``phone`` is the number that is to be paired (E04), compared with the one that is. ``modules``: the modules whose
    messages leave by it (A07); none: all that no other number claims. Caps are contacts per day (B07). Addresses and
    ids of the servers are here; tokens are in :mod:`integrator.secrets` under :meth:`secret`.
    """

    engine: Engine = key("motor", Engine.EMBEDDED)
    instance: InstanceName = key("instancia", "principal")
    phone: Phone = key("celular", "")
    modules: tuple[str, ...] = key("modulos", ())
    known_cap: Integer = key("maximo_conhecidos", 400, ge=0, le=5000)
    cold_cap: Integer = key("maximo_novos", 150, ge=0, le=2000)
    failures_to_stop: Integer = key("parar_apos_falhas", 5, ge=1, le=100)
    replies: Replies = key("respostas", Replies.IGNORE)
    reply_text: str = key("resposta_texto", "")
    reply_every_h: Integer = key("resposta_a_cada_h", 24, ge=1, le=720)
    forward_to: Phone = key("encaminhar_para", "")
    quiet_h: Integer = key("silencio_apos_conversa_h", 24, ge=0, le=720)
    proxy: Address = key("proxy", "")
    server: Address = key("servidor", "")
    webhook: Address = key("endereco_webhook", "")
    phone_id: MetaId = key("meta_numero_id", "")
    account_id: MetaId = key("meta_conta_id", "")
    app_id: MetaId = key("meta_app_id", "")

    @model_validator(mode="after")
    def _replies_have_what_they_need(self) -> Self:
        if self.replies is Replies.ANSWER and not self.reply_text:
            raise ValueError('respostas = "responder" precisa de um texto em resposta_texto')
        if self.replies is Replies.FORWARD and not self.forward_to:
            raise ValueError('respostas = "encaminhar" precisa de um celular em encaminhar_para')
        return self

    @model_validator(mode="after")
    def _engine_has_what_it_needs(self) -> Self:
        if self.engine is Engine.EVOLUTION and not self.server:
            raise ValueError('motor = "evolution" precisa do endereço da Evolution API em servidor')
        if self.engine is Engine.CLOUD_API and not self.phone_id:
            raise ValueError('motor = "oficial" precisa do identificador do número em meta_numero_id')
        return self

    @property
    def secret(self) -> str:
        """The name of its token in :mod:`integrator.secrets`: API key of Evolution, access token of Meta."""
        plain = unicodedata.normalize("NFKD", self.instance.lower())
        return "token_" + re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_")

    @property
    def app_secret(self) -> str:
        """The name of Meta's app secret in :mod:`integrator.secrets`, with which its webhooks are signed."""
        return f"{self.secret}_app"


class OtherNumberSettings(NumberSettings):
    """``[[outros_numeros]]``: one more sender number of the database ``database``."""

    instance: InstanceName = key("instancia", ...)
    database: str = key("banco", "", max_length=20)


class WhatsAppSettings(NumberSettings):
    """``[whatsapp]``: the first number, and the test number that can stand in for every customer."""

    default_area: AreaCode = key("ddd_padrao", "")
    test_number: Phone = key("numero_teste", "")
    redirect_all: Flag = key("redirecionar_tudo", False)
    mask_in_test: Flag = key("mascarar_no_teste", True)

    @model_validator(mode="after")
    def _redirection_has_a_target(self) -> Self:
        if self.redirect_all and not self.test_number:
            raise ValueError("redirecionar_tudo está ligado, mas falta o celular em numero_teste")
        return self


class QueueSettings(Section):
    """``[fila]``: lease of a reserved row, expiry of old rows, purge of attachments."""

    lease_s: Integer = key("reserva_s", 300, ge=120, le=3600)
    expire_days: Integer = key("expira_dias", 7, ge=1, le=365)
    purge_attachments_days: Integer = key("purga_anexos_dias", 90, ge=1, le=3650)


class LogLevel(StrEnum):
    """How much the log tells."""

    NORMAL = "normal"
    DETAILED = "detalhado"


class LogSettings(Section):
    """``[registro]``: daily log files."""

    level: LogLevel = key("nivel", LogLevel.NORMAL)
    days: Integer = key("dias", 30, ge=1, le=3650)


class CompanySettings(Section):
    """``[empresa]``: the shop's data, used where the ERP left ``WA_EMPRESA`` blank."""

    legal_name: str = key("razao_social", "")
    trade_name: str = key("nome_fantasia", "")
    tax_id: str = key("cnpj", "")
    street: str = key("endereco", "")
    district: str = key("bairro", "")
    city: str = key("cidade", "")
    state: Uf = key("uf", "")
    postal_code: str = key("cep", "")
    phone: str = key("telefone", "")
    mobile: str = key("celular", "")
    email: str = key("email", "")
    logo: str = key("logo", "")

"""What is asked of a number in its form: the keys of ``[whatsapp]`` and of each ``[[outros_numeros]]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from integrator.panel.settings_forms.fields import Field, Kind
from integrator.sending.number_words import engine_words
from integrator.settings.sections import Engine, Replies

WHATSAPP: Final = "whatsapp"
OTHERS: Final = "outros_numeros"
MODULES_KEY: Final = "modulos"

_ENGINE_OPTIONS: Final = tuple(
    (each.value, words[:1].upper() + words[1:]) for each in Engine for words in (engine_words(each.value),)
)
_REPLY_OPTIONS: Final = (
    (Replies.IGNORE.value, "só guardar no celular"),
    (Replies.ANSWER.value, "responder com um texto fixo"),
    (Replies.FORWARD.value, "encaminhar para um celular"),
)


def _f(key: str, label: str, kind: Kind = Kind.TEXT, help: str = "", unit: str = "") -> Field:
    return Field((WHATSAPP, key), label, kind, help, unit)


NAME: Final[tuple[Field, ...]] = (
    _f("instancia", "Nome do número", help="Só para vocês: Loja centro, Vendas. O ERP o vê em WA_INSTANCIA."),
    _f("celular", "Celular que deve ser conectado", Kind.PHONE, "Se outro celular ler o código, a página avisa."),
)
ENGINE: Final = Field((WHATSAPP, "motor"), "Como envia", Kind.CHOICE, options=_ENGINE_OPTIONS)
#: What only some engines are asked, in the order of the form.
OF_ENGINES: Final[tuple[tuple[frozenset[Engine], Field], ...]] = (
    (
        frozenset({Engine.EMBEDDED}),
        _f("proxy", "Proxy", help="Só se a rede da loja exigir um para chegar ao WhatsApp: http://srv01:3128"),
    ),
    (
        frozenset({Engine.EVOLUTION}),
        _f("servidor", "Endereço da Evolution API", help="Por exemplo http://127.0.0.1:8080"),
    ),
    (
        frozenset({Engine.CLOUD_API}),
        _f("meta_numero_id", "Identificador do número", help="Phone number ID: só algarismos."),
    ),
    (
        frozenset({Engine.CLOUD_API}),
        _f("meta_conta_id", "Identificador da conta", help="WhatsApp Business Account ID: para os modelos."),
    ),
    (
        frozenset({Engine.CLOUD_API}),
        _f("meta_app_id", "Identificador do aplicativo", help="App ID: para modelos com PDF."),
    ),
    (
        frozenset({Engine.EVOLUTION, Engine.CLOUD_API}),
        _f(
            "endereco_webhook",
            "Endereço deste painel para o servidor",
            help="Por onde a Evolution API ou a Meta (só por HTTPS) alcança este painel, sem o caminho. Vazio: o que "
            "as pessoas respondem não chega (nem SAIR) e, na Meta, também não se sabe o que foi entregue ou lido.",
        ),
    ),
)
CAPS: Final[tuple[Field, ...]] = (
    _f("maximo_conhecidos", "Contatos que já responderam", Kind.NUMBER, unit="por dia"),
    _f(
        "maximo_novos",
        "Contatos novos",
        Kind.NUMBER,
        "Um número novo começa com 20 por dia e sobe pela metade a cada dia de envio, até este limite.",
        "por dia",
    ),
    _f("parar_apos_falhas", "Parar depois de", Kind.NUMBER, "Até alguém olhar e retomar.", "falhas seguidas"),
)
REPLIES: Final[tuple[Field, ...]] = (
    Field(
        (WHATSAPP, "respostas"),
        "Quando alguém escreve",
        Kind.CHOICE,
        "SAIR, PARAR, VOLTAR, SIM e “número errado” são obedecidos sempre.",
        options=_REPLY_OPTIONS,
    ),
    _f("resposta_texto", "Texto da resposta"),
    _f("resposta_a_cada_h", "A mesma pessoa o recebe a cada", Kind.NUMBER, unit="horas"),
    _f("encaminhar_para", "Encaminhar para o celular", Kind.PHONE),
    _f(
        "silencio_apos_conversa_h",
        "Quem escreveu à loja não recebe avisos automáticos por",
        Kind.NUMBER,
        "0 = recebe.",
        "horas",
    ),
)
#: What only one way of replying is asked.
REPLY_OF: Final[Mapping[str, str]] = {
    "resposta_texto": Replies.ANSWER.value,
    "resposta_a_cada_h": Replies.ANSWER.value,
    "encaminhar_para": Replies.FORWARD.value,
}


def fields_of(engine: Engine) -> tuple[Field, ...]:
    """What counts for a number of that engine; what belongs to another one stays in the file as it is."""
    return (*NAME, ENGINE, *(each for engines, each in OF_ENGINES if engine in engines), *CAPS, *REPLIES)


def key_of(field: Field) -> str:
    """The key in the file."""
    return field.path[-1]

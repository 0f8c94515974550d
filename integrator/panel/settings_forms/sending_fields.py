"""The fields of the page Envio."""

from __future__ import annotations

from typing import Final

from integrator.domain.calendar import UFS
from integrator.panel.settings_forms.fields import CLOSED, SAME, Field, Kind

_DAY_GROUPS: Final = (("seg_sex", "Segunda a sexta"), ("sabado", "Sábado"), ("domingo", "Domingo"))
_HOURS: Final = ((CLOSED, "não envia"), ("horario", "envia"))
PURPOSES: Final = (
    ("cobranca", "Cobrança", "Avisos de débito: vencidos e a vencer."),
    ("servico", "Serviço", "Documentos que o cliente espera: ordem de serviço, nota, orçamento, pedido."),
    ("promocional", "Promocional", "Aniversários, cashback e campanhas."),
)
DEBTS: Final = (("ambos", "vencidos e a vencer"), ("vencidos", "só os vencidos"), ("a_vencer", "só os a vencer"))


def _purpose(key: str) -> tuple[Field, ...]:
    place = ("calendario", key)
    options = (*_HOURS, (SAME, "igual à cobrança")) if key == "promocional" else _HOURS
    return (
        *(Field((*place, day), label, Kind.HOURS, options=options) for day, label in _DAY_GROUPS),
        Field((*place, "feriados"), "Envia também nos feriados", Kind.FLAG),
        Field((*place, "dias_sem_envio"), "Dias da semana em que não envia", Kind.WEEKDAYS),
    )


CALENDAR: Final = (
    Field(
        ("calendario", "uf"),
        "Estado da loja",
        Kind.CHOICE,
        "Decide os feriados estaduais e a lei sobre horário de cobrança.",
        options=(("", "o do cadastro da empresa"), *((uf, uf) for uf in sorted(UFS))),
    ),
    *(field for key, _label, _help in PURPOSES for field in _purpose(key)),
)
OPTIONAL_HOLIDAYS: Final = Field(
    ("calendario", "pontos_facultativos"),
    "Também não envia nos pontos facultativos",
    Kind.FLAG,
    "Carnaval, Quarta-feira de Cinzas, Corpus Christi, 24/12 e 31/12: os bancos fecham.",
)
PACE: Final = (
    Field(
        ("envio", "intervalo_min_s"),
        "Espera mínima entre mensagens",
        Kind.NUMBER,
        "Menos de 20 segundos não é aceito: o WhatsApp costuma banir números que enviam depressa demais.",
        "segundos",
        low=20,
        high=3600,
    ),
    Field(
        ("envio", "intervalo_max_s"),
        "Espera máxima entre mensagens",
        Kind.NUMBER,
        "A espera de cada mensagem é sorteada entre as duas.",
        "segundos",
        low=20,
        high=3600,
    ),
    Field(
        ("envio", "maximo_por_dia"),
        "Máximo por dia",
        Kind.NUMBER,
        "Mensagens que o número começa por dia; o resto sai no dia seguinte.",
        "mensagens",
        low=1,
        high=5000,
    ),
    Field(
        ("envio", "lote"),
        "Tamanho do lote",
        Kind.NUMBER,
        "Depois de tantas mensagens, uma pausa para a equipe atender as respostas. 0 = sem lotes.",
        "mensagens",
        low=0,
        high=1000,
    ),
    Field(("envio", "pausa_entre_lotes_min"), "Pausa entre lotes", Kind.NUMBER, "", "minutos", low=0, high=1440),
    Field(
        ("envio", "entre_partes_min_s"),
        "Espera mínima entre as partes",
        Kind.NUMBER,
        "Partes de uma mesma mensagem: texto, boleto, demonstrativo.",
        "segundos",
        low=0,
        high=60,
    ),
    Field(
        ("envio", "entre_partes_max_s"), "Espera máxima entre as partes", Kind.NUMBER, "", "segundos", low=0, high=60
    ),
)
DEBTS_TO_SEND: Final = Field(("envio", "enviar"), "Avisos de débito que saem", Kind.CHOICE, options=DEBTS)
LIMITS: Final = (
    Field(
        ("envio", "dias_max_debito"),
        "Não cobrar débitos vencidos há mais de",
        Kind.NUMBER,
        "1.825 dias são cinco anos, o prazo de prescrição.",
        "dias",
        low=1,
        high=36500,
    ),
    Field(
        ("envio", "tentativas_max"),
        "Tentativas de cada mensagem",
        Kind.NUMBER,
        "Depois delas a mensagem é dada como falha.",
        "tentativas",
        low=1,
        high=50,
    ),
    Field(
        ("fila", "expira_dias"),
        "Uma mensagem que espera expira depois de",
        Kind.NUMBER,
        "Sete dias cobrem um feriado longo.",
        "dias",
        low=1,
        high=365,
    ),
)
NUMBER: Final = (
    Field(
        ("whatsapp", "ddd_padrao"),
        "DDD dos telefones sem DDD",
        Kind.TEXT,
        "Vazio = a mensagem fica retida: com o DDD errado, um desconhecido receberia a cobrança.",
    ),
    Field(
        ("whatsapp", "numero_teste"),
        "Número de teste",
        Kind.PHONE,
        "Seu celular com DDD. Exemplo: (49) 98859-0187.",
        private=True,
    ),
    Field(
        ("whatsapp", "redirecionar_tudo"),
        "Enviar tudo para o número de teste",
        Kind.FLAG,
        "Enquanto estiver ligado, nenhum cliente recebe nada.",
    ),
    Field(
        ("whatsapp", "mascarar_no_teste"),
        "Esconder valores e documentos nos envios de teste",
        Kind.FLAG,
        "Os dados dos clientes não aparecem no celular de teste.",
    ),
)
SUMMARY: Final = (
    Field(
        ("resumo", "celular"),
        "Celular que recebe o resumo do dia",
        Kind.PHONE,
        "Com DDD. Vazio = só na página inicial do painel.",
        private=True,
    ),
    Field(("resumo", "horario"), "Hora do resumo", Kind.CLOCK),
)
FIELDS: Final = (*CALENDAR, OPTIONAL_HOLIDAYS, *PACE, DEBTS_TO_SEND, *LIMITS, *NUMBER, *SUMMARY)

"""The fields of the page Régua, and a step as people type it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from integrator.domain.errors import SettingsError
from integrator.messages.formatting import format_count
from integrator.panel.settings_forms.fields import Field, Kind
from integrator.settings.closing import StepSettings

STEPS: Final = ("fechamento", "etapas")
BEFORE, ON, AFTER = "antes", "no_dia", "depois"
_MOST_DIGITS: Final = 4
_ON: Final = Field(
    ("fechamento", "ligado"),
    "Fechamento próprio ligado",
    Kind.FLAG,
    "Toda noite o Integrador lê o ERP e prepara os avisos do próximo dia de envio.",
)
_OTHERS: Final = (
    Field(
        ("fechamento", "horario"),
        "Hora do fechamento",
        Kind.CLOCK,
        "O que se perdeu com o computador desligado é feito assim que possível.",
    ),
    Field(
        ("fechamento", "titulos_na_mensagem"),
        "Títulos na mensagem",
        Kind.CHOICE,
        options=(("todos", "todos os que o cliente deve"), ("etapa", "só os da etapa do dia")),
    ),
    Field(
        ("fechamento", "tolerancia_dias"),
        "Espera pelo retorno do banco",
        Kind.NUMBER,
        "Antes de dizer que um título está vencido.",
        "dias úteis",
    ),
    Field(("fechamento", "saldo_minimo"), "Saldo mínimo", Kind.DECIMAL, "Quem deve menos não recebe.", "reais"),
    Field(
        ("fechamento", "intervalo_min_h"),
        "Entre dois avisos ao mesmo cliente",
        Kind.NUMBER,
        "Antes disso a etapa espera o próximo fechamento.",
        "horas",
    ),
    Field(
        ("fechamento", "busca_dias"),
        "Uma etapa perdida ainda sai por",
        Kind.NUMBER,
        "Computador desligado, feriado.",
        "dias",
    ),
    Field(
        ("fechamento", "a_vencer_dias"),
        "Lista também o que vence em até",
        Kind.NUMBER,
        "Com todos os títulos na mensagem.",
        "dias",
    ),
    Field(
        ("fechamento", "documentos_a_cada_min"),
        "Procura documentos novos a cada",
        Kind.NUMBER,
        "Ordens de serviço, notas, orçamentos. 0 = só no fechamento.",
        "minutos",
    ),
    Field(
        ("fechamento", "retorno_bancario_max_dias"),
        "Avisa se o retorno bancário for mais velho que",
        Kind.NUMBER,
        "",
        "dias úteis",
    ),
    Field(
        ("fechamento", "confirmar"),
        "As mensagens do fechamento esperam a confirmação de uma pessoa",
        Kind.FLAG,
        "Elas aparecem na página Confirmar.",
    ),
)


def ruler_fields(folder: Path, chosen: str) -> tuple[Field, ...]:
    """Profiles are those that come along, those beside ``config.toml`` in ``folder``, and the ``chosen`` one."""
    from integrator.erp.profiles.loader import shipped_profiles

    beside = sorted(file.name for file in folder.glob("*.toml") if not file.stem.startswith("config"))
    names = dict.fromkeys((*shipped_profiles(), *beside, *([chosen] if chosen else [])))
    profiles = (("", "nenhum: o ERP grava a fila"), *((name, name) for name in names))
    profile = Field(
        ("fechamento", "perfil"),
        "Perfil do ERP",
        Kind.CHOICE,
        "Como ler os títulos e os clientes do ERP. Um perfil da loja fica ao lado do config.toml.",
        options=profiles,
    )
    return (_ON, profile, *_OTHERS)


@dataclass(frozen=True, slots=True)
class StepTyped:
    """The form of one step."""

    name: str = ""
    when: str = AFTER
    days: str = ""
    repeat: str = ""
    until: str = ""
    text: str = ""

    @classmethod
    def of(cls, step: StepSettings) -> StepTyped:
        """A step as the form shows it."""
        when = BEFORE if step.days < 0 else AFTER if step.days else ON
        repeat, until = (str(step.repeat_days), str(step.repeat_until_days)) if step.repeat_days else ("", "")
        return cls(step.name, when, str(abs(step.days)) if step.days else "", repeat, until, step.text)

    def as_table(self) -> dict[str, Any]:
        """As ``[[fechamento.etapas]]`` has it. Raises :class:`SettingsError` for what is no number."""
        if not self.name:
            raise SettingsError("Dê um nome à etapa, por exemplo “vencido 5”.")
        days = 0 if self.when == ON else _number(self.days, "quantos dias")
        if self.when != ON and not days:
            raise SettingsError("Diga quantos dias antes ou depois do vencimento, ou escolha “no dia do vencimento”.")
        table: dict[str, Any] = {"nome": self.name, "dias": -days if self.when == BEFORE else days}
        if self.text:
            table["texto"] = self.text
        if self.repeat or self.until:
            table["repetir_dias"] = _number(self.repeat, "de quantos em quantos dias a etapa se repete")
            table["repetir_ate_dias"] = _number(self.until, "até quantos dias depois do vencimento ela se repete")
        return table


def as_table(step: StepSettings) -> dict[str, Any]:
    """A step as ``[[fechamento.etapas]]`` has it; None is not written."""
    return {
        "nome": step.name,
        "dias": step.days,
        "texto": step.text or None,
        "repetir_dias": step.repeat_days or None,
        "repetir_ate_dias": step.repeat_until_days or None,
    }


def when_words(days: int) -> str:
    """``3 dias antes do vencimento``."""
    if not days:
        return "no dia do vencimento"
    return f"{format_count(abs(days), 'dia', 'dias')} {'antes' if days < 0 else 'depois'} do vencimento"


def step_words(name: str) -> str:
    """``vencido 30 (2ª vez)`` for the repetition ``vencido 30#2``."""
    first, _, number = name.partition("#")
    return f"{first} ({number}ª vez)" if number else first


def repeat_words(step: StepSettings) -> str:
    """How a step repeats, or empty."""
    if not step.repeat_days:
        return ""
    every = format_count(step.repeat_days, "dia", "dias")
    return f"repete a cada {every}, até {format_count(step.repeat_until_days, 'dia', 'dias')} depois do vencimento"


def _number(text: str, what: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise SettingsError(f"Escreva um número inteiro para {what}.")
    return int(text)

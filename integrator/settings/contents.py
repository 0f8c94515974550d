"""The sections of ``config.toml`` about what customers receive: texts, modules and documents (see :mod:`.sections`)."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from integrator.settings.sections import Flag, Folder, Integer, Section, key

_MAX_FINE_PERCENT = 2


class HowSent(StrEnum):
    """Whether a person says yes to a message before it leaves (G20, G21)."""

    AUTOMATIC = "automatico"
    ASK = "perguntar"


class SituationSettings(Section):
    """``[[mensagens.situacoes]]``: the shop's choice for one situation of one module.

    ``text`` empty and ``how`` or ``documents`` absent leave what the catalogue says.
    """

    module: str = key("modulo", ..., min_length=1)
    kind: str = key("tipo", ..., min_length=1)
    on: Flag = key("ligada", True)
    how: HowSent | None = key("envio", None)
    text: str = key("texto", "")
    documents: tuple[str, ...] | None = key("documentos", None)


class CodeToCopy(StrEnum):
    """Which code of a single title is sent once more, alone, for the phone to copy."""

    AUTOMATIC = "automatico"  # PIX where there is one, else the linha digitável
    PIX = "pix"
    LINHA = "linha_digitavel"
    NONE = "nenhum"


class MessageSettings(Section):
    """``[mensagens]``: texts of the situations; an empty one is the product's default text."""

    overdue_text: str = key("vencidos", "")
    upcoming_text: str = key("a_vencer", "")
    both_text: str = key("vencidos_e_a_vencer", "")
    same_text: Flag = key("mesmo_texto_para_ambos", False)
    code_to_copy: CodeToCopy = key("codigo_para_copiar", CodeToCopy.AUTOMATIC)
    text_as_caption: Flag = key("texto_na_legenda", True)
    situations: tuple[SituationSettings, ...] = key("situacoes", ())


class ModuleSettings(Section):
    """``[modulos]``: one switch for each module of the ERP, and for how many days a cashback is valid (0: not told)."""

    debts: Flag = key("aviso_de_debitos", True)
    receivables: Flag = key("receber", True)
    quotes: Flag = key("orcamento", True)
    orders: Flag = key("pedido_de_venda", True)
    service_orders: Flag = key("ordem_de_servico", True)
    consignments: Flag = key("condicional", True)
    tabs: Flag = key("comandas", True)
    nfe: Flag = key("nfe", True)
    nfce: Flag = key("nfce", True)
    crm: Flag = key("crm", True)
    birthdays: Flag = key("aniversariantes", True)
    cashback: Flag = key("cashback", True)
    own: Flag = key("integrador", True)
    cashback_days: Integer = key("cashback_validade_dias", 0, ge=0, le=3650)

    @property
    def off(self) -> tuple[str, ...]:
        """The keys of the modules that are switched off."""
        return tuple(
            str(info.validation_alias) for name, info in type(self).model_fields.items() if getattr(self, name) is False
        )


class BoletoFallback(StrEnum):
    """What becomes of a message whose boleto cannot go."""

    HOLD = "reter"
    WITHOUT_BOLETO = "sem_boleto"


class SeveralBoletos(StrEnum):
    """How several boletos of one message go."""

    ONE_EACH = "um_por_arquivo"
    ONE_FILE = "um_arquivo"
    CARNE = "carne"


def _fine(value: object) -> object:
    if isinstance(value, int | float) and value > _MAX_FINE_PERCENT:
        raise ValueError("a multa por atraso não pode passar de 2% (Código de Defesa do Consumidor, art. 52, § 1º)")
    return value


def _colour(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        return value
    raise ValueError(f'“{value}” não é uma cor: escreva por exemplo "#0F766E"')


Fine = Annotated[Decimal, BeforeValidator(_fine)]
Colour = Annotated[str, BeforeValidator(_colour)]


class CreditorSettings(Section):
    """``[[documentos.credores]]``: documents of its own for one creditor, who is told by name, CPF/CNPJ or code.

    ``statement`` and ``agreement`` name block documents; empty ones are those of the account.
    """

    creditor: str = key("credor", ..., min_length=1)
    name: str = key("nome", "")
    tax_id: str = key("cnpj", "")
    address: str = key("endereco", "")
    statement: str = key("demonstrativo", "")
    agreement: str = key("termo_acordo", "")


class DocumentSettings(Section):
    """``[documentos]``: what is attached, from where, and how it looks.

    ``models_folder`` holds the shop's own block documents, each replacing or adding to those that come along;
    ``statement`` and ``agreement`` choose among them for the whole account. ``fine_percent`` once and
    ``interest_percent`` a month make the estimate that is printed where the ERP gives no updated value.
    """

    allowed_folders: tuple[Folder, ...] = key("pastas_permitidas", ())
    max_size_mb: Integer = key("tamanho_maximo_mb", 16, ge=1, le=100)
    unregistered_boleto: BoletoFallback = key("boleto_nao_registrado", BoletoFallback.HOLD)
    late_boleto: BoletoFallback = key("boleto_fora_do_prazo", BoletoFallback.WITHOUT_BOLETO)
    draw_boleto: Flag = key("gerar_boleto", True)
    draw_statement: Flag = key("gerar_demonstrativo", True)
    several_boletos: SeveralBoletos = key("varios_boletos", SeveralBoletos.ONE_EACH)
    password: Flag = key("senha_nos_pdfs", False)
    password_digits: Integer = key("senha_digitos", 5, ge=3, le=14)
    models_folder: str = key("pasta_modelos", "")
    statement: str = key("demonstrativo", "demonstrativo")
    agreement: str = key("termo_acordo", "termo_acordo")
    signer: str = key("assinante", "")
    colour: Colour = key("cor", "#0F766E")
    fine_percent: Fine = key("multa_percentual", Decimal(0), ge=0)
    interest_percent: Decimal = key("juros_mes_percentual", Decimal(0), ge=0, le=20)
    creditors: tuple[CreditorSettings, ...] = key("credores", ())

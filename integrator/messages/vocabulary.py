"""What a text may name: the built-in variables and lists, those of a situation, and those of the ERP's row."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from integrator.domain.message import Message
from integrator.messages.catalogue import Situation
from integrator.messages.schema import Kind, Schema

_TITLE = Schema(
    {
        "documento": Kind.TEXT,
        "parcela": Kind.TEXT,
        "emissao": Kind.DATE,
        "vencimento": Kind.DATE,
        "valor": Kind.MONEY,
        "valor_aberto": Kind.MONEY,
        "valor_atualizado": Kind.MONEY,
        "dias_atraso": Kind.NUMBER,
        "vencido": Kind.FLAG,
        "linha_digitavel": Kind.TEXT,
        "pix": Kind.TEXT,
        "tem_boleto": Kind.FLAG,
        "tem_pix": Kind.FLAG,
        "titulo": Kind.TEXT,
        "documento_parcela": Kind.TEXT,
        "devedor": Kind.TEXT,
        "devedor_documento": Kind.DOCUMENT,
        "vence_hoje": Kind.FLAG,
    }
)
_LINE = Schema(
    {
        "descricao": Kind.TEXT,
        "codigo": Kind.TEXT,
        "quantidade": Kind.NUMBER,
        "unidade": Kind.TEXT,
        "valor_unitario": Kind.MONEY,
        "desconto": Kind.MONEY,
        "total_item": Kind.MONEY,
    }
)
_BASE = Schema(
    {
        "cliente": Kind.TEXT,
        "primeiro_nome": Kind.TEXT,
        "contato": Kind.TEXT,
        "codigo": Kind.TEXT,
        "documento": Kind.DOCUMENT,
        "cliente_endereco": Kind.TEXT,
        "empresa": Kind.TEXT,
        "empresa_razao": Kind.TEXT,
        "empresa_cnpj": Kind.DOCUMENT,
        "empresa_documento": Kind.TEXT,
        "empresa_endereco": Kind.TEXT,
        "empresa_cidade": Kind.TEXT,
        "empresa_telefone": Kind.PHONE,
        "empresa_email": Kind.TEXT,
        "credor": Kind.TEXT,
        "credor_documento": Kind.TEXT,
        "credor_endereco": Kind.TEXT,
        "usuario": Kind.TEXT,
        "saudacao": Kind.TEXT,
        "hoje": Kind.DATE,
        "qtd": Kind.NUMBER,
        "qtd_vencidos": Kind.NUMBER,
        "qtd_quitados": Kind.NUMBER,
        "qtd_itens": Kind.NUMBER,
        "qtd_a_vencer": Kind.NUMBER,
        "total": Kind.MONEY,
        "total_vencido": Kind.MONEY,
        "total_a_vencer": Kind.MONEY,
        "total_atualizado": Kind.MONEY,
        "total_quitado": Kind.MONEY,
        "total_itens": Kind.MONEY,
        "vencimento": Kind.DATE,
        "dias_atraso": Kind.NUMBER,
        "qtd_boletos": Kind.NUMBER,
        "tem_boleto": Kind.FLAG,
        "tem_pix": Kind.FLAG,
        "tem_linha": Kind.FLAG,
        "tem_demonstrativo": Kind.FLAG,
        "tem_documento": Kind.FLAG,
        "senha_pdf": Kind.TEXT,
        "mais": Kind.NUMBER,
    },
    {"titulos": _TITLE, "vencidos": _TITLE, "a_vencer": _TITLE, "quitados": _TITLE, "itens": _LINE},
)


def message_schema(message: Message, situation: Situation | None = None) -> Schema:
    """What a text of this message may name: the built-in variables, the situation's and those of the ERP's row."""
    return _schema(situation, frozenset(message.variables))


def situation_schema(situation: Situation | None) -> Schema:
    """What a text of the shop's for that situation may name; without one, the built-in variables."""
    return _schema(situation, frozenset())


def base_schema() -> Schema:
    """The built-in variables alone."""
    return _BASE


@lru_cache(maxsize=64)
def _schema(situation: Situation | None, names: frozenset[str]) -> Schema:
    kinds = {each.name: each.kind for each in situation.variables} if situation else {}
    return replace(_BASE, fields={**_BASE.fields, **kinds}).with_text(names)

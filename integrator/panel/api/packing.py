"""A posted message as the parameters of the contract's procedures.

What a column cannot hold for its charset is stored with question marks and holds the row with the reason, as the
contract does with an ERP's own words: the message is not lost, and nothing garbled is sent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from integrator.erp.api_queue import Asked
from integrator.erp.drafts import Parameters, stored_key
from integrator.erp.row_json import MAX_BYTES
from integrator.erp.rows import MAX_TEMPLATE_BYTES, storable
from integrator.panel.api.keys import ApiKey
from integrator.panel.api.models import Anexo, Endereco, Item, MensagemNova, Pagador, Titulo
from integrator.panel.api.problems import Problem, invalid

_REASON: Final = 500


def pack(message: MensagemNova, key: ApiKey) -> Asked:
    """Raises :class:`ApiProblem` for what no column can take: content that is no base64, data that is too long."""
    fit = _Fitting()
    files = [_content(place, each) for place, each in enumerate(message.anexos)]
    variables = _variables(message.variaveis)
    if len(message.texto.encode()) > MAX_TEMPLATE_BYTES:
        raise invalid([Problem("/texto", f"tem mais de {MAX_TEMPLATE_BYTES} bytes")])
    own_text = message.texto if storable(message.texto, MAX_TEMPLATE_BYTES) != message.texto else None
    chave = stored_key(message.chave)
    return Asked(
        key=chave,
        row=(chave, *_row(message, fit), None if own_text else message.texto or None, *_rules(message, key, fit)),
        titles=tuple(_title(each, fit) for each in message.titulos),
        items=tuple(_item(place, each, fit) for place, each in enumerate(message.itens, start=1)),
        attachments=tuple(
            _attachment(place, each, content, fit)
            for place, (each, content) in enumerate(zip(message.anexos, files, strict=True), start=1)
        ),
        variables=variables,
        own_text=own_text,
        problem=fit.problem[:_REASON],
        who=storable(f"API: {key.plan.name}", 60),
        note=f"API {key.id} {_digest(message, files)}",
    )


@dataclass(slots=True)
class _Fitting:
    """Makes texts fit the charset of their columns and remembers the first that did not."""

    problem: str = ""

    def text(self, value: str, label: str) -> str | None:
        """``value`` for a WIN1252 column, None for an empty one; lengths were checked before."""
        bare = value.strip()
        stored = storable(bare, len(bare))
        if stored != bare and not self.problem:
            self.problem = storable(
                f"{label} tem caracteres que a fila não guarda (fora do Windows-1252). Corrija no ERP e mande de novo.",
                _REASON,
            )
        return stored or None


def _row(message: MensagemNova, fit: _Fitting) -> Parameters:
    customer = message.cliente
    return (
        fit.text(message.modulo, "O módulo"),
        fit.text(message.tipo, "O tipo"),
        fit.text(customer.codigo, "O código do cliente"),
        fit.text(customer.nome, "O nome do cliente"),
        fit.text(message.telefone, "O telefone"),
        "S" if message.aceita_receber else "N",
        message.finalidade,
        fit.text(message.empresa, "O código da empresa"),
        fit.text(customer.documento, "O CPF ou CNPJ do cliente"),
        fit.text(message.contato, "O nome do contato"),
        *_address(customer, fit, "do cliente"),
    )


def _rules(message: MensagemNova, key: ApiKey, fit: _Fitting) -> Parameters:
    erp = message.erp
    return (
        message.prioridade,
        message.nao_antes,
        message.expira_em,
        "S" if message.confirmar else "N",
        storable(erp.usuario.strip() or f"API: {key.plan.name}", 60),
        *(storable(each.strip(), 60) or None for each in (erp.estacao, erp.regra, erp.etapa)),
        fit.text(message.instancia, "O nome da instância"),
    )


def _address(address: Endereco, fit: _Fitting, whose: str) -> Parameters:
    return (
        fit.text(address.endereco, f"O endereço {whose}"),
        fit.text(address.bairro, f"O bairro {whose}"),
        fit.text(address.cidade, f"A cidade {whose}"),
        fit.text(address.uf, f"A UF {whose}"),
        fit.text(address.cep, f"O CEP {whose}"),
    )


def _title(title: Titulo, fit: _Fitting) -> Parameters:
    name = f"do título {title.documento}"
    return (
        fit.text(title.ref, f"A referência {name}"),
        fit.text(title.documento, f"O documento {name}"),
        fit.text(title.parcela, f"A parcela {name}"),
        _midnight(title.emissao),
        _midnight(title.vencimento),
        *map(_float, (title.valor, title.valor_aberto, title.valor_atualizado)),
        fit.text(title.linha_digitavel, f"A linha digitável {name}"),
        fit.text(title.codigo_barras, f"O código de barras {name}"),
        fit.text(title.pix_copia_cola, f"O PIX {name}"),
        "S" if title.registrado else "N",
        _midnight(title.pagavel_ate),
        fit.text(title.nosso_numero, f"O nosso número {name}"),
        fit.text(title.carteira, f"A carteira {name}"),
        fit.text(title.agencia_codigo, f"A agência {name}"),
        fit.text(title.banco_nome, f"O nome do banco {name}"),
        fit.text(title.especie, f"A espécie {name}"),
        fit.text(title.aceite, f"O aceite {name}"),
        fit.text(title.local_pagamento, f"O local de pagamento {name}"),
        fit.text(title.instrucoes, f"As instruções {name}"),
        fit.text(title.beneficiario_nome, f"O beneficiário {name}"),
        fit.text(title.beneficiario_documento, f"O CNPJ do beneficiário {name}"),
        *_payer(title.pagador, fit, name),
    )


def _payer(payer: Pagador | None, fit: _Fitting, name: str) -> Parameters:
    if payer is None:
        return (None,) * 8
    return (
        fit.text(payer.codigo, f"O código do pagador {name}"),
        fit.text(payer.nome, f"O nome do pagador {name}"),
        fit.text(payer.documento, f"O CPF ou CNPJ do pagador {name}"),
        *_address(payer, fit, f"do pagador {name}"),
    )


def _item(place: int, item: Item, fit: _Fitting) -> Parameters:
    return (
        fit.text(item.descricao, f"A descrição do item {place}"),
        _float(item.quantidade),
        fit.text(item.unidade, f"A unidade do item {place}"),
        _float(item.valor_unitario),
        _float(item.total),
        fit.text(item.codigo, f"O código do item {place}"),
        _float(item.desconto),
    )


def _attachment(place: int, item: Anexo, content: bytes | None, fit: _Fitting) -> Parameters:
    return (
        fit.text(item.nome, "O nome do anexo"),
        content,
        fit.text(item.caminho, "O caminho do anexo"),
        fit.text(item.tipo, "O tipo do anexo"),
        item.mime.strip() or None,
        place,
        fit.text(item.titulo_ref, "O título do anexo"),
    )


def _content(place: int, item: Anexo) -> bytes | None:
    if bool(item.conteudo_base64) == bool(item.caminho.strip()):
        raise invalid([Problem(f"/anexos/{place}", "precisa de conteudo_base64 ou de caminho, um dos dois")])
    if not item.mime.isascii():
        raise invalid([Problem(f"/anexos/{place}/mime", "não está no formato esperado")])
    if not item.conteudo_base64:
        return None
    try:
        content = base64.b64decode(item.conteudo_base64.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise invalid([Problem(f"/anexos/{place}/conteudo_base64", "não é base64")]) from None
    if not content:
        raise invalid([Problem(f"/anexos/{place}/conteudo_base64", "está vazio")])
    return content


def _variables(given: Mapping[str, Any]) -> str:
    """The JSON of ``WA_INCLUIR_JSON``, in ASCII: so even emojis pass a column that has none."""
    pairs = [f"{json.dumps(name)}: {_literal(value)}" for name, value in given.items() if value is not None]
    written = "{" + ", ".join(pairs) + "}" if pairs else ""
    if len(written) > MAX_BYTES:
        raise invalid([Problem("/variaveis", f"tem mais de {MAX_BYTES} bytes")])
    return written


def _literal(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def _digest(message: MensagemNova, files: list[bytes | None]) -> str:
    """What two requests must have in common to be the same message; who asks and from where does not count."""
    told = message.model_dump(exclude={"erp": True, "anexos": {"__all__": {"conteudo_base64"}}})
    told["arquivos"] = [hashlib.sha256(content).hexdigest() if content else "" for content in files]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _midnight(day: date | None) -> datetime | None:
    """The procedures take timestamps, which mean the same in both dialects."""
    return datetime.combine(day, time()) if day else None


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)

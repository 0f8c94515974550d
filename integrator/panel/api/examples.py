"""Bodies that a reader may post as they stand; the tests post each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Examples = Mapping[str, Mapping[str, Any]]

_CUSTOMER: Final = {
    "codigo": "4711",
    "nome": "João da Conceição",
    "documento": "123.456.789-09",
    "endereco": "Rua das Flores, 100",
    "bairro": "Centro",
    "cidade": "Chapecó",
    "uf": "SC",
    "cep": "89800-000",
}
_PDF: Final = (
    "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJd"
    "L0NvdW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgMjEwIDI5N10+PmVuZG9iagp0cmFp"
    "bGVyPDwvUm9vdCAxIDAgUj4+CiUlRU9G"
)

MESSAGES: Final[Examples] = {
    "Débito vencido": {
        "chave": "2026-11-20|1|4711",
        "modulo": "AVISO DE DÉBITOS",
        "tipo": "DÉBITO VENCIDO",
        "cliente": _CUSTOMER,
        "telefone": "(49) 98859-0187; 3322-1100",
        "aceita_receber": True,
        "titulos": [
            {"ref": "1001", "documento": "NF 8123", "parcela": "1", "vencimento": "2026-11-10", "valor": "150.00"},
            {
                "ref": "1002",
                "documento": "NF 8123",
                "parcela": "2",
                "vencimento": "2026-11-15",
                "valor": 150.00,
                "valor_aberto": 80,
            },
        ],
    },
    "Ordem de serviço, com variáveis e itens": {
        "chave": "os|5530|ABERTA",
        "finalidade": "servico",
        "modulo": "ORDEM DE SERVIÇO",
        "tipo": "OS ABERTA",
        "cliente": {"codigo": "4711", "nome": "João da Conceição"},
        "contato": "Maria",
        "telefone": "(49) 98859-0187",
        "aceita_receber": True,
        "erp": {"usuario": "CAIXA01", "estacao": "BALCAO-2"},
        "variaveis": {"numero": "5530", "equipamento": "Roçadeira Exemplo RX-200", "valor_total": "139.85"},
        "itens": [
            {"descricao": "Troca de óleo", "quantidade": 1.5, "unidade": "l", "valor_unitario": 39.9, "total": 59.85},
            {"descricao": "Mão de obra", "total": "80.00"},
        ],
    },
    "Nota emitida, com o PDF": {
        "chave": "nfe|35261112345678000190550010000081231000081238",
        "finalidade": "servico",
        "modulo": "NF-E",
        "tipo": "NF-E EMITIDA",
        "cliente": {"codigo": "4711", "nome": "João da Conceição"},
        "telefone": "(49) 98859-0187",
        "aceita_receber": True,
        "nao_antes": "2026-11-21T08:00:00",
        "expira_em": "2026-11-28T18:00:00",
        "texto": "Olá, {primeiro_nome}! Segue a sua nota fiscal 🙂",
        "anexos": [{"nome": "nota.pdf", "mime": "application/pdf", "conteudo_base64": _PDF}],
    },
}
CANCEL: Final[Examples] = {"Pago no balcão": {"motivo": "Pago no balcão"}}
PAUSE: Final[Examples] = {"Até uma hora": {"ate": "2099-11-20T14:00:00"}, "Até alguém retomar": {}}
CONSENT: Final[Examples] = {
    "Autorizou": {
        "telefone": "(49) 98859-0187",
        "finalidade": "promocional",
        "aceita": True,
        "origem": "Ficha de cadastro assinada em 20/11/2026",
    }
}

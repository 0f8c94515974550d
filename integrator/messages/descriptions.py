"""What the built-in variables are, in words for who writes texts; in the groups in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Group, and in it each variable with what it says.
BUILT_IN: Final[Mapping[str, Mapping[str, str]]] = {
    "Cliente": {
        "cliente": "Nome do cliente",
        "primeiro_nome": "Primeiro nome, sem “Sr.” nem “Dra.”",
        "contato": "Pessoa de contato no cadastro",
        "codigo": "Código do cliente no ERP",
        "documento": "CPF ou CNPJ do cliente",
        "cliente_endereco": "Endereço do cliente em uma linha",
    },
    "Saudação e data": {
        "saudacao": "Bom dia, Boa tarde ou Boa noite, pela hora do envio",
        "hoje": "Dia do envio",
    },
    "Loja": {
        "empresa": "Nome da loja",
        "empresa_razao": "Razão social",
        "empresa_documento": "CNPJ ou CPF da loja, com a palavra antes",
        "empresa_cnpj": "CNPJ ou CPF da loja, só o número",
        "empresa_endereco": "Endereço da loja em uma linha",
        "empresa_cidade": "Cidade da loja",
        "empresa_telefone": "Telefone da loja",
        "empresa_email": "E-mail da loja",
        "usuario": "Quem gerou a mensagem no ERP",
    },
    "Valores e prazos": {
        "total": "Tudo o que está em aberto",
        "total_vencido": "O que já venceu",
        "total_a_vencer": "O que ainda vai vencer",
        "total_atualizado": "Total em aberto com multa e juros, estimado",
        "total_quitado": "Total do que foi pago",
        "total_itens": "Soma dos produtos e serviços",
        "vencimento": "Vencimento mais antigo em aberto",
        "dias_atraso": "Dias de atraso do título mais antigo",
        "qtd": "Quantos títulos estão em aberto",
        "qtd_vencidos": "Quantos estão vencidos",
        "qtd_a_vencer": "Quantos ainda vão vencer",
        "qtd_quitados": "Quantos foram pagos",
        "qtd_itens": "Quantos produtos e serviços",
        "mais": "Quantos a última lista deixou de fora",
    },
    "O que vai junto": {
        "tem_boleto": "Sim, quando um boleto vai em anexo",
        "qtd_boletos": "Quantos boletos vão em anexo",
        "tem_demonstrativo": "Sim, quando o demonstrativo vai em anexo",
        "tem_documento": "Sim, quando outro documento vai em anexo",
        "tem_pix": "Sim, quando o código PIX vai em seguida",
        "tem_linha": "Sim, quando a linha digitável vai em seguida",
        "senha_pdf": "Como abrir os PDFs com senha",
    },
    "Credor": {
        "credor": "Nome de quem tem a receber, se não for a loja",
        "credor_documento": "CNPJ ou CPF do credor, com a palavra antes",
        "credor_endereco": "Endereço do credor",
    },
}
_OF_TITLES: Final[Mapping[str, str]] = {
    "documento_parcela": "Documento e parcela, como NF 1234/2",
    "titulo": "Documento e parcela, ou o código do título",
    "documento": "Documento do título",
    "parcela": "Parcela",
    "emissao": "Data de emissão",
    "vencimento": "Data de vencimento",
    "valor": "Valor do título",
    "valor_aberto": "O que falta pagar",
    "valor_atualizado": "Valor com multa e juros, estimado",
    "dias_atraso": "Dias de atraso",
    "vencido": "Sim, quando está vencido",
    "vence_hoje": "Sim, quando vence hoje",
    "linha_digitavel": "Linha digitável do boleto",
    "pix": "Código PIX copia e cola",
    "tem_boleto": "Sim, quando há boleto deste título",
    "tem_pix": "Sim, quando há PIX deste título",
    "devedor": "Quem deve, quando a mensagem reúne vários clientes",
    "devedor_documento": "CPF ou CNPJ de quem deve",
}
_OF_ITEMS: Final[Mapping[str, str]] = {
    "descricao": "Produto ou serviço",
    "codigo": "Código do produto",
    "quantidade": "Quantidade",
    "unidade": "Unidade",
    "valor_unitario": "Preço de um",
    "desconto": "Desconto",
    "total_item": "Total da linha",
}
#: Each list: what it repeats for, and the variables of one of its items.
LISTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "titulos": ("cada título em aberto", _OF_TITLES),
    "vencidos": ("cada título vencido", _OF_TITLES),
    "a_vencer": ("cada título que vai vencer", _OF_TITLES),
    "quitados": ("cada título pago", _OF_TITLES),
    "itens": ("cada produto ou serviço", _OF_ITEMS),
}

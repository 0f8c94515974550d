"""The fields of the page Documentos: what the whole account uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from integrator.panel.settings_forms.fields import Field, Kind
from integrator.settings.contents import CreditorSettings

Options = tuple[tuple[str, str], ...]


def document_fields(models: Sequence[str]) -> tuple[Field, ...]:
    """``models`` are the names of the documents that may be chosen."""
    names: Options = tuple((name, name) for name in models)
    place = "documentos"
    return (
        Field((place, "demonstrativo"), "Demonstrativo de débitos", Kind.CHOICE, options=names),
        Field((place, "termo_acordo"), "Termo de acordo", Kind.CHOICE, options=names),
        Field(
            (place, "assinante"),
            "Quem assina",
            Kind.TEXT,
            "Sai onde o modelo diz {usuario}. Vazio = o usuário do ERP que mandou a mensagem.",
        ),
        Field((place, "cor"), "Cor da empresa", Kind.COLOUR, "Em títulos e na linha do cabeçalho."),
        Field((place, "gerar_demonstrativo"), "Gera o demonstrativo de débitos em PDF", Kind.FLAG),
        Field((place, "gerar_boleto"), "Gera o PDF do boleto quando o ERP não mandou um pronto", Kind.FLAG),
        Field(
            (place, "boleto_nao_registrado"),
            "Boleto ainda não registrado no banco",
            Kind.CHOICE,
            options=(("reter", "a mensagem fica retida"), ("sem_boleto", "a mensagem sai sem ele")),
        ),
        Field(
            (place, "boleto_fora_do_prazo"),
            "Boleto que já não pode ser pago",
            Kind.CHOICE,
            options=(("sem_boleto", "a mensagem sai sem ele"), ("reter", "a mensagem fica retida")),
        ),
        Field(
            (place, "varios_boletos"),
            "Vários boletos na mesma mensagem",
            Kind.CHOICE,
            options=(
                ("um_por_arquivo", "um arquivo para cada"),
                ("um_arquivo", "um PDF com todos"),
                ("carne", "carnê, três por folha"),
            ),
        ),
        Field(
            (place, "senha_nos_pdfs"),
            "Protege com senha os PDFs com débitos",
            Kind.FLAG,
            "Abrem com os primeiros números do CPF ou CNPJ do cliente; o texto diz quantos.",
        ),
        Field((place, "senha_digitos"), "Tamanho da senha", Kind.NUMBER, "De 3 a 14.", "algarismos"),
        Field(
            (place, "multa_percentual"),
            "Multa por atraso",
            Kind.DECIMAL,
            "De uma vez, até 2% (Código de Defesa do Consumidor). Só para a estimativa do valor atualizado.",
            "%",
        ),
        Field((place, "juros_mes_percentual"), "Juros ao mês", Kind.DECIMAL, "Quando o ERP não informa o valor.", "%"),
    )


def as_table(creditor: CreditorSettings) -> dict[str, Any]:
    """A creditor as ``[[documentos.credores]]`` has it; None is not written."""
    return {
        "credor": creditor.creditor,
        "nome": creditor.name or None,
        "cnpj": creditor.tax_id or None,
        "endereco": creditor.address or None,
        "demonstrativo": creditor.statement or None,
        "termo_acordo": creditor.agreement or None,
    }

"""What each source of a profile must give: its columns by name, kind and length, its parameters and its keys.

Lengths are those of the ``WA_*`` columns that the values end up in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SourceName(StrEnum):
    """The tables of a profile; ``ITEMS`` is no table of its own but the key ``itens_sql`` of ``documentos``."""

    DEBTS = "titulos"
    CONTACTS = "contatos"
    COMPANIES = "empresas"
    RECHECK = "conferir"
    BANK_RETURN = "retorno_bancario"
    DOCUMENTS = "documentos"
    ITEMS = "itens"
    BIRTHDAYS = "aniversariantes"
    CASHBACK = "cashback"
    HISTORY = "historico"


class ColumnKind(StrEnum):
    """What a column holds, as people are told."""

    TEXT = "texto"
    DATE = "data"
    TIMESTAMP = "data e hora"
    MONEY = "valor"
    NUMBER = "número"
    FLAG = "S ou N"
    BLOB = "arquivo (BLOB)"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One canonical column. ``length`` is the most characters of a text, 0 for other kinds.

    ``may_be_empty``: the SELECT must have it, but an empty cell is no fault of the row.
    """

    name: str
    kind: ColumnKind
    about: str
    required: bool = False
    length: int = 0
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source. ``open_columns``: any further column becomes a variable of the text."""

    about: str
    columns: tuple[ColumnSpec, ...]
    parameters: frozenset[str] = frozenset()
    required_parameters: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    open_columns: bool = False

    def column(self, name: str) -> ColumnSpec | None:
        """The canonical column of that name."""
        return next((column for column in self.columns if column.name == name), None)


def _text(name: str, length: int, about: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, ColumnKind.TEXT, about, required, length)


def _of(kind: ColumnKind, name: str, about: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, kind, about, required)


_REF = _text("REF", 60, "Identifica o registro para sempre; o mesmo título tem sempre a mesma REF.", required=True)
_COMPANY = _text("EMPRESA", 20, "Código da empresa; só é preciso quando há várias no mesmo banco.")
_CODE = _text("CLIENTE_CODIGO", 30, "Código do cliente no ERP; número ou texto.", required=True)
_NAME = _text("CLIENTE_NOME", 120, "Nome do cliente.", required=True)
_TAX_ID = _text("CLIENTE_DOC", 20, "CPF ou CNPJ do cliente.")
_PAYER_TAX_ID = _text("CLIENTE_DOC", 20, "CPF ou CNPJ do cliente; o boleto precisa dele.")
_PHONE = ColumnSpec(
    "TELEFONE",
    ColumnKind.TEXT,
    "Celular com DDD, como está no cadastro; aceita vários, separados. Vazio: sem celular.",
    required=True,
    length=200,
    may_be_empty=True,
)
_ACCEPTS = _of(
    ColumnKind.FLAG, "RECEBE_AVISO", "S quando o contato está marcado para receber; vazio vale N.", required=True
)
_CONTACT = _text("CONTATO_NOME", 80, "Quem recebe, se não for o próprio cliente.")
_STATE = "aberto, pago, renegociado ou cancelado"
_DUE = _of(ColumnKind.DATE, "VENCIMENTO", "Data de vencimento.", required=True)
_AMOUNT = _of(ColumnKind.MONEY, "VALOR", "Valor original do título, em reais.", required=True)
_OPEN = _of(ColumnKind.MONEY, "VALOR_ABERTO", "Quanto ainda falta pagar, sem juros.", required=True)
_RECEIVER = (_CODE, _NAME, _PHONE, _ACCEPTS, _COMPANY, _CONTACT)
_ADDRESS = (
    _text("CLIENTE_ENDERECO", 150, "Rua e número do cliente."),
    _text("CLIENTE_BAIRRO", 80, "Bairro do cliente."),
    _text("CLIENTE_CIDADE", 80, "Cidade do cliente."),
    _text("CLIENTE_UF", 2, "Estado do cliente, com duas letras."),
    _text("CLIENTE_CEP", 10, "CEP do cliente."),
)

_DEBT_COLUMNS = (
    _REF,
    _CODE,
    _NAME,
    _DUE,
    _AMOUNT,
    _OPEN,
    _COMPANY,
    _PAYER_TAX_ID,
    *_ADDRESS,
    _of(ColumnKind.FLAG, "CLIENTE_AVISA", "N desliga os avisos deste cliente; vazio vale S."),
    _text("SITUACAO", 12, f"Situação do título: {_STATE}; vazio vale aberto."),
    _text("DOCUMENTO", 40, "Número que o cliente conhece, como NF 8123; vazio usa a REF."),
    _text("PARCELA", 10, "Parcela, como 2/6."),
    _of(ColumnKind.DATE, "EMISSAO", "Data de emissão."),
    _of(ColumnKind.MONEY, "VALOR_ATUALIZADO", "Valor com juros e multa, calculado pelo ERP."),
    _text("LINHA_DIGITAVEL", 80, "Linha digitável do boleto, exatamente como o banco registrou."),
    _text("CODIGO_BARRAS", 60, "Código de barras do boleto, com 44 dígitos."),
    _text("PIX_COPIA_COLA", 1000, "Código PIX copia e cola do título."),
    _of(ColumnKind.FLAG, "REGISTRADO", "S quando o banco confirmou o registro do boleto."),
    _of(ColumnKind.DATE, "PAGAVEL_ATE", "Último dia em que o banco aceita o boleto."),
    _text("NOSSO_NUMERO", 30, "Nosso número."),
    _text("CARTEIRA", 20, "Carteira do boleto."),
    _text("AGENCIA_CODIGO", 40, "Agência e código do beneficiário."),
    _text("BANCO_NOME", 60, "Nome do banco."),
    _text("ESPECIE", 10, "Espécie do documento; vazio vale DM."),
    _text("ACEITE", 1, "Aceite: S ou N; vazio vale N."),
    _text("LOCAL_PAGAMENTO", 120, "Local de pagamento."),
    _text("INSTRUCOES", 800, "Instruções do boleto."),
    _text("BENEFICIARIO_NOME", 120, "Beneficiário, se não for a empresa."),
    _text("BENEFICIARIO_DOC", 20, "CPF ou CNPJ do beneficiário."),
    _of(ColumnKind.BLOB, "BOLETO_PDF", "O PDF do boleto, guardado no banco."),
    _text("BOLETO_CAMINHO", 500, "Caminho do PDF do boleto; a pasta precisa estar em [documentos] pastas_permitidas."),
)

SOURCES: Mapping[SourceName, SourceSpec] = {
    SourceName.DEBTS: SourceSpec("Títulos em aberto", _DEBT_COLUMNS, frozenset({"hoje", "de", "ate"})),
    SourceName.CONTACTS: SourceSpec(
        "Quem recebe os avisos de cada cliente",
        (
            _CODE,
            _PHONE,
            _ACCEPTS,
            _COMPANY,
            _CONTACT,
            _of(ColumnKind.FLAG, "RESUMO", "S: uma mensagem só, com os débitos de todos os clientes deste telefone."),
        ),
    ),
    SourceName.COMPANIES: SourceSpec(
        "Os dados da loja",
        (
            _text("CODIGO", 20, "Código da empresa, o mesmo de EMPRESA nas outras fontes.", required=True),
            _text("RAZAO_SOCIAL", 120, "Razão social.", required=True),
            _text("NOME_FANTASIA", 120, "Nome fantasia."),
            _text("CNPJ", 20, "CNPJ ou CPF."),
            _text("ENDERECO", 150, "Rua e número."),
            _text("BAIRRO", 80, "Bairro."),
            _text("CIDADE", 80, "Cidade."),
            _text("UF", 2, "Estado, com duas letras."),
            _text("CEP", 10, "CEP."),
            _text("FONE", 30, "Telefone fixo."),
            _text("CELULAR", 30, "Celular."),
            _text("EMAIL", 120, "E-mail."),
        ),
    ),
    SourceName.RECHECK: SourceSpec(
        "Um título, perguntado de novo logo antes do envio",
        (_text("SITUACAO", 12, f"Situação agora: {_STATE}.", required=True), _OPEN, _DUE),
        frozenset({"ref"}),
        frozenset({"ref"}),
    ),
    SourceName.BANK_RETURN: SourceSpec(
        "Quando o último arquivo de retorno do banco foi lido",
        (_of(ColumnKind.TIMESTAMP, "ULTIMO_RETORNO", "Data, ou data e hora, da última leitura.", required=True),),
    ),
    SourceName.DOCUMENTS: SourceSpec(
        "O que a loja avisa por situação: orçamentos, ordens de serviço, notas, parcelas pagas",
        (
            _REF,
            _text("TIPO", 60, "Nome da situação, como o módulo a chama: ORÇAMENTO CRIADO, por exemplo.", required=True),
            *_RECEIVER,
            _TAX_ID,
            *_ADDRESS,
            _of(ColumnKind.BLOB, "ARQUIVO_PDF", "O PDF do documento, guardado no banco."),
            _text("ARQUIVO_CAMINHO", 500, "Caminho do PDF; a pasta precisa estar em [documentos] pastas_permitidas."),
            _text("ARQUIVO_NOME", 120, "Nome do arquivo que o cliente vê."),
        ),
        frozenset({"desde", "hoje"}),
        options=("modulo", "finalidade", "texto", "itens_sql"),
        open_columns=True,
    ),
    SourceName.ITEMS: SourceSpec(
        "As linhas de um documento, na ordem em que saem nele",
        (
            _text("DESCRICAO", 200, "Produto ou serviço.", required=True),
            _text("CODIGO", 30, "Código do produto ou serviço."),
            _of(ColumnKind.NUMBER, "QUANTIDADE", "Quantidade, com até três casas."),
            _text("UNIDADE", 10, "Unidade, como UN, KG ou H."),
            _of(ColumnKind.NUMBER, "VALOR_UNITARIO", "Valor de cada um, com até quatro casas."),
            _of(ColumnKind.MONEY, "DESCONTO", "Desconto da linha, em reais."),
            _of(ColumnKind.MONEY, "TOTAL", "Quanto a linha custa, com o desconto."),
        ),
        frozenset({"ref"}),
        frozenset({"ref"}),
    ),
    SourceName.BIRTHDAYS: SourceSpec(
        "Aniversariantes do dia",
        (*_RECEIVER, _TAX_ID),
        frozenset({"dia", "mes"}),
        frozenset({"dia", "mes"}),
        options=("texto",),
        open_columns=True,
    ),
    SourceName.CASHBACK: SourceSpec(
        "Cashback: o saldo e o que está para vencer",
        (
            _REF,
            *_RECEIVER,
            _TAX_ID,
            _text("TIPO", 60, "Nome da situação; vazio: decidido pela validade."),
            _of(ColumnKind.TIMESTAMP, "EXPIRA_EM", "Quando o crédito vence."),
            _of(ColumnKind.DATE, "CREDITO_EM", "Quando foi dado; sem EXPIRA_EM, a validade conta deste dia."),
        ),
        frozenset({"hoje", "ate", "desde"}),
        options=("texto", "dias"),
        open_columns=True,
    ),
    SourceName.HISTORY: SourceSpec(
        "Títulos antigos, para o relatório “E se estivesse ligado?”",
        (
            _REF,
            _CODE,
            _NAME,
            _DUE,
            _AMOUNT,
            _COMPANY,
            _of(ColumnKind.DATE, "PAGO_EM", "Data do pagamento; vazio: não foi pago."),
            _of(ColumnKind.MONEY, "VALOR_PAGO", "Quanto foi pago."),
            _text("SITUACAO", 12, f"Situação do título: {_STATE}; vazio: pelo pagamento."),
        ),
        frozenset({"de", "ate"}),
        frozenset({"de", "ate"}),
    ),
}

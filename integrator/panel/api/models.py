"""What is posted to the API, field by field as the contract of the queue names and limits it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from integrator.panel.api.fields import Amount, Asked, Day, Instant, Quantity, UnitPrice, Variables, line, required

PurposeName = Literal["cobranca", "servico", "promocional"]


class Endereco(Asked):
    """Endereço postal; vai impresso no boleto."""

    endereco: str = line(150, "Rua, número e complemento", examples=["Rua das Flores, 100"])
    bairro: str = line(80, "Bairro")
    cidade: str = line(80, "Cidade", examples=["Chapecó"])
    uf: str = line(2, "Sigla do estado", examples=["SC"])
    cep: str = line(10, "CEP, com ou sem hífen", examples=["89800-000"])


class Cliente(Endereco):
    """Quem deve ou comprou."""

    codigo: str = required(30, "Código do cliente no ERP", examples=["4711"])
    nome: str = required(120, "Nome do cliente", examples=["João da Conceição"])
    documento: str = line(20, "CPF ou CNPJ; necessário para boleto", examples=["123.456.789-09"])


class Pagador(Endereco):
    """Quem deve um título, quando não é o cliente da mensagem."""

    codigo: str = line(30, "Código no ERP")
    nome: str = line(120, "Nome")
    documento: str = line(20, "CPF ou CNPJ")


class Erp(Asked):
    """De onde a mensagem veio; fica no histórico e não muda o que o cliente recebe."""

    usuario: str = line(60, "Usuário do ERP", examples=["CAIXA01"])
    estacao: str = line(60, "Computador")
    regra: str = line(60, "Regra do ERP que mandou enviar")
    etapa: str = line(60, "Etapa da régua")


class Titulo(Asked):
    """Um débito."""

    ref: str = line(60, "Identificador do título no ERP, único: serve para cancelar e conferir", examples=["1001"])
    documento: str = required(40, "Número que o cliente reconhece", examples=["NF 8123"])
    parcela: str = line(10, "Parcela", examples=["1"])
    emissao: Day | None = Field(default=None, description="Data de emissão")
    vencimento: Day = Field(description="Data de vencimento", examples=["2026-11-20"])
    valor: Amount = Field(description="Valor original", examples=["150.00"])
    valor_aberto: Amount | None = Field(default=None, description="O que falta pagar; sem ele, vale o valor")
    valor_atualizado: Amount | None = Field(default=None, description="Com juros e multa de hoje")
    linha_digitavel: str = line(80, "Linha digitável, com ou sem pontuação")
    codigo_barras: str = line(60, "Código de barras")
    pix_copia_cola: str = line(1000, "PIX copia e cola (BR Code)")
    registrado: bool = Field(default=False, description="Se o banco já confirmou o registro do boleto")
    pagavel_ate: Day | None = Field(default=None, description="Depois desta data o boleto não sai")
    nosso_numero: str = line(30, "Nosso número")
    carteira: str = line(20, "Carteira")
    agencia_codigo: str = line(40, "Agência e código do beneficiário")
    banco_nome: str = line(60, "Nome do banco")
    especie: str = line(10, "Espécie do documento")
    aceite: str = line(1, "Aceite")
    local_pagamento: str = line(120, "Local de pagamento")
    instrucoes: str = line(800, "Instruções ao caixa")
    beneficiario_nome: str = line(120, "Nome do beneficiário")
    beneficiario_documento: str = line(20, "CNPJ ou CPF do beneficiário")
    pagador: Pagador | None = Field(default=None, description="Quem deve este título, se não for o cliente")


class Item(Asked):
    """Um produto ou serviço do documento. Nada é somado nem multiplicado: o que vier é o que o cliente lê."""

    descricao: str = required(200, "O que é", examples=["Corda de nylon 8 mm"])
    codigo: str = line(30, "Código do produto")
    quantidade: Quantity | None = Field(default=None, description="Até três casas", examples=["12.5"])
    unidade: str = line(10, "un, m, kg…", examples=["m"])
    valor_unitario: UnitPrice | None = Field(default=None, description="Até quatro casas", examples=["1.2345"])
    desconto: Amount | None = Field(default=None, description="Desconto em reais")
    total: Amount | None = Field(default=None, description="Total da linha, já com o desconto", examples=["15.43"])


class Anexo(Asked):
    """Um arquivo: o próprio conteúdo, ou o caminho visto do computador do Integrador."""

    nome: str = required(120, "Como o cliente vê o arquivo, com extensão", examples=["boleto.pdf"])
    mime: str = line(80, "Tipo do arquivo", examples=["application/pdf"])
    conteudo_base64: str = Field(default="", description="O arquivo em base64, sem quebras de linha")
    caminho: str = line(500, "Caminho dentro das pastas permitidas em [documentos]")
    tipo: str = line(20, "boleto, demonstrativo ou outro nome", examples=["boleto"])
    titulo_ref: str = line(60, "De qual título é; necessário para boleto")


class MensagemNova(Asked):
    """Uma mensagem para a fila. Os nomes e limites são os do contrato da fila."""

    chave: str = Field(
        default="",
        max_length=120,
        description="Identifica a mensagem para sempre: a mesma chave é a mesma mensagem. Obrigatória, aqui ou no "
        "cabeçalho Idempotency-Key.",
        examples=["2026-11-20|1|4711"],
    )
    finalidade: PurposeName = Field(default="cobranca", description="Por que se escreve ao cliente")
    modulo: str = required(40, "Módulo do ERP", examples=["RECEBER"])
    tipo: str = required(60, "Nome da situação no histórico", examples=["DÉBITO VENCIDO"])
    empresa: str = line(20, "Código em WA_EMPRESA, onde há várias")
    cliente: Cliente
    contato: str = line(80, "Quem recebe, se não for o próprio cliente")
    telefone: str = required(
        200, "Um ou vários, na ordem de preferência, como estão no cadastro", examples=["(49) 98859-0187"]
    )
    aceita_receber: bool = Field(description="Se o contato está marcado para receber")
    texto: str = line(20_000, "Texto desta mensagem, com {campos}; sem ele, vale o texto da loja")
    nao_antes: Instant | None = Field(default=None, description="Não enviar antes disto, na hora da loja")
    expira_em: Instant | None = Field(default=None, description="Depois disto perdeu o sentido")
    prioridade: int = Field(default=5, ge=1, le=9, description="1 (primeiro) a 9")
    instancia: str = line(40, "Nome do número que deve enviar; vazio: qualquer um")
    confirmar: bool = Field(default=False, description="Espera um “sim” antes de sair")
    erp: Erp = Field(default_factory=Erp)
    variaveis: Variables = Field(
        default_factory=dict,
        description="Campos próprios do texto: textos, números, true ou false",
        examples=[{"numero": "5530", "valor_total": "480.00"}],
    )
    titulos: tuple[Titulo, ...] = Field(default=(), max_length=500, description="Os débitos da mensagem", strict=False)
    itens: tuple[Item, ...] = Field(default=(), max_length=2000, description="Os itens do documento", strict=False)
    anexos: tuple[Anexo, ...] = Field(default=(), max_length=100, description="Arquivos que vão junto", strict=False)

    @field_validator("chave")
    @classmethod
    def _key_is_plain(cls, value: str) -> str:
        if any(char < " " for char in value):
            raise ValueError("não pode ter quebras de linha nem outros caracteres de controle")
        return value.strip(" ")


class Motivo(Asked):
    """Por que se decide."""

    motivo: str = line(200, "Aparece no histórico", examples=["Pago no balcão"])


class Pausa(Asked):
    """Até quando nada sai."""

    ate: Instant | None = Field(default=None, description="Na hora da loja; sem isto, até alguém retomar")


class ConsentimentoNovo(Asked):
    """Uma resposta do contato. As anteriores ficam no registro; vale a mais recente."""

    telefone: str = required(60, "O celular, com DDD", examples=["(49) 98859-0187"])
    finalidade: PurposeName = Field(description="Para que tipo de mensagem")
    aceita: bool = Field(description="Se aceita receber")
    quando: Instant | None = Field(default=None, description="Quando foi dito; sem isto, agora")
    origem: str = required(150, "Onde foi dito", examples=["Contrato assinado em 20/11/2026"])

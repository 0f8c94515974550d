"""What the API answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from integrator.domain.lifecycle import State
from integrator.erp.api_rows import ApiRow, Outcome, SentPart
from integrator.panel.api.fields import Moment, Told

StateName = Annotated[State, WithJsonSchema({"type": "string", "enum": [each.value for each in State]})]
OutcomeName = Annotated[Outcome, WithJsonSchema({"type": "string", "enum": [each.value for each in Outcome]})]
ResponseName = Literal["sim", "nao", "retirada"]


class ClienteDaMensagem(Told):
    """De quem é a mensagem."""

    codigo: str
    nome: str


class Mensagem(Told):
    """Uma mensagem da fila, sem o texto."""

    id: str = Field(description="Identificador (GUID), o mesmo mesmo depois de um backup restaurado")
    chave: str
    situacao: StateName
    motivo: str = Field(description="Por que está assim, para pessoas")
    motivo_codigo: str = Field(description="O mesmo, para programas")
    finalidade: str
    modulo: str
    tipo: str
    empresa: str
    cliente: ClienteDaMensagem
    telefone: str = Field(description="Como veio do ERP")
    aceita_receber: bool
    prioridade: int
    instancia: str
    nao_antes: Moment
    expira_em: Moment
    criada_em: Moment
    atualizada_em: Moment
    confirmada_em: Moment
    enviada_em: Moment
    entregue_em: Moment
    lida_em: Moment
    destino: str = Field(description="O número que recebeu")
    remetente: str = Field(description="O número que enviou")
    teste: bool = Field(description="Foi para o número de teste da loja")
    cancelamento_pedido: bool = Field(description="Pediram para cancelar com a mensagem já em preparo")


class Enfileirada(Told):
    """O que houve com uma mensagem postada."""

    resultado: OutcomeName = Field(description="NOVA, ATUALIZADA ou REPETIDA")
    mensagem: Mensagem
    avisos: tuple[str, ...] = Field(description="O que fará a mensagem ficar retida, se ninguém corrigir")


class Decisao(Told):
    """O que houve com um pedido sobre uma mensagem, e como ela está agora."""

    resultado: OutcomeName
    mensagem: Mensagem


class Lista(Told):
    """Mensagens, da mais antiga para a mais nova."""

    mensagens: tuple[Mensagem, ...]
    proximo: str | None = Field(description="O cursor da próxima página; null na última")


class Parte(Told):
    """Um balão da conversa, sem o conteúdo."""

    ordem: int
    tipo: str = Field(description="texto, documento, pix ou linha")
    nome_arquivo: str
    sha256: str
    tamanho: int
    situacao: str
    motivo: str
    enviada_em: Moment
    entregue_em: Moment
    lida_em: Moment


class Partes(Told):
    """O que saiu de uma mensagem, peça por peça."""

    partes: tuple[Parte, ...]


class Motor(Told):
    """O que o Integrador faz com este banco."""

    texto: str
    proximo_envio: Moment
    problema: str
    simulacao: bool = Field(description="Nada sai deste computador: tudo é só simulado")


class Numero(Told):
    """Um número que envia."""

    nome: str
    numero: str
    situacao: str


class PausaAtual(Told):
    """Se o envio está pausado."""

    pausado: bool
    ate: Moment = Field(description="null: até alguém retomar, ou não está pausado")


class Situacao(Told):
    """Como está o envio de um banco."""

    banco: str
    motor: Motor
    pausa: PausaAtual
    mensagens: dict[str, int] = Field(description="Quantas ainda esperam por algo, em cada situação")
    numeros: tuple[Numero, ...]


class Consentimento(Told):
    """Uma resposta do registro."""

    telefone: str
    finalidade: str
    resposta: ResponseName
    quando: Moment
    origem: str


class Consentimentos(Told):
    """O que o dono do telefone respondeu, da resposta mais nova para a mais antiga."""

    telefone: str
    respostas: tuple[Consentimento, ...]


class ProblemaDoPedido(Told):
    """Uma coisa a corrigir."""

    ponteiro: str = Field(description="JSON Pointer para o campo do corpo, ou o nome do parâmetro")
    mensagem: str


class Erro(Told):
    """Por que o pedido não foi feito. Nada mudou, salvo o que `resultado` disser."""

    erro: str = Field(description="Código, para programas")
    mensagem: str = Field(description="O que houve e o que fazer, para pessoas")
    problemas: tuple[ProblemaDoPedido, ...] = ()
    resultado: OutcomeName | None = None
    estado: Mensagem | None = Field(default=None, description="Como a mensagem está, quando o pedido era sobre uma")


def message_of(row: ApiRow) -> Mensagem:
    """A row as the API tells it."""
    return Mensagem(
        id=row.guid,
        chave=row.key,
        situacao=row.state,
        motivo=row.reason,
        motivo_codigo=row.reason_code,
        finalidade=row.purpose,
        modulo=row.module,
        tipo=row.kind,
        empresa=row.company,
        cliente=ClienteDaMensagem(codigo=row.customer_code, nome=row.customer_name),
        telefone=row.phones,
        aceita_receber=row.accepts,
        prioridade=row.priority,
        instancia=row.instance,
        nao_antes=row.not_before,
        expira_em=row.expires_at,
        criada_em=row.created_at,
        atualizada_em=row.updated_at,
        confirmada_em=row.confirmed_at,
        enviada_em=row.sent_at,
        entregue_em=row.delivered_at,
        lida_em=row.read_at,
        destino=row.destination,
        remetente=row.sender,
        teste=row.test,
        cancelamento_pedido=row.cancel_asked,
    )


def decision_of(outcome: Outcome, row: ApiRow) -> Decisao:
    """What became of a decision."""
    return Decisao(resultado=outcome, mensagem=message_of(row))


def part_of(part: SentPart) -> Parte:
    """One bubble as the API tells it."""
    values: dict[str, Any] = {
        "ordem": part.order,
        "tipo": part.kind,
        "nome_arquivo": part.file_name,
        "sha256": part.sha256,
        "tamanho": part.size,
        "situacao": part.state,
        "motivo": part.reason,
        "enviada_em": part.sent_at,
        "entregue_em": part.delivered_at,
        "lida_em": part.read_at,
    }
    return Parte(**values)

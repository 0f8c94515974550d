"""Everything that the API does, in the order in which its document tells it."""

from __future__ import annotations

from typing import Final

from integrator.panel.api import examples, messages, shop
from integrator.panel.api.answers import (
    Consentimentos,
    Decisao,
    Enfileirada,
    Erro,
    Lista,
    Mensagem,
    Partes,
    PausaAtual,
    Situacao,
)
from integrator.panel.api.keys import Action
from integrator.panel.api.models import ConsentimentoNovo, MensagemNova, Motivo, Pausa
from integrator.panel.api.operation import Operation, Said

_NO_MESSAGE: Final = Said(404, Erro, "Não há mensagem com este id")
_NOT_ANY_MORE: Final = Said(409, Erro, "Não é mais possível; `resultado` e `estado` dizem por quê")

OPERATIONS: Final = (
    Operation(
        "POST",
        "/messages",
        "enfileirar",
        Action.SEND,
        "Pôr uma mensagem na fila",
        "Uma transação: a mensagem entra inteira e liberada, ou não entra. A mesma `chave` com o mesmo conteúdo pode "
        "ser repetida à vontade: é uma mensagem só. Com outro conteúdo, troca o que ainda não saiu. O que o "
        "catálogo, o telefone ou a falta de consentimento vai reter vem em `avisos`; nada é recusado por isso.",
        messages.enqueue,
        (
            Said(201, Enfileirada, "NOVA: está na fila"),
            Said(200, Enfileirada, "REPETIDA: já estava assim. ATUALIZADA: o conteúdo foi trocado"),
            Said(409, Erro, "A mensagem desta chave já saiu, está saindo ou foi cancelada, e o conteúdo é outro"),
        ),
        body=MensagemNova,
        key_header=True,
        examples=examples.MESSAGES,
    ),
    Operation(
        "GET",
        "/messages",
        "listar",
        Action.LOOK,
        "Listar mensagens",
        "Da mais antiga para a mais nova, em páginas.",
        messages.several,
        (Said(200, Lista, "As mensagens"),),
        query=messages.ListQuery,
    ),
    Operation(
        "GET",
        "/messages/{id}",
        "consultar",
        Action.LOOK,
        "Ver uma mensagem",
        "A situação, o motivo e as horas, sem o texto.",
        messages.one,
        (Said(200, Mensagem, "A mensagem"), _NO_MESSAGE),
    ),
    Operation(
        "GET",
        "/messages/{id}/parts",
        "partes",
        Action.LOOK,
        "Ver o que saiu, peça por peça",
        "Texto, arquivos e códigos, com o SHA-256 do que foi enviado, sem o conteúdo.",
        messages.parts,
        (Said(200, Partes, "As peças; nenhuma antes de sair"), _NO_MESSAGE),
    ),
    Operation(
        "POST",
        "/messages/{id}/cancel",
        "cancelar",
        Action.CANCEL,
        "Não enviar",
        "Com a mensagem já em preparo o pedido fica gravado e vale se ela ainda não saiu (`JA_RESERVADA`); confira "
        "depois.",
        messages.cancel,
        (
            Said(200, Decisao, "OK, ou já estava cancelada"),
            Said(202, Decisao, "JA_RESERVADA: o pedido ficou gravado"),
            _NO_MESSAGE,
            _NOT_ANY_MORE,
        ),
        body=Motivo,
        body_required=False,
        examples=examples.CANCEL,
    ),
    Operation(
        "POST",
        "/messages/{id}/confirm",
        "confirmar",
        Action.SEND,
        "Dizer “sim” a uma mensagem que espera",
        "Para as que estão `aguardando_confirmacao`.",
        messages.confirm,
        (Said(200, Decisao, "OK, ou já estava pendente"), _NO_MESSAGE, _NOT_ANY_MORE),
    ),
    Operation(
        "POST",
        "/messages/{id}/release",
        "liberar",
        Action.SEND,
        "Soltar uma mensagem retida",
        "Depois de corrigido o motivo. O que foi retido depois de um backup restaurado só uma pessoa solta, no painel.",
        messages.release,
        (Said(200, Decisao, "OK"), _NO_MESSAGE, _NOT_ANY_MORE),
    ),
    Operation(
        "GET",
        "/status",
        "situacao",
        Action.LOOK,
        "Ver como está o envio",
        "O que o Integrador faz, a próxima mensagem, as contagens, a pausa e os números conectados.",
        shop.status,
        (Said(200, Situacao, "A situação"),),
    ),
    Operation(
        "POST",
        "/pause",
        "pausar",
        Action.CANCEL,
        "Pausar o envio",
        "Nada sai até `ate`, ou até alguém retomar. A mensagem que está saindo termina.",
        shop.pause,
        (Said(200, PausaAtual, "A pausa"),),
        body=Pausa,
        body_required=False,
        examples=examples.PAUSE,
    ),
    Operation(
        "POST",
        "/resume",
        "retomar",
        Action.SEND,
        "Retomar o envio",
        "Termina a pausa.",
        shop.resume,
        (Said(200, PausaAtual, "Sem pausa"),),
    ),
    Operation(
        "GET",
        "/consents",
        "consentimentos",
        Action.LOOK,
        "Ver o que um contato respondeu",
        "O registro do telefone, com e sem o nono dígito, da resposta mais nova para a mais antiga.",
        shop.answers,
        (Said(200, Consentimentos, "As respostas"),),
        query=shop.PhoneQuery,
    ),
    Operation(
        "POST",
        "/consents",
        "consentir",
        Action.SEND,
        "Registrar uma resposta do contato",
        "O mesmo registro de `WA_CONSENTIMENTO`: um “não” vence sempre, e o que foi dito antes continua guardado.",
        shop.answer,
        (Said(201, Consentimentos, "O registro, já com a resposta"),),
        body=ConsentimentoNovo,
        examples=examples.CONSENT,
    ),
)

"""A record of the log in words: what happened, for who does not know the names of actions."""

from __future__ import annotations

import re
from typing import Final

from integrator.logs.record import Record

LEVELS: Final = {"DEBUG": "detalhe", "INFO": "informação", "WARNING": "aviso", "ERROR": "erro", "CRITICAL": "erro"}
_NAMED = re.compile(r"action=(\w+)")
#: What each action means, with fields of its own.
ACTIONS: Final = {
    "ready": "Pronto para trabalhar com o banco {database}.",
    "waiting": "Esperando para começar.",
    "stopped": "Parou.",
    "status": "{text}",
    "problem": "{title}: {message}",
    "problem_over": "{message}",
    "reserved": "Mensagem {row}: reservada para envio.",
    "sending": "Mensagem {row}: enviando {parts} parte(s) para {to}.",
    "posted": "Parte {part} entregue ao WhatsApp: {outcome}.",
    "finished": "Mensagem {row}: {state}.",
    "held": "Mensagem {row}: retida.",
    "uncertain": "Mensagem {row}: incerta.",
    "refused": "Mensagem {row}: recusada.",
    "try_later": "Mensagem {row}: fica para mais tarde.",
    "recompose": "Mensagem {row}: o conteúdo mudou e foi montado de novo.",
    "lost": "Mensagem {row}: já não era deste Integrador.",
    "receipt": "Recibo do WhatsApp: {kind}.",
    "asked": "{rows} mensagem(ns) passaram a aguardar confirmação.",
    "closing_watched": "O fechamento do Integrador está ligado.",
    "closing_begins": "Começou o fechamento.",
    "closing_warning": "{message}",
    "closing_problem": "{title}: {message}",
    "config_changed": "A configuração mudou e foi lida de novo.",
    "config_refused": "A configuração nova não pode ser usada: {message}",
    "panel_ready": "O painel está aberto na porta {port}.",
    "panel_refused": "O painel não abriu: {message}",
    "page_refused": "Uma página do painel avisou: {title}.",
    "database_silent": "O servidor do banco demorou demais para responder.",
    "database_restored": "O banco foi restaurado de um backup: {held} mensagem(ns) retida(s).",
    "computer_replaced": "O Integrador mudou de computador: {held} mensagem(ns) retida(s).",
    "authorised": "Este computador foi autorizado a enviar.",
    "retired": "Este computador deixou de enviar.",
    "gateway_unreachable": "Mensagem {row}: o WhatsApp não respondeu.",
    "answered": "Resposta automática a {to}: {outcome}.",
    "api_done": "A API atendeu um pedido: {operation}.",
    "api_refused": "A API recusou um pedido: {title}.",
    "asks": "Este computador só simula até que alguém responda: {reason}.",
    "authority_made": "Foi criada a autoridade que assina os certificados do painel.",
    "callbacks_wait": "Os avisos para outros programas esperam.",
    "called_back": "Outro programa foi avisado: {event}.",
    "certificate_made": "Foi criado um certificado para o painel.",
    "computer_resumed": "O computador voltou da suspensão.",
    "desktop_message": "O Integrador foi aberto de novo: {message}.",
    "desktop_ready": "O ícone e as janelas estão prontos.",
    "documents_queued": "O fechamento colocou {messages} mensagem(ns) na fila.",
    "engine_started": "Número {instance}: começou a trabalhar.",
    "engine_stopped": "Número {instance}: parou de trabalhar.",
    "erasure_waits": "Apagar os dados de um cliente fica para mais tarde: {message}",
    "examination_refused": "A verificação não pôde ser feita: {message}",
    "instance_created": "Número {instance}: foi criado no Evolution API.",
    "late_answer": "Uma janela foi fechada antes da resposta que pediu.",
    "logged_out": "Número {instance}: desconectado.",
    "logo_left_out": "O logotipo não pôde ser lido e ficou de fora do documento.",
    "log_gap": "Aqui faltam {lost} linha(s), que não puderam ser gravadas.",
    "log_unreadable": "O registro não pôde ser lido.",
    "news_lost": "Um aviso do WhatsApp não pôde ser guardado.",
    "news_not_written": "Um aviso do WhatsApp ainda não pôde ser guardado.",
    "new_record": "Um cadastro novo foi conferido: {result}.",
    "new_records_wait": "Os cadastros novos esperam: {message}",
    "no_tray": "O sistema não mostra ícones ao lado do relógio.",
    "not_ours_any_more": "Mensagem {row}: já não era deste Integrador.",
    "notification_not_shown": "O sistema não mostrou um aviso: {title}.",
    "obeyed": "{who} respondeu com a palavra {word}, e foi atendido.",
    "paired": "Número {instance}: conectado.",
    "pairing_begun": "Número {instance}: esperando o celular para conectar.",
    "rehearsed": "Mensagem {row}: simulada, {fate}.",
    "rescue_later": "Mensagem {row}: o que ficou pela metade será conferido mais tarde.",
    "rescued": "Mensagem {row}: tinha ficado pela metade; agora está {state}.",
    "restricted": "Mensagem {row}: o WhatsApp restringiu o número.",
    "robot": "Quem respondeu parece ser um robô: {who}.",
    "sender_sign": "O WhatsApp deu um sinal de alerta sobre o número {sender}.",
    "sender_stopped": "O número {sender} parou de enviar: {why}.",
    "session_end": "O Windows encerrou a sessão.",
    "summary": "O resumo do dia foi colocado na fila.",
    "summary_later": "O resumo do dia fica para mais tarde: {message}",
    "webhook_refused": "Um aviso de fora foi recusado: não provou de quem vinha.",
    "webhook_verified": "Número {instance}: o endereço de avisos foi confirmado.",
    "whatsapp_worker_ended": "A ligação com o WhatsApp caiu e será refeita.",
    "whatsapp_worker_started": "A ligação com o WhatsApp começou.",
    "awaited_unusable": "Número {instance}: a lista das mensagens que esperam recibo não pôde ser usada.",
    "batch_refused": "Um lote de mensagens foi recusado pelo banco.",
    "connection_finding": "Teste da conexão, {check}: {detail}",
    "connection_trial": "Uma pergunta da janela da conexão ao banco terminou.",
    "console_end": "O Windows pediu que o programa terminasse.",
    "desktop_deaf": "Abrir o Integrador de novo não vai mostrar este: ele não pode ser chamado.",
    "desktop_message_lost": "O Integrador que já estava aberto não respondeu.",
    "desktop_message_unknown": "O Integrador foi chamado com um pedido que não conhece.",
    "draft_refused": "A mensagem {key} não pôde ser posta na fila.",
    "engine_elsewhere": "O envio está com outro programa deste computador.",
    "heard_again": "O banco é uma cópia mais antiga: o que as pessoas escreveram depois dela foi ouvido de novo.",
    "inbound_without_phone": "Número {instance}: {count} resposta(s) sem telefone, que não puderam ser atendidas.",
    "local_ready": "As janelas deste computador são atendidas na porta {port}.",
    "local_refused": "Um pedido das janelas foi recusado: {title}.",
    "meta_failed": "A Meta avisou que uma mensagem não foi entregue: {detail}",
    "meta_number": "Número {instance}: a Meta avisou de uma mudança ({event}).",
    "meta_stops_number": "A Meta recusa os envios deste número: {detail}",
    "native_crashes_not_watched": "Quedas de bibliotecas nativas não serão anotadas.",
    "news_not_understood": "Um aviso do WhatsApp não foi entendido.",
    "not_forwarded": "O que {who} escreveu não foi passado adiante: foram muitas mensagens em uma hora.",
    "pairing": "Número {instance}: alguém mexeu na conexão do celular; a situação é {state}.",
    "pairing_untold": "A situação do número não pôde ser escrita no banco {database}.",
    "password_unreadable": "A senha guardada não pôde ser lida: {message}",
    "rehearsal_shown": "{rows} mensagem(ns) simulada(s) estão em {page}.",
    "session_not_deleted": "A conexão do WhatsApp não pôde ser apagada deste computador.",
    "session_not_watched": "O programa não será avisado quando o Windows encerrar a sessão.",
    "session_not_written": "A conexão do WhatsApp não pôde ser gravada neste computador.",
    "standing_changed": "A autorização deste computador mudou.",
    "template": "A Meta avisou do modelo {name}: {event}.",
    "tidy_later": "A arrumação da fila fica para mais tarde: o ERP está gravando nela.",
    "webhook_not_kept": "Número {instance}: um aviso da Meta não pôde ser guardado.",
    "webhook_set": "Número {instance}: o endereço dos avisos foi dito ao servidor (resposta {status}).",
    "webhook_unknown": "Número {instance}: o servidor não disse para onde manda os avisos.",
    "webhook_unreadable": "Número {instance}: um aviso da Meta não pôde ser lido.",
    "wrong_phone_not_unlinked": "O celular errado não pôde ser desconectado; desconecte-o no próprio celular.",
    "defect": "Um erro que o programa não conhecia; o suporte precisa deste registro.",
    "command_refused": "{message}",
}


def in_words(record: Record) -> str:
    """A sentence; the record as it is where nothing better is known."""
    known = ACTIONS.get(_action(record))
    if known is None:
        return _plain(record)
    try:
        return known.format_map(record.fields)
    except KeyError:  # another version's record
        return _plain(record)


def _action(record: Record) -> str:
    """Of an event, or of a plain message that names one."""
    told = _NAMED.match(record.fields.get("msg", ""))
    return record.fields.get("action", told[1] if told else "")


def _plain(record: Record) -> str:
    fields = record.fields
    told = ": ".join(fields[name] for name in ("title", "message", "msg", "text") if fields.get(name))
    return told or record.body.partition("\n")[0]

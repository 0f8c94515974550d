"""The attachment itself: login, versions, dialect and charset, clocks, and transactions left open."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from integrator.domain.fault import Fault
from integrator.erp.schema.user import USER
from integrator.messages.formatting import format_count
from integrator.secrets import Source, database_password
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import OpenTransactions, ServerFacts, open_transactions, server_facts
from integrator.support.finding import Answer, broken, fine, warning
from integrator.support.words import duration

_GROUP = "Banco de dados"
_ADMINISTRATOR: Final = "SYSDBA"
_OLDEST_VERSION: Final = (2, 5)
_NEWEST_MAJOR: Final = 5
_SKEW_S, _LARGE_SKEW_S = 60, 600
_LONG_S, _VERY_LONG_S = 60, 600
_OTHERS_LONG_S: Final = 4 * 3600
_LARGE_GAP: Final = 100_000


def attach(context: Context) -> Answer:
    facts = context.database.read(server_facts)
    if facts.read_only:
        return broken(
            "O banco está aberto só para leitura, e a fila não pode ser gravada.",
            "Peça ao suporte do ERP para voltar o banco ao modo normal (gfix -mode read_write).",
            fault=Fault.READ_ONLY,
        )
    role = f", papel {facts.role}" if facts.role not in ("", "NONE") else ""
    return fine(f"Conectado ao banco como {facts.user}{role}.")


def login(context: Context) -> Answer:
    chosen = context.settings.database
    password, source = database_password(chosen.secret)
    return judge_login(chosen.user, source, factory=source is Source.FACTORY or password == "masterkey")


def judge_login(user: str, source: Source, *, factory: bool) -> Answer:
    if user.upper() == _ADMINISTRATOR:
        weak = " com a senha padrão do Firebird, que todos conhecem" if factory else ""
        return warning(
            f"O integrador entra como {_ADMINISTRATOR}{weak}; ele só precisa das tabelas WA_*.",
            f"Crie o usuário de menor privilégio com: integrator schema user. Depois escreva usuario = "
            f'"{USER}" em [banco], no config.toml.',
            fault=Fault.ADMINISTRATOR,
        )
    if factory:
        return warning(
            f"O usuário {user} entra com a senha padrão do Firebird.",
            "Troque a senha e guarde-a: integrator senha",
            fault=Fault.FACTORY_PASSWORD,
        )
    return fine(f"Usuário {user}; a senha vem de: {source.value}.")


def version(context: Context) -> Answer:
    return judge_version(context.database.read(server_facts).version)


def judge_version(text: str) -> Answer:
    found = re.match(r"(\d+)\.(\d+)", text)
    if found is None:
        return warning(f"Versão do servidor não reconhecida: “{text}”.", "Confira se o servidor é um Firebird.")
    number = (int(found[1]), int(found[2]))
    if number < _OLDEST_VERSION:
        return broken(f"O servidor é Firebird {text}, anterior ao 2.5.", "Atualize o Firebird com o suporte do ERP.")
    if number[0] > _NEWEST_MAJOR:
        return warning(
            f"O servidor é Firebird {text}, mais novo do que o integrador conhece.", "Atualize o Integrador."
        )
    return fine(f"Firebird {text}.")


def form(context: Context) -> Answer:
    return judge_form(context.database.read(server_facts))


def judge_form(facts: ServerFacts) -> Answer:
    text = f"Dialeto {facts.dialect}, caracteres {facts.charset}."
    if facts.dialect == 2:
        return warning(
            f"{text} O dialeto 2 é só uma passagem entre o 1 e o 3.",
            "Peça ao suporte do ERP para acertar o dialeto do banco (1 ou 3).",
        )
    return fine(text)


def clock(context: Context) -> Answer:
    before = context.machine.now()
    server = context.database.read(server_facts).now
    return judge_clock(server, before + (context.machine.now() - before) / 2)


def judge_clock(server: datetime, here: datetime) -> Answer:
    seconds = round((here - server).total_seconds())
    if abs(seconds) <= _SKEW_S:
        return fine("Os relógios deste computador e do servidor estão de acordo.")
    direction = "adiantado" if seconds > 0 else "atrasado"
    text = f"O relógio deste computador está {duration(abs(seconds))} {direction} em relação ao do servidor."
    fix = (
        "Acerte data, hora e fuso horário dos dois pela internet (no Windows: Configurações, Hora e idioma, "
        "Sincronizar agora). Com o relógio errado as mensagens saem fora do horário permitido."
    )
    return broken(text, fix) if abs(seconds) > _LARGE_SKEW_S else warning(text, fix)


def transactions(context: Context) -> Answer:
    facts, opened = context.database.read(lambda session: (server_facts(session), open_transactions(session)))
    return judge_transactions(opened, facts.gap)


def judge_transactions(opened: tuple[OpenTransactions, ...], gap: int) -> Answer:
    ours = max((each.oldest_s for each in opened if each.ours), default=0)
    if ours > _LONG_S:
        text = f"Há uma transação do integrador aberta há {duration(ours)}; ela deveria durar instantes."
        fix = "Reinicie o integrador e, se voltar a acontecer, gere o pacote de suporte."
        return broken(text, fix) if ours > _VERY_LONG_S else warning(text, fix)
    others = [each for each in opened if not each.ours and each.oldest_s > _OTHERS_LONG_S]
    if gap > _LARGE_GAP or others:
        whose = f" A mais antiga que se vê é de {others[0].program} em {others[0].address}." if others else ""
        since = f" Ela está aberta há {duration(others[0].oldest_s)}." if others else ""
        behind = format_count(gap, "transação começou", "transações começaram")
        return warning(
            f"Desde a transação mais antiga ainda aberta, {behind}: o banco não limpa versões velhas e fica "
            f"lento.{whose}{since}",
            "Feche e abra o programa que a segura (em geral uma estação do ERP ligada há dias) e avise o suporte "
            "do ERP.",
        )
    return fine("Nenhuma transação do integrador ficou aberta, e o banco limpa o que é velho.")


_REACHED = ("configuracao", "biblioteca", "nome_servidor", "porta")
_FROZEN: Final = "A porta do servidor abre, mas o Firebird não responde: o serviço está travado."
_ATTACHED = ("configuracao", "conexao")
CHECKS = (
    Check("conexao", _GROUP, "Conexão", attach, _REACHED, 20.0, _FROZEN),
    Check("usuario", _GROUP, "Usuário", login, ("configuracao",)),
    Check("versao_servidor", _GROUP, "Versão do servidor", version, _ATTACHED),
    Check("formato", _GROUP, "Dialeto e caracteres", form, _ATTACHED),
    Check("relogio", _GROUP, "Relógio", clock, _ATTACHED),
    Check("transacoes", _GROUP, "Transações", transactions, _ATTACHED, 10.0),
)

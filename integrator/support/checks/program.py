"""The program itself: version, its files, and the loopback that panel and simulator use."""

from __future__ import annotations

import platform
import sys

from integrator import __version__
from integrator.messages.formatting import format_count
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, broken, fine

_GROUP = "Programa"
_SHOWN = 4


def version(context: Context) -> Answer:
    del context
    form = "programa instalado" if getattr(sys, "frozen", False) else "pasta do projeto"
    bits = "64 bits" if sys.maxsize > 2**32 else "32 bits"
    return fine(
        f"Integrador {__version__} ({form}), Python {platform.python_version()} de {bits}, "
        f"{platform.system()} {platform.release()}."
    )


def files(context: Context) -> Answer:
    missing = context.machine.missing_files()
    if not missing:
        return fine("Todos os arquivos do programa e das bibliotecas estão no lugar.")
    shown = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
    return broken(
        f"{format_count(len(missing), 'arquivo do programa não está', 'arquivos do programa não estão')} no disco: "
        f"{shown}.",
        "Veja se o antivírus os pôs em quarentena, restaure-os, cadastre a pasta do Integrador como exceção e, se "
        "preciso, instale o programa de novo por cima.",
    )


def loopback(context: Context) -> Answer:
    try:
        context.machine.loopback()
    except OSError:
        return broken(
            "Um programa deste computador não consegue falar com outro pela rede interna (127.0.0.1).",
            "Libere o Integrador no firewall ou no antivírus deste computador para conexões locais.",
        )
    return fine("As conexões internas deste computador (127.0.0.1) estão livres.")


CHECKS = (
    Check("programa", _GROUP, "Versão", version),
    Check("arquivos", _GROUP, "Arquivos do programa", files, limit_s=15.0),
    Check("rede_interna", _GROUP, "Portas locais", loopback),
)

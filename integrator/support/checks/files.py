"""Attachments that the ERP leaves on the disk: the allowed folders, and a sample of what waits to be sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PureWindowsPath
from typing import Final

from integrator.documents.files import check_attachment
from integrator.domain.errors import DocumentError
from integrator.domain.message import Attachment
from integrator.messages.formatting import format_count
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.erp_facts import stored_files
from integrator.support.finding import Answer, broken, fine, warning

_GROUP = "Anexos"
_MEGABYTE: Final = 1024 * 1024


def folders(context: Context) -> Answer:
    allowed = [Path(folder) for folder in context.settings.documents.allowed_folders]
    return judge_folders(allowed, Path.is_dir)


def judge_folders(allowed: Sequence[Path], reachable: Callable[[Path], bool]) -> Answer:
    if not allowed:
        return fine("Nenhuma pasta de anexos permitida: só vão anexos gravados no próprio banco.")
    away = [folder for folder in allowed if not reachable(folder)]
    if not away:
        return fine(f"{format_count(len(allowed), 'pasta permitida', 'pastas permitidas')}, ao alcance.")
    shown = ", ".join(str(folder) for folder in away)
    lettered = [folder for folder in away if _has_letter(folder)]
    fix = "Confira o caminho, a permissão e a rede; corrija [documentos] pastas_permitidas."
    if lettered:
        fix += (
            r" Uma letra de unidade mapeada não existe para serviços: escreva o caminho de rede, como \\SRV01\BOLETOS."
        )
    return broken(f"Não alcanço a pasta permitida: {shown}.", fix)


def _has_letter(folder: Path) -> bool:
    drive = PureWindowsPath(str(folder)).drive
    return drive.endswith(":") and drive.upper() != "C:"


def sample(context: Context) -> Answer:
    chosen = context.settings.documents
    allowed = [Path(folder) for folder in chosen.allowed_folders]
    stored = context.database.read(stored_files)
    reasons: list[str] = []
    for file in stored:
        attachment = Attachment(file_name=file.file_name, mime=file.mime, path=file.path)
        try:
            check_attachment(attachment, allowed, chosen.max_size_mb * _MEGABYTE)
        except DocumentError as error:
            reasons.append(error.message)
    return judge_sample(len(stored), reasons)


def judge_sample(looked: int, reasons: Sequence[str]) -> Answer:
    if not looked:
        return fine("Nenhuma mensagem pendente leva arquivo do disco.")
    seen = format_count(looked, "arquivo conferido", "arquivos conferidos")
    if not reasons:
        return fine(f"Certo: {seen} das mensagens pendentes.")
    text = f"De {seen}, {format_count(len(reasons), 'não pode ser enviado', 'não podem ser enviados')}"
    return warning(
        f"{text}. {reasons[0]}",
        "Veja se a pasta está em [documentos] pastas_permitidas, se este computador a alcança e se o antivírus não "
        "levou o arquivo. Enquanto isso a mensagem fica retida.",
        shared=f"{text}.",
    )


_READY = ("configuracao", "conexao", "contrato")
CHECKS = (
    Check("pastas", _GROUP, "Pastas permitidas", folders, ("configuracao",), 8.0),
    Check("amostra_anexos", _GROUP, "Arquivos a enviar", sample, (*_READY, "pastas"), 20.0),
)

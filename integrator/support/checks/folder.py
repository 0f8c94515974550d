"""The data folder and the configuration: can they be read and written, and is there room."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from integrator.app import JOURNAL_FILE
from integrator.domain.errors import SettingsError
from integrator.messages.formatting import format_count
from integrator.paths import log_folder
from integrator.support.context import Context
from integrator.support.doctor import Check
from integrator.support.finding import Answer, broken, fine, warning

_GROUP = "Este computador"
_MEGABYTE: Final = 1024 * 1024
_LITTLE_MB, _TOO_LITTLE_MB = 1024, 200
_LARGE_LOG_MB: Final = 500


def data_folder(context: Context) -> Answer:
    folder = context.data
    if not folder.exists():
        parent = _existing(folder)
        return _written(context, parent, f"A pasta de dados {folder} ainda não existe; ela é criada no primeiro uso.")
    if not folder.is_dir():
        return broken(f"{folder} é um arquivo, e não uma pasta.", "Escolha outra pasta de dados com --dados.")
    return _written(context, folder, f"A pasta de dados {folder} aceita gravação.")


def _written(context: Context, folder: Path, well: str) -> Answer:
    try:
        context.machine.try_write(folder)
    except OSError as error:
        return broken(
            f"Não consegui gravar em {folder} ({type(error).__name__}).",
            "Confira a permissão da pasta e o espaço em disco, ou escolha outra com --dados. Sem ela nada é enviado.",
        )
    return fine(well)


def disk(context: Context) -> Answer:
    free = context.machine.free_bytes(_existing(context.data)) // _MEGABYTE
    shown = f"{free:,} MB livres".replace(",", ".")
    text = f"{shown} no disco da pasta de dados."
    if free < _TOO_LITTLE_MB:
        return broken(text, f"Libere espaço: com menos de {_TOO_LITTLE_MB} MB o diário de envios pode parar.")
    if free < _LITTLE_MB:
        return warning(text, "Libere espaço antes que o disco encha: sem o diário de envios nada sai.")
    return fine(text)


def log_size(context: Context) -> Answer:
    files = list(log_folder(context.data).glob("*.log"))
    size = sum(file.stat().st_size for file in files) // _MEGABYTE
    text = f"{format_count(len(files), 'arquivo', 'arquivos')} de registro, {size} MB."
    if size > _LARGE_LOG_MB:
        return warning(text, "Diminua [registro] dias, ou volte [registro] nivel para normal, no config.toml.")
    return fine(text)


def journal(context: Context) -> Answer:
    """Read only, beside a daemon that writes."""
    path = context.data / JOURNAL_FILE
    if not path.exists():
        return fine("Ainda não há diário de envios: ele começa com o primeiro envio.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)) as db:
            (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
            db.execute("SELECT id FROM journal").fetchone()
    except sqlite3.Error as error:
        verdict = type(error).__name__
    if verdict == "ok":
        return fine(f"O diário de envios está íntegro ({path.stat().st_size // _MEGABYTE} MB).")
    return broken(
        "O diário de envios (integrator.db) está danificado ou não pode ser lido. Sem ele nada é enviado.",
        "Pare o integrador, guarde uma cópia da pasta de dados e chame o suporte antes de apagar qualquer arquivo.",
    )


def configuration(context: Context) -> Answer:
    try:
        settings = context.settings
    except SettingsError as error:
        _, _, problems = error.message.partition("\n")
        keys = ", ".join(line[2:].partition(" = ")[0].partition(": ")[0] for line in problems.splitlines())
        shared = f"A configuração precisa de correção{f' em {keys}' if keys else ''}."
        return broken(error.message, "Corrija o arquivo e rode o diagnóstico de novo.", shared=shared)
    if not any(database.path for database in settings.databases):
        return broken(
            f"O arquivo {context.config} ainda não diz qual é o banco de dados do ERP."
            if context.config.exists()
            else f"Ainda não há configuração em {context.config}.",
            "Escreva nele a seção [banco] com servidor e caminho; config.example.toml mostra como.",
        )
    return fine(f"A configuração {context.config} foi lida sem erros.")


def _existing(folder: Path) -> Path:
    return next((each for each in (folder, *folder.parents) if each.exists()), Path(folder.anchor or "."))


CHECKS = (
    Check("pasta_dados", _GROUP, "Pasta de dados", data_folder),
    Check("disco", _GROUP, "Espaço em disco", disk),
    Check("diario", _GROUP, "Diário de envios", journal, limit_s=10.0),
    Check("registro", _GROUP, "Registro", log_size),
    Check("configuracao", _GROUP, "Configuração", configuration),
)

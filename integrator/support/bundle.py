"""The support bundle: a ZIP that a shop may send by e-mail, without anything about its customers and no secret.

Every member is made of what is known to be harmless (see ``log_scrub``, ``config_scrub``, ``bundle_facts``) and is
masked once more as a whole. ``docs/diagnostico.md`` says what is in it and what never is.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import platform
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from integrator import __version__
from integrator.domain.errors import GatewayError, IntegratorError
from integrator.gateways.configured import SIMULATOR_FOLDER
from integrator.gateways.simulator.wire import read_card
from integrator.logs.masking import Masker
from integrator.paths import log_folder
from integrator.support.bundle_facts import database_facts
from integrator.support.config_scrub import scrubbed_config
from integrator.support.context import Context
from integrator.support.doctor import Report, within
from integrator.support.finding import Level
from integrator.support.known_secrets import known_secrets
from integrator.support.log_scrub import scrub
from integrator.support.program_files import LIBRARIES
from integrator.support.report import as_json, as_text

_LOG_DAYS: Final = 7
_LOG_BYTES: Final = 5 * 1024 * 1024
_DATABASE_S: Final = 20.0
_LOG_NAME = re.compile(r"integrador-\d{4}-\d\d-\d\d\.log")
_READ_ME: Final = """\
Pacote de suporte do Integrador.

diagnostico.txt e diagnostico.json   o resultado de integrator doctor
config.toml                          a configuração, reescrita sem comentários, textos, senhas e chaves desconhecidas
banco*.json                          quantas mensagens há em cada situação e os últimos eventos, só por número
registro/                            os últimos dias do registro, reduzidos a ações, números e códigos de erro
versoes.txt                          versões do programa, do sistema e das bibliotecas

Não há aqui nomes, telefones, CPF, CNPJ, textos de mensagens, anexos, senhas nem o diário de envios.
"""


class BundleError(IntegratorError):
    """The bundle cannot be written."""

    title = "Pacote de suporte não gravado"


def refuse_existing(path: Path, *, replace: bool) -> None:
    """Raises :class:`BundleError` when ``path`` is taken and must not be replaced: asked before the long work."""
    if path.is_dir():
        raise BundleError(f"{path} é uma pasta. Escreva também o nome do arquivo, por exemplo pacote.zip.")
    if path.exists() and not replace:
        raise BundleError(
            f"O arquivo {path} já existe e não foi mexido. Escolha outro nome, ou acrescente --substituir."
        )


def write_bundle(path: Path, report: Report, context: Context, *, replace: bool = False) -> None:
    """Write all of it, or nothing: the file appears under its name once it is complete. Raises :class:`BundleError`."""
    refuse_existing(path, replace=replace)
    content = _zipped(report, context)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        try:
            Path(unfinished.name).replace(path)
        except OSError:
            Path(unfinished.name).unlink()
            raise
    except OSError as error:
        raise BundleError(
            f"Não consegui gravar {path}. Confira se a pasta existe e aceita gravação, e se o arquivo não está aberto "
            "em outro programa.",
            detail=repr(error),
        ) from error


def _zipped(report: Report, context: Context) -> bytes:
    masker = _masker(context)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _members(report, context):
            archive.writestr(name, masker(text))
    return buffer.getvalue()


def _members(report: Report, context: Context) -> Iterator[tuple[str, str]]:
    yield "LEIA-ME.txt", _READ_ME
    yield "diagnostico.txt", as_text(report, shared=True)
    yield "diagnostico.json", as_json(report, shared=True)
    yield "config.toml", scrubbed_config(context.config)
    yield "versoes.txt", _versions()
    yield from _databases(report, context)
    for file in _logs(log_folder(context.data)):
        yield f"registro/{file.name}", _log(file)


def _databases(report: Report, context: Context) -> Iterator[tuple[str, str]]:
    """Of each database that the doctor could use: one that hung or is damaged is not asked again."""
    usable = {each.database for each in report.findings if each.id == "contrato" and each.level is Level.OK}
    for name in sorted(usable):
        seen = context.of_database(name) if name else context
        found: list[str] = []
        within(partial(_ask, seen, found), _DATABASE_S)
        yield f"banco{f'-{name}' if name else ''}.json", found[0] if found else '{"erro": "sem resposta"}\n'


def _ask(context: Context, answers: list[str]) -> None:
    try:
        facts = context.database.read(database_facts)
    except IntegratorError as error:
        facts = {"erro": type(error).__name__}
    answers.append(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    context.close()


def _logs(folder: Path) -> list[Path]:
    try:
        files = [file for file in folder.iterdir() if _LOG_NAME.fullmatch(file.name)]
    except OSError:
        return []
    return sorted(files, key=lambda file: file.name)[-_LOG_DAYS:]


def _log(file: Path) -> str:
    """The end of a day's log; the first line of a cut one is left out, for it may be a half."""
    try:
        with file.open("rb") as source:
            size = source.seek(0, os.SEEK_END)
            source.seek(max(0, size - _LOG_BYTES))
            lines = source.read().decode("utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"# não pôde ser lido: {type(error).__name__}\n"
    kept = scrub(lines[1:] if size > _LOG_BYTES else lines)
    return "".join(f"{line}\n" for line in kept)


def _versions() -> str:
    lines = [
        f"integrador {__version__}",
        f"python {platform.python_version()} {sys.maxsize.bit_length() + 1} bits",
        f"sistema {platform.system()} {platform.release()} {platform.version()} {platform.machine()}",
        f"variaveis {' '.join(sorted(name for name in os.environ if name.startswith('INTEGRATOR_'))) or 'nenhuma'}",
    ]
    for name in LIBRARIES:
        try:
            lines.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            lines.append(f"{name} (versão desconhecida)")
    return "\n".join(lines) + "\n"


def _masker(context: Context) -> Masker:
    """Knows every secret of this installation that can be read, also where the configuration cannot."""
    masker = Masker()
    settings = None
    with suppress(IntegratorError):
        settings = context.settings
    for secret in known_secrets(settings):
        masker.add_secret(secret)
    with suppress(GatewayError):  # no simulator ever ran here: no token
        masker.add_secret(read_card(context.data / SIMULATOR_FOLDER).token)
    return masker

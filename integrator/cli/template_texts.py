"""What the ``template`` commands share: which situation is meant, the shop's own texts, and files with a text."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from integrator.cli.portuguese import WrongUsage
from integrator.domain.errors import SettingsError
from integrator.messages.catalogue import (
    MODULES,
    Module,
    Situation,
    debt_notice,
    find_situation,
    module_named,
)
from integrator.messages.schema import alike, plain
from integrator.policies import debt_texts
from integrator.settings import Settings

_MAX_BYTES = 1_000_000

ModuleNamed = Annotated[str, typer.Argument(metavar="MODULO", help='O módulo, como "ORDEM DE SERVIÇO" ou nfe.')]
KindNamed = Annotated[str, typer.Argument(metavar="TIPO", help='O tipo da mensagem, como "STATUS OS".')]
OfModule = Annotated[str, typer.Option("--modulo", metavar="MODULO", help="O módulo da mensagem.")]
OfKind = Annotated[str, typer.Option("--tipo", metavar="TIPO", help="O tipo da mensagem, dentro do módulo.")]


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text that the shop wrote in ``config.toml``: where, and for what."""

    place: str
    situation: Situation
    source: str


def module_of(name: str) -> Module:
    """The module of that name. Raises :class:`WrongUsage`."""
    found = module_named(name)
    if found is None:
        raise WrongUsage(f"Não há módulo chamado “{name}”.{_meant(name, MODULES)}")
    return found


def situation_named(module: str, kind: str) -> Situation:
    """The situation of that module and name. Raises :class:`WrongUsage`."""
    found = module_of(module)
    situation = find_situation(found.name, kind)
    if situation is None:
        kinds = [each.kind for each in found.situations]
        raise WrongUsage(f"O módulo {found.name} não tem o tipo “{kind}”.{_meant(kind, kinds)}")
    return situation


def chosen_situation(module: str, kind: str) -> Situation | None:
    """The situation of ``--modulo`` and ``--tipo``, or None without both. Raises :class:`WrongUsage`."""
    if not module and not kind:
        return None
    if not (module and kind):
        raise WrongUsage("--modulo e --tipo andam juntos: informe os dois.")
    return situation_named(module, kind)


def own_texts(settings: Settings) -> Iterator[OwnText]:
    """The shop's own texts. Raises :class:`SettingsError` for one of a situation that does not exist."""
    for debt in debt_texts(settings):
        if debt.text:
            yield OwnText(f"[mensagens] {debt.key}", debt_notice(debt.kind), debt.text)
    for each in settings.messages.situations:
        situation = find_situation(each.module, each.kind)
        if situation is None:
            raise SettingsError(
                f"[[mensagens.situacoes]] no config.toml: o módulo “{each.module}” não tem o tipo “{each.kind}”. "
                "Veja os nomes com: integrator template list"
            )
        if each.text:
            yield OwnText(f"[[mensagens.situacoes]] {situation.module}, {situation.kind}", situation, each.text)


def read_text(file: str) -> str:
    """The text in ``file``, ``-`` for the standard input: UTF-8, else Windows-1252. Raises :class:`SettingsError`."""
    try:
        raw = sys.stdin.buffer.read(_MAX_BYTES + 1) if file == "-" else _read(Path(file))
    except OSError as error:
        raise SettingsError(f"Não consegui ler {file}. Confira o caminho e a permissão.", detail=repr(error)) from error
    if len(raw) > _MAX_BYTES:
        raise SettingsError(f"O arquivo {file} é grande demais para ser o texto de uma mensagem.")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise SettingsError(f"O arquivo {file} não é um texto. Salve-o como texto em UTF-8.")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1)


def _meant(typed: str, known: Iterable[str]) -> str:
    names = {plain(name): name for name in known}
    close = alike(plain(typed), names)
    return f" Você quis dizer “{names[close]}”?" if close else f" Use: {', '.join(names.values())}."

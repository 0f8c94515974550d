"""``integrator template preview``: a text as three customers would read it. Nothing is sent, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from integrator.cli.console import CannotWrite, screen, write_file
from integrator.cli.context import choice_of, database_of
from integrator.cli.template_texts import KindNamed, ModuleNamed, read_text, situation_named
from integrator.domain.errors import MessageError, SettingsError
from integrator.domain.message import Composed, Part, PartKind
from integrator.messages.catalogue import Situation
from integrator.messages.review import review
from integrator.policies import company_of, compose_policy
from integrator.sending.compose import Composer
from integrator.sending.debts import Pointless
from integrator.sending.preview import Case, company_or_sample, facts, real_case, sample_cases, trying
from integrator.settings import Settings


def preview(
    context: typer.Context,
    module: ModuleNamed,
    kind: KindNamed,
    text: Annotated[
        str, typer.Option("--texto", metavar="ARQUIVO", help="O texto a experimentar; vazio: o que está em uso.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Option("--pdf", metavar="PASTA", help="Grava nesta pasta os PDFs que iriam junto.")
    ] = None,
    samples: Annotated[
        bool, typer.Option("--exemplos", help="Usa os exemplos do catálogo, sem olhar o banco.")
    ] = False,
) -> None:
    """Mostra a mensagem para três clientes do banco: nome mais longo, mais títulos, mais dados faltando."""
    situation = situation_named(module, kind)
    settings = choice_of(context).settings()
    policy = compose_policy(settings)
    source = read_text(text) if text else policy.choices.text(situation)
    if errors := review(source, situation).errors:
        raise SettingsError(f"O texto não pode ser usado. {errors[0]}")
    composer = Composer(trying(policy, situation, source))
    console = screen()
    cases = _sample_cases(settings, situation, console) if samples else _cases(context, settings, situation, console)
    for number, case in enumerate(cases, start=1):
        console.print(Text(f"\n{number}. {case.title} {case.note}".rstrip()), soft_wrap=True)
        parts = _show(console, composer, case)
        if folder is not None:
            _keep(folder, number, parts)


def _cases(context: typer.Context, settings: Settings, situation: Situation, console: Console) -> tuple[Case, ...]:
    """Customers of the database; those of the catalogue where there is none or it has no such message."""
    if not settings.database.path:
        console.print("Nenhum banco está configurado: uso os exemplos do catálogo.")
        return _sample_cases(settings, situation, console)
    from integrator.erp.preview_rows import preview_rows
    from integrator.erp.schema.installer import require_ready

    with database_of(context) as database:
        require_ready(database)
        rows = preview_rows(database, situation, company_of(settings))
    if not rows:
        told = f"A fila não tem mensagens de {situation.module}, {situation.kind}: uso os exemplos do catálogo."
        console.print(Text(told))
        return _sample_cases(settings, situation, console)
    return tuple(real_case(row.why, row.message) for row in rows)


def _sample_cases(settings: Settings, situation: Situation, console: Console) -> tuple[Case, ...]:
    company = company_or_sample(own := company_of(settings))
    if company is not own:
        console.print(Text("A seção [empresa] da configuração está incompleta: uso uma loja de exemplo."))
    return sample_cases(situation, company, datetime.now())


def _show(console: Console, composer: Composer, case: Case) -> tuple[Part, ...]:
    """Print what would become of one message; its parts."""
    try:
        composed = composer.compose(case.message, case.now)
    except MessageError as error:
        console.print(Text(f"Ficaria retida: {error.message}"), soft_wrap=True)
        return ()
    if isinstance(composed, Pointless):
        console.print(Text(f"Seria cancelada: {composed.reason}"))
        return ()
    console.print(Panel(Text(composed.text), box=box.SQUARE, expand=False))
    for sentence in _facts(composed):
        console.print(Text(sentence), soft_wrap=True)
    return composed.parts


def _facts(composed: Composed) -> Iterable[str]:
    length, *doubts = facts(composed)
    yield length
    for part in composed.parts:
        match part.kind:
            case PartKind.DOCUMENT:
                yield f"Arquivo: {part.file_name} ({_kilobytes(part)})."
            case PartKind.PIX:
                yield "Em seguida, sozinho, o código PIX para copiar."
            case PartKind.LINHA:
                yield "Em seguida, sozinha, a linha digitável para copiar."
            case PartKind.TEXT:
                pass
    yield from doubts


def _kilobytes(part: Part) -> str:
    return f"{max(1, round(len(part.content) / 1024))} KB"


def _keep(folder: Path, number: int, parts: Iterable[Part]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"Não consegui criar a pasta {folder}. Confira o caminho e a permissão.", detail=repr(error)
        ) from error
    for part in parts:
        if part.kind is PartKind.DOCUMENT:
            write_file(folder / f"{number}-{Path(part.file_name).name}", part.content, "PDF")

"""``integrator template preview``: a text as three customers would read it. Nothing is sent, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
from integrator.domain.message import Composed, Message, Part, PartKind
from integrator.messages.catalogue import DEBT_NOTICE, Situation, bare
from integrator.messages.choices import Choices
from integrator.messages.formatting import format_count, format_date
from integrator.messages.language import loose_marks, utf16_length
from integrator.messages.review import review
from integrator.messages.samples import SAMPLE_COMPANY, SAMPLE_CUSTOMERS, at_work, sample_message
from integrator.policies import company_of, compose_policy
from integrator.sending.compose import Composer
from integrator.sending.debts import Pointless
from integrator.settings import Settings


@dataclass(frozen=True, slots=True)
class _Case:
    """One customer to show the text with, on the day the row was written."""

    title: str
    message: Message
    now: datetime


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
    composer = Composer(replace(policy, masked=False, choices=_only(policy.choices, situation, source)))
    console = screen()
    cases = _sample_cases(settings, situation, console) if samples else _cases(context, settings, situation, console)
    for number, case in enumerate(cases, start=1):
        console.print(Text(f"\n{number}. {case.title}"), soft_wrap=True)
        parts = _show(console, composer, case)
        if folder is not None:
            _keep(folder, number, parts)


def _only(choices: Choices, situation: Situation, source: str) -> Choices:
    """The shop's choices with that text, and the message switched on so that it can be seen."""
    chosen = replace(choices.of(situation), on=True, confirm=False, text=source)
    return replace(
        choices,
        off=choices.off - {bare(situation.module)},
        by_name={**choices.by_name, (bare(situation.module), bare(situation.kind)): chosen},
        same_for_debts=source if situation.module == DEBT_NOTICE else None,
    )


def _cases(context: typer.Context, settings: Settings, situation: Situation, console: Console) -> list[_Case]:
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
    return [_real_case(row.why, row.message) for row in rows]


def _real_case(why: str, message: Message) -> _Case:
    day = message.created_at.date()
    title = f"{why[:1].upper()}{why[1:]}: {message.customer.name or 'sem nome'}, mensagem de {format_date(day)}."
    if message.template and message.template.strip():
        title += " O ERP gravou um texto próprio nesta mensagem; aqui ela aparece com o do integrador."
    return _Case(title, replace(message, template=None, confirmed=True), at_work(day))


def _sample_cases(settings: Settings, situation: Situation, console: Console) -> list[_Case]:
    now = at_work(datetime.now().date())
    company = company_of(settings)
    if not (company.name and company.tax_id and company.address.one_line):
        console.print(Text("A seção [empresa] da configuração está incompleta: uso uma loja de exemplo."))
        company = SAMPLE_COMPANY
    cases = []
    for title, (customer, count) in SAMPLE_CUSTOMERS.items():
        message = sample_message(situation, now, company=company, customer=customer, count=count)
        cases.append(_Case(f"{title}: {customer.name}.", message, now))
    return cases


def _show(console: Console, composer: Composer, case: _Case) -> tuple[Part, ...]:
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
    captioned = next((part for part in composed.parts if part.caption), None)
    length = format_count(utf16_length(composed.text), "caractere", "caracteres")
    place = f"vai na legenda de {captioned.file_name}" if captioned else "vai numa mensagem de texto"
    yield f"O texto tem {length} e {place}."
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
    if marks := loose_marks(composed.text):
        told = " e ".join(f"“{mark}”" for mark in marks)
        yield f"Há {told} sem par no texto: com os dados deste cliente, o negrito ou itálico pode sair no lugar errado."


def _kilobytes(part: Part) -> str:
    return f"{max(1, round(len(part.content) / 1024))} kB"


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

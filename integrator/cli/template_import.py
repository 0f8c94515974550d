"""``integrator template import``: a text of another system in our language, with a report of what became of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from integrator.cli.console import write_file
from integrator.cli.portuguese import WrongUsage
from integrator.cli.template_texts import OfKind, OfModule, chosen_situation, read_text
from integrator.cli.values import one_of
from integrator.domain.errors import TemplateError
from integrator.messages.importing import Imported, Origin, import_text
from integrator.messages.review import review


def import_file(
    file: Annotated[str, typer.Argument(metavar="ARQUIVO", help="O arquivo com o texto, ou - para digitá-lo.")],
    origin: Annotated[
        str,
        typer.Option(
            "--de",
            metavar="SISTEMA",
            parser=one_of(*(each.value for each in Origin)),
            help="De onde vem: sg, cedrus, crm, meta ou auto (reconhece todos).",
        ),
    ] = Origin.AUTO.value,
    module: OfModule = "",
    kind: OfKind = "",
    bindings: Annotated[
        list[str] | None,
        typer.Option("--variavel", metavar="NOME=VARIAVEL", help="O que um nome quer dizer, como 1=cliente."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--saida", metavar="ARQUIVO", help="Onde gravar o texto.")] = None,
) -> None:
    """Traduz um texto de outro sistema e conta o que foi trocado. Sai com 1 se sobrou algo sem tradução."""
    situation = chosen_situation(module, kind)
    source, bound = read_text(file), _bindings(bindings or ())
    try:
        found = import_text(source, situation, origin=Origin(origin), bindings=bound)
    except TemplateError as error:
        raise WrongUsage(error.message) from error
    if out is None:
        typer.echo(found.text)
    else:
        write_file(out, f"{found.text}\n".encode(), "Texto")
    _report(found)
    if not found.unmapped:
        for problem in review(found.text, situation).errors:
            _say(f"Erro: {problem}")
    if found.unmapped:
        raise typer.Exit(1)


def _report(found: Imported) -> None:
    """On the error output, so that the text alone can go into a file."""
    _say("")
    if not found.mapped and not found.unmapped:
        _say("Não encontrei variáveis de outro sistema neste texto.")
    for typed, written in found.mapped:
        _say(f"{typed} passou a {written}")
    for typed in found.unmapped:
        _say(f"{typed} não tem tradução: troque-o por uma variável do integrador, ou diga o que é com --variavel.")
    for warning in found.warnings:
        _say(f"Atenção: {warning}")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _bindings(typed: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in typed:
        name, equals, target = each.partition("=")
        if not (equals and name.strip() and target.strip()):
            raise WrongUsage(f"“{each}” não serve em --variavel: escreva NOME=VARIAVEL, como em 1=cliente.")
        found[name.strip().strip("{}#%[]")] = target.strip()
    return found

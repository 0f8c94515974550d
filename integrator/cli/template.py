"""``integrator template list | show | check | preview | import``: the texts of the messages, for who writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from integrator.cli.console import screen
from integrator.cli.context import choice_of
from integrator.cli.portuguese import App
from integrator.cli.template_import import import_file
from integrator.cli.template_preview import preview
from integrator.cli.template_texts import (
    KindNamed,
    ModuleNamed,
    OfKind,
    OfModule,
    chosen_situation,
    module_of,
    own_texts,
    read_text,
    situation_named,
)
from integrator.messages.catalogue import Situation, modules
from integrator.messages.choices import Choices
from integrator.messages.formatting import format_count, format_list
from integrator.messages.review import Review, review
from integrator.messages.vocabulary import base_schema
from integrator.policies import choices_of

app = App(help="Os textos das mensagens: ver, conferir, experimentar e importar.")
app.command("preview")(preview)
app.command("import")(import_file)


@app.command("list")
def list_texts(context: typer.Context, module: OfModule = "") -> None:
    """Lista os módulos e suas mensagens: se estão ligadas, se saem sozinhas e de quem é o texto."""
    choices = choices_of(choice_of(context).settings())
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Módulo", "Tipo", "Ligada", "Envio", "Texto"):
        table.add_column(heading, overflow="fold")
    for each in (module_of(module),) if module else modules():
        for place, situation in enumerate(each.situations):
            table.add_row(*map(Text, (each.name if place == 0 else "", *_state(situation, choices))))
    screen().print(table)


@app.command()
def show(context: typer.Context, module: ModuleNamed, kind: KindNamed) -> None:
    """Mostra o texto em uso e as variáveis que ele pode ter, com tipo e exemplo."""
    situation = situation_named(module, kind)
    choices = choices_of(choice_of(context).settings())
    console = screen()
    state = ", ".join(_state(situation, choices)[1:3])
    console.print(Text(f"{situation.module}, {situation.kind} ({state}). Quando: {situation.when}"))
    if situation.documents:
        console.print(Text(f"Documentos que podem ir junto: {', '.join(situation.documents)}."))
    console.print(Text(f"\nTexto {'da loja' if _is_own(situation, choices) else 'padrão'}:\n"))
    console.print(Text(choices.text(situation)), soft_wrap=True)
    if situation.variables:
        console.print("\nVariáveis desta mensagem:")
        console.print(_variables(situation))
    _tell_built_in(console)


@app.command()
def check(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="ARQUIVO", help="Um arquivo com o texto, ou - para digitá-lo; vazio: todos os textos."),
    ] = "",
    module: OfModule = "",
    kind: OfKind = "",
) -> None:
    """Confere um texto, ou todos os da configuração e do catálogo. Sai com 1 se algum não pode ser usado."""
    situation = chosen_situation(module, kind)
    console = screen()
    if file:
        texts = [(file if file != "-" else "Texto digitado", review(read_text(file), situation))]
    else:
        texts = _all_texts(context, situation)
    for place, answer in texts:
        _tell(console, place, answer)
    wrong = sum(not answer.usable for _, answer in texts)
    doubtful = sum(bool(answer.usable and answer.warnings) for _, answer in texts)
    console.print(_summary(len(texts), wrong, doubtful))
    if wrong:
        raise typer.Exit(1)


def _all_texts(context: typer.Context, only: Situation | None) -> list[tuple[str, Review]]:
    """Every text that may be sent, or those of one situation, with its review."""
    own = [text for text in own_texts(choice_of(context).settings()) if only in (None, text.situation)]
    texts = [(text.place, review(text.source, text.situation)) for text in own]
    situations = [each for found in modules() for each in found.situations if only in (None, each)]
    return texts + [(f"{each.module}, {each.kind} (padrão)", review(each.text, each)) for each in situations]


def _tell_built_in(console: Console) -> None:
    """The variables of every message; lists with the same variables are told together."""
    built_in = base_schema()
    console.print("Variáveis de toda mensagem:")
    console.print(Text(_named(built_in.fields)))
    together: dict[str, list[str]] = {}
    for name, item in built_in.lists.items():
        together.setdefault(_named(item.fields), []).append(f"{{#{name}}}")
    for fields, names in together.items():
        console.print(Text(f"Dentro de {', '.join(names)}:"))
        console.print(Text(fields))


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _tell(console: Console, place: str, answer: Review) -> None:
    if answer.errors or answer.warnings:
        console.print(Text(place, style="bold"))
    for error in answer.errors:
        console.print(Text(f"  Erro: {error}"), soft_wrap=True)
    for warning in answer.warnings:
        console.print(Text(f"  Atenção: {warning}"), soft_wrap=True)


def _summary(count: int, wrong: int, doubtful: int) -> str:
    checked = format_count(count, "texto conferido", "textos conferidos")
    if not wrong and not doubtful:
        return f"{checked}: tudo em ordem."
    told = [f"{wrong} com erro"] if wrong else []
    told += [f"{doubtful} com avisos"] if doubtful else []
    return f"{checked}: {format_list(told)}."


def _state(situation: Situation, choices: Choices) -> tuple[str, str, str, str]:
    return (
        situation.kind,
        "ligada" if choices.sends(situation) else "desligada",
        "pergunta antes" if choices.asks(situation) else "automático",
        "da loja" if _is_own(situation, choices) else "padrão",
    )


def _is_own(situation: Situation, choices: Choices) -> bool:
    return choices.text(situation) != situation.text


def _variables(situation: Situation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Variável", "Tipo", "Exemplo", "O que é"):
        table.add_column(heading, overflow="fold")
    for each in situation.variables:
        about = f"{each.about} (obrigatória)" if each.required else each.about
        table.add_row(*map(Text, (f"{{{each.name}}}", each.kind.value, each.sample, about)))
    return table

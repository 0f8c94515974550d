"""``integrator document list | check | preview | copy``: the documents that a shop lays out by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from integrator.cli.console import CannotWrite, screen, write_file
from integrator.cli.context import choice_of
from integrator.cli.portuguese import App, WrongUsage
from integrator.documents.blocks.models import (
    Look,
    Models,
    built_in_names,
    built_in_source,
    read_file,
)
from integrator.documents.blocks.preview import draw_sample
from integrator.domain.errors import SettingsError
from integrator.messages.formatting import format_count
from integrator.settings.problems import DocumentModelError

app = App(help="Os documentos em PDF que a loja pode mudar: demonstrativo, orçamento, pedido e outros.")


@dataclass(frozen=True, slots=True)
class _Shop:
    """What the configuration says of documents; without one, what comes with the program."""

    models: Models
    look: Look


@app.command("list")
def list_documents(context: typer.Context) -> None:
    """Lista os documentos e diz quais são os da loja."""
    models = _shop(context).models
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Nome", "Título", "Cobrança", "Arquivo"):
        table.add_column(heading, overflow="fold")
    for name in models.names():
        own = models.file_of(name)
        place = str(own) if own else "do programa"
        try:
            model = models.get(name)
        except DocumentModelError as error:
            told = format_count(len(error.problems), "problema", "problemas")
            table.add_row(name, f"({told}: integrator document check)", "", place)
            continue
        table.add_row(*map(Text, (name, model.title, "sim" if model.collects else "não", place)))
    screen().print(table)


@app.command()
def check(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="ARQUIVO", help="O modelo a conferir; padrão: todos os da loja.")
    ] = None,
) -> None:
    """Confere os modelos e os desenha com dados de exemplo. Sai com 1 se algum não pode ser usado."""
    shop = _shop(context)
    files = [file] if file is not None else _own_files(shop.models)
    console = screen()
    if not files:
        console.print(
            "A loja não tem modelos próprios: valem os do programa. Para começar um: integrator document copy NOME"
        )
    wrong = 0
    for each in files:
        complaints = _complaints(each, shop.look)
        wrong += bool(complaints)
        for told in complaints or [f"{each}: o modelo pode ser usado."]:
            console.print(Text(told), soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


@app.command()
def preview(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NOME", help="Nome do documento, ou o arquivo .toml de um modelo.")],
    out: Annotated[
        Path | None, typer.Option("--saida", metavar="ARQUIVO.pdf", help="Onde gravar; padrão: NOME.pdf aqui.")
    ] = None,
) -> None:
    """Grava o PDF de um documento com dados de exemplo e uma lista comprida."""
    shop = _shop(context)
    model = read_file(Path(name)) if _is_file(name) else shop.models.get(name)
    write_file(out or Path(f"{model.name}.pdf"), draw_sample(model, shop.look, datetime.now()), "Exemplo")


@app.command()
def copy(
    name: Annotated[str, typer.Argument(metavar="NOME", help="Nome do documento do programa.")],
    folder: Annotated[Path, typer.Argument(metavar="PASTA", help="Para onde copiar; padrão: a pasta atual.")] = Path(),
) -> None:
    """Copia o modelo de um documento do programa, para mudar. Nunca escreve por cima de um arquivo que existe."""
    if name not in built_in_names():
        raise WrongUsage(f"O programa não tem o documento “{name}”. Os que tem: {', '.join(sorted(built_in_names()))}.")
    target = folder / f"{name}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as created:
            created.write(built_in_source(name))
    except FileExistsError as error:
        raise WrongUsage(f"O arquivo {target} já existe. Escolha outra pasta ou apague-o antes.") from error
    except OSError as error:
        raise CannotWrite(
            f"Não consegui gravar {target}. Confira se a pasta existe e aceita gravação.", detail=repr(error)
        ) from error
    typer.echo(f"Modelo copiado para {target.absolute()}")
    typer.echo(f"Depois de mudar, confira com: integrator document check {target}")
    typer.echo("Para usar, diga a pasta no config.toml, em [documentos] pasta_modelos.")


def _shop(context: typer.Context) -> _Shop:
    """The configured folder and colour. Raises ``SettingsError`` for a configuration that cannot be used."""
    documents = choice_of(context).settings().documents
    folder = Path(documents.models_folder) if documents.models_folder else None
    return _Shop(Models(folder), Look(documents.colour))


def _own_files(models: Models) -> Sequence[Path]:
    return [file for name in models.names() if (file := models.file_of(name)) is not None]


def _complaints(file: Path, look: Look) -> list[str]:
    """What keeps a model from being used, each with its place."""
    try:
        draw_sample(read_file(file), look, datetime.now())
    except DocumentModelError as error:
        return [problem.told(error.file) for problem in error.problems]
    except SettingsError as error:
        return [f"{file}: {error.message}"]
    return []


def _is_file(name: str) -> bool:
    return name.lower().endswith(".toml")

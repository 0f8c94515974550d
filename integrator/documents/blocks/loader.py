"""A block document's TOML file as a :class:`DocumentModel`; whatever is wrong in it is told with line and column.

Strict on purpose: a mistyped key would silently change what a customer reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from integrator.documents.blocks.blocks import KINDS, BlockReader
from integrator.documents.blocks.content import Block, Layout
from integrator.documents.blocks.model import DocumentModel
from integrator.documents.blocks.places import numbered_places
from integrator.documents.blocks.reader import NOTHING, Problems, Table, meant
from integrator.documents.blocks.rules import ALWAYS_COLLECTING, collects_by_content
from integrator.documents.blocks.schema import document_schema
from integrator.messages.schema import Schema, plain
from integrator.messages.tone import fines_above_limit
from integrator.settings.problems import DocumentModelError, parse_toml

_HEAD: Final = "documento"
_VARIABLES: Final = "variaveis"
_BLOCK: Final = "bloco"
_TABLES: Final = (_HEAD, _VARIABLES, _BLOCK)
_ADVICE: Final = (
    "Textos vão entre aspas, os de várias linhas entre ''' e ''', e cada chave aparece uma vez só em cada bloco."
)
_MARGIN: Final = 14.0
_MAX_BLOCKS: Final = 200
_VARIABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")
PAGES: Final = ("a4", "a5")


def read_model(text: str, file: str | Path, name: str) -> DocumentModel:
    """The model ``name`` in ``text``; ``file`` names it in complaints.

    Raises :class:`DocumentModelError` with every problem and its place.
    """
    source = text.removeprefix("\ufeff").replace("\r\n", "\n")
    data = parse_toml(source, file, DocumentModelError, _ADVICE)
    problems = Problems(numbered_places(source))
    model = _model(data, name, problems)
    if problems.found:
        raise DocumentModelError(file, problems.found)
    return model


def _model(data: dict[str, Any], name: str, problems: Problems) -> DocumentModel:
    for table, value in data.items():
        if table not in _TABLES:
            path = (table, "1") if isinstance(value, list) else (table,)
            problems.say(path, f"[{table}] não existe num documento.{meant(table, _TABLES)}")
    told = data.get(_HEAD)
    if not isinstance(told, dict):
        problems.say((), "falta a tabela [documento], com a chave titulo")
        told = {"titulo": "-"}
    head = Table(told, (_HEAD,), problems)
    based_on = head.string("baseado_em")
    own = _own_variables(data, problems)
    schema = document_schema(based_on or name).with_text(name for name, _ in own)
    title = head.string("titulo", required=True)
    needs = head.names("precisa", schema.lists)
    blocks = tuple(_blocks(data, schema, problems))
    layout = _layout(head, schema, blocks)
    collects = _collects(head, {name, based_on}, blocks, layout)
    head.finish()
    if collects:
        _check_fines(data, problems)
    return DocumentModel(name, title, collects, needs, layout, based_on or name, own)


def _layout(head: Table, schema: Schema, blocks: tuple[Block, ...]) -> Layout:
    page = plain(head.string("pagina")) or PAGES[0]
    if page not in PAGES:
        head.say("pagina", f"a página “{page}” não serve.{meant(page, PAGES)}")
    return Layout(
        page=page,
        margin=head.number("margem_mm", 8, 40, _MARGIN),
        file_name=head.text("arquivo", schema) or NOTHING,
        foot=head.text("rodape", schema),
        blocks=blocks,
    )


def _own_variables(data: dict[str, Any], problems: Problems) -> tuple[tuple[str, str], ...]:
    """Variables that the ERP's rows bring besides those of the catalogue, each with its example."""
    told = data.get(_VARIABLES, {})
    if not isinstance(told, dict):
        problems.say((_VARIABLES,), "variaveis precisa ser uma tabela: [variaveis]")
        return ()
    table = Table(told, (_VARIABLES,), problems)
    for name in told:
        if not _VARIABLE.fullmatch(name):
            table.say(name, f"“{name}” não serve de nome: use letras minúsculas sem acento, algarismos e _")
    return tuple((name, table.string(name, required=True)) for name in told)


def _blocks(data: dict[str, Any], schema: Schema, problems: Problems) -> Iterator[Block]:
    root = Table({_BLOCK: data[_BLOCK]} if _BLOCK in data else {}, (), problems)
    tables = root.tables(_BLOCK)
    if len(tables) > _MAX_BLOCKS:
        problems.say((_BLOCK, "1"), f"há {len(tables)} blocos; o máximo é {_MAX_BLOCKS}")
        return
    for table in tables:
        kind = plain(table.string("tipo", required=True))
        reader = KINDS.get(kind)
        if reader is None:
            if kind:
                table.say("tipo", f"não há bloco do tipo “{kind}”.{meant(kind, KINDS)}")
            continue
        yield reader(BlockReader(table, schema))
        table.finish()


def _collects(head: Table, names: set[str], blocks: tuple[Block, ...], layout: Layout) -> bool:
    """Whether the rules of collection hold: the file says so, or its name or what it shows leaves no choice."""
    must = bool(names & ALWAYS_COLLECTING) or collects_by_content(layout, blocks)
    said = head.flag("cobranca", default=must)
    if must and not said:
        head.say("cobranca", "este documento mostra débitos em aberto, e por isso é de cobrança: apague esta linha")
    return must or said


def _check_fines(data: dict[str, Any], problems: Problems) -> None:
    for path, text in _strings(data, ()):
        for fine in fines_above_limit(text):
            problems.say(
                path,
                f"“{fine}”: a multa por atraso não pode passar de 2% (Código de Defesa do Consumidor, art. 52, § 1º)",
            )


def _strings(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    match value:
        case str():
            yield path, value
        case dict():
            for key, inner in value.items():
                yield from _strings(inner, (*path, key))
        case list():
            for at, inner in enumerate(value, start=1):
                yield from _strings(inner, (*path, str(at)))

"""``integrator meta …``: a number of the official API as Meta sees it, and its templates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from integrator.cli.context import choice_of
from integrator.cli.ending import FAILED
from integrator.cli.portuguese import App
from integrator.domain.errors import SettingsError
from integrator.domain.meta_template import placeholders
from integrator.domain.phone import format_phone
from integrator.gateways.cloud_api.account import Account
from integrator.gateways.cloud_api.graph import META, Graph
from integrator.gateways.cloud_api.health import PhoneFacts, read_facts
from integrator.gateways.cloud_api.review import review
from integrator.gateways.cloud_api.templates import Draft, MetaTemplate, Templates
from integrator.gateways.configured import meta_account
from integrator.settings import Settings
from integrator.settings.sections import Engine

app = App(help="Um número na API oficial da Meta: qualidade, limite e modelos.")
Name = Annotated[str, typer.Option("--numero", metavar="NOME", help="O número com esse nome na configuração.")]
_QUALITY: Final = {"GREEN": "alta", "YELLOW": "média", "RED": "baixa"}


@dataclass(frozen=True, slots=True)
class _AtMeta:
    settings: Settings
    account: Account
    graph: Graph

    @property
    def templates(self) -> Templates:
        return Templates(self.graph, self.account)


@app.command()
def status(context: typer.Context, number: Name = "") -> None:
    """Mostra nome, qualidade e limite do número, e o token de verificação do webhook."""
    with _at_meta(context, number) as meta:
        facts = read_facts(meta.graph, meta.account.phone_id)
        for line in _lines(facts, meta.account):
            typer.echo(line)


@app.command()
def templates(context: typer.Context, number: Name = "") -> None:
    """Lista os modelos da conta e o que falta nos de [[modelos_meta]]. Sai com 1 se algum deles não pode sair."""
    with _at_meta(context, number) as meta:
        found = meta.templates.all()
    for each in found:
        typer.echo(_line(each))
    problems = review(meta.settings.templates, found)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(FAILED)


@app.command()
def submit(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="MODELO", help="O nome de um modelo de [[modelos_meta]].")],
    examples: Annotated[
        list[str] | None,
        typer.Option("--exemplo", metavar="TEXTO", help="Um exemplo para cada variável, na ordem do texto."),
    ] = None,
    sample: Annotated[
        Path | None, typer.Option("--pdf", metavar="ARQUIVO", help="Um PDF de exemplo, se o modelo leva documento.")
    ] = None,
    number: Name = "",
) -> None:
    """Envia um modelo para a análise da Meta; um que já existe lá é alterado e analisado de novo."""
    with _at_meta(context, number) as meta:
        draft = _draft(meta.settings, name, tuple(examples or ()), sample)
        known = meta.templates.status(draft.name, draft.language)
        done = meta.templates.create(draft) if known is None else meta.templates.edit(known.id, draft)
    typer.echo(_line(done))


@app.command()
def delete(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="MODELO", help="O nome do modelo na Meta.")],
    language: Annotated[str, typer.Option("--idioma", metavar="IDIOMA", help="O idioma dele.")] = "pt_BR",
    number: Name = "",
) -> None:
    """Exclui um modelo da conta. A Meta não deixa usar o mesmo nome de novo por 30 dias."""
    with _at_meta(context, number) as meta:
        known = meta.templates.status(name, language)
        if known is None:
            raise SettingsError(f"Não há modelo “{name}” ({language}) nesta conta da Meta.")
        meta.templates.delete(name, known.id)
    typer.echo(f"O modelo “{name}” ({language}) foi excluído da conta da Meta.")


@contextmanager
def _at_meta(context: typer.Context, name: str) -> Iterator[_AtMeta]:
    choice = choice_of(context)
    settings = choice.settings()
    choice.start_log(settings)
    chosen = settings.for_number(name).whatsapp if name else settings.whatsapp
    if chosen.engine is not Engine.CLOUD_API:
        raise SettingsError(f'O número “{chosen.instance}” não usa a API oficial da Meta (motor = "oficial").')
    account = meta_account(chosen)
    graph = Graph(account.token, META)
    try:
        yield _AtMeta(settings, account, graph)
    finally:
        graph.close()


def _lines(facts: PhoneFacts, account: Account) -> Iterator[str]:
    yield f"Número: {format_phone(facts.number)}"
    yield f"Nome de exibição: {facts.verified_name or 'a Meta não informou'}"
    yield f"Situação na Meta: {facts.status or 'a Meta não informou'}"
    yield f"Qualidade: {_QUALITY.get(facts.quality, 'ainda sem avaliação')}"
    yield f"Limite de conversas iniciadas em 24 horas: {facts.limit or 'a Meta não informou'}"
    if account.verify_token:
        yield f"Token de verificação do webhook: {account.verify_token}"
    else:
        yield "Sem o segredo do aplicativo, nenhum aviso da Meta é aceito: só se sabe que ela aceitou a mensagem."


def _line(found: MetaTemplate) -> str:
    told = "" if found.told in ("", "APPROVED", "PENDING") else f" ({found.told})"
    document = ", com documento" if found.document else ""
    return f"{found.name} ({found.language}, {found.category}{document}): {found.status.value}{told}"


def _draft(settings: Settings, name: str, examples: tuple[str, ...], sample: Path | None) -> Draft:
    """What to hand in. Raises :class:`SettingsError` for what is not configured or does not fit it."""
    for each in settings.templates:
        if name == each.name:
            body, document = each.body, each.document
        elif name == each.further:
            body, document = each.further_body, True
        else:
            continue
        wanted = len(placeholders(body))
        if len(examples) != wanted:
            raise SettingsError(f"O modelo “{name}” tem {wanted} variáveis: dê um --exemplo para cada uma.")
        if document is (sample is None):
            need = "leva documento: dê um PDF de exemplo com" if document else "não leva documento: tire o"
            raise SettingsError(f"O modelo “{name}” {need} --pdf.")
        return Draft(name, each.language, body, examples, sample=_pdf(sample) if sample else b"")
    raise SettingsError(f"Não há modelo “{name}” em [[modelos_meta]].")


def _pdf(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"Não consegui ler {path}. Confira o caminho.", detail=repr(error)) from error
    if not content.startswith(b"%PDF"):
        raise SettingsError(f"{path} não é um PDF.")
    return content

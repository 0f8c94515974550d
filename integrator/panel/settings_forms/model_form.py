"""The pages of one document model: looked at, copied, written, sent as a file, taken away."""

from __future__ import annotations

from starlette.responses import Response

from integrator.documents.blocks.models import built_in_names
from integrator.domain.errors import SettingsError
from integrator.messages.formatting import format_count
from integrator.panel.settings_forms import shop_models
from integrator.panel.settings_forms.saving import BAD, CONFLICT
from integrator.panel.settings_forms.shop_models import Wrong
from integrator.panel.visit import NotThere, Visit
from integrator.policies import check_settings
from integrator.settings.editing import put

_PDF = "application/pdf"
_FOLDER = ("documentos", "pasta_modelos")


def sample(visit: Visit) -> Response:
    """A document as PDF, with sample data."""
    name = visit.query.get("nome", "")
    if name not in shop_models.known_names(visit):
        raise NotThere("Não existe um documento com esse nome.")
    return _pdf(shop_models.sample_of(visit, name), name)


def model(visit: Visit) -> Response:
    """The text of a document of the shop's own, to be changed."""
    name = visit.query.get("nome", "")
    if shop_models.models_of(visit).file_of(name) is None:
        raise NotThere("A loja não tem um modelo próprio com esse nome. Comece por uma cópia.")
    text = shop_models.source_of(visit, name)
    return _editor(visit, name, text, shop_models.problems_in(text, name, visit), seen=shop_models.version_of(text))


def copy_model(visit: Visit) -> Response:
    """A copy of a document as the start of one of the shop's own; written when it is saved."""
    source, name = visit.typed("nome"), visit.typed("novo") or visit.typed("nome")
    text = shop_models.source_of(visit, source)
    shop_models.checked_name(name)
    if shop_models.models_of(visit).file_of(name) is not None:
        raise SettingsError(f"A loja já tem o modelo “{name}”. Abra-o, ou dê outro nome à cópia.")
    if name != source and source in built_in_names() and "baseado_em" not in text:
        text = text.replace("[documento]\n", f'[documento]\nbaseado_em = "{source}"\n', 1)
    return _editor(visit, name, text, (), seen="")


def store_model(visit: Visit) -> Response:
    """Save the text if it can be used; else show it again with what is wrong, by line."""
    name, seen = shop_models.checked_name(visit.typed("nome")), visit.typed("visto")
    text = _typed_text(visit)
    problems = shop_models.problems_in(text, name, visit)
    if problems:
        return _editor(visit, name, text, problems, BAD, seen=seen)
    if seen != _version_now(visit, name):
        now = _version_now(visit, name)
        told = Wrong(0, "Alguém mudou este modelo enquanto você escrevia. Se salvar agora, vale o seu texto.")
        return _editor(visit, name, text, (told,), CONFLICT, seen=now)
    return _written(visit, name, text)


def preview(visit: Visit) -> Response:
    """What is being written, as PDF; nothing is saved."""
    name = shop_models.checked_name(visit.typed("nome"))
    return _pdf(shop_models.drawn(_typed_text(visit), name, visit), name)


def upload(visit: Visit) -> Response:
    """A model as a file, checked as one that is written here."""
    name = shop_models.checked_name(visit.typed("nome"))
    content = visit.uploaded("arquivo")
    if not content:
        raise SettingsError("Escolha o arquivo .toml do modelo.")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(
            "O arquivo não é um texto em UTF-8. Abra no Bloco de Notas e salve com a codificação UTF-8."
        ) from error
    problems = shop_models.problems_in(text, name, visit)
    if problems or _version_now(visit, name):
        told = problems or (Wrong(0, f"A loja já tem o modelo “{name}”. Se salvar, este texto substitui o dele."),)
        return _editor(visit, name, text, told, BAD if problems else CONFLICT, seen=_version_now(visit, name))
    return _written(visit, name, text)


def take_model(visit: Visit) -> Response:
    """The shop's own file goes; the built-in of that name counts again."""
    name = visit.typed("nome")
    shop_models.remove(visit, name)
    _taken_up(visit)
    visit.record("tirou um modelo de documento", name)
    again = " Vale de novo o do programa." if name in built_in_names() else ""
    return visit.go("/documentos#modelos", f"Modelo “{name}” tirado.{again}")


def _written(visit: Visit, name: str, text: str) -> Response:
    shop_models.write(visit, name, text)
    folder = shop_models.folder_of(visit)
    if not visit.panel.settings.documents.models_folder:
        visit.panel.config.change(lambda document: put(document, _FOLDER, str(folder)), check=check_settings)
    _taken_up(visit)
    lines = format_count(text.count("\n") + 1, "linha", "linhas")
    visit.record("salvou um modelo de documento", f"{name}: {lines}")
    return visit.go("/documentos#modelos", f"Modelo “{name}” salvo. Confira o exemplo em PDF.")


def _taken_up(visit: Visit) -> None:
    visit.panel.running.wake()
    visit.panel.live.tell("config")


def _version_now(visit: Visit, name: str) -> str:
    if shop_models.models_of(visit).file_of(name) is None:
        return ""
    return shop_models.version_of(shop_models.source_of(visit, name))


def _typed_text(visit: Visit) -> str:
    value = visit.form.get("texto")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _editor(
    visit: Visit, name: str, text: str, problems: tuple[Wrong, ...], status: int = 200, *, seen: str
) -> Response:
    return visit.render("documentos_modelo.html", status, name=name, text=text, problems=problems, seen=seen)


def _pdf(content: bytes, name: str) -> Response:
    return Response(content, media_type=_PDF, headers={"content-disposition": f'inline; filename="{name}.pdf"'})

"""“Configurar número”: add, change and remove sender numbers, and keep their tokens."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from integrator.domain.errors import SettingsError
from integrator.gateways.configured import webhook_address
from integrator.messages.catalogue import MODULES
from integrator.panel.access import Role
from integrator.panel.numbers.fields import CAPS, ENGINE, NAME, OF_ENGINES, REPLIES, REPLY_OF, WHATSAPP
from integrator.panel.numbers.form import (
    Told,
    Typed,
    as_it_is,
    changes,
    controls,
    posted,
    problems_in,
    remove_other,
    write_first,
    write_other,
)
from integrator.panel.numbers.pairing import status_of
from integrator.panel.routes import Page, get, post
from integrator.panel.settings_forms.saving import CONFLICT, change
from integrator.panel.visit import NotThere, Visit, Wrong
from integrator.secrets import delete_secret, read_secret, store_secret
from integrator.sending.gateway import GatewayState
from integrator.settings.editing import ConfigChanged
from integrator.settings.sections import Engine, NumberSettings

_FORM: Final = "/whatsapp/numero"
_HOME: Final = "/whatsapp"
#: The names of a token's fields in the form.
_TOKEN, _APP_SECRET = "token", "segredo_do_app"
_CONNECTED: Final = "Desconecte o celular antes de mudar isto: é outra conexão."


def edit(visit: Visit) -> Response:
    """The form of one number, or of a new one."""
    number = _named(visit, visit.query.get("nome", ""))
    return _page(visit, number, Told(as_it_is(visit.panel.settings, number), status=200))


def store(visit: Visit) -> Response:
    """Save it; tokens go to the secrets and are never shown again."""
    visit.same_shop()
    number = _named(visit, visit.typed("nome"))
    form = posted(visit, number)
    problems = problems_in(form) | _held(visit, number, form)
    if problems:
        return _page(visit, number, Told(form, problems))
    before = as_it_is(visit.panel.settings, number) if number is not None else None
    wanted = changes(form, before)
    try:
        if wanted:
            change(visit, lambda document: _write(visit, document, number, wanted))
    except ConfigChanged as error:
        return _page(visit, number, Told(form, general=(error.message,), status=CONFLICT))
    except SettingsError as error:
        return _page(visit, number, Told(form, general=(error.message,)))
    name = form.values[f"{WHATSAPP}.instancia"]
    kept = _keep_secrets(visit, number, name)
    visit.record(f"{'mudou' if number is not None else 'acrescentou'} o número", _deeds(name, wanted, kept))
    visit.panel.running.reconnect(name)
    visit.panel.live.tell("estado", "config")
    return visit.go(_HOME, f"Número “{name}” salvo. A conexão leva alguns segundos.")


def take_away(visit: Visit) -> Response:
    """Remove one of the further numbers and its tokens."""
    visit.same_shop()
    number = _named(visit, visit.typed("nome"))
    if number is None or number.instance == visit.panel.settings.whatsapp.instance:
        raise Wrong("O primeiro número não pode ser tirado: mude os dados dele.")
    if _is_connected(visit, number):
        raise Wrong("Desconecte o celular deste número antes de tirá-lo.")
    change(visit, lambda document: remove_other(document, number.instance))
    for name in (number.secret, number.app_secret):
        delete_secret(name)
    visit.record("tirou o número", number.instance)
    visit.panel.live.tell("estado", "config")
    return visit.go(_HOME, f"Número “{number.instance}” tirado da configuração.")


def _named(visit: Visit, name: str) -> NumberSettings | None:
    """None for a new one."""
    if not name:
        return None
    found = next((each for each in visit.shop.settings.numbers if each.instance == name), None)
    if found is None:
        raise NotThere("Este número não está mais na configuração. Abra a página WhatsApp de novo.")
    return found


def _is_connected(visit: Visit, number: NumberSettings) -> bool:
    status = status_of(visit.panel, number.instance)
    paired = number.engine in (Engine.EMBEDDED, Engine.EVOLUTION)
    return paired and status is not None and status.condition.state is GatewayState.CONNECTED


def _held(visit: Visit, number: NumberSettings | None, form: Typed) -> dict[str, str]:
    """What cannot be changed while a phone is connected: its session would be left behind."""
    if number is None or not _is_connected(visit, number):
        return {}
    renamed = form.values[f"{WHATSAPP}.instancia"] != number.instance
    return ({f"{WHATSAPP}.instancia": _CONNECTED} if renamed else {}) | (
        {ENGINE.name: _CONNECTED} if form.engine is not number.engine else {}
    )


def _write(visit: Visit, document: Any, number: NumberSettings | None, wanted: dict[str, Any]) -> None:
    settings = visit.panel.settings
    if number is not None and number.instance == settings.whatsapp.instance:
        write_first(document, wanted)
        return
    name = number.instance if number is not None else str(wanted.pop("instancia"))
    known = any(each.instance == name for each in settings.other_numbers)
    if number is None and any(each.instance == name for each in settings.numbers):
        raise SettingsError(f"Já há um número com o nome “{name}”. Escolha outro.")
    banco = visit.shop.name
    place = {} if known or banco == settings.database.name else {"banco": banco}
    write_other(document, name, {**wanted, **place})


def _keep_secrets(visit: Visit, number: NumberSettings | None, name: str) -> tuple[str, ...]:
    """Which were kept, in words. Under a new name the old ones go along."""
    now = visit.panel.settings.for_number(name).whatsapp
    moved = number is not None and number.secret != now.secret
    pairs = (
        (_TOKEN, number.secret if number else "", now.secret, "chave de acesso"),
        (_APP_SECRET, number.app_secret if number else "", now.app_secret, "segredo do aplicativo"),
    )
    kept = []
    for field, old, new, words in pairs:
        value = visit.typed(field) or ((read_secret(old) or "") if moved else "")
        if value:
            store_secret(new, value)
        if moved:
            delete_secret(old)
        if visit.typed(field):
            kept.append(words)
    return tuple(kept)


def _deeds(name: str, wanted: dict[str, Any], kept: tuple[str, ...]) -> str:
    told = ", ".join([*sorted(wanted), *kept])
    return f"{name}: {told}" if told else name


def _page(visit: Visit, number: NumberSettings | None, told: Told) -> Response:
    settings = visit.panel.settings
    first = number is not None and number.instance == settings.whatsapp.instance
    return visit.render(
        "whatsapp_numero.html",
        told.status,
        number=number,
        first=first,
        controls=controls(told.typed, told.problems, first=first),
        engine=ENGINE,
        name=NAME,
        of_engines=[(" ".join(sorted(engines)), each) for engines, each in OF_ENGINES],
        caps=CAPS,
        replies=REPLIES,
        reply_of=REPLY_OF,
        modules=[(key, name, key in told.typed.modules) for name, key in MODULES.items()],
        stored=read_secret(number.secret) is not None if number is not None else False,
        stored_app=read_secret(number.app_secret) is not None if number is not None else False,
        hook=webhook_address(number) if number is not None else "",
        verify=_verify_token(number) if number is not None else "",
        version=visit.panel.config.read().version,
        general=told.general,
        wrong=bool(told.problems or told.general),
        problem=visit.panel.config_problem,
    )


def _verify_token(number: NumberSettings) -> str:
    """What Meta's site asks for when the webhook's address is typed there; empty for other engines."""
    secret = read_secret(number.app_secret) if number.engine is Engine.CLOUD_API else None
    if not secret:
        return ""
    from integrator.gateways.cloud_api.account import Account

    return Account(number.phone_id, "", app_secret=secret).verify_token


FORM_PAGES: Final[tuple[Page, ...]] = (
    get(_FORM, edit, Role.OWNER),
    post(_FORM, store, Role.OWNER),
    post("/whatsapp/numero/tirar", take_away, Role.OWNER),
)

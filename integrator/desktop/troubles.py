"""What keeps messages from leaving, the gravest first, in the words of the panel. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from integrator.desktop.engine import EngineView, NumberView, Reach, ShopView
from integrator.desktop.sign import Sign
from integrator.domain.phone import format_phone, spellings
from integrator.sending.gateway import Condition, GatewayState
from integrator.sending.number_words import number_words

_ORDER: Final = tuple(Sign)
#: The engine's own word while it has not looked yet: what it says of the rest comes later.
STARTING: Final = "iniciando"
#: What mends itself within this time is told to nobody.
_PATIENCE: Final = timedelta(minutes=2)
_SOON: Final = timedelta(seconds=30)
_CALM: Final = frozenset({None, GatewayState.CONNECTED, GatewayState.CONNECTING})
_UNPAIRED: Final = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT})
_BY_ITSELF: Final = frozenset({GatewayState.OFFLINE, GatewayState.STOPPED})
#: The connection is not there, but nothing is broken.
_BROKEN_LINK: Final = _UNPAIRED | {GatewayState.PASSKEY, GatewayState.OFFLINE}

_NUMBERS: Final[Mapping[GatewayState, str]] = {
    GatewayState.NEEDS_PAIRING: "nenhum celular conectado",
    GatewayState.PASSKEY: "o celular pede uma chave de acesso",
    GatewayState.OFFLINE: "WhatsApp sem conexão",
    GatewayState.LOGGED_OUT: "número desconectado",
    GatewayState.RESTRICTED: "número com restrição do WhatsApp",
    GatewayState.BANNED: "número bloqueado pelo WhatsApp",
    GatewayState.OUTDATED: "programa desatualizado",
    GatewayState.AUTH: "número sem autorização",
    GatewayState.STOPPED: "WhatsApp parado",
}
_REACH: Final[Mapping[Reach, tuple[Sign, str, str]]] = {
    Reach.UNCONFIGURED: (
        Sign.DISCONNECTED,
        "falta configurar o banco",
        "Abra “Conexão com o banco…” no menu do Integrador.",
    ),
    Reach.REFUSED: (Sign.ERROR, "configuração com erro", "Nada sai até ela ser corrigida. Veja o registro."),
    Reach.FORBIDDEN: (
        Sign.ERROR,
        "sem permissão",
        "Este usuário não pode ler os dados do Integrador. Entre com um administrador ou peça a ele o acesso.",
    ),
    Reach.STOPPED: (Sign.ERROR, "o envio está parado", "Nada sai até o Integrador ser aberto de novo."),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """``key`` stays while the trouble does. ``short`` for a tooltip, ``detail`` for a line, the rest for a notice.

    It is told to people once it has lasted ``patience``.
    """

    key: tuple[str, ...]
    sign: Sign
    short: str
    title: str
    text: str
    detail: str = ""
    patience: timedelta = timedelta(0)


def troubles(view: EngineView) -> tuple[Trouble, ...]:
    """All of them, the gravest first."""
    found = [*_engine(view)]
    if view.reach is Reach.RUNNING:
        for number in view.numbers:
            found += [*stopped(number, view.numbers), *_number(number, view.numbers)]
        for shop in view.shops:
            found += _shop(shop, view.shops)
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.sign)))


def named(name: str, among: Sequence[object]) -> str:
    """`` (filial)`` where there is more than one; empty where everybody knows which."""
    return f" ({name})" if len(among) > 1 else ""


def _engine(view: EngineView) -> Iterator[Trouble]:
    words = _REACH.get(view.reach)
    if words is None:
        return
    sign, short, advice = words
    detail = f"{short}: {view.problem}" if view.problem else ""
    yield Trouble(
        ("engine", view.reach.name),
        sign,
        short,
        f"{short[:1].upper()}{short[1:]}",
        view.problem or advice,
        detail,
        # An engine that begins anew writes its address: for an instant it is not there, or cannot be read.
        _SOON if view.reach in {Reach.STOPPED, Reach.FORBIDDEN} else timedelta(0),
    )


def _shop(shop: ShopView, among: Sequence[ShopView]) -> Iterator[Trouble]:
    which = named(shop.name, among)
    if shop.problem:
        short = f"o envio encontrou um problema{which}"
        yield Trouble(
            ("shop", shop.name),
            Sign.ERROR,
            short,
            f"O envio encontrou um problema{which}",
            shop.problem,
            f"{shop.problem}{which}",
            _PATIENCE,
        )
    if shop.asks:
        short = f"este computador só simula{which}"
        yield Trouble(("asks", shop.name), Sign.PAUSED, short, f"Este computador só simula{which}", shop.asks)


def stopped(number: NumberView, among: Sequence[NumberView]) -> Iterator[Trouble]:
    """By the protection of the number, until somebody resumes it; the words of the panel's home page."""
    if not number.stopped_why:
        return
    which = named(number.instance, among)
    yield Trouble(
        ("stopped", number.instance),
        Sign.ERROR,
        f"o envio parou por proteção{which}: veja em WhatsApp",
        f"A proteção parou o número{which}",
        f"{number.stopped_why.rstrip('.')}. Nada sai por ele até alguém retomar. Confira o celular e retome o número "
        "em WhatsApp, no painel.",
        f"o envio parou por proteção{which}: veja em WhatsApp, no painel",
    )


def _number(number: NumberView, among: Sequence[NumberView]) -> Iterator[Trouble]:
    which = named(number.instance, among)
    state = number.state
    if state is not None and state not in _CALM:
        words = number_words(state, Condition(state, number.until, told=number.told))
        title = (
            f"Nenhum número conectado{which}"
            if state in _UNPAIRED
            else f"WhatsApp: {words.title[:1].lower()}{words.title[1:]}{which}"
        )
        yield Trouble(
            ("number", number.instance, state.value),
            Sign.DISCONNECTED if state in _BROKEN_LINK else Sign.ERROR,
            f"{_NUMBERS[state]}{which}",
            title,
            words.text,
            patience=_PATIENCE if state in _BY_ITSELF else _SOON,
        )
    elif number.expected and number.number and number.number not in spellings(number.expected):
        yield Trouble(
            ("stranger", number.instance),
            Sign.ERROR,
            f"está conectado outro celular{which}",
            f"Está conectado outro celular{which}",
            f"O configurado é {format_phone(number.expected)}. Desconecte este e leia o código com o celular certo.",
        )

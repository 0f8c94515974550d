"""The numbers that send, as the page of WhatsApp shows them: the rows of ``WA_INSTANCIA`` with what surrounds them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from markupsafe import Markup

from integrator.domain.errors import GatewayError
from integrator.erp.overview import NO_HEALTH, Health, Instance, instances, set_qr
from integrator.gateways.simulator.pairing import PairingControl
from integrator.panel.home.number_words import NumberWords, number_words
from integrator.panel.home.qr import qr_svg
from integrator.panel.premises import Panel, Shop
from integrator.panel.store import PanelStore
from integrator.sending.gateway import GatewayState, Pairing

_ENGINE: Final = "simulador"
_UNPAIRED: Final = frozenset({GatewayState.NEEDS_PAIRING, GatewayState.LOGGED_OUT})
#: With fewer messages nobody can tell whether receipts are missing.
_ENOUGH: Final = 10


@dataclass(frozen=True, slots=True)
class Number:
    """One number. ``ours``: this installation sends by it, ``can_pair``: it may be paired and disconnected here.

    ``seconds`` is for how long the code may still be read.
    """

    instance: Instance
    words: NumberWords
    since: datetime | None
    daily_max: int
    ours: bool
    can_pair: bool
    qr: Markup | None
    seconds: int
    doubt: str

    @property
    def paired(self) -> bool:
        """Whether a phone is connected, as far as anybody told."""
        return self.instance.state not in _UNPAIRED and self.instance.state is not None

    @property
    def waits(self) -> bool:
        """Whether a phone is waited for."""
        return self.instance.state is GatewayState.NEEDS_PAIRING


def control_of(panel: Panel, shop: Shop) -> PairingControl | None:
    """What pairs the number of that shop; None where nothing may be paired from here.

    An installation that has to ask whether it may send touches no number.
    """
    folder: Path | None = panel.running.simulator()
    asks = any(each.asks for each in panel.running.stations() if each.database == shop.name)
    return PairingControl(folder) if folder is not None and not asks else None


def numbers(panel: Panel, shop: Shop) -> tuple[Number, ...]:
    """Every number of the shop's database, ours first. Raises the database's errors."""
    now, name = panel.clock.now(), shop.settings.whatsapp.instance
    control = control_of(panel, shop)
    found = list(instances(shop.database, now))
    if all(each.name != name for each in found):
        found.append(Instance(name, "", None, "", "", None, None, 0, None, NO_HEALTH))
    ours = next(each for each in found if each.name == name)
    reached = False
    if control is not None:
        try:
            told = told_of(shop, ours, control.look(now))
            found[found.index(ours)], reached = told, True
        except GatewayError:
            reached = False
    made = (_number(panel, shop, each, now, can_pair=reached and each.name == name) for each in found)
    return tuple(sorted(made, key=lambda each: (not each.ours, each.instance.name)))


def told_of(shop: Shop, known: Instance, pairing: Pairing) -> Instance:
    """The row as the engine's word makes it: written where it says something else, so that the ERP shows the same."""
    qr, until = (pairing.code.text, pairing.code.until) if pairing.code else ("", None)
    if (known.state, known.number) != (pairing.state, pairing.number):
        shop.queue().report_instance(pairing.number, pairing.state, _ENGINE)
    if (known.qr, known.qr_until) != (qr, until):
        set_qr(shop.database, known.name, qr, until)
    return replace(known, state=pairing.state, number=pairing.number, engine=_ENGINE, qr=qr, qr_until=until)


def _number(panel: Panel, shop: Shop, instance: Instance, now: datetime, *, can_pair: bool) -> Number:
    left = (instance.qr_until - now).total_seconds() if instance.qr and instance.qr_until else 0.0
    shows = instance.state is GatewayState.NEEDS_PAIRING and left > 0
    return Number(
        instance,
        number_words(instance.state),
        _since(panel.store, shop.name, instance, now),
        shop.settings.sending.daily_max,
        instance.name == shop.settings.whatsapp.instance,
        can_pair,
        qr_svg(instance.qr) if shows else None,
        int(left) if shows else 0,
        _doubt(instance.health, now),
    )


def _since(store: PanelStore, shop: str, instance: Instance, now: datetime) -> datetime | None:
    """When the panel first saw the number in this state."""
    if instance.state is None:
        return None
    found = store.read("SELECT state, since FROM number_state WHERE shop = ? AND name = ?", (shop, instance.name))
    if found and found[0][0] == instance.state.value:
        return datetime.fromisoformat(found[0][1])
    with store.change() as db:
        db.execute(
            "INSERT OR REPLACE INTO number_state (shop, name, state, since) VALUES (?, ?, ?, ?)",
            (shop, instance.name, instance.state.value, now.isoformat()),
        )
    return now


def _doubt(health: Health, now: datetime) -> str:
    """What in the last week's messages should worry somebody; empty when nothing does."""
    if health.sent < _ENOUGH:
        return ""
    if health.failed * 10 > health.sent:
        return "Muitas mensagens falharam nesta semana. Veja os motivos no histórico antes de continuar."
    if health.delivered == 0 or (health.last_receipt and now - health.last_receipt > timedelta(days=2)):
        return "Não chegam recibos de entrega. Confira se o celular da loja está ligado e com internet."
    if health.delivered * 2 < health.sent:
        return (
            "Menos da metade das mensagens foi entregue. O número pode estar com restrição do WhatsApp, ou há "
            "celulares errados no cadastro."
        )
    return ""

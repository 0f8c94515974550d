"""The numbers that send, as the page of WhatsApp shows them: configured ones with their engines, and everybody's rows.

What a running engine says comes first; the rows of ``WA_INSTANCIA`` are made to say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from integrator.domain.errors import GatewayError
from integrator.domain.phone import spellings
from integrator.erp.overview import Health, Instance, instances
from integrator.facade import NumberStatus
from integrator.gateways.simulator.pairing import PairingControl
from integrator.panel.home.qr import qr_svg
from integrator.panel.numbers.guard import guard_of
from integrator.panel.numbers.pairing import may_touch, status_of, told_of, unheard_of
from integrator.panel.numbers.since import state_since
from integrator.panel.premises import Panel, Shop
from integrator.reports import NumberGuard
from integrator.sending.gateway import GatewayState, Pairing, StatusNews
from integrator.sending.number_words import NumberWords, engine_words, number_words
from integrator.settings.sections import Engine, NumberSettings

_S: Final = GatewayState
_UNPAIRED: Final = frozenset({_S.NEEDS_PAIRING, _S.LOGGED_OUT, _S.PASSKEY, _S.BANNED})
#: A connection that is there, or will come back by itself.
_HOLDS: Final = frozenset({_S.CONNECTED, _S.CONNECTING, _S.OFFLINE, _S.RESTRICTED})
#: With fewer messages nobody can tell whether receipts are missing.
_ENOUGH: Final = 10


@dataclass(frozen=True, slots=True)
class Number:
    """One number. ``settings`` is None for one of another computer or database.

    ``pairing`` is None where nothing can be paired from here now; ``qr`` is drawn only while somebody may read it.
    """

    instance: Instance
    settings: NumberSettings | None
    status: NumberStatus | None
    pairing: Pairing | None
    words: NumberWords
    since: datetime | None
    daily_max: int
    guard: NumberGuard | None
    qr: Markup | None
    seconds: int
    doubt: str

    @property
    def ours(self) -> bool:
        """Whether this installation sends by it."""
        return self.settings is not None

    @property
    def official(self) -> bool:
        """Whether it is a number of Meta's own API, which no phone is paired with."""
        return self.settings is not None and self.settings.engine is Engine.CLOUD_API

    @property
    def engine(self) -> str:
        """In words; empty while nobody told it."""
        return engine_words(self.settings.engine.value if self.settings is not None else self.instance.engine)

    @property
    def paired(self) -> bool:
        """Whether a phone is connected, as far as anybody told."""
        return self.instance.state not in _UNPAIRED and self.instance.state is not None

    @property
    def waits(self) -> bool:
        """Whether a phone is waited for, and there is something to show to it."""
        told = self.pairing is not None and (self.pairing.code is not None or bool(self.pairing.digits))
        return self.instance.state is GatewayState.NEEDS_PAIRING and told

    @property
    def moves(self) -> bool:
        """Whether its state may change at any second: the page looks often."""
        return self.waits or self.instance.state is GatewayState.CONNECTING

    @property
    def can_begin(self) -> bool:
        """Whether a pairing can be begun here."""
        return self.pairing is not None and not self.waits and self.instance.state not in _HOLDS

    @property
    def by_code(self) -> bool:
        """Whether it can be paired by typing digits on the phone."""
        return self.status is not None and self.status.capabilities.pairs_by_code

    @property
    def digits(self) -> str:
        """The pair code as the phone shows it: ``GH5E-C9DZ``."""
        plain = self.pairing.digits.replace("-", "") if self.pairing is not None else ""
        return f"{plain[:4]}-{plain[4:]}" if plain else ""

    @property
    def stranger(self) -> bool:
        """Whether another phone is connected than the one that is configured (E04)."""
        wanted = self.settings.phone if self.settings is not None else ""
        return bool(wanted and self.instance.number) and self.instance.number not in spellings(wanted)

    @property
    def silent(self) -> bool:
        """Whether nobody will tell what becomes of a message once it was accepted."""
        return self.status is not None and self.official and self.status.capabilities.status is StatusNews.NONE


def control_of(panel: Panel, shop: Shop) -> PairingControl | None:
    """The simulator's own pairing, whose phone can be played; None where no simulator sends for that shop."""
    folder = panel.running.simulator()
    return PairingControl(folder) if folder is not None and may_touch(panel, shop) else None


def numbers(panel: Panel, shop: Shop) -> tuple[Number, ...]:
    """Every number of the shop's database, those of its configuration first. Raises the database's errors."""
    now = panel.clock.now()
    rows = {each.name: each for each in instances(shop.database, now)}
    ours = [_ours(panel, shop, each, rows.pop(each.instance, None), now) for each in shop.settings.numbers]
    others = [_number(panel, shop, each, now) for _name, each in sorted(rows.items())]
    return (*ours, *others)


def _ours(panel: Panel, shop: Shop, settings: NumberSettings, known: Instance | None, now: datetime) -> Number:
    row = known or unheard_of(settings.instance)
    pairable = panel.running.pairing(settings.instance) if may_touch(panel, shop) else None
    pairing: Pairing | None = None
    if pairable is not None:
        try:
            pairing = pairable.look(now)
            row = told_of(panel, shop, row, pairing)
        except GatewayError:
            pairing = None
    return _number(panel, shop, row, now, settings, pairing)


def _number(
    panel: Panel,
    shop: Shop,
    row: Instance,
    now: datetime,
    settings: NumberSettings | None = None,
    pairing: Pairing | None = None,
) -> Number:
    status = status_of(panel, row.name) if settings is not None and may_touch(panel, shop) else None
    if status is not None and pairing is None:
        told = Pairing(status.condition.state, status.number)
        row = told_of(panel, shop, row, told)
    code = pairing.code if pairing is not None else None
    left = (code.until - now).total_seconds() if code is not None else 0.0
    shows = code if row.state is GatewayState.NEEDS_PAIRING and left > 0 else None
    return Number(
        row,
        settings,
        status,
        pairing,
        number_words(row.state, status.condition if status is not None else None),
        state_since(panel.store, shop.name, row.name, row.state, now),
        shop.settings.sending.daily_max,
        guard_of(panel, settings, row.number) if settings is not None else None,
        qr_svg(shows.text) if shows is not None else None,
        int(left) if shows is not None else 0,
        _doubt(row.health, now),
    )


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

"""The settings as the policies that the engine's parts take: the one place that knows both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from integrator.domain.calendar import Calendar
from integrator.domain.errors import DocumentError, SettingsError
from integrator.domain.message import Address, Company, Creditor, Purpose
from integrator.domain.phone import parse_phones
from integrator.erp.drives import to_unc
from integrator.erp.new_records import NewRecordPolicy
from integrator.messages.catalogue import (
    DEBT_NOTICE,
    MODULES,
    DebtKind,
    Situation,
    bare,
    debt_notice,
    find_situation,
    module_named,
)
from integrator.messages.choices import Choice, Choices
from integrator.sending.bank_days import next_bank_day
from integrator.sending.caps import CapPolicy
from integrator.sending.creditors import CreditorChoice
from integrator.sending.debts import Debts, TitlePolicy
from integrator.sending.holidays_br import build_calendar
from integrator.sending.module_rule import module_rule
from integrator.sending.pace import Pace, PacePolicy
from integrator.sending.policy import AGREEMENT, STATEMENT, ComposePolicy
from integrator.sending.ports import Asks
from integrator.sending.pump import PumpPolicy
from integrator.sending.templates import Expression, TemplateChoice
from integrator.settings import Settings
from integrator.settings.contents import BoletoFallback, HowSent, SituationSettings
from integrator.settings.customers import NewRecords
from integrator.settings.sections import Engine
from integrator.settings.templates import TemplateSettings

_MEGABYTE = 1024 * 1024


def pace_of(settings: Settings, random: Random | None = None) -> Pace:
    """Gaps, batches and the daily maximum of the number."""
    chosen = settings.sending
    policy = PacePolicy(
        gap_min_s=chosen.gap_min_s,
        gap_max_s=chosen.gap_max_s,
        daily_max=chosen.daily_max,
        batch_size=chosen.batch_size,
        batch_rest_s=chosen.batch_pause_min * 60,
        part_gap_min_s=chosen.part_gap_min_s,
        part_gap_max_s=chosen.part_gap_max_s,
    )
    return Pace(policy, random or Random())


def compose_policy(settings: Settings) -> ComposePolicy:
    """Texts, documents and which debts are sent. With a test number, amounts and documents are masked by default."""
    documents = settings.documents
    folder = Path(documents.models_folder) if documents.models_folder else None
    _check_models(settings, folder)
    return ComposePolicy(
        choices=choices_of(settings),
        titles=TitlePolicy(
            debts=Debts(settings.sending.debts.value),
            debt_max_days=settings.sending.debt_max_days,
            hold_unregistered=documents.unregistered_boleto is BoletoFallback.HOLD,
            hold_late=documents.late_boleto is BoletoFallback.HOLD,
            fine_percent=documents.fine_percent,
            interest_percent=documents.interest_percent,
        ),
        draw_boleto=documents.draw_boleto,
        draw_statement=documents.draw_statement,
        code_to_copy=settings.messages.code_to_copy,
        text_as_caption=settings.messages.text_as_caption,
        several_boletos=documents.several_boletos,
        password_digits=documents.password_digits if documents.password else 0,
        models_folder=folder,
        statement=documents.statement,
        agreement=documents.agreement,
        creditors=tuple(
            CreditorChoice(
                each.creditor,
                Creditor(each.name or each.creditor, each.tax_id, each.address),
                each.statement,
                each.agreement,
            )
            for each in documents.creditors
        ),
        signer=documents.signer,
        colour=documents.colour,
        allowed_folders=tuple(Path(to_unc(str(folder))) for folder in documents.allowed_folders),
        max_file_bytes=documents.max_size_mb * _MEGABYTE,
        masked=bool(test_number(settings)) and settings.whatsapp.mask_in_test,
        bank_day=next_bank_day,
        templates=_templates_of(settings) if settings.whatsapp.engine is Engine.CLOUD_API else None,
    )


def _check_models(settings: Settings, folder: Path | None) -> None:
    """The shop's own block documents, read once, so that a slip is told when the program starts."""
    chosen = settings.documents
    named = {chosen.statement, chosen.agreement, *(each.statement for each in chosen.creditors)}
    named |= {each.agreement for each in chosen.creditors}
    if folder is None and named <= {STATEMENT, AGREEMENT, ""}:
        return
    from integrator.documents.blocks.models import Models

    models = Models(folder)
    for name in {*filter(models.file_of, models.names()), *named} - {""}:
        models.get(name)


def pump_policy(settings: Settings, asks: Asks | None) -> PumpPolicy:
    """Which number, how often one row is tried, where everything goes in test mode, and what waits for a person."""
    chosen = settings.whatsapp
    attempts, test = settings.sending.max_attempts, test_number(settings)
    return PumpPolicy(chosen.instance, attempts, test, chosen.default_area, asks)


def new_record_policy(settings: Settings) -> NewRecordPolicy:
    """What becomes of people whom the ERP has just registered."""
    chosen = settings.customers
    return NewRecordPolicy(
        asks=chosen.new_records is NewRecords.TERM,
        accepts=chosen.new_records is NewRecords.ACCEPT,
        since=chosen.since,
        default_area=settings.whatsapp.default_area,
    )


def cap_policy(settings: Settings) -> CapPolicy:
    """To how many people the number may write in a day, and how many failures in a row stop it."""
    chosen = settings.whatsapp
    return CapPolicy(
        chosen.instance,
        known=chosen.known_cap,
        cold=chosen.cold_cap,
        failures_to_stop=chosen.failures_to_stop,
        # What a simulated number would say to everybody is what people want to see.
        test=bool(test_number(settings)) or chosen.engine is Engine.SIMULATOR,
    )


@dataclass(frozen=True, slots=True)
class DebtText:
    """The shop's text for a debt notice, empty where it has none, and its key of ``[mensagens]``."""

    key: str
    kind: DebtKind
    text: str


def debt_texts(settings: Settings) -> tuple[DebtText, ...]:
    """The texts of ``[mensagens]``, one for each debt notice."""
    chosen = settings.messages
    return (
        DebtText("vencidos", DebtKind.OVERDUE, chosen.overdue_text),
        DebtText("a_vencer", DebtKind.UPCOMING, chosen.upcoming_text),
        DebtText("vencidos_e_a_vencer", DebtKind.BOTH, chosen.both_text),
    )


def choices_of(settings: Settings) -> Choices:
    """The shop's switches and texts.

    The same text for all debts is the one for overdue ones, or, where it is empty, the default that fits all.
    Raises :class:`SettingsError` for a text that cannot be read, and for a message or document that the catalogue
    does not have.
    """
    chosen = settings.messages
    same = (chosen.overdue_text or debt_notice(DebtKind.BOTH).text) if chosen.same_text else None
    by_name: dict[tuple[str, str], Choice] = {}
    for each in debt_texts(settings):
        if each.text and (each.kind is DebtKind.OVERDUE or not chosen.same_text):
            _check_text(f"[mensagens] {each.key}", each.text, debt_notice(each.kind))
            by_name[bare(DEBT_NOTICE), bare(each.kind)] = Choice(text=each.text)
    for number, told in enumerate(chosen.situations, start=1):
        situation, choice = _situation_choice(f"[mensagens.situacoes, {number}º]", told)
        name = bare(situation.module), bare(situation.kind)
        # A table that only switches a debt notice says nothing of the text in [mensagens].
        by_name[name] = replace(choice, text=choice.text or by_name.get(name, choice).text)
    return Choices(frozenset(map(bare, settings.modules.off)), by_name, same, settings.modules.cashback_days)


def _situation_named(place: str, name: str, kind: str) -> Situation:
    """The situation of the catalogue that a table names, or what there is to name."""
    module = module_named(name)
    if module is None:
        raise SettingsError(f"{place} modulo: não há módulo “{name}”. Os que existem: {', '.join(MODULES)}.")
    situation = find_situation(name, kind)
    if situation is None:
        kinds = ", ".join(each.kind for each in module.situations)
        raise SettingsError(f"{place} tipo: o módulo {module.name} não tem “{kind}”. Os tipos dele: {kinds}.")
    return situation


def _situation_choice(place: str, told: SituationSettings) -> tuple[Situation, Choice]:
    """The situation that a table of ``[[mensagens.situacoes]]`` is about, and what it says of it."""
    situation = _situation_named(place, told.module, told.kind)
    for document in told.documents or ():
        if document not in situation.documents:
            known = ", ".join(situation.documents) or "nenhum"
            raise SettingsError(f"{place} documentos: “{document}” não vai com {situation.kind}. Pode ir: {known}.")
    if told.text:
        _check_text(f"{place} texto", told.text, situation)
    asks = None if told.how is None else told.how is HowSent.ASK
    return situation, Choice(told.on, asks, told.text, told.documents)


def _templates_of(settings: Settings) -> tuple[TemplateChoice, ...]:
    """Those of ``[[modelos_meta]]``. Raises :class:`SettingsError` for what does not exist or cannot be read."""
    return tuple(_template_choice(f"[modelos_meta, {n}º]", told) for n, told in enumerate(settings.templates, start=1))


def _template_choice(place: str, told: TemplateSettings) -> TemplateChoice:
    situation = _situation_named(place, told.module, told.kind)
    named = told.variables.items() if isinstance(told.variables, dict) else (("", each) for each in told.variables)
    expressions = tuple(Expression(source, name) for name, source in named)
    for expression in expressions:
        _check_text(f"{place} variaveis", expression.source, situation)
    return TemplateChoice(
        situation.module,
        situation.kind,
        told.name,
        told.language,
        told.body,
        expressions,
        told.document,
        told.further,
        told.further_body,
    )


def _check_text(place: str, text: str, situation: Situation) -> None:
    """The language is loaded where a shop has written texts."""
    from integrator.messages.check import check_text
    from integrator.messages.vocabulary import situation_schema

    check_text(place, text, situation_schema(situation))


def check_settings(settings: Settings) -> None:
    """What is written well and cannot be used all the same: texts, models, logo, test number, modules of numbers.

    Raises :class:`SettingsError`.
    """
    compose_policy(settings)
    company_of(settings)
    test_number(settings)
    for database in settings.databases:
        module_rule(settings.for_database(database.name).numbers)


def test_number(settings: Settings) -> str:
    """The number that gets everything (E.164 digits), or empty. Raises :class:`SettingsError` when it is missing."""
    chosen = settings.whatsapp
    if not chosen.redirect_all:
        return ""
    if not chosen.test_number:
        raise SettingsError("Com redirecionar_tudo ligado é preciso informar [whatsapp] numero_teste.")
    return parse_phones(chosen.test_number)[0].e164


def calendars_of(settings: Settings, erp_uf: str) -> Mapping[Purpose, Calendar]:
    """The calendar of each purpose; ``erp_uf`` is the shop's state as the ERP registers it."""
    return {
        purpose: build_calendar(
            settings.week(purpose, erp_uf),
            settings.uf(erp_uf),
            on_holidays=settings.calendar.on_holidays(purpose),
            optional=settings.calendar.optional_holidays,
            own=settings.calendar.own_holidays,
        )
        for purpose in Purpose
    }


def company_of(settings: Settings) -> Company:
    """The shop as written in ``[empresa]``: used where the ERP did not fill ``WA_EMPRESA``."""
    chosen = settings.company
    return Company(
        code="",
        legal_name=chosen.legal_name,
        trade_name=chosen.trade_name,
        tax_id=chosen.tax_id,
        address=Address(chosen.street, chosen.district, chosen.city, chosen.state, chosen.postal_code),
        phone=chosen.phone,
        mobile=chosen.mobile,
        email=chosen.email,
        logo=_logo(chosen.logo),
    )


def _logo(path: str) -> bytes | None:
    if not path:
        return None
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(f"Não consegui ler o logotipo em [empresa] logo: {path}.", detail=repr(error)) from error
    from integrator.documents.file_types import recognise

    try:
        is_picture = recognise(content).mime.startswith("image/")
    except DocumentError:
        is_picture = False
    if not is_picture:
        raise SettingsError(f"O arquivo de [empresa] logo não é uma imagem: {path}. Use um PNG ou JPG.")
    return content

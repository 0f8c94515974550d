"""Who receives and who does not, and why: one customer at a time, on Thursday the 12th unless told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from integrator.closing.ports import Memory, TitleState
from integrator.closing.reasons import Why
from integrator.domain.errors import SettingsError
from integrator.domain.message import Attachment, Purpose
from integrator.messages.catalogue import module_named
from integrator.settings.closing import StepSettings
from integrator.settings.sections import DebtsToSend
from tests.closing.world import E164, LONG_AGO, codes, contact, debt, done, november, plan, policy, remembered

TODAY = november(12)
FIRING = november(9)  # "vencido 3"
SINCE = Memory(since=LONG_AGO)


@pytest.mark.feature("B03", "S36")
def test_a_flagged_contact_receives_one_message_with_all_the_customer_owes() -> None:
    drafts, skipped = plan([debt(november(2)), debt(FIRING), debt(november(16)), debt(november(30))], TODAY)
    (draft,) = drafts
    assert draft.key == f"fech|2026-11-12||1|{E164}"
    assert (draft.purpose, draft.module, draft.kind) == (Purpose.COLLECTION, "AVISO DE DÉBITOS", "DÉBITOS")
    module = module_named(draft.module)
    assert module is not None
    assert module.purpose is Purpose.COLLECTION
    assert [title.due for title in draft.titles] == [november(2), FIRING, november(16)]
    assert (draft.step, draft.amount) == ("vencido 10", Decimal("300.00"))
    assert [(step.ref, step.step) for step in draft.steps] == [
        ("1-20261102", "vencido 10"),
        ("1-20261109", "vencido 3"),
    ]
    assert {step.day for step in draft.steps} == {TODAY}
    assert draft.customer.contact_name == "Maria"
    assert codes(skipped) == ["sem_etapa"]


def test_only_the_titles_of_the_day_when_the_shop_wants_it_so() -> None:
    drafts, skipped = plan([debt(date(2026, 10, 20)), debt(FIRING)], TODAY, chosen=policy(list_all=False))
    assert [title.due for title in drafts[0].titles] == [FIRING]
    assert skipped[0].amount == Decimal("100.00")
    assert len(plan([debt(date(2026, 10, 20)), debt(FIRING)], TODAY)[0][0].titles) == 2


@pytest.mark.parametrize(("due", "kind"), [(9, "DÉBITO VENCIDO"), (12, "DÉBITO A VENCER")])
def test_the_kind_names_the_situation(due: int, kind: str) -> None:
    assert plan([debt(november(due))], TODAY)[0][0].kind == kind


def test_the_day_before_is_no_overdue_debt_while_its_payment_is_on_the_way() -> None:
    drafts, skipped = plan([debt(FIRING), debt(november(11))], TODAY)
    assert [title.due for title in drafts[0].titles] == [FIRING]
    assert codes(skipped) == ["a_caminho"]


@pytest.mark.feature("B03")
@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (debt(FIRING, state=TitleState.PAID), "pago"),
        (debt(FIRING, state=TitleState.RENEGOTIATED), "renegociado"),
        (debt(FIRING, state=TitleState.CANCELLED), "cancelado"),
        (debt(FIRING, "0.00"), "sem_saldo"),
        (debt(FIRING, "-5.00"), "sem_saldo"),
        (debt(FIRING - timedelta(days=1825)), "antigo"),
        (debt(FIRING, reminds=False), "cliente_nao_avisa"),
    ],
)
def test_what_must_never_be_collected_is_left_out_even_beside_a_good_title(bad: object, code: str) -> None:
    good = debt(FIRING, ref="bom")
    drafts, skipped = plan([bad, good], TODAY)  # type: ignore[list-item]  # a debt, as the parameters above
    assert [title.ref for title in drafts[0].titles] == ["bom"]
    assert codes(skipped) == [code]
    assert all(item.reason.endswith(".") for item in skipped)


@pytest.mark.parametrize(("debts", "kept"), [(DebtsToSend.OVERDUE, november(9)), (DebtsToSend.UPCOMING, november(12))])
def test_the_sending_settings_rule_the_closing_too(debts: DebtsToSend, kept: object) -> None:
    drafts, skipped = plan([debt(november(9)), debt(november(12))], TODAY, chosen=policy(debts=debts))
    assert [title.due for title in drafts[0].titles] == [kept]
    assert codes(skipped) == ["desligado"]


def test_a_saturday_is_not_overdue_on_monday() -> None:
    saturday = debt(november(14))
    assert plan([saturday], november(16), chosen=policy(debts=DebtsToSend.OVERDUE))[0] == []
    assert plan([saturday], november(16), chosen=policy(debts=DebtsToSend.UPCOMING))[0][0].kind == "DÉBITO A VENCER"


# Contacts


@pytest.mark.parametrize(
    ("contacts", "code"),
    [
        ([], "sem_contato"),
        ([contact("2")], "sem_contato"),
        ([contact(accepts=False)], "nao_aceita"),
        ([contact(company="2")], "sem_contato"),
        ([contact(phones="3322")], "sem_telefone"),
    ],
)
def test_nobody_to_write_to_is_told(contacts: list[object], code: str) -> None:
    drafts, skipped = plan([debt(FIRING)], TODAY, contacts=contacts)  # type: ignore[arg-type]  # contacts
    assert drafts == []
    assert codes(skipped) == [code]
    assert (skipped[0].titles, skipped[0].amount) == (1, Decimal("100.00"))


def test_an_unusable_phone_is_quoted_and_promises_no_message() -> None:
    (skipped,) = plan([debt(FIRING)], TODAY, contacts=[contact(phones="98859-0187")])[1]
    assert "falta o DDD" in skipped.reason
    assert "retida" not in skipped.reason
    assert skipped.reason.endswith(".")


def test_the_shops_area_code_completes_local_phones() -> None:
    drafts, _ = plan([debt(FIRING)], TODAY, contacts=[contact(phones="98859-0187")], chosen=policy(default_area="49"))
    assert drafts[0].key.endswith(E164)


def test_each_flagged_contact_gets_theirs_and_the_same_phone_only_one() -> None:
    people = [contact(), contact(phones="49988590187", name="A mesma"), contact(phones="(49) 99911-2233", name="José")]
    drafts, _ = plan([debt(FIRING)], TODAY, contacts=people)
    assert [(draft.customer.contact_name, draft.key[-13:]) for draft in drafts] == [
        ("Maria", E164),
        ("José", "5549999112233"),
    ]


def test_one_contact_without_phone_does_not_stop_the_other_and_is_told() -> None:
    drafts, skipped = plan([debt(FIRING)], TODAY, contacts=[contact(phones="?"), contact()])
    assert len(drafts) == 1
    assert [(item.code, item.titles) for item in skipped] == [(Why.NO_PHONE, 0)]


def test_contacts_without_company_serve_all_and_companies_stay_apart() -> None:
    debts = [debt(FIRING, company="1", ref="a"), debt(FIRING, company="2", ref="b")]
    drafts, _ = plan(debts, TODAY)
    assert [draft.key.split("|")[2] for draft in drafts] == ["1", "2"]


def test_one_phone_of_several_customers_gets_a_message_for_each_debtor() -> None:
    debts = [debt(FIRING, customer="1"), debt(FIRING, customer="2")]
    drafts, _ = plan(debts, TODAY, contacts=[contact("1"), contact("2")])
    assert [draft.customer.name for draft in drafts] == ["Cliente 1", "Cliente 2"]


# How much and how often


def test_less_than_the_minimum_waits() -> None:
    debts = [debt(FIRING, "9.99")]
    assert codes(plan(debts, TODAY, chosen=policy(min_balance=Decimal("10.00")))[1]) == ["saldo_minimo"]
    assert plan([debt(FIRING, "10.00")], TODAY, chosen=policy(min_balance=Decimal("10.00")))[0]


@pytest.mark.parametrize(
    ("left", "skipped"),
    [
        (datetime(2026, 11, 11, 12, 1), ["aviso_recente"]),
        (datetime(2026, 11, 11, 12, 0), []),
        (datetime(2026, 11, 12, 0, 0), ["aviso_recente"]),
    ],
)
def test_a_customer_reminded_less_than_twenty_hours_before_the_opening_waits(
    left: datetime, skipped: list[str]
) -> None:
    memory = Memory(reminders={("", "1"): left}, since=LONG_AGO)
    assert codes(plan([debt(FIRING)], TODAY, memory=memory)[1]) == skipped


def test_what_was_skipped_today_is_still_due_tomorrow() -> None:
    memory = Memory(reminders={("", "1"): datetime(2026, 11, 11, 18, 0)}, since=LONG_AGO)
    assert plan([debt(FIRING)], TODAY, memory=memory)[0] == []
    assert plan([debt(FIRING)], november(13), memory=memory)[0][0].step == "vencido 3"


# Again and again


@pytest.mark.feature("B03", "S39")
def test_closing_twice_for_one_day_changes_nothing() -> None:
    debts = [debt(november(2)), debt(FIRING)]
    drafts, _ = plan(debts, TODAY)
    again, skipped = plan(debts, TODAY, memory=remembered(drafts, TODAY, SINCE))
    assert again == []
    assert codes(skipped) == ["ja_na_fila"]


@pytest.mark.feature("S39")
def test_a_weekends_closings_make_one_message_that_is_brought_up_to_date() -> None:
    monday = november(16)
    friday, _ = plan([debt(november(5)), debt(november(2))], monday)
    memory = remembered(friday, monday, SINCE)
    saturday, _ = plan([debt(november(5))], monday, memory=memory)  # the other was paid
    assert [draft.key for draft in saturday] == [draft.key for draft in friday]
    assert saturday[0].amount == Decimal("100.00")


def test_a_second_contact_found_on_the_second_run_gets_theirs() -> None:
    drafts, _ = plan([debt(FIRING)], TODAY)
    memory = remembered(drafts, TODAY, SINCE)
    more, skipped = plan(
        [debt(FIRING)], TODAY, memory=memory, contacts=[contact(), contact(phones="(49) 99911-2233", name="José")]
    )
    assert [draft.customer.contact_name for draft in more] == ["José"]
    assert codes(skipped) == ["ja_na_fila"]


def test_an_older_message_that_still_waits_is_not_followed_by_a_second_one() -> None:
    yesterday, _ = plan([debt(november(1))], november(11))
    memory = remembered(yesterday, november(11), SINCE)
    late = Memory({("", "1"): datetime(2026, 11, 12)}, memory.steps, memory.waiting, LONG_AGO)
    assert codes(plan([debt(november(1)), debt(FIRING)], TODAY, memory=late)[1]) == ["aviso_recente"]


# What cannot be read


@pytest.mark.feature("B04")
def test_a_title_with_a_problem_holds_the_customers_message_and_is_in_it() -> None:
    broken = debt(november(10), ref="ruim", problem="A coluna VALOR não pode ser lida.")
    drafts, _ = plan([debt(FIRING), broken], TODAY)
    assert drafts[0].problem == "A coluna VALOR não pode ser lida."
    assert {title.ref for title in drafts[0].titles} == {"1-20261109", "ruim"}
    assert ("ruim", "#problema") in {(step.ref, step.step) for step in drafts[0].steps}


@pytest.mark.feature("B04")
def test_a_title_that_cannot_be_read_is_told_even_when_no_step_is_due_but_not_every_night() -> None:
    broken = debt(november(30), "0.00", ref="ruim", problem="A coluna VALOR não pode ser lida.")
    drafts, _ = plan([broken], TODAY)
    assert [draft.problem for draft in drafts] == ["A coluna VALOR não pode ser lida."]
    memory = remembered(drafts, TODAY, SINCE)
    again, skipped = plan([broken], november(13), memory=memory)
    assert again == []
    assert codes(skipped) == ["problema_avisado"]


def test_a_paid_title_with_a_problem_holds_nothing() -> None:
    paid = debt(FIRING, ref="ruim", state=TitleState.PAID, problem="A coluna ESPECIE não pode ser lida.")
    assert plan([paid], TODAY)[0] == []


@pytest.mark.feature("B04")
@pytest.mark.parametrize("phones", ["(49) 98859-0187", ""])
def test_a_contact_with_a_problem_holds_the_message(phones: str) -> None:
    person = contact(phones=phones, problem="A coluna TELEFONE não pode ser lida.")
    drafts, _ = plan([debt(FIRING)], TODAY, contacts=[person])
    assert drafts[0].problem == "A coluna TELEFONE não pode ser lida."


def test_a_title_doubled_by_a_join_is_collected_once() -> None:
    drafts, _ = plan([debt(FIRING), debt(FIRING)], TODAY)
    assert drafts[0].amount == Decimal("100.00")


def test_a_title_that_came_twice_with_different_amounts_is_held() -> None:
    drafts, _ = plan([debt(FIRING, "100.00"), debt(FIRING, "60.00")], TODAY)
    assert "mais de uma vez" in drafts[0].problem
    assert len(drafts[0].titles) == 1


def test_a_customer_in_two_parts_stops_the_closing_before_one_part_replaces_the_other() -> None:
    debts = [debt(FIRING, ref="a"), debt(FIRING, customer="2"), debt(FIRING, ref="b")]
    with pytest.raises(SettingsError, match="duas partes"):
        plan(debts, TODAY)


# What goes with the message


def test_boletos_of_the_listed_titles_go_along() -> None:
    pdf = Attachment("boleto.pdf", content=b"%PDF", title_ref="1-20261109")
    other = Attachment("outro.pdf", content=b"%PDF", title_ref="1-20261130")
    debts = [replace(debt(FIRING), attachments=(pdf,)), replace(debt(november(30)), attachments=(other,))]
    assert plan(debts, TODAY)[0][0].attachments == (pdf,)


def test_a_step_has_its_own_text_and_one_that_becomes_false_expires() -> None:
    chosen = policy(StepSettings(name="hoje", days=0, text="Vence hoje."), StepSettings(name="depois", days=3))
    today = plan([debt(TODAY)], TODAY, chosen=chosen)[0][0]
    assert (today.template, today.expires_at) == ("Vence hoje.", datetime(2026, 11, 13))
    later = plan([debt(FIRING)], TODAY, chosen=chosen)[0][0]
    assert (later.template, later.expires_at) == ("", None)


def test_long_codes_still_make_a_key_that_fits_and_is_their_own() -> None:
    debts = [debt(FIRING, company="E" * 80, customer=code * 60) for code in "AB"]
    people = [contact(code * 60) for code in "AB"]
    first, second = (draft.key for draft in plan(debts, TODAY, contacts=people)[0])
    assert first != second
    assert max(len(first), len(second)) <= 120


def test_steps_done_earlier_are_looked_up_by_company_and_title() -> None:
    memory = Memory(steps={("", "1-20261109"): done("vencido 3", november(11))}, since=LONG_AGO)
    assert codes(plan([debt(FIRING)], TODAY, memory=memory)[1]) == ["sem_etapa"]

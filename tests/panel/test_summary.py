"""The day's summary on the owner's WhatsApp: once a day, never twice, never in the way of sending."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from integrator.domain.errors import DatabaseUnavailable
from integrator.domain.lifecycle import State
from integrator.domain.message import Composed
from integrator.erp.connection import Database
from integrator.facade import StationStatus
from integrator.panel.access import Role
from integrator.panel.summary.daily import Summary, put_test_message, variables_of
from integrator.panel.summary.figures import read_summary, sentences, title
from integrator.policies import compose_policy
from integrator.sending.compose import Composer
from integrator.sending.ports import Reservation
from integrator.settings import Settings
from integrator.settings.panel import SummarySettings
from tests.panel.site import MORNING, Site
from tests.panel.test_home import some_of_everything, words

OWNER = "5549988590187"


def with_summary(site: Site, phone: str = OWNER) -> Settings:
    (shop,) = site.panel.shops()
    return shop.settings.model_copy(update={"summary": SummarySettings(phone=phone)})


def own_rows(site: Site) -> list[tuple[str, str, str, str]]:
    found = site.sql("SELECT CHAVE, SITUACAO, TIPO, TELEFONE FROM WA_FILA WHERE MODULO = 'INTEGRADOR' ORDER BY ID")
    return [tuple(str(cell).strip() for cell in each) for each in found]  # type: ignore[misc]


@pytest.mark.feature("B17")
def test_the_summary_is_queued_once_a_day_whoever_asks(site: Site) -> None:
    ours, theirs = (Summary(with_summary(site), site.database) for _ in range(2))
    evening = MORNING.replace(hour=19)

    ours.tick(evening - timedelta(hours=17, minutes=30))
    assert own_rows(site) == [("resumo:2026-11-19", "pendente", "RESUMO DO DIA", OWNER)]
    ours.tick(evening - timedelta(seconds=1))
    assert len(own_rows(site)) == 1
    for each in (ours, theirs, ours, theirs, Summary(with_summary(site), site.database)):
        each.tick(evening)
        each.tick(evening + timedelta(hours=1))
    assert [key for key, *_ in own_rows(site)] == ["resumo:2026-11-19", "resumo:2026-11-20"]
    assert site.sql("SELECT DISTINCT FINALIDADE, REGRA, INSTANCIA FROM WA_FILA WHERE MODULO = 'INTEGRADOR'") == [
        ("servico", "integrador", "principal")
    ]


def test_one_that_was_sent_or_called_off_is_not_written_again(site: Site) -> None:
    evening = MORNING.replace(hour=19)
    Summary(with_summary(site), site.database).tick(evening)
    site.execute("UPDATE WA_FILA SET SITUACAO = 'cancelada' WHERE MODULO = 'INTEGRADOR'")
    Summary(with_summary(site), site.database).tick(evening + timedelta(minutes=30))
    assert [state for _, state, *_ in own_rows(site)] == ["cancelada"]


def test_nothing_is_asked_without_a_phone_or_before_its_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the database was asked")

    quiet = Summary(with_summary(site, phone=""), site.database)
    late = Summary(with_summary(site), site.database)
    monkeypatch.setattr(Database, "transaction", never)
    quiet.tick(MORNING.replace(hour=19))
    late.tick(MORNING.replace(hour=18, minute=59))  # yesterday's is too old by now


def test_a_database_away_or_a_defect_stops_nothing_and_is_tried_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = MORNING.replace(hour=19)
    summary = Summary(with_summary(site), site.database)
    for error in (DatabaseUnavailable("O banco está fora do ar."), ValueError("a defect")):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        with monkeypatch.context() as broken:
            broken.setattr("integrator.panel.summary.daily.read_summary", fail)
            summary.tick(evening)
        evening += timedelta(minutes=10)
    summary.tick(evening - timedelta(seconds=1))
    assert own_rows(site) == []
    summary.tick(evening)
    assert len(own_rows(site)) == 1


@pytest.mark.feature("B17")
def test_the_figures_are_those_of_the_day(site: Site) -> None:
    some_of_everything(site)
    day = datetime(2026, 11, 19).date()
    summary = read_summary(site.database, day)

    left = site.sql(
        "SELECT ID, SITUACAO, FINALIDADE FROM WA_FILA WHERE ENVIADA_EM >= '2026-11-19' AND ENVIADA_EM < '2026-11-20'"
    )
    owed = sum(
        (site.sql("SELECT COALESCE(SUM(VALOR_ABERTO), 0) FROM WA_TITULO WHERE FILA_ID = ?", (number,))[0][0])
        for number, _, purpose in left
        if purpose.strip() == "cobranca"
    )
    assert summary.figures.sent == len(left) > 0
    assert summary.reminded[1] == Decimal(owed)
    told = variables_of(summary)
    assert told["dia"] == "2026-11-19"
    assert told["enviadas"] == str(len(left))
    assert told["incertas"] == "1"
    assert "1 por celular ausente ou inválido" in told["motivos"]
    assert "falharam" not in told
    assert summary.waiting_in(State.AWAITING) == int(told["aguardando"])
    assert sentences(summary.figures, summary.reminded)[0].startswith(f"{len(left)} mensage")
    assert title(day, day) == "Hoje, 19/11/2026"


@pytest.mark.feature("A09")
def test_a_test_message_goes_to_the_test_number_through_the_queue(site: Site) -> None:
    operator = site.browser(Role.OPERATOR)
    assert "Informe um número de teste" in words(operator.page("/whatsapp").text)
    assert operator.submit("/whatsapp/teste").status_code == 400
    with site.config.open("a", encoding="utf-8") as file:
        file.write(f'numero_teste = "{OWNER}"\n')

    assert site.browser(Role.VIEWER).submit("/whatsapp/teste").status_code == 403
    assert operator.submit("/whatsapp/teste").status_code == 303
    assert operator.submit("/whatsapp/teste").status_code == 303  # pressed twice in the same second
    ((key, state, kind, phone),) = own_rows(site)
    assert (state, kind, phone) == ("pendente", "MENSAGEM DE TESTE", OWNER)
    assert key.startswith("teste:2026-11-20T08:00")
    assert site.engine.woken == 2
    assert len([each for each in site.audit() if "mensagem de teste" in each]) == 1
    assert "Mensagem de teste na fila. Ela sai na sua vez" in words(operator.page("/whatsapp").text)
    site.engine.status = StationStatus("principal", "pausado", paused_until=datetime.max)
    assert operator.submit("/whatsapp/teste").status_code == 303
    assert "O envio está pausado até alguém retomar; depois ela sai" in words(operator.page("/whatsapp").text)


@pytest.mark.feature("B17")
def test_what_the_owner_and_the_test_number_read(site: Site) -> None:
    some_of_everything(site)
    with site.config.open("a", encoding="utf-8") as file:
        file.write(f'numero_teste = "{OWNER}"\n')
    Summary(with_summary(site), site.database).tick(MORNING)
    (shop,) = site.panel.shops()
    put_test_message(shop.settings, shop.database, MORNING)
    composer, texts = Composer(compose_policy(shop.settings)), []
    for number, guid in site.sql("SELECT ID, GUID FROM WA_FILA WHERE MODULO = 'INTEGRADOR' ORDER BY ID"):
        message = shop.queue().load(Reservation(number, guid.strip(), "")).message
        composed = composer.compose(message, MORNING, None)
        assert isinstance(composed, Composed)
        assert len(composed.parts) == 1
        texts.append(composed.text)
    summary, test = texts
    assert summary.startswith(
        "*Resumo de 19/11/2026*\n\n2 mensagens enviadas, 2 entregues, 2 lidas\n1 cobrança, lembrando R$"
    )
    assert "• 1 incerta: confira no celular e decida\n• 2 aguardando confirmação\n• 2 retidas: 1 por" in summary
    assert "Se ela chegou, o envio está funcionando." in test
    assert all("{" not in text for text in texts)

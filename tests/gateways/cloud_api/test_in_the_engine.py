"""The whole way by the official API: Firebird, engine, journal, a pretended Meta and its webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrator.app import Parts, build
from integrator.demo.clock import SkippingClock
from integrator.gateways.cloud_api.gateway import CloudApiGateway
from integrator.gateways.events.log import EventLog, everybody
from integrator.sending.gateway import Inbound
from integrator.settings import Settings
from integrator.settings.contents import DocumentSettings
from integrator.settings.sections import DatabaseSettings, Engine, WhatsAppSettings
from integrator.settings.templates import TemplateSettings
from tests.erp.helpers import ContractDatabase, contract_database
from tests.gateways.cloud_api.fake_meta import ACCOUNT, Meta, running_meta
from tests.gateways.cloud_api.webhooks import messages, status, told
from tools.firebird_server import PrivateServer

START = datetime(2026, 11, 24, 9)
STRANGER, TALKED = "5549988590187", "5549988590188"
NOTICE = TemplateSettings(
    module="AVISO DE DÉBITOS",
    kind="DÉBITO VENCIDO",
    name="aviso_vencido",
    body="Olá, {{1}}. Há {{2}} em aberto.",
    variables=("{primeiro_nome}", "{total}"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop under test."""

    database: ContractDatabase
    parts: Parts
    gateway: CloudApiGateway
    clock: SkippingClock

    def debt(self, key: str, phone: str) -> None:
        with self.database.attach("UTF8") as erp:
            row = erp.enqueue(key, modulo="RECEBER", telefone=phone)[0]
            title = "SELECT RESULTADO FROM WA_INCLUIR_TITULO(?, ?, 'NF1', '1', NULL, '2026-11-20', 150.00, 150.00)"
            assert erp.value(title, (row, key)) == "OK"
            assert erp.value("SELECT RESULTADO FROM WA_LIBERAR(?)", (key,)) == "OK"
            erp.commit()

    def work(self) -> None:
        for _ in range(6):
            self.parts.engine.tick()
            self.clock.sleep(180)

    def row(self, key: str) -> tuple[object, ...]:
        with self.database.attach("UTF8") as erp:
            return tuple(erp.one("SELECT SITUACAO, MOTIVO_CODIGO, MOTIVO FROM WA_FILA WHERE CHAVE = ?", (key,)))

    def recorded(self, key: str) -> tuple[object, ...]:
        with self.database.attach("UTF8") as erp:
            return tuple(erp.one("SELECT TEXTO_FINAL FROM WA_FILA WHERE CHAVE = ?", (key,)))


@pytest.fixture
def templates() -> tuple[TemplateSettings, ...]:
    return (NOTICE,)


@pytest.fixture
def meta() -> Iterator[Meta]:
    with running_meta() as meta:
        yield meta


@pytest.fixture
def shop(
    firebird_server: PrivateServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meta: Meta,
    templates: tuple[TemplateSettings, ...],
) -> Iterator[Shop]:
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    database = contract_database(firebird_server)
    with database.attach("UTF8") as erp:
        erp.run(
            "INSERT INTO WA_EMPRESA (CODIGO, RAZAO_SOCIAL, CNPJ, ENDERECO, CIDADE, UF) "
            "VALUES ('1', 'Loja Ltda', '84833812000108', 'Rua A, 1', 'Concórdia', 'SC')"
        )
        erp.commit()
    target = database.target()
    place = DatabaseSettings(server=target.host, port=target.port, path=target.path, client_library=str(target.client))
    settings = Settings(
        database=place,
        whatsapp=WhatsAppSettings(engine=Engine.CLOUD_API, phone_id=ACCOUNT.phone_id),
        documents=DocumentSettings(draw_statement=False),
        templates=templates,
    )
    clock = SkippingClock(START)
    with ExitStack() as stack:
        news = EventLog(tmp_path / "eventos.db", clock.now, everybody)
        stack.callback(news.close)
        news.append("principal", Inbound("wamid.1", TALKED, "Oi", START - timedelta(hours=2)))
        gateway = CloudApiGateway(ACCOUNT, instance="principal", events=news, clock=clock.now, base_url=meta.url)
        stack.callback(gateway.close)
        parts = stack.enter_context(build(settings, tmp_path / "dados", clock=clock, gateway=gateway))
        yield Shop(database, parts, gateway, clock)
    database.path.unlink()


@pytest.mark.feature("C35")
def test_strangers_get_the_template_and_who_wrote_gets_the_message(shop: Shop, meta: Meta) -> None:
    shop.debt("a", STRANGER)
    shop.debt("b", TALKED)

    shop.work()

    by_phone = {fields["to"]: fields for fields in meta.posts()}
    assert by_phone[STRANGER]["template"]["name"] == "aviso_vencido"
    assert by_phone[TALKED]["type"] == "text"
    assert shop.recorded("a") == ("Olá, João. Há R$ 150,00 em aberto.",)
    assert shop.recorded("b") == (by_phone[TALKED]["text"]["body"],)

    references = [fields["biz_opaque_callback_data"] for fields in meta.posts()]
    told(shop.gateway, messages(statuses=[status(each, "delivered", shop.clock.now()) for each in references]))
    shop.work()
    assert {shop.row("a")[0], shop.row("b")[0]} == {"entregue"}


def test_a_lost_answer_is_uncertain_until_meta_tells(shop: Shop, meta: Meta) -> None:
    meta.lose_answers = 1
    shop.debt("a", STRANGER)
    shop.work()
    assert shop.row("a")[0] == "incerta"
    assert len(meta.posts()) == 1

    (fields,) = meta.posts()
    told(shop.gateway, messages(statuses=[status(fields["biz_opaque_callback_data"], "sent", shop.clock.now())]))
    shop.work()
    assert shop.row("a")[0] == "enviada"
    assert len(meta.posts()) == 1


class TestWithoutTemplate:
    @pytest.fixture
    def templates(self) -> tuple[TemplateSettings, ...]:
        return ()

    @pytest.mark.feature("C35")
    def test_the_row_is_held_and_says_which_to_configure(self, shop: Shop, meta: Meta) -> None:
        shop.debt("a", STRANGER)
        shop.work()
        state, code, why = shop.row("a")
        assert (state, code) == ("retida", "modelo")
        assert "tipo = “DÉBITO VENCIDO”" in str(why)
        assert not meta.posts()

"""The whole program with the embedded engine, as a shop runs it: real processes, a real queue, the unmodified library.

Only WhatsApp is played, by :mod:`tests.fake_whatsapp`; ``whole_entry.py`` says what else is not as in a shop.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from integrator.local_address import one_time_link, read_address
from tests.daemon.whole_shop import WholeShop, customer_number, whole_shop
from tests.demo.conftest import target_of
from tests.fake_whatsapp.phone import Phone
from tests.fake_whatsapp.server import FakeWhatsApp
from tests.panel.browser import code_on
from tests.waiting import PATIENCE_S, eventually
from tools.faults_shop import QueueRow, Shop
from tools.firebird_server import PrivateServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trust anchor is replaced through /proc")

#: Nobody has that much patience: a message that leaves left because somebody woke the engine.
_TICK_S = 3600.0
#: It takes one or two; what is not told to stop, or is waited for in vain, takes more than this.
_STOP_S = 15.0
_PEOPLE = 30
_LEFT = ("enviada", "entregue", "lida")
_SECRET = "Cobrança sigilosa do João"


@pytest.fixture(scope="module")
def whole(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeShop]:
    folder = tmp_path_factory.mktemp("loja")
    shop = Shop(target_of(firebird_server, firebird_server.create_database("whole-program.fdb", "NONE")))
    shop.install()
    with FakeWhatsApp(folder / "servidor") as server:
        server.receipts_automatic = True
        with whole_shop(shop, firebird_server, [server], folder / "dados do João é", tick_s=_TICK_S) as running:
            yield running
        assert server.marked_read == []
        assert server.problems == []
    shop.close()


@pytest.fixture(scope="module")
def people(whole: WholeShop) -> list[Phone]:
    return [whole.server.contact(customer_number(number)) for number in range(_PEOPLE)]


@pytest.fixture
def paired(whole: WholeShop) -> WholeShop:
    if whole.state() != "conectado":
        whole.pair()
    return whole


def next_to_leave(whole: WholeShop) -> None:
    """Another customer's row comes and goes: what was heard before was acted on."""
    key = whole.service(_PEOPLE - 1, key=f"VEZ-{time.monotonic_ns()}")
    whole.becomes(key, *_LEFT)


def settled(row: QueueRow) -> bool:
    """Whether it left, is in doubt, or is to be tried again in a minute because nothing could leave."""
    return row.state in (*_LEFT, "incerta") or row.code == "tentar_depois"


def everybody_once(people: list[Phone]) -> bool:
    """Whether nobody got the same text twice."""
    return all(max(Counter(each.text or each.file for each in one.received).values(), default=0) <= 1 for one in people)


@pytest.mark.feature("S20", "S24", "E07")
def test_nothing_leaves_until_the_phone_read_the_code_on_the_page_and_then_at_once(
    whole: WholeShop, people: list[Phone], chromium: Chromium
) -> None:
    whole.pairing("end")
    before, connections = len(people[0].received), whole.server.connections
    key = f"CODIGO-{time.monotonic_ns()}"
    whole.service(0, key=key, text=key)
    whole.wake()
    whole.until(lambda: "leia o QR Code" in whole.beat() and whole.workers() == [])
    assert whole.row(key).state == "pendente"
    assert whole.server.connections == connections

    context = chromium.new_context(locale="pt-BR", viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(one_time_link(whole.folder))
    page.goto(f"{page.url.partition('/primeiro')[0].rstrip('/')}/")
    expect(page.get_by_role("main")).to_contain_text("Nenhum número conectado", timeout=PATIENCE_S * 1000)
    page.get_by_role("link", name="Conectar").first.click()
    page.get_by_role("button", name="Conectar").first.click()
    drawn = page.get_by_role("img", name="QR Code para conectar o celular da loja")
    whole.server.scan(code_on(drawn))
    # Nobody but the number's connection wakes the engine.
    eventually(lambda: len(people[0].received) > before, "the message", whole.log)
    expect(page.get_by_role("main")).to_contain_text("Conectado · (49) 98888-7777", timeout=PATIENCE_S * 1000)
    context.close()
    whole.becomes(key, *_LEFT)


def test_a_boleto_arrives_byte_by_byte_and_what_became_of_it_comes_back(paired: WholeShop, people: list[Phone]) -> None:
    key = paired.debt(1, boleto=True)
    row = paired.becomes(key, "entregue")
    got = people[1].received
    assert [hashlib.sha256(each.file or each.text.encode()).hexdigest() for each in got] == [
        part.sha256 for part in row.parts
    ]
    assert sum(each.mime == "application/pdf" and each.file.startswith(b"%PDF") for each in got) >= 1
    for each in got:
        people[1].read(each.id)
    paired.becomes(key, "lida")


@pytest.mark.feature("B08")
def test_a_sair_is_written_down_answered_once_and_respected(paired: WholeShop, people: list[Phone]) -> None:
    paired.becomes(paired.service(2), "entregue")
    said = people[2].write("SAIR")
    paired.until(lambda: len(people[2].received) == 2)
    paired.until(lambda: len(paired.consents(customer_number(2))) == 3)
    assert set(paired.consents(customer_number(2))) == {
        (purpose, "N", said) for purpose in ("cobranca", "servico", "promocional")
    }
    key = paired.debt(2, key="DEPOIS-DO-SAIR")
    assert paired.becomes(key, "retida", "cancelada").code == "consentimento"
    people[2].write("sair")
    next_to_leave(paired)
    assert len(people[2].received) == 2, "the same word again changes nothing and is not answered"


@pytest.mark.feature("S31")
def test_who_writes_to_the_shop_is_left_in_peace_by_reminders(paired: WholeShop, people: list[Phone]) -> None:
    paired.becomes(paired.service(3), "entregue")
    people[3].write(f"Bom dia, {_SECRET}")
    paired.until(lambda: paired.talked(customer_number(3)))
    key = paired.debt(3, key="LEMBRETE")
    paired.until(lambda: "conversando" in paired.row(key).reason)
    paired.becomes(paired.service(3, key="PRONTA", text="Pode buscar"), *_LEFT)
    assert paired.row(key).state == "pendente"
    assert len(people[3].received) == 2


@pytest.mark.feature("E07")
def test_a_phone_that_removes_the_computer_stops_the_sending_until_it_reads_another_code(
    paired: WholeShop, people: list[Phone]
) -> None:
    paired.server.log_out_from_phone()
    paired.until(lambda: paired.state() == "desconectado")
    paired.until(lambda: not paired.workers())
    key = paired.service(4)
    paired.until(lambda: "Conecte o número de novo" in paired.beat())
    assert "Nenhum número conectado" in paired.page("/")
    assert (paired.row(key).state, people[4].received) == ("pendente", [])
    paired.pair()
    paired.becomes(key, *_LEFT)


def test_nothing_leaves_twice_when_the_program_is_killed_in_the_middle(paired: WholeShop, people: list[Phone]) -> None:
    """Once while rows leave, once while an answer is waited for: that row is settled by its receipt alone."""
    before = len(paired.server.messages)
    keys = [paired.service(0, key=f"MORTE-{number}", text=f"Pedido {number} pronto") for number in range(8)]
    paired.until(lambda: len(paired.server.messages) > before + 1)
    paired.kill()
    assert paired.workers_left() == [], "a worker does not outlive the program"
    paired.server.receipts_automatic = False
    paired.server.silence_acks()
    before = len(paired.server.messages)
    keys.append(paired.service(0, key="MORTE-8", text="Pedido 8 pronto"))
    paired.start()
    paired.until(lambda: len(paired.server.messages) > before)
    paired.kill()
    doubtful = paired.server.messages[-1].id
    paired.server.heal()
    paired.start()
    paired.until(lambda: all(paired.row(key).state in (*_LEFT, "incerta") for key in keys))
    uncertain = [key for key in keys if paired.row(key).state == "incerta"]
    assert len(uncertain) <= 2
    paired.server.receipts_automatic = True
    people[0].deliver(doubtful)
    accepted = {each.id for each in paired.server.messages}
    for key in uncertain:
        if paired.provider_id(key) in accepted:  # else the program died before the message had left
            people[0].deliver(paired.provider_id(key))
            paired.becomes(key, "entregue")
    assert everybody_once(people)
    left = {f"Pedido {number} pronto" for number, key in enumerate(keys) if paired.row(key).state in _LEFT}
    assert len(left) >= 8, "the row that is settled by its receipt, and all others but one"
    assert left <= {each.text for each in people[0].received}


def test_nothing_leaves_twice_when_the_worker_is_killed_in_the_middle(paired: WholeShop, people: list[Phone]) -> None:
    before = len(paired.server.messages)
    keys = [paired.service(1, key=f"QUEDA-{number}", text=f"Nota {number} emitida") for number in range(6)]
    paired.until(lambda: len(paired.server.messages) > before + 1)
    paired.server.kill_worker()
    paired.until(lambda: all(paired.row(key).state not in ("reservada", "enviando") for key in keys))
    paired.until(lambda: all(settled(paired.row(key)) for key in keys))
    assert everybody_once(people)


def test_told_to_stop_it_ends_within_seconds_and_leaves_no_process(paired: WholeShop) -> None:
    assert len(paired.workers()) == 1
    code, seconds = paired.stop()
    assert (code, paired.workers()) == (0, [])
    assert seconds < _STOP_S
    assert read_address(paired.folder) is None
    paired.start()
    paired.until(lambda: paired.state() == "conectado")


def test_what_it_wrote_down_tells_nobody_about_people(paired: WholeShop, people: list[Phone]) -> None:
    paired.becomes(paired.debt(20), *_LEFT)
    texts = [each.text for each in people[20].received if each.text]
    digits = [form for phone in people for form in (phone.number, phone.number[4:], phone.lid)]
    for log in (paired.log(), paired.said.read_text(encoding="utf-8")):
        assert log
        told = [each for each in (*digits, *texts, _SECRET, paired.server.account) if each in log]
        assert told == []
        assert not re.search(r"2@|adv|noise_key", log)


def test_the_support_bundle_holds_no_session_and_nobody(paired: WholeShop, people: list[Phone]) -> None:
    bundle = paired.folder.with_name("pacote.zip")
    done = paired.command("doctor", "--bundle", str(bundle))
    assert bundle.exists(), done.stderr
    assert (paired.folder / "whatsapp" / "principal" / "sessao.db").stat().st_size
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        content = b"".join(map(archive.read, names))
    assert not [name for name in names if "sessao" in name or name.endswith(".db")]
    numbers = [paired.server.account, *(phone.number for phone in people), *(phone.lid for phone in people)]
    assert not [number for number in numbers if number.encode() in content]

"""One night with every bad row that the field knows: each is held with its reason, and the good ones leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from integrator.domain.message import Purpose
from integrator.gateways.simulator.ledger import Ledger
from integrator.sending.compose import Composer
from integrator.settings.contents import DocumentSettings
from tests.engine.conftest import MORNING, simulator_in, target_of
from tests.waiting import PATIENCE_S
from tools.faults_engine import PASSWORD_VARIABLE, EngineRun, send_all
from tools.faults_shop import QueueRow, Shop, boleto_digits, judge, key_of, phone_of
from tools.firebird_server import PrivateServer

DUE = MORNING.date() - timedelta(days=10)
_numbers = count(100)
GOOD = range(3)
DEFECT = "Este cliente faz o programa tropeçar"


@dataclass(frozen=True, slots=True)
class Scene:
    shop: Shop
    allowed: Path


def debt(scene: Scene, number: int, **named: Any) -> int:
    """A notice of one title, not yet released."""
    row_id = scene.shop.enqueue(number, **named)
    scene.shop.add_title(row_id, number, DUE)
    return row_id


def service(scene: Scene, number: int, text: str | None = None) -> int:
    return scene.shop.enqueue(number, purpose=Purpose.SERVICE, text=text)


def raw(scene: Scene, number: int, column: str, value: bytes) -> None:
    """What an ERP with another charset leaves behind: bytes, whatever they mean."""
    octets = f"CAST(x'{value.hex()}' AS VARCHAR(100) CHARACTER SET OCTETS)"
    scene.shop.run(f"UPDATE WA_FILA SET {column} = {octets} WHERE ID = ?", (debt(scene, number),))


def attach(scene: Scene, number: int, content: bytes | None, path: Path | None) -> None:
    row_id = service(scene, number)
    scene.shop.rows(
        "SELECT RESULTADO FROM WA_INCLUIR_ANEXO(?, 'arquivo.pdf', ?, ?)", (row_id, content, str(path) if path else None)
    )


def with_title(scene: Scene, number: int, linha: str) -> None:
    row_id = scene.shop.enqueue(number)
    scene.shop.add_title(row_id, number, DUE, linha=linha)


def variable(scene: Scene, number: int, name: str, value: str, text: str) -> None:
    row_id = service(scene, number, text)
    scene.shop.rows("SELECT RESULTADO FROM WA_INCLUIR_VARIAVEL(?, ?, ?)", (row_id, name, value))


def told_in_json(scene: Scene, number: int, source: str) -> None:
    row_id = service(scene, number)
    scene.shop.rows("SELECT RESULTADO FROM WA_INCLUIR_JSON(?, ?)", (row_id, source))


def many_titles(scene: Scene, number: int) -> None:
    scene.shop.run(
        "EXECUTE BLOCK (P_ID INTEGER = ?) AS DECLARE N INTEGER = 0; BEGIN WHILE (N < 10000) DO BEGIN "
        "INSERT INTO WA_TITULO (FILA_ID, VENCIMENTO, VALOR) VALUES (:P_ID, '2026-11-20', 1); N = N + 1; END END",
        (scene.shop.enqueue(number),),
    )


def outside(scene: Scene) -> Path:
    path = scene.allowed.parent / "segredo.pdf"
    path.write_bytes(b"%PDF-1.4")
    return path


def expired(scene: Scene, number: int) -> None:
    scene.shop.run("UPDATE WA_FILA SET EXPIRA_EM = ? WHERE ID = ?", (MORNING, debt(scene, number)))


def paid(scene: Scene, number: int) -> None:
    row_id = debt(scene, number)
    scene.shop.run("UPDATE WA_TITULO SET VALOR_ABERTO = 0 WHERE FILA_ID = ?", (row_id,))


def wrong_dv(number: int) -> str:
    digits = boleto_digits(DUE, Decimal("120.50"), number)
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


@dataclass(frozen=True, slots=True)
class Bad:
    """How a bad row comes about, the state it ends in and a piece of its reason."""

    make: Callable[[Scene, int], object]
    reason: str
    state: str = "retida"


CASES = {
    "malformed phone": Bad(lambda s, n: debt(s, n, phone="ligar para a Maria"), "telefone"),
    "empty phone": Bad(lambda s, n: debt(s, n, phone=""), "telefone"),
    "number without WhatsApp": Bad(lambda s, n: debt(s, n, phone="11960000000"), "não tem WhatsApp"),
    "NUL byte": Bad(lambda s, n: raw(s, n, "CLIENTE_NOME", b"Jo\x00ao"), "CLIENTE_NOME tem um caractere nulo"),
    "undecodable byte": Bad(lambda s, n: raw(s, n, "CLIENTE_NOME", b"Jo\x81ao"), "não existem em Windows-1252"),
    "10 MB of text": Bad(lambda s, n: service(s, n, "x" * 10_000_000), "o máximo é 20000"),
    "missing file": Bad(lambda s, n: attach(s, n, None, s.allowed / "nao-existe.pdf"), "nao-existe.pdf"),
    "file outside the allowed folders": Bad(lambda s, n: attach(s, n, None, outside(s)), "pasta"),
    "path that climbs out": Bad(lambda s, n: attach(s, n, None, s.allowed / ".." / "segredo.pdf"), "pasta"),
    "broken PDF": Bad(lambda s, n: attach(s, n, b"%PDF-1.4 rasgado", None), "arquivo.pdf"),
    "empty attachment": Bad(lambda s, n: attach(s, n, None, None), "arquivo.pdf"),
    "unknown module": Bad(lambda s, n: debt(s, n, module="AVISO DE DEBITO"), "Você quis dizer AVISO DE DÉBITOS?"),
    "template error": Bad(lambda s, n: service(s, n, "Olá, {cliente"), "linha 1, coluna 6"),
    "unknown variable": Bad(lambda s, n: service(s, n, "Olá, {clinte}"), "Você quis dizer {cliente}?"),
    "variable without value": Bad(lambda s, n: variable(s, n, "placa", "", "Placa {placa}"), "{placa}"),
    "another system's placeholder": Bad(lambda s, n: service(s, n, "Olá, {{1}}"), "{{1}}"),
    "JSON with an error": Bad(lambda s, n: told_in_json(s, n, '{"numero": 1,}'), "linha 1, coluna 14"),
    "JSON with an item of no name": Bad(lambda s, n: told_in_json(s, n, '{"itens": [{"total": 1}]}'), "O item 1"),
    "10,000 titles": Bad(many_titles, "mais de 500 títulos"),
    "wrong digits": Bad(lambda s, n: with_title(s, n, wrong_dv(n)), "Dígito verificador errado"),
    "digits that are none": Bad(lambda s, n: with_title(s, n, "123"), "dígitos"),
    "boleto of another amount": Bad(
        lambda s, n: with_title(s, n, boleto_digits(DUE, Decimal("999.99"), n)), "R$ 999,99"
    ),
    "boleto of another due date": Bad(
        lambda s, n: with_title(s, n, boleto_digits(DUE + timedelta(days=9), Decimal("120.50"), n)), "vencimento"
    ),
    "no title at all": Bad(lambda s, n: s.shop.enqueue(n), "sem nenhum título"),
    "debt already paid": Bad(paid, "já foram pagos", "cancelada"),
    "expired": Bad(expired, "prazo", "expirada"),
    "defect of the program": Bad(lambda s, n: debt(s, n, text=DEFECT), "erro que não conhecia"),
}


@pytest.fixture(scope="module")
def night(
    firebird_server: PrivateServer, shop_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, QueueRow], dict[str, str], Ledger]:
    """All of them in one queue, bad ones first; the queue afterwards, keys by case, and what customers received."""
    folder = tmp_path_factory.mktemp("ruins")
    allowed = folder / "boletos"
    allowed.mkdir()
    target = target_of(firebird_server, firebird_server.copy_database(shop_template, "bad-rows.fdb"))
    with (
        closing(Shop(target)) as shop,
        simulator_in(folder / "simulador") as simulator,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv(PASSWORD_VARIABLE, target.password)
        _stumble(patch)
        keys = {}
        for name, bad in CASES.items():
            number = next(_numbers)
            keys[name] = key_of(number)
            bad.make(Scene(shop, allowed), number)
            shop.release(keys[name])
        shop.run("UPDATE WA_FILA SET PRIORIDADE = 1")
        shop.debts(GOOD, MORNING.date())
        run = EngineRun(target, folder / "dados", simulator.folder, MORNING, patience_s=PATIENCE_S)
        send_all(replace(run, documents=DocumentSettings(allowed_folders=(allowed,))))
        return shop.queue(), keys, simulator.ledger()


def _stumble(patch: pytest.MonkeyPatch) -> None:
    compose = Composer.compose

    def stumbling(self: Composer, message: Any, *args: Any) -> Any:
        if message.template == DEFECT:
            raise ZeroDivisionError
        return compose(self, message, *args)

    patch.setattr(Composer, "compose", stumbling)


Night = tuple[dict[str, QueueRow], dict[str, str], Ledger]


@pytest.mark.feature("B04", "A18")
@pytest.mark.parametrize("name", CASES)
def test_a_bad_row_is_not_sent_and_says_why(name: str, night: Night) -> None:
    queue, keys, ledger = night
    row = queue[keys[name]]

    assert (row.state, CASES[name].reason in row.reason) == (CASES[name].state, True), row.reason
    assert row.reason[0].isupper()
    assert row.reason.rstrip()[-1] in ".?"
    assert f"55{row.phone}" not in {bubble.to for bubble in ledger.messages}


@pytest.mark.feature("B04")
def test_the_rest_of_the_queue_goes_on(night: Night) -> None:
    queue, _, ledger = night

    verdict = judge({key_of(number): queue[key_of(number)] for number in GOOD}, ledger)

    assert (len(verdict.sent), verdict.lost) == (len(GOOD), ())


def test_the_same_key_with_other_content_replaces_it_until_it_left(engine_run: EngineRun, shop: Shop) -> None:
    shop.debts(range(1), MORNING.date())
    row_id = shop.enqueue(0, phone=phone_of(5))
    shop.add_title(row_id, 0, DUE, Decimal("55.00"))
    shop.release(key_of(0))
    send_all(engine_run)
    after = shop.queue()[key_of(0)]

    ((_, result),) = shop.rows(
        "SELECT ID, RESULTADO FROM WA_ENFILEIRAR(?, 'AVISO DE DÉBITOS', 'AVISO', 'C0', 'Outro', ?, 'S')",
        (key_of(0), phone_of(6)),
    )

    assert str(result).strip() == "REPETIDA"
    assert after.phone == phone_of(5)
    assert shop.queue()[key_of(0)].phone == phone_of(5)
    assert len(shop.queue()) == 1

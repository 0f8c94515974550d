"""Bodies and headers that nobody sends in earnest: refused with a reason, and nothing changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from integrator.demo.sample_erp.build import SampleErp
from tests.demo.conftest import target_of
from tests.panel.api_client import Client, client, message
from tests.panel.site import Site, close_site, open_site
from tools.firebird_server import PrivateServer


@pytest.fixture(scope="module")
def shared(
    firebird_server: PrivateServer, closed_shop: SampleErp, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One panel for all of them: none may change anything."""
    path = firebird_server.copy_database(closed_shop.target.path, "panel-hostile.fdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTEGRATOR_SENHA", firebird_server.password)
        shop = replace(closed_shop, target=target_of(firebird_server, path))
        site = open_site(shop, tmp_path_factory.mktemp("hostil"))
        yield site
        close_site(site)
    path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def hostile(shared: Site) -> Client:
    return client(shared)


_MESSAGE = json.dumps(message("hostil"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe\x00", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b"NaN", 400),
        (b"1" * 5000, 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
        (b'{"chave":"a","chave":"b"}', 400),
        (_MESSAGE.replace('"5530"', "1e400"), 422),
        (_MESSAGE.replace('"5530"', "Infinity"), 400),
        (_MESSAGE.replace('"5530"', '"\\u0000"'), 422),
        (_MESSAGE.replace('"5530"', '"\\ud800"'), 422),
        (_MESSAGE.replace('"numero"', '"\\udc00"'), 422),
        (_MESSAGE.replace('"5530"', "{}"), 422),
        (_MESSAGE.replace('"numero"', '"Itens"'), 422),
        (json.dumps(message("x" * 121)), 422),
        (json.dumps(message("a\nb")), 422),
        (json.dumps(message("   ")), 422),
        (json.dumps(message("k", nao_antes="0000-01-01T00:00:00")), 422),
        (json.dumps(message("k", nao_antes="10000-01-01T00:00:00")), 422),
        (json.dumps(message("k", nao_antes="2026-02-30")), 422),
        (json.dumps(message("k", nada=None)), 422),
        (json.dumps(message("k", prioridade=True)), 422),
        (json.dumps(message("k", aceita_receber="S")), 422),
        (json.dumps(message("k", titulos=[{"documento": "1", "vencimento": "2026-11-20", "valor": 10.005}])), 422),
        (json.dumps(message("k", titulos=[{"documento": "1", "vencimento": "2026-11-20", "valor": -1}])), 422),
        (json.dumps(message("k", titulos=[{}] * 501)), 422),
        (json.dumps(message("k", anexos=[{"nome": "a.pdf", "conteudo_base64": "não é"}])), 422),
        (json.dumps(message("k", anexos=[{"nome": "a.pdf"}])), 422),
        (json.dumps(message("k", anexos=[{"nome": "a.pdf", "conteudo_base64": "YQ==", "caminho": "a"}])), 422),
        (json.dumps(message("k", texto="x" * 2_000_000)), 422),
        (json.dumps(message("k", texto="€" * 7_000)), 422),
        (json.dumps(message("k", variaveis={f"v{n}": "x" * 4000 for n in range(20)})), 422),
    ],
)
def test_a_hostile_body_is_told_what_is_wrong_and_changes_nothing(
    hostile: Client, shared: Site, body: bytes | str, status: int
) -> None:
    before = shared.sql("SELECT COUNT(*) FROM WA_FILA")
    answer = hostile.post("/messages", body)

    assert answer.status_code == status, answer.text
    assert answer.json()["mensagem"]
    assert shared.sql("SELECT COUNT(*) FROM WA_FILA") == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json; charset=utf-8"}, 201),
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer itg_0000000000_" + "a" * 43}, 401),
        ({"Authorization": "Basic Zm9vOmJhcg=="}, 401),
        ({"Authorization": "Bearer \u00e9"}, 401),
        ({"Idempotency-Key": "outra"}, 422),
        ({"Idempotency-Key": "a" * 121}, 422),
        ({"Host": "evil.example"}, 400),
    ],
)
def test_headers_are_read_as_strictly(hostile: Client, headers: dict[str, str], status: int) -> None:
    answer = hostile.post("/messages", message(f"h|{headers}"[:100]), headers=headers)

    assert answer.status_code == status, answer.text


def test_a_body_in_pieces_or_too_large_is_no_harm(hostile: Client) -> None:
    raw = json.dumps(message("pedaços")).encode()
    assert hostile.post("/messages", pieces(raw)).status_code == 201
    assert hostile.post("/messages", pieces(b"x" * 1024 * 1024, times=20)).status_code == 413
    assert declared(hostile, 10**18) == 413


def declared(hostile: Client, length: int) -> int:
    """The status for a body that is announced and not even sent."""
    connection = HTTPConnection(hostile.url.removeprefix("http://"), timeout=120)
    connection.putrequest("POST", "/api/v1/messages")
    for name, value in (
        ("Authorization", f"Bearer {hostile.token}"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(length)),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def pieces(raw: bytes, times: int = 1) -> Iterator[bytes]:
    """Sent as ``Transfer-Encoding: chunked``."""
    for _ in range(times):
        yield raw[: len(raw) // 2]
        yield raw[len(raw) // 2 :]

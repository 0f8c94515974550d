"""The sample ERP of these tests: one database per module and way of keeping text, made by copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.profiles.shop import ErpShop
from tools.firebird_server import PrivateServer

_numbers = count(1)
MakeShop = Callable[..., ErpShop]


@pytest.fixture(scope="session")
def _shop_templates() -> dict[tuple[str, int], Path]:
    return {}


@pytest.fixture
def make_shop(firebird_server: PrivateServer, _shop_templates: dict[tuple[str, int], Path]) -> Iterator[MakeShop]:
    """``make_shop(charset="NONE", dialect=3)``: an ERP with its tables, empty."""
    made: list[Path] = []

    def make(charset: str = "NONE", dialect: int = 3) -> ErpShop:
        if (charset, dialect) not in _shop_templates:
            template = firebird_server.create_database(f"erp-{charset.lower()}-{dialect}.fdb", charset, dialect)
            ErpShop(firebird_server, template, dialect).create()
            _shop_templates[charset, dialect] = template
        path = firebird_server.copy_database(_shop_templates[charset, dialect], f"erp-{next(_numbers)}.fdb")
        made.append(path)
        return ErpShop(firebird_server, path, dialect)

    yield make
    for path in made:
        path.unlink(missing_ok=True)


@pytest.fixture
def shop(make_shop: MakeShop) -> ErpShop:
    """Two customers and three titles, in a NONE database that holds Windows-1252."""
    erp = make_shop()
    clients: list[tuple[object, ...]] = [
        (1, "João da Conceição".encode("cp1252"), b"(49) 98859-0187", b"S"),
        (2, b"Maria", b"49 98800-0001", b"N"),
    ]
    erp.run("INSERT INTO CLIENTE (ID, NOME, CELULAR, AVISO) VALUES (?, ?, ?, ?)", clients)
    titles: list[tuple[object, ...]] = [
        (101, 1, b"1", "2026-11-10", "150.00", 150.0),
        (102, 2, b"1", "2026-11-20", "99.90", 49.95),
        (103, 1, b"1", "2026-12-01", "10.00", 10.0),
    ]
    erp.run("INSERT INTO RECEBER (ID, CLIENTE, LOJA, VENC, VALOR, SALDO) VALUES (?, ?, ?, ?, ?, ?)", titles)
    return erp

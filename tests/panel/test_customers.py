"""Clientes: found, answered for, and all of it told to their owner."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser as Chromium

from integrator.domain.lifecycle import State
from integrator.domain.message import Purpose
from integrator.panel.access import Role
from tests.panel.browser import PHONE, accessible, fits, keep, person
from tests.panel.site import Site

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def write(site: Site, key: str, name: str, phones: str, flag: str = "S", code: str = "") -> int:
    """A row as an ERP writes it; its id."""
    site.sql(
        "SELECT ID FROM WA_ENFILEIRAR(?, 'RECEBER', 'DÉBITO VENCIDO', ?, ?, ?, ?)", (key, code or key, name, phones, flag)
    ) if False else None
    site.database.run(
        lambda s: s.rows(
            "SELECT ID FROM WA_ENFILEIRAR(?, 'RECEBER', 'DÉBITO VENCIDO', ?, ?, ?, ?)",
            (key, code or key, name, phones, flag),
        )
    )
    site.database.run(lambda s: s.rows("SELECT RESULTADO FROM WA_LIBERAR(?)", (key,)))
    return int(site.sql("SELECT ID FROM WA_FILA WHERE CHAVE = ?", (key,))[0][0])


def test_smoke(site: Site) -> None:
    write(site, "k1", "João " + SCRIPT, "(49) 98859-0187; 3442-1100")
    b = site.browser()
    for path in ("/clientes", "/clientes?busca=joao", "/clientes?busca=98859-0187", "/clientes/linhas", "/clientes/telefone/5549988590187", "/clientes/telefone/5549988590187/apagar", "/clientes/lote", "/clientes/telefone/5549988590187/dados.txt", "/clientes/telefone/5549988590187/dados.json"):
        r = b.page(path)
        assert r.status_code == 200, (path, r.text[:3000])
        assert SCRIPT not in r.text or path.endswith(("txt", "json")), path

"""Fila: what people see of the queue, look for in it, and decide."""

from __future__ import annotations

import pytest

from integrator.domain.lifecycle import State
from integrator.panel.access import Role
from tests.panel.site import Site


def test_pages_answer(site: Site) -> None:
    browser = site.browser()
    for path in (
        "/fila",
        "/fila?situacao=retida",
        "/fila/resumo",
        "/fila/linhas",
        "/fila?situacao=todas&busca=jos%C3%A9",
        "/confirmar",
        "/confirmar/lista",
        "/fila?busca=(49) 98859-0187",
    ):
        answer = browser.page(path)
        assert answer.status_code == 200, (path, answer.text[-600:])
    for number, guid, state in site.sql("SELECT ID, GUID, SITUACAO FROM WA_FILA"):
        answer = browser.page(f"/fila/{number}?guid={guid}")
        assert answer.status_code == 200, answer.text

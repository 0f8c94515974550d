"""The API as an ERP uses it: a key, and JSON both ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from integrator.panel.api.keys import Action, ApiKey, ApiKeys, KeyPlan
from tests.panel.site import Site

EVERYTHING = frozenset(Action)


@dataclass(frozen=True, slots=True)
class Client:
    """One ERP with one key."""

    url: str
    key: ApiKey
    token: str

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """``body`` is sent as JSON; bytes, texts and pieces as they are."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes | str | Iterator) else json.dumps(body)
        return requests.request(
            method,
            f"{self.url}/api/v1{path}",
            data=body,
            headers=headers,
            timeout=120,
            allow_redirects=False,
            **options,
        )

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self.ask("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.ask("POST", path, body, **options)


def client(site: Site, *, actions: frozenset[Action] = EVERYTHING, **more: Any) -> Client:
    """An ERP with a new key."""
    plan = KeyPlan(more.get("name", "ERP da loja"), actions, more.get("database", ""), more.get("per_second", 200))
    key, token = ApiKeys(site.panel.store).create(plan, "Dono", site.clock.now())
    return Client(site.url, key, token)


def message(key: str, **more: Any) -> dict[str, Any]:
    """The least that a message must have, of a service order; ``more`` changes it."""
    return {
        "chave": key,
        "finalidade": "servico",
        "modulo": "ORDEM DE SERVIÇO",
        "tipo": "OS ABERTA",
        "cliente": {"codigo": "4711", "nome": "João da Conceição"},
        "telefone": "(49) 98859-0187",
        "aceita_receber": True,
        "variaveis": {"numero": "5530"},
        **more,
    }

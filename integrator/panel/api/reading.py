"""A request's body: read in bounded memory and time, and understood strictly.

What two readers could understand differently is refused: a name twice, NaN, text that no UTF-8 can hold.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request

from integrator.panel.api.problems import ApiProblem, Problem, invalid

#: PDFs come as base64, which is a third longer than they are.
LARGEST: Final = 16 * 1024 * 1024
_SMALL: Final = 256 * 1024
_LARGE_AT_ONCE: Final = 2
_READ_S: Final = 60.0
_QUEUE_S: Final = 10.0
_DEEPEST: Final = 12
_LONGEST_NUMBER: Final = 40


class Bodies:
    """Reads bodies; large ones only two at a time, until they are answered. For one event loop."""

    def __init__(self) -> None:
        self._slots: asyncio.Semaphore | None = None

    @asynccontextmanager
    async def body(self, request: Request) -> AsyncIterator[bytes]:
        """The whole body. Raises :class:`ApiProblem` for one that is too large, too slow or no JSON."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise ApiProblem(415, "tipo", "Envie o corpo como Content-Type: application/json.")
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:12]) > LARGEST:
            raise _too_large()
        slots = self._slots = self._slots or asyncio.Semaphore(_LARGE_AT_ONCE)
        held = False
        try:
            async with asyncio.timeout(_READ_S):
                pieces, size = [], 0
                async for piece in request.stream():
                    size += len(piece)
                    if size > LARGEST:
                        raise _too_large()
                    pieces.append(piece)
                    if size > _SMALL and not held:
                        held = await _taken(slots)
            yield b"".join(pieces)
        except TimeoutError:
            raise ApiProblem(408, "lento", "O corpo do pedido não chegou inteiro em um minuto.") from None
        except ClientDisconnect:
            raise ApiProblem(400, "interrompido", "O pedido foi interrompido.") from None
        finally:
            if held:
                slots.release()


async def _taken(slots: asyncio.Semaphore) -> bool:
    try:
        async with asyncio.timeout(_QUEUE_S):
            return await slots.acquire()
    except TimeoutError:
        told = "Há pedidos grandes demais ao mesmo tempo. Tente de novo em alguns segundos."
        raise ApiProblem(503, "ocupado", told, headers={"retry-after": "5"}) from None


def read_json(raw: bytes) -> Any:
    """The document. Raises :class:`ApiProblem` telling what is wrong with it, and where."""
    try:
        text = raw.decode("utf-8-sig")
        document = json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_no_number, object_pairs_hook=_object
        )
    except UnicodeDecodeError as error:
        raise _unreadable(f"o corpo não é UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise _unreadable(f"há um erro na linha {error.lineno}, coluna {error.colno}") from None
    except RecursionError:
        raise _unreadable("há objetos dentro de objetos demais") from None
    except ValueError as error:
        raise _unreadable(str(error)) from None
    found = list(_impossible(document, "", 0))
    if found:
        raise invalid(found[:20])
    return document


def _impossible(value: Any, pointer: str, depth: int) -> Iterator[Problem]:
    """Texts that no column can hold, and what is nested deeper than anything documented."""
    if depth > _DEEPEST:
        yield Problem(pointer[:200], "tem objetos dentro de objetos demais")
    elif isinstance(value, str):
        if "\0" in value:
            yield Problem(pointer[:200], "tem um caractere nulo")
        elif not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            yield Problem(pointer[:200], "tem metade de um caractere (surrogate)")
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _impossible(name, f"{pointer}/{name}", depth + 1)
            yield from _impossible(each, f"{pointer}/{name}", depth + 1)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _impossible(each, f"{pointer}/{place}", depth + 1)


def _number(text: str) -> int | Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("há um número com dígitos demais")
    return int(text) if text.lstrip("-").isdecimal() else Decimal(text)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} não é um número em JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"o nome “{name[:60]}” aparece duas vezes no mesmo objeto")
        found[name] = value
    return found


def _too_large() -> ApiProblem:
    return ApiProblem(413, "grande_demais", f"O corpo passa de {LARGEST // 1024 // 1024} MB.")


def _unreadable(why: str) -> ApiProblem:
    return ApiProblem(400, "json", f"O corpo não é um JSON que se possa ler: {why}.")

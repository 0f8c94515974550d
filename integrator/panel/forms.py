"""What a form posted, read within limits: so much, so long, and in no other character set than ours."""

from __future__ import annotations

import asyncio
from typing import Final

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

LARGEST_FORM: Final = 4 * 1024 * 1024
_FILES: Final = 4
_FIELDS: Final = 4000
#: Enough for the largest form over the worst wireless network of a shop.
_LONGEST_S: Final = 60.0


async def read_form(request: Request) -> FormData:
    """The fields. Raises :class:`HTTPException` with 400, 408 or 413; whatever it was, memory and time are bounded."""
    charset = request.headers.get("content-type", "").lower().partition("charset=")[2].strip(' "')
    if charset not in {"", "utf-8"}:
        raise HTTPException(400)
    limited = Request(request.scope, _Limited(request))
    try:
        async with asyncio.timeout(_LONGEST_S):
            return await limited.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=LARGEST_FORM)
    except FormParserError as error:
        raise HTTPException(400) from error
    except TimeoutError as error:
        raise HTTPException(408) from error


class _Limited:
    """Receives a body up to the limit, whether its length was announced or not."""

    def __init__(self, request: Request) -> None:
        self._receive = request.receive
        self._left = LARGEST_FORM
        if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
            raise HTTPException(413)

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise HTTPException(413)
        return message


def row_number(text: str) -> int | None:
    """The number of a row, as an address names it; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("999999999") else None

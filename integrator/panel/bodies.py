"""The raw body of a request that is no form of a page: read in bounded memory and time."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

_READ_S: Final = 15.0


async def read_body(request: Request, most: int) -> bytes:
    """All of it. Raises :class:`HTTPException` with 400, 408 or 413."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:12]) > most:
        raise HTTPException(413)
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_READ_S):
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise HTTPException(413)
                pieces.append(piece)
    except TimeoutError as error:
        raise HTTPException(408) from error
    except ClientDisconnect as error:
        raise HTTPException(400) from error  # nobody is there to read it
    return b"".join(pieces)

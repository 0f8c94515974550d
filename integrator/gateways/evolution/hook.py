"""Where the server tells its news to, and the token by which they are known.

The server signs nothing, so it is told to show a token of ours in a header. The token is derived from the API key and
the instance's name, so that nothing more need be stored, and changes with the key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

#: In lower case, as a receiver sees it; the names of headers have no case.
TOKEN_HEADER: Final = "x-integrador-token"
_PURPOSE: Final = "integrador webhook"


@dataclass(frozen=True, slots=True)
class Hook:
    """The address as the server reaches it, and the token that the server shows there."""

    url: str
    token: str = field(repr=False)


def hook_of(url: str, api_key: str, instance: str) -> Hook:
    """The webhook of that instance at ``url``."""
    token = hmac.new(api_key.strip().encode(), f"{_PURPOSE} {instance}".encode(), hashlib.sha256).hexdigest()
    return Hook(url, token)

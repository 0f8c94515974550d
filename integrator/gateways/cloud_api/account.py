"""What Meta gave the shop: the ids of its number, account and app, the token and the app's secret."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """One number at Meta. Without ``account_id`` its templates cannot be managed, without ``app_id`` no sample of a
    document can be handed in for one, without ``app_secret`` nothing that comes from Meta can be believed.
    """

    phone_id: str
    token: str = field(repr=False)
    account_id: str = ""
    app_id: str = ""
    app_secret: str = field(default="", repr=False)

    @property
    def verify_token(self) -> str:
        """What is typed at Meta as the webhook's verify token; empty without the app secret."""
        if not self.app_secret:
            return ""
        told = f"integrador webhook {self.phone_id}".encode()
        return hmac.new(self.app_secret.encode(), told, hashlib.sha256).hexdigest()[:40]

    def signed(self, body: bytes, signature: str) -> bool:
        """Whether ``X-Hub-Signature-256`` fits the raw body. Takes the same time whatever the difference."""
        if not self.app_secret:
            return False
        right = "sha256=" + hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace"))

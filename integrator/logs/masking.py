"""What may not be read in a log: phones, CPF and CNPJ, e-mails, digits of boletos, and known secrets."""

from __future__ import annotations

import json
import re

from integrator.domain.phone import mask_phone

_TAIL = 4
#: A shorter secret would blot out half of every line.
_SHORTEST_SECRET = 4
_PATTERN = re.compile(
    r"""
      (?P<uuid>(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f]))
    | (?P<boleto>(?<!\d)(?:\d[ .\-]{0,2}){43,}\d)
    | (?P<cnpj>(?<!\w)[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}(?!\d))
    | (?P<cpf>(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d))
    | (?P<phone>(?<![\d.])
        (?: (?:(?:\+|00)?55[ .\-]{0,2})? \(?0?(?:[xX]{2})?\(?\d{2}\)?[ .\-]{0,3}(?:9[ .\-]?)?\d{4}[ .\-]{0,3}
          | 9[ .\-]?\d{4}-
          | \d{4}- ) \d{4}(?!\d))
    | (?P<number>(?<!\d)\d{10,}(?!\d))
    | (?P<email>[\w.+\-]{1,64}@[\w\-]+(?:\.[\w\-]+)+)
    """,
    re.VERBOSE,
)
_NOT_DIGIT = re.compile(r"\D")


class Masker:
    """Masks a text; secrets learnt while running may be added."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def add_secret(self, secret: str) -> None:
        """Hide ``secret`` wherever it appears from now on; one of less than four characters is ignored."""
        if len(secret) >= _SHORTEST_SECRET:
            # As it is, and as a quoted field or a traceback would write it.
            forms = {secret, json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
            self._secrets = tuple(sorted({*self._secrets, *forms}, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[segredo]")
        return _PATTERN.sub(_hide, text)


def _hide(match: re.Match[str]) -> str:
    text = match[0]
    match match.lastgroup:
        case "uuid":
            return text
        case "email":
            user, _, domain = text.partition("@")
            return f"{user[0]}***@{domain}"
        case "boleto":
            return f"[boleto …{_NOT_DIGIT.sub('', text)[-_TAIL:]}]"
        case "phone":
            return _hide_phone(_NOT_DIGIT.sub("", text))
        case kind:
            return {"cnpj": "[CNPJ]", "cpf": "[CPF]"}.get(kind or "", "[número]")


def _hide_phone(digits: str) -> str:
    digits = digits.lstrip("0")
    masked = mask_phone(digits if len(digits) > 11 else f"55{digits}")
    return masked if masked.startswith("(") else f"****-{digits[-_TAIL:]}"

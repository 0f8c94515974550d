"""PDFs with debts behind a password that the customer knows: the first digits of the own CPF or CNPJ.

It keeps out the curious who pick up somebody's phone, and nobody else: the hundred thousand passwords of five digits
are tried in seconds, whatever the cipher. So the cipher is the one that pypdf writes by itself; AES would bring a
library of several megabytes for a lock that is no stronger.
"""

from __future__ import annotations

import re

from integrator.domain.errors import MessageError

_CPF_LENGTH = 11
_CIPHER = "RC4-128"
"""Written without further libraries, and opened by every reader, of phones too."""


def protect(pdf: bytes, password: str) -> bytes:
    """The PDF asking for this password when opened; equal input gives equal bytes.

    Raises ``DocumentError`` when the PDF is broken or already protected, ``ValueError`` on an empty password.
    """
    from integrator.documents.pdf_files import SteadyWriter, check_same, readable

    if not password:
        raise ValueError("an empty password protects nothing")
    with readable(pdf) as reader:
        writer = SteadyWriter(pdf, reader)
        writer.encrypt(password, algorithm=_CIPHER)
        protected = writer.written()
    check_same([pdf], protected, password)
    return protected


def password_of(tax_id: str, digits: int) -> str:
    """The first ``digits`` characters of a CPF or CNPJ (letters in upper case), at most all of them.

    Raises ``MessageError`` for what is neither: the customer could not know what to type.
    """
    return _known(tax_id)[:digits]


def password_hint(tax_id: str, digits: int) -> str:
    """``os 5 primeiros números do seu CPF``: what to type, to stand in a message. Raises as :func:`password_of`."""
    known = _known(tax_id)
    name = "CPF" if len(known) == _CPF_LENGTH else "CNPJ"
    letters = not known[:digits].isdigit()
    what = "números e letras maiúsculas" if letters else "números"
    if digits >= len(known):
        return f"os {len(known)} {what} do seu {name}"
    return f"os {digits} primeiros {what} do seu {name}"


def _known(tax_id: str) -> str:
    """The bare characters of a CPF or CNPJ whose check digits are right."""
    from validate_docbr import CNPJ, CPF

    raw = re.sub(r"[^0-9A-Za-z]", "", tax_id).upper()
    if not (CPF().validate(raw) if len(raw) == _CPF_LENGTH else CNPJ().validate(raw)) or len(set(raw)) == 1:
        raise MessageError(
            "O cliente não tem um CPF ou CNPJ válido no cadastro, e é dele que sai a senha dos PDFs. "
            "Corrija o cadastro no ERP e libere a mensagem."
        )
    return raw

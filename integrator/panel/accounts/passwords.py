"""Passwords: argon2id at rest, and which ones are too weak to be taken.

19 MiB, two passes, one lane: the weakest setting that OWASP's Password Storage Cheat Sheet recommends, and some 20 ms
on a shop's computer. Few are computed at once, so that a flood of attempts takes neither memory nor processor from
the sending.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 8
LONGEST: Final = 128
#: Of a password that nobody knows, with the settings below: a login that does not exist costs what a wrong one does.
_NOBODYS: Final = "$argon2id$v=19$m=19456,t=2,p=1$KBw2SBISlvDeC+bg3+naEw$dhHfG/fgJ7Iic+Rw7M8RP8RocIfpyydmrhSfOl+cT4I"
_FIRST_TRIED: Final = """
    12345678 123456789 1234567890 87654321 11111111 00000000 12341234 11223344 123123123 password passw0rd
    senha123 senha1234 senha12345 minhasenha mudar123 mudar1234 trocar123 admin123 admin1234 administrador qwertyui
    qwerty123 qwertyuiop asdfghjk abcd1234 abc12345 abcdefgh 1q2w3e4r q1w2e3r4 brasil123 flamengo corinthians palmeiras
    masterkey integrador integrador123 whatsapp whatsapp123 painel123 loja1234 lojalojaloja
"""
_FOOLISH: Final = frozenset(_FIRST_TRIED.split())
_CLEAR: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_at_once = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """What is kept of it."""
    with _at_once:
        return _hasher().hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; None (no such account) takes the same time and is never right."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    try:
        with _at_once:
            _hasher().verify(kept or _NOBODYS, _plain(password)[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether it was made with other settings than today's, and is to be made anew while the password is at hand."""
    return _hasher().check_needs_rehash(kept)


def weakness(password: str, *about: str) -> str:
    """Why it cannot be taken, or empty. ``about``: what everybody knows of its person, as login and name."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return f"Use pelo menos {SHORTEST} letras ou números."
    if len(plain) > LONGEST:
        return f"Use no máximo {LONGEST} letras ou números."
    low = plain.casefold()
    if low in _FOOLISH or len(set(low)) < 4:
        return "Esta senha é das primeiras que alguém tentaria. Escolha outra; uma frase curta serve bem."
    if any(low in {word, word[::-1], word * 2} for word in (each.casefold() for each in about) if word):
        return "A senha não pode ser igual ao login nem ao nome."
    return ""


def provisional() -> str:
    """A password to be told once and changed at the first sign-in: three groups of four, nothing alike in them."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(3))


def _plain(password: str) -> str:
    """The same characters whichever keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)

"""What is typed in the window: how it is read, and what is wrong with it before anything is tried. Pure."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

_THIS_COMPUTER: Final = frozenset({"localhost", "127.0.0.1", "::1"})
#: As other programs write it in one: ``srv01:D:\S4\DADOS.FDB``, ``srv01/3051:dados``. A single letter is a drive.
_WHOLE: Final = re.compile(r"([^/\\:\s]{2,})(?:/(\d{1,5}))?:(?!//)(.+)")
_HOST: Final = re.compile(r"[^\s/\\]+")
_HIGHEST_PORT: Final = 65535


class Key(StrEnum):
    """The keys of ``[banco]`` that the window edits."""

    SERVER = "servidor"
    PORT = "porta"
    PATH = "caminho"
    USER = "usuario"
    CLIENT = "cliente"


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields as typed, without the password."""

    server: str = "localhost"
    port: str = "3050"
    path: str = ""
    user: str = "SYSDBA"
    client: str = ""

    def value(self, key: Key) -> str:
        """What is typed in the field of that key."""
        return {
            Key.SERVER: self.server,
            Key.PORT: self.port,
            Key.PATH: self.path,
            Key.USER: self.user,
            Key.CLIENT: self.client,
        }[key]


def tidy(fields: Fields) -> Fields:
    """Without the blanks, quotation marks and backslashes that come along when text is pasted.

    A whole address in the database's field goes to the three fields that it is for.
    """
    neat = Fields(
        fields.server.strip().lstrip("\\/"),
        fields.port.strip(),
        fields.path.strip().strip('"').strip(),
        fields.user.strip(),
        fields.client.strip().strip('"').strip(),
    )
    whole = _WHOLE.fullmatch(neat.path)
    if whole is None:
        return neat
    return replace(neat, server=whole[1], port=whole[2] or neat.port, path=whole[3].strip())


def problems(fields: Fields) -> dict[Key, str]:
    """What is wrong with tidied fields, a sentence for each that is, in the order of the window."""
    found: dict[Key, str] = {}
    if not fields.server:
        found[Key.SERVER] = "Falta o servidor: o nome ou o endereço dele, ou localhost para este computador."
    elif not _HOST.fullmatch(fields.server):
        found[Key.SERVER] = f"“{fields.server}” não é o nome de um computador: escreva por exemplo SRV01."
    if not (fields.port.isascii() and fields.port.isdigit() and 1 <= int(fields.port) <= _HIGHEST_PORT):
        told = f"“{fields.port}” não é uma porta" if fields.port else "Falta a porta"
        found[Key.PORT] = f"{told}: o padrão é 3050."
    if not fields.path:
        found[Key.PATH] = "Falta o banco: o caminho do arquivo no servidor, ou o apelido dele."
    if not fields.user:
        found[Key.USER] = "Falta o usuário: em geral SYSDBA."
    return found


def is_this_computer(server: str) -> bool:
    """Whether files of that server can be looked for here."""
    name = server.strip().lower()
    return name in _THIS_COMPUTER or name == socket.gethostname().lower()

"""The native library of the wheel ``neonize``, called directly. Loaded in the worker's process alone.

The wheel's own Python layer is left out on purpose: importing it downloads and runs a library when its own is missing,
takes over the process' logging, needs twice the memory, and its client object stops a newer session when it is
collected. What is used is the wheel's library and its message definitions, both untouched and of exactly the version
whose interface is written down here.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

VERSION: Final = b"0.5.2"
_PACKAGE: Final = "neonize"
_SESSION: Final = b"integrador"
_DOCUMENT: Final = 3
_LOG_LEVEL: Final = b"DEBUG"
_ENDINGS: Final = {"windows": "dll", "darwin": "dylib"}
_MACHINES: Final = {"aarch64": "arm64", "x86_64": "amd64"}

_OnText = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_OnEvent = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int)
_OnLog = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int)


class LibraryMissing(Exception):
    """The library is not there, cannot be loaded, or is of another version. The text is technical."""


class CallFailed(Exception):
    """The library answered with an error, in its own words."""


class _Bytes(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("size", ctypes.c_size_t))


class _Proxy(ctypes.Structure):
    _fields_ = (
        ("address", ctypes.c_char_p),
        ("not_websocket", ctypes.c_bool),
        ("only_login", ctypes.c_bool),
        ("not_media", ctypes.c_bool),
    )


@dataclass(frozen=True, slots=True)
class Ears:
    """Called by the library on threads of its own: whoever listens must be quick and never raise."""

    code: Callable[[str], None]
    login: Callable[[str], None]
    event: Callable[[int, bytes], None]
    log: Callable[[bytes], None]


def library_folder() -> Path:
    """Where the wheel lies, without importing it. Raises :class:`LibraryMissing`."""
    bundle = getattr(sys, "_MEIPASS", "")
    if bundle:  # the packaged program has the library and its definitions, not the package around them
        return Path(bundle) / _PACKAGE
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LibraryMissing("neonize is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def library_name() -> str:
    """The library's file name on this system."""
    system, machine = platform.system().lower(), platform.machine().lower()
    return f"neonize-{system}-{_MACHINES.get(machine, machine)}.{_ENDINGS.get(system, 'so')}"


class Native:
    """One session of the library in this process. Raises :class:`LibraryMissing` when it cannot be had."""

    def __init__(self) -> None:
        folder = library_folder()
        path = folder / library_name()
        if not path.is_file():
            raise LibraryMissing(f"{path.name} is not in its folder")
        try:
            self._library = ctypes.CDLL(str(path))
        except OSError as error:
            raise LibraryMissing(repr(error)) from error
        self._declare()
        version: bytes = self._library.GetVersion()
        if version != VERSION:
            raise LibraryMissing(f"version {version!r} instead of {VERSION!r}")
        sys.path.insert(0, str(folder / "proto"))
        self.own = _definitions("Neonize_pb2")
        self.e2e = _definitions("waE2E.WAWebProtobufsE2E_pb2")
        self._registration = _definitions("waCompanionReg.WAWebProtobufsCompanionReg_pb2")
        self._kept: tuple[object, ...] = ()

    def run(self, database: str, proxy: str, events: bytes, ears: Ears) -> str:
        """Connect and listen; returns only when it failed, with the reason. Once per process.

        ``database`` is pasted into an address by the library: give it a plain relative name. ``events`` are the
        numbers of the events to be told.
        """
        properties = self._registration.DeviceProps
        props = properties(os="Integrador", platformType=properties.CHROME, requireFullSync=False).SerializeToString()
        through = ctypes.byref(_Proxy(proxy.encode())) if proxy else None
        callbacks = (
            _OnText(lambda _id, text: ears.code(ctypes.string_at(text).decode("utf-8", "replace"))),
            _OnText(lambda _id, text: ears.login(ctypes.string_at(text).decode("utf-8", "replace"))),
            _OnEvent(lambda _id, data, size, code: ears.event(code, ctypes.string_at(data, size))),
            _OnLog(lambda data, size: ears.log(ctypes.string_at(data, size) if data and size > 0 else b"")),
        )
        self._kept = callbacks  # the library calls them as long as the process lives
        answer = self._library.Neonize(
            database.encode(), _SESSION, b"", 0, 0, _LOG_LEVEL, *callbacks, events, len(events),
            props, len(props), b"", 0, through,
        )  # fmt: skip
        return self._text(answer)

    def send(self, to: Any, message: Any) -> str:
        """Post ``message`` (of the definitions ``e2e``) to a JID; its id. Raises :class:`CallFailed`."""
        jid, body = to.SerializeToString(), message.SerializeToString()
        answer = self._call("SendMessage", jid, len(jid), body, len(body))
        told = self._checked(self.own.SendMessageReturnFunction.FromString(answer))
        return str(told.SendResponse.ID)

    def upload(self, content: bytes) -> Any:
        """Store a document, encrypted; where and under which keys. Raises :class:`CallFailed`."""
        answer = self._call("Upload", content, len(content), _DOCUMENT)
        return self._checked(self.own.UploadReturnFunction.FromString(answer)).UploadResponse

    def on_whatsapp(self, numbers: str) -> Any:
        """What is known of numbers with a plus, separated by blanks. Raises :class:`CallFailed`."""
        told = self.own.IsOnWhatsAppReturnFunction.FromString(self._call("IsOnWhatsApp", numbers.encode("ascii")))
        return self._checked(told).IsOnWhatsAppResponse

    def phone_of(self, lid: Any) -> str:
        """The phone number behind a hidden id, empty when it is not known."""
        jid = lid.SerializeToString()
        told = self.own.GetJIDFromStoreReturnFunction.FromString(self._call("GetPNFromLID", jid, len(jid)))
        return "" if told.Error else str(told.Jid.User)

    def account(self) -> Any:
        """The session's own device. Only while connected: without one the library would end the process."""
        return self.own.Device.FromString(self._call("GetMe"))

    def pair_code(self, phone: str) -> str:
        """The code to type on the phone. Raises :class:`CallFailed`."""
        wish = self.own.PairPhoneParams(
            phone=phone, showPushNotification=True, clientType=1, clientDisplayName="Chrome (Windows)"
        ).SerializeToString()
        answer = self._call("PairPhone", wish, len(wish))
        return str(self._checked(self.own.PairPhoneReturnFunction.FromString(answer)).Code)

    def log_out(self) -> None:
        """Unlink this device. Raises :class:`CallFailed`."""
        told = self._text(self._library.Logout(_SESSION))
        if told:
            raise CallFailed(told)

    def jid(self, phone: str) -> Any:
        """The address of a phone number (E.164 digits)."""
        own = self.own
        return own.JID(User=phone, Device=0, Integrator=0, IsEmpty=False, RawAgent=0, Server="s.whatsapp.net")

    def _declare(self) -> None:
        text, number = ctypes.c_char_p, ctypes.c_int
        library, given = self._library, ctypes.POINTER(_Bytes)
        library.GetVersion.restype = text
        library.Neonize.argtypes = [
            text, text, text, number, number, text, _OnText, _OnText, _OnEvent, _OnLog, text, number,
            text, number, text, number, ctypes.POINTER(_Proxy),
        ]  # fmt: skip
        for name in ("Neonize", "Logout"):
            getattr(library, name).restype = ctypes.c_void_p
        library.Logout.argtypes = [text]
        for name, arguments in (
            ("SendMessage", [text, number, text, number]),
            ("Upload", [text, number, number]),
            ("IsOnWhatsApp", [text]),
            ("GetPNFromLID", [text, number]),
            ("PairPhone", [text, number]),
            ("GetMe", []),
        ):
            function = getattr(library, name)
            function.argtypes, function.restype = [text, *arguments], given
        library.FreeBytesStruct.argtypes, library.FreeBytesStruct.restype = [given], None
        library.FreeString.argtypes, library.FreeString.restype = [ctypes.c_void_p], None

    def _call(self, name: str, *arguments: object) -> bytes:
        given = getattr(self._library, name)(_SESSION, *arguments)
        if not given:
            return b""
        try:
            answer = given.contents
            return ctypes.string_at(answer.data, answer.size) if answer.data else b""
        finally:
            self._library.FreeBytesStruct(given)

    def _text(self, address: int | None) -> str:
        if not address:
            return ""
        try:
            return ctypes.string_at(address).decode("utf-8", "replace")
        finally:
            self._library.FreeString(address)

    @staticmethod
    def _checked(told: Any) -> Any:
        if told.Error:
            raise CallFailed(str(told.Error))
        return told


def _definitions(name: str) -> ModuleType:
    """Messages of the wheel. They have no types, so that what is read of them is ``Any``."""
    return importlib.import_module(name)

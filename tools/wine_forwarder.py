"""A Windows DLL that only hands one name on to another DLL: what Wine 8 lacks, written without a compiler.

The library of the Rust language asks `bcryptprimitives.dll` for `ProcessPrng`, which came to Windows with 7 and to Wine
with 9. `advapi32.SystemFunction036` takes the same two arguments and fills the same buffer with chance, so a forwarded
export is all that it takes. The layout is that of Microsoft's "PE Format": headers, then one section that holds the
export directory; a forwarded export is an address inside that directory, where the other's name is written.
"""

import struct

_IMAGE_BASE = 0x1_8000_0000
_FILE_ALIGNMENT = 0x200
_SECTION = 0x1000
_HEADERS = _FILE_ALIGNMENT
_DOS_HEADER = 64
_AMD64 = 0x8664
_EXECUTABLE_LARGE_DLL = 0x2022
_PE32_PLUS = 0x20B
_CONSOLE = 3
_RELOCATABLE_NO_EXECUTION = 0x140
_READABLE_DATA = 0x4000_0040
_DIRECTORIES = 16


def forwarder(dll: str, exported: str, target: str) -> bytes:
    """The file of the 64-bit DLL `dll`, whose one export `exported` is `target` ("library.Function", no ".dll")."""
    exports = _exports(dll, exported, target)
    section = exports.ljust(_aligned(len(exports), _FILE_ALIGNMENT), b"\0")
    return _headers(len(exports), len(section)).ljust(_HEADERS, b"\0") + section


def _exports(dll: str, exported: str, target: str) -> bytes:
    functions, names, ordinals = 40, 44, 48
    texts = 50
    library, name = dll.encode() + b"\0", exported.encode() + b"\0"
    name_at = texts + len(library)
    target_at = name_at + len(name)
    directory = struct.pack(
        "<IIHHIIIIIII",
        0,
        0,
        0,
        0,
        _SECTION + texts,
        1,
        1,
        1,
        _SECTION + functions,
        _SECTION + names,
        _SECTION + ordinals,
    )  # fmt: skip - as the format's own table has it
    tables = struct.pack("<IIH", _SECTION + target_at, _SECTION + name_at, 0)
    return directory + tables + library + name + target.encode() + b"\0"


def _headers(exports: int, section: int) -> bytes:
    dos = (b"MZ".ljust(60, b"\0")) + struct.pack("<I", _DOS_HEADER)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        _PE32_PLUS,
        14,
        0,
        0,
        section,
        0,
        0,
        0,
        _IMAGE_BASE,
        _SECTION,
        _FILE_ALIGNMENT,
        6,
        0,
        0,
        0,
        6,
        0,
        0,
        _SECTION + _aligned(section, _SECTION),
        _HEADERS,
        0,
        _CONSOLE,
        _RELOCATABLE_NO_EXECUTION,
        0x10_0000,
        0x1000,
        0x10_0000,
        0x1000,
        0,
        _DIRECTORIES,
    )  # fmt: skip - as the format's own table has it
    optional += struct.pack("<II", _SECTION, exports) + bytes(8 * (_DIRECTORIES - 1))
    file = struct.pack("<HHIIIHH", _AMD64, 1, 0, 0, 0, len(optional), _EXECUTABLE_LARGE_DLL)
    row = struct.pack("<8sIIIIIIHHI", b".edata", exports, _SECTION, section, _HEADERS, 0, 0, 0, 0, _READABLE_DATA)
    return dos + b"PE\0\0" + file + optional + row


def _aligned(size: int, step: int) -> int:
    return -(-size // step) * step

"""Writes a Windows icon. Pillow's own writer makes every frame PNG or every frame a bitmap.

Tk and installers read bitmaps only; a bitmap of 256 pixels would weigh 270 kB.
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

#: Frames from this size on are PNG, which Windows reads since Vista.
_PNG_FROM: Final = 128


def write_ico(path: Path, frames: tuple[Image.Image, ...]) -> None:
    """One file with all frames (RGBA, square, at most 256 pixels)."""
    bodies = [_png(frame) if frame.width >= _PNG_FROM else _bitmap(frame) for frame in frames]
    offset = 6 + 16 * len(frames)
    directory = struct.pack("<HHH", 0, 1, len(frames))
    for frame, body in zip(frames, bodies, strict=True):
        side = frame.width % 256  # 256 is written as 0
        directory += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(body), offset)
        offset += len(body)
    path.write_bytes(directory + b"".join(bodies))


def _png(frame: Image.Image) -> bytes:
    with BytesIO() as file:
        frame.save(file, "PNG", optimize=True)
        return file.getvalue()


def _bitmap(frame: Image.Image) -> bytes:
    """The colours with their alpha, then the one-bit mask that only very old programs look at."""
    side = frame.width
    header = struct.pack("<IiiHHIIiiII", 40, side, side * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    colours = frame.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGRA")
    see_through = frame.getchannel("A").point(lambda alpha: 255 * (alpha == 0)).convert("1")
    flipped = see_through.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    row, padded = (side + 7) // 8, (side + 31) // 32 * 4
    bits = flipped.tobytes()
    mask = b"".join(bits[at : at + row].ljust(padded, b"\0") for at in range(0, len(bits), row))
    return header + colours + mask

"""Which files may go to a customer, told by their first bytes and proved by opening them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import NoReturn

from integrator.documents.pictures import count_pages
from integrator.domain.errors import DocumentError

_MAX_PIXELS = 50_000_000
_PDF_TAIL = 2048


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: its MIME, the extensions and the other MIME names by which it may be declared."""

    name: str
    mime: str
    extensions: tuple[str, ...]
    aliases: tuple[str, ...] = ()


PDF = FileType("PDF", "application/pdf", (".pdf",), ("application/x-pdf",))
XML = FileType("XML", "application/xml", (".xml",), ("text/xml",))
PNG = FileType("PNG", "image/png", (".png",), ("image/x-png",))
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), ("image/jpg", "image/pjpeg"))
FILE_TYPES = (PDF, XML, PNG, JPEG)


def recognise(content: bytes) -> FileType:
    """The type that the signature tells. Raises ``DocumentError`` for any other."""
    start = content[:64]
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if _looks_like_xml(start):
        return XML
    raise DocumentError("o tipo do arquivo não é aceito; podem ser anexados PDF, XML, PNG e JPEG.")


def _looks_like_xml(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<")):
        return True
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return re.match(rb"<(\?xml|!--|[A-Za-z_])", text) is not None and not re.match(rb"(?i)<!doctype|<html", text)


def prove(content: bytes, kind: FileType) -> None:
    """Open the content as what it claims to be. Raises ``DocumentError`` with the reason when it does not open."""
    match kind.name:
        case "PDF":
            _prove_pdf(content)
        case "XML":
            _prove_xml(content)
        case _:
            _prove_image(content, kind.name)


def _prove_pdf(content: bytes) -> None:
    """PDFium mends a cut file silently, by leaving out what was cut: the end mark is asked for first."""
    if b"%%EOF" not in content[-_PDF_TAIL:]:
        raise DocumentError("o PDF está incompleto: falta o fim do arquivo. Gere-o de novo.")
    try:
        count_pages(content)
    except DocumentError as error:
        raise DocumentError(error.message[:1].lower() + error.message[1:], detail=error.detail) from error


def _prove_xml(content: bytes) -> None:
    """Well-formed, and without DOCTYPE: no entity is ever expanded nor any external file read."""
    from xml.parsers import expat

    def refuse_doctype(*declared: object) -> NoReturn:
        raise DocumentError("o XML traz DOCTYPE (definição de entidades), que não é aceito.", detail=str(declared))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise DocumentError("o XML está danificado ou incompleto.", detail=str(error)) from error


def _prove_image(content: bytes, name: str) -> None:
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=[name]) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise DocumentError(f"a imagem é grande demais ({image.width} × {image.height} pontos).")
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DocumentError("a imagem é grande demais.", detail=str(error)) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DocumentError("a imagem está danificada ou incompleta.", detail=str(error)) from error

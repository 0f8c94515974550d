"""Attachments: what is sent is exactly what was checked, and each refusal says why."""

from __future__ import annotations

import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from integrator.documents.boleto import draw_boleto
from integrator.documents.files import CheckedFile, check_attachment, redacted_notice
from integrator.documents.pictures import thumbnail
from integrator.domain.errors import DocumentError
from integrator.domain.message import Attachment
from tests.documents.builders import COMPANY, CUSTOMER, boleto_title
from tests.documents.readers import page_texts

LIMIT = 2_000_000
XML = '<?xml version="1.0" encoding="windows-1252"?><nfe><dest>José</dest></nfe>'.encode("cp1252")
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>"""


def picture_bytes(kind: str) -> bytes:
    buffer = BytesIO()
    Image.effect_noise((200, 100), 50).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def pdf_bytes(password: str = "") -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt=pdfencrypt.StandardEncryption(password, canPrint=1) if password else None)
    canvas.drawString(100, 700, "nota fiscal")
    canvas.save()
    return buffer.getvalue()


def huge_png(side: int) -> bytes:
    """A PNG of a few bytes that announces so many points by side."""
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    chunk = (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + (9).to_bytes(4, "big") + b"IDAT"


PDF, PNG, JPEG = pdf_bytes(), picture_bytes("PNG"), picture_bytes("JPEG")
BOLETO = draw_boleto(COMPANY, CUSTOMER, boleto_title())


def check(content: bytes, name: str = "arquivo", mime: str = "") -> CheckedFile:
    return check_attachment(Attachment(name, mime, content), [], LIMIT)


@pytest.mark.feature("S03")
@pytest.mark.parametrize(
    ("content", "name", "mime", "safe_name", "real_mime"),
    [
        (PDF, "boleto.pdf", "application/pdf", "boleto.pdf", "application/pdf"),
        (BOLETO, "boleto.pdf", "", "boleto.pdf", "application/pdf"),
        (PDF, "BOLETO.PDF", "application/octet-stream", "BOLETO.pdf", "application/pdf"),
        (PDF, "NF 12.345", "APPLICATION/PDF; charset=binary", "NF 12.345.pdf", "application/pdf"),
        (XML, "nfe.xml", "text/xml", "nfe.xml", "application/xml"),
        (b"\xef\xbb\xbf <nfe/>", "nfe", "", "nfe.xml", "application/xml"),
        ("<nfe/>".encode("utf-16"), "nfe.xml", "", "nfe.xml", "application/xml"),
        (PNG, "foto.png", "image/png", "foto.png", "image/png"),
        (JPEG, "foto.jpeg", "image/jpg", "foto.jpeg", "image/jpeg"),
    ],
)
def test_a_good_file_goes_as_it_is(content: bytes, name: str, mime: str, safe_name: str, real_mime: str) -> None:
    assert check(content, name, mime) == CheckedFile(content, safe_name, real_mime)


@pytest.mark.parametrize(
    ("content", "name", "mime", "reason"),
    [
        (b"", "a.pdf", "", "está vazio"),
        (PDF + b" " * LIMIT, "a.pdf", "", "passa do limite de 1,9 MB"),
        (b"MZ\x90\0", "a.exe", "", "não é aceito; podem ser anexados PDF, XML, PNG e JPEG"),
        (b"<html><body/></html>", "a.html", "", "não é aceito"),
        (b"<!DOCTYPE html><html/>", "a.html", "", "não é aceito"),
        (b"GIF89a", "a.gif", "", "não é aceito"),
        (PDF, "a.exe", "", "a extensão é .exe, mas o conteúdo é PDF"),
        (PNG, "a.jpg", "", "a extensão é .jpg, mas o conteúdo é PNG"),
        (PDF, "a.pdf", "image/png", "declarado como image/png, mas o conteúdo é PDF"),
        (PDF[:-40], "a.pdf", "", "está incompleto"),
        (PDF[: len(PDF) // 2], "a.pdf", "", "está incompleto"),
        (b"%PDF-1.4 nada %%EOF", "a.pdf", "", "danificado ou incompleto"),
        (pdf_bytes("senha"), "a.pdf", "", "protegido por senha"),
        (PNG[:-200], "a.png", "", "imagem está danificada"),
        (JPEG[:-200], "a.jpg", "", "imagem está danificada"),
        (huge_png(60_000), "a.png", "", "grande demais"),
        (huge_png(8_000), "a.png", "", r"grande demais \(8000 × 8000 pontos\)"),
        (XML[:-4], "a.xml", "", "XML está danificado"),
        (BOMB, "a.xml", "", "DOCTYPE"),
        (b"<?xml version='1.0' encoding='inexistente'?><a/>", "a.xml", "", "XML está danificado"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(content: bytes, name: str, mime: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=f"^Anexo “{name}”: .*{reason}"):
        check(content, name, mime)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (r"C:\erp\boletos\nota.pdf", "nota.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1.pdf"),
        ('a<b>:"c|d?*.pdf', "a_b_c_d_.pdf"),
        ("São João.pdf", "São João.pdf"),
        ("nota\u202efdp.pdf", "notafdp.pdf"),
        ("a\0b\n.pdf", "ab.pdf"),
        (" . ", "documento.pdf"),
        ("", "documento.pdf"),
        ("fim. .pdf", "fim.pdf"),
        ("n" * 400 + ".pdf", "n" * 116 + ".pdf"),
    ],
)
def test_the_file_name_is_safe_on_windows_and_phones(name: str, safe: str) -> None:
    assert check(PDF, name).file_name == safe


class TestPaths:
    """Files read from folders that the shop allowed, and from nowhere else."""

    @pytest.fixture
    def allowed(self, tmp_path: Path) -> Path:
        folder = tmp_path / "boletos"
        folder.mkdir()
        (folder / "nota.pdf").write_bytes(PDF)
        (tmp_path / "segredo.pdf").write_bytes(PDF)
        (tmp_path / "boletos-outros").mkdir()
        (tmp_path / "boletos-outros" / "nota.pdf").write_bytes(PDF)
        return folder

    def read(self, path: Path, allowed: Path) -> CheckedFile:
        return check_attachment(Attachment("", path=path), [allowed], LIMIT)

    def test_a_file_inside_the_folder_is_read(self, allowed: Path) -> None:
        assert self.read(allowed / "nota.pdf", allowed) == CheckedFile(PDF, "nota.pdf", "application/pdf")
        assert self.read(allowed / ".." / "boletos" / "nota.pdf", allowed).content == PDF

    def test_a_path_that_leaves_the_folder_is_refused(self, allowed: Path) -> None:
        for outside in (allowed / ".." / "segredo.pdf", allowed.parent / "boletos-outros" / "nota.pdf"):
            with pytest.raises(DocumentError, match="fora das pastas permitidas"):
                self.read(outside, allowed)

    @pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
    def test_links_are_followed_before_the_folder_is_compared(self, allowed: Path) -> None:
        (allowed / "link.pdf").symlink_to(allowed.parent / "segredo.pdf")
        (allowed / "pasta").symlink_to(allowed.parent)
        for outside in (allowed / "link.pdf", allowed / "pasta" / "segredo.pdf"):
            with pytest.raises(DocumentError, match="fora das pastas permitidas"):
                self.read(outside, allowed)
        (allowed.parent / "atalho").symlink_to(allowed)
        assert self.read(allowed.parent / "atalho" / "nota.pdf", allowed).content == PDF

    def test_an_allowed_share_opens_no_other_server(self) -> None:
        shares = [Path("//servidor/boletos")]
        with pytest.raises(DocumentError, match="fora das pastas permitidas"):
            check_attachment(Attachment("", path=Path("//outro/boletos/nota.pdf")), shares, LIMIT)
        with pytest.raises(DocumentError, match=r"não encontrei|não consegui|não é completo"):
            check_attachment(Attachment("", path=Path("//servidor/boletos/nota.pdf")), shares, LIMIT)

    @pytest.mark.parametrize("path", [r"\\servidor\pasta\nota.pdf", "//servidor/pasta/nota.pdf"])
    def test_a_network_path_is_refused_unless_one_is_allowed(self, path: str, allowed: Path) -> None:
        with pytest.raises(DocumentError, match="fora das pastas permitidas"):
            self.read(Path(path), allowed)

    def test_a_relative_path_is_refused(self, allowed: Path) -> None:
        with pytest.raises(DocumentError, match="não é completo"):
            self.read(Path("boletos/nota.pdf"), allowed)

    def test_a_missing_file_a_folder_and_a_strange_name_are_refused(self, allowed: Path) -> None:
        (allowed / "vazia").mkdir()
        for path, reason in (
            (allowed / "sumiu.pdf", "não encontrei o arquivo"),
            (allowed / "nota.pdf" / "x.pdf", "não encontrei o arquivo"),
            (allowed / "vazia", "não é um arquivo"),
            (allowed / "a\0b.pdf", "não consegui ler"),
        ):
            with pytest.raises(DocumentError, match=reason):
                self.read(path, allowed)

    def test_a_file_that_cannot_be_opened_is_refused(self, allowed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def denied(*_: object) -> None:
            raise PermissionError(13, "denied")

        monkeypatch.setattr(Path, "open", denied)
        with pytest.raises(DocumentError, match="sem permissão"):
            self.read(allowed / "nota.pdf", allowed)

    def test_a_file_too_large_is_not_read_whole(self, allowed: Path) -> None:
        with (allowed / "grande.pdf").open("wb") as file:
            file.write(PDF)
            file.truncate(500_000_000)
        with pytest.raises(DocumentError, match="passa do limite"):
            self.read(allowed / "grande.pdf", allowed)

    def test_without_allowed_folders_no_path_is_read(self, allowed: Path) -> None:
        with pytest.raises(DocumentError, match="fora das pastas permitidas"):
            check_attachment(Attachment("", path=allowed / "nota.pdf"), [], LIMIT)

    def test_an_attachment_with_neither_content_nor_path_is_refused(self) -> None:
        with pytest.raises(DocumentError, match="não traz o conteúdo nem o caminho"):
            check_attachment(Attachment("nota.pdf"), [], LIMIT)


def test_the_notice_of_the_test_mode_lists_names_on_one_page() -> None:
    [text] = page_texts(redacted_notice(["boleto-NF1.pdf", "demonstrativo São João.pdf"]))
    for expected in ("Anexo omitido no modo de teste", "boleto-NF1.pdf", "demonstrativo São João.pdf"):
        assert expected in text
    [text] = page_texts(redacted_notice([f"{number} {'x' * 200}" for number in range(100)]))
    assert "e mais 60" in text


def test_a_thumbnail_is_a_png_of_the_asked_width() -> None:
    with Image.open(BytesIO(thumbnail(BOLETO, 240))) as image:
        assert (image.format, image.width) == ("PNG", 240)
        assert image.height == pytest.approx(240 * 297 / 210, abs=2)
        assert min(image.convert("L").tobytes()) < 64


def test_a_strip_of_paper_makes_no_endless_picture() -> None:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(3, 14_000))
    canvas.drawString(0, 0, "x")
    canvas.save()
    with Image.open(BytesIO(thumbnail(buffer.getvalue(), 240))) as image:
        assert image.height <= 4001


def test_a_thumbnail_of_no_width_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="width"):
        thumbnail(BOLETO, 0)


def test_a_thumbnail_of_a_broken_pdf_says_why() -> None:
    with pytest.raises(DocumentError, match="danificado"):
        thumbnail(b"%PDF-1.4", 240)

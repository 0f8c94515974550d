"""Files that the sample ERP keeps for its customers: a PDF in the database, and some on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """The ERP's folders under ``root``: ``allowed`` is the one that the integrator may read from."""

    root: Path

    @property
    def allowed(self) -> Path:
        """Where the ERP leaves files for its customers."""
        return self.root / "DOCUMENTOS"

    @property
    def present(self) -> Path:
        """A file that exists and may be sent."""
        return self.allowed / "CONTRATO_ENTREGA.PDF"

    @property
    def missing(self) -> Path:
        """A path on record whose file somebody deleted."""
        return self.allowed / "RECIBO_APAGADO.PDF"

    @property
    def forbidden(self) -> Path:
        """An existing file that is no customer's business."""
        return self.root / "CONTABILIDADE" / "FOLHA_DE_PAGAMENTO.PDF"

    def create(self) -> None:
        """Make the folders and the two files that exist."""
        for path, title in ((self.present, "Contrato de entrega"), (self.forbidden, "Folha de pagamento")):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pdf(title, "Documento de exemplo guardado pelo ERP."))


def pdf(title: str, *lines: str) -> bytes:
    """One A4 page; the same bytes every time."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, 760, title)
    canvas.setFont("Helvetica", 11)
    for number, line in enumerate(lines):
        canvas.drawString(60, 725 - 18 * number, line)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def logo() -> bytes:
    """The shop's mark as PNG: an araucária's crown over a roof."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (240, 240), "white")
    draw = ImageDraw.Draw(image)
    blue, brown = "#1E4E79", "#7A4B22"
    draw.polygon([(20, 130), (120, 60), (220, 130), (200, 130), (200, 225), (40, 225), (40, 130)], fill=blue)
    draw.rectangle([112, 120, 128, 210], fill="white")
    draw.pieslice([52, 70, 188, 190], 200, 340, fill="white")
    draw.pieslice([66, 100, 174, 190], 200, 340, fill=brown)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()

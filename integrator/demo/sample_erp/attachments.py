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
    """The shop's mark as PNG: a white house on blue, a pinhão (the araucária's seed) inside."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (960, 960), "white")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([40, 40, 920, 920], radius=150, fill="#1E4E79")
    draw.polygon([(480, 170), (810, 450), (720, 450), (720, 780), (240, 780), (240, 450), (150, 450)], fill="white")
    draw.ellipse([400, 480, 560, 730], fill="#8A5A2B")
    draw.polygon([(408, 570), (480, 400), (552, 570)], fill="#8A5A2B")
    buffer = BytesIO()
    image.resize((240, 240), Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()

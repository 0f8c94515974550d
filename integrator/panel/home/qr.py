"""A QR code as a drawing of the page: dark on white with its quiet zone, also where the page itself is dark."""

from __future__ import annotations

from markupsafe import Markup

_QUIET = 4


def qr_svg(text: str) -> Markup:
    """The drawing, as wide as its place. Raises ``ValueError`` for a text that no QR code can hold."""
    import segno  # the pairing page alone needs it

    code = segno.make_qr(text, error="l")
    side = code.symbol_size(border=_QUIET)[0]
    path = "".join(
        f"M{column + _QUIET} {row + _QUIET}h1v1h-1z"
        for row, line in enumerate(code.matrix)
        for column, dark in enumerate(line)
        if dark
    )
    return Markup(
        f'<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img" '
        'aria-label="QR Code para conectar o celular da loja">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )

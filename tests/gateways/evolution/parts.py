"""Parts that tests send."""

from __future__ import annotations

from tests.gateways.contract import pdf_part, text_part

TEXT = text_part("Olá, *João*! https://loja.com.br")
PDF = pdf_part(filling=bytes(range(256)) * 200)

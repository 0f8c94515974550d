"""The short how-to beside the code: four steps, each with its picture."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Final

from integrator.desktop.kit.pieces import wrapped
from integrator.desktop.kit.theme import look_of
from integrator.desktop.pairing.drawings import Picture, drawing

Steps = tuple[tuple[Picture, str], ...]
_WAY: Final[Steps] = (
    (Picture.PHONE, "1. Abra o WhatsApp no celular da loja."),
    (Picture.MENU, "2. Toque nos três pontos, no alto. No iPhone, toque em “Configurações”."),
    (Picture.DEVICES, "3. Toque em “Dispositivos conectados” e em “Conectar dispositivo”."),
)
BY_CAMERA: Final[Steps] = (*_WAY, (Picture.CAMERA, "4. Aponte a câmera para o código ao lado e espere um instante."))
BY_DIGITS: Final[Steps] = (
    *_WAY,
    (Picture.DIGITS, "4. Toque em “Conectar com número de telefone” e digite o código."),
)


class Guide(ttk.Frame):
    """The steps, one under the other."""

    def __init__(self, parent: tk.Misc, steps: Steps) -> None:
        super().__init__(parent)
        look = look_of(self)
        self._pictures = [drawing(self, picture, look) for picture, _ in steps]
        for row, ((_, text), image) in enumerate(zip(steps, self._pictures, strict=True)):
            above = look.px(8) if row else 0
            ttk.Label(self, image=image).grid(row=row, column=0, sticky="n", pady=(above, 0))
            label = wrapped(self, text)
            label.grid(row=row, column=1, sticky="ew", padx=(look.px(16), 0), pady=(above, 0))
        self.columnconfigure(1, weight=1, minsize=look.px(232))

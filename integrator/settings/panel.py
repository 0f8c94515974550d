"""The sections ``[painel]`` and ``[resumo]``: the web page of everyday work, and the day's figures for the owner."""

from __future__ import annotations

from datetime import time
from typing import Self

from pydantic import model_validator

from integrator.settings.closing import ClockTime
from integrator.settings.sections import Flag, Integer, Phone, Section, key


class PanelSettings(Section):
    """``[painel]``: the web page for everyday work, on this computer alone unless ``network`` opens it.

    ``names`` are host names by which people reach it besides the computer's own; ``certificate`` and
    ``certificate_key`` are PEM files, both empty for a certificate of our own making.
    """

    on: Flag = key("ligado", True)
    port: Integer = key("porta", 8787, ge=1024, le=65535)
    network: Flag = key("na_rede", False)
    names: tuple[str, ...] = key("nomes", ())
    certificate: str = key("certificado", "")
    certificate_key: str = key("chave_do_certificado", "")

    @model_validator(mode="after")
    def _certificate_is_whole(self) -> Self:
        if bool(self.certificate) != bool(self.certificate_key):
            raise ValueError("certificado e chave_do_certificado vão juntos: preencha os dois, ou deixe os dois vazios")
        return self


class SummarySettings(Section):
    """``[resumo]``: the day's figures for the owner, to ``phone`` at that time; empty: in the panel only."""

    phone: Phone = key("celular", "")
    at: ClockTime = key("horario", time(19, 0))

"""The panel's certificate where the shop opened it to its network: one of our own making, or the shop's files.

Over the network the panel is never served without TLS: passwords and customers' data would be there to be read.
"""

from __future__ import annotations

import logging
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from integrator.domain.errors import SettingsError
from integrator.logs import log_event
from integrator.panel import authority
from integrator.panel.names import own_addresses, own_names
from integrator.settings.panel import PanelSettings

log = logging.getLogger(__name__)

_FOLDER: Final = "certificados"
_ALWAYS: Final = frozenset({"localhost", "127.0.0.1"})


def certificate(settings: PanelSettings, folder: Path, now: datetime) -> tuple[str, str] | None:
    """The PEM files of certificate (with its chain) and key to serve with; None: this computer alone, without TLS.

    Our own are made when there are none, when their names are no longer those of the computer, and 30 days before
    they end: calling it again later is how they are renewed. ``folder`` is the data folder, ``now`` naive local time.
    Raises :class:`SettingsError` for files that cannot be used and for a data folder that cannot be written.
    """
    if not settings.network:
        return None
    at = now.astimezone(UTC)
    if settings.certificate:
        return _given(Path(settings.certificate), Path(settings.certificate_key), at)
    try:
        return _own(folder / _FOLDER, served_names(settings), at)
    except OSError as error:
        raise SettingsError(
            f"Não consegui gravar o certificado do painel em {folder / _FOLDER}. Confira a permissão da pasta e o "
            "espaço em disco.",
            detail=repr(error),
        ) from error
    except ValueError as error:
        raise SettingsError(
            "Um dos nomes de [painel] nomes não serve para um certificado. Use nomes como servidor ou painel.loja.lan, "
            "sem https:// e sem porta.",
            detail=repr(error),
        ) from error


def served_names(settings: PanelSettings) -> frozenset[str]:
    """The names and addresses by which the panel may be opened."""
    return _ALWAYS | own_names() | own_addresses() | {name.lower() for name in settings.names}


def network_names(settings: PanelSettings) -> list[str]:
    """By which names and addresses others reach the panel, those that the shop chose first."""
    chosen = [name.lower() for name in settings.names]
    if settings.certificate:
        return chosen
    return list(dict.fromkeys((*chosen, *sorted(own_names()), *sorted(own_addresses()))))


def link_host(settings: PanelSettings) -> str:
    """By which name this computer's own browser opens the panel; with files of the shop, the first name given."""
    if not settings.network:
        return "127.0.0.1"
    return settings.names[0] if settings.certificate and settings.names else "localhost"


def authority_file(folder: Path) -> Path:
    """Where our authority's certificate is; the one that other computers are asked to trust."""
    return folder / _FOLDER / "autoridade.crt"


def _own(folder: Path, names: frozenset[str], now: datetime) -> tuple[str, str]:
    kept, leaf = (
        (folder / "autoridade.crt", folder / "autoridade.chave"),
        (folder / "painel.crt", folder / "painel.chave"),
    )
    signer = authority.read(*kept)
    if signer is None or not authority.authority_serves(signer, names, now):
        signer = authority.make_authority(socket.gethostname(), names, now)
        signer.write(*kept)
        log_event(log, "authority_made", level=logging.WARNING, names=",".join(sorted(names)))
    served = authority.read(*leaf)
    if served is None or not authority.leaf_serves(served, signer, names, now):
        authority.make_leaf(signer, names, now).write(*leaf, signer)
        log_event(log, "certificate_made", names=",".join(sorted(names)))
    return str(leaf[0]), str(leaf[1])


def _given(certificate: Path, key: Path, now: datetime) -> tuple[str, str]:
    """The shop's files, once they can be used."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        chain = x509.load_pem_x509_certificates(_content(certificate, "certificado"))
    except ValueError as error:
        raise _unusable(certificate, "não é um certificado em formato PEM", error) from error
    try:
        own = load_pem_private_key(_content(key, "chave_do_certificado"), None)
    except TypeError as error:
        raise _unusable(key, "está protegido por senha; grave a chave sem senha", error) from error
    except ValueError as error:
        raise _unusable(key, "não é uma chave em formato PEM", error) from error
    if own.public_key() != chain[0].public_key():
        raise SettingsError(
            f"A chave {key} não é a do certificado {certificate}. Em [painel], certificado e chave_do_certificado são "
            "do mesmo par; o certificado do painel vem primeiro no arquivo, antes dos da autoridade."
        )
    first, last = chain[0].not_valid_before_utc, chain[0].not_valid_after_utc
    if not first <= now <= last:
        said = "venceu em" if now > last else "só vale a partir de"
        day = (last if now > last else first).astimezone().strftime("%d/%m/%Y")
        raise SettingsError(
            f"O certificado do painel ({certificate}) {said} {day}. Renove-o, ou deixe [painel] certificado e "
            "chave_do_certificado vazios para usar um do próprio integrador."
        )
    return str(certificate), str(key)


def _content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"Não consegui ler {path}, de [painel] {name}. Confira o caminho e a permissão do arquivo.",
            detail=repr(error),
        ) from error


def _unusable(path: Path, why: str, error: Exception) -> SettingsError:
    return SettingsError(f"O arquivo {path}, de [painel], {why}.", detail=repr(error))

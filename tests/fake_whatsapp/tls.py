"""A test authority and the certificate by which the fake server is WhatsApp for whoever trusts that authority."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

CHAT_HOST, MEDIA_HOST = "web.whatsapp.com", "mmg.whatsapp.net"
_LIFE = timedelta(days=2)


def authority_file(folder: Path) -> Path:
    """Where :func:`server_context` leaves the authority's certificate."""
    return folder / "authority.pem"


def server_context(folder: Path) -> ssl.SSLContext:
    """Make authority and leaf in that folder; the context with which the server speaks TLS."""
    authority_key, leaf_key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    issuer = _name("Test authority of the fake WhatsApp")
    hosts = x509.SubjectAlternativeName([x509.DNSName(CHAT_HOST), x509.DNSName(MEDIA_HOST)])
    authority = _builder(issuer, issuer, authority_key).add_extension(x509.BasicConstraints(True, None), critical=True)
    leaf = _builder(_name(CHAT_HOST), issuer, leaf_key).add_extension(hosts, critical=False)
    folder.mkdir(parents=True, exist_ok=True)
    authority_file(folder).write_bytes(_signed(authority, authority_key))
    chain = folder / "leaf.pem"
    private = leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(_signed(leaf, authority_key) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - _LIFE)
        .not_valid_after(now + _LIFE)
    )


def _signed(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> bytes:
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)

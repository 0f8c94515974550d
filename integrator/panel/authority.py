"""A certificate authority of the installation's own, and the certificate that it gives the panel.

Browsers of the shop are asked to trust the authority once. Whoever stole its key could speak for a site in their
eyes, so that it is tied to what a shop's network has: its own names and private addresses (RFC 5280, 4.2.1.10).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from integrator.private_file import write_private

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_AUTHORITY_LASTS: Final = timedelta(days=3652)
#: The longest that browsers take from a public authority; ours keeps to it.
_LEAF_LASTS: Final = timedelta(days=397)
_EARLY: Final = timedelta(days=30)
#: A clock that is somewhat behind ours finds the certificate valid already.
_SLACK: Final = timedelta(days=1)
#: Names that belong to no site of the internet: mDNS, RFC 8375, ICANN's private-use domain, and what routers use.
_PRIVATE_NAMES: Final = ("localhost", "local", "lan", "internal", "home.arpa")
_PRIVATE_NETWORKS: Final = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    def write(self, certificate: Path, key: Path, *chain: Signed) -> None:
        """Keep both; the key is its owner's alone. Raises :class:`OSError`."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        write_private(key, self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        pems = [each.certificate.public_bytes(Encoding.PEM) for each in (self, *chain)]
        write_private(certificate, b"".join(pems))

    @property
    def lasts_until(self) -> datetime:
        return self.certificate.not_valid_after_utc


def read(certificate: Path, key: Path) -> Signed | None:
    """What was kept; None when there is nothing, or nothing that can be used."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        own = load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(own, EllipticCurvePrivateKey) or own.public_key() != found.public_key():
        return None
    return Signed(found, own)


def make_authority(computer: str, names: Iterable[str], now: datetime) -> Signed:
    """One that may sign for these names and for what is private, and for nothing else."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    title = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Integrador"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Painel do Integrador em {computer}"[:64]),
        ]
    )
    allowed = x509.NameConstraints(permitted_subtrees=_permitted(names), excluded_subtrees=None)
    builder = (
        _builder(title, title, now, now + _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(allowed, critical=True)
    )
    return _signed(builder, None)


def make_leaf(authority: Signed, names: Iterable[str], now: datetime) -> Signed:
    """The panel's certificate for these names and addresses."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Painel do Integrador")])
    until = min(now + _LEAF_LASTS, authority.lasts_until)
    builder = (
        _builder(title, authority.certificate.subject, now, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_name(each) for each in sorted(names)]), critical=False)
    )
    return _signed(builder, authority)


def authority_serves(authority: Signed, names: Iterable[str], now: datetime) -> bool:
    """Whether it may sign a whole leaf for all these names."""
    from cryptography import x509

    if authority.lasts_until < now + _LEAF_LASTS + _EARLY:
        return False
    try:
        found = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return False
    return all(any(_within(name, tree) for tree in found.permitted_subtrees or ()) for name in map(_name, names))


def leaf_serves(leaf: Signed, authority: Signed, names: Iterable[str], now: datetime) -> bool:
    """Whether it is the authority's, for exactly these names, and does not end soon."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    try:
        leaf.certificate.verify_directly_issued_by(authority.certificate)
        found = leaf.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    begun = leaf.certificate.not_valid_before_utc <= now
    return begun and leaf.lasts_until >= now + _EARLY and set(found) == {_name(each) for each in names}


def _builder(subject: x509.Name, issuer: x509.Name, now: datetime, until: datetime) -> x509.CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before((now - _SLACK).astimezone(UTC))
        .not_valid_after(until.astimezone(UTC))
    )


def _signed(builder: x509.CertificateBuilder, authority: Signed | None) -> Signed:
    """With a new key; by the authority, or by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    own = ec.generate_private_key(ec.SECP256R1())
    signer = authority.key if authority else own
    ready = (
        builder.public_key(own.public_key())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return Signed(ready.sign(signer, SHA256()), own)


def _usage(*, signs: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _permitted(names: Iterable[str]) -> list[x509.GeneralName]:
    from cryptography import x509

    private: list[x509.GeneralName] = [x509.DNSName(each) for each in _PRIVATE_NAMES]
    private += [x509.IPAddress(ipaddress.ip_network(each)) for each in _PRIVATE_NETWORKS]
    own = [_name(each) for each in sorted(names)]
    for each in own:
        if any(_within(each, tree) for tree in private):
            continue
        whole = ipaddress.ip_network(each.value) if isinstance(each, x509.IPAddress) else None
        private.append(x509.IPAddress(whole) if whole else each)
    return private


def _within(name: x509.GeneralName, tree: x509.GeneralName) -> bool:
    from cryptography import x509

    if isinstance(name, x509.DNSName) and isinstance(tree, x509.DNSName):
        return name.value == tree.value or name.value.endswith(f".{tree.value}")
    if isinstance(name, x509.IPAddress) and isinstance(tree, x509.IPAddress):
        return bool(name.value in tree.value)  # type: ignore[operator]
    return False


def _name(text: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)

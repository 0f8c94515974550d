"""The panel over the network: our own authority tied to the shop, the shop's own files, and what browsers say."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error, Page

from integrator.domain.errors import SettingsError
from integrator.local_address import one_time_link, write_address
from integrator.panel import authority, tls
from integrator.panel.app import build_app
from integrator.panel.server import PanelServer
from integrator.settings.panel import PanelSettings
from tests.panel.browser import _FLAGS
from tests.panel.site import Site
from tools import chromium as installed

NOW = datetime.now()


def opened(*names: str, **more: str) -> PanelSettings:
    """``[painel]`` of a shop that opened it to its network."""
    return PanelSettings.model_validate({"na_rede": True, "nomes": names, **more})


OPEN = opened()


@pytest.fixture(autouse=True)
def _a_computer_of_known_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this one is called."""
    monkeypatch.setattr(tls, "own_names", lambda: frozenset({"srv01", "srv01.local"}))
    monkeypatch.setattr(tls, "own_addresses", lambda: frozenset({"192.168.0.10"}))


@dataclass(frozen=True, slots=True)
class Pair:
    """The files served with, and what is in the certificate."""

    files: tuple[str, str]

    @property
    def leaf(self) -> x509.Certificate:
        return x509.load_pem_x509_certificates(Path(self.files[0]).read_bytes())[0]

    @property
    def names(self) -> set[str]:
        found = self.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return {str(each.value) for each in found}


def made(folder: Path, settings: PanelSettings = OPEN, now: datetime = NOW) -> Pair:
    files = tls.certificate(settings, folder, now)
    assert files is not None
    return Pair(files)


def test_this_computer_alone_needs_no_certificate(tmp_path: Path) -> None:
    assert tls.certificate(PanelSettings(), tmp_path, NOW) is None
    assert list(tmp_path.iterdir()) == []


def test_the_certificate_has_the_names_of_the_computer_and_of_the_shop(tmp_path: Path) -> None:
    pair = made(tmp_path, opened("painel.loja.com.br"))

    assert pair.names == {"localhost", "127.0.0.1", "srv01", "srv01.local", "192.168.0.10", "painel.loja.com.br"}
    assert pair.leaf.not_valid_after_utc - pair.leaf.not_valid_before_utc <= timedelta(days=398)
    for kept in (tmp_path / "certificados").iterdir():
        assert kept.stat().st_mode & 0o077 == 0, kept.name


def test_it_stays_until_a_month_before_its_end_and_the_authority_is_the_same_then(tmp_path: Path) -> None:
    first = made(tmp_path).leaf
    trusted = tls.authority_file(tmp_path).read_bytes()

    assert made(tmp_path, now=NOW + timedelta(days=360)).leaf == first
    assert made(tmp_path, now=NOW + timedelta(days=370)).leaf != first
    assert tls.authority_file(tmp_path).read_bytes() == trusted


def test_another_address_is_another_certificate_of_the_same_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(tmp_path).leaf
    trusted = tls.authority_file(tmp_path).read_bytes()
    monkeypatch.setattr(tls, "own_addresses", lambda: frozenset({"10.1.2.3"}))

    pair = made(tmp_path)

    assert pair.leaf != first
    assert "10.1.2.3" in pair.names
    assert tls.authority_file(tmp_path).read_bytes() == trusted


def test_a_name_that_the_authority_may_not_sign_for_makes_another_authority(tmp_path: Path) -> None:
    made(tmp_path)
    trusted = tls.authority_file(tmp_path).read_bytes()

    made(tmp_path, opened("painel.loja.lan"))
    assert tls.authority_file(tmp_path).read_bytes() == trusted, ".lan is nobody's on the internet"
    made(tmp_path, opened("painel.loja.com.br"))
    assert tls.authority_file(tmp_path).read_bytes() != trusted


@pytest.mark.parametrize("damaged", ["autoridade.crt", "autoridade.chave", "painel.crt", "painel.chave"])
def test_damaged_files_are_made_anew(tmp_path: Path, damaged: str) -> None:
    made(tmp_path)
    (tmp_path / "certificados" / damaged).write_bytes(b"-----BEGIN nonsense")

    pair = made(tmp_path)

    context = ssl.create_default_context(cafile=str(tls.authority_file(tmp_path)))
    context.load_cert_chain(*pair.files)


def test_names_that_are_no_names_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nomes"):
        made(tmp_path, opened("painel da loja é"))


def given(folder: Path, *, until: datetime = NOW + timedelta(days=90)) -> PanelSettings:
    """Files as a shop has them from elsewhere."""
    signer = authority.make_authority("elsewhere", ["painel.loja.com.br"], NOW.astimezone())
    leaf = authority.make_leaf(signer, ["painel.loja.com.br"], (until - timedelta(days=397)).astimezone())
    leaf.write(folder / "loja.pem", folder / "loja.key", signer)
    return opened(certificado=str(folder / "loja.pem"), chave_do_certificado=str(folder / "loja.key"))


def test_the_shops_own_files_are_served_as_they_are(tmp_path: Path) -> None:
    settings = given(tmp_path)

    assert tls.certificate(settings, tmp_path, NOW) == (settings.certificate, settings.certificate_key)
    assert not (tmp_path / "certificados").exists()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda files: (files / "loja.pem").unlink(), "Não consegui ler .*loja.pem"),
        (lambda files: (files / "loja.pem").write_text("x"), "não é um certificado em formato PEM"),
        (lambda files: (files / "loja.key").write_text("x"), "não é uma chave em formato PEM"),
        (
            lambda files: authority.make_authority("x", ["a.lan"], NOW.astimezone()).write(
                files / "other.pem", files / "loja.key"
            ),
            "não é a do certificado",
        ),
    ],
)
def test_files_that_cannot_be_used_are_told_at_the_start(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    settings = given(tmp_path)
    spoil(tmp_path)

    with pytest.raises(SettingsError, match=says):
        tls.certificate(settings, tmp_path, NOW)


def test_files_out_of_their_time_are_told_with_the_day(tmp_path: Path) -> None:
    settings = given(tmp_path, until=NOW - timedelta(days=1))

    with pytest.raises(SettingsError, match=r"venceu em \d\d/\d\d/\d{4}"):
        tls.certificate(settings, tmp_path, NOW)
    with pytest.raises(SettingsError, match="só vale a partir de"):
        tls.certificate(settings, tmp_path, NOW - timedelta(days=900))


def test_a_key_with_a_password_is_told(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    settings = given(tmp_path)
    signed = authority.read(tmp_path / "loja.pem", tmp_path / "loja.key")
    assert signed is not None
    locked = signed.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    (tmp_path / "loja.key").write_bytes(locked)

    with pytest.raises(SettingsError, match="protegido por senha"):
        tls.certificate(settings, tmp_path, NOW)


@contextmanager
def speaking(files: tuple[str, str]) -> Iterator[int]:
    """A bare TLS server with that certificate; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    page = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: text/html\r\nconnection: close\r\n\r\nok"
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as spoken:
                    spoken.recv(4096)
                    spoken.sendall(page)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(120)


def foreign(folder: Path) -> tuple[str, str]:
    """What a thief of the authority's key would make: a certificate for a bank's site."""
    stolen = authority.read(folder / "certificados" / "autoridade.crt", folder / "certificados" / "autoridade.chave")
    assert stolen is not None
    authority.make_leaf(stolen, ["banco.com.br"], NOW.astimezone()).write(folder / "b.crt", folder / "b.chave", stolen)
    return str(folder / "b.crt"), str(folder / "b.chave")


def test_openssl_takes_the_panel_and_refuses_a_foreign_site_of_the_same_authority(tmp_path: Path) -> None:
    pair = made(tmp_path)
    context = ssl.create_default_context(cafile=str(tls.authority_file(tmp_path)))

    for files, name, taken in ((pair.files, "srv01", True), (foreign(tmp_path), "banco.com.br", False)):
        with speaking(files) as port, socket.create_connection(("127.0.0.1", port)) as plain:
            if taken:
                context.wrap_socket(plain, server_hostname=name).close()
            else:
                with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
                    context.wrap_socket(plain, server_hostname=name)


@contextmanager
def network_site(site: Site) -> Iterator[Site]:
    """The same panel, served with TLS as the daemon does."""
    site.config.write_text(site.config.read_text(encoding="utf-8") + "\n[painel]\nna_rede = true\n", encoding="utf-8")
    files = tls.certificate(site.panel.settings.panel, site.folder, datetime.now())
    server = PanelServer(build_app(site.panel), port=0, certificate=files)
    write_address(site.folder, server.port, "https", tls.link_host(site.panel.settings.panel))
    try:
        yield replace(site, server=server)
    finally:
        server.stop()


def test_under_tls_the_cookie_is_this_hosts_alone_and_the_certificate_is_there_to_be_taken(site: Site) -> None:
    with network_site(site) as served:
        url = f"https://localhost:{served.server.port}"
        trusted = str(tls.authority_file(site.folder))
        alone = {"connection": "close"}
        answer = requests.get(
            one_time_link(site.folder), verify=trusted, allow_redirects=False, timeout=120, headers=alone
        )
        given_out = requests.get(f"{url}/certificado", verify=trusted, timeout=120, headers=alone)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-integrador_sessao=")
    assert "Secure" in cookie
    assert given_out.headers["content-type"] == "application/x-x509-ca-cert"
    kept = x509.load_pem_x509_certificate(tls.authority_file(site.folder).read_bytes())
    assert x509.load_der_x509_certificate(given_out.content) == kept
    assert b"PRIVATE" not in given_out.content


def test_without_a_certificate_of_ours_there_is_none_to_take(site: Site) -> None:
    assert site.browser(None).page("/certificado").status_code == 404


def trusting_home(home: Path, trusted: Path) -> None:
    """A user of this system whose browser trusts that authority, as ``docs/painel.md`` tells to do it on Linux."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    where = f"sql:{store}"
    subprocess.run(["certutil", "-d", where, "-N", "--empty-password"], check=True, capture_output=True)
    add = ["certutil", "-d", where, "-A", "-t", "C,,", "-n", "Painel do Integrador", "-i", str(trusted)]
    subprocess.run(add, check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("certutil"), reason="libnss3-tools is not installed")
def test_a_real_browser_trusts_the_panel_after_the_recipe_and_no_sooner(
    site: Site, chromium: Chromium, tmp_path: Path
) -> None:
    with network_site(site) as served:
        entrance = f"https://{{}}:{served.server.port}/entrar"
        stranger = chromium.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            stranger.goto(entrance.format("localhost"))
        stranger.close()
        trusting_home(tmp_path, tls.authority_file(site.folder))
        with speaking(foreign(site.folder)) as thief, trusting_browser(chromium, tmp_path) as page:
            for name in ("srv01", "127.0.0.1", "localhost"):
                page.goto(entrance.format(name))
                assert page.evaluate("() => window.isSecureContext"), name
            page.goto(one_time_link(site.folder))
            assert page.context.cookies()[0]["name"] == "__Host-integrador_sessao"
            with pytest.raises(Error, match="ERR_CERT_INVALID"):
                page.goto(f"https://banco.com.br:{thief}/")


@contextmanager
def trusting_browser(like: Chromium, home: Path) -> Iterator[Page]:
    """Another browser process, of that user; it finds the shop's server by name, and the bank at the thief's."""
    flags = [*_FLAGS, "--host-resolver-rules=MAP srv01 127.0.0.1, MAP banco.com.br 127.0.0.1"]
    own = like.browser_type.launch(
        executable_path=str(installed.ensure()), args=flags, env={**os.environ, "HOME": str(home)}
    )
    try:
        yield own.new_page()
    finally:
        own.close()

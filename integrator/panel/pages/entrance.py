"""Coming in and going out: login, first access, one-time link."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response

from integrator.domain.errors import IntegratorError
from integrator.local_address import ENTRY, is_ours
from integrator.panel.access import THIS_COMPUTER, Role
from integrator.panel.accounts.audit import Deed
from integrator.panel.accounts.entries import Entries
from integrator.panel.accounts.limits import LoginLimit, told
from integrator.panel.accounts.members import LoginTaken, Members, wrong_login, wrong_name
from integrator.panel.accounts.passwords import LONGEST, weakness
from integrator.panel.accounts.signing import signed_in_as, signed_out
from integrator.panel.routes import OWN_PASSWORD, Page, get, post
from integrator.panel.tls import authority_file
from integrator.panel.visit import NotThere, Visit, Wrong, safe_path

_REFUSED: Final = (
    "O login ou a senha não confere. Confira os dois e tente de novo; se esqueceu a senha, peça outra ao dono da loja."
)
_FIRST: Final = "/primeiro-acesso"


class LinkUsed(IntegratorError):
    """A one-time link that no longer opens."""

    title = "Este link não abre mais"


def login_form(visit: Visit) -> Response:
    """The login; whoever is signed in goes on at once."""
    to = safe_path(visit.query.get("ir", "/"))
    if visit.session is not None:
        return visit.go(to)
    # A link of another site: the browser kept the session's cookie back. Asked again by ourselves, it sends it.
    again = visit.request.headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}
    return visit.render("entrar.html", to=to, login="", problem="", again=again)


def login(visit: Visit) -> Response:
    """Sign in, unless too many tries failed."""
    to, typed = safe_path(visit.typed("ir") or "/"), visit.typed("login")[:80]
    limit = LoginLimit(visit.panel.store)
    wait = limit.begin(typed, visit.address, visit.now)
    if wait:
        return _again(visit, to, typed, wait)
    account = Members(visit.panel.store).signed_in(typed, typed_password(visit, "senha"))
    if account is None:
        wait = limit.next_wait(typed, visit.address)
        if wait:
            _record(visit, "Alguém", "errou a senha várias vezes; novas tentativas aguardam", told(wait))
        return _again(visit, to, typed, wait)
    limit.succeeded(typed)
    _record(visit, account.name, "entrou no painel")
    return signed_in_as(visit, account.member, OWN_PASSWORD if account.provisional else to)


def logout(visit: Visit) -> Response:
    """Sign out: the session ends at once, here and in every tab."""
    assert visit.session is not None
    visit.panel.sessions.close(visit.session.id)
    return signed_out(visit)


def by_link(visit: Visit) -> Response:
    """In by a one-time link, as who sits at this computer. A look ahead, as programs take, does not use it."""
    to = safe_path(visit.query.get("ir", "/"))
    if visit.request.method != "GET" or "sec-purpose" in visit.request.headers:
        return Response(status_code=204)
    if not Entries(visit.panel.store).use(visit.path("token"), visit.now):
        if visit.session is not None:
            return visit.go(to)
        raise LinkUsed(
            "O link vale uma vez só, por dois minutos. Abra o painel de novo pelo ícone ao lado do relógio ou com o "
            "comando integrator panel; de outro computador, entre com seu login."
        )
    _record(visit, THIS_COMPUTER.name, "entrou no painel")
    first = not Members(visit.panel.store).has_owner()
    return signed_in_as(visit, THIS_COMPUTER, f"{_FIRST}?ir={quote(to, safe='')}" if first else to)


def issue(visit: Visit) -> Response:
    """A one-time link for a program of this computer that can read the data folder."""
    kind, _, shown = visit.request.headers.get("authorization", "").partition(" ")
    if not visit.address.startswith("127.") or kind != "Bearer" or not is_ours(visit.panel.folder, shown):
        raise NotThere("Esta página não existe. Use o menu.")
    return PlainTextResponse(Entries(visit.panel.store).create(visit.now))


def first_access(visit: Visit) -> Response:
    """The owner's account, while there is none."""
    to = safe_path(visit.query.get("ir", "/"))
    if not _may_be_first(visit):
        return visit.go(to)
    return visit.render("primeiro_acesso.html", to=to, name="", login="", problems={})


def make_first(visit: Visit) -> Response:
    """Make it, and go on signed in with it."""
    if not _may_be_first(visit):
        raise Wrong("O dono da loja já tem um login. Entre com ele, ou peça um acesso ao dono.")
    to, name, chosen = safe_path(visit.typed("ir") or "/"), visit.typed("nome"), visit.typed("login").lower()
    password = typed_password(visit, "senha")
    problems = {"nome": wrong_name(name), "login": wrong_login(chosen)} | new_password(visit, chosen, name)
    members = Members(visit.panel.store)
    try:
        account = members.first_owner(chosen, name, password, visit.now) if not any(problems.values()) else None
    except LoginTaken as error:
        account, problems["login"] = None, error.message
    if account is None:
        return visit.render("primeiro_acesso.html", 400, to=to, name=name, login=chosen, problems=problems)
    visit.record("criou o acesso do dono", account.login)
    return signed_in_as(visit, account.member, to)


def typed_password(visit: Visit, name: str) -> str:
    """As typed, blanks around it included."""
    value = visit.form.get(name)
    return value[: LONGEST + 1] if isinstance(value, str) else ""


def new_password(visit: Visit, *about: str) -> dict[str, str]:
    """What is wrong with ``senha`` and its repetition ``senha2``."""
    password, again = typed_password(visit, "senha"), typed_password(visit, "senha2")
    return {
        "senha": weakness(password, *about),
        "senha2": "" if again == password else "As duas senhas não são iguais. Digite de novo.",
    }


def trust(visit: Visit) -> Response:
    """The certificate by which another computer comes to trust the panel's; anybody may have it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    settings, kept = visit.panel.settings.panel, authority_file(visit.panel.folder)
    if not settings.network or settings.certificate or not kept.is_file():
        raise NotThere("Este painel não usa um certificado do próprio integrador: não há o que instalar.")
    # The form that Windows, Android and iOS open by a double click.
    content = x509.load_pem_x509_certificate(kept.read_bytes()).public_bytes(Encoding.DER)
    headers = {"content-disposition": 'attachment; filename="painel-do-integrador.crt"'}
    return Response(content, media_type="application/x-x509-ca-cert", headers=headers)


def _may_be_first(visit: Visit) -> bool:
    return visit.member.local and not Members(visit.panel.store).has_owner()


def _again(visit: Visit, to: str, login: str, wait: timedelta) -> Response:
    if wait:
        problem = (
            f"Houve tentativas demais. Espere {told(wait)} e tente de novo, ou abra o painel no computador da loja."
        )
        return visit.render("entrar.html", 429, to=to, login=login, problem=problem, again=False)
    return visit.render("entrar.html", 403, to=to, login=login, problem=_REFUSED, again=False)


def _record(visit: Visit, who: str, action: str, detail: str = "") -> None:
    visit.panel.audit.record(Deed(visit.now, who, visit.address, action, detail))


PAGES: Final[tuple[Page, ...]] = (
    get("/entrar", login_form, None),
    post("/entrar", login, None),
    post("/sair", logout, Role.VIEWER),
    get("/entrar/{token}", by_link, None),
    get("/certificado", trust, None),
    post(ENTRY, issue, None),
    get(_FIRST, first_access, Role.OWNER),
    post(_FIRST, make_first, Role.OWNER),
)

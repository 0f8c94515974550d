"""Usuários: who may come in, and who did what."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from integrator.panel.access import Role
from integrator.panel.accounts.members import Account, LoginTaken, Members, wrong_login, wrong_name
from integrator.panel.accounts.passwords import provisional
from integrator.panel.pages import own_account
from integrator.panel.routes import OWN_PASSWORD, Page, get, post
from integrator.panel.tls import network_names
from integrator.panel.visit import NotThere, Visit

_HOME: Final = "/usuarios"
_DEEDS_ON_A_PAGE: Final = 50
_NOBODY: Final = "Esta pessoa não está na lista. Volte a Usuários e confira."


def show(visit: Visit) -> Response:
    """Everybody, the sessions that are open, and how others reach the panel."""
    chosen, port = visit.panel.settings.panel, visit.request.url.port
    return visit.render(
        "usuarios.html",
        people=Members(visit.panel.store).all(),
        sessions=visit.panel.sessions.open_ones(visit.now),
        network=chosen.network,
        own_certificate=not chosen.certificate,
        addresses=[f"https://{name}:{port}" for name in network_names(chosen)],
    )


def new(visit: Visit) -> Response:
    return _form(visit, None, login="", name="", role=Role.OPERATOR, problems={})


def add(visit: Visit) -> Response:
    """Make the account; its provisional password is shown once, here."""
    login, name, role = visit.typed("login").lower(), visit.typed("nome"), _role(visit)
    problems = {"login": wrong_login(login), "nome": wrong_name(name), "papel": _wrong_role(role)}
    password = provisional()
    if role is not None and not any(problems.values()):
        try:
            account = Members(visit.panel.store).add(login, name, role, password, visit.now)
        except LoginTaken as error:
            problems["login"] = error.message
        else:
            visit.record("criou o acesso", f"{account.login} ({role.label})")
            return visit.render("usuarios_senha.html", account=account, password=password, made=True)
    return _form(visit, None, login=login, name=name, role=role, problems=problems)


def edit(visit: Visit) -> Response:
    account = _account(visit)
    return _form(visit, account, login=account.login, name=account.name, role=account.role, problems={})


def change(visit: Visit) -> Response:
    """Another name or role."""
    account, name, role = _account(visit), visit.typed("nome"), _role(visit)
    problems = {"nome": wrong_name(name), "papel": _wrong_role(role)}
    if role is None or any(problems.values()):
        return _form(visit, account, login=account.login, name=name, role=role, problems=problems)
    Members(visit.panel.store).edit(account.id, name=name, role=role)
    visit.record("mudou o acesso", f"{account.login} ({role.label})")
    return visit.go(_HOME, f"Acesso de {name} gravado.")


def deactivate(visit: Visit) -> Response:
    account = _account(visit)
    Members(visit.panel.store).set_active(account.id, False)
    visit.record("desativou o acesso", account.login)
    return visit.go(_HOME, f"{account.name} não entra mais no painel.")


def reactivate(visit: Visit) -> Response:
    account = _account(visit)
    Members(visit.panel.store).set_active(account.id, True)
    visit.record("reativou o acesso", account.login)
    return visit.go(_HOME, f"{account.name} pode entrar de novo, com a mesma senha.")


def reset(visit: Visit) -> Response:
    """A provisional password, shown once, here; that person is out everywhere. For oneself there is another page."""
    account, password = _account(visit), provisional()
    if visit.member.id == account.id:
        return visit.go(OWN_PASSWORD)
    Members(visit.panel.store).set_password(account.id, password, provisional=True)
    visit.record("deu uma senha provisória", account.login)
    return visit.render("usuarios_senha.html", account=account, password=password, made=False)


def end_session(visit: Visit) -> Response:
    """Sign one browser out."""
    named = visit.typed("sessao")
    ended = next((each for each in visit.panel.sessions.open_ones(visit.now) if each.id == named), None)
    if ended is None:
        return visit.go(_HOME, "Esta sessão já tinha terminado.")
    visit.panel.sessions.close(ended.id)
    visit.record("encerrou uma sessão", f"{ended.who}, {ended.address}")
    return visit.go(_HOME, f"Sessão de {ended.who} encerrada.")


def deeds(visit: Visit) -> Response:
    """Who did what, the newest first."""
    before, who = visit.query.get("antes", ""), visit.query.get("quem", "")
    older = {"before": int(before)} if before.isdecimal() and len(before) < 19 else {}
    found = visit.panel.audit.latest(_DEEDS_ON_A_PAGE + 1, who=who, **older)
    return visit.render(
        "usuarios_registro.html",
        deeds=found[:_DEEDS_ON_A_PAGE],
        more=len(found) > _DEEDS_ON_A_PAGE,
        first=not older,
        who=who,
        options=[("", "todos"), *((each, each) for each in visit.panel.audit.people())],
    )


def _form(
    visit: Visit, account: Account | None, *, login: str, name: str, role: Role | None, problems: dict[str, str]
) -> Response:
    return visit.render(
        "usuarios_pessoa.html",
        400 if any(problems.values()) else 200,
        account=account,
        login=login,
        name=name,
        role=role,
        problems=problems,
    )


def _account(visit: Visit) -> Account:
    """The one that the address names. Raises :class:`NotThere`."""
    number = visit.path("id")
    found = Members(visit.panel.store).of(int(number)) if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise NotThere(_NOBODY)
    return found


def _role(visit: Visit) -> Role | None:
    return next((role for role in Role if str(role.value) == visit.typed("papel")), None)


def _wrong_role(role: Role | None) -> str:
    return "" if role else "Escolha o que esta pessoa pode fazer."


PAGES: Final[tuple[Page, ...]] = (
    get(_HOME, show, Role.OWNER),
    get(f"{_HOME}/novo", new, Role.OWNER),
    post(f"{_HOME}/novo", add, Role.OWNER),
    get(f"{_HOME}/registro", deeds, Role.OWNER),
    post(f"{_HOME}/sessoes/encerrar", end_session, Role.OWNER),
    get(f"{_HOME}/{{id}}", edit, Role.OWNER),
    post(f"{_HOME}/{{id}}", change, Role.OWNER),
    post(f"{_HOME}/{{id}}/desativar", deactivate, Role.OWNER),
    post(f"{_HOME}/{{id}}/reativar", reactivate, Role.OWNER),
    post(f"{_HOME}/{{id}}/senha", reset, Role.OWNER),
    *own_account.PAGES,
)

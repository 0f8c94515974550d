"""Minha conta: everybody's own password and open sessions."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from integrator.panel.access import Role
from integrator.panel.accounts.limits import LoginLimit, told
from integrator.panel.accounts.members import Members
from integrator.panel.accounts.signing import signed_in_as
from integrator.panel.pages.entrance import new_password, typed_password
from integrator.panel.routes import OWN_PASSWORD, Page, get, post
from integrator.panel.visit import Visit, Wrong

#: Said in the address: the session that changed the password is not the one that reads it.
_CHANGED: Final = "trocada"


def show(visit: Visit) -> Response:
    return _page(visit, {})


def change_password(visit: Visit) -> Response:
    """Another password: every session of this person ends, and this browser gets a new one."""
    member = visit.member
    if member.local:
        raise Wrong("“Este computador” entra sem senha. Para ter uma, crie um acesso em Usuários.")
    problems = {"atual": _wrong_current(visit)} | new_password(visit, member.login, member.name)
    password = typed_password(visit, "senha")
    if not problems["atual"] and not problems["senha"] and password == typed_password(visit, "atual"):
        problems["senha"] = "A senha nova é igual à atual. Escolha outra."
    if any(problems.values()):
        return _page(visit, problems, 400)
    members = Members(visit.panel.store)
    members.set_password(member.id, password)
    account = members.of(member.id)
    assert account is not None
    visit.record("trocou a própria senha")
    return signed_in_as(visit, account.member, f"{OWN_PASSWORD}?{_CHANGED}=sim")


def end_session(visit: Visit) -> Response:
    """Sign one of the own browsers out."""
    mine = {each.id for each in visit.panel.sessions.open_ones(visit.now, visit.member.id)}
    if visit.typed("sessao") not in mine:
        return visit.go(OWN_PASSWORD, "Esta sessão já tinha terminado.")
    visit.panel.sessions.close(visit.typed("sessao"))
    visit.record("encerrou uma sessão sua")
    return visit.go(OWN_PASSWORD, "Sessão encerrada.")


def _wrong_current(visit: Visit) -> str:
    """What is wrong with the password that counts now. Tries are limited here, too: a browser may be left alone."""
    limit = LoginLimit(visit.panel.store)
    wait = limit.begin(visit.member.login, visit.address, visit.now)
    if wait:
        return f"Houve tentativas demais. Espere {told(wait)} e tente de novo."
    if not Members(visit.panel.store).has_password(visit.member.id, typed_password(visit, "atual")):
        return "Esta não é a sua senha atual."
    limit.succeeded(visit.member.login)
    return ""


def _page(visit: Visit, problems: dict[str, str], status: int = 200) -> Response:
    sessions = visit.panel.sessions.open_ones(visit.now, visit.member.id)
    return visit.render(
        "minha_conta.html", status, problems=problems, sessions=sessions, changed=_CHANGED in visit.query
    )


PAGES: Final[tuple[Page, ...]] = (
    get(OWN_PASSWORD, show, Role.VIEWER),
    post(f"{OWN_PASSWORD}/senha", change_password, Role.VIEWER),
    post(f"{OWN_PASSWORD}/sessoes/encerrar", end_session, Role.VIEWER),
)

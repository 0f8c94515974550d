"""Signing in and out of a browser: a new session each time, its token in a cookie that no script and no site sees."""

from __future__ import annotations

from starlette.responses import Response

from integrator.panel.access import Member
from integrator.panel.accounts.sessions import cookie_name
from integrator.panel.visit import Visit


def signed_in_as(visit: Visit, member: Member, to: str) -> Response:
    """Go to that page as that person; the session that this browser had ends."""
    if visit.session is not None:
        visit.panel.sessions.close(visit.session.id)
    agent = visit.request.headers.get("user-agent", "")
    token = visit.panel.sessions.open(member, visit.now, address=visit.address, agent=agent)
    response = visit.go(to)
    secure = visit.request.url.scheme == "https"
    response.set_cookie(cookie_name(secure), token, path="/", secure=secure, httponly=True, samesite="strict")
    return response


def signed_out(visit: Visit) -> Response:
    """Go to the login without a session."""
    response = visit.go("/entrar")
    secure = visit.request.url.scheme == "https"
    response.delete_cookie(cookie_name(secure), path="/", secure=secure, httponly=True, samesite="strict")
    return response

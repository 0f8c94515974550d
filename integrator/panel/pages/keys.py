"""Chaves: which programs may ask the API, and where each wants to be told what became of its messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from integrator.panel.access import Role
from integrator.panel.api.callbacks.bell import bell
from integrator.panel.api.callbacks.book import Book, Callback, Figures
from integrator.panel.api.callbacks.post import LONGEST_URL, url_problem
from integrator.panel.api.keys import Action, ApiKey, ApiKeys, KeyPlan
from integrator.panel.routes import Page, get, post
from integrator.panel.visit import NotThere, Visit

_HOME: Final = "/chaves"
_LONGEST_NAME: Final = 50
_RATE: Final = 20
_FASTEST: Final = 200
_NO_KEY: Final = "Esta chave não está na lista. Volte a Chaves e confira."


@dataclass(frozen=True, slots=True)
class Line:
    """One key of the list, with whom it tells."""

    key: ApiKey
    callback: Callback | None
    figures: Figures | None


def show(visit: Visit) -> Response:
    """All keys; those that were revoked at the end."""
    lines = [_line(visit, key) for key in ApiKeys(visit.panel.store).all()]
    active = [each for each in lines if each.key.revoked_at is None]
    revoked = [each for each in lines if each.key.revoked_at is not None]
    return visit.render("chaves.html", active=active, revoked=revoked, several=_several(visit))


def new(visit: Visit) -> Response:
    return _form(visit, KeyPlan("", frozenset({Action.SEND, Action.LOOK}), "", _RATE), {})


def create(visit: Visit) -> Response:
    """Make it; its token is shown once, here."""
    plan = KeyPlan(
        name=visit.typed("nome"),
        actions=frozenset(action for action in Action if visit.typed(action.value)),
        database=visit.typed("banco"),
        per_second=_whole(visit.typed("por_segundo")),
    )
    problems = _problems(visit, plan)
    if problems:
        return _form(visit, plan, problems, 400)
    key, token = ApiKeys(visit.panel.store).create(plan, visit.member.name, visit.now)
    visit.record("criou a chave da API", f"{plan.name} ({', '.join(sorted(plan.actions))})")
    return visit.render("chaves_segredo.html", key=key, secret=token, kind="token")


def one(visit: Visit) -> Response:
    line = _line(visit, _key(visit))
    url, all_rows = (line.callback.url, line.callback.all_rows) if line.callback else ("", False)
    return _key_page(visit, line, url=url, all_rows=all_rows)


def revoke(visit: Visit) -> Response:
    """Its token is refused from now on."""
    key = _key(visit)
    if ApiKeys(visit.panel.store).revoke(key.id, visit.now):
        visit.record("revogou a chave da API", key.plan.name)
    return visit.go(_HOME, f"A chave “{key.plan.name}” não vale mais.")


def register(visit: Visit) -> Response:
    """Where that key's owner is told. The secret is shown once, when there was none."""
    key = _active(visit)
    url, all_rows = visit.typed("endereco"), bool(visit.typed("todas"))
    problem = url_problem(url)
    if problem:
        return _key_page(visit, _line(visit, key), url=url, all_rows=all_rows, problem=problem, status=400)
    book = Book(visit.panel.store)
    is_new = all(each.key != key.id for each in book.callbacks())
    callback = book.register(key.id, url, all_rows=all_rows)
    bell(visit.panel).set()
    visit.record("ligou o aviso ao ERP", key.plan.name)
    if is_new:
        return visit.render("chaves_segredo.html", key=key, secret=callback.secret, kind="assinatura")
    return visit.go(f"{_HOME}/{key.id}", "O endereço de aviso foi gravado.")


def renew_secret(visit: Visit) -> Response:
    key, book = _active(visit), Book(visit.panel.store)
    if not book.renew_secret(key.id):
        raise NotThere("Esta chave não avisa nenhum endereço.")
    visit.record("trocou o segredo do aviso ao ERP", key.plan.name)
    secret = next(each.secret for each in book.callbacks() if each.key == key.id)
    return visit.render("chaves_segredo.html", key=key, secret=secret, kind="assinatura")


def try_now(visit: Visit) -> Response:
    key = _active(visit)
    count = Book(visit.panel.store).hurry(key.id, visit.now)
    bell(visit.panel).set()
    note = "Tentando agora. Atualize a página em alguns segundos." if count else "Não há aviso pendente."
    return visit.go(f"{_HOME}/{key.id}", note)


def forget(visit: Visit) -> Response:
    key = _active(visit)
    if Book(visit.panel.store).forget(key.id):
        visit.record("desligou o aviso ao ERP", key.plan.name)
    return visit.go(f"{_HOME}/{key.id}", "O ERP não é mais avisado.")


def manual(visit: Visit) -> Response:
    """The API for who writes an ERP, made of its own document."""
    from integrator.panel.api.manual import read_manual

    return visit.render("chaves_api.html", manual=read_manual())


def _form(visit: Visit, plan: KeyPlan, problems: dict[str, str], status: int = 200) -> Response:
    known = [(each.name, each.name) for each in visit.panel.settings.databases]
    names = [("", "todos"), *known] if _several(visit) else []
    return visit.render("chaves_nova.html", status, plan=plan, problems=problems, names=names, actions=tuple(Action))


def _key_page(visit: Visit, line: Line, *, url: str, all_rows: bool, problem: str = "", status: int = 200) -> Response:
    return visit.render(
        "chaves_uma.html", status, line=line, url=url, all_rows=all_rows, problem=problem, longest=LONGEST_URL
    )


def _problems(visit: Visit, plan: KeyPlan) -> dict[str, str]:
    """What is wrong, by field. A name in use tells a form that was sent twice."""
    found = {}
    names = {each.plan.name.lower() for each in ApiKeys(visit.panel.store).all() if each.revoked_at is None}
    if not plan.name or len(plan.name) > _LONGEST_NAME or not plan.name.isprintable():
        found["nome"] = f"Escreva um nome de até {_LONGEST_NAME} letras."
    elif plan.name.lower() in names:
        found["nome"] = "Já existe uma chave com este nome."
    if not plan.actions:
        found["acoes"] = "Escolha ao menos uma permissão."
    if not 1 <= plan.per_second <= _FASTEST:
        found["por_segundo"] = f"Escreva um número de 1 a {_FASTEST}."
    if plan.database and plan.database not in {each.name for each in visit.panel.settings.databases}:
        found["banco"] = "Este banco não está configurado."
    return found


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _several(visit: Visit) -> bool:
    return len(visit.panel.settings.databases) > 1


def _line(visit: Visit, key: ApiKey) -> Line:
    book = Book(visit.panel.store)
    callback = next((each for each in book.callbacks() if each.key == key.id), None)
    return Line(key, callback, book.figures(key.id) if callback else None)


def _key(visit: Visit) -> ApiKey:
    key = ApiKeys(visit.panel.store).get(visit.path("chave"))
    if key is None:
        raise NotThere(_NO_KEY)
    return key


def _active(visit: Visit) -> ApiKey:
    key = _key(visit)
    if key.revoked_at is not None:
        raise NotThere("Esta chave foi revogada. Crie outra.")
    return key


PAGES: Final[tuple[Page, ...]] = (
    get(_HOME, show, Role.OWNER),
    get(f"{_HOME}/nova", new, Role.OWNER),
    post(f"{_HOME}/nova", create, Role.OWNER),
    get(f"{_HOME}/{{chave}}", one, Role.OWNER),
    post(f"{_HOME}/{{chave}}/revogar", revoke, Role.OWNER),
    post(f"{_HOME}/{{chave}}/aviso", register, Role.OWNER),
    post(f"{_HOME}/{{chave}}/aviso/segredo", renew_secret, Role.OWNER),
    post(f"{_HOME}/{{chave}}/aviso/agora", try_now, Role.OWNER),
    post(f"{_HOME}/{{chave}}/aviso/parar", forget, Role.OWNER),
    get("/api", manual),
)

"""Templates become pages: Jinja2 with every value escaped, and the ways in which the panel prints things."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from integrator import __version__
from integrator.documents.formats import phone_br
from integrator.domain.phone import mask_phone, with_ninth_digit
from integrator.messages.formatting import format_count, format_date, format_datetime, format_document, format_money
from integrator.panel.access import Role
from integrator.panel.nav import menu
from integrator.paths import packaged


def render(template: str, **values: Any) -> str:
    """The text of a page."""
    return _environment().get_template(template).render(**values)


def phone(number: str) -> str:
    """``(49) 98859-0187`` of an E.164 number, with the nine that WhatsApp drops; what was typed stays as it is."""
    return phone_br(with_ninth_digit(number)) if number.isdigit() else number


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep it."""
    content = packaged("panel", "static", name).read_bytes()
    return f"/estatico/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(packaged("panel", "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "money": format_money,
        "day": format_date,
        "instant": format_datetime,
        "document": format_document,
        "phone": phone,
        "masked": mask_phone,
        "count": format_count,
    }
    environment.globals |= {"asset": asset, "menu": menu, "version": __version__, "Role": Role}
    return environment

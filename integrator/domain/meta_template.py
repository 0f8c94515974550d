"""The text of a template as Meta writes it, with placeholders ``{{1}}``, ``{{2}}`` … or ``{{nome}}``; pure.

Rules of what may stand for a placeholder:
https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from integrator.domain.message import TemplateValue

#: Characters of a template's text, the values included.
MAX_BODY: Final = 1024
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: Meta refuses line breaks, tabs and rows of blanks in a value.
_FORBIDDEN: Final = re.compile(r"\s*[\n\r\t\v\f\x85\u2028\u2029]\s*| {2,}")


def placeholders(body: str) -> tuple[str, ...]:
    """The placeholders of a template's text, each once, in order: ``("1", "2")`` or ``("nome", "total")``."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(body)))


def numbered(body: str) -> bool:
    """Whether its placeholders are numbers, or it has none."""
    return all(name.isdigit() for name in placeholders(body))


def one_line(value: str) -> str:
    """A value as Meta takes it: what it forbids becomes a blank."""
    return _FORBIDDEN.sub(" ", value).strip()


def filled(body: str, values: Sequence[TemplateValue]) -> str:
    """What the customer reads. Values belong to names, or to the numbers from 1 on; each placeholder has one."""
    by_name = {value.name or str(place): value.text for place, value in enumerate(values, start=1)}
    return _PLACEHOLDER.sub(lambda found: by_name[found[1]], body)

"""What a page's form holds, so that a test posts it as a browser would, with some of it changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self._action = action
        self._inside = False
        self._select = ""
        self._text: str | None = None
        self.fields: dict[str, Any] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "form":
            self._inside = told.get("action") == self._action and told.get("method") == "post"
        elif not self._inside or "disabled" in told:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in told or self._select not in self.fields):
            self.fields[self._select] = value
        elif tag == "textarea":
            self._text = name
            self.fields[name] = ""
        elif tag == "input" and name:
            self._input(name, value, told)

    def _input(self, name: str, value: str, told: dict[str, str | None]) -> None:
        if told.get("type") != "checkbox":
            self.fields[name] = value
        elif "checked" in told:
            self.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.fields[self._text] += data.removeprefix("\n") if not self.fields[self._text] else data


def form_of(html: str, action: str) -> dict[str, Any]:
    """The fields of the form that posts to ``action``, as they stand on the page, without the session's proof."""
    reader = _Reader(action)
    reader.feed(html)
    reader.fields.pop("_csrf", None)
    return reader.fields

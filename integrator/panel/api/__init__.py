"""The HTTP API, for ERPs that would rather not speak SQL: :func:`.app.api_app`, its keys, and its callbacks."""

from typing import Final

#: Below which address it answers.
ROOT: Final = "/api/v1"

"""The HTTP API, for ERPs that would rather not speak SQL: :func:`.app.api_routes`, its keys, and its callbacks."""

"""How the development tools talk to people: one line that says what is missing and the command that fixes it."""


class SetupError(Exception):
    """Something that set-up cannot get by itself. `fix` is a command, or what to do, in Portuguese."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem} Para resolver: {fix}")

"""Windows' own command-line programs, called by their full path.

A bare name is looked for in the current folder first, and some of them are called with an administrator's rights.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

#: A service of Windows that hangs must not hang us.
_PATIENCE_S: Final = 60.0

if sys.platform == "win32":
    import os
    import subprocess
    from pathlib import Path

    def run_system_program(command: Sequence[str]) -> tuple[int, str]:
        """Exit code and everything it said. ``command`` begins with the bare name. Raises :class:`OSError`."""
        name, *arguments = command
        program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", f"{name}.exe")
        try:
            done = subprocess.run(
                [str(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE_S,
                check=False,
                creationflags=subprocess.CREATE_NO_WINDOW,
            )
        except subprocess.TimeoutExpired as error:
            raise OSError(f"{name} did not end in {_PATIENCE_S:g} s") from error
        return done.returncode, done.stdout.decode("oem", "replace").strip()

else:

    def run_system_program(command: Sequence[str]) -> tuple[int, str]:
        """There is none elsewhere."""
        raise OSError(f"{command[0]} is a program of Windows")

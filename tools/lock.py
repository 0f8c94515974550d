"""`dev.py lock`: writes `requirements/lock.txt` anew from `pyproject.toml`, for all platforms, hashes included.

Options go to uv: `--upgrade` takes current releases, `--upgrade-package NAME` only one. uv itself is no dependency of
the project: it is installed for this once in a temporary folder.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The files must be the public index's, whatever this machine is set up with: their hashes are for every machine.
_PUBLIC = {"UV_NO_CONFIG": "1", "UV_SYSTEM_CERTS": "1"}
_OPTIONS = (
    *("--universal", "--python-version", "3.11", "--group", "dev", "--output-file", "requirements/lock.txt"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
)


def main(arguments: list[str]) -> int:
    """Answers uv's exit code."""
    with tempfile.TemporaryDirectory(prefix="integrator-lock-") as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder, "Scripts" if os.name == "nt" else "bin")
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
        compiling = [str(programs / "uv"), "pip", "compile", *_OPTIONS, *arguments, "pyproject.toml"]
        return subprocess.run(compiling, check=False, cwd=ROOT, env={**environment, **_PUBLIC}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

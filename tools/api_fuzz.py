"""Throws whatever a schema allows, and forbids, at the HTTP API of a running panel: `python -m tools.api_fuzz URL`.

The document that the panel itself serves says what to throw (Schemathesis); a key with every permission comes in the
variable INTEGRATOR_API_KEY. It writes to the queue of that panel: use it on the demonstration's shop. Longer with
`--seconds`; `--seed` repeats a run.
"""

import argparse
import os
import subprocess
import sys
import tempfile

_KEY = "INTEGRATOR_API_KEY"
#: What is true of every answer. "Positive" data may still be refused: a schema cannot say that a phone exists.
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)


def fuzz(
    url: str, token: str, *, seed: int, examples: int = 0, seconds: int = 0, phases: str = "fuzzing"
) -> subprocess.CompletedProcess[str]:
    """One run against the panel at ``url``; `returncode` 0: nothing found, else the report says what and how to repeat.

    ``examples`` per operation; ``seconds`` for the whole run instead. The phase ``coverage`` walks every boundary of
    every field, which takes many minutes for a message.
    """
    limits = ["--max-time", str(seconds)] if seconds else ["--max-examples", str(examples), "--no-shrink"]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json"),
        *("--url", f"{url}/api/v1", "--header", f"Authorization: Bearer {token}"),
        *("--phases", phases, "--checks", ",".join(_CHECKS), "--seed", str(seed), "--continue-on-failure"),
        *("--warnings", "off", "--request-timeout", "20", "--no-color", "--suppress-health-check", "all"),
        *limits,
    ]
    with tempfile.TemporaryDirectory() as folder:  # it keeps its own database of examples where it runs
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def main(arguments: list[str]) -> int:
    """Exit code 0: no defect found."""
    parser = argparse.ArgumentParser(description="Procura defeitos na API HTTP de um painel que está no ar.")
    parser.add_argument("url", help="por exemplo http://127.0.0.1:8787")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261120)
    chosen = parser.parse_args(arguments)
    token = os.environ.get(_KEY, "")
    if not token:
        parser.error(f"falta a variável {_KEY}, com uma chave que tenha todas as permissões")
    phases = "coverage,fuzzing"
    done = fuzz(chosen.url.rstrip("/"), token, seed=chosen.seed, seconds=chosen.seconds, phases=phases)
    print(done.stdout, done.stderr, sep="\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

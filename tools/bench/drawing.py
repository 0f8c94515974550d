"""A process that draws PDFs of every kind in turn and tells what it holds: ``python -m tools.bench.drawing 500 5000``.

Its answer is a JSON list of the resident memory in MB (10⁶ bytes), after each of those numbers of PDFs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from itertools import count

from tools.bench import papers
from tools.bench.daemon import usage


def main(arguments: Sequence[str]) -> None:
    """Draw until the last of the numbers is reached."""
    stops = sorted(int(each) for each in arguments)
    kinds = list(papers.kinds().values())
    held: list[float] = []
    for done in count(1):
        kinds[done % len(kinds)](done)
        if done == stops[len(held)]:
            held.append(usage(os.getpid()).resident_mb)
            if len(held) == len(stops):
                break
    print(json.dumps(held))


if __name__ == "__main__":
    main(sys.argv[1:])

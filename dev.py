"""The one command of a developer: `python3 dev.py <command>` (on Windows `py dev.py <command>`).

Only the version check lives here, in syntax that an old Python reads, so that it can say what is wrong; the work is in
`tools/`, standard library only, because this file is what makes the virtual environment.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this very line is the check: an older Python must reach it
    sys.exit(
        "Este projeto precisa do Python 3.11 ou mais novo; este é o {}.{}. "
        "Instale o novo e rode: python3.11 dev.py".format(*sys.version_info[:2])
    )

from tools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

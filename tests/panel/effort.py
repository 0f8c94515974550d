"""What something costs of the processors' time, which a busy computer does not lengthen as it does the clock's."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.panel.site import all_closed
from tools.firebird_server import PrivateServer


def effort(server: PrivateServer) -> float:
    """Seconds until now, of this process, where the panels live, and of the database server: to be subtracted."""
    all_closed()
    status = Path(f"/proc/{server.process_id}/stat").read_text(encoding="ascii", errors="replace")
    ticks = sum(map(int, status.rpartition(")")[2].split()[11:13]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")

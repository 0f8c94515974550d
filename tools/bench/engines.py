"""The embedded engine beside a bare loop on its library: memory, time to connected, and what a message costs.

The real worker with the unmodified library, against the tests' fake WhatsApp server on the loopback.
"""

from __future__ import annotations

from integrator.gateways.configured import session_folder
from tools.bench import content
from tools.bench.engine_clients import open_engine
from tools.bench.engine_idle import FILLED, GROUP, Shop, measure_idle
from tools.bench.engine_messages import measure_messages, numbers
from tools.bench.engine_stage import open_servers
from tools.bench.figures import Figure
from tools.bench.place import Place

__all__ = ["GROUP", "measure"]


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Pair both clients once, and measure with their sessions."""
    with place.attach(place.database(FILLED)) as connection:
        content.enqueue_texts(connection, 1)
    number = place.settings(place.server.path(FILLED)).whatsapp
    data, loose = place.data_folder("engine"), place.data_folder("engine-loose")
    with open_servers(place.data_folder("engine-servers")) as (product, bare):
        shop = Shop(place, data, session_folder(data, number), loose, product, bare)
        with open_engine(shop.session, product.reach(), product.scan), shop.loop():
            pass
        for server in (product, bare):
            server.wait_for_silence()
            server.know(numbers())
        return [*measure_idle(shop, quick=quick), *measure_messages(shop, quick=quick)]

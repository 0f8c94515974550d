"""Only what proves that no byte of a request was sent is taken for that, a shop's proxy included."""

from __future__ import annotations

import socket
import threading

import pytest
import requests

from integrator.gateways.http import never_left


def failure(proxy_port: int) -> requests.RequestException:
    proxies = {"http": f"http://127.0.0.1:{proxy_port}"}
    with pytest.raises(requests.RequestException) as caught:
        requests.post("http://evolution.example/message/sendText/loja", json={}, proxies=proxies, timeout=120)
    return caught.value


def test_a_proxy_that_is_not_there_has_passed_nothing_on() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # the port is taken, and nobody listens there
        assert never_left(failure(nobody.getsockname()[1]))


def test_a_proxy_that_hangs_up_with_the_request_in_hand_may_have_passed_it_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def hang_up() -> None:
            connection, _ = proxy.accept()
            connection.recv(65536)
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        error = failure(proxy.getsockname()[1])
    assert not never_left(error)

"""The shop behind the proxy of `compose.yaml`, with its configuration, where the machine has an nginx."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from served import PROJECT, Shop
from test_health import MORE_THAN_THREADS
from test_real_server import WAIT

from behave_flask.stages.servers import Server, free_port

PROGRAM = os.environ.get("NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"
HALF = (
    b"POST /api/tokens HTTP/1.1\r\nHost: shop\r\n"
    b"Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"
)


class Proxy(Server):
    """nginx, as compose.yaml runs it, on loopback."""

    name = "nginx"
    stop_signal = signal.SIGTERM

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop, self._port = shop, free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._port

    def _command(self) -> list[str]:
        text = (PROJECT / "nginx.conf").read_text()
        for ours, here in (
            ("web:8000", "{}:{}".format(*self._shop.address)),
            ("listen 8080", f"listen {self.address[0]}:{self._port}"),
            ("/tmp/", f"{self.folder}/"),
            ("/dev/stdout", "off"),
            ("client_body_timeout 10s", "client_body_timeout 300s"),
        ):
            assert ours in text
            text = text.replace(ours, here)
        file = Path(self.folder) / "nginx.conf"
        file.write_text(text)
        return [PROGRAM, "-c", str(file), "-e", "stderr", "-g", "daemon off; user root;"]

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    if not Path(PROGRAM).exists():
        pytest.skip("There is no nginx on this machine; NGINX=/path/to/nginx names one.")
    with Shop(trusted_proxies="1", body_timeout_seconds="300") as shop:
        yield shop


@pytest.fixture(scope="module")
def proxy(shop: Shop) -> Iterator[Proxy]:
    with Proxy(shop) as proxy:
        yield proxy


def test_whoever_sends_slowly_keeps_no_thread_of_the_shop_waiting(proxy: Proxy) -> None:
    lines = [socket.create_connection(proxy.address, timeout=WAIT) for _ in range(MORE_THAN_THREADS)]
    try:
        for line in lines:
            line.sendall(HALF)
        assert requests.get(f"{proxy.url}/", timeout=WAIT).status_code == 200
    finally:
        for line in lines:
            line.close()


def test_whoever_comes_is_not_believed_about_the_way(proxy: Proxy) -> None:
    claims = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
    }
    answer = requests.get(f"{proxy.url}/dashboard", headers=claims, timeout=WAIT, allow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/dashboard"
    assert "Strict-Transport-Security" not in answer.headers
    assert "evil" not in answer.text


def test_guessing_is_counted_by_the_address_that_the_proxy_tells(proxy: Proxy) -> None:
    wrong = {"email": "ada@example.com", "password": "a wrong password"}
    codes = {
        requests.post(
            f"{proxy.url}/api/tokens",
            json=wrong,
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
            timeout=WAIT,
        ).status_code
        for number in range(20)
    }
    assert codes == {401, 429}

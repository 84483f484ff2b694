"""The shop over real HTTP: what a test client in the same process cannot show."""

import http.client
import json
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests
from served import ADMIN, Payments, Shop, payments

from behave_flask.databases.postgresql import OwnDatabase
from features.support.inputs import pictures

MB = 1024 * 1024
BOUNDARY = "a-line-between"
WAIT = 30  # seconds

Answer = tuple[int, dict[str, Any]]
Client = Callable[[Shop, bytes, str], Answer]


def form(content: bytes) -> bytes:
    """A form with one picture, as a browser sends it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="avatar"; filename="a.png"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def by_requests(shop: Shop, body: bytes, token: str) -> Answer:
    answer = requests.post(f"{shop.url}/api/profile/avatar", data=body, headers=headers(token), timeout=WAIT)
    return answer.status_code, answer.json()


def by_http_client(shop: Shop, body: bytes, token: str) -> Answer:
    connection = http.client.HTTPConnection(*shop.address, timeout=WAIT)
    try:
        connection.request("POST", "/api/profile/avatar", body, headers(token))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def by_paced_socket(shop: Shop, body: bytes, token: str) -> Answer:
    """A slow line: the server has long decided when the last piece comes."""
    sent = {**headers(token), "Host": "shop", "Content-Length": str(len(body)), "Connection": "close"}
    lines = ["POST /api/profile/avatar HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    with socket.create_connection(shop.address, timeout=WAIT) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        for start in range(0, len(body), 512 * 1024):
            line.sendall(body[start : start + 512 * 1024])
            time.sleep(0.02)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, json.loads(answer.read())


CLIENTS = [by_requests, by_http_client, by_paced_socket]


@pytest.fixture(scope="module", params=["gthread", "sync"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    with Shop(request.param) as server:
        yield server


@pytest.fixture(scope="module")
def token(shop: Shop) -> str:
    return shop.token()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("size", [5 * MB + 1, 6 * MB], ids=["5 MB and 1 byte", "6 MB"])
def test_a_picture_too_large_is_refused_cleanly(shop: Shop, token: str, client: Client, size: int) -> None:
    status, body = client(shop, form(pictures.padded(pictures.picture("PNG"), size)), token)
    assert (status, body["status"]) == (413, 413)
    assert body["detail"] in ("The picture may have at most 5 MiB.", "The request is too large.")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_picture_of_exactly_5_mb_is_taken(shop: Shop, token: str, client: Client) -> None:
    status, body = client(shop, form(pictures.padded(pictures.picture("PNG"), 5 * MB)), token)
    assert (status, body["email"]) == (200, ADMIN["email"])


@pytest.mark.parametrize("client", CLIENTS)
def test_whoever_is_not_signed_in_learns_it_cleanly_whatever_is_sent(shop: Shop, client: Client) -> None:
    status, body = client(shop, form(bytes(6 * MB)), "made-up")
    assert (status, body["status"]) == (401, 401)


@pytest.mark.parametrize("pieces", [1, 64])
def test_a_body_of_unknown_length_is_refused_cleanly(shop: Shop, token: str, pieces: int) -> None:
    connection = http.client.HTTPConnection(*shop.address, timeout=WAIT)
    body = iter([b"x" * 16 * 1024] * pieces)
    connection.request("POST", "/api/profile/avatar", body, headers(token), encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["status"]) == (411, 411)
    connection.close()


def test_no_header_tells_a_version(shop: Shop) -> None:
    answer = requests.get(f"{shop.url}/nowhere", timeout=WAIT)
    assert answer.status_code == 404
    assert answer.headers["Server"] == "gunicorn"
    assert "X-Powered-By" not in answer.headers


def test_the_request_that_runs_is_finished_before_the_server_ends() -> None:
    patient = {"outside_timeout_seconds": str(WAIT)}
    with payments() as provider, Shop(payments_url=provider.url, **patient) as shop:
        token = shop.token()
        product = sell(shop, token, stock=1)
        provider.may_go_on.clear()
        with ThreadPoolExecutor(1) as customer:
            order = customer.submit(buy, shop, token, product)
            assert provider.asked.wait(WAIT)
            shop.terminate()
            time.sleep(0.5)  # the server has heard it, and the order still runs
            assert not order.done()
            provider.may_go_on.set()
            assert order.result(WAIT).status_code == 201
        assert shop.wait(WAIT) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(shop.address, timeout=1)


def test_20_buyers_of_the_last_5_pieces_make_5_orders(postgres_url: str) -> None:
    database = OwnDatabase(postgres_url)
    database.create()
    try:
        with payments() as provider, Shop(database_url=database.url, payments_url=provider.url) as shop:
            check_the_last_pieces(shop, provider)
    finally:
        database.drop()


def check_the_last_pieces(shop: Shop, provider: Payments) -> None:
    admin = shop.token()
    product = sell(shop, admin, stock=5)
    tokens = [join(shop, number) for number in range(20)]
    together = Barrier(20)

    def at_once(token: str) -> int:
        together.wait(WAIT)
        return buy(shop, token, product).status_code

    with ThreadPoolExecutor(20) as buyers:
        assert Counter(buyers.map(at_once, tokens)) == {201: 5, 409: 15}
    assert len(set(provider.keys)) == len(provider.keys) == 5
    assert requests.get(f"{shop.url}/api/products/{product}", timeout=WAIT).json()["stock"] == 0
    orders = requests.get(f"{shop.url}/api/orders?status=paid", headers=bearer(admin), timeout=WAIT)
    assert orders.json()["total"] == 5


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def join(shop: Shop, number: int) -> str:
    who = {"email": f"buyer{number}@example.com", "password": "a long enough password"}
    requests.post(f"{shop.url}/register", json={"name": "Buyer", **who}, timeout=WAIT).raise_for_status()
    return shop.token(**who)


def sell(shop: Shop, token: str, stock: int) -> int:
    product = {"name": "Tea", "price_cents": 250, "stock": stock}
    made = requests.post(f"{shop.url}/api/products", json=product, headers=bearer(token), timeout=WAIT)
    return int(made.json()["id"])


def buy(shop: Shop, token: str, product: int) -> requests.Response:
    order = {"product_id": product, "quantity": 1}
    return requests.post(f"{shop.url}/api/orders", json=order, headers=bearer(token), timeout=WAIT)

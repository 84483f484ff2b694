"""The shop over real HTTP: what a test client in the same process cannot show."""

import http.client
import json
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
import requests
from served import ADMIN, Payments, Shop, payments

from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.stages.servers import PrivateRedis
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


BROKEN_CHUNKS = (
    b"zz\r\nabc\r\n0\r\n\r\n",
    b"5\r\nab",
    b"-5\r\nabc\r\n",
    b"5;x=y\r\nabcdeXX\r\n",
    b"ffffffffffffffffffff\r\n",
    b"\r\n\r\n",
    b"5\r\nabcdefgh\r\n0\r\n\r\n",
    b"0\r\nX: \x00\r\n\r\n",
    b"1_0\r\n" + b"a" * 16,
)


@pytest.mark.parametrize("path", ["/healthz", "/api/tokens", "/", "/sign-in", "/dashboard/city", "/nowhere"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_chunks_that_are_none_are_refused_as_those_that_are(shop: Shop, path: str, kind: str) -> None:
    sent = f"Host: shop\r\nAccept: text/html\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
    found = set()
    for method in ("GET", "POST"):
        head = f"{method} {path} HTTP/1.1\r\n{sent}"
        for body in BROKEN_CHUNKS:
            with socket.create_connection(shop.address, timeout=WAIT) as line:
                line.sendall(head.encode() + body)
                line.shutdown(socket.SHUT_WR)
                found.add(line.recv(1024).split(b"\r\n")[0])
    assert {each.split()[1] for each in found} == {b"411"}


def test_whoever_sends_slowly_what_is_refused_keeps_nobody_waiting() -> None:
    """24 of them, more than there are threads; each is refused at once, and would be read to its end."""
    with Shop() as shop:
        send_slowly(shop)


def send_slowly(shop: Shop) -> None:
    head = b"POST /api/profile HTTP/1.1\r\nHost: shop\r\nContent-Length: 60000000\r\n\r\n"
    lines = [socket.create_connection(shop.address, timeout=WAIT) for _ in range(24)]
    try:
        for line in lines:
            line.sendall(head + b"x" * 1000)
        assert requests.get(f"{shop.url}/healthz", timeout=WAIT).status_code == 200
        line = lines[0]
        line.settimeout(WAIT)
        assert b"HTTP/1.1 40" in line.recv(1024)
    finally:
        for line in lines:
            line.close()


def test_many_wrong_passwords_at_the_same_moment_are_counted() -> None:
    """Two processes with ten threads each, which count together in the shop's memory of limits."""
    with PrivateRedis() as memory, Shop(limits_url=memory.url) as shop:
        together = Barrier(20)

        def try_it(number: int) -> int:
            together.wait(WAIT)
            who = {"email": ADMIN["email"], "password": f"a wrong password {number}"}
            return requests.post(f"{shop.url}/api/tokens", json=who, timeout=WAIT).status_code

        with ThreadPoolExecutor(20) as guessers:
            assert Counter(guessers.map(try_it, range(20))) == {401: 5, 429: 15}


def test_many_registrations_at_the_same_moment_are_counted() -> None:
    with PrivateRedis() as memory, Shop(limits_url=memory.url, registrations_per_hour="5") as shop:
        together = Barrier(20)

        def register(number: int) -> int:
            together.wait(WAIT)
            who = {"name": "Mia", "email": f"mia{number}@example.com", "password": "a long enough password"}
            return requests.post(f"{shop.url}/register", json=who, timeout=WAIT).status_code

        with ThreadPoolExecutor(20) as visitors:
            assert Counter(visitors.map(register, range(20))) == {201: 5, 429: 15}


def test_two_admins_who_suspend_each_other_leave_one() -> None:
    """On SQLite; `features/resilience/changing_one_thing_at_once.feature` says so of PostgreSQL."""
    with Shop() as shop:
        first = shop.token()
        other = {"email": "ben@example.com", "password": "a long enough password"}
        new = {"name": "Ben", "role": "admin", **other}
        for _ in range(10):
            made = requests.post(f"{shop.url}/api/users", json=new, headers=bearer(first), timeout=WAIT)
            second = shop.token(**other)
            ids = {first: 1, second: made.json()["id"]}
            together = Barrier(2)

            def suspend(who: str, whom: str) -> int:
                together.wait(WAIT)  # noqa: B023
                place = f"{shop.url}/api/users/{ids[whom]}"  # noqa: B023
                sent = {"is_active": False}
                return requests.patch(place, json=sent, headers=bearer(who), timeout=WAIT).status_code

            with ThreadPoolExecutor(2) as admins:
                codes = sorted(admins.map(suspend, (first, second), (second, first)))
            assert codes[0] == 200, codes
            assert codes[1] in (403, 409), codes
            left = [each for each in (first, second) if who_is(shop, each) == 200]
            assert len(left) == 1
            gone = second if left == [first] else first
            place = f"{shop.url}/api/users/{ids[gone]}"
            if gone == first:  # the shop's first admin comes back, and goes on
                requests.patch(place, json={"is_active": True}, headers=bearer(left[0]), timeout=WAIT)
            requests.delete(f"{shop.url}/api/users/{ids[second]}", headers=bearer(first), timeout=WAIT)


def who_is(shop: Shop, token: str) -> int:
    return requests.get(f"{shop.url}/api/profile", headers=bearer(token), timeout=WAIT).status_code


def test_a_picture_that_is_replaced_can_be_seen_all_the_time(shop: Shop, token: str) -> None:
    place = f"{shop.url}/api/profile/avatar"
    mine = requests.get(f"{shop.url}/api/profile", headers=bearer(token), timeout=WAIT).json()["id"]
    picture = form(pictures.picture("PNG"))
    requests.post(place, data=picture, headers=headers(token), timeout=WAIT).raise_for_status()
    is_over = Event()

    def look() -> set[int]:
        seen = set()
        while not is_over.is_set():
            answer = requests.get(f"{shop.url}/api/users/{mine}/avatar", headers=bearer(token), timeout=WAIT)
            seen.add(answer.status_code)
        return seen

    with ThreadPoolExecutor(4) as viewers:
        looks = [viewers.submit(look) for _ in range(4)]
        for _ in range(60):
            requests.post(place, data=picture, headers=headers(token), timeout=WAIT)
        is_over.set()
    assert set.union(*(each.result() for each in looks)) == {200}


def test_nobody_is_believed_about_the_way_that_they_came(shop: Shop) -> None:
    """gunicorn by itself believes whoever asks from this machine."""
    claims = {"X-Forwarded-Proto": "https", "SCRIPT_NAME": "/elsewhere", "X-Forwarded-Host": "evil.example"}
    answer = requests.get(f"{shop.url}/sign-in", headers=claims, timeout=WAIT)
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers
    assert "elsewhere" not in answer.text


def test_no_header_tells_a_version(shop: Shop) -> None:
    answer = requests.get(f"{shop.url}/nowhere", timeout=WAIT)
    assert answer.status_code == 404
    assert answer.headers["Server"] == "shop"
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

"""Requests as no client makes them, by sockets: JSON that is none, forms, chunks, lines that break off.

Each is answered, by no 5xx, or its connection is closed, and no error is in the log of the server.
A bounded number here; `make fuzz` sends more, other ones each time, to gunicorn and to Flask's own server.
"""

import os
import socket
from random import Random

import pytest
import requests
from served import FLASK, Shop
from test_real_server import WAIT

from features.support.inputs import pictures

CASES = int(os.environ.get("FUZZ_CASES", "0")) * 20 or 120
SEED = int(os.environ.get("FUZZ_SEED", "0")) or (
    Random().getrandbits(32) if "FUZZ_CASES" in os.environ else 1
)
PLACES = (
    *(
        "/",
        "/sign-in",
        "/sign-up",
        "/orders",
        "/sign-out",
        "/dashboard/city",
        "/dashboard/picture",
        "/healthz",
    ),
    *("/register", "/api/tokens", "/api/orders", "/api/posts", "/api/products", "/api/users", "/nowhere"),
    *(
        "/api/profile",
        "/api/profile/avatar",
        "/api/orders/1/refund",
        "/api/weather?city=%00",
        "//evil.example/",
    ),
    *(
        "/sign-in?next=//[",
        "/api/products?page=1e9&q=%ff%fe",
        "/admin?users=\x7f",
        "/api/users/99999999999999999999",
    ),
    *(
        "/static/../app.py",
        "/sign-in?next=%2F%2F%5B&next=/",
        "/api/tokens/current",
        "/%2e%2e/%2e%2e/etc/passwd",
    ),
)
SESSIONS = ("x", ".eJ", '"')
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW")
TYPES = (
    *(
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "text/plain",
        "",
    ),
    *("application/json; charset=utf-7", "multipart/form-data", "application/json, text/html", "a" * 300),
    "multipart/form-data; boundary=" + "b" * 200,
)
BODIES = (
    *(
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"{",
        b"}{",
        b"NaN",
        b"[" * 5000,
        b'{"email": ' * 900,
        b"\xff\xfe\x00",
    ),
    *(
        b'{"email": {"$ne": null}, "password": 1}',
        b'{"email": [], "password": {}}',
        b'{"\\ud800": "\\udfff"}',
    ),
    *(b'{"email": "a@b.c", "email": 2, "password": "\\u0000"}', b'{"product_id": 1e400, "quantity": -0}'),
    *(
        b'{"product_id": ' + b"9" * 5000 + b"}",
        b'{"name": "' + b"\\u202e" * 99 + b'"}',
        b"csrf_token=%ff%00&email=%zz",
    ),
    *(
        b"&" * 1100,
        b"a=" * 700,
        b"email=a&email=b&password=" + b"%00" * 50,
        b"--b\r\n\r\n\r\n--b--",
        b"--b--",
    ),
    *(b'--b\r\nContent-Disposition: form-data; name="avatar"; filename="\x00"\r\n\r\nGIF89a\r\n--b--\r\n',),
    *(b'--b\r\nContent-Disposition: form-data; name="avatar"\r\nContent-Type: x\r\n\r\nx', b"--b\r\n" * 300),
)


def request(random: Random, tokens: list[str]) -> bytes:
    """A request that may be anything."""
    body, kind = random.choice(BODIES), random.choice(TYPES)
    if random.random() < 0.3:
        cut = random.randrange(len(body) + 1)
        body = body[:cut] + random.randbytes(random.randrange(9)) + body[cut:]
    names = [f"Host: {random.choice(('shop', 'evil.example', '[::1', 'a b', ''))}", f"Content-Type: {kind}"]
    if random.random() < 0.6:
        names.append(f"Authorization: Bearer {random.choice(tokens)}")
    if random.random() < 0.3:
        names.append(f"Cookie: shop_token={random.choice(tokens)}; session={random.choice(SESSIONS)}")
    names.append(
        random.choice(("Accept: text/html", "Accept: */*", "X: y", "Idempotency-Key: a b", "Range: bytes=9-"))
    )
    length = random.choice(
        (str(len(body)),) * 6 + ("-1", "1x", str(len(body) + 5), "99999999999999999999", "+1")
    )
    framing = random.random()
    if framing < 0.75:
        names.append(f"Content-Length: {length}")
    elif framing < 0.9:
        names.append("Transfer-Encoding: chunked")
        body = random.choice(
            (b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body), b"zz\r\n", b"5\r\nab", b"-1\r\n\r\n")
        )
    head = f"{random.choice(METHODS)} {random.choice(PLACES)} HTTP/1.1"
    return "\r\n".join((head, *names, "", "")).encode("latin-1") + body


def answer(shop: Shop, sent: bytes) -> bytes:
    """What is answered to the first request, or nothing where the connection is closed."""
    with socket.create_connection(shop.address, timeout=WAIT) as line:
        try:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            return line.recv(1024).split(b"\r\n")[0]
        except ConnectionError:
            return b""


@pytest.mark.parametrize("server", ["gthread", FLASK])
def test_whatever_is_sent_is_no_fault_of_the_shop(server: str) -> None:
    random = Random(SEED)
    settings = {
        "registrations_per_hour": "100000",
        "outside_timeout_seconds": "0.2",
        "body_timeout_seconds": "1",
    }
    with Shop(server, **settings) as shop:
        tokens = [shop.token(), "made-up", "\xff" * 9, ""]
        for number in range(CASES):
            sent = request(random, tokens)
            said = answer(shop, sent)
            if b" 5" in said[:10]:
                what = f"FUZZ_SEED={SEED}, number {number}: {said!r} to {sent!r}"
                raise AssertionError(f"{what}\n{shop.log()[-5000:]}")
        assert requests.get(f"{shop.url}/healthz", timeout=WAIT).status_code == 200
        picture = {"avatar": ("a.png", pictures.picture("PNG"))}
        mine = {"Authorization": f"Bearer {shop.token()}"}
        stored = requests.post(f"{shop.url}/api/profile/avatar", files=picture, headers=mine, timeout=WAIT)
        assert stored.status_code == 200
        assert "Traceback" not in shop.log()

"""Two gunicorns and two workers share nothing but PostgreSQL, Redis and the folder of pictures, and agree."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests
from served import ADMIN, Payments, payments

from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.stages.servers import PrivateRedis, free_port
from behave_flask.stages.services.stand_ins import HOST, MailServer
from features.support.inputs import pictures
from features.support.shop import local
from features.support.shop.local import Process

WAIT = 30  # seconds
PASSWORD = "a long enough password"
TASK = re.compile(r"Task app\.tasks\.(\w+)\[(\S+)\] succeeded")


@dataclass(frozen=True)
class Several:
    """The processes, with what stands around them."""

    processes: dict[str, Process]
    provider: Payments
    mailbox: RecordingEmailService
    names: Iterator[int]

    @property
    def webs(self) -> list[str]:
        """The addresses of the gunicorns."""
        return [process.url for name, process in self.processes.items() if name.startswith("web")]

    @property
    def workers(self) -> dict[str, Process]:
        """The workers by their names."""
        return {name: process for name, process in self.processes.items() if name.startswith("worker")}

    def done(self) -> dict[str, list[tuple[str, str]]]:
        """The tasks that each worker has done: the name and the id."""
        return {name: TASK.findall(process.printed()) for name, process in self.workers.items()}

    def join(self) -> dict[str, str]:
        """Open an account and return its e-mail and password."""
        who = {"email": f"member{next(self.names)}@example.com", "password": PASSWORD}
        ask("POST", f"{self.webs[0]}/register", json={"name": "Member", **who}).raise_for_status()
        return who


@contextmanager
def several(database_url: str, folder: Path, **changed: str) -> Iterator[Several]:
    """Run the shop twice, on one database, one Redis and one folder of pictures."""
    mailbox = RecordingEmailService()
    mail = MailServer(mailbox)
    with ExitStack() as parts:
        database = OwnDatabase(database_url)
        database.create()
        parts.callback(database.drop)
        redis, provider = parts.enter_context(PrivateRedis()), parts.enter_context(payments())
        mail.serve()
        parts.callback(mail.shut)
        settings = {
            "SHOP_CONFIG": "production",
            "SECRET_KEY": "the same secret in each of them",
            "DATABASE_URL": database.url,
            "BROKER_URL": redis.url,
            "LIMITS_URL": redis.url,
            "AVATAR_FOLDER": str(folder),
            "PAYMENTS_URL": provider.url,
            "PAYMENTS_KEY": "key",
            "WEATHER_KEY": "key",
            "MAIL_SERVER": HOST,
            "MAIL_PORT": str(mail.port),
            "REGISTRATIONS_PER_HOUR": "1000",
            "PASSWORD_TIME_COST": "1",
            "PASSWORD_MEMORY_KIB": "8",
            "OUTSIDE_TIMEOUT_SECONDS": str(WAIT),  # on a busy machine no charge is tried twice
            **changed,
        }
        processes = parts.enter_context(local.running(settings, [free_port(), free_port()], workers=2))
        make_admin({**os.environ, **settings})
        shop = Several(processes, provider, mailbox, count(1))
        wait_for(lambda: all(" ready." in worker.printed() for worker in shop.workers.values()))
        yield shop


def make_admin(settings: dict[str, str]) -> None:
    create = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "app",
        "create-admin",
        ADMIN["email"],
        "--password-stdin",
    ]
    where = settings.get("PYTHONPATH", str(local.PROJECT))
    subprocess.run(create, input=ADMIN["password"], text=True, env=settings, cwd=where, check=True)


@pytest.fixture(scope="module")
def shop(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    with several(postgres_url, tmp_path_factory.mktemp("pictures")) as shop:
        yield shop


def wait_for(fact: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not fact():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def ask(method: str, url: str, token: str = "", **what: Any) -> requests.Response:
    headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **what.pop("headers", {})}
    return requests.request(method, url, headers=headers, timeout=WAIT, **what)


def sign_in(web: str, **who: str) -> requests.Response:
    return ask("POST", f"{web}/api/tokens", json=who or ADMIN)


def token_of(web: str, **who: str) -> str:
    return str(sign_in(web, **who).json()["token"])


def at_once(calls: Sequence[Callable[[], requests.Response]]) -> list[requests.Response]:
    """Make all calls at the same moment."""
    together = Barrier(len(calls))

    def call(it: Callable[[], requests.Response]) -> requests.Response:
        together.wait(WAIT)
        return it()

    with ThreadPoolExecutor(len(calls)) as them:
        return list(them.map(call, calls))


def sell(shop: Several, stock: int) -> int:
    tea = {"name": "Tea", "price_cents": 250, "stock": stock}
    made = ask("POST", f"{shop.webs[0]}/api/products", token_of(shop.webs[0]), json=tea)
    return int(made.json()["id"])


def buy(web: str, token: str, product: int, **headers: str) -> requests.Response:
    order = {"product_id": product, "quantity": 1}
    return ask("POST", f"{web}/api/orders", token, json=order, headers=headers)


def limits_agree(shop: Several) -> None:
    """Five wrong passwords, whoever was told them, and the sixth has to wait at both."""
    who = {**shop.join(), "password": "a wrong password"}
    webs = cycle(shop.webs)
    assert [sign_in(next(webs), **who).status_code for _ in range(5)] == [401] * 5
    assert [sign_in(web, **who).status_code for web in shop.webs] == [429, 429]


def pictures_agree(shop: Several) -> None:
    """A picture that was shown to one is seen at the other, and is gone there when it is taken away."""
    first, second = shop.webs
    token = token_of(first, **shop.join())
    sent = {"avatar": ("me.png", pictures.picture("PNG"), "image/png")}
    where = ask("POST", f"{first}/api/profile/avatar", token, files=sent).json()["avatar_url"]
    assert ask("GET", first + where, token).status_code == 200
    assert ask("GET", second + where, token).status_code == 200
    assert ask("DELETE", f"{second}/api/profile/avatar", token).status_code == 204
    assert ask("GET", first + where, token).status_code == 404


def tokens_agree(shop: Several) -> None:
    """A token is known to both until one of them revokes it."""
    who = shop.join()
    token = token_of(shop.webs[0], **who)
    profiles = [f"{web}/api/profile" for web in shop.webs]
    assert [ask("GET", profile, token).status_code for profile in profiles] == [200, 200]
    assert ask("DELETE", f"{shop.webs[1]}/api/tokens/current", token).status_code == 204
    assert [ask("GET", profile, token).status_code for profile in profiles] == [401, 401]


def stock_agrees(shop: Several) -> None:
    """Twenty buyers of the last five pieces, at both, make five orders and are charged five times."""
    product, charged = sell(shop, stock=5), len(shop.provider.keys)
    webs = [web for web, _ in zip(cycle(shop.webs), range(20), strict=False)]
    buyers = [(web, token_of(web, **shop.join())) for web in webs]
    answers = at_once([lambda web=web, token=token: buy(web, token, product) for web, token in buyers])
    assert Counter(answer.status_code for answer in answers) == {201: 5, 409: 15}
    left = [ask("GET", f"{web}/api/products/{product}").json()["stock"] for web in shop.webs]
    assert left == [0, 0]
    keys = shop.provider.keys[charged:]
    assert len(set(keys)) == len(keys) == 5


def tasks_are_done_once(shop: Several) -> None:
    """Forty people who join at both at once are welcomed once each, and both workers have worked."""
    new = [
        (web, {"name": "New", "email": f"new{number}@example.com", "password": PASSWORD})
        for web, number in zip(cycle(shop.webs), range(40), strict=False)
    ]
    answers = at_once([lambda web=web, who=who: ask("POST", f"{web}/register", json=who) for web, who in new])
    assert {answer.status_code for answer in answers} == {201}
    done = all_done(shop)
    ids = [task for tasks in done.values() for _, task in tasks]
    assert len(set(ids)) == len(ids)
    assert all(len(tasks) > 5 for tasks in done.values()), done
    welcomed = Counter(mail.to for mail in shop.mailbox.sent if mail.subject == "Welcome!")
    assert {welcomed[who["email"]] for _, who in new} == {1}
    assert set(welcomed.values()) == {1}


def all_done(shop: Several) -> dict[str, list[tuple[str, str]]]:
    """Wait until a task is done for each mail that has to go out, and return which worker did which."""
    mails = 40 + next(shop.names) - 1 + len(shop.provider.keys)
    wait_for(lambda: sum(map(len, shop.done().values())) >= mails)
    return shop.done()


CHECKS = [limits_agree, pictures_agree, tokens_agree, stock_agrees, tasks_are_done_once]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_they_agree(shop: Several, check: Callable[[Several], None]) -> None:
    check(shop)


def test_a_page_begun_at_one_is_gone_on_with_at_the_other(shop: Several) -> None:
    first, second = shop.webs
    browser = requests.Session()  # whose cookies are for the host, whatever the port
    form = browser.get(f"{first}/sign-in", timeout=WAIT).text
    forgery = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form)
    assert forgery is not None
    sent = {**shop.join(), "csrf_token": forgery[1]}
    landed = browser.post(f"{second}/sign-in", data=sent, timeout=WAIT)
    assert (landed.status_code, landed.url) == (200, f"{second}/dashboard")
    assert "Hello, Member" in browser.get(f"{first}/dashboard", timeout=WAIT).text


def test_a_connection_that_was_quiet_for_a_while_is_still_good(shop: Several) -> None:
    line = http.client.HTTPConnection(shop.webs[0].removeprefix("http://"), timeout=WAIT)
    with closing(line):
        line.request("GET", "/healthz")
        assert line.getresponse().read()
        time.sleep(4)  # gunicorn's own limit is 2 s, at which it looks once a second
        line.sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n")  # `request` would connect anew
        assert line.sock.recv(15) == b"HTTP/1.1 200 OK"


def test_one_order_sent_to_both_at_once_with_one_key_is_one_order(shop: Several) -> None:
    product, token = sell(shop, stock=5), token_of(shop.webs[0], **shop.join())
    key = {"Idempotency-Key": "sent-to-both"}
    answers = at_once([lambda web=web: buy(web, token, product, **key) for web in shop.webs * 2])
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert ask("GET", f"{shop.webs[1]}/api/products/{product}").json()["stock"] == 4
    mine = ask("GET", f"{shop.webs[1]}/api/orders", token).json()
    assert (mine["total"], mine["data"][0]["status"]) == (1, "paid")


# the checks can fail

TAKE = "    product: Product | None = db.session.scalar(\n        update"
READ = "    left = db.session.scalar(select(Product.stock).where(Product.id == product_id))\n"
PUBLISH = "            celery.tasks[name].delay(*arguments)\n"
PLANTS = {
    "app/api/tokens.py": [("    db.session.delete(current_token())\n", "")],
    "app/services/orders.py": [
        (TAKE, f"{READ}    __import__('time').sleep(0.5)\n{TAKE}"),
        ("values(stock=Product.stock - quantity)", "values(stock=left - quantity)"),
    ],
    "app/tasks.py": [(" if about is not None and getattr(about, sent_at) is None", " if about is not None")],
    "app/services/outbox.py": [(PUBLISH, PUBLISH * 2)],
}
REFUSALS = [
    r"\[401, 401\] == \[429, 429\]",
    "404 == 200",
    r"\[200, 200\] == \[401, 401\]",
    r"201: (?!5\b)\d+",
    r"== \{1\}",
]


def test_what_is_not_shared_or_not_locked_is_seen(
    postgres_url: str, project_copy: Path, tmp_path: Path
) -> None:
    for file, changes in PLANTS.items():
        text = (project_copy / file).read_text()
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (project_copy / file).write_text(text)
    apart = {"LIMITS_URL": "memory://", "PYTHONPATH": str(project_copy)}
    with several(postgres_url, Path("pictures"), **apart) as shop:  # a folder in that of each process
        for check, refusal in zip(CHECKS, REFUSALS, strict=True):
            with pytest.raises(AssertionError, match=refusal):
                check(shop)

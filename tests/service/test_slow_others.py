"""Whoever speaks to a slow server of somebody else keeps nobody else waiting."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from served import Payments, Shop, payments
from test_real_server import WAIT, bearer, buy, join, sell

from behave_flask.databases.postgresql import OwnDatabase


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def shop(request: pytest.FixtureRequest, provider: Payments) -> Iterator[Shop]:
    """The shop, whose provider may be kept from answering."""
    settings = {"payments_url": provider.url, "outside_timeout_seconds": str(WAIT)}
    if request.param == "SQLite":  # where a single row that is locked locks all of them
        with Shop(**settings) as shop:
            yield shop
        return
    database = OwnDatabase(request.getfixturevalue("postgres_url"))
    database.create()
    try:
        with Shop(database_url=database.url, database_timeout_seconds="5", **settings) as shop:
            yield shop
    finally:
        database.drop()


@pytest.fixture
def provider() -> Iterator[Payments]:
    with payments() as provider:
        yield provider


@pytest.mark.parametrize("deed", ["cancel", "refund"])
def test_nothing_is_locked_while_money_is_given_back(shop: Shop, provider: Payments, deed: str) -> None:
    admin, customer = shop.token(), join(shop, 1)
    me = requests.get(f"{shop.url}/api/profile", headers=bearer(customer), timeout=WAIT).json()["id"]
    product = sell(shop, admin, stock=5)
    order = buy(shop, customer, product).json()["id"]
    place = f"{shop.url}/api/orders/{order}/{deed}"
    provider.asked.clear()
    provider.may_go_on.clear()
    with ThreadPoolExecutor(1) as others:
        given = others.submit(requests.post, place, json={}, headers=bearer(admin), timeout=WAIT)
        try:
            assert provider.asked.wait(WAIT)
            # It needs the order's row: PostgreSQL takes the account out of it.
            gone = requests.delete(f"{shop.url}/api/users/{me}", headers=bearer(admin), timeout=WAIT)
            second = requests.post(place, json={}, headers=bearer(admin), timeout=WAIT)
            assert not given.done()
        finally:
            provider.may_go_on.set()
        assert given.result(WAIT).status_code == 200
    assert gone.status_code == 204
    assert second.status_code == 409
    assert second.json()["detail"] == "Somebody changes this order at the moment. Look at it and try again."
    # once in a charge, once given back
    assert len(set(provider.keys)) == len(provider.keys) == 2

"""Calls by httpx are answered by the stubs that answer `requests`, and refused in the same words."""

import asyncio
import gzip
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
import requests

from behave_flask.ledgers.outside_calls import OutsideWorld

WEATHER = "https://weather.example/v1/now"
Ask = Callable[..., httpx.Response]


def by_client(method: str, url: str, **arguments: Any) -> httpx.Response:
    with httpx.Client() as client:
        return client.request(method, url, **arguments)


def by_async_client(method: str, url: str, **arguments: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.request(method, url, **arguments)

    return asyncio.run(ask())


@pytest.fixture(params=[httpx.request, by_client, by_async_client], ids=["function", "Client", "AsyncClient"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Each way in which httpx is used."""
    return request.param


@pytest.fixture
def outside() -> Iterator[OutsideWorld]:
    world = OutsideWorld()
    world.activate()
    yield world
    world.deactivate()


def test_one_stub_answers_requests_and_httpx_in_one_record(outside: OutsideWorld, ask: Ask) -> None:
    stub = outside.stub("POST", WEATHER, name="the weather", json={"temp": 7}, status_code=201)

    first = requests.post(WEATHER, json={"unit": "C"}, timeout=1)
    second = ask("POST", f"{WEATHER}?City=Berlin", json={"unit": "F"}, headers={"X-Key": "k"})

    assert (second.status_code, second.json()) == (first.status_code, first.json()) == (201, {"temp": 7})
    by_requests, by_httpx = outside.calls
    assert (by_httpx.method, by_httpx.url, by_httpx.stub) == ("POST", f"{WEATHER}?City=Berlin", "the weather")
    assert (by_requests.json, by_httpx.json) == ({"unit": "C"}, {"unit": "F"})
    assert by_httpx.headers["X-Key"] == "k"
    assert outside.calls_to(stub) == [by_requests, by_httpx]
    assert outside.findings() == []


def test_an_unknown_call_is_refused_in_the_words_of_requests_with_its_place(
    outside: OutsideWorld, ask: Ask
) -> None:
    with pytest.raises(httpx.ConnectError, match="no step of this scenario arranged it"):
        ask("GET", "https://tracker.example/ping")

    (finding,) = outside.findings()
    assert finding.startswith("the service called GET https://tracker.example/ping, which no step arranged (")
    assert "test_httpx.py:" in finding


def test_a_row_of_answers_and_narrowing_serve_httpx_too(outside: OutsideWorld, ask: Ask) -> None:
    outside.stub(
        "GET",
        WEATHER,
        name="the weather, at the second try",
        request_headers={"X-Key": "k"},
        response_list=[{"status_code": 503}, {"text": "sunny", "headers": {"X-Left": "9"}}],
    )
    assert ask("GET", WEATHER, headers={"X-Key": "k"}).status_code == 503
    assert "asked for 1" in outside.findings()[0]
    answer = ask("GET", WEATHER, headers={"X-Key": "k"})
    assert (answer.text, answer.headers["x-left"]) == ("sunny", "9")
    assert outside.findings() == []


@pytest.mark.parametrize(
    ("arranged", "raised"),
    [
        (requests.ReadTimeout, httpx.ReadTimeout),
        (requests.ConnectTimeout, httpx.ConnectTimeout),
        (requests.ConnectionError, httpx.ConnectError),
        (httpx.ReadError("gone"), httpx.ReadError),
    ],
)
def test_a_call_that_fails_as_arranged_raises_what_httpx_raises(
    outside: OutsideWorld, ask: Ask, arranged: Any, raised: type[Exception]
) -> None:
    stub = outside.stub("GET", WEATHER, name="a weather service that fails", exc=arranged)
    with pytest.raises(raised) as caught:
        ask("GET", WEATHER)
    assert type(caught.value) is raised
    assert len(outside.calls_to(stub)) == 1
    assert outside.findings() == []


def test_a_packed_answer_is_unpacked_once(outside: OutsideWorld, ask: Ask) -> None:
    packed = {"content": gzip.compress(b"sunny"), "headers": {"Content-Encoding": "gzip"}}
    outside.stub("GET", WEATHER, name="the weather", **packed)
    assert ask("GET", WEATHER).text == "sunny"


def test_a_client_that_was_made_before_the_scenario_is_answered_and_follows_redirects() -> None:
    world = OutsideWorld()
    with httpx.Client(follow_redirects=True) as client:
        world.activate()
        world.stub("GET", WEATHER, name="the old place", status_code=301, headers={"Location": "/v2"})
        world.stub("GET", "https://weather.example/v2", name="the new place", text="sunny")
        assert client.get(WEATHER).text == "sunny"
        world.deactivate()
    assert [call.stub for call in world.calls] == ["the old place", "the new place"]


def test_after_the_scenario_httpx_is_as_it_was() -> None:
    before = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
    world = OutsideWorld()
    world.activate()
    assert httpx.HTTPTransport.handle_request is not before[0]
    world.deactivate()
    assert (httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request) == before


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"real")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, int]]:
    """A server of the suite's own, which the service may reach."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as listening:
        Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield "127.0.0.1", listening.server_port
        listening.shutdown()


def test_an_allowed_host_is_really_asked_unless_a_stub_answers(server: tuple[str, int], ask: Ask) -> None:
    url = f"http://{server[0]}:{server[1]}/index"
    world = OutsideWorld(allowed=[server])
    world.activate()
    try:
        assert (requests.get(url, timeout=5).text, ask("GET", url).text) == ("real", "real")
        world.stub("GET", url, name="the index", text="arranged")
        assert (requests.get(url, timeout=5).text, ask("GET", url).text) == ("arranged", "arranged")
        with pytest.raises(httpx.ConnectError):
            ask("GET", "http://127.0.0.1:9/")
    finally:
        world.deactivate()
    (finding,) = world.findings()
    assert "the service called GET http://127.0.0.1:9/" in finding

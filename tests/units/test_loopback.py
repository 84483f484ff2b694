"""The service as a browser of this machine finds it."""

import threading
import urllib.error
import urllib.request
from typing import Any

import pytest

from behave_flask.stages.embedded.loopback import Loopback


def answer(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]


def test_it_answers_at_its_address() -> None:
    loopback = Loopback(answer, threading.RLock())
    with urllib.request.urlopen(f"{loopback.address}/", timeout=30) as response:
        assert response.read() == b"here"
    assert loopback.findings() == []
    loopback.stop()


def test_a_session_held_while_a_page_asks_is_told() -> None:
    turn = threading.RLock()
    loopback = Loopback(answer, turn, patience=0.2)
    with turn, pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{loopback.address}/orders", timeout=30)
    caught.value.close()
    assert "GET /orders was asked by the browser while the test kept a session open" in loopback.findings()[0]
    loopback.stop()


def leave(_environ: Any, _start_response: Any) -> list[bytes]:
    raise SystemExit(0)


def test_a_view_that_exits_is_logged_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    loopback = Loopback(leave, threading.RLock())
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{loopback.address}/", timeout=30)
    caught.value.close()
    loopback.stop()
    assert caught.value.code == 500
    assert "A view raised SystemExit: 0" in caplog.text

"""Requests of every kind against the shop's own OpenAPI document: no 5xx, no answer that it does not declare.

A bounded number here; `make fuzz` sends a few thousand, other ones each time.
"""

from collections.abc import Iterator
from typing import Any

import fuzzing
import pytest
import schemathesis
from flask import Response
from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.stateful import run_state_machine_as_test

from app import create_app
from features.support.shop.stages import ShopStage

API = schemathesis.openapi.from_dict(create_app("testing").spec, config=fuzzing.configuration())
API.app = fuzzing.reach


@pytest.fixture(scope="module")
def stage() -> Iterator[ShopStage]:
    stage = ShopStage()
    stage.start()
    fuzzing.playing.append(stage)
    yield stage
    fuzzing.playing.remove(stage)
    assert stage.stop() == []


@pytest.mark.parametrize("who", fuzzing.WHO)
@API.parametrize()
@fuzzing.SETTINGS
def test_every_answer_is_declared(case: Case, who: str, stage: ShopStage) -> None:
    fuzzing.fuzz(stage, case, who)


def test_what_is_made_can_be_had_and_what_is_deleted_cannot(stage: ShopStage) -> None:
    class OneAfterAnother(API.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.shop = fuzzing.furnished(stage)
            self.world = self.shop.__enter__()

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            fuzzing.sent[case.operation.label] += 1
            return {"headers": dict(self.world.person("an admin").headers)}

        def validate_response(self, response: Any, case: Case, _more: Any = None, **sent: Any) -> None:
            case.validate_response(
                response, headers=sent["headers"], transport_kwargs=sent, recorder=self.recorder
            )

        def teardown(self) -> None:
            self.shop.__exit__(None, None, None)

    run_state_machine_as_test(OneAfterAnother, settings=fuzzing.STATEFUL)


@pytest.mark.parametrize(
    ("answer", "caught"),
    [
        (Response("{}", 500, mimetype="application/problem+json"), "Server error"),
        (Response("{}", 418, mimetype="application/problem+json"), "Undocumented status code"),
        (Response("sunny", 200, mimetype="text/plain"), "Undocumented Content-Type"),
        (Response('{"city": "Berlin"}', 200, mimetype="application/json"), "Response violates schema"),
        (Response("{}", 422, mimetype="application/problem+json"), "Schema-valid request rejected"),
    ],
    ids=["500", "undeclared status", "undeclared type", "undeclared body", "refused though valid"],
)
def test_a_planted_answer_is_caught(
    stage: ShopStage, monkeypatch: pytest.MonkeyPatch, answer: Response, caught: str
) -> None:
    monkeypatch.setitem(stage.app.view_functions, "weather.get_weather", lambda: answer)
    with pytest.raises(FailureGroup) as found:
        fuzzing.fuzz(stage, next_case("/api/weather", query={"city": "Berlin"}), "a user")
    assert caught in str(found.value)


def test_a_crash_that_is_answered_politely_is_caught(
    stage: ShopStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash() -> Any:
        stage.app.logger.error("the weather vane fell down")
        return {"city": "Berlin", "temp": 1, "condition": "windy"}

    monkeypatch.setitem(stage.app.view_functions, "weather.get_weather", crash)
    with pytest.raises(AssertionError, match="the weather vane fell down"):
        fuzzing.fuzz(stage, next_case("/api/weather", query={"city": "Berlin"}), "a user")


def test_an_open_door_is_caught(stage: ShopStage, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = {"id": 1, "name": "x", "avatar_url": None, "created_at": "2026-01-01T00:00:00Z"}
    profile = nobody | {"email": "x@example.com", "role": "user", "is_active": True}
    monkeypatch.setitem(stage.app.view_functions, "profile.get_profile", lambda: profile)
    with pytest.raises(FailureGroup, match=r"(?i)authentication"):
        fuzzing.fuzz(stage, next_case("/api/profile"), "a user")


def next_case(path: str, **parts: Any) -> Case:
    """A valid request, as schemathesis would generate it."""
    from hypothesis import find, settings

    case = find(
        API[path]["GET"].as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
        lambda _: True,
        settings=settings(database=None, derandomize=True),
    )
    for name, value in parts.items():
        setattr(case, name, value)
    return case

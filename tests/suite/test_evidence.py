"""What the shop did stands in the report with the step that did it, without anybody's secrets."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import attempt, feature, success

from features.support.world.factories import PASSWORD

SECRETS = re.compile(rf"Bearer (?!\*\*\*)[\w.~+/-]{{6,}}|{re.escape(PASSWORD)}|\"token\": \"")


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory, copy_project: Callable[[Path], Path], behave: Callable[..., Any]
) -> Path:
    """The results of a run in which most happens: orders, charges, mails, sign-ins, two failures."""
    folder = copy_project(tmp_path_factory.mktemp("evidence") / "project")
    may_not = attempt("it fails", "a user", "may", "delete a user", "DELETE /api/users/{id}")
    ordering = success("it leaves a task", "the customer", "place an order", "POST /api/orders")
    behave(
        folder,
        feature(folder, may_not + ordering.replace("Scenario:", "@fixture.payments\n  Scenario:")),
        "features/notifying/confirming_orders.feature",
        "features/billing/charging.feature",
        "features/accounts/signing_in.feature",
    )
    return folder / "reports/allure-results"


def result(results: Path, name: str) -> dict[str, Any]:
    every = (json.loads(file.read_text()) for file in results.glob("*-result.json"))
    (found,) = [each for each in every if each["name"] == name]
    return found


def shown(results: Path, holder: dict[str, Any]) -> dict[str, str]:
    """What is attached to a step or a scenario, by name."""
    return {each["name"]: (results / each["source"]).read_text() for each in holder.get("attachments", [])}


def test_an_exchange_a_mail_and_a_task_are_with_the_step_in_which_they_happened(results: Path) -> None:
    scenario = result(results, "The confirmation says what was ordered")
    (orders,) = [step for step in scenario["steps"] if "orders" in step["name"] and "When" in step["name"]]
    (works,) = [step for step in scenario["steps"] if "background work" in step["name"]]
    asked = shown(results, orders)
    exchange = asked["Ann: POST /api/orders → 201"]
    assert exchange.startswith("Ann asked, and the service answered:\n> POST /api/orders\n")
    assert "> Authorization: ***" in exchange
    assert asked["a queued task, app.tasks.send_order_confirmation"].startswith(
        "app.tasks.send_order_confirmation("
    )
    (mail,) = [text for name, text in shown(results, works).items() if name.startswith("an e-mail to ")]
    assert "Subject: Order confirmed\n\nHello Ann," in mail


def test_an_outside_call_is_with_the_step_that_caused_it(results: Path) -> None:
    scenario = result(results, "The provider is asked for the whole total")
    (orders,) = [step for step in scenario["steps"] if step["name"].startswith("When Ann orders")]
    (call,) = [text for name, text in shown(results, orders).items() if name.startswith("an outside call")]
    assert call.startswith("POST https://")
    assert "Authorization: ***" in call


def test_a_failure_shows_the_world_and_what_was_printed(results: Path) -> None:
    scenario = result(results, "it fails")
    (failing,) = [step for step in scenario["steps"] if step["status"] == "failed"]
    assert "People: " in shown(results, failing)["the world"]
    assert "To repeat: behave -D seed=" in shown(results, scenario)["what it printed (stdout)"]


def test_what_no_step_verified_shows_the_world_too(results: Path) -> None:
    scenario = result(results, "it leaves a task")
    assert scenario["status"] == "failed"
    message = scenario["statusDetails"]["message"]
    assert "Not verified by any step of this scenario:\n  - a queued task" in message
    assert "People: " in shown(results, scenario)["the world"]


def test_the_stage_with_its_database_and_the_seed_are_told(results: Path) -> None:
    properties = (results / "environment.properties").read_text()
    assert re.search(r"^Stage = embedded, on sqlite \d+\.\d+", properties, re.MULTILINE)
    assert re.search(r"^Seed = \d+$", properties, re.MULTILINE)


def test_no_secret_is_in_any_report(results: Path) -> None:
    written = [*results.glob("*-attachment*"), *results.glob("*.json")]
    assert len(written) > 50
    found = {file.name: match.group() for file in written if (match := SECRETS.search(file.read_text()))}
    assert not found

"""Allure results are never greener than the run: each error is planted, and looked for in the results."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from reported import Reports, plant, play

from behave_flask.model import evidence

PLAIN = """
Feature: plain
  Scenario: one
    Given something
  Scenario: two
    Given something
"""
MANY = """
@blocker
Feature: many
  Background:
    Given something

  @allure.label.owner:anna
  Rule: a rule
    Scenario Outline: <name> is well
      Given a list
        | name   |
        | <name> |

      Examples: people
        | name | age |
        | Anna | 30  |
        | Bert | 40  |

    @allure.issue:7 @minor
    Scenario: in a rule, failing
      Then it fails

  Rule: another
    Scenario: broken
      When it breaks
      Then it fails

    Scenario: with a text
      Given a text
        '''
        a long story
        '''

    Scenario: skipped
      Then it is skipped
      Then it fails

    Scenario: undefined
      Given nobody wrote this

    @out
    Scenario: not selected
      Given something
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, behave: Callable[..., Any]) -> Reports:
    folder = plant(tmp_path_factory.mktemp("many"), many=MANY)
    with (folder / "behave.ini").open("a") as settings:
        settings.write("[behave.userdata]\nallure.issues = https://issues.example/{}\n")
    return play(behave, folder, "--tags=not @out", "specs")


def labels(result: dict[str, Any]) -> dict[str, str]:
    return {label["name"]: label["value"] for label in result["labels"]}


def test_each_status_is_told_in_plain_scenarios_outlines_and_rules(many: Reports) -> None:
    assert many.statuses == {
        "Anna is well -- @1.1 people": "passed",
        "Bert is well -- @1.2 people": "passed",
        "in a rule, failing": "failed",
        "broken": "broken",
        "with a text": "passed",
        "skipped": "skipped",
        "undefined": "broken",
    }
    assert many.code == 1
    assert "cannot be trusted" not in many.output


def test_why_it_is_not_green_is_told_with_the_trace(many: Reports) -> None:
    details = many.result("broken")["statusDetails"]
    assert details["message"] == "RuntimeError: broken as planted"
    assert "planted.py" in details["trace"]
    assert (
        many.result("in a rule, failing")["statusDetails"]["message"] == "AssertionError: failed as planted"
    )
    assert many.result("skipped")["statusDetails"]["message"] == "not ready, as planted"
    assert "no step says “nobody wrote this”" in many.result("undefined")["statusDetails"]["message"]


def test_steps_have_their_own_status_their_table_and_text(many: Reports) -> None:
    steps = many.result("broken")["steps"]
    assert [step["status"] for step in steps] == ["passed", "broken", "skipped"]
    (_, listed) = many.result("Anna is well -- @1.1 people")["steps"]
    assert many.attached(listed) == {"table": "name\nAnna\n"}
    (_, step) = many.result("with a text")["steps"]
    assert many.attached(step) == {"text": "a long story"}


def test_labels_come_from_area_feature_rule_and_tags(many: Reports) -> None:
    found = labels(many.result("in a rule, failing"))
    assert (found["feature"], found["story"]) == ("many", "a rule")
    assert (found["severity"], found["owner"]) == ("minor", "anna")
    assert labels(many.result("broken"))["severity"] == "blocker"


def test_an_issue_is_a_link(many: Reports) -> None:
    (link,) = many.result("in a rule, failing")["links"]
    assert (link["type"], link["url"]) == ("issue", "https://issues.example/7")


def test_parameters_are_the_cells_in_their_order(many: Reports) -> None:
    parameters = many.result("Bert is well -- @1.2 people")["parameters"]
    assert [(each["name"], each["value"]) for each in parameters] == [("name", "Bert"), ("age", "40")]


def test_the_area_is_the_epic(tmp_path: Path, behave: Callable[..., Any]) -> None:
    plant(tmp_path)
    (tmp_path / "specs/lending_books").mkdir()
    (tmp_path / "specs/lending_books/plain.feature").write_text(PLAIN)
    assert labels(play(behave, tmp_path).result("one"))["epic"] == "Lending books"


# Each hook that fails, with what becomes of the two scenarios, and what stands beside them.
HOOKS = {
    "before_all": ("(context)", "broken", None),
    "before_feature": ("(context, feature)", "broken", None),
    "before_rule": ("(context, rule)", "broken", None),
    "before_scenario": ("(context, scenario)", "broken", None),
    "before_tag": ("(context, tag)", "broken", None),
    "after_tag": ("(context, tag)", "passed", "(after_tag of Feature “plain”)"),
    "before_step": ("(context, step)", "broken", None),
    "after_step": ("(context, step)", "broken", None),
    "after_scenario": ("(context, scenario)", "broken", None),
    "after_rule": ("(context, rule)", "passed", "(after_rule of Rule “a rule”)"),
    "after_feature": ("(context, feature)", "passed", "(after_feature of Feature “plain”)"),
    "after_all": ("(context)", "passed", "(after_all)"),
}
RULED = "@slow" + PLAIN.replace("  Scenario: one", "  Rule: a rule\n  Scenario: one")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_fails_is_broken_with_its_trace(
    tmp_path: Path, behave: Callable[..., Any], hook: str
) -> None:
    parameters, status, beside = HOOKS[hook]
    hooks = f"def {hook}{parameters}:\n    raise RuntimeError('hook as planted')\n"
    reports = play(behave, plant(tmp_path, hooks, plain=RULED))
    expected = {"one": status, "two": status} | ({beside: "broken"} if beside else {})
    assert reports.statuses == expected
    culprit = reports.result(beside or "one")["statusDetails"]
    assert "hook as planted" in culprit["message"]
    assert "environment.py" in culprit["trace"]
    assert set(reports.cases) == set(expected)
    assert reports.code == 1
    assert "cannot be trusted" not in reports.output
    assert [line.rpartition("/")[2] for line in reports.again[2:]] == ["plain.feature:4", "plain.feature:6"]


@pytest.mark.parametrize("hook", ["before_feature", "before_all"])
def test_what_never_ran_says_why(tmp_path: Path, behave: Callable[..., Any], hook: str) -> None:
    parameters = HOOKS[hook][0]
    hooks = f"def {hook}{parameters}:\n    raise RuntimeError('hook as planted')\n"
    reports = play(behave, plant(tmp_path, hooks, plain=PLAIN))
    message = reports.result("two")["statusDetails"]["message"]
    assert message == f"Never ran: {hook} failed: RuntimeError: hook as planted"
    assert reports.cases == {"one": "hook_error", "two": "hook_error"}


LAYERS = {
    "before_scenario(context, scenario)": None,
    "before_rule(context, rule)": "(cleanup of Rule “a rule”)",
    "before_feature(context, feature)": "(cleanup of Feature “plain”)",
    "before_all(context)": "(cleanup)",
}


@pytest.mark.parametrize("hook", LAYERS)
def test_a_cleanup_that_fails_is_broken_with_its_trace(
    tmp_path: Path, behave: Callable[..., Any], hook: str
) -> None:
    hooks = (
        "def put_away():\n    raise RuntimeError('cleanup as planted')\n"
        f"def {hook}:\n    context.add_cleanup(put_away)\n"
    )
    reports = play(behave, plant(tmp_path, hooks, plain=RULED))
    beside = LAYERS[hook]
    status = "passed" if beside else "broken"
    assert reports.statuses == {"one": status, "two": status} | ({beside: "broken"} if beside else {})
    culprit = reports.result(beside or "one")["statusDetails"]
    assert "cleanup as planted" in culprit["message"]
    assert "put_away" in culprit["trace"]
    assert set(reports.cases) == set(reports.statuses)
    assert reports.code == 1
    assert "cannot be trusted" not in reports.output


def test_a_failing_step_and_a_failing_cleanup_are_both_told(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    feature = "Feature: plain\n  Scenario: one\n    Given a cleanup that fails\n    Then it fails\n"
    reports = play(behave, plant(tmp_path, plain=feature))
    message = reports.result("one")["statusDetails"]["message"]
    assert "failed as planted" in message
    assert "cleanup as planted" in message
    assert reports.statuses == {"one": "broken"}


def test_what_a_stopped_run_did_not_reach_is_skipped_and_on_the_list(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    first = "Feature: first\n  Scenario: zero\n    Then it fails\n  Scenario: later\n    Given something\n"
    reports = play(behave, plant(tmp_path, a=first, b=PLAIN), "--stop", "specs")
    assert reports.statuses == {"zero": "failed", "later": "skipped", "one": "skipped", "two": "skipped"}
    assert reports.result("two")["statusDetails"]["message"] == "Never ran: the run ended before."
    assert set(reports.cases) == set(reports.statuses)
    assert len(reports.again) == 2 + 4


def test_a_reason_given_in_a_hook_is_told(tmp_path: Path, behave: Callable[..., Any]) -> None:
    hooks = "def before_feature(context, feature):\n    feature.skip('closed today')\n"
    reports = play(behave, plant(tmp_path, hooks, plain=PLAIN))
    assert reports.statuses == {"one": "skipped", "two": "skipped"}
    assert reports.result("one")["statusDetails"]["message"] == "closed today"
    assert reports.cases == {"one": "skipped", "two": "skipped"}


def test_a_dry_run_leaves_the_reports_of_the_last_run(tmp_path: Path, behave: Callable[..., Any]) -> None:
    plant(tmp_path, plain=PLAIN)
    before = play(behave, tmp_path)
    after = play(behave, tmp_path, "--dry-run", "--no-junit", "specs")
    assert after.statuses == before.statuses
    assert after.again == before.again


def test_a_run_shows_nothing_of_the_one_before(tmp_path: Path, behave: Callable[..., Any]) -> None:
    play(behave, plant(tmp_path, plain=PLAIN))
    reports = play(behave, tmp_path, "--name=two", "specs")
    assert reports.statuses == {"two": "passed"}
    assert reports.cases == {"two": "passed"}
    assert not [*tmp_path.rglob(".before")]


@pytest.mark.parametrize("texts", [("long" * 50, "short"), ("short", "long" * 50)])
def test_a_run_writes_all_of_its_own_over_what_the_one_before_wrote(
    tmp_path: Path, behave: Callable[..., Any], texts: tuple[str, str]
) -> None:
    for text in texts:
        shown = f"Feature: texts\n  Scenario: shown\n    Then it shows “{text}”\n"
        reports = play(behave, plant(tmp_path, texts=shown))
        (step,) = reports.result("shown")["steps"]
        assert reports.attached(step) == {"what it shows": text}
        assert step["name"] == f"Then it shows “{text}”"
    assert len([*tmp_path.rglob("*-attachment.*")]) == 1


# The gate


LOSING = """
from behave_flask.reports import allure


class Losing(allure.AllureFormatter):
    def _write(self, scenario, begun):
        if scenario.name != "two":
            super()._write(scenario, begun)


class Flattering(allure.AllureFormatter):
    def _result(self, scenario, *others):
        result = super()._result(scenario, *others)
        result.status = "passed"
        return result
"""


def test_a_result_that_is_lost_fails_the_run(tmp_path: Path, behave: Callable[..., Any]) -> None:
    (tmp_path / "losing.py").write_text(LOSING)
    reports = play(behave, plant(tmp_path, formatter="losing:Losing", plain=PLAIN))
    assert "The reports of this run cannot be trusted:" in reports.output
    assert "  - plain.plain, “two”: behave says passed, Allure says nothing" in reports.output
    assert reports.code == 1
    assert len(reports.again) == 2 + 2


def test_a_result_that_is_greener_than_the_run_fails_it(tmp_path: Path, behave: Callable[..., Any]) -> None:
    (tmp_path / "losing.py").write_text(LOSING)
    feature = PLAIN.replace("Given something", "Then it fails", 1)
    reports = play(behave, plant(tmp_path, formatter="losing:Flattering", plain=feature))
    assert "  - plain.plain, “one”: behave says failed, Allure says passed" in reports.output


def test_a_junit_case_that_is_lost_fails_the_run(tmp_path: Path, behave: Callable[..., Any]) -> None:
    hooks = """
from behave_flask.reports.junit import TruthfulJUnit

write = TruthfulJUnit._write
def lossy(self, suite, name):
    suite.remove(suite.find("testcase[@name='two']"))
    write(self, suite, name)
TruthfulJUnit._write = lossy
"""
    reports = play(behave, plant(tmp_path, hooks, plain=PLAIN))
    assert "  - plain.plain, “two”: behave says passed, JUnit says nothing" in reports.output
    assert reports.code == 1


def test_features_of_one_name_in_several_folders_are_all_in_junit(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    plant(tmp_path)
    for name in ("a", "b"):
        (tmp_path / "specs" / name).mkdir()
        (tmp_path / "specs" / name / "same.feature").write_text(PLAIN.replace("plain", name))
    reports = play(behave, tmp_path, "specs/a", "specs/b")
    assert len(list((tmp_path / "reports/junit").iterdir())) == 2
    assert reports.code == 0


# Histories

TABLE = """
Feature: people
  Rule: people are well
    Scenario Outline: somebody is well
      Given something

      Examples: {caption}
        | name | age |
        {rows}
"""
ANNA, BERT, CARL = "| Anna | 30 |", "| Bert | 40 |", "| Carl | 50 |"


def histories(reports: Reports) -> dict[str, tuple[str, str]]:
    return {r["parameters"][0]["value"]: (r["historyId"], r["testCaseId"]) for r in reports.results}


def table(*rows: str, caption: str = "people") -> str:
    return TABLE.format(caption=caption, rows="\n        ".join(rows))


def test_a_row_inserted_moved_or_captioned_anew_leaves_the_histories_as_they_were(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    before = histories(play(behave, plant(tmp_path, people=table(ANNA, BERT))))
    after = histories(play(behave, plant(tmp_path, people=table(CARL, BERT, ANNA, caption="others"))))
    assert len(set(after.values())) == 3
    assert {name: after[name] for name in before} == before


def test_two_rows_of_one_history_fail_the_run(tmp_path: Path, behave: Callable[..., Any]) -> None:
    reports = play(behave, plant(tmp_path, people=table(ANNA, BERT, ANNA)))
    assert (
        "specs/people.feature:9 and specs/people.feature:11 have the same feature, rule, title"
        in reports.output
    )
    assert reports.code == 1


def test_cells_that_read_the_same_when_run_together_are_told_apart(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    reports = play(behave, plant(tmp_path, people=table("| An | na30 |", "| Anna | 30 |")))
    assert len(set(histories(reports).values())) == 2


# What is attached


SHOWING = """
Feature: showing
  Scenario: passes
    Given something
    Then it shows “Authorization: Bearer abcdef123456”
    And it shows “GET /a?token=abc123&x=1 {"password": "hunter2", "password_hint": "dog"}”
  Scenario: fails
    Then it shows “why”
    Then it fails
"""


@pytest.mark.parametrize("mode", ["all", "failed"])
def test_what_steps_show_is_attached_to_them_masked_unless_it_is_not_wanted(
    tmp_path: Path, behave: Callable[..., Any], mode: str
) -> None:
    reports = play(behave, plant(tmp_path, showing=SHOWING), f"-Dattachments={mode}", "specs")
    (_, bearer, query) = reports.result("passes")["steps"]
    (why, _) = reports.result("fails")["steps"]
    assert reports.attached(why) == {"what it shows": "why"}
    if mode == "failed":
        assert reports.attached(bearer) == reports.attached(query) == {}
        assert len(list((tmp_path / "reports/allure-results").glob("*-attachment*"))) == 1
    else:
        assert reports.attached(bearer) == {"what it shows": "Authorization: ***"}
        shown = reports.attached(query)["what it shows"]
        assert shown == 'GET /a?token=***&x=1 {"password": ***, "password_hint": "dog"}'


def test_what_a_failed_scenario_printed_and_logged_is_attached(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    hooks = """
import logging


def after_step(context, step):
    print("printed by the hook")
    logging.getLogger("shop").warning("logged with token=abc123")
"""
    feature = "Feature: plain\n  Scenario: one\n    Then it fails\n"
    reports = play(behave, plant(tmp_path, hooks, plain=feature))
    found = reports.attached(reports.result("one"))
    assert "printed by the hook" in found["what it printed (stdout)"]
    assert "logged with token=***" in found["the log"]


def test_no_attachment_is_endless(tmp_path: Path, behave: Callable[..., Any]) -> None:
    hooks = """
from behave_flask.model import evidence


def after_step(context, step):
    evidence.attach("long", "x" * 50_000)
    for number in range(50):
        evidence.attach(f"number {number}", "y")
"""
    reports = play(behave, plant(tmp_path, hooks, plain=PLAIN))
    found = reports.attached(reports.result("one")["steps"][0])
    assert len(found["long"]) <= 20_000
    assert found["long"].startswith("x" * 10_000)
    assert "\n… (50000 characters, of which the middle is left out) …\nxxx" in found["long"]
    assert found["and more"] == "21 more, which are not shown."
    assert len(found) == 31


def test_what_a_report_asked_for_in_one_run_is_not_kept_in_the_next() -> None:
    evidence.begin_run()
    evidence.listen()
    evidence.begin_run()
    step = SimpleNamespace()
    evidence.turn_to(step)
    evidence.attach("a picture", "drawn")
    assert evidence.of(step) == []
    evidence.listen()
    evidence.attach("a picture", "drawn")
    assert [each.name for each in evidence.of(step)] == ["a picture"]


# The run's surroundings


def test_the_run_tells_where_it_was_made(tmp_path: Path, behave: Callable[..., Any]) -> None:
    github = {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_SHA": "abc123",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "us/shop",
        "GITHUB_RUN_ID": "77",
        "GITHUB_RUN_NUMBER": "5",
        "GITHUB_WORKFLOW": "acceptance",
    }
    play(behave, plant(tmp_path, plain=PLAIN), **github)
    results = tmp_path / "reports/allure-results"
    assert "Commit = abc123" in (results / "environment.properties").read_text()
    assert (
        '"buildUrl": "https://github.example/us/shop/actions/runs/77"'
        in (results / "executor.json").read_text()
    )
    play(behave, tmp_path)
    assert not (results / "executor.json").exists()

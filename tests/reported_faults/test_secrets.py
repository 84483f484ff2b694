"""No report and no console shows a secret, whoever said it; a suite adds the names of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Play = Callable[..., Any]
SECRET = "s3cr3t-v4lue-0123"
STEPS = f'''
from behave import given, then

from behave_flask.core import text

text.add_secret_fields("door_code")
SAID = """{{"access_token": "{SECRET}", "refresh_token": "{SECRET}", "kept": 1}}
Authorization: Bearer {SECRET}
GET https://ann:{SECRET}@example.com/?csrf_token={SECRET}&kept=1
door_code={SECRET}"""


@given("a till that talks")
def step_till(context):
    print(SAID)


@then("it {{fails}}")
def step_fails(context, fails):
    if fails == "fails":
        raise AssertionError(SAID)
    if fails == "breaks":
        raise ValueError(SAID)
    context.add_cleanup(_clean_up)


def _clean_up():
    raise ValueError(SAID)
'''


def test_no_report_shows_a_secret(library: Path, play: Play) -> None:
    (library / "features/case").mkdir()
    scenarios = "".join(
        f"  Scenario: It {does}\n    Given a till that talks\n    Then it {does}\n\n"
        for does in ("fails", "breaks", "cleans up badly")
    )
    (library / "features/case/a.feature").write_text(f"Feature: Talking\n\n{scenarios}")
    (library / "features/steps/talking_steps.py").write_text(STEPS)
    played = play(library, "-f", "plain", "-o", "reports/plain.txt", "features/case")

    assert played.code == 1
    assert len(played.verdicts) == 3
    assert SECRET not in played.output
    assert '"access_token": ***' in played.output
    for file in played.reports.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
    assert "ann:***@example.com" in played.junit["It fails"].text
    assert "ann:***@example.com" in played.page

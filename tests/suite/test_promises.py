"""The owner's page is never greener than the run; it says what broke, what was left out and what changed."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from planting import append, replace

PROJECT = Path(__file__).resolve().parents[2]
HOOKS = """
import os

from behave_flask.runner.suite import Suite


class GardenStage:
    unsupported_tags = {}

    def start(self):
        if "no stage" in os.environ.get("PLANTED", ""):
            raise OSError("no garden")
        return "garden, in the sun"

    def begin_scenario(self): pass

    def end_scenario(self): return ["a weed"] if "a weed" in self.planted else []

    def unverified(self): return []

    def stop(self): return ["rows left over in weeds: 3"] if "rows" in os.environ.get("PLANTED", "") else []


def before_all(context):
    context.suite = Suite(context.config, {"embedded": GardenStage})
    context.suite.start()
    if "last cleanup" in os.environ.get("PLANTED", ""):
        context.add_cleanup(lambda: 1 / 0)
    if "nobody knows" in os.environ.get("PLANTED", ""):
        context._runner.hook_failures += 1


def before_feature(context, feature):
    context.suite.begin_feature(feature)
    if "frost" in feature.name:
        raise RuntimeError("the gate is frozen")


def before_rule(context, rule):
    if "hail" in rule.name:
        raise RuntimeError("the roof leaks")


def before_scenario(context, scenario):
    context.suite.stage.planted = scenario.name
    context.suite.begin_scenario(scenario)
    if "before" in scenario.name:
        raise LookupError("no spade")
    if "clean-up" in scenario.name:
        context.add_cleanup(lambda: {}["the rake"])
    if "skipped" in scenario.name:
        scenario.skip("it is winter")


def after_step(context, step):
    if step.status.has_failed():
        print(context.suite.explain(context.scenario))


def after_scenario(context, scenario):
    context.suite.end_scenario(scenario)


def after_feature(context, feature):
    context.suite.end_feature(feature)


def after_all(context):
    context.suite.stop()
"""
STEPS = """
from behave import given, then


@given("a garden")
def step_garden(context): pass


@then("the {flower} is {colour}")
def step_colour(context, flower, colour):
    assert colour != "blue", "Expected: red\\nGot: blue\\n> GET /flowers <b>\\n< 200"


@then("it breaks")
def step_break(context): raise KeyError("no such bed")
"""
GROWING = """
Feature: Growing flowers
  Whoever waits sees them.

  Rule: Flowers have colours

    Scenario Outline: the <flower> is <colour>
      Given a garden
      Then the <flower> is <colour>

      Examples: in spring
        | flower | colour |
        | tulip  | red    |
        | rose   | white  |

    Scenario: the lily is white
      Then the lily is white
"""


@dataclass(frozen=True)
class Page:
    """What a run left: its exit code, its page, and the state that the page gives each example, by title."""

    code: int
    output: str
    text: str
    states: dict[str, str]
    ids: dict[str, str]

    def seen(self, title: str) -> str:
        """The page's words on an example that is no row, and on its faults."""
        part = self.text.split(f'id="{self.ids[title]}"')[1].split('class="case')[0].split("</section>")[0]
        return " ".join(unescape(re.sub("<[^>]+>", " ", part)).split())


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """A project with a stage that does nothing, and two features."""
    folder = tmp_path / "garden"
    (folder / "specification/steps").mkdir(parents=True)
    (folder / "features").symlink_to(PROJECT / "features")
    (folder / "specification/environment.py").write_text(HOOKS)
    (folder / "specification/steps/garden_steps.py").write_text(STEPS)
    (folder / "behave.ini").write_text(
        "[behave]\npaths = specification\nrunner = tests.unchecked:Unchecked\n"
        "show_skipped = false\n"
        "scenario_outline_annotation_schema = {name}\n"
    )
    feature(folder, "flowers/growing", GROWING)
    feature(
        folder, "trees/felling", "Feature: Felling\n  Scenario: the oak is brown\n    Then the oak is brown\n"
    )
    return folder


@pytest.fixture
def play(garden: Path, behave: Callable[..., Any]) -> Callable[..., Page]:
    """Run the garden's features, and read the page that the run left."""

    def run(*arguments: str, **environment: str) -> Page:
        done = behave(garden, *arguments, f"--junit-directory={garden / 'reports/junit'}", **environment)
        file = garden / "reports/promises.html"
        text = file.read_text() if file.exists() else ""
        memory = garden / "reports/promises.json"
        left = json.loads(memory.read_text())["examples"] if text else {}
        ids = {seen["title"].partition(": ")[2]: name for name, seen in left.items()}
        found = dict(re.findall(r'class="[^"]*\bleaf[^"]*" id="(e[\w-]+)" data-state="(\w+)"', text))
        return Page(done.code, done.output, text, {title: found[name] for title, name in ids.items()}, ids)

    return run


def feature(folder: Path, name: str, text: str) -> None:
    """Write a feature."""
    path = folder / f"specification/{name}.feature"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def summary(page: Page) -> str:
    """The words at the top of the page."""
    part = page.text.split('<div class="verdict')[1].split("</header>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", part)).split())


def changes(page: Page) -> str:
    """The page's words on what has changed."""
    part = page.text.split("<h2>What has changed</h2>")[1].split("<h2>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", part)).split())


def test_a_run_that_passed_says_so_with_its_time_and_stage(play: Callable[..., Page]) -> None:
    page = play("-D", "seed=7")
    assert page.code == 0, page.output
    assert page.states == dict.fromkeys(
        ["the tulip is red", "the rose is white", "the lily is white", "the oak is brown"], "ok"
    )
    assert "All 2 promises hold. " in summary(page)
    assert "Of 4 examples 4 hold, 0 are broken, 0 were not checked" in summary(page)
    assert re.search(
        r"Checked \d\d \w+ \d{4}, \d\d:\d\d, on the stage garden, in the sun. Seed 7\.", page.text
    )
    assert "<caption>in spring</caption>" in page.text
    assert "<td>tulip</td><td>red</td>" in page.text
    assert "There was no last whole run to compare with." in changes(page)
    assert "What is promised, and what of it holds: " in page.output


FAULTS = {
    "the tulip is blue": (
        "    Scenario: the tulip is blue\n      Then the tulip is blue\n",
        "Where Then the tulip is blue Expected red What came blue",
    ),
    "the bed is gone": (
        "    Scenario: the bed is gone\n      Then it breaks\n",
        "Where Then it breaks What is wrong KeyError: 'no such bed'",
    ),
    "words unknown": (
        "    Scenario: words unknown\n      Then the gnome smiles\n",
        "Where Then the gnome smiles What is wrong",
    ),
    "before it": (
        "    Scenario: before it\n      Given a garden\n",
        "Where Before the first step What is wrong LookupError: no spade",
    ),
    "a weed": (
        "    Scenario: a weed\n      Given a garden\n",
        "Where After the last step What is wrong Not verified by any step of this scenario: - a weed",
    ),
    "a clean-up": (
        "    Scenario: a clean-up\n      Given a garden\n",
        "Where Cleaning up by <lambda> What is wrong KeyError: 'the rake'",
    ),
}


def test_whatever_breaks_an_example_is_shown_broken_with_its_reason(
    garden: Path, play: Callable[..., Page]
) -> None:
    for scenario, _ in FAULTS.values():
        append(garden, "specification/flowers/growing.feature", f"\n{scenario}")
    page = play()
    assert page.code != 0
    for title, (_, words) in FAULTS.items():
        assert page.states[title] == "bad", page.states
        assert words in page.seen(title)
    assert "1 of 2 promises is broken." in summary(page)
    assert f"{len(FAULTS)} are broken" in summary(page)
    assert page.states["the lily is white"] == "ok"


def test_a_broken_row_opens_to_what_came_and_html_stays_text(garden: Path, play: Callable[..., Page]) -> None:
    replace(garden, "specification/flowers/growing.feature", "| rose   | white  |", "| <i>x   | blue  |")
    page = play()
    assert page.states["the <i>x is blue"] == "bad"
    row = page.text.split(f'id="{page.ids["the <i>x is blue"]}"')[1]
    assert '<tr class="why">' in row[:500]
    assert "&gt; GET /flowers &lt;b&gt;" in row
    assert "To repeat: behave -D seed=" in row
    assert "<i>" not in page.text


@pytest.mark.parametrize(
    ("title", "why"),
    [("skipped now", "skipped: it is winter"), ("nothing said", "it has no steps")],
)
def test_what_was_not_tried_is_not_green(
    garden: Path, play: Callable[..., Page], title: str, why: str
) -> None:
    steps = "" if title == "nothing said" else "      Given a garden\n"
    append(garden, "specification/flowers/growing.feature", f"\n    Scenario: {title}\n{steps}")
    page = play()
    assert page.states[title] == "none"
    assert f"not checked {why}" in page.seen(title)
    assert "All 2 promises" not in summary(page)


def test_a_promise_without_an_example_does_not_hold(garden: Path, play: Callable[..., Page]) -> None:
    append(garden, "specification/flowers/growing.feature", "\n  Rule: Bees are welcome\n")
    page = play()
    assert page.code == 0, page.output
    assert "What was checked holds: 2 of 3 promises." in summary(page)
    assert "no examples" in page.text.split("Bees are welcome")[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "Growing flowers",
            "Growing in frost",
            "Before the feature What is wrong RuntimeError: the gate is frozen",
        ),
        (
            "Flowers have",
            "After hail flowers have",
            "Before the rule What is wrong RuntimeError: the roof leaks",
        ),
    ],
)
def test_what_fails_before_examples_breaks_them_all_and_is_told(
    garden: Path, play: Callable[..., Page], old: str, new: str, words: str
) -> None:
    replace(garden, "specification/flowers/growing.feature", old, new)
    page = play()
    assert {page.states[title] for title in page.ids if "oak" not in title} == {"bad"}
    assert page.states["the oak is brown"] == "ok"
    assert words in page.seen("the lily is white")
    around = page.text.split('<div class="around leaf" data-state="bad">')[1].split("</section>")[0]
    assert words in " ".join(unescape(re.sub("<[^>]+>", " ", around)).split())
    assert '<div class="verdict bad">' in page.text
    assert "hold." not in summary(page).split("A promise is")[0]


def test_what_is_left_over_after_the_run_is_told(play: Callable[..., Page]) -> None:
    page = play(PLANTED="rows")
    assert page.code != 0
    assert "Not verified by any step of this run: - rows left over in weeds: 3" in summary(page)
    assert "All 2 promises" not in summary(page)


def test_a_failure_that_no_example_shows_is_told(play: Callable[..., Page]) -> None:
    page = play(PLANTED="nobody knows")
    assert page.code != 0
    assert "The run failed, and none of the promises below says why" in summary(page)
    assert "All 2 promises" not in summary(page)


def test_a_cleanup_that_fails_after_all_is_told(play: Callable[..., Page]) -> None:
    page = play(PLANTED="last cleanup")
    assert page.code != 0
    words = "Where Cleaning up by <lambda> What is wrong ZeroDivisionError: division by zero"
    assert words in summary(page)
    assert "All 2 promises" not in summary(page)


@pytest.mark.parametrize(
    "part",
    [
        ["specification/flowers/growing.feature:17"],
        ["-n", "lily"],
        ["specification/flowers/growing.feature", "-n", "lily"],
    ],
)
def test_a_part_of_the_suite_leaves_the_rest_unchecked_whatever_it_was(
    play: Callable[..., Page], part: list[str]
) -> None:
    assert set(play().states.values()) == {"ok"}
    page = play(*part)
    assert page.states == {
        "the tulip is red": "none",
        "the rose is white": "none",
        "the lily is white": "ok",
        "the oak is brown": "none",
    }
    assert (
        len(re.findall(r">held on \d\d \w+ \d{4}, \d\d:\d\d</a> <small>not in this run</small>", page.text))
        == 3
    )
    assert "What was checked holds." in summary(page)
    assert "Of 4 examples 1 holds, 0 are broken, 3 were not checked." in summary(page)
    assert "So seen, 2 of 2 promises hold, 0 are broken, and 0 were never checked" in summary(page)


def test_what_was_broken_stays_broken_while_no_run_looks_at_it(
    garden: Path, play: Callable[..., Page]
) -> None:
    replace(garden, "specification/steps/garden_steps.py", 'colour != "blue"', 'colour != "brown"')
    assert play().states["the oak is brown"] == "bad"
    for _ in range(2):
        page = play("specification/flowers")
        assert page.code == 0
        assert page.states["the oak is brown"] == "none"
        assert "was broken on" in page.seen("the oak is brown")
        assert "So seen, 1 of 2 promises holds, 1 is broken, and 0 were never checked" in summary(page)
        broken = page.text.split("<h2>Broken when last checked, and not in this run</h2>")[1].split("</ul>")[
            0
        ]
        assert "Felling: the oak is brown" in broken
        assert "Nothing has changed since the whole run of" in changes(page)


def test_a_run_of_a_part_is_compared_with_the_last_whole_run(garden: Path, play: Callable[..., Page]) -> None:
    play()
    file = "specification/steps/garden_steps.py"
    replace(garden, file, 'colour != "blue"', 'flower != "tulip"')
    assert "1 broke Growing flowers: the tulip is red" in changes(play("specification/flowers"))
    assert "1 broke Growing flowers: the tulip is red" in changes(play("specification/flowers"))
    replace(garden, file, 'flower != "tulip"', 'colour != "blue"')
    assert "Nothing has changed since the whole run of" in changes(play("specification/flowers"))


def test_a_run_that_ended_early_says_what_it_did_not_reach(garden: Path, play: Callable[..., Page]) -> None:
    replace(garden, "specification/flowers/growing.feature", "| tulip  | red    |", "| tulip  | blue   |")
    page = play("--stop")
    assert page.states["the tulip is blue"] == "bad"
    assert page.states["the oak is brown"] == page.states["the lily is white"] == "none"
    assert "Never ran: the run ended before." in page.text


def test_a_feature_outside_the_run_that_cannot_be_read_is_told(
    garden: Path, play: Callable[..., Page]
) -> None:
    feature(garden, "trees/planting", "Feature: Planting\n  Scenario: x\n    Given a garden\n    Nonsense\n")
    page = play("specification/flowers")
    assert page.code == 0, page.output
    assert "The feature trees/planting.feature cannot be read" in summary(page)


def test_a_dry_run_writes_nothing(garden: Path, play: Callable[..., Page]) -> None:
    play("--dry-run")
    assert not (garden / "reports/promises.html").exists()


def test_a_run_that_cannot_begin_leaves_no_page_of_an_earlier_one(
    garden: Path, play: Callable[..., Page]
) -> None:
    assert play().code == 0
    assert play(PLANTED="no stage").code != 0
    assert not (garden / "reports/promises.html").exists()


def test_what_has_changed_since_the_last_run_is_told(garden: Path, play: Callable[..., Page]) -> None:
    growing = "specification/flowers/growing.feature"
    replace(garden, "specification/steps/garden_steps.py", 'colour != "blue"', 'colour != "brown"')
    play()
    replace(garden, "specification/steps/garden_steps.py", 'colour != "brown"', 'flower != "tulip"')
    replace(
        garden,
        growing,
        "    Scenario: the lily is white\n      Then the lily",
        "    Scenario: grass is green\n      Then the lily",
    )
    page = play()
    assert re.search(
        r"Since the whole run of .*, on the stage garden, in the sun:"
        r" 1 broke Growing flowers: the tulip is red"
        r" 1 holds again Felling: the oak is brown"
        r" 1 new Growing flowers: grass is green 1 gone Growing flowers: the lily is white",
        changes(page),
    ), changes(page)
    assert "Nothing has changed since the whole run of" in changes(play())


def test_a_change_is_told_though_a_part_was_run_in_between(garden: Path, play: Callable[..., Page]) -> None:
    play()
    play("specification/trees")
    replace(garden, "specification/steps/garden_steps.py", 'colour != "blue"', 'flower != "tulip"')
    assert "1 broke Growing flowers: the tulip is red" in changes(play())


def test_there_is_nothing_to_compare_with_before_the_first_whole_run(play: Callable[..., Page]) -> None:
    play("specification/trees")
    assert "There was no last whole run to compare with." in changes(play())


HEAD = '{"format": %s, "since": "1 May, on the stage embedded", "examples": {\n'


@pytest.mark.parametrize(
    "left",
    [
        "",
        "{",
        "[]",
        '{"format": 3}',
        '{"format": 3, "examples": {',
        f"{HEAD % 2}}}}}",
        f'{HEAD % 3}"e0": {{"title": "ho',
        f'{HEAD % 3}"e0": {{"name": "a"}}}}}}',
        f'{HEAD % 3}"e0": ["holds", "a"]}}}}',
    ],
)
def test_a_last_run_that_cannot_be_read_is_none(garden: Path, play: Callable[..., Page], left: str) -> None:
    (garden / "reports").mkdir()
    (garden / "reports/promises.json").write_text(left)
    assert "There was no last whole run to compare with." in changes(play())


def test_ids_stay_when_rows_move_and_captions_change(garden: Path, play: Callable[..., Page]) -> None:
    growing = "specification/flowers/growing.feature"
    before = play().ids
    replace(garden, growing, "        | tulip  | red    |\n", "")
    replace(garden, growing, "in spring", "in summer")
    append(garden, growing, "")
    replace(
        garden,
        growing,
        "| rose   | white  |\n",
        "| iris   | violet |\n        | rose   | white  |\n        | tulip  | red    |\n",
    )
    after = play().ids
    assert before.items() < after.items()
    assert "1 new" in (garden / "reports/promises.html").read_text()


def test_equal_rows_do_not_share_an_id(garden: Path, play: Callable[..., Page]) -> None:
    replace(
        garden,
        "specification/flowers/growing.feature",
        "| rose   | white  |\n",
        "| rose   | white  |\n        | rose   | white  |\n",
    )
    page = play()
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert page.text.count("<td>rose</td>") == 2


def test_what_is_known_to_fail_is_broken_here_though_the_run_is_green(
    garden: Path, play: Callable[..., Page]
) -> None:
    known = """
    @xfail @allure.issue:https://example.com/issues/12
    Scenario: the iris is blue
      Expected to fail: nobody has bred one.
      Then the iris is blue
"""
    append(garden, "specification/flowers/growing.feature", known)
    replace(
        garden, "behave.ini", "tests.unchecked:Unchecked", "behave_flask:Runner"
    )  # who knows what is expected
    page = play()
    assert page.states["the iris is blue"] == "bad"
    assert "Known, and expected to fail" in page.seen("the iris is blue")
    assert "nobody has bred one. https://example.com/issues/12" in page.seen("the iris is blue")

"""The suite's own score, on a till of a few lines: what is killed, what survives, what is played again."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from cosmic_ray.mutating import mutate_code

from behave_flask.mutation.code import making
from behave_flask.mutation.code.operators import Provider

PROJECT = Path(__file__).resolve().parents[2]
TILL = '''"""A till."""


def total(prices: list[int]) -> int:
    return sum(prices) + 0


def change(paid: int, due: int) -> int:
    return paid - due


def receipt(cents: int) -> str:
    return "never printed"
'''
STEPS = """
from behave import then, when

from till import money

@when("{paid:d} is paid for {due:d}")
def step_pay(context, paid, due):
    context.change = money.change(paid, due)

@when("{first:d} and {second:d} are added")
def step_add(context, first, second):
    context.total = money.total([first, second])

@then("there is a number")
def step_number(context):
    assert isinstance(context.total, int)

@then("{cents:d} is given back")
def step_change(context, cents):
    assert context.change == cents
"""
FEATURE = """
Feature: till
  Scenario: change
    When 5 is paid for 3
    Then 2 is given back
  Scenario: a total
    When 1 and 2 are added
    Then there is a number
"""
SETTINGS = '[tool.mutants]\npackage = "till"\nequivalents = "equivalents.toml"\n'
ENTRY = """
[[equivalent]]
file = "till/money.py"
from = "return sum(prices) + 0"
to = "{to}"
reason = "{reason}"
"""


@pytest.fixture
def till(tmp_path: Path) -> Path:
    for file, text in {
        "till/__init__.py": "",
        "till/money.py": TILL,
        "features/steps/till_steps.py": STEPS,
        "features/till.feature": FEATURE,
        "pyproject.toml": SETTINGS,
        ".gitignore": "reports/\n__pycache__/\n",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    return tmp_path


def score(folder: Path, *arguments: str) -> tuple[int, str]:
    """Play the mutants of a folder, and return the exit code and what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "behave_flask", "mutants", "code", "--processes", "2", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def git(folder: Path, *arguments: str) -> None:
    who: Sequence[str] = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_mutant_is_killed_or_survives_or_is_not_played_because_nothing_runs_it(till: Path) -> None:
    code, output = score(till)
    listed = output[output.index("\n\n") :]  # the list, after what was said meanwhile
    assert code == 0, output
    for number in ("1", "-1"):
        diff = f"-    return sum(prices) + 0\n+    return sum(prices) + {number}\n"
        assert f"survived: till/money.py:5 NumberReplacer\n{diff}" in re.sub(" +(-?[01])\n", r" \1\n", listed)
    assert "survived: till/money.py:5 ReplaceBinaryOperator_Add_Sub\n" in listed
    assert 'not covered: till/money.py:13 StringReplacer\n-    return "never printed"\n' in listed
    assert "till/money.py:9" not in listed
    assert "Score: 20.0 % of 5 mutants killed: 1 killed (0 of them kept" in listed
    assert "3 survived, 1 not covered; 0 equivalents not counted." in listed


def test_the_service_may_be_one_module(till: Path) -> None:
    (till / "pyproject.toml").write_text(SETTINGS.replace('"till"', '"till/money.py"'))
    _, output = score(till)
    assert "Score: 20.0 % of 5 mutants killed" in output, output


FEES = """RATE = 2
IDLE = 3


def fee(cents: int) -> int:
    fixed = 5
    unused = 7
    return cents * RATE + fixed + unused * 0
"""
LOOKS = """
from behave import then

from till import fees

@then("there is a fee of {cents:d}")
def step_fee(context, cents):
    assert cents in (0, fees.fee(10))
"""


def test_mutants_that_few_notice_are_played_together_and_told_apart(till: Path) -> None:
    (till / "till/fees.py").write_text(FEES)
    (till / "features/steps/fee_steps.py").write_text(LOOKS)
    blind = "\n".join(f"  Scenario: {n}\n    Then there is a fee of 0" for n in range(25))
    (till / "features/a.feature").write_text(f"Feature: blind\n{blind}\n")
    (till / "features/z.feature").write_text(
        "Feature: seeing\n  Scenario: a fee\n    Then there is a fee of 25\n"
    )
    code, output = score(till, "till/fees.py")
    listed = output[output.index("\n\n") :]
    assert code == 0, output
    survived = re.findall(r"survived: till/fees.py:(\d+) (\w+)", listed)
    assert {line for line, _ in survived} == {"2", "7", "8"}, output
    assert [operator for line, operator in survived if line == "8"] == ["ReplaceBinaryOperator_Add_Sub"]
    assert "not covered" not in listed.partition("Score")[0]


def test_nothing_is_changed_on_disk(till: Path) -> None:
    score(till)
    assert (till / "till/money.py").read_text() == TILL


def test_equivalents_are_not_played_and_not_counted(till: Path) -> None:
    (till / "equivalents.toml").write_text(ENTRY.format(to="return sum(prices) - 0", reason="Zero is zero."))
    code, output = score(till)
    assert code == 0, output
    assert "ReplaceBinaryOperator_Add_Sub" not in output
    assert "Score: 25.0 % of 4 mutants" in output
    assert "1 equivalents not counted" in output


@pytest.mark.parametrize(
    ("entry", "complaint", "expected"),
    [
        (
            ENTRY.format(to="return sum(prices) * 0", reason="Long gone."),
            "take the entry out: till/money.py",
            1,
        ),
        (ENTRY.format(to="return sum(prices) - 0", reason=" "), "entry 1 has no `reason`", 2),
        (
            ENTRY.replace("money", "nowhere").format(to="x", reason="Moved."),
            "take the entry out: till/nowhere",
            1,
        ),
    ],
    ids=["idle", "without a reason", "of no file"],
)
def test_an_entry_that_says_nothing_is_red(till: Path, entry: str, complaint: str, expected: int) -> None:
    (till / "equivalents.toml").write_text(entry)
    code, output = score(till)
    assert (code, complaint in output) == (expected, True), output


def test_a_second_run_plays_nothing_again_until_something_has_changed(till: Path) -> None:
    first, again = score(till)[1], score(till)[1]
    assert "of which 0 are known" in first
    assert "mutants, of which" not in again
    assert re.findall("Score.*", first) == re.findall("Score.*", again)
    steps = till / "features/steps/till_steps.py"
    steps.write_text(steps.read_text().replace("isinstance(context.total, int)", "context.total == 3"))
    code, stronger = score(till)
    assert "5 mutants, of which 1 are known from before." in stronger  # the killed one
    assert "Score: 60.0 % of 5 mutants" in stronger
    assert code == 0


def test_since_takes_the_changed_lines_only(till: Path) -> None:
    git(till, "init", "-q", "-b", "main")
    git(till, "add", ".")
    git(till, "commit", "-q", "-m", "A till")
    assert "Score: 100.0 % of 0 mutants" in score(till, "--since", "main")[1]
    money = till / "till/money.py"
    money.write_text(TILL.replace("paid - due", "paid - due - 0"))
    (till / "till/new.py").write_text("RATE = 7\n")
    output = score(till, "--since", "main")[1]
    assert "money.py:5" not in output
    assert "Score: 50.0 % of 6 mutants" in output, output  # two of each 0, - and -; those of 7 run nowhere


OTHER_STAGE = {
    "features/environment.py": """
def before_scenario(context, scenario):
    context.on_disk = context.config.userdata.get("stage") == "disk"
    if "disk" in scenario.tags and not context.on_disk:
        scenario.skip()
""",
    "features/steps/disk_steps.py": """
import subprocess
import sys

from behave import then

@then("a till of its own adds them up to {cents:d}")
def step_printed(context, cents):
    if context.on_disk:
        assert elsewhere("total([1, 2])") == str(cents)

@then("a till of its own prints a receipt")
def step_receipt(context):
    assert elsewhere("receipt(3)") == "never printed"

def elsewhere(call):
    line = f"from till.money import receipt, total; print({call})"
    return subprocess.check_output([sys.executable, "-c", line], text=True).strip()
""",
    "features/disk.feature": """
Feature: a till of its own
  Scenario: a total anywhere
    Then a till of its own adds them up to 3
  @disk
  Scenario: a receipt on disk
    Then a till of its own prints a receipt
""",
}


def test_a_survivor_is_played_on_another_stage_whose_processes_read_the_code_from_disk(till: Path) -> None:
    for file, text in OTHER_STAGE.items():
        (till / file).write_text(text)
    assert "Score: 20.0 % of 5 mutants killed: 1 killed (0 of them kept" in score(till)[1]
    code, output = score(till, "--stage", "disk")
    assert code == 0, output
    assert "Playing the suite once on the stage disk" in output
    listed = output[output.index("\n\n") :]
    assert re.findall(r"survived: till/money.py:(\d+) (\w+)", listed) == [
        ("5", "ReplaceBinaryOperator_Add_Sub")
    ]
    killed = "4 killed (0 of them kept the service from starting, 3 on another"
    assert f"80.0 % of 5 mutants killed: {killed}" in listed
    again = score(till, "--stage", "disk")[1]
    assert "mutants, of which" not in again
    assert re.findall("Score.*", listed) == re.findall("Score.*", again)
    assert (till / "till/money.py").read_text() == TILL


def test_a_suite_that_is_red_on_the_other_stage_alone_gives_no_score(till: Path) -> None:
    for file, text in OTHER_STAGE.items():
        (till / file).write_text(text.replace("up to 3", "up to 4"))
    code, output = score(till, "--stage", "disk")
    assert code == 2
    assert "The suite is red without any mutant on the stage disk:\n  features/disk.feature:3" in output


WATCHED = """import shop


def order(**wanted):
    try:
        shop.charge(**{**shop.DEFAULTS, **wanted})
    except (shop.Declined, ValueError):
        return 2**3
    except shop.Closed:
        while piece := shop.read():
            print(piece)
"""


def test_every_mutant_is_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("watched.py").write_text(WATCHED)
    mutants = list(making.find(["watched.py"]))
    for each in mutants:
        compile(each.source, each.id, "exec")
    caught = [each.changed("+") for each in mutants if "Exception" in each.operator]
    assert caught == [
        "except (StopAsyncIteration, ValueError):",
        "except (shop.Declined, StopAsyncIteration):",
        "except StopAsyncIteration:",
    ]
    assert [each.changed("+") for each in mutants if "Pow" in each.operator] == ["return 2*3"]


@pytest.mark.parametrize("operator", list(Provider()))
def test_an_operator_changes_what_its_examples_show(operator: str) -> None:
    made = Provider()[operator]
    for example in made.examples():
        changed = mutate_code(example.pre_mutation_code, made(), example.occurrence)
        assert changed == example.post_mutation_code


WANTED = """from collections.abc import Callable

(x, y) = 1, (2)
KNOWN: dict[str, Callable[[int, str], None]] = {"a": print, "b": print}
SQUARES = [n * n for n in range(9) if n]


def listed(wanted, text: str, names=("name", "text")):
    try:
        if text and wanted or [*names, "id"]:
            wanted = wanted.where(text, x < y).order_by(wanted.id)
    except (KeyError, ValueError):
        return list(filter(None, names))
    return wanted
"""


def test_what_is_left_out_is_an_operand_an_element_or_what_a_query_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wanted.py").write_text(WANTED)
    kinds = ("OperandRemover", "ElementRemover", "QueryClauseRemover")
    mutants = [each for each in making.find(["wanted.py"]) if each.operator.endswith(kinds)]
    for each in mutants:
        compile(each.source, each.id, "exec")
    assert {each.changed("+") for each in mutants} == {
        'if [*names, "id"]:',
        "if text and wanted:",
        'if wanted or [*names, "id"]:',
        'if text or [*names, "id"]:',
        'def listed(wanted, text: str, names=("name",)):',
        'def listed(wanted, text: str, names=( "text",)):',
        "if text and wanted or [*names]:",
        'if text and wanted or [ "id"]:',
        "wanted = wanted.where(text).order_by(wanted.id)",
        "wanted = wanted.where( x < y).order_by(wanted.id)",
        "wanted = wanted.where(text, x < y)",
    }


def test_a_sample_is_drawn_by_its_seed(till: Path) -> None:
    output = score(till, "--sample", "2", "--seed", "5")[1]
    assert "A sample: 2 drawn with seed 5." in output
    assert "% of 2 mutants" in output


def test_the_score_may_not_fall(till: Path) -> None:
    (till / "pyproject.toml").write_text(SETTINGS + "at_least = 95\n")
    code, output = score(till)
    assert (code, "Below the 95 % that [tool.mutants] asks for." in output) == (1, True)


def test_a_mutant_that_does_not_come_back_is_ended(till: Path) -> None:
    money = till / "till/money.py"
    money.write_text(
        TILL.replace(
            "    return paid - due",
            "    while due > 0:\n        due -= 1\n        paid -= 1\n    return paid",
        )
    )
    code, output = score(till, "till/money.py")
    assert code == 0, output
    assert "survived: till/money.py:10" not in output  # due -= 1 left out: it counts for ever


def test_a_suite_that_is_red_by_itself_gives_no_score(till: Path) -> None:
    feature = till / "features/till.feature"
    feature.write_text(FEATURE.replace("2 is given back", "3 is given back"))
    code, output = score(till)
    assert code == 2
    assert "The suite is red without any mutant" in output
    assert "features/till.feature:3" in output


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["till/nowhere.py"], "No such file is mutated: till/nowhere.py"),
        (["--since", "nowhere"], "git diff"),
    ],
)
def test_what_there_is_not_is_refused(till: Path, arguments: list[str], complaint: str) -> None:
    code, output = score(till, *arguments)
    assert (code, complaint in output) == (2, True), output

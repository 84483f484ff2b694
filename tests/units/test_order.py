"""Any order: a seed shuffles everything and repeats exactly; scenarios that depend on others are found."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from features_of_their_own import write

from behave_flask.runner.bisecting import narrowed
from behave_flask.runner.order import shuffle

PROJECT = Path(__file__).resolve().parent.parent.parent

STEPS = """
from behave import given, then

KEPT = set()


@given("{what} is kept")
def step_kept(context, what):
    KEPT.add(what)


@then("{what} is there")
def step_there(context, what):
    assert what in KEPT, f"There is no {what}."


@then("{what} is not there")
def step_not_there(context, what):
    assert what not in KEPT, f"There is {what}."


@then("all is well")
def step_well(context):
    pass
"""
HOOKS = """
def before_feature(context, feature):
    print(f"{feature.name} begins")


def after_feature(context, feature):
    print(f"{feature.name} ends")


def before_rule(context, rule):
    print(f"{rule.name} begins")


def after_rule(context, rule):
    print(f"{rule.name} ends")


def before_scenario(context, scenario):
    print(scenario.name)


for hook in (before_feature, after_feature, before_rule, after_rule, before_scenario):
    hook.capture = False
"""


def feature(name: str) -> str:
    """A feature with scenarios, an outline and rules."""

    def some(indent: str, names: str) -> str:
        lines = [f"{indent}Scenario: {name}{each}\n{indent}  Then all is well\n" for each in names]
        return "".join(lines)

    rows = "".join(f"      | {each} |\n" for each in "uvwxyz")
    return (
        f"Feature: {name}\n{some('  ', 'abc')}  Scenario Outline: {name}<row>\n    Then all is well\n"
        f"    Examples: rows\n      | row |\n{rows}"
        f"  Rule: {name}1\n{some('    ', 'def')}  Rule: {name}2\n{some('    ', 'ghi')}"
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("order")
    project = write(folder, STEPS, **{name: feature(name) for name in "KLMN"})
    (project / "specification/environment.py").write_text(HOOKS)
    return project


def ran(run: Any) -> list[str]:
    """What the hooks said."""
    names = [*"KLMN", *(f"{one}{two}" for one in "KLMN" for two in "abcdefghiuvwxyz12")]
    printed = {line for name in names for line in (name, f"{name} begins", f"{name} ends")}
    return [line for line in run.output.splitlines() if line in printed]


def random(behave: Callable[..., Any], shop: Path, seed: int, *arguments: str) -> list[str]:
    options = ("-D", "order=random", "-D", f"seed={seed}", "--format=null")
    return ran(behave(shop, *options, *arguments))


def test_a_seed_shuffles_everything_and_repeats_exactly(shop: Path, behave: Callable[..., Any]) -> None:
    written = ran(behave(shop, "--format=null"))
    first, second = random(behave, shop, 1), random(behave, shop, 2)
    assert random(behave, shop, 1) == first
    assert sorted(first) == sorted(second) == sorted(written)

    def only(printed: Sequence[str], names: Sequence[str]) -> list[str]:
        return [line for line in printed if line in names]

    levels = {
        "features": [f"{name} begins" for name in "KLMN"],
        "scenarios": [f"K{each}" for each in "abc"] + ["Ku", "K1 begins"],
        "scenarios of a rule": [f"L{each}" for each in "def"] + [f"M{each}" for each in "def"],
        "rows": [f"K{each}" for each in "uvwxyz"],
    }
    for level, names in levels.items():
        orders = {tuple(only(printed, names)) for printed in (written, first, second)}
        assert len(orders) == 3, level


def test_hooks_of_features_and_rules_stay_around_what_is_theirs(
    shop: Path, behave: Callable[..., Any]
) -> None:
    open_now: list[str] = []
    for line in random(behave, shop, 3):
        name, _, what = line.partition(" ")
        if what == "begins":
            open_now.append(name)
        elif what == "ends":
            assert open_now.pop() == name
        else:
            assert open_now[0] == name[0]
            assert len(open_now) == (2 if name[1] in "defghi" else 1)
    assert open_now == []


def test_a_part_has_the_order_that_it_has_in_the_whole(shop: Path, behave: Callable[..., Any]) -> None:
    part = random(
        behave, shop, 4, "specification/K.feature", "specification/M.feature:2", "specification/L.feature:12"
    )
    assert part == [line for line in random(behave, shop, 4) if line in part]
    assert len(part) > 20


def test_the_seed_is_printed_with_the_way_to_repeat_it(tmp_path: Path, behave: Callable[..., Any]) -> None:
    project = write(tmp_path, STEPS, a="Feature: A\n  Scenario: a\n    Then bread is there\n")
    run = behave(project, "-D", "order=random", "specification")
    (line,) = [line for line in run.output.splitlines() if line.startswith("In the same order:")]
    seed = line.rpartition("seed=")[2]
    assert seed.isdigit()
    assert run.output.splitlines()[-1] == f"Does it depend on another scenario? behave-flask bisect {seed}"
    assert f"-D seed={seed}" in behave(project, "-D", "order=random", "-D", f"seed={seed}").output
    assert "In the same order" not in behave(project).output


@pytest.mark.parametrize(
    ("option", "printed"),
    [
        ("order=shuffled", "-D order= does not know 'shuffled'; it knows defined, random."),
        ("seed=x", "-D seed= takes a whole number, not 'x'."),
    ],
)
def test_an_order_that_there_is_not_ends_the_run(
    shop: Path, behave: Callable[..., Any], option: str, printed: str
) -> None:
    run = behave(shop, "-D", option)
    assert (run.code, run.output.splitlines()[1:]) == (1, [f"ConfigError: {printed}"])


def test_an_order_belongs_to_places_below_the_base_folder_and_not_to_this_machine(tmp_path: Path) -> None:
    from behave.parser import parse_file

    orders = []
    for machine in ("one", "another/deeper"):
        project = write(tmp_path / machine, STEPS, K=feature("K"), L=feature("L"))
        features = [parse_file(str(project / f"specification/{name}.feature")) for name in "KL"]
        shuffle(features, "5", str(project / "specification"))
        orders.append([scenario.name for each in features for scenario in each.walk_scenarios()])
    assert orders[0] == orders[1]


# ---- dependencies

OTHERS = "".join(f"  Scenario: a{number}\n    Then all is well\n" for number in range(12))
SPOILS = "  Scenario: spoils\n    Given bread is kept\n    Then all is well\n"
SPOILED = "  Scenario: is spoiled\n    Then bread is not there\n"
HELPED = "  Scenario: is helped\n    Then bread is there\n"
HOPELESS = "  Scenario: is hopeless\n    Then salt is there\n"


def bisect(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "behave_flask", "bisect", *arguments],
        cwd=project,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def seed_with(behave: Callable[..., Any], project: Path, passes: dict[str, bool]) -> str:
    """A seed in whose order these scenarios pass or fail as said."""
    for seed in map(str, range(20)):
        run = behave(project, "-D", "order=random", "-D", f"seed={seed}")
        if all((run.status(name) == "passed") == wanted for name, wanted in passes.items()):
            return seed
    raise AssertionError("no such order")


def test_a_scenario_that_another_spoils_is_narrowed_to_the_pair(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    texts = {"a": OTHERS + SPOILS, "b": OTHERS.replace(": a", ": b") + SPOILED}
    project = write(tmp_path, STEPS, **{name: f"Feature: {name}\n{text}" for name, text in texts.items()})
    seed = seed_with(behave, project, {"is spoiled": False})
    done = bisect(project, seed)
    assert done.returncode == 0, done.stdout + done.stderr
    pair = "specification/a.feature:26 specification/b.feature:26"
    first, *rest = done.stdout.splitlines()
    assert first.startswith("specification/b.feature:26 “is spoiled” fails as number ")
    assert rest == [
        "It passes alone, and fails after",
        "  specification/a.feature:26 “spoils”",
        f"To see it: behave -D order=random -D seed={seed} {pair}",
    ]
    shown = behave(project, *rest[-1].partition("behave ")[2].split())
    assert [case.status for case in shown.cases] == ["passed", "failed"]


def test_a_scenario_that_needs_another_is_narrowed_to_the_pair(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    project = write(tmp_path, STEPS, a=f"Feature: a\n{OTHERS}{SPOILS}", b=f"Feature: b\n{HELPED}{HOPELESS}")
    assert behave(project).status("is helped") == "passed"
    seed = seed_with(behave, project, {"is helped": False})
    done = bisect(project, seed, "specification/b.feature:2")
    pair = "specification/a.feature:26 specification/b.feature:2"
    assert done.stdout.splitlines()[1:] == [
        "It fails alone, and passes after",
        "  specification/a.feature:26 “spoils”",
        f"To see it: behave -D order=defined -D seed={seed} {pair}",
    ]
    hopeless = bisect(project, seed, "specification/b.feature:4")
    assert hopeless.returncode == 1
    assert "It fails alone, and after what goes before it: it depends on no other" in hopeless.stdout
    nothing = bisect(project, seed, "specification/a.feature:2")
    assert (nothing.returncode, nothing.stdout) == (
        2,
        f"specification/a.feature:2 does not fail in the order of seed {seed}: there is nothing to narrow.\n",
    )


def test_a_run_that_came_to_nothing_is_no_narrowing(tmp_path: Path) -> None:
    project = write(tmp_path, STEPS, a="Feature: a\n  Scenario: empty\n")
    done = bisect(project, "1")
    assert done.returncode == 2
    assert "specification/a.feature:2: the scenario has no step" in done.stderr


@pytest.mark.parametrize("wanted", [{"3"}, {"3", "88"}, {"0", "50", "99"}, {"7", "8", "9", "10"}])
def test_what_counts_is_found_among_many_with_few_tries(wanted: set[str]) -> None:
    tries = 0

    def still(some: Sequence[str]) -> bool:
        nonlocal tries
        tries += 1
        return wanted <= set(some)

    assert set(narrowed([str(number) for number in range(100)], still)) == wanted
    assert tries <= 8 * len(wanted) + 1


def test_a_run_of_a_part_is_bisected_by_what_it_prints(tmp_path: Path, behave: Callable[..., Any]) -> None:
    texts = {
        "a": OTHERS + SPOILS,
        "b": OTHERS.replace(": a", ": b") + SPOILED,
        "c": "  Scenario: spoils, too\n    Given bread is kept\n    Then all is well\n",
    }
    project = write(tmp_path, STEPS, **{name: f"Feature: {name}\n{text}" for name, text in texts.items()})
    part = ["specification/a.feature", "specification/b.feature", "--tags=not @wip"]
    for seed in map(str, range(20)):
        run = behave(project, "-D", "order=random", "-D", f"seed={seed}", *part, "-D", "stage=embedded")
        if run.status("is spoiled") != "passed":
            break
    printed = run.output.splitlines()[-1]
    chosen = f"{seed} '--tags=not @wip' -D stage=embedded specification/a.feature specification/b.feature"
    assert printed == f"Does it depend on another scenario? behave-flask bisect {chosen}"
    done = bisect(project, *shlex.split(printed.partition("bisect ")[2]))
    assert done.returncode == 0, done.stdout + done.stderr
    pair = "specification/a.feature:26 specification/b.feature:26"
    first, *rest = done.stdout.splitlines()
    assert first.endswith("of 26.")
    assert rest[1:] == [
        "  specification/a.feature:26 “spoils”",
        f"To see it: behave -D order=random -D seed={seed} '--tags=not @wip' -D stage=embedded {pair}",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x"], "-D seed= takes a whole number, not 'x'."),
        (["1", "-j", "2"], "-j cannot be given here: each try is played in one process, to its end."),
        (["1", "--stop"], "--stop cannot be given here: each try is played in one process, to its end."),
        (["1", "--dry-run"], "--dry-run cannot be given here: "),
        (
            ["1", "-D", "seed=3"],
            "-D seed= cannot be given here: each try has an order of its own.",
        ),
        (["1", "-D", "shard=1/2"], "-D shard= cannot be given here: "),
        (["1", "specification/nowhere.feature"], "There is no specification/nowhere.feature."),
        (["1", "specification/nowhere.feature:3"], "There is no specification/nowhere.feature."),
        (
            ["1", "specification/a.feature:3"],
            "No scenario and no row begins at specification/a.feature:3. Nearest are lines 2.",
        ),
        (["1", "--tgas=x"], "--tgas"),
    ],
)
def test_what_cannot_be_bisected_is_refused_before_anything_runs(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    steps = f"open('ran.txt', 'w').write('it ran')\n{STEPS}"
    project = write(tmp_path, steps, a="Feature: a\n  Scenario: a\n    Then bread is there\n")
    done = bisect(project, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (project / "ran.txt").exists()


def test_what_flips_is_named_with_its_seeds(
    tmp_path: Path, behave: Callable[..., Any], command: Callable[..., Any]
) -> None:
    texts = {"a": OTHERS + SPOILS, "b": OTHERS.replace(": a", ": b") + SPOILED + HOPELESS}
    project = write(tmp_path, STEPS, **{name: f"Feature: {name}\n{text}" for name, text in texts.items()})
    seeds = [str(seed) for seed in range(6)]
    fails = {
        seed: behave(project, "-D", "order=random", "-D", f"seed={seed}").status("is spoiled") != "passed"
        for seed in seeds
    }
    failing, passing = ([seed for seed in seeds if fails[seed] == wanted] for wanted in (True, False))
    assert failing, "no order in which it fails"
    assert passing, "no order in which it passes"
    place = "specification/b.feature:26"
    done = command(project, "repeat", "6", "--seed", "0", "--tags=not @wip")
    assert done.returncode == 1
    assert done.stdout.splitlines()[6:] == [
        f"{place} “is spoiled” flips: it fails in {len(failing)} of 6 orders.",
        f"  It fails with seed {', '.join(failing)}, and passes with {', '.join(passing)}.",
        f"  To see it: behave -D order=random -D seed={failing[0]} '--tags=not @wip'",
        f"  Does it depend on another scenario? behave-flask bisect {failing[0]} '--tags=not @wip' {place}",
        "specification/b.feature:28 “is hopeless” fails each time.",
    ]


def test_what_does_not_flip_is_green(tmp_path: Path, command: Callable[..., Any]) -> None:
    project = write(tmp_path, STEPS, a=f"Feature: a\n{OTHERS}{SPOILS}")
    done = command(project, "repeat", "2", "specification/a.feature")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "Nothing flips in 2 orders, and nothing fails."
    assert command(project, "repeat", "2", "-j", "2").returncode == 2

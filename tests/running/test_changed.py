"""`behave -D changed` plays what a change touches, and everything where that cannot be known."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from behave_flask.runner.changed import code_parts
from behave_flask.runner.changed.code_parts import OUTSIDE

FILES = {
    "behave.ini": "[behave]\nrunner = behave_flask:Runner\nscenario_outline_annotation_schema = {name}\n"
    "junit_directory = reports/junit\n",
    ".gitignore": "reports\n__pycache__\n",
    "README.md": "A shop.\n",
    "shop/__init__.py": "",
    "shop/prices.py": '''"""What things cost."""

RATE = 2


def total(pieces):
    """Return what so many cost."""
    return pieces * price()


def price():
    return RATE


class Till:
    def __init__(self):
        self.sum = 0

    def add(self, pieces):
        self.sum += total(pieces)


def closing_time():
    return 18


def name():
    # What the shop is called.
    return "The corner"
''',
    "shop/page.html": "<h1>{{ name }}</h1>\n",
    "shop/pages.py": """from jinja2 import Environment, FileSystemLoader

templates = Environment(loader=FileSystemLoader("shop"))


def page(name):
    return templates.get_template("page.html").render(name=name)
""",
    "features/shopping.feature": """Feature: Shopping

  Scenario Outline: <pieces> cost <total>
    When somebody buys <pieces>
    Then it costs <total>

    Examples: prices
      | pieces | total |
      | 1      | 2     |
      | 3      | 6     |
""",
    "features/telling.feature": """Feature: Telling

  Scenario: the name
    When somebody asks for the name
    Then it is told

  Scenario: the page
    When somebody looks at the page
    Then it is told
""",
    "features/__snapshots__/telling.ambr": "the corner\n",
    "features/environment.py": """from shop.prices import closing_time


def before_feature(context, feature):
    if feature.name == "Telling":
        closing_time()
""",
    "features/steps/prices.py": """from behave import then, when
from shop.prices import Till


@when("somebody buys {pieces:d}")
def buy(context, pieces):
    context.till = Till()
    context.till.add(pieces)


@then("it costs {total:d}")
def costs(context, total):
    assert context.till.sum == total
""",
    "features/steps/names.py": """from behave import then, when
from shop.pages import page
from shop.prices import name


@when("somebody asks for {what}")
def ask(context, what):
    context.said = name()


@when("somebody looks at the page")
def look(context):
    context.said = page("The corner")


@then("it is told")
def told(context):
    assert "corner" in context.said
""",
}
ALL = ["1 cost 2", "3 cost 6", "the name", "the page"]
BUYING, TELLING = ALL[:2], ALL[2:]


class Shop:
    """A project of its own under git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path, text in FILES.items():
            self.write(path, text)
        self.git("init", "-q")
        self.commit()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def change(self, path: str, before: str, after: str) -> None:
        text = (self.folder / path).read_text()
        assert before in text
        self.write(path, text.replace(before, after))

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "as it is")

    def behave(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "behave", "-f", "plain", "--no-color", "--junit", *options]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def played(self, *options: str) -> list[str]:
        """Return the titles of what is played under -D changed, in order; nothing fails."""
        done = self.behave("-D", "changed", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return re.findall(r"^ +Scenario(?: Outline)?: (.*?) *$", done.stdout, re.MULTILINE)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def known(shop: Shop) -> Shop:
    """One of which it is known what each scenario runs."""
    assert shop.played() == ALL
    return shop


def test_the_first_run_plays_everything_and_the_next_nothing(shop: Shop) -> None:
    first = shop.behave("-D", "changed")
    assert "Everything is played: it is not known yet what each scenario runs." in first.stdout
    second = shop.behave("-D", "changed")
    assert second.returncode == 0
    assert (
        "0 of 4 scenarios are touched by what has changed since HEAD, or since each passed last."
        in second.stdout
    )


@pytest.mark.parametrize(
    ("path", "before", "after", "touched"),
    [
        pytest.param("shop/prices.py", "pieces * price()", "price() * pieces", BUYING, id="a function"),
        pytest.param("shop/prices.py", "self.sum += total", "self.sum += 0 + total", BUYING, id="a method"),
        pytest.param("shop/prices.py", '"The corner"', '"the corner"', ["the name"], id="another function"),
        pytest.param("shop/prices.py", "RATE = 2", "RATE = 1 + 1", ALL, id="what runs at the import"),
        pytest.param("shop/prices.py", "def add(self, pieces", "def add(self, pieces=1", ALL, id="a default"),
        pytest.param(
            "shop/prices.py", "total(pieces):", "total(pieces, more=0):", BUYING, id="a default of a function"
        ),
        pytest.param("shop/prices.py", "What things cost", "Prices", [], id="the docstring of a module"),
        pytest.param("shop/prices.py", "return 18", "return 19", ALL, id="what runs around features"),
        pytest.param("features/__snapshots__/telling.ambr", "the", "a", TELLING, id="a snapshot"),
        pytest.param(
            "features/telling.feature",
            "told\n\n",
            "told\n      | a |\n      | b |\n\n",
            ["the name"],
            id="a table",
        ),
        pytest.param("shop/page.html", "h1", "h2", ["the page"], id="a template"),
        pytest.param("features/steps/names.py", '"corner" in', '"he corner" in', TELLING, id="a step"),
        pytest.param(
            "features/telling.feature", "the page\n    When", "a page\n    When", ["a page"], id="a title"
        ),
        pytest.param(
            "features/telling.feature",
            "  Scenario: the page",
            "  @new\n  Scenario: the page",
            ["the page"],
            id="a tag",
        ),
        pytest.param("features/shopping.feature", "| 3      | 6 ", "| 4      | 8 ", ["4 cost 8"], id="a row"),
        pytest.param(
            "features/shopping.feature", "Feature: Shopping\n", "Feature: Shopping\n\n", [], id="a line"
        ),
        pytest.param("shop/prices.py", "# What", "# How", [], id="a comment"),
        pytest.param("shop/prices.py", "so many cost", "they cost", [], id="a docstring"),
        pytest.param(
            "shop/prices.py",
            "def name():",
            "def other():\n    return 1\n\n\ndef name():",
            [],
            id="a function more",
        ),
        pytest.param(
            "shop/prices.py",
            "def name():",
            "def len(it):\n    return 1\n\n\ndef name():",
            ALL,
            id="a name of Python's",
        ),
        pytest.param(
            "shop/pages.py",
            "def page(",
            "def Environment():\n    return 1\n\n\ndef page(",
            ALL,
            id="an imported name",
        ),
        pytest.param(
            "features/environment.py",
            "def before_feature",
            "def after_scenario(context, scenario):\n    closing_time()\n\n\ndef before_feature",
            ALL,
            id="a hook more",
        ),
        pytest.param("behave.ini", "[behave]", "[behave]\nshow_timings = no", ALL, id="the configuration"),
        pytest.param("README.md", "shop", "corner shop", [], id="a page of text"),
    ],
)
def test_a_change_touches(known: Shop, path: str, before: str, after: str, touched: list[str]) -> None:
    known.change(path, before, after)
    assert known.played() == touched
    known.commit()
    assert known.played() == []
    # What is committed and has passed is asked for by the commit before.
    assert known.played("-D", "changed=HEAD~1") == touched


def test_what_failed_is_played_again_until_it_passes(known: Shop) -> None:
    known.change("shop/prices.py", "return RATE", "return RATE + 1")
    for _ in range(2):
        assert known.behave("-D", "changed").returncode == 1
    known.commit()
    assert known.behave("-D", "changed").returncode == 1
    known.change("shop/prices.py", "return RATE + 1", "return 2")
    assert known.played() == BUYING
    assert known.played("-D", "changed=HEAD~1") == BUYING


def test_a_step_that_takes_the_sentence_of_another_touches_what_says_it(known: Shop) -> None:
    step = "@when('somebody {does:w} for the name')\ndef do(context, does):\n    context.said = 'corner'\n"
    known.write("features/steps/before_names.py", f"from behave import when\n\n\n{step}")
    assert known.played() == ["the name"]
    known.commit()
    assert known.played() == []


def test_what_was_committed_and_never_played_is_played(known: Shop) -> None:
    known.change("features/shopping.feature", "| 3      | 6 ", "| 4      | 8 ")
    known.change("shop/page.html", "h1", "h2")
    known.change("features/telling.feature", "Scenario: the name", "@new\n  Scenario: the name")
    known.commit()
    assert known.played() == ["4 cost 8", *TELLING]
    known.change("features/__snapshots__/telling.ambr", "the", "a")
    known.commit()
    assert known.played() == TELLING


def test_a_change_that_another_scenario_reaches_only_now_is_seen(known: Shop) -> None:
    """What a scenario runs is what it ran when it passed last; a caller that changed is played by itself."""
    known.change("shop/prices.py", "return pieces * price()", "return pieces * price() if name() else 0")
    assert known.played() == BUYING
    known.change("shop/prices.py", '"The corner"', '"A corner"')
    assert known.played() == [*BUYING, "the name"]


def test_a_part_is_played_by_tag_and_place_as_ever(known: Shop) -> None:
    known.change("shop/prices.py", "pieces * price()", "price() * pieces")
    assert known.played("features/telling.feature") == []
    assert known.played("features/shopping.feature:9") == ["1 cost 2"]
    known.commit()
    assert known.played() == ["3 cost 6"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-D", "changed=nowhere"], "git diff"),
        (["-D", "changed", "-j", "2"], "leave -j and -D shard= out"),
        (["-D", "changed", "-D", "shard=1/2"], "leave -j and -D shard= out"),
        (["-D", "changed", "-D", "furnish=once"], "leave -D furnish= out"),
        (["-D", "changed", "-D", "stage=services"], "leave -D stage= out"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(known: Shop, options: list[str], said: str) -> None:
    done = known.behave(*options)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert "scenarios passed" not in done.stdout


def test_without_git_it_is_refused(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    (shop.folder / ".git").rename(tmp_path_factory.mktemp("away") / "git")
    done = shop.behave("-D", "changed")
    assert done.returncode != 0
    assert (
        "-D changed asks git what has changed. git ls-files: fatal: not a git repository"
        in done.stdout + done.stderr
    )


def test_what_is_known_is_of_use_though_it_is_damaged(known: Shop) -> None:
    (known.folder / "reports/reach.json").write_text('{"parts": 3}')
    assert known.played() == ALL


def test_a_function_more_may_be_any_name_that_is_imported_by_a_star() -> None:
    before, more = "from shop.prices import *\n", "def total():\n    return 1\n"
    outside = [code_parts.parts_of(text.encode()).digests[OUTSIDE] for text in (before, before + more)]
    assert outside[0] != outside[1]

"""The pages of the documentation are played from the wheel, as they stand, each in an empty folder."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from played_page import Block, Player, as_shown, blocks, change, commands, installed

from behave_flask.databases.postgresql import OwnDatabase

CHECK = Path(sys.executable).with_name("check-jsonschema")
PAGES = Path(__file__).resolve().parents[2] / "docs"
TUTORIAL = PAGES / "tutorial.md"
BEGINS = '\n$ pip install "behave-flask'
PLAYED = [page for page in sorted(PAGES.rglob("*.md")) if BEGINS in page.read_text()]


A_PAGE = """
```{code-block} text
:caption: folder/greeting.txt

Good morning,
Ann
```

```{code-block} diff
:caption: folder/greeting.txt

 Good morning,
-Ann
+Ben
```

```console
$ cat folder/greeting.txt
Good ...
Ben
```
"""


@pytest.fixture(scope="session")
def play(install: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Play a page with what it installs; return the folder in which it was played."""

    @cache
    def environment(extras: tuple[str, ...], others: tuple[str, ...]) -> Path:
        return install(*extras, others=others)

    @cache
    def play(page: Path, **variables: str) -> Path:
        folder, text = tmp_path_factory.mktemp("page"), page.read_text()
        Player(environment(*map(tuple, installed(text))), folder, **variables).play(text)
        return folder

    return play


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """The address of an empty database of a page's own."""
    own = OwnDatabase(postgres_url)
    own.create()
    yield own.url
    own.drop()


# What a page needs that it cannot bring: the variable that names it, and the fixture that has it.
NEEDED = {"$SERVER": ("SERVER", "database"), "@browser": ("BROWSER", "chromium")}


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: page.stem)
def test_a_page_can_be_typed_as_it_stands(
    page: Path, play: Callable[..., Path], request: pytest.FixtureRequest
) -> None:
    needed = dict(each for sign, each in NEEDED.items() if sign in page.read_text())
    play(page, **{name: request.getfixturevalue(fixture) for name, fixture in needed.items()})


def test_every_guide_with_commands_is_played() -> None:
    guides = {page.stem for page in (PAGES / "howto").glob("*.md")}
    assert guides - {page.stem for page in PLAYED} == {"index", "ci"}


@pytest.mark.parametrize("block", blocks((PAGES / "howto/ci.md").read_text()), ids=lambda block: block.file)
def test_the_files_for_ci_are_what_the_services_take(tmp_path: Path, block: Block) -> None:
    file = tmp_path / block.file
    file.parent.mkdir(parents=True, exist_ok=True)
    schema = "github-workflows" if ".github" in block.file else "gitlab-ci"
    wrong = block.text.replace("script:", "scripts:").replace("runs-on:", "runs:")
    for text, code in ((block.text, 0), (wrong, 1)):
        file.write_text(text)
        command = [CHECK, "--builtin-schema", f"vendor.{schema}", file]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == code, done.stdout


def test_what_a_run_writes_is_in_the_reference(play: Callable[..., Path]) -> None:
    reports = play(TUTORIAL) / "reports"
    listed = re.findall(r"^\| `([^`]+)`", (PAGES / "reference/files.md").read_text(), re.MULTILINE)
    written = [file.relative_to(reports) for file in reports.rglob("*") if file.is_file()]
    assert len(written) > 4
    assert [file for file in written if not any(map(file.match, listed))] == []


@pytest.fixture
def player(tmp_path: Path) -> Player:
    (tmp_path / "bin").mkdir()
    return Player(tmp_path / "bin/python", tmp_path)


def test_files_are_written_and_changed_and_commands_run(player: Player) -> None:
    player.play(A_PAGE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-Ann", "-Zoe"),
        ("Good ...", "Good night,"),
        ("\nBen\n```\n", "\n1 failed\n```\n"),
        ("$ cat folder/greeting.txt\nGood ...\nBen", "$ false"),
    ],
)
def test_a_page_that_is_wrong_is_red(player: Player, old: str, new: str) -> None:
    assert old in A_PAGE
    with pytest.raises(AssertionError):
        player.play(A_PAGE.replace(old, new, 1))


def test_blocks_and_commands_are_told_apart() -> None:
    page = (
        "Some text.\n\n```{code-block} python\n:caption: a/b.py\n\nprint(1)\n```\n\n"
        "```console\n$ one  # a comment\nshown\n$ two\n```\n\n```python\nx = 1\n```\n"
    )
    file, typed, other = blocks(page)
    assert (file.language, file.file, file.text) == ("python", "a/b.py", "print(1)\n")
    assert (typed.language, other.language, other.file) == ("console", "python", "")
    assert [(each.line, each.shown) for each in commands(typed.text)] == [("one", "shown"), ("two", "")]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nb\nc\n", False),
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("a\n...\nd", "a\nd\n", True),
        ("seed=... x", "seed=12 x\n", True),
        ("seed=... x", "seed=12\nx\n", False),
        ("a.c", "abc\n", False),
    ],
)
def test_three_dots_stand_for_what_is_left_out(shown: str, printed: str, same: bool) -> None:
    assert as_shown(shown, printed) is same


def test_a_change_fits_at_one_place_alone() -> None:
    assert change("a\nb\n\nc\n", " a\n-b\n+B\n\n...\n+d\n c\n") == "a\nB\n\nd\nc\n"
    with pytest.raises(AssertionError, match="fits 0 times"):
        change("a\n", "-b\n+c\n")
    with pytest.raises(AssertionError, match="fits 2 times"):
        change("a\na\n", "-a\n+c\n")

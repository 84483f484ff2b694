"""The documentation is built without a broken link, and its reference has everything that there is."""

import ast
import html
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import behave_flask
from behave_flask import cli
from behave_flask.runner.options import OPTIONS, TAGS

PROJECT = Path(__file__).resolve().parents[1]
STEPS = PROJECT / "src/behave_flask/steps"


def build(pages: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site as `make docs` does."""
    (line,) = re.findall(r"\$\(BIN\)/sphinx-build (.+)\)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    options = line.replace("build/doctrees docs build/docs", "").split()
    command = [Path(sys.executable).with_name("sphinx-build"), *options, site / "doctrees", pages, site]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(PROJECT / "docs", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A copy of the pages in which a test may plant a fault."""
    for name in ("docs", "examples"):
        shutil.copytree(
            PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("reports", "__pycache__")
        )
    return tmp_path / "docs"


def text_of(file: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", file.read_text()))


def commands_of(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        yield from commands_of(each, f"{name} {each.name}")


def test_every_public_name_is_in_the_reference(site: Path) -> None:
    headings = re.findall(
        r'<h2><code[^>]*><span class="pre">(\w+)', (site / "reference/names.html").read_text()
    )
    assert sorted(headings) == sorted(behave_flask.__all__)


def test_every_command_is_in_the_reference(site: Path) -> None:
    page = text_of(site / "reference/commands.html")
    for name, command in commands_of(cli.commands, "behave-flask"):
        assert f"Usage: {name} " in page
        assert command.help
        for option in command.params:
            assert isinstance(option, click.Argument) or option.opts[0] in page


def test_every_option_and_tag_is_in_the_reference(site: Path) -> None:
    assert [name for name in OPTIONS if f"-D {name}" not in text_of(site / "reference/options.html")] == []
    assert [name for name in TAGS if f"@{name}" not in text_of(site / "reference/tags.html")] == []


@pytest.mark.parametrize("file", sorted(STEPS.glob("[a-z]*.py")), ids=lambda file: file.stem)
def test_every_ready_made_step_is_in_the_reference(site: Path, file: Path) -> None:
    page, module = text_of(site / "reference/words.html"), ast.parse(file.read_text())
    steps = [each for each in module.body if isinstance(each, ast.FunctionDef) and each.name[0] != "_"]
    assert "For example::" in (ast.get_docstring(module) or "")
    for step in steps:
        assert ast.get_docstring(step), step.name
        kinds = {
            call.func.id: call.args[0].value for call in step.decorator_list if isinstance(call, ast.Call)
        }
        assert kinds, step.name
        for kind, pattern in kinds.items():
            assert f"{kind.title()} {re.sub(r':[A-Z][A-Za-z]+', '', pattern)}" in page


def test_every_extra_is_in_the_reference() -> None:
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    page = (PROJECT / "docs/reference/parts.md").read_text()
    assert [extra for extra in extras if f"`{extra}`" not in page] == []


def test_no_page_asks_another_host(site: Path) -> None:
    for file in site.rglob("*.html"):
        asked = re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]+", file.read_text())
        assert asked == [], file


def test_what_is_made_of_the_code_is_made_anew(pages: Path, tmp_path: Path) -> None:
    page = tmp_path / "site/reference/tags.html"
    build(pages, tmp_path / "site")
    assert "what it means" in page.read_text()
    maker = pages / "reference.py"
    maker.write_text(maker.read_text().replace("what it means", "its meaning"))
    build(pages, tmp_path / "site")
    assert "its meaning" in page.read_text()


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("[nowhere](nowhere.md)", "cross-reference target not found: 'nowhere.md'"),
        ("[no part](design.md#no-such-part)", "local id not found in doc 'design': 'no-such-part'"),
    ],
)
def test_a_broken_link_is_red(pages: Path, tmp_path: Path, link: str, message: str) -> None:
    index = pages / "index.md"
    index.write_text(f"{index.read_text()}\n{link}\n")
    done = build(pages, tmp_path / "site")
    assert done.returncode == 1
    assert message in done.stderr

"""The console command `behave-flask`: it says in plain words what it is for, and what it refuses."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from console_command import behave_flask

from behave_flask.cli import main

PROJECT = Path(__file__).resolve().parents[2]
COMMANDS = [
    "bisect",
    "get-browser",
    "ide",
    "init",
    "lint",
    "merge",
    "mutants",
    "mutants authorization",
    "mutants code",
    "mutants sentences",
    "parity",
    "repeat",
    "report",
    "rerun",
    "slow",
    "words",
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_each_command_has_a_help_that_says_what_it_is_for(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert behave_flask(*command.split(), "--help") == 0
    usage, _, purpose, *_ = capsys.readouterr().out.splitlines()
    assert usage.startswith(" ".join(["Usage: behave-flask", *command.split()]))
    assert purpose.strip()


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    behave_flask("--help")
    listed = capsys.readouterr().out.partition("Commands:\n")[2]
    assert [line.split()[0] for line in listed.splitlines()] == [each for each in COMMANDS if " " not in each]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lnit"], "No such command 'lnit'"),
        (["lint"], "Missing argument 'PATHS...'"),
        (["lint", "nowhere"], "There is no nowhere."),
        (["lint", "--langauge", "de"], "--langauge"),
        (["merge"], "Missing argument 'SHARDS...'"),
        (["merge", "nowhere"], "nowhere holds no reports of a shard"),
        (["parity", "nowhere", "."], "Directory 'nowhere' does not exist"),
        (["bisect"], "Missing argument 'SEED'"),
        (["slow"], "No run has been timed: reports/times.jsonl has none. Run the suite first."),
        (["slow", "--fast"], "--fast"),
        (["report", "today"], "Got unexpected extra argument (today)"),
        (["mutants", "words"], "No such command 'words'"),
        (["mutants", "code"], "pyproject.toml needs a section [tool.mutants]"),
        (["mutants", "code", "--sample", "some"], "Invalid value for '--sample'"),
        (["mutants", "code", "--processes", "0"], "Invalid value for '--processes'"),
        (["mutants", "authorization"], "Missing argument 'MODULE:FUNCTION'"),
        (["mutants", "authorization", "nowhere:guards"], "There is no function nowhere:guards"),
        (["mutants", "sentences", "--values", "many"], "Invalid value for '--values'"),
        (["mutants", "sentences", "--tags=@("], "Expected operand after ("),
        (["rerun", "--tags=@("], "Expected operand after ("),
    ],
)
def test_what_cannot_be_done_is_said_in_plain_words_with_exit_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = []\nwords = []\n")
    assert behave_flask(*arguments) == 2
    output = capsys.readouterr().err
    assert message in output
    assert "Traceback" not in output


def test_it_is_installed_as_a_console_script() -> None:
    (script,) = metadata.entry_points(group="console_scripts", name="behave-flask")
    assert script.load() is main


def test_it_loads_what_a_command_needs_when_that_runs() -> None:
    """So that `--help` is quick: neither behave nor anything of the package that needs it."""
    code = (
        "import sys; sys.argv = ['behave-flask', '--help']\n"
        "import behave_flask.cli\n"
        "try: behave_flask.cli.main()\n"
        "finally: print(sorted({'behave', 'flask', 'behave_flask.lint.linter'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_the_module_is_the_same_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "behave_flask", "slow"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("No run has been timed")


def test_the_script_finds_the_modules_of_the_project(tmp_path: Path) -> None:
    """A console script has not, as `python -m` has, the working directory where modules are looked for."""
    (tmp_path / "guards.py").write_text("def mutants():\n    return []\n")
    script = Path(sys.executable).with_name("behave-flask")
    done = subprocess.run(
        [script, "mutants", "authorization", "guards:mutants"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "Authorization mutants: 0, killed: 0, survived: 0.\n")


def test_no_other_module_of_the_package_is_a_program() -> None:
    """But for the one that a server's own process starts with."""
    package = PROJECT / "src/behave_flask"
    programs = [file for file in package.rglob("*.py") if '__name__ == "__main__"' in file.read_text()]
    assert [file.relative_to(package).as_posix() for file in programs] == ["stages/server_guard.py"]

"""The console command `behave-flask`: what there is to do before and after a run of behave.

Exit codes: 0 for what is as it should be, 1 for what is not, 2 for a command that cannot be carried out. A
command imports what it needs when it runs, so that `--help` is quick.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from behave_flask.core import console

_TO_BEHAVE = {"ignore_unknown_options": True}  # what a command does not know is for behave
_CORES = os.cpu_count() or 1


class _Commands(click.Group):
    """Ends a command that is refused with the reason alone, and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from behave.exception import ConfigError
            from cucumber_tag_expressions import TagExpressionError

            if not isinstance(error, ConfigError | TagExpressionError):
                raise
            click.echo(error, err=True)
            ctx.exit(2)


def main() -> None:
    """Carry out what the command line names, in the folder of the project, and end with its exit code."""
    console.prepare()
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)  # as `python -m` does: the service is imported from there
    commands(prog_name="behave-flask")


@click.group(cls=_Commands)
@click.version_option(package_name="behave-flask")
def commands() -> None:
    """Acceptance tests for Flask services, beside `behave`."""


@commands.command()
@click.argument("service", required=False, metavar="[MODULE:FACTORY]")
@click.option("--quiet", is_flag=True, help="Say nothing of what goes well.")
@click.option("--migrate", metavar="MODULE:FUNCTION", help="What makes the tables of an empty database.")
def init(service: str | None, quiet: bool, migrate: str | None) -> None:
    """Write a first suite for a Flask service, with the permission matrix of what it does now.

    MODULE:FACTORY makes the service, with its arguments if it takes some: "shop:create_app('testing')".
    No file that is there is overwritten; a second time, what is new is added.
    """
    from behave_flask.scaffold import init

    sys.exit(init.run(service, (lambda _: None) if quiet else click.echo, migrate))


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--language", help="Of features that do not name theirs; without it, lang of behave.ini.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "sarif"]),
    default="text",
    help="How findings are printed: file:line: message, or SARIF for code scanning.",
)
def lint(paths: tuple[Path, ...], language: str | None, format_: str) -> None:
    """Look for what is wrong in feature files, and in all of a folder.

    Allowed tags, forbidden words and long files stand under [tool.behave-flask.lint] in pyproject.toml.
    """
    from behave_flask.lint import linter

    sys.exit(linter.run(paths, language, as_sarif=format_ == "sarif"))


@commands.command()
def ide() -> None:
    """Let VS Code know every sentence of the suite, and start its debugger: write .vscode/.

    The files are for the official Cucumber extension, which completes sentences, leads to their definitions
    and marks those that nobody has written. What a file says already stays. Call it again for new types.
    """
    from behave_flask.scaffold import editor

    sys.exit(editor.run(click.echo))


@commands.command(context_settings=_TO_BEHAVE)
@click.option("--ended", is_flag=True, help="Run nothing, and tell whether the last run has come to its end.")
@click.argument("arguments", metavar="[OPTION OF BEHAVE]...", nargs=-1, type=click.UNPROCESSED)
def rerun(ended: bool, arguments: tuple[str, ...]) -> None:
    """Run again what failed in the last run, and what it never reached, with the same data."""
    from behave_flask.reports import rerun

    if ended:
        sys.exit(rerun.has_ended(arguments))
    rerun.run(arguments)


@commands.command()
@click.argument("shards", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", default="reports", type=click.Path(path_type=Path), help="Their folder (reports).")
def merge(shards: tuple[Path, ...], into: Path) -> None:
    """Put the reports of all shards together; each is named by its folder."""
    from behave_flask.parallel import shards as reports

    sys.exit(reports.merge(shards, into))


@commands.command()
@click.argument("one", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
def parity(one: Path, other: Path) -> None:
    """Name the scenarios that came to something else in ONE run than in the OTHER, by their JUnit folders."""
    from behave_flask.reports import parity

    sys.exit(parity.compare(one, other))


@commands.command(context_settings=_TO_BEHAVE)
@click.argument("seed")
@click.argument("arguments", metavar="[ARGUMENT OF BEHAVE]...", nargs=-1, type=click.UNPROCESSED)
def bisect(seed: str, arguments: tuple[str, ...]) -> None:
    """Find which scenarios depend on each other in a random order that failed.

    The order is that of a run with `-D order=random -D seed=SEED`, of a part of the suite with the paths and
    options that chose it; one place with a line is that of a scenario that failed in it, without which it is
    the first that did. Each try is a run of behave in a process of its own.
    """
    from behave_flask.runner import bisecting

    sys.exit(bisecting.run(seed, arguments))


@commands.command(context_settings=_TO_BEHAVE)
@click.argument("times", type=click.IntRange(min=2))
@click.option("--seed", metavar="N", help="The first seed; the others are the next.")
@click.argument("arguments", metavar="[ARGUMENT OF BEHAVE]...", nargs=-1, type=click.UNPROCESSED)
def repeat(times: int, seed: str | None, arguments: tuple[str, ...]) -> None:
    """Play what is selected so often, in another order each time, and name what flips.

    Each run has another seed, which names its data and its order. What flips is told with the seeds.
    """
    from behave_flask.runner import repeating

    sys.exit(repeating.run(times, seed, arguments))


@commands.command()
@click.argument("times", default="reports/times.jsonl", type=click.Path(path_type=Path))
def slow(times: Path) -> None:
    """List the scenarios that took over ten times the median in the last run."""
    from behave_flask.model import durations

    click.echo(durations.report(times))


@commands.command()
def report() -> None:
    """Draw the last run as one page, reports/allure.html, with the trends of those before; needs Node."""
    from behave_flask.reports import allure_page

    click.echo(f"Report: {allure_page.draw()}")


@commands.command()
def words() -> None:
    """Write all sentences that a feature can say as a page, reports/words.html.

    Each has the words that fit in its places, and an example: one that held in the last run, if there is one.
    """
    from behave_flask.model import step_catalogue
    from behave_flask.reports import word_catalogue
    from behave_flask.runner import loading

    suite = loading.load()
    last = word_catalogue.LastRun(suite.reports)
    found = step_catalogue.with_examples(suite.features, last.held)
    click.echo(f"Words: {word_catalogue.write(suite.reports, found, last)}")


@commands.command("get-browser")
def get_browser() -> None:
    """See that there is a Chromium or Chrome for the scenarios on pages; get one where that is possible."""
    from behave_flask.browser import get_browser

    get_browser.ensure()


@commands.group()
def mutants() -> None:
    """Make small faults, one at a time, and see whether the features notice."""


@mutants.command()
@click.argument("files", nargs=-1)
@click.option("--since", metavar="COMMIT", help="Only lines that have changed since this commit of git.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only so many, drawn at random.")
@click.option("--seed", default=1, help="Of the drawing (1).")
@click.option("--processes", default=_CORES, type=click.IntRange(min=1), help="At once (one a core).")
@click.option("--fresh", is_flag=True, help="Try again what is known from before.")
@click.option("--stage", metavar="NAME", help="Play survivors on this stage of the suite as well.")
def code(**asked: Any) -> None:
    """Change the code that [tool.mutants] in pyproject.toml names, or these FILES of it."""
    from behave_flask.mutation.code import run

    sys.exit(run.run(run.Asked(**asked)))


@mutants.command(context_settings=_TO_BEHAVE)
@click.option("--equivalents", type=click.Path(path_type=Path), help="Those that say the same, with reasons.")
@click.option("--values", default=1, help="Other values to try for each word (1).")
@click.option("--alone", is_flag=True, help="Play each mutant by itself, which takes longer.")
@click.argument("arguments", metavar="[OPTION OF BEHAVE]...", nargs=-1, type=click.UNPROCESSED)
def sentences(equivalents: Path | None, values: int, alone: bool, arguments: tuple[str, ...]) -> None:
    """Change each word of each Then: its scenario must go red.

    All other options and paths are for behave; it uses one process a core, unless --jobs says another number.
    """
    from behave_flask.mutation import sentence_mutants

    sys.exit(sentence_mutants.run(arguments, equivalents, values=values, alone=alone))


@mutants.command()
@click.argument("where", metavar="MODULE:FUNCTION")
@click.argument("kinds", metavar="[KIND]...", nargs=-1)
@click.option("--quick", is_flag=True, help="One mutant of each kind.")
def authorization(where: str, kinds: tuple[str, ...], quick: bool) -> None:
    """Switch off each guard that the FUNCTION of a project names: its rows, and no others, must fail.

    With KINDs of guards, those alone.
    """
    from behave_flask.permissions import authorization_mutants

    sys.exit(authorization_mutants.run(where, kinds, quick))

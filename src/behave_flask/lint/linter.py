"""All that is wrong in feature files, found without a run: `behave-flask lint`.

Allowed tags, forbidden words and long files stand under `[tool.behave-flask.lint]` in pyproject.toml.
"""

import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from behave.i18n import languages
from behave.model import Feature, Scenario, ScenarioOutline

from behave_flask.core.errors import UsageError
from behave_flask.lint import rules, sarif, style
from behave_flask.lint.source import Finding, Source, nodes_of
from behave_flask.lint.style import Config
from behave_flask.model import feature_files
from behave_flask.model.feature_files import UnreadableFeature


@dataclass
class Counts:
    """What a run looked at: a linter that saw nothing must not say clean."""

    features: int = 0
    scenarios: int = 0
    examples: int = 0


def run(paths: Sequence[Path], language: str | None, as_sarif: bool = False) -> int:
    """Print what is wrong in the files and folders named, as `file:line: message`, or that they are clean.

    :param language: of features that do not name theirs; without it, `lang` of behave.ini.
    :param as_sarif: print a SARIF log instead, and what was looked at on the standard error.
    :returns: the exit code: 0 if all is clean, 1 if not.
    :raises UsageError: if the paths, the language or the configuration cannot be used.
    """
    config = read_config(Path("pyproject.toml"))
    files = _files(paths)
    language = language or feature_files.configured_language()
    if language not in (None, *languages):
        raise UsageError(f"There is no language “{language}”.")
    feature_files.use_language(language)
    return _report(files, config, as_sarif)


def read_config(pyproject: Path) -> Config:
    """Return what `[tool.behave-flask.lint]` says; where there is none, all tags and words are allowed.

    :raises UsageError: with what is missing or unknown there.
    """
    try:
        written = pyproject.read_text(encoding="utf-8") if pyproject.exists() else ""
        section = _section(tomllib.loads(written).get("tool", {}))
        if unknown := set(section) - {field.name for field in fields(Config)}:
            raise UsageError(
                f"{pyproject}: [tool.behave-flask.lint] does not know {', '.join(sorted(unknown))}"
            )
        return Config(**{name: tuple(value) for name, value in section.items()})
    except (OSError, tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
        raise UsageError(f"{pyproject}: cannot use [tool.behave-flask.lint]: {error!r}") from error


def _section(tools: dict[str, Any]) -> dict[str, Any]:
    if "gherkin_lint" not in tools:
        return dict(tools.get("behave-flask", {}).get("lint", {"tags": ["*"], "words": []}))
    print(
        "[tool.gherkin_lint] is called [tool.behave-flask.lint] now; the old name goes away with the next"
        " version.",
        file=sys.stderr,
    )
    return dict(tools["gherkin_lint"])


def _files(paths: Iterable[Path]) -> list[Path]:
    missing = [str(path) for path in paths if not (path.exists() or path.is_symlink())]
    if missing:
        raise UsageError(f"There is no {', '.join(missing)}.")
    return sorted(
        {file for path in paths for file in (feature_files.find(path) if path.is_dir() else [path])}
    )


def _report(files: Sequence[Path], config: Config, as_sarif: bool) -> int:
    counts = Counts()
    found = [(file, finding) for file in files for finding in lint_file(file, config, counts)]
    if as_sarif:
        print(sarif.document(found, looked=bool(files)))
    else:
        for file, finding in found:
            print(f"{file}:{finding.line}: {finding.message}")
    beside = sys.stderr if as_sarif else sys.stdout
    if not files:
        print("There is no feature file here, so nothing was checked", file=beside)
        return 1
    seen = f"{counts.features} features, {counts.scenarios} scenarios, {counts.examples} examples"
    print(f"{seen}: {len(found)} findings" if found else f"{seen}: clean", file=beside)
    return 1 if found else 0


def lint_file(file: Path, config: Config, counts: Counts) -> list[Finding]:
    """Return all that is wrong in one feature file, by line; what was looked at is added to `counts`."""
    try:
        text = feature_files.read(file)
    except UnreadableFeature as error:
        return [Finding(error.line, error.reason)]
    lines = text.splitlines()
    findings = {
        *style.line_ends(text),
        *style.white_space(lines),
        *style.length(file, lines, config),
        *style.unattached_tags(lines),
    }
    try:
        feature = feature_files.parse(file)
    except UnreadableFeature as error:
        return sorted({*findings, Finding(error.line, error.reason)})
    if feature is None:
        return sorted({*findings, Finding(1, "holds no Feature")})
    source = _source(feature, lines, counts)
    findings |= rules.findings(source)
    findings |= {finding for rule in style.RULES for finding in rule(source, config)}
    return sorted(findings)


def _source(feature: Feature, lines: Sequence[str], counts: Counts) -> Source:
    nodes = [node for node in nodes_of(feature) if isinstance(node, Scenario)]
    scenarios = [scenario for node in nodes for scenario in _scenarios_of(node)]
    counts.features += 1
    counts.scenarios += len(nodes)
    counts.examples += sum(isinstance(each.parent, ScenarioOutline) for each in scenarios)
    return Source(feature, lines, scenarios, chosen=scenarios)


def _scenarios_of(node: Scenario) -> list[Scenario]:
    """Return a scenario, or the rows of an outline, with the title that it gives them."""
    if not isinstance(node, ScenarioOutline):
        return [node]
    node.annotation_schema = "{name}"  # without what behave adds to tell rows apart
    return list(node.scenarios) if all(each.table for each in node.examples) else []

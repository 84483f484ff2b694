"""Rules that keep feature files readable for their owner and free of scenarios that prove nothing.

Allowed tags, forbidden words and long files stand under `[tool.gherkin_lint]` in pyproject.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from behave_flask.core.errors import UsageError
from behave_flask.core.extras import requires_extra
from behave_flask.lint.checks import (
    PLACEHOLDER,
    Finding,
    duplicate_rows,
    duplicate_titles,
    missing_then,
    misspelt_keywords_in,
    unused_columns,
)
from behave_flask.lint.parsing import (
    cells_of,
    description_of,
    nodes_of,
    parse,
    rows_of,
    scenarios_of,
    tables_of,
)
from behave_flask.model import feature_files
from behave_flask.model.feature_files import UnreadableFeature

if TYPE_CHECKING:
    from gherkin.parser_types import Examples, Feature, Scenario, Step

# The one column that may speak technically: the request behind a row of the permission matrix.
TECHNICAL_COLUMN = "request"
MOST_LINES = 120
NARRATIVE_LINES = range(2, 5)

_PHASES = ("Context", "Action", "Outcome")


@dataclass(frozen=True)
class Config:
    """What a project settles: allowed tags (patterns), words that no feature says, files that may be long."""

    tags: tuple[str, ...]
    words: tuple[str, ...]
    long: tuple[str, ...] = ()

    @classmethod
    def read(cls, pyproject: Path) -> Config:
        """Read `[tool.gherkin_lint]`. Raises UsageError that says what is missing or unknown."""
        try:
            section = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["gherkin_lint"]
            unknown = set(section) - {field.name for field in fields(cls)}
            if unknown:
                raise UsageError(
                    f"{pyproject}: [tool.gherkin_lint] does not know {', '.join(sorted(unknown))}"
                )
            return cls(**{name: tuple(value) for name, value in section.items()})
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise UsageError(f"{pyproject}: cannot use [tool.gherkin_lint]: {error!r}") from error


@dataclass
class Counts:
    """What a run looked at: a linter that saw nothing must not say clean."""

    features: int = 0
    scenarios: int = 0
    examples: int = 0


def lint_file(file: Path, config: Config, counts: Counts, language: str | None = None) -> list[Finding]:
    """All findings in one feature file, by line; adds to `counts` what was looked at.

    :param language: of a feature that does not name its own.
    """
    try:
        text = feature_files.read(file)
    except UnreadableFeature as error:
        return [Finding(error.line, error.reason)]
    unix = text.replace("\r\n", "\n")
    lines = unix.split("\n")
    findings = list(_layout(lines, file, config))
    if unix != text:
        findings.append(Finding(1, "has lines that end as those of Windows do: save it with those of Unix"))
    feature, errors = parse(unix, language)
    if feature is None:
        return sorted(findings + errors)
    scenarios = list(scenarios_of(feature))
    counts.features += 1
    counts.scenarios += len(scenarios)
    counts.examples += sum(
        len(table["tableBody"]) for scenario, _ in scenarios for table in scenario["examples"]
    )
    findings += _narrative(feature)
    findings += _titles(feature, [scenario for scenario, _ in scenarios])
    findings += _mistyped(feature, lines)
    findings += _tags(feature, config)
    findings += _words(feature, lines, config)
    findings += _aligned(feature, lines)
    findings += _backgrounds(feature)
    for scenario, background in scenarios:
        findings += _order(scenario)
        findings += _proof(scenario, background)
        findings += _examples(scenario, feature["language"])
    return sorted(set(findings))


def run(paths: Sequence[Path], language: str | None) -> int:
    """Print what is wrong in the files and folders named, as `file:line: message`, or that they are clean.

    :param language: of features that do not name theirs; without it, `lang` of behave.ini.
    :returns: the exit code: 0 if all is clean, 1 if not.
    :raises UsageError: if the paths, the language or the configuration cannot be used.
    """
    config = Config.read(Path("pyproject.toml"))
    files = _files(paths)
    with requires_extra("lint"):
        from gherkin.dialect import DIALECTS

    language = language or feature_files.configured_language()
    if language not in (None, *DIALECTS):
        raise UsageError(f"There is no language “{language}”.")
    return _report(files, config, language)


def _files(paths: Iterable[Path]) -> list[Path]:
    missing = [str(path) for path in paths if not (path.exists() or path.is_symlink())]
    if missing:
        raise UsageError(f"There is no {', '.join(missing)}.")
    return sorted(
        {file for path in paths for file in (feature_files.find(path) if path.is_dir() else [path])}
    )


def _report(files: Sequence[Path], config: Config, language: str | None) -> int:
    counts, found = Counts(), 0
    for file in files:
        for finding in lint_file(file, config, counts, language):
            print(f"{file}:{finding.line}: {finding.message}")
            found += 1
    seen = f"{counts.features} features, {counts.scenarios} scenarios, {counts.examples} examples"
    if not files:
        print("There is no feature file here, so nothing was checked")
        return 1
    print(f"{seen}: {found} findings" if found else f"{seen}: clean")
    return 1 if found else 0


def _layout(lines: Sequence[str], file: Path, config: Config) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield Finding(number, "has white space at its end")
        if "\t" in line:
            yield Finding(number, "has a tab; indent and align with spaces")
    length = len(lines) - (lines[-1] == "")
    if length > MOST_LINES and not any(fnmatchcase(file.as_posix(), pattern) for pattern in config.long):
        yield Finding(
            MOST_LINES + 1, f"the file has {length} lines, more than {MOST_LINES}: split it by subject"
        )


def _narrative(feature: Feature) -> Iterator[Finding]:
    told = [line for line in feature["description"].split("\n") if line.strip()]
    if len(told) not in NARRATIVE_LINES:
        least, most = NARRATIVE_LINES[0], NARRATIVE_LINES[-1]
        yield Finding(
            feature["location"]["line"], f"the feature is told in {len(told)} lines, not {least} to {most}"
        )


def _titles(feature: Feature, scenarios: Sequence[Scenario]) -> Iterator[Finding]:
    if not scenarios:
        yield Finding(feature["location"]["line"], "the feature has no scenario")
    titles = [
        (line, title, bool(scenario["examples"]))
        for scenario in scenarios
        for line, title in _expanded(scenario)
    ]
    for line, title, _ in titles:
        if not title:
            yield Finding(line, "the scenario has no title")
    yield from duplicate_titles(titles)


def _expanded(scenario: Scenario) -> Iterator[tuple[int, str]]:
    """The titles that a run reports: one for a scenario, one for each row of an outline."""
    if not scenario["examples"]:
        yield scenario["location"]["line"], " ".join(scenario["name"].split())
    for table in scenario["examples"]:
        for line, row in rows_of(table):
            yield line, " ".join(_filled(scenario["name"], row).split())


def _filled(text: str, row: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: row.get(match[1], match[0]), text)


def _mistyped(feature: Feature, lines: Sequence[str]) -> Iterator[Finding]:
    for kind, node in nodes_of(feature):
        yield from misspelt_keywords_in(kind, feature["language"], description_of(node, lines))


def _tags(feature: Feature, config: Config) -> Iterator[Finding]:
    for _, node in nodes_of(feature):
        for tag in node.get("tags", ()):
            name = tag["name"].removeprefix("@")
            if not any(fnmatchcase(name, pattern.removeprefix("@")) for pattern in config.tags):
                yield Finding(tag["location"]["line"], f"the tag @{name} is not among the allowed ones")


def _words(feature: Feature, lines: Sequence[str], config: Config) -> Iterator[Finding]:
    if not config.words:
        return
    forbidden = re.compile(rf"\b(?:{'|'.join(map(re.escape, config.words))})\b", re.IGNORECASE)
    for line, text in _spoken(feature, lines):
        for word in forbidden.findall(text):
            yield Finding(line, f"says “{word}”, which is not the owner's word")


def _spoken(feature: Feature, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every text of the feature with its line, but for the technical column and comments."""
    for _, node in nodes_of(feature):
        yield node["location"]["line"], node["name"]
        yield from description_of(node, lines)
        for step in node.get("steps", ()):
            yield step["location"]["line"], step["text"]
            if "docString" in step:
                first = step["docString"]["location"]["line"] + 1
                yield from enumerate(step["docString"]["content"].split("\n"), first)
    for table in tables_of(feature):
        header = cells_of(table[0])
        for row in table:
            for column, cell in zip(header, cells_of(row), strict=False):
                if column != TECHNICAL_COLUMN:
                    yield row["location"]["line"], cell


def _aligned(feature: Feature, lines: Sequence[str]) -> Iterator[Finding]:
    for table in tables_of(feature):
        numbers = [row["location"]["line"] for row in table]
        expected = _pipes(lines[numbers[0] - 1])
        for number in numbers[1:]:
            if _pipes(lines[number - 1]) != expected:
                yield Finding(number, f"the columns do not line up with those of line {numbers[0]}")


def _pipes(line: str) -> list[int]:
    return [match.start() for match in re.finditer(r"\\.|\|", line) if match[0] == "|"]


def _order(scenario: Scenario) -> Iterator[Finding]:
    """Given, When, Then; a second When may follow a Then."""
    phase = ""
    for step in scenario["steps"]:
        line, keyword, kind = step["location"]["line"], step["keyword"].strip(), step["keywordType"]
        if kind == "Unknown":
            yield Finding(
                line, f"begins with “{keyword}”, which does not say whether it is Given, When or Then"
            )
        elif kind == "Conjunction" and not phase:
            yield Finding(line, f"the scenario begins with “{keyword}”")
        elif kind == "Context" and phase in ("Action", "Outcome"):
            yield Finding(line, "a Given comes after a When or Then")
        phase = kind if kind in _PHASES else phase


def _proof(scenario: Scenario, background: Sequence[Step]) -> Iterator[Finding]:
    """Something is arranged or done, and then looked at."""
    line = scenario["location"]["line"]
    phases = [step["keywordType"] for step in scenario["steps"] if step["keywordType"] in _PHASES]
    if "Outcome" not in phases:
        yield from missing_then(line, scenario["steps"], has_then=False)
    elif not background and set(phases) == {"Outcome"}:
        yield Finding(line, "the scenario has neither Given nor When")
    elif phases[-1] != "Outcome":
        yield Finding(line, "the scenario ends without a Then, so its last When is not checked")


def _backgrounds(feature: Feature) -> Iterator[Finding]:
    for kind, node in nodes_of(feature):
        for step in node["steps"] if kind == "background" else ():
            if step["keywordType"] not in ("Context", "Conjunction"):
                yield Finding(step["location"]["line"], "a Background says only what is given")


def _examples(scenario: Scenario, language: str) -> Iterator[Finding]:
    from gherkin.dialect import DIALECTS

    line = scenario["location"]["line"]
    outline = scenario["keyword"] in DIALECTS[language]["scenarioOutline"]
    if outline and not any(table["tableBody"] for table in scenario["examples"]):
        yield Finding(line, "the outline has no row of Examples, so it runs nothing")
    yield from duplicate_rows(numbered for table in scenario["examples"] for numbered in rows_of(table))
    for table in scenario["examples"]:
        if not table["name"].strip():
            yield Finding(table["location"]["line"], "the Examples have no caption")
        yield from _columns(scenario, table)


def _columns(scenario: Scenario, table: Examples) -> Iterator[Finding]:
    """A placeholder without a column stays as it is; a column without a placeholder changes nothing."""
    header = table.get("tableHeader")
    if not header:
        return
    texts = [scenario["name"]]
    for step in scenario["steps"]:
        texts += [step["text"], step.get("docString", {}).get("content", "")]
        texts += [cell for row in step.get("dataTable", {}).get("rows", ()) for cell in cells_of(row)]
    columns, line = cells_of(header), header["location"]["line"]
    for name in sorted({name for text in texts for name in PLACEHOLDER.findall(text)} - set(columns)):
        yield Finding(line, f"there is no column for <{name}>")
    yield from unused_columns(line, columns, texts)

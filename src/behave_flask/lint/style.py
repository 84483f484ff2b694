"""Rules that keep features readable for their owner, beside those against scenarios that cannot fail.

A rule is a function that finds what breaks it in the feature of a file. The first four read the file's text,
which may be no feature at all.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from behave.i18n import languages
from behave.model import ScenarioOutline

from behave_flask.lint.source import (
    PLACEHOLDER,
    Finding,
    Source,
    description_of,
    examples_of,
    rows_of,
    steps_of,
    tables_of,
    texts_of,
)

# The one column that may speak technically: the request behind a row of the permission matrix.
TECHNICAL_COLUMN = "request"
MOST_LINES = 120
NARRATIVE_LINES = range(2, 5)
_OF_BEHAVE = {"examples.name", "examples.index", "row.index", "row.id"}  # what it knows beside the columns


@dataclass(frozen=True)
class Config:
    """What a project decides for itself.

    :ivar tags: patterns of the tags that are allowed.
    :ivar words: what no feature says.
    :ivar long: patterns of the files that may be long.
    """

    tags: tuple[str, ...]
    words: tuple[str, ...]
    long: tuple[str, ...] = ()


# ---- the text of a file


def line_ends(text: str) -> Iterator[Finding]:
    """Find a file with the line ends of Windows, once."""
    if "\r\n" in text:
        yield Finding(1, "has lines that end as those of Windows do: save it with those of Unix")


def white_space(lines: Sequence[str]) -> Iterator[Finding]:
    """Find white space that nobody sees."""
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield Finding(number, "has white space at its end")
        if "\t" in line:
            yield Finding(number, "has a tab; indent and align with spaces")


def length(file: Path, lines: Sequence[str], config: Config) -> Iterator[Finding]:
    """Find a file that is too long to be read at once."""
    if len(lines) > MOST_LINES and not any(fnmatchcase(file.as_posix(), each) for each in config.long):
        yield Finding(
            MOST_LINES + 1, f"the file has {len(lines)} lines, more than {MOST_LINES}: split it by subject"
        )


def unattached_tags(lines: Sequence[str]) -> Iterator[Finding]:
    """Find tags at the end of a file, which are of nothing."""
    written = [number for number, line in enumerate(lines, 1) if line.strip() and line.strip()[0] != "#"]
    if written and lines[written[-1] - 1].strip().startswith("@"):
        yield Finding(written[-1], "nothing stands below these tags")


# ---- the feature


def narrative_length(source: Source, _: Config) -> Iterator[Finding]:
    """Find a feature that does not say in a few lines what it is for."""
    count = len(list(description_of(source.feature, source.lines)))
    if count not in NARRATIVE_LINES:
        least, most = NARRATIVE_LINES[0], NARRATIVE_LINES[-1]
        yield Finding(
            source.feature.line, f"the feature is described in {count} lines, not {least} to {most}"
        )


def missing_titles(source: Source, _: Config) -> Iterator[Finding]:
    """Find scenarios and rows without a title."""
    for scenario in source.scenarios:
        if not scenario.name.strip():
            yield Finding(scenario.line, "the scenario has no title")


def unknown_tags(source: Source, config: Config) -> Iterator[Finding]:
    """Find tags that the project does not allow."""
    for node in source.nodes:
        for tagged in (node, *examples_of(node)):
            for tag in getattr(tagged, "tags", ()):
                if not any(fnmatchcase(tag, pattern.removeprefix("@")) for pattern in config.tags):
                    yield Finding(tag.line, f"the tag @{tag} is not among the allowed ones")


def technical_words(source: Source, config: Config) -> Iterator[Finding]:
    """Find words that are not the owner's."""
    if not config.words:
        return
    forbidden = re.compile(rf"\b(?:{'|'.join(map(re.escape, config.words))})\b", re.IGNORECASE)
    for line, text in _texts(source):
        for word in forbidden.findall(text):
            yield Finding(line, f"says “{word}”, which is not the owner's word")


def _texts(source: Source) -> Iterator[tuple[int, str]]:
    """Yield every text of the feature with its line, but for the technical column and comments."""
    for node in source.nodes:
        yield node.line, node.name or ""
        yield from description_of(node, source.lines)
        yield from ((each.line, each.name or "") for each in examples_of(node))
        for step in steps_of(node):
            yield step.line, step.name
            yield from enumerate((step.text or "").split("\n"), step.text.line + 1 if step.text else 0)
    for table in tables_of(source.nodes):
        for line, cells in rows_of(table):
            for column, cell in zip(table.headings, cells, strict=True):
                if column != TECHNICAL_COLUMN:
                    yield line, cell


def misaligned_columns(source: Source, _: Config) -> Iterator[Finding]:
    """Find rows of tables that are not below their heading."""
    for table in tables_of(source.nodes):
        expected = _bars(source.lines[table.line - 1])
        for row in table.rows:
            if _bars(source.lines[row.line - 1]) != expected:
                yield Finding(row.line, f"the columns do not line up with those of line {table.line}")


def _bars(line: str) -> list[int]:
    return [match.start() for match in re.finditer(r"\\.|\|", line) if match[0] == "|"]


def acting_backgrounds(source: Source, _: Config) -> Iterator[Finding]:
    """Find steps of a Background that do more than arrange."""
    for background in source.backgrounds:
        for step in background.steps:
            if step.step_type != "given":
                yield Finding(step.line, "a Background says only what is given")


def step_order(source: Source, _: Config) -> Iterator[Finding]:
    """Find steps that are not in the order Given, When, Then; a second When may follow a Then."""
    words = languages[source.feature.language]
    joining = {keyword.strip() for kind in ("and", "but") for keyword in words[kind]} - {"*"}
    for scenario in source.written:
        phase = ""
        for step in scenario.steps:
            keyword = step.keyword.strip()
            if keyword in joining and not phase:
                yield Finding(step.line, f"the scenario begins with “{keyword}”")
            elif step.step_type == "given" and phase in ("when", "then"):
                yield Finding(step.line, "a Given comes after a When or Then")
            phase = step.step_type if keyword != "*" else phase


def step_keywords(source: Source, _: Config) -> Iterator[Finding]:
    """Find steps that do not begin with a keyword as everybody reads it."""
    for node in source.nodes:
        for step in steps_of(node):
            keyword = step.keyword.strip()
            written = source.lines[step.line - 1].strip()[: len(keyword)]
            if keyword == "*":
                why = "which does not say whether it is Given, When or Then"
                yield Finding(step.line, f"begins with “{keyword}”, {why}")
            elif written != keyword:
                yield Finding(step.line, f"begins with “{written}”, which behave alone reads as “{keyword}”")


def unchecked_steps(source: Source, _: Config) -> Iterator[Finding]:
    """Find scenarios whose Then looks at nothing that was arranged or done, or whose last When has none."""
    for scenario in source.written:
        kinds = [step.step_type for step in scenario.steps]
        if "then" in kinds and kinds[-1] != "then":
            yield Finding(scenario.line, "the scenario ends without a Then, so its last When is not checked")
        elif set(kinds) == {"then"} and not list(scenario.background_steps):
            yield Finding(scenario.line, "the scenario has neither Given nor When")


def missing_captions(source: Source, _: Config) -> Iterator[Finding]:
    """Find Examples that do not say of what they are."""
    for outline in _outlines(source):
        for examples in outline.examples:
            if not (examples.name or "").strip():
                yield Finding(examples.line, "the Examples have no caption")


def missing_columns(source: Source, _: Config) -> Iterator[Finding]:
    """Find placeholders without a column: they stay as they are."""
    for outline in _outlines(source):
        named = {name for text in texts_of(outline) for name in PLACEHOLDER.findall(text)} - _OF_BEHAVE
        for table in tables_of([outline]):
            if any(table is each.table for each in outline.examples):
                for name in sorted(named - set(table.headings)):
                    yield Finding(table.line, f"there is no column for <{name}>")


def steps_below_examples(source: Source, _: Config) -> Iterator[Finding]:
    """Find steps that behave plays with those above the Examples, where nobody looks for them."""
    for outline in _outlines(source):
        first = min((each.line for each in outline.examples), default=len(source.lines))
        for step in outline.steps:
            if step.line > first:
                yield Finding(step.line, "a step stands below the Examples; put it above them")


def _outlines(source: Source) -> Iterator[ScenarioOutline]:
    """Yield all outlines, those without rows among them."""
    return (each for each in source.nodes if isinstance(each, ScenarioOutline))


RULES: tuple[Callable[[Source, Config], Iterator[Finding]], ...] = (
    narrative_length,
    missing_titles,
    unknown_tags,
    technical_words,
    misaligned_columns,
    acting_backgrounds,
    step_order,
    step_keywords,
    unchecked_steps,
    missing_captions,
    missing_columns,
    steps_below_examples,
)

"""What a run is asked for, and that there is such a thing: green must mean that it has run.

behave itself is content when a tag, a title or a place selects nothing, and takes the nearest scenario for a
line that is in none.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from behave.configuration import Configuration
from behave.model import Feature, Rule, Scenario, ScenarioOutline
from behave.model_type import FileLocation

from behave_flask.core.errors import UsageError, nearest
from behave_flask.model import feature_files
from behave_flask.runner.options import TAGS


def is_whole(config: Configuration) -> bool:
    """Return whether nothing narrows the run: every scenario below the base folder is asked for."""
    folder = Path(config.base_dir).absolute()
    narrowed = config.tags or config.name or config.include_re or config.exclude_re
    return not narrowed and all(Path(str(path)).absolute() == folder for path in config.paths)


def narrowing(config: Configuration) -> list[str]:
    """Return the arguments of behave that choose what a run plays, and where; none of a whole run."""
    tags = [config.tags] if isinstance(config.tags, str) else config.tags
    patterns = (("-i", config.include_re), ("-e", config.exclude_re))
    stage = config.userdata.get("stage")
    options = [
        *(f"--tags={each}" for each in tags if each),
        *(f"--name={each}" for each in config.name or ()),
        *(part for option, each in patterns if each for part in (option, each.pattern)),
        *(["-D", f"stage={stage}"] if stage else []),
    ]
    folder = Path(config.base_dir).absolute()
    paths = [os.path.relpath(str(path)) for path in config.paths if Path(str(path)).absolute() != folder]
    return [*options, *paths]


def selected(features: Iterable[Feature], config: Configuration) -> list[Scenario]:
    """Return the scenarios and rows that are to run, in their order."""
    return [each for feature in features for each in feature.walk_scenarios() if each.should_run(config)]


def check(features: Sequence[Feature], config: Configuration, asked: Iterable[FileLocation]) -> None:
    """Raise UsageError for a place, a tag or a title that there is not, and if nothing is left to run.

    :param features: what is loaded.
    :param asked: the files, with or without a line, that the run is asked for.
    """
    _check_lines(features, asked)
    _check_tags(features, config)
    _check_titles(features, config.name or ())
    if not selected(features, config):
        tags = [config.tags] if isinstance(config.tags, str) else config.tags
        narrowed = [f"--tags={tag}" for tag in tags if tag] + [f"-n {name!r}" for name in config.name or ()]
        by = f" by {' and '.join(narrowed)}" if narrowed else ""
        where = ", ".join(os.path.relpath(str(path)) for path in config.paths)
        raise UsageError(f"No scenario is selected{by} in {where}.")


def _check_lines(features: Iterable[Feature], asked: Iterable[FileLocation]) -> None:
    loaded = {Path(feature.filename).resolve(): feature for feature in features}
    for place in asked:
        feature = loaded.get(Path(place.filename).resolve())
        if place.line and feature and place.line not in set(_lines(feature)):
            begins = sorted(feature.walk_scenarios(), key=lambda each: abs(each.line - place.line))
            near = "; ".join(f"{each.line}, “{each.name.strip()}”" for each in begins[:2])
            nearest = f" Nearest are lines {near}." if near else ""
            raise UsageError(f"{os.path.relpath(place.filename)}:{place.line} is in no scenario.{nearest}")


def _lines(node: Any) -> Iterator[int]:
    """Yield the lines that mean something: titles, steps with what hangs on them, and rows of examples."""
    yield node.line
    if isinstance(node, Feature | Rule):
        for item in node.run_items:
            yield from _lines(item)
        return
    yield from range(node.line, max(map(_end, node.steps), default=node.line) + 1)
    if isinstance(node, ScenarioOutline):
        yield from (row.line for row in node.scenarios)


def _end(step: Any) -> int:
    """Return the last line of a step with its table or text."""
    if step.table is not None:
        return max([int(step.line), *(int(row.line) for row in step.table.rows)])
    return int(step.text.line_range()[1] if step.text else step.line)


def _check_tags(features: Sequence[Feature], config: Configuration) -> None:
    known = _tags_in(features)
    for name, negated in _tags_asked(config.tag_expression):
        if _there_is(name, known) or (negated and name in TAGS):
            continue
        known |= _tags_in(not_loaded(features, config))
        if not _there_is(name, known):
            raise UsageError(f"No feature has the tag @{name}.{nearest(name, known)}")


def _there_is(pattern: str, known: Iterable[str]) -> bool:
    return any(fnmatchcase(tag, pattern) for tag in known)


def _tags_in(features: Iterable[Feature]) -> set[str]:
    nodes = (node for each in features for node in (each, *each.walk_scenarios(with_rules=True)))
    return {str(tag) for node in nodes for tag in node.tags}


def not_loaded(features: Iterable[Feature], config: Configuration) -> Iterator[Feature]:
    """Read the features below the base folder that a run is not asked for."""
    loaded = {Path(feature.filename).resolve() for feature in features}
    for file, feature in feature_files.parse_all(feature_files.find(Path(config.base_dir))):
        if isinstance(feature, Feature) and file.resolve() not in loaded:
            yield feature


def _tags_asked(expression: Any, negated: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the names, or patterns, in a tag expression of behave, and whether it excludes them.

    A leaf has a name; `not` has one term, `and` and `or` have several; the old form (`~@slow`) has `ands`.
    """
    for name in (each for either in getattr(expression, "ands", ()) for each in either):
        yield name.removeprefix("-"), name.startswith("-")
    if hasattr(expression, "name"):
        yield expression.name, negated
    if hasattr(expression, "term"):
        yield from _tags_asked(expression.term, not negated)
    for term in getattr(expression, "terms", ()):
        yield from _tags_asked(term, negated)


def _check_titles(features: Sequence[Feature], names: Iterable[str]) -> None:
    titles = [each.name.strip() for feature in features for each in feature.walk_scenarios()]
    for name in names:
        if not any(re.search(name, title) for title in titles):
            raise UsageError(f"-n {name!r} is in no title.{_near(name, titles)}")


def _near(name: str, titles: Sequence[str]) -> str:
    """Return up to three titles that have all words of the name, each as the titles write it."""
    written = {word for title in titles for word in title.lower().split()}
    near = [difflib.get_close_matches(word, written, n=1) or [word] for word in name.lower().split()]
    found = [title for title in titles if all(word in title.lower() for (word,) in near)][:3]
    return f" Nearest are: {', '.join(f'“{title}”' for title in found)}." if found else ""

"""Feature files: where they are, and what is in them; the one place that parses them.

A file that cannot be read is an error of its own, with the file's name and the reason, and no obstacle to the
others: a run plays them, fails, and names it.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from behave.configuration import Configuration
from behave.i18n import languages
from behave.model import Examples, Feature, Rule, Scenario, ScenarioOutline
from behave.model_type import FileLocation
from behave.parser import ParserError, State, parse_feature
from behave.runner_util import FeatureScenarioLocationCollector2

from behave_flask.core import paths

UNAPPROVED = "unapproved"  # a tag of what was observed, and what nobody has approved yet
_SUFFIX = ".feature"
_language: list[str] = []  # of features that do not name theirs, as the run says


class UnreadableFeature(Exception):
    """A feature file that cannot be read, or holds what behave cannot parse."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        """Accept the file, the line up to which it can be read, and what is the matter."""
        shown = paths.shown(file)
        super().__init__(f"{shown}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason
        self.location = FileLocation(shown)  # as a list of what has to run again names it


def use_language(name: str | None) -> None:
    """Take the language of features that do not name theirs: `lang` of behave.ini, or `--lang`."""
    _language[:] = [name] if name else []


def configured_language() -> str | None:
    """Return the `lang` of behave.ini in this folder, for programs that behave does not run."""
    found: str | None = Configuration([]).lang
    return found


def find(folder: Path) -> Iterator[Path]:
    """Yield the feature files in a folder and all below it, in their order; behind links, too.

    A link that leads back to a folder in which it stands is not followed.
    """
    for name, folders, files in os.walk(folder, followlinks=True):
        here = Path(name)
        above = {each.resolve() for each in (here, *here.parents)}
        folders[:] = sorted(each for each in folders if (here / each).resolve() not in above)
        yield from (here / file for file in sorted(files) if file.endswith(_SUFFIX))


def parse(file: Path | str) -> Feature | None:
    """Return the feature of a file; None if it has none.

    :raises UnreadableFeature: if it cannot be read or parsed.
    """
    return parse_text(read(Path(file)), file)


def parse_text(text: str, file: Path | str) -> Feature | None:
    """Return the feature of the text of a file, which may be another than it has now; None if it has none.

    :raises UnreadableFeature: if it cannot be parsed.
    """
    path = Path(file)
    language = _language[0] if _language else None
    try:
        feature = parse_feature(text, language, str(file))
    except ParserError as error:
        what = " ".join(str(error.args[0]).split())
        raise UnreadableFeature(path, error.line or 1, f"cannot be parsed: {what}") from error
    except KeyError as error:
        unknown = error.args[0] if error.args[0] not in languages else error
        raise UnreadableFeature(path, 1, f"cannot be parsed: behave knows no language “{unknown}”") from error
    except Exception as error:
        what = f"cannot be parsed: behave's parser raises {type(error).__name__}: {error}"
        raise UnreadableFeature(path, 1, what) from error
    if feature is not None and feature.parser.state is State.MULTILINE_TEXT:
        begun = feature.parser.multiline_start
        raise UnreadableFeature(path, begun, "cannot be parsed: the text that begins here has no end")
    return feature


def file_of(place: FileLocation) -> Path:
    """Return the file of a place, as a feature is called that is loaded from it; a link stays one."""
    return Path(os.path.abspath(place.filename))  # noqa: PTH100


def load(places: Iterable[FileLocation]) -> Iterator[Feature | UnreadableFeature]:
    """Yield the feature of each place, with what its lines select, or why its file cannot be read."""
    for file, lines in groupby(places, key=file_of):
        try:
            feature = parse(file)
        except UnreadableFeature as error:
            yield error
            continue
        if feature is not None:
            collector = FeatureScenarioLocationCollector2(feature)
            for place in lines:
                collector.add_location(place)
            yield collector.build_feature()


def parse_all(files: Iterable[Path]) -> Iterator[tuple[Path, Feature | UnreadableFeature | None]]:
    """Yield each feature file with its feature, or why it cannot be read."""
    for file in files:
        try:
            yield file, parse(file)
        except UnreadableFeature as error:
            yield file, error


def tables_of(feature: Feature) -> Iterator[tuple[Scenario, Examples | None]]:
    """Yield the scenarios as they are written, an outline with each of its Examples in turn.

    behave's own walk would make a scenario of every row.
    """
    for item in feature.run_items:
        for scenario in item.run_items if isinstance(item, Rule) else [item]:
            outlines = isinstance(scenario, ScenarioOutline)
            yield from ((scenario, each) for each in (scenario.examples if outlines else [None]))


def is_approved(scenario: Scenario, examples: Examples | None) -> bool:
    """Return whether what a scenario says, or a table of an outline, is what somebody wants.

    :param scenario: as it is written.
    :param examples: the table, of an outline.
    """
    return UNAPPROVED not in {*scenario.effective_tags, *(examples.tags if examples else ())}


def lines(file: Path | str) -> list[str]:
    """Return the lines of a feature file, as behave counts them."""
    return read(Path(file)).splitlines()


def read(file: Path) -> str:
    """Return the text of a feature file, without the mark of UTF-8 at its beginning.

    :raises UnreadableFeature: if it is none, or cannot be opened.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFeature(file, 1, f"cannot be read: {_why(file, error)}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{error.object[error.start]:02x} in line {line}"
        raise UnreadableFeature(file, line, f"is not UTF-8 ({found}): save it as UTF-8") from error
    if "\0" in text:
        raise UnreadableFeature(file, 1, "holds zero bytes, as UTF-16 does: save it as UTF-8")
    return text


def _why(file: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and file.is_symlink():
        return f"it is a link to {file.readlink()}, which is not there"
    return error.strerror or type(error).__name__

"""All sentences that a feature can say, as one self-contained page for who writes features."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from behave.model import Scenario
from jinja2 import Environment, PackageLoader, StrictUndefined

from behave_flask.core import paths
from behave_flask.model.results import HOLDS, ExampleId
from behave_flask.model.step_catalogue import PLACE, Definition, Example
from behave_flask.reports.last_checked import Memory
from behave_flask.reports.living_documentation import MEMORY
from behave_flask.reports.previous_run import OWNERS_PAGE

PAGE = "words.html"
_UNTYPED = "any text"


@dataclass(frozen=True)
class LastRun:
    """What runs have last seen of each example, as the owner's page remembers it in a folder of reports."""

    reports: Path

    @cached_property
    def _memory(self) -> Memory:
        return Memory.read(self.reports / MEMORY)

    def held(self, scenario: Scenario) -> bool:
        """Return whether a scenario or row held when a run last checked it."""
        seen = self._memory.examples.get(ExampleId.of(scenario).anchor)
        return seen is not None and seen.state == HOLDS

    def link(self, example: Example) -> str:
        """Return where the owner's page has an example that held; nothing of another."""
        return f"{OWNERS_PAGE}#{ExampleId.of(example.scenario).anchor}" if self.held(example.scenario) else ""


@dataclass(frozen=True)
class Sentence:
    """A sentence as the page shows it.

    :param pieces: its text, in turn the words and the name of a place.
    :param fits: what fits in each place, by its name.
    :param link: to an example that held; empty for one that no run has seen hold.
    """

    keyword: str
    pieces: Sequence[str]
    fits: Sequence[tuple[str, str]]
    says: str
    example: str
    link: str
    uses: int


def write(reports: Path, definitions: Iterable[Definition], last: LastRun) -> str:
    """Write the page, and return its path as people see it."""
    groups = [
        (Path(file).stem.removesuffix("_steps").replace("_", " "), [_sentence(each, last) for each in some])
        for file, some in groupby(sorted(definitions, key=_file), key=_file)
    ]
    environment = Environment(
        loader=PackageLoader("behave_flask.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    reports.mkdir(parents=True, exist_ok=True)
    page = reports / PAGE
    page.write_text(environment.get_template(PAGE).render(groups=groups), encoding="utf-8")
    return paths.shown(page)


def _file(definition: Definition) -> str:
    return str(definition.matcher.location.filename)


def _sentence(definition: Definition, last: LastRun) -> Sentence:
    example = definition.example
    return Sentence(
        keyword=definition.kind.title(),
        pieces=[part.partition(":")[0] for part in PLACE.split(definition.pattern)],
        fits=list(_fits(definition)),
        says=definition.says,
        example=example.text if example else "",
        link=last.link(example) if example else "",
        uses=definition.uses,
    )


def _fits(definition: Definition) -> Iterator[tuple[str, str]]:
    for place in definition.places:
        yield place.name, place.described or (place.regexp if place.has_type else _UNTYPED)

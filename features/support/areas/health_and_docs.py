"""What the shop says of itself: whether it is well, and how it is to be used."""

import html
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from behave_flask import Operation
from behave_flask.core.routes import resolve
from behave_flask.ledgers.snapshots import Snapshots
from features.support.shop import schema
from features.support.shop.stages import before_statement
from features.support.world.operations import OPERATIONS, PageOperation
from features.support.world.world import World

DATABASE_DOWN = "The database does not answer: OperationalError"  # in the log
NO_LINE_LEFT = "The database does not answer: TimeoutError"
METHODS = {"get", "post", "put", "patch", "delete"}
# What makes a browser ask another place for something: addresses of scripts, pictures, fonts and styles.
LOADS = re.compile(r"<script|<iframe|<img|<link|\ssrc=|@import|url\(|https?://", re.IGNORECASE)


@dataclass(frozen=True)
class SchemaDifferences:
    """In what the database is not as the shop's code has it."""

    found: list[str]


@dataclass(frozen=True)
class PostgresqlTables:
    """What PostgreSQL would be asked for each table, by its name."""

    statements: dict[str, list[str]]


def keep_lines_busy(world: World) -> None:
    """Let the shop wait in vain for a connection to its database when it asks whether that is well."""

    def wait_in_vain(_cursor: Any, statement: str) -> None:
        if statement == "SELECT 1":  # not what ends the scenario
            raise NoConnectionLeft("QueuePool limit reached")

    before_statement(world.stage, wait_in_vain)


def compare_memory(world: World) -> None:
    """Let the operators see in what the database is not as the shop's code has it."""
    with world.stage.data() as session:
        found = schema.differences(session.connection())
    world.note(SchemaDifferences([*found, *schema.loose_references()]))


def reads_as_recorded(snapshots: Snapshots, title: str, world: World) -> None:
    """Compare what a person reads on the page with its snapshot, and where its links lead."""
    page = world.outcome.response.body.decode()
    body = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    links = re.findall(r'(?:href|id)="([^"]*)"', body)
    lines = [html.unescape(line).strip() for line in re.sub(r"<[^>]*>", "", body).splitlines()]
    snapshots.check(title, {"text": [line for line in lines if line], "links": links})


def found_at_location(world: World) -> None:
    """Check that an admin, who may see everything, finds what was made at the place that the answer names."""
    made = world.outcome
    place = made.response.headers.get("location", "nowhere")
    found = world.act("an admin", Operation("look where it is", f"GET {place}")).must_succeed()
    if found.body["id"] != made.body["id"]:
        raise AssertionError(f"At {place} is {found.body}, not {made.body}.")


def describes_everything(world: World) -> None:
    """Check that the description has exactly the routes that the shop answers to, but for its pages."""
    routes = world.stage.routes()
    on_pages = (each.request for each in OPERATIONS.values() if isinstance(each, PageOperation))
    pages = set(resolve(on_pages, routes)[0].values())
    described = {
        f"{method.upper()} {_plain(path)}"
        for path, operations in world.outcome.body["paths"].items()
        for method in METHODS & operations.keys()
    }
    answered = {
        f"{route.method} {_plain(route.path)}"
        for route in routes
        if route not in pages
        and route.method not in ("HEAD", "OPTIONS")  # which come with every GET, and with everything
    }
    _same("described", described, answered)


def page_names_everything(world: World) -> None:
    """Check that the page has every request of the description, and no other."""
    page = world.outcome.response.body.decode()
    shown = set(re.findall(r'<code class="request">([^<]+)</code>', page))
    who = world.outcome.exchange.who
    described = world.act(who, "read the description of the interface").must_succeed().body["paths"]
    _same("on the page", shown, {f"{m.upper()} {path}" for path in described for m in described[path]})


def page_loads_nothing(world: World) -> None:
    """Check that a browser that shows the page asks for nothing else."""
    page = world.outcome.response.body.decode()
    if found := LOADS.search(page):
        raise AssertionError(f"The page has {page[found.start() : found.end() + 60]!r}.")


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _same(what: str, found: set[str], expected: set[str]) -> None:
    if not expected or found != expected:
        missing, more = sorted(expected - found), sorted(found - expected)
        raise AssertionError(f"Not {what}: {missing or 'nothing'}. Only {what}: {more or 'nothing'}.")

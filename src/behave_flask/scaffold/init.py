"""`behave-flask init`: a first suite for a service, with the permission matrix of what it does now."""

import importlib
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable
from operator import attrgetter
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.cli import NoAppException, ScriptInfo

from behave_flask.core import forms, paths
from behave_flask.core.errors import UsageError
from behave_flask.core.extras import telling_where_to_look
from behave_flask.core.http import Request
from behave_flask.core.routes import filled
from behave_flask.core.stage import EMBEDDED, Stage
from behave_flask.core.world import World
from behave_flask.databases.none import NoDatabase
from behave_flask.databases.sqlite_files import Opened
from behave_flask.lint.checks import UNAPPROVED
from behave_flask.permissions.permission_matrix import PermissionMatrix
from behave_flask.scaffold.exploring import ids_of
from behave_flask.scaffold.files import ACCESS, Files
from behave_flask.scaffold.observing import Observed, Observer
from behave_flask.stages.embedded.stage import EmbeddedStage

NAMES = ("app", "application", "create_app", "make_app")  # as the command `flask` looks for them
MODULES = (
    "app",
    "wsgi",
    "application",
    "main",
    "server",
    "run",
)  # where a service mostly is, beside packages
_MAKES = (
    re.compile(r"^def (create_app|make_app)\(", re.MULTILINE),
    re.compile(r"^(app|application)\b[^=\n]*=", re.MULTILINE),
)
EVERY_S = 3.0
MAKERS = ("create_tables", "init_db", "init_database", "create_db", "setup_db", "initdb")
Say = Callable[[str], None]


def run(named: str | None, say: Say, migrate: str | None = None) -> int:
    """Write a first suite, or add what is new to it.

    :param named: `module:factory`, as `shop:create_app` or `shop:create_app('testing')`.
    :param say: takes each line of what is to be told.
    :param migrate: `module:function`, what makes the tables of an empty database, if it has to be said.
    :returns: the exit code: 0.
    :raises UsageError: if there is no such service.
    """
    named = named or os.environ.get("FLASK_APP") or _guessed()
    logging.disable()  # what the service logs is told with the cell in which it does
    files, own = Files(Path.cwd()), Path("features/environment.py").exists()
    if own:
        files.begin()
    hook = _own_hook() if own else None
    stages: dict[str, Callable[[], EmbeddedStage]] = getattr(hook, "stages", {})
    stage = stages[EMBEDDED]() if EMBEDDED in stages else _stage_of(named, migrate)
    module, factory = _factory(named)
    say(f"The service: {module}:{factory.removeprefix('lambda: ')}")
    stage, sign_in, database = _started(stage, named, migrate, say)
    if not _has_tables(stage):
        say(
            "Its database has no tables: say what makes them, in `behave-flask init --migrate"
            f" {_likely(module)}`, or in features/environment.py: hooks_for(..., migrate=...)."
        )
    if not own:
        files.begin()
    files.introduce(module, factory, sign_in, migrate, database)
    observer = Observer(stage, getattr(hook, "matrix", None) or PermissionMatrix.of(_world(), ACCESS.parent))
    found = observer.observe(files.unseen, _Progress(say))
    stage.stop()
    _write(files, found, observer.can_keep, say)
    if beside := _opened_beside(stage):
        say(
            f"While it was asked, the service opened {', '.join(beside.names)}, which no row puts back: what"
            f" was observed may not hold. {beside.cure} That is in features/environment.py; then remove"
            " features/operations.py and features/access/who_may_do_what.feature, and call init again."
        )
    return 0


def _started(
    stage: EmbeddedStage, named: str, migrate: str | None, say: Say
) -> tuple[EmbeddedStage, set[str], str | list[str] | None]:
    """Return the stage that has started, where one signs in, and files of SQLite that no setting names."""
    database: str | list[str] | None = None
    found, sign_in = stage.start(), _sign_in_pages(stage)
    while opened := _opened_beside(stage):
        names = opened.all_names
        database = names if len(names) > 1 else names[0]
        stage.stop()
        stage = _stage_of(named, migrate, database)
        found, sign_in = stage.start(), _sign_in_pages(stage)
    say(f"Found: {found}; {len(stage.routes())} routes.")
    if rows := stage.database.rows_left():
        there = ", ".join(f"{table} ({many})" for table, many in sorted(rows.items()))
        say(
            f"There are rows already: {there}. Each scenario begins with them. If they are yours, and not the"
            " service's own, let the factory in features/environment.py take an empty database."
        )
    return stage, sign_in, database


def _write(files: Files, found: Observed, can_keep: bool, say: Say) -> None:
    """Write what was observed, and say what was written and what was not."""
    files.add_operations(found.operations, found.unseen)
    changed = files.renew_rows(found.verdicts)
    files.add_rows(found.rows)
    files.add_exemptions(found.unknown)
    files.furnish_once(can_keep=can_keep)
    for name in files.written:
        say(f"Written: {name}")
    for name in files.kept:
        say(f"Kept as it is: {name}")
    for line in changed:
        say(f"Somebody has approved what is not so any more: {line}")
    if read := sorted({name for each in found.operations if each.method == "GET" for name in each.changes}):
        say(
            f"Reading changes {', '.join(read)}. If that is no matter, as with a cache or what was seen last:"
            f" hooks_for(..., ignored={read}) in features/environment.py, and not in features/operations.py."
        )
    for each in found.unknown:
        say(f"Could not be found out: {each}")
    say(
        f"{len(found.rows)} rows were observed. Nobody has approved them yet: they are tagged"
        f" @{UNAPPROVED} in {ACCESS}."
    )
    if files.lacking:
        say(f"{files.kept[0]} configures behave. Add to it, before you run it:\n{files.lacking}")
    say("Now: behave")


class _Progress:
    """Says now and then how far it is."""

    def __init__(self, say: Say) -> None:
        self._say, self._last = say, monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say it, if the last time is a while ago."""
        if monotonic() - self._last > EVERY_S:
            self._say(f"Observed: {done} of {total} routes")
            self._last = monotonic()


def _has_tables(stage: EmbeddedStage) -> bool:
    """Return whether there is a table, or no database that could have one."""
    if stage.database.description == NoDatabase.description:
        return True
    stage.database.begin()
    try:
        return bool(stage.database.snapshot())
    finally:
        stage.database.end()


def _imported(named: str) -> Callable[[], object]:
    """Return the function of a module. Raises UsageError if there is none."""
    module, _, name = named.partition(":")
    try:
        found: Callable[[], object] = attrgetter(name)(importlib.import_module(module))
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"There is no {named}: {error}") from error
    return found


def load(named: str) -> Flask:
    """Return the service that a module makes, found as the command `flask` finds it.

    :param named: as for `run`.
    :raises UsageError: with what has to be written.
    """
    try:
        return ScriptInfo(app_import_path=named).load_app()
    except NoAppException as error:
        raise UsageError(
            f"The service cannot be made: {_in_a_line(error)} Name it as `behave-flask init"
            " module:create_app`, with its arguments if it takes some:"
            " `behave-flask init \"shop:create_app('testing')\"`."
        ) from error
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"The service cannot be made: {type(error).__name__}: {error} ({paths.place_of(error)})."
            " Does it need a setting, or another configuration for tests?"
        ) from error


def _in_a_line(error: Exception) -> str:
    """Return what `flask` says; of a trace, in which it shows what an import raised, the last line."""
    text = str(error).strip()
    return f"{text.splitlines()[-1]}." if "Traceback" in text else text


def _factory(named: str) -> tuple[str, str]:
    """Return the module of the service, and what makes it, as Python has it: a name, or a lambda."""
    path, _, call = named.partition(":")
    module = path.removesuffix(".py").replace("/", ".")
    found = importlib.import_module(module)
    name = call.partition("(")[0] or next(name for name in NAMES if hasattr(found, name))
    is_app = isinstance(getattr(found, name), Flask)
    return module, f"lambda: {call or name}" if is_app or "(" in call else name


def _guessed() -> str:
    files = {name: Path(f"{name}.py") for name in MODULES}
    files |= {file.parent.name: file for file in sorted(Path().glob("*/__init__.py"))}
    files |= {f"{file.parent.name}.app": file for file in sorted(Path().glob("*/app.py"))}
    texts = {
        name: file.read_text(encoding="utf-8", errors="replace")
        for name, file in files.items()
        if file.exists()
    }
    for makes in _MAKES:  # a factory first: what it makes is new
        for name, text in texts.items():
            if (found := makes.search(text)) and "flask" in text.lower():
                return f"{name}:{found[1]}"
    raise UsageError("Which is the service? Name its factory: behave-flask init module:create_app")


def _sign_in_pages(stage: Stage) -> set[str]:
    """Return where one signs in: where a visitor is sent to, or finds a form with a password."""
    found: dict[str, set[str]] = {}  # with the pages that send somebody there
    for route in stage.routes():
        if route.method == "GET":
            path = filled(route.path, ids_of(route))
            stage.begin_scenario()
            try:
                answer = stage.send(Request("GET", path))
            except Exception:  # noqa: BLE001, S112 (it is told later, with its reason)
                continue
            finally:
                stage.end_scenario()
            if answer.status in (301, 302, 303, 307):
                found.setdefault(urlsplit(answer.headers.get("location", "")).path, set()).add(path)
            elif any("password" in form.kinds for form in forms.of(answer.body.decode(errors="replace"))):
                found.setdefault(path, set())
    return {path for path, pages in found.items() if _looks_like_sign_in(path, pages)}


def _looks_like_sign_in(path: str, pages: Iterable[str]) -> bool:
    words = ("login", "log-in", "signin", "sign-in", "sign_in", "authenticate", "/auth")
    others = ("register", "signup", "sign-up", "reset", "forgot")
    name = path.lower()
    return (
        any(each in name for each in words) and path not in pages and not any(each in name for each in others)
    )


def _likely(module: str) -> str:
    """Return what may make the tables, by the names of a module."""
    there = dir(importlib.import_module(module))
    return next((f"{module}:{name}" for name in MAKERS if name in there), "shop.models:db.create_all")


def _stage_of(named: str, migrate: str | None, database: str | list[str] | None = None) -> EmbeddedStage:
    return EmbeddedStage(load(named), migrate=_imported(migrate) if migrate else None, database=database)


def _opened_beside(stage: EmbeddedStage) -> Opened | None:
    """Return the files of SQLite that the service opens, and nobody names, if there are any."""
    opened: Opened | None = getattr(stage.database, "opened", None)
    return opened if opened and opened.names else None


def _own_hook() -> Any:
    """Return the hook of a suite that is there already; it knows its stages, and its matrix."""
    try:
        with telling_where_to_look():
            return getattr(importlib.import_module("features.environment"), "before_all", None)
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(
            f"features/environment.py cannot be imported: {type(error).__name__}: {error}"
            f" ({paths.place_of(error)})."
        ) from error


def _world() -> type[World]:
    """Import the suite's world, as it has been written."""
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    importlib.invalidate_caches()
    with telling_where_to_look():
        found: type[World] = importlib.import_module("features.world").World
    return found

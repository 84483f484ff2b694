"""`behave-flask init`: a first suite for a service that has none, green, with what the service does."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ACCESS = "features/access/who_may_do_what.feature"
Init = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a service, and nothing else."""
    for service in (EXAMPLES / "club/club.py", Path(__file__).with_name("guest_book.py")):
        shutil.copy(service, tmp_path)
    return tmp_path


@pytest.fixture
def init(project: Path) -> Init:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name("behave-flask"), "init", *arguments],
            cwd=project,
            env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


def rows(project: Path) -> list[list[str]]:
    """The rows of the matrix as they are written, without their headings."""
    lines = (line.strip() for line in (project / ACCESS).read_text().splitlines())
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|"))
    return [row for row in cells if row[0] != "who" and len(row) == 4]


@pytest.mark.parametrize("options", [[], ["-j", "2"], ["-D", "order=random"]], ids=" ".join)
def test_what_it_writes_is_green(
    project: Path, init: Init, behave: Callable[..., Any], options: list[str]
) -> None:
    done = init("guest_book:create_app")
    assert done.returncode == 0, done.stderr
    run = behave(project, *options)
    assert (run.code, {case.status for case in run.cases}) == (0, {"passed"}), run.output
    assert "Not approved yet (@unapproved): 5 scenarios" in run.output
    assert behave(project, "-D", "unapproved=refuse").code == 1


def test_it_says_what_each_route_does_now(project: Path, init: Init) -> None:
    init("guest_book:create_app")
    assert ["a visitor", "may", "see /", "GET /"] in rows(project)
    assert ["a visitor", "must sign in to", "post to /entries", "POST /entries"] in rows(project)
    strike = "/entries/{number}/strike"  # of which no page shows a form: a token is taken from another
    assert ["a visitor", "must sign in to", f"post to {strike}", f"POST {strike}"] in rows(project)


def test_a_form_is_filled_in_and_what_its_success_changes_is_noted(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    replace(project, "guest_book.py", '"guest" not in session', "False")
    replace(project, "guest_book.py", '(session["guest"], text)', '("nobody", text)')
    init("guest_book:create_app")
    told = (project / "features/operations.py").read_text()
    assert "'POST /entries', success=302, changes={'entry'}, valid=lambda world, who: " in told
    assert "{'form': world.fill(who, '/entries', {'text': 'example'}, on=['/'])}" in told
    assert behave(project).code == 0


CONFIGURED = {
    "pyproject.toml": """
[project]
name = "guests"

[tool.behave]
{}junit = false

[tool.behave.userdata]
seed = 7
""",
    "setup.cfg": "[metadata]\nname = guests\n\n[behave]\n{}junit = false\n\n[behave.userdata]\nseed = 7\n",
    ".behaverc": "[behave]\n{}junit = false\n\n[behave.userdata]\nseed = 7\n",
}
AS_TOLD = {
    "pyproject.toml": """
[tool.behave]
runner = "behave_flask:Runner"
default_format = "live"
show_skipped = false
junit_directory = "reports/junit"
scenario_outline_annotation_schema = "{name}"
[tool.behave.formatters]
live = "behave_flask:Live"
""",
    "setup.cfg": """
[behave]
runner = behave_flask:Runner
default_format = live
show_skipped = false
junit_directory = reports/junit
scenario_outline_annotation_schema = {name}
[behave.formatters]
live = behave_flask:Live
""",
}


@pytest.mark.parametrize("name", CONFIGURED)
def test_where_behave_is_configured_nothing_is_written_beside_it_and_what_lacks_is_told(
    project: Path, init: Init, behave: Callable[..., Any], name: str
) -> None:
    file, without = project / name, CONFIGURED[name].replace("{}", "")
    file.write_text(without)
    done = init("guest_book:create_app")
    told = AS_TOLD.get(name, AS_TOLD["setup.cfg"])
    assert f"{name} configures behave. Add to it, before you run it:{told}" in done.stdout
    assert file.read_text() == without
    assert not (project / "behave.ini").exists()
    run = behave(project)
    assert run.code == 1
    assert "behave's own runner cannot play this suite. Name another one where behave" in run.output
    first, *others = told.strip().partition("\n")[2].partition("[")
    file.write_text(CONFIGURED[name].replace("{}", first) + "".join(others))
    run = behave(project)
    assert (run.code, "Seed: 7." in run.output) == (0, True), run.output
    assert "configures behave" not in init("guest_book:create_app").stdout


def test_a_project_that_configures_other_things_alone_gets_a_file_for_behave(
    project: Path, init: Init
) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "guests"\n')
    (project / "setup.cfg").write_text("[metadata]\nname = guests\n")
    assert "Written: behave.ini" in init("guest_book:create_app").stdout
    assert (project / "behave.ini").read_text() == (EXAMPLES / "club/behave.ini").read_text()


STORES = """
from flask import Flask, abort, jsonify, redirect, request

STORES = {"corner": 3}
SPEC = {"openapi": "3.0.3", "servers": [{"url": "/api"}], "paths": {"/stores/{name}": {"put": {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Store"}}}}}}},
    "components": {"schemas": {"Store": {"type": "object", "required": ["size", "mail"], "properties": {
        "id": {"type": "integer", "readOnly": True}, "size": {"type": "integer", "minimum": 2},
        "mail": {"type": "string", "format": "email"}, "note": {"type": "string"}}}}}}


def create_app():
    app = Flask(__name__)
    app.get("/api/stores")(lambda: {"stores": [{"name": name} for name in STORES]})
    app.get("/api/openapi.json", endpoint="spec")(lambda: SPEC)

    @app.put("/api/stores/<name>")
    def change(name):
        given = request.get_json()
        if name not in STORES or set(given) != {"size", "mail"} or given["size"] < 2:
            abort(400)
        return "", 204

    return app
"""


def test_a_body_is_what_the_openapi_document_says_and_an_id_one_that_was_read(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    (project / "stores.py").write_text(STORES)
    done = init("stores:create_app")
    assert done.returncode == 0, done.stderr
    assert ["a visitor", "may", "put /api/stores/{name}", "PUT /api/stores/{name}"] in rows(project)
    told = (project / "features/operations.py").read_text()
    assert "{'name': 'corner', 'json': {'size': 2, 'mail': 'somebody@example.com'}}" in told
    assert behave(project).code == 0


TODOS = """
from flask import Flask, abort, request
from flask.views import MethodView

app = Flask(__name__)


@app.get("/todos")
def todos():
    return []


@app.post("/todos")
def add():
    data = request.get_json()
    if "title" not in data or data.get("mail", "").count("@") != 1:
        abort(422)
    return {}, 201


@app.post("/votes")
def vote():
    if int(request.form["stars"]) > 5 or not request.form.get("why"):
        abort(422)
    return {}, 201


class Todo(MethodView):
    def put(self, number):
        if (sent := request.json or {})["quantity"] < 1:
            abort(422)
        return "", 204

    def delete(self, number):
        return "", 204


app.add_url_rule("/todos/<int:number>", view_func=Todo.as_view("todo"))
"""


def test_a_body_is_what_the_view_reads_of_one(project: Path, init: Init, behave: Callable[..., Any]) -> None:
    (project / "todos.py").write_text(TODOS)
    init("todos:app")
    found = {row[3]: row[1] for row in rows(project)}
    assert set(found.values()) == {"may", "finds nothing when trying to"}, found
    told = (project / "features/operations.py").read_text()
    assert "{'json': {'title': 'example', 'mail': 'somebody@example.com'}}" in told
    assert "{'form': {'stars': '1', 'why': 'example'}}" in told
    assert "{'number': 1, 'json': {'quantity': 1}}" in told
    assert behave(project).code == 0


def with_a_keeper(project: Path) -> None:
    """Say in the suite that somebody keeps the stores, and that there is one."""
    world = project / "features/world.py"
    text = world.read_text().replace('("a visitor",)', '("a visitor", "a keeper")')
    text = text.replace("return Person(name)", 'return Person(name, "k" if name == "a keeper" else None)')
    world.write_text(text.replace("super().furnish()", 'STORES["corner"] = 3\n        super().furnish()'))
    replace(
        project,
        "features/world.py",
        "from behave_flask import P",
        "from stores import STORES\nfrom behave_flask import P",
    )


@pytest.fixture
def guarded(project: Path) -> Path:
    """The stores without any, of which one has to be a keeper to change them."""
    text = STORES.replace('STORES = {"corner": 3}', "STORES = {}")
    text = text.replace(
        "        given =", '        if "Authorization" not in request.headers: abort(401)\n        given ='
    )
    one = 'app.get("/api/stores/<name>", endpoint="one")(lambda name: "" if name in STORES else abort(404))'
    text = text.replace("    return app", f"    {one}\n    return app")
    (project / "stores.py").write_text(text)
    return project


def test_a_second_time_it_renews_what_nobody_could_be_seen_to_do(
    guarded: Path, init: Init, behave: Callable[..., Any]
) -> None:
    init("stores:create_app")
    operations = guarded / "features/operations.py"
    assert "'PUT /api/stores/{name}', valid=lambda world, who: {'name': 'x'," in operations.read_text()
    assert ["a visitor", "finds nothing when trying to"] in [row[:2] for row in rows(guarded)]
    with_a_keeper(guarded)
    done = init("stores:create_app")
    assert done.returncode == 0, done.stderr
    (line,) = (each for each in operations.read_text().splitlines() if "'PUT /api" in each)
    assert "success=204, valid=lambda world, who: {'name': 'corner', 'json'" in line
    assert "no success seen yet" not in line
    told = {row[0]: row[1] for row in rows(guarded) if row[3] == "PUT /api/stores/{name}"}
    assert told == {"a visitor": "must sign in to", "a keeper": "may"}
    told = {row[0]: row[1] for row in rows(guarded) if row[3] == "GET /api/stores/{name}"}
    assert told == {"a visitor": "may", "a keeper": "may"}
    run = behave(guarded)
    assert run.code == 0, run.output


def test_a_row_that_somebody_has_approved_is_left_and_told(guarded: Path, init: Init) -> None:
    init("stores:create_app")
    access = guarded / ACCESS
    access.write_text(access.read_text().replace("@unapproved", "@critical"))
    with_a_keeper(guarded)
    done = init("stores:create_app")
    assert "Somebody has approved what is not so any more: who_may_do_what.feature:" in done.stdout
    assert "says “finds nothing when trying to”, and what it is now is “may”" in done.stdout
    assert ["a visitor", "finds nothing when trying to"] in [row[:2] for row in rows(guarded)]


def test_what_could_not_be_found_out_is_exempt_once_and_no_longer_than_that(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    access, page = project / ACCESS, "        return page(LOGIN)"
    replace(project, "guest_book.py", page, "        raise RuntimeError")
    init("guest_book:create_app")
    first = access.read_text()
    init("guest_book:create_app")
    assert access.read_text() == first
    replace(project, "guest_book.py", "        raise RuntimeError", page)
    init("guest_book:create_app")
    assert "not found out" not in access.read_text()
    assert behave(project).code == 0


REGISTER = """
from flask import Flask, redirect, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

db = SQLAlchemy(model_class=type("Base", (DeclarativeBase,), {}))


class User(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Visit(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)

    def add(thing):
        db.session.add(thing)
        db.session.commit()

    @app.route("/login")
    def sign_in():
        return '<form method="post"><input name="name"><input type="password" name="password"></form>'

    @app.route("/register", methods=["GET", "POST"])
    def register():
        if request.method == "POST":
            add(User(name=request.form["name"]))
            return redirect("/login")
        return '<form method="post"><input name="name"></form>'

    @app.get("/search/<query>/<who>")
    def search(query, who):
        add(Visit())
        return query

    return app
"""


def test_a_registration_that_leads_to_the_page_for_signing_in_is_allowed(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    (project / "club.py").write_text(REGISTER)
    done = init("club:create_app")
    assert ["a visitor", "may", "post to /register", "POST /register"] in rows(project)
    assert "sign_in = ['/login']" in (project / "features/world.py").read_text()
    assert ["a visitor", "may", "see /search/{query}/{who}", "GET /search/{query}/{who}"] in rows(project)
    assert "Reading changes visit. If that is no matter" in done.stdout
    run = behave(project)
    assert run.code == 0, run.output


def test_the_world_is_furnished_once_where_it_can_be_kept_and_each_time_where_it_cannot(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    (project / "stores.py").write_text(STORES)
    for service, times in (("guest_book:create_app", 1), ("stores:create_app", None)):
        shutil.rmtree(project / "features", ignore_errors=True)
        init(service)
        access = (project / ACCESS).read_text()
        assert access.startswith("@furnish_once\n" if times else "Feature:")
        counted = "        super().furnish()\n        open('times', 'a').write('.')\n"
        replace(project, "features/world.py", "        super().furnish()\n", counted)
        (project / ACCESS).unlink()
        (project / "times").unlink(missing_ok=True)
        init(service)
        assert (len((project / "times").read_text()) == 1) == bool(times)
        run = behave(project)
        assert run.code == 0, run.output


def test_where_the_memory_of_a_service_hinders_it_each_scenario_furnishes_for_itself(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    init("guest_book:create_app")
    assert (project / ACCESS).read_text().startswith("@furnish_once")
    begun = "        super().furnish()\n        self.form('a visitor', '/')\n"
    replace(project, "features/world.py", "        super().furnish()\n", begun)
    leave = (
        '    @app.post("/leave")\n    def leave():\n'
        '        if session["csrf"] in GONE:\n            abort(403)\n'
        '        GONE.add(session["csrf"])\n        return "", 204\n\n    return app\n'
    )
    replace(project, "guest_book.py", "    return app\n", leave)
    replace(project, "guest_book.py", "def create_app", "GONE = set()\n\n\ndef create_app")
    done = init("guest_book:create_app")
    assert "(without @furnish_once: the service keeps something in memory)" in done.stdout
    assert (project / ACCESS).read_text().startswith("Feature:")
    assert ["a visitor", "may", "post to /leave", "POST /leave"] in rows(project)
    run = behave(project, "-D", "order=random")
    assert run.code == 0, run.output


def test_a_row_that_cannot_be_found_out_any_more_goes(
    guarded: Path, init: Init, behave: Callable[..., Any]
) -> None:
    init("stores:create_app")
    with_a_keeper(guarded)
    replace(guarded, "stores.py", '"" if name in STORES', "1 / 0 if name in STORES")
    done = init("stores:create_app")
    assert "Could not be found out: a visitor, GET /api/stores/{name}: " in done.stdout
    assert [row for row in rows(guarded) if row[3] == "GET /api/stores/{name}"] == []
    run = behave(guarded)
    assert run.code == 0, run.output


RAW = """
import sqlite3
from contextlib import closing

from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def look():
        with closing(sqlite3.connect("own.db")) as database:
            return str(database.execute("SELECT count(*) FROM visits").fetchone()[0])

    @app.post("/visits")
    def visit():
        with closing(sqlite3.connect("own.db")) as database, database:
            database.execute("INSERT INTO visits DEFAULT VALUES")
        return "", 201

    return app


def init_db():
    with closing(sqlite3.connect("own.db")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS visits (id INTEGER PRIMARY KEY)")
"""


def test_a_file_of_sqlite_that_no_setting_names_is_found_and_never_written_to(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    (project / "visits.py").write_text(RAW)
    assert "--migrate visits:init_db`" in init("visits:create_app").stdout
    shutil.rmtree(project / "features")
    done = init("visits:create_app", "--migrate", "visits:init_db")
    assert "Found: embedded, on a file of sqlite" in done.stdout
    assert "database='own.db'" in (project / "features/environment.py").read_text()
    assert "success=201, changes={'visits'}" in (project / "features/operations.py").read_text()
    run = behave(project)
    assert run.code == 0, run.output
    assert not (project / "own.db").exists()


BESIDE = """
    @app.post("/guests")
    def add_guest():
        with closing(sqlite3.connect("guests.db")) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS guest (name TEXT)")
            database.execute("INSERT INTO guest VALUES ('Ann')")
        return "", 201

    return app


def init_db():
"""


def test_a_file_that_is_opened_while_rows_are_observed_is_named_with_what_to_write(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    head, last = RAW.split("    return app\n\n\ndef init_db():\n")
    (project / "visits.py").write_text(head + BESIDE.removeprefix("\n") + last)
    done = init("visits:create_app", "--migrate", "visits:init_db")
    assert "the service opened guests.db, which no row puts back" in done.stdout
    cure = "Name all: hooks_for(..., database=['own.db', 'guests.db'])."
    assert cure in done.stdout

    environment = project / "features/environment.py"
    environment.write_text(
        environment.read_text().replace("database='own.db'", "database=['own.db', 'guests.db']")
    )
    (project / "features/operations.py").unlink()
    (project / "features/access/who_may_do_what.feature").unlink()
    assert "guests.db" not in init("visits:create_app", "--migrate", "visits:init_db").stdout
    run = behave(project)
    assert run.code == 0, run.output
    assert "changes={'guests:guest'}" in (project / "features/operations.py").read_text()
    assert not (project / "guests.db").exists()


def test_a_guard_that_is_taken_away_afterwards_turns_its_row_red(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    init("club:create_app('sqlite://')")
    assert behave(project).code == 0
    replace(project, "club.py", "        member()\n        return {", "        return {")
    run = behave(project)
    assert [case.scenario for case in run.cases if case.status != "passed"] == [
        "a visitor must sign in to see /members"
    ]


def test_a_second_time_it_adds_what_is_new_and_overwrites_nothing(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    init("club:create_app('sqlite://')")
    world = project / "features/world.py"
    world.write_text(
        world.read_text()
        .replace('("a visitor",)', '("a visitor", "the chair")')
        .replace(
            "        return Person(name)",
            '        if name == "a visitor":\n            return Person(name)\n'
            "        from club import Member\n\n"
            "        with self.stage.data() as session:\n"
            '            session.add(Member(name=name, email="c@b.example", token="chair", is_chair=True))\n'
            '        return Person(name, "chair")',
        )
    )
    mine = world.read_text()
    replace(project, "features/environment.py", "world=World", 'world=World, ignored=["members.requests"]')
    before = rows(project)
    done = init("club:create_app('sqlite://')")
    assert "Kept as it is: features/world.py" in done.stdout
    assert world.read_text() == mine
    assert rows(project)[: len(before)] == before
    added = rows(project)[len(before) :]
    assert ["the chair", "may", "see /members", "GET /members"] in added
    assert {row[0] for row in added} == {"the chair"}
    run = behave(project)
    assert run.code == 0, run.output


def test_what_cannot_be_found_out_is_told_and_exempt_with_its_reason(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    replace(
        project, "guest_book.py", "        return page(LOGIN)", '        raise RuntimeError("no template")'
    )
    done = init("guest_book:create_app")
    assert "Could not be found out: a visitor, GET /sign-in: " in done.stdout
    assert re.search(r"\| GET /sign-in +\| a visitor \| not found out: ", (project / ACCESS).read_text())
    run = behave(project)
    assert run.code == 0, run.output


def test_what_one_row_leaves_in_a_browser_is_not_there_in_the_next_one(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    routes = (
        '    app.get("/a-door", endpoint="door")(lambda: str(session.setdefault("is_in", True)))\n'
        '    app.get("/b-room", endpoint="room")(lambda: "" if "is_in" in session else abort(401))\n\n'
    )
    replace(project, "guest_book.py", "    return app\n", f"{routes}    return app\n")
    init("guest_book:create_app")
    assert (project / ACCESS).read_text().startswith("@furnish_once")
    assert ["a visitor", "may", "see /a-door", "GET /a-door"] in rows(project)
    assert ["a visitor", "must sign in to", "see /b-room", "GET /b-room"] in rows(project)
    run = behave(project)
    assert run.code == 0, run.output


PROVIDER = """
from flask import Flask, redirect


def create_app():
    app = Flask(__name__)
    app.get("/room")(lambda: redirect("/login"))
    app.get("/login", endpoint="login")(lambda: '<a href="https://provider.example/">Sign in there</a>')
    app.get("/breaks", endpoint="breaks")(lambda: (1 / 0 for _ in "x"))
    return app
"""


def test_where_one_is_sent_to_sign_in_is_known_by_its_name_and_an_answer_that_breaks_off_is_told(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    (project / "rooms.py").write_text(PROVIDER)
    done = init("rooms:create_app")
    assert ["a visitor", "must sign in to", "see /room", "GET /room"] in rows(project)
    assert "Could not be found out: a visitor, GET /breaks: " in done.stdout
    run = behave(project)
    assert run.code == 0, run.output


def test_a_row_that_another_route_answers_is_told_and_exempt(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    routes = (
        '    app.add_url_rule("/rooms/x", "x", lambda: "x")\n'
        '    app.add_url_rule("/rooms/<name>", "room", lambda name: name)\n\n'
    )
    replace(project, "guest_book.py", "    return app\n", f"{routes}    return app\n")
    done = init("guest_book:create_app")
    assert "Could not be found out: a visitor, GET /rooms/{name}: GET /rooms/x is answered by" in done.stdout
    assert [row[3] for row in rows(project) if "rooms" in row[3]] == ["GET /rooms/x"]
    assert behave(project).code == 0


def test_nothing_is_said_if_it_is_asked_to_be_quiet(init: Init) -> None:
    done = init("--quiet", "guest_book:create_app")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("nowhere:create_app", "Name it as `behave-flask init module:create_app`"),
        ("club:create_app", "with its arguments if it takes some"),
        ("club:make", "Name it as `behave-flask init module:create_app`"),
    ],
)
def test_a_service_that_cannot_be_made_is_refused_with_what_to_write(
    project: Path, init: Init, named: str, message: str
) -> None:
    done = init(named)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "features").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [('os.environ["CLUB_SECRET"]', "KeyError: 'CLUB_SECRET'"), ("raise SystemExit(3)", "SystemExit: 3")],
)
def test_what_the_service_raises_when_it_is_made_is_told_in_a_line(
    project: Path, init: Init, line: str, told: str
) -> None:
    replace(project, "club.py", "class Base(", f"{line}\n\n\nclass Base(")
    done = init("club:create_app('sqlite://')")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert told in done.stderr
    assert "club.py:" in done.stderr


def test_a_module_that_the_service_lacks_is_told_in_a_line(project: Path, init: Init) -> None:
    replace(project, "club.py", "class Base(", "import nothing_of_that_name\n\n\nclass Base(")
    done = init("club:create_app('sqlite://')")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "ModuleNotFoundError: No module named 'nothing_of_that_name'." in done.stderr


def test_a_suite_that_cannot_be_imported_is_told_in_a_line(project: Path, init: Init) -> None:
    init("guest_book:create_app")
    replace(project, "features/world.py", "personas = ", "personas = nobody + ")
    done = init("guest_book:create_app")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "features/environment.py cannot be imported: NameError: name 'nobody'" in done.stderr
    assert "(features/world.py:" in done.stderr


def test_without_a_name_the_service_is_looked_for(project: Path, init: Init) -> None:
    (project / "guest_book.py").rename(project / "app.py")
    assert "The service: app:create_app" in init().stdout
    (project / "app.py").unlink()
    done = init()
    assert (done.returncode, done.stderr) == (
        2,
        "Which is the service? Name its factory: behave-flask init module:create_app\n",
    )


def test_rows_that_are_there_already_are_told(project: Path, init: Init) -> None:
    replace(project, "club.py", "def create_app(database_url: str) -> Flask:", "def create_app() -> Flask:")
    replace(project, "club.py", "create_engine(database_url)", 'create_engine("sqlite:///club.sqlite")')
    first = init("club:create_app").stdout
    assert ", in club.sqlite; " in first
    assert "rows already" not in first
    with sqlite3.connect(project / "club.sqlite") as connection:
        connection.execute(
            "INSERT INTO members (name, email, token, is_chair, requests) VALUES ('Ann', 'a', 't', 1, 0)"
        )
    assert (
        "There are rows already: members (1). Each scenario begins with them."
        in init("club:create_app").stdout
    )


FOUND = {
    "app.py": "app = Flask(__name__)",
    "application.py": "application: Flask = Flask(__name__)",
    "server.py": "def create_app():\n    return Flask(__name__)",
    "main.py": "def make_app(config=None):\n    return Flask(__name__)",
    "shop/__init__.py": "def create_app():\n    return Flask(__name__)",
    "shop/app.py": "app = Flask(__name__)",
}


@pytest.mark.parametrize("file", FOUND)
def test_without_a_name_the_service_is_found_where_it_mostly_is(project: Path, init: Init, file: str) -> None:
    (project / file).parent.mkdir(exist_ok=True)
    (project / file.partition("/")[0] / "__init__.py").write_text("") if "/" in file else None
    (project / file).write_text(f"from flask import Flask\n\n\n{FOUND[file]}\n")
    (project / "run.py").write_text("print('this one is no service')\n")
    done = init()
    assert done.returncode == 0, done.stderr
    module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    assert f"The service: {module}:" in done.stdout


def test_the_rows_are_played_in_the_world_in_which_they_were_observed(
    project: Path, init: Init, behave: Callable[..., Any]
) -> None:
    init("guest_book:create_app")
    replace(
        project,
        "features/world.py",
        "        super().furnish()\n",
        "        super().furnish()\n"
        "        self.submit('Ann', '/sign-in', name='ann', password='a-long-password')\n"
        "        self.submit('Ann', '/', text='')\n"
        "        with self.stage.data() as database:\n"
        "            database.execute(\"INSERT INTO entry (guest, text) VALUES ('ann', 'Dark.')\")\n",
    )
    replace(
        project, "guest_book.py", 'if request.method == "POST" and request.form', "if False and request.form"
    )
    replace(project, "guest_book.py", '"guest" not in session', "False")
    replace(project, "guest_book.py", 'if entry["guest"] == session["guest"]:', "if entry:")
    (project / ACCESS).unlink()
    (project / "features/operations.py").unlink()
    done = init("guest_book:create_app")
    assert done.returncode == 0, done.stderr
    row = [row for row in rows(project) if row[3] == "POST /entries/{number}/strike"]
    assert [each[1] for each in row] == ["may"]
    run = behave(project)
    assert run.code == 0, run.output

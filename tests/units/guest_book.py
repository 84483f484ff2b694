"""A guest book on pages: a file of SQLite, forms with a token against forgery, a session; no API."""

import os
import secrets
import sqlite3
from typing import Any

from flask import Flask, abort, flash, g, redirect, render_template_string, request, session, url_for

SCHEMA = "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, guest TEXT NOT NULL, text TEXT NOT NULL)"
GUESTS = {"ann": "a-long-password", "ben": "another-password"}
PAGE = """<!doctype html><title>Guest book</title>
{% for message in get_flashed_messages() %}<p class="flash">{{ message }}</p>{% endfor %}{{ body | safe }}"""
TOKEN = '<input type="hidden" name="csrf" value="{{ session.csrf }}">'
LOGIN = f"""<form method="post">{TOKEN}<input name="name"><input name="password" type="password">
<button>Sign in</button></form>"""
ENTRIES = f"""{{% for entry in entries %}}<li>{{{{ entry.guest }}}}: {{{{ entry.text }}}}</li>{{% endfor %}}
<form method="post" action="/entries">{TOKEN}<input name="text"><button>Write</button></form>"""


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "only for tests")
    app.config["DATABASE"] = os.environ.get("DATABASE", "guest_book.sqlite")

    def database() -> sqlite3.Connection:
        if "database" not in g:
            g.database = sqlite3.connect(app.config["DATABASE"])
            g.database.row_factory = sqlite3.Row
            g.database.execute(SCHEMA)
        return g.database

    with app.app_context():
        database()

    @app.teardown_appcontext
    def close(_: object) -> None:
        if (connection := g.pop("database", None)) is not None:
            connection.close()

    def page(body: str, **values: Any) -> str:
        return render_template_string(PAGE, body=render_template_string(body, **values))

    @app.before_request
    def guard() -> Any:
        session.setdefault("csrf", secrets.token_hex())
        if request.method == "POST" and request.form.get("csrf") != session["csrf"]:
            abort(400)
        if request.endpoint in ("write", "strike") and "guest" not in session:
            return redirect(url_for("sign_in"))
        return None

    @app.get("/")
    def entries() -> str:
        return page(ENTRIES, entries=database().execute("SELECT * FROM entry ORDER BY id").fetchall())

    @app.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> Any:
        name = request.form.get("name", "")
        if request.method == "POST" and GUESTS.get(name) == request.form.get("password"):
            session["guest"] = name
            return redirect(url_for("entries"))
        if request.method == "POST":
            flash("No such guest.")
        return page(LOGIN)

    @app.post("/entries")
    def write() -> Any:
        if text := request.form.get("text", "").strip():
            database().execute("INSERT INTO entry (guest, text) VALUES (?, ?)", (session["guest"], text))
            database().commit()
        else:
            flash("Write something.")
        return redirect(url_for("entries"))

    @app.post("/entries/<int:number>/strike")
    def strike(number: int) -> Any:
        entry = database().execute("SELECT guest FROM entry WHERE id = ?", (number,)).fetchone() or abort(404)
        if entry["guest"] == session["guest"]:
            database().execute("DELETE FROM entry WHERE id = ?", (number,))
            database().commit()
        else:
            flash("That is somebody else's.")
        return redirect(url_for("entries"))

    return app

"""A tea house on pages: no database, no queue; forms with a token against forgery, a tray in the session."""

import os
import secrets
from typing import Any

from flask import Flask, abort, redirect, render_template_string, request, session, url_for

TEAS = {"Assam": "black, from India", "Sencha": "green, from Japan"}
PASSWORDS = {"ann": "a-long-password", "hana": "another-password"}
HOST = "hana"
TOKEN = '<input type="hidden" name="csrf" value="{{ session.csrf }}">'
SIGN_IN = f"""<!doctype html><title>Sign in</title><p role="alert">{{{{ reason }}}}</p>
<form method="post">{TOKEN}<input name="name"><input name="password" type="password">
<button>Sign in</button></form>"""
MENU = f"""<!doctype html><title>Tea house</title><p role="alert">{{{{ reason }}}}</p>
<ul>{{% for tea in session.tray %}}<li>{{{{ tea }}}}</li>{{% endfor %}}</ul>
<form method="post" action="/tray">{TOKEN}<input name="tea" list="teas"><button>Take</button></form>
<datalist id="teas">{{% for tea in teas %}}<option>{{{{ tea }}}}</option>{{% endfor %}}</datalist>"""


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "only for tests")

    @app.before_request
    def guard() -> Any:
        session.setdefault("csrf", secrets.token_hex())
        if request.method == "POST" and request.form.get("csrf") != session["csrf"]:
            abort(400)
        if request.endpoint in ("take", "kitchen") and "guest" not in session:
            return redirect(url_for("sign_in"))
        return None

    def menu_page(reason: str = "") -> str:
        return render_template_string(MENU, teas=TEAS, reason=reason)

    @app.get("/")
    def menu() -> str:
        return menu_page()

    @app.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> Any:
        if request.method == "GET":
            return render_template_string(SIGN_IN)
        name = request.form.get("name", "")
        if (name, request.form.get("password")) not in PASSWORDS.items():
            return render_template_string(SIGN_IN, reason="Name and password do not fit."), 422
        session["guest"] = name
        return redirect(url_for("menu"))

    @app.post("/tray")
    def take() -> Any:
        if (tea := request.form.get("tea")) not in TEAS:
            return menu_page("We have no such tea."), 422
        session["tray"] = [*session.get("tray", []), tea]
        return redirect(url_for("menu"))

    @app.get("/kitchen")
    def kitchen() -> dict[str, str]:
        return TEAS if session["guest"] == HOST else abort(403)

    return app

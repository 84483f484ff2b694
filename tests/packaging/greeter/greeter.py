"""A service with neither a database nor background work: it greets whom it knows."""

from flask import Flask, abort

app = Flask(__name__)


@app.get("/greetings/<name>")
def greeting(name):
    if name != "Ann":
        abort(404)
    return {"greeting": f"Hello, {name}!"}


@app.errorhandler(404)
def problem(error):
    return {"status": 404, "title": error.name}, 404, {"Content-Type": "application/problem+json"}

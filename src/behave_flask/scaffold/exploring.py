"""What a service tells of its own requests: by its pages, the forms on them, and its OpenAPI document."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Any

from behave_flask.core import forms
from behave_flask.core.http import Request, Response
from behave_flask.core.operations import Operation
from behave_flask.core.routes import Route, filled, request_of
from behave_flask.core.stage import Stage
from behave_flask.core.world import World
from behave_flask.scaffold import reading
from behave_flask.scaffold.made_up import filled_in
from behave_flask.scaffold.openapi import Document
from behave_flask.scaffold.valid import Valid

_VALUES = {"int": 1, "float": 1.0, "uuid": "00000000-0000-0000-0000-000000000001"}  # by converter
_FITS = {"int": r"\d+", "float": r"\d+\.\d+", "path": ".+"}
_WITH_BODY = ("POST", "PUT", "PATCH")
AT_MOST = 3  # tries of one request, each by everybody
Scenario = Callable[[], AbstractContextManager[World]]


class Explorer:
    """Reads everything that can be read, as everybody, and says how a request may be filled in."""

    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        """Accept a stage that has started.

        :param scenario: begins one, with a furnished world.
        """
        self._stage, self._scenario = stage, scenario
        self._documents: list[Document] = []
        self._forms: list[tuple[str, forms.Form]] = []  # with the path of the page
        self._paths: dict[str, None] = {}  # where pages lead
        self._data: list[tuple[str, Any]] = []  # JSON, with the path where it was read
        self._token = ""  # a page that shows anybody a hidden field

    def read_as(self, who: str) -> None:
        """Ask for everything that can be read as somebody, each in a scenario of its own."""
        routes = [each for each in self._stage.routes() if each.method == "GET"]
        for route in sorted(routes, key=lambda each: len(each.names)):
            ids, request = self._ids_of(route)[0], request_of(route, routes)
            with suppress(Exception), self._scenario() as world:  # what it raises is told when it is played
                world.person(who)
                world.act(who, Operation("read", request), ids=ids)
                sent = world.exchanges[-1]
                if sent.response.status == 200:
                    self._learn(sent.request.path, sent.response)

    def valid(self, route: Route) -> list[Valid]:
        """Return what may be valid in a request of a route, the likeliest first."""
        paths = self._ids_of(route)
        described = [Valid(each, self._arguments(route)) for each in paths]
        found = list(self._filled_in(route)) or described
        if route.method == "POST" and self._token and not found[0].to and not found[0].arguments:
            found = [Valid(each, to=filled(route.path, each), on=(self._token,)) for each in paths]
        return found[:AT_MOST]

    def _ids_of(self, route: Route) -> list[dict[str, object]]:
        """Return what each name in the path may be: where a page leads, what data have, or something."""
        leads = next((_ids(found, route) for found in self._leading_to(route)), None)
        plain = ids_of(route)
        known = self._known() if plain else {}
        read = {name: self._value(route, name, known.get(name, guess)) for name, guess in plain.items()}
        found = [each for each in (leads, read) if each and self._leads_to(route, filled(route.path, each))]
        found.append(plain)
        return [each for number, each in enumerate(found) if each not in found[:number]]

    def _known(self) -> dict[str, object]:
        """Return a value for each name that is in the path of a page, the plainest path first."""
        known: dict[str, object] = {}
        routes = {(each.path, each.converters): each for each in self._stage.routes() if each.names}
        for route in sorted(routes.values(), key=lambda each: -len(re.sub(r"\{\w+\}", "", each.path))):
            for found in self._leading_to(route):
                known = {**_ids(found, route), **known}
                break
        return known

    def _leading_to(self, route: Route) -> Iterator[re.Match[str]]:
        """Yield the paths that pages lead to and that are of a route."""
        pattern = _pattern(route)
        matches = ((path, pattern.fullmatch(path)) for path in self._paths)
        return (found for path, found in matches if found and self._leads_to(route, path))

    def _leads_to(self, route: Route, path: str) -> bool:
        answers = self._stage.route_of(Request(route.method, path))
        return answers is None or answers.key == route.key

    def _value(self, route: Route, name: str, guess: object) -> object:
        """Return what data have under this name, first those that were read at the path above it."""
        above = _pattern(replace(route, path=route.path.partition(f"{{{name}}}")[0].rstrip("/")))
        read_there = [data for path, data in self._data if above.fullmatch(path.rstrip("/"))]
        anywhere = [] if name in ("id", "name") else [data for _, data in self._data]
        last = name.rpartition("_")[2]  # `id`, where the path has `user_id`
        found = chain(_values(read_there, name), _values(read_there, last), _values(anywhere, name))
        return next(found, guess)

    def _arguments(self, route: Route) -> dict[str, Any]:
        described = next(filter(None, (each.arguments_of(route) for each in self._documents)), {})
        return described or self._read_by_its_view(route)

    def _read_by_its_view(self, route: Route) -> dict[str, Any]:
        """Return what the view of a route reads of a body, as its code has it."""
        app = getattr(self._stage, "app", None)
        if app is None or route.method not in _WITH_BODY:
            return {}
        for rule in app.url_map.iter_rules():
            answers = route.method in (rule.methods or ())
            if answers and Route.of(rule, route.method, app.config["SERVER_NAME"]) == route:
                return reading.arguments_of(app.view_functions[rule.endpoint], route.method)
        return {}

    def _filled_in(self, route: Route) -> Iterator[Valid]:
        """Yield the forms that go to a route, filled in, each as it is on the first page that has it."""
        pattern, seen = _pattern(route), list[tuple[str, Any]]()
        for page, form in self._forms if route.method == "POST" else ():
            to, content = form.goes_to(page), filled_in(form)
            found = pattern.fullmatch(to) if form.method == "post" else None
            if found and (to, content) not in seen and self._leads_to(route, to):
                seen.append((to, content))
                on = dict.fromkeys((page, self._token) if self._token and form.hidden else (page,))
                yield Valid(_ids(found, route), {}, to, content, tuple(on))

    def _learn(self, path: str, response: Response) -> None:
        if response.is_json:
            with suppress(ValueError):
                data = json.loads(response.body)
                if Document.is_one(data):
                    self._documents.append(Document(data))
                else:
                    self._data.append((path, data))
        elif response.type == "text/html":
            page = response.body.decode(errors="replace")
            for form in forms.of(page):
                self._forms.append((path, form))
                self._paths[form.goes_to(path)] = None
                self._token = self._token or (path if form.method == "post" and form.hidden else "")
            self._paths.update(dict.fromkeys(forms.links(page, path)))


def ids_of(route: Route) -> dict[str, object]:
    """Return something that each name in the path may be."""
    converters = (*route.converters, *[""] * len(route.names))
    return {
        name: _VALUES.get(re.split(r"\W", each)[0], "x" if not name.endswith("id") else 1)
        for name, each in zip(route.names, converters, strict=False)
    }


def _pattern(route: Route) -> re.Pattern[str]:
    """Return what fits the paths of a route."""
    kinds = iter((*route.converters, *[""] * len(route.names)))
    parts = re.split(r"\{(\w+)\}", route.path)
    named = [f"(?P<{name}>{_FITS.get(re.split(r'[^a-z]', next(kinds))[0], '[^/]+')})" for name in parts[1::2]]
    plain = map(re.escape, parts[::2])
    return re.compile("".join(chain.from_iterable(zip_longest(plain, named, fillvalue=""))))


def _ids(found: re.Match[str], route: Route) -> dict[str, object]:
    """Return what a path has for each name, a number where only numbers fit."""
    numbers = [each.startswith("int") for each in (*route.converters, *[""] * len(route.names))]
    return {
        name: int(value) if is_number else value
        for (name, value), is_number in zip(found.groupdict().items(), numbers, strict=False)
    }


def _values(data: Any, key: str) -> Iterator[object]:
    """Yield what JSON has under a key, wherever that is in it."""
    if isinstance(data, dict):
        if isinstance(data.get(key), str | int):
            yield data[key]
        for each in data.values():
            yield from _values(each, key)
    elif isinstance(data, list):
        for each in data:
            yield from _values(each, key)

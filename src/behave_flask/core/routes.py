"""What a service answers to, as Flask routes it: a rule with its converters, a method, a host or subdomain.

Features name a route by a request, as in `GET /users/{id}`. Where several rules fit that, the names of the
parameters distinguish them; else the request says the converter, `GET /users/{int:id}`. A rule of a subdomain
or host is named with it: `GET //admin.example.com/users`. What is ambiguous is an error that says what to
write.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder

from behave_flask.core.http import Request

WEBSOCKET = "WEBSOCKET"  # in place of a method: such a rule answers no plain request
_EVERY_METHOD = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}  # of a rule that names none
_CONVERTER = r"(?:(?P<converter>[a-zA-Z_]\w*(?:\(.*?\))?):)?"
_OF_FLASK = re.compile(rf"<{_CONVERTER}(?P<name>[a-zA-Z_]\w*)>")
_IN_BRACES = re.compile(rf"\{{{_CONVERTER}(?P<name>\w*)\}}")
_SAME_AS_STRING = {"", "default", "unicode"}  # to Werkzeug


class NoSuchRoute(LookupError):
    """The service does not answer to this request."""


class AmbiguousRequest(LookupError):
    """Several rules fit this request; the message says how each is written."""


@dataclass(frozen=True, order=True)
class Route:
    """One thing that the service answers to: a method, and a path with names in braces for what varies.

    :ivar host: where the rule is of one host or subdomain, else empty.
    :ivar converters: of the parameters in host and path, in order, as `int` or `int(min=1)`; empty where a
        request that a feature names says none.
    """

    path: str
    method: str
    host: str = ""
    converters: tuple[str, ...] = ()

    @classmethod
    def parse(cls, request: str) -> "Route":
        """Read "DELETE /api/users/{id}", "GET /users/{int:id}" or "GET //admin.example.com/users".

        :param request: a method and a path, which may name a host and converters.
        :returns: the route that it is written as.
        :raises ValueError: for anything else.
        """
        method, _, address = request.partition(" ")
        host, path = split_host(address)
        if not (method.isupper() and path.startswith("/")):
            raise ValueError(
                f"{request!r} is no request: write a method and a path, as in DELETE /things/{{id}}."
            )
        converters = tuple(_plain(found["converter"]) for found in _IN_BRACES.finditer(host + path))
        return cls(_named(path), method, _named(host), converters if any(converters) else ())

    @classmethod
    def of(cls, rule: Rule, method: str, server_name: str | None = None) -> "Route":
        """Make the route of a rule of the service's own list.

        :param rule: the rule, from Flask's `url_map`.
        :param method: one of its methods.
        :param server_name: what a subdomain is before, as Flask's SERVER_NAME.
        :returns: the route.
        """
        host = _host(rule, server_name or "localhost")
        path = re.sub("/{2,}", "/", rule.rule) if rule.merge_slashes else rule.rule  # as Werkzeug matches it
        converters = tuple(_known(found["converter"]) for found in _OF_FLASK.finditer(host + path))
        return cls(_OF_FLASK.sub(r"{\g<name>}", path), method, _OF_FLASK.sub(r"{\g<name>}", host), converters)

    @property
    def names(self) -> list[str]:
        """The names of the parameters in host and path."""
        return [found["name"] for found in _IN_BRACES.finditer(self.host + self.path)]

    @cached_property
    def pattern(self) -> str:
        """Host and path without the names, which do not matter."""
        return _IN_BRACES.sub("{}", f"{self._before_path}{self.path}")

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What Flask distinguishes routes by: two with the same are one, of which the first answers."""
        return self.method, self.pattern, self.converters

    @property
    def in_full(self) -> str:
        """The request with the converters, as `GET /users/{int:id}`."""
        converters = iter(self.converters or [""] * len(self.names))

        def with_converter(found: re.Match[str]) -> str:
            converter = next(converters)
            return f"{{{converter}{':' if converter else ''}{found['name']}}}"

        return f"{self.method} {_IN_BRACES.sub(with_converter, self._before_path + self.path)}"

    def fits(self, other: "Route") -> bool:
        """Return whether a request that a feature names may be of this route, whatever its names are.

        :param other: the route of the service.
        """
        return (self.method, self.pattern) == (other.method, other.pattern) and all(
            written in ("", known) for written, known in zip(self.converters, other.converters, strict=False)
        )

    def __str__(self) -> str:
        return f"{self.method} {self._before_path}{self.path}"

    @property
    def _before_path(self) -> str:
        return f"//{self.host}" if self.host else ""


def routes_of(app: Flask) -> list[Route]:
    """Return every route of the service: each rule with each of its methods, HEAD and OPTIONS too.

    :param app: the service.
    :raises AssertionError: if there is none, or a view has no route: then the list could not be trusted.
    """
    rules = [rule for rule in app.url_map.iter_rules() if not rule.build_only]
    if unseen := set(app.view_functions) - {rule.endpoint for rule in rules}:
        raise AssertionError(f"These views have no route, so nobody can say who may ask them: {unseen}.")
    routes = (
        Route.of(rule, method, app.config["SERVER_NAME"]) for rule in rules for method in _methods(rule)
    )
    found: dict[object, Route] = {}
    for route in routes:
        found.setdefault(route.key, route)
    if not found:
        raise AssertionError("The service has no routes at all: the list of routes was not taken from it.")
    return sorted(found.values())


def answering(app: Flask, request: Request) -> Route | None:
    """Return the route by which the service answers a request; None if it has none, or redirects.

    :param app: the service.
    :param request: as it is sent, without names in braces.
    """
    host, path = split_host(request.path)
    base = f"http://{host or app.config['SERVER_NAME'] or 'localhost'}"
    asked = app.request_class(EnvironBuilder(path, base, method=request.method).get_environ())
    try:
        adapter = app.create_url_adapter(asked)
        rule = adapter.match(return_rule=True)[0] if adapter else None
    except HTTPException:  # none fits, or the request is sent on to another address
        return None
    return Route.of(rule, request.method, app.config["SERVER_NAME"]) if rule else None


def find(request: str, routes: Collection[Route]) -> Route:
    """Return the one route that a request of a feature means.

    :param request: as a feature writes it, such as ``GET /users/{id}``.
    :param routes: all of the service.
    :raises NoSuchRoute: if none fits; the message names what is nearest.
    :raises AmbiguousRequest: if several do; the message says how each is written.
    :raises ValueError: if it is no request.
    """
    asked = Route.parse(request)
    fitting = [route for route in routes if asked.fits(route)]
    if len(fitting) > 1:
        fitting = [route for route in fitting if route.names == asked.names] or fitting
    if not fitting:
        near = " or ".join(request_of(route, routes) for route in sorted(routes) if _is_near(asked, route))
        raise NoSuchRoute(f"there is no {request} any more{'; there is ' if near else ''}{near}")
    if len(fitting) > 1:
        which = " or ".join(route.in_full for route in sorted(fitting))
        raise AmbiguousRequest(f"{request} is ambiguous: write {which}")
    return fitting[0]


def request_of(route: Route, routes: Collection[Route]) -> str:
    """Return the shortest request that means this route and no other.

    :param route: the route to name.
    :param routes: all of the service.
    """
    try:
        if find(str(route), routes) == route:
            return str(route)
    except AmbiguousRequest:
        pass
    return route.in_full


def resolve(
    requests: Iterable[str], routes: Collection[Route]
) -> tuple[dict[str, Route], dict[str, LookupError]]:
    """Return the route of each request; and of each that has none, or several, what is the matter.

    :param requests: as features write them.
    :param routes: all of the service.
    """
    found: dict[str, Route] = {}
    wrong: dict[str, LookupError] = {}
    for request in dict.fromkeys(requests):
        try:
            found[request] = find(request, routes)
        except LookupError as error:
            wrong[request] = error
    return found, wrong


def filled(request: str, values: Mapping[str, object]) -> str:
    """Return a request or path with a value for each of its names.

    :param request: such as ``GET /users/{id}``.
    :param values: what to put in, by name.
    :raises KeyError: for a name without a value.
    """
    return _IN_BRACES.sub(lambda found: str(values[found["name"]]), request)


def split_host(address: str) -> tuple[str, str]:
    """Return the host, if one is named, and the path.

    :param address: a path, or one with a host as in ``//admin.example.com/users``.
    """
    if not address.startswith("//"):
        return "", address
    host, slash, path = address[2:].partition("/")
    return host, slash + path


def _methods(rule: Rule) -> Iterable[str]:
    if rule.websocket:
        return {WEBSOCKET}
    return _EVERY_METHOD if rule.methods is None else rule.methods


def _host(rule: Rule, server_name: str) -> str:
    if rule.map.host_matching:
        return rule.host or ""
    return f"{rule.subdomain}.{server_name}" if rule.subdomain else ""


def _named(text: str) -> str:
    return _IN_BRACES.sub(r"{\g<name>}", text)


def _plain(converter: str | None) -> str:
    """Return a converter as a feature may say it, in one spelling; empty for none."""
    return _known(converter) if converter else ""


def _known(converter: str | None) -> str:
    """Return the converter of a rule, in one spelling."""
    name, bracket, arguments = "".join((converter or "").split()).partition("(")
    arguments = "" if arguments == ")" else bracket + arguments
    return f"{'string' if name in _SAME_AS_STRING else name}{arguments}"


def _is_near(asked: Route, route: Route) -> bool:
    """Return whether this route may be intended: on another host, or with or without a final slash."""
    plain, other = (_IN_BRACES.sub("{}", each.path).rstrip("/") for each in (asked, route))
    return asked.method == route.method and plain == other

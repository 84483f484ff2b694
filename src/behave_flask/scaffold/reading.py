"""What the code of a view reads of a request, where no form and no document tell it: the names of fields."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from behave_flask.scaffold.made_up import text

JSON, FORM = "json", "form"  # as `World.request` calls them
_KINDS = {"get_json": JSON, "json": JSON, "form": FORM, "values": FORM}  # attributes of `request`
_NUMBERS = {"int": 1, "float": 1.0}
_COUNTED = ("_id", "quantity", "amount", "count", "price", "cents", "year", "age", "number")


def arguments_of(view: Callable[..., Any], method: str) -> dict[str, Any]:
    """Return a body with all that a view reads of one, as `World.request` takes it; nothing if none is known.

    :param view: the service's function, or that of a class with a method for each HTTP method.
    :param method: of the request.
    """
    code = _code_of(view, method)
    if code is None:
        return {}
    holders = dict(_holders(code))
    found: dict[str, dict[str, Any]] = {kind: {} for kind in holders.values()}
    for node in ast.walk(code):
        for kind, name, value in _reads(node, holders):
            if name not in found.setdefault(kind, {}) or isinstance(value, int | float):
                found[kind][name] = value
    if FORM in found:
        found[FORM] = {name: str(value) for name, value in found[FORM].items()}
    return {kind: values for kind, values in found.items() if values or kind == JSON}


def _code_of(view: Callable[..., Any], method: str) -> ast.AST | None:
    kind = getattr(view, "view_class", None)
    function = inspect.unwrap(getattr(kind, method.lower(), view) if kind else view)
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # it is no function of a file's
        return None


def _holders(code: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the variables that hold a body, with its kind."""
    for node in ast.walk(code):
        if isinstance(node, ast.Assign | ast.NamedExpr) and (kind := _kind(node.value, {})):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    yield target.id, kind


def _kind(node: ast.expr, holders: dict[str, str]) -> str:
    """Return which body an expression is, if it is one: `request.json`, `request.get_json() or {}` ..."""
    if isinstance(node, ast.NamedExpr):
        return _kind(node.value, holders)
    if isinstance(node, ast.BoolOp):
        return _kind(node.values[0], holders)
    if isinstance(node, ast.Call):
        return _kind(node.func, holders)
    if isinstance(node, ast.Name):
        return holders.get(node.id, "")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
        return _KINDS.get(node.attr, "")
    return ""


def _reads(node: ast.AST, holders: dict[str, str]) -> Iterator[tuple[str, str, Any]]:
    """Yield the kind of a body, a name that is read of it, and a value that fits."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMBERS:
        for kind, name, _ in (read for each in node.args for read in _reads(each, holders)):
            yield kind, name, _NUMBERS[node.func.id]
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield from _read(node.value, node.slice, holders)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        if node.func.attr in ("get", "pop", "getlist"):
            yield from _read(node.func.value, node.args[0], holders)
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        yield from _read(node.comparators[0], node.left, holders)


def _read(body: ast.expr, key: ast.expr, holders: dict[str, str]) -> Iterator[tuple[str, str, Any]]:
    kind = _kind(body, holders)
    if kind and isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield kind, key.value, 1 if key.value.lower().endswith(_COUNTED) else text(key.value)

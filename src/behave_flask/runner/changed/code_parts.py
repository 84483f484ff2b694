"""The parts that a file of Python is compared by: its functions, and what is left when they are taken out.

Layout, comments and docstrings change nothing. A function is named as in a traceback (`Order.total`); what is
defined inside belongs to it. What runs when the module is imported is one part more, `OUTSIDE`.
"""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

OUTSIDE = ""  # of all functions
_STEP = {"given", "when", "then", "step"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Parts:
    """The parts of one file.

    :ivar digests: what each part says, by its name.
    :ivar owner: the function of each line of a body.
    """

    digests: dict[str, str]
    owner: dict[int, str]


def parts_of(source: bytes, *, hooks: bool = False) -> Parts:
    """Read the parts of a file; one that cannot be parsed has the part outside of functions alone.

    :param hooks: whether functions in it are called by their names, without anything that says so.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Parts({OUTSIDE: digest(source)}, {})
    called_elsewhere = _called_elsewhere(tree)
    hooks = hooks or "*" in called_elsewhere  # which may be any name
    owner: dict[int, str] = {}
    said: dict[str, list[str]] = defaultdict(list)
    for name, function, around in list(_functions(tree)):
        owner.update(dict.fromkeys(range(function.body[0].lineno, (function.end_lineno or 0) + 1), name))
        said[name].append(ast.dump(ast.Module(_code(function), [])))
        if not hooks and name not in called_elsewhere and _stands_alone(function, name):
            said[name].append(ast.dump(function.args) + "".join(map(ast.dump, function.decorator_list)))
            around.remove(function)
        else:
            function.body = []
    tree.body = _code(tree)
    said[OUTSIDE].append(ast.dump(tree))
    return Parts({name: digest("\n".join(each).encode()) for name, each in said.items()}, owner)


def digest(content: bytes) -> str:
    """Return what names a content."""
    return sha256(content).hexdigest()[:16]


def _functions(node: ast.AST, around: str = "") -> Iterator[tuple[str, _Function, list[ast.stmt]]]:
    for _, value in ast.iter_fields(node):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, _Function):
                yield f"{around}{each.name}", each, value
            elif isinstance(each, ast.ClassDef):
                yield from _functions(each, f"{around}{each.name}.")
            elif isinstance(each, ast.stmt | ast.excepthandler):  # what stands below an `if` or a `with`
                yield from _functions(each, around)


def _called_elsewhere(tree: ast.Module) -> set[str]:
    """Return the names by which others call something already: a function of that name is called instead."""
    imports = (each for each in ast.walk(tree) if isinstance(each, ast.Import | ast.ImportFrom))
    return {*dir(builtins), *(alias.asname or alias.name for each in imports for alias in each.names)}


def _stands_alone(function: _Function, name: str) -> bool:
    """Whether nothing happens when it is defined that anybody sees who does not run it.

    A step is known to behave by its sentence, and to whoever plays it alone.
    """
    if "." in name or name.startswith("__"):  # as Python calls it by itself
        return False
    return all(
        isinstance(each, ast.Call) and _last_name(each.func) in _STEP for each in function.decorator_list
    )


def _last_name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", ""))).lower()


def _code(node: ast.Module | _Function) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body

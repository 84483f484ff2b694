"""Parameters that a step takes and does not look at: a word of its sentence that could be any other word.

Read from the source, so that a step is looked at that no scenario has used yet. A suite calls this in a test
of its own, for the folder of its steps and for the folder of what they call::

    assert parameters.unused_by_steps(Path("features/steps")) == []
    assert parameters.unused_by_functions(Path("features/support")) == []
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

STEP_DECORATORS = {"given", "when", "then", "step"}
Function = ast.FunctionDef | ast.AsyncFunctionDef
# What is evaluated before it is bound, by the fields of the node.
_FIRST = ("value", "iter", "generators", "context_expr")


def unused_by_steps(folder: Path) -> list[str]:
    """Name each parameter of a step function, beyond behave's context, that the function does not use.

    :param folder: of the step modules, with all folders in it.
    :returns: a line for each, with file, line and parameter; empty if all are used.
    """
    return [
        f"{file}:{node.lineno}: {node.name} does not use “{name}”, which its sentence says"
        for file, tree in _modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, Function) and any(map(_is_step, node.decorator_list))
        for name in _unused(node, _parameters(node)[1:])
    ]


def unused_by_functions(folder: Path) -> list[str]:
    """Name each parameter of a public function that it uses in the words of an error alone, or not at all.

    Such a function compares nothing with what it was given, and only repeats it in its message.

    :param folder: of the modules whose functions the steps call, with all folders in it.
    :returns: a line for each, with file, line and parameter; empty if all are used.
    """
    return [
        f"{file}:{node.lineno}: {node.name} compares nothing with “{name}”"
        for file, tree in _modules(folder)
        for node in tree.body
        if isinstance(node, Function) and not node.name.startswith("_")
        for name in _unused(node, _parameters(node))
        if not name.startswith("_")
    ]


def _modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"), str(file))


def _is_step(decorator: ast.expr) -> bool:
    """Return whether this is `@then(...)`, `@behave.then(...)` or `@Then(...)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name.lower() in STEP_DECORATORS


def _parameters(function: Function) -> list[str]:
    taken = function.args
    every = [*taken.posonlyargs, *taken.args, taken.vararg, *taken.kwonlyargs, taken.kwarg]
    return [each.arg for each in every if each is not None]


def _unused(function: Function, names: Iterable[str]) -> Iterator[str]:
    """Yield the names that are never read, or bound to something else before they are."""
    first: dict[str, bool] = {}
    for statement in function.body:
        for name, is_read in _names(statement):
            first.setdefault(name, is_read)
    return (name for name in names if not first.get(name, False))


def _names(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the names in a piece of code, in the order in which it is evaluated, and whether each is read.

    What is read for the words of an error, or in order to be read, counts as nothing.
    """
    if isinstance(node, ast.Raise) or _is_pointless(node):
        return
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Del):
        yield node.id, isinstance(node.ctx, ast.Load)
    shadowed = {each.arg for each in node.args.args} if isinstance(node, ast.Lambda) else set()
    for part in _parts(node):
        yield from (found for found in _names(part) if found[0] not in shadowed)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Assert):
        yield node.test
        return
    fields = sorted(ast.iter_fields(node), key=lambda field: field[0] not in _FIRST)
    for _, value in fields:
        values = value if isinstance(value, list) else [value]
        yield from (each for each in values if isinstance(each, ast.AST))


def _is_pointless(node: ast.AST) -> bool:
    """Return whether a statement is `name` alone, or `_ = name`."""
    if isinstance(node, ast.Assign):
        targets = [each.id for each in node.targets if isinstance(each, ast.Name)]
        return targets == ["_"] and isinstance(node.value, ast.Name | ast.Tuple)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Name | ast.Tuple)

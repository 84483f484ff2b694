"""The parts of the reference that are made from the code, so that no page repeats it by hand.

A page says where one goes: `<!-- made of the code: words -->`.
"""

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import click
from behave.runner import the_step_registry

import behave_flask
from behave_flask import cli, steps
from behave_flask.core import protocols, stage
from behave_flask.core.outcomes import MEANINGS
from behave_flask.permissions.matrix import VERDICTS
from behave_flask.runner.options import OPTIONS, TAGS

PLACE = re.compile(r"<!-- made of the code: (\w+) -->")
WIDTH = 100  # characters of a command's help


def fill(_app: Any, _page: str, source: list[str]) -> None:
    """Put the parts into a page that Sphinx reads."""
    source[0] = PLACE.sub(lambda found: PARTS[found[1]](), source[0])


def rest(text: str) -> str:
    """Return reStructuredText, as docstrings are, for a page in Markdown."""
    return f"```{{eval-rst}}\n{text}\n```"


def commands() -> str:
    """Return each command with its help."""
    found = (f"## `{name}`\n\n```text\n{text}\n```" for name, text in _helps(cli.commands, "behave-flask"))
    return "\n\n".join(found)


def _helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    context = click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    yield name, command.get_help(context)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _helps(each, f"{name} {each.name}")


def options() -> str:
    """Return the options of a run."""
    return _table("option", "what it does", ((f"-D {name}", text) for name, text in OPTIONS.items()))


def tags() -> str:
    """Return the tags that mean something."""
    return _table("tag", "what it means", ((f"@{name}", text) for name, text in TAGS.items()))


def verdicts() -> str:
    """Return what a row of the matrix can say of somebody, and what the answer then has to mean."""
    return _table("verdict", "the answer means", ((verdict, word) for verdict, (word, _) in VERDICTS.items()))


def meanings() -> str:
    """Return the words for what an answer means, with their statuses."""
    rows = [("allowed", "what `Operation.success` says"), *((word, str(n)) for word, n in MEANINGS.items())]
    return _table("word", "status", rows)


def _table(one: str, other: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = (f"| `{name}` | {text} |" for name, text in rows)
    return "\n".join([f"| {one} | {other} |", "|---|---|", *lines])


def words() -> str:
    """Return every ready-made step, by module, with what it does."""
    return "\n\n".join(map(_words_of, _modules()))


def _modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(steps.__path__, f"{steps.__name__}.")
    return [import_module(each.name) for each in found]


def _words_of(module: ModuleType) -> str:
    name = module.__name__.rpartition(".")[2]
    parts = [f"## `behave_flask.steps.{name}`", rest(f".. highlight:: gherkin\n\n{inspect.getdoc(module)}")]
    for sentence, function in sentences_of(module):
        parts += [f"### `{sentence}`", rest(inspect.getdoc(function) or "")]
    return "\n\n".join(parts)


def sentences_of(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the steps of a module as features write them, each with its function."""
    for kind, matchers in the_step_registry.steps.items():
        for each in matchers:
            if each.func.__module__ == module.__name__:
                yield f"{kind.title()} {_plain(each.pattern)}", each.func


def _plain(pattern: str) -> str:
    """Return the sentence of a pattern, without the types of its parameters."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", pattern)


def names() -> str:
    """Return all public names, with their signatures and what is said of them."""
    found = ((name, getattr(behave_flask, name)) for name in sorted(behave_flask.__all__, key=str.lower))
    return "\n\n".join(f"## `{name}`\n\n{rest(_directive(name, thing))}" for name, thing in found)


def _directive(name: str, thing: Any, of: str = "behave_flask") -> str:
    if isinstance(thing, ModuleType):
        return f".. automodule:: {thing.__name__}\n   :members:\n   :no-index:"
    if inspect.isclass(thing):
        others = ", ".join(base.__name__ for base in inspect.getmro(thing) if not _is_ours(base))
        return f".. autoclass:: {of}.{name}\n   :members:\n   :inherited-members: {others}\n   :no-index:"
    return f".. autofunction:: {of}.{name}"


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == behave_flask.__name__


def adapters() -> str:
    """Return the protocols that the parts of another team fill in, and the values that they hand on."""
    found = [each for module in (protocols, stage) for each in vars(module).values() if _is_of(module, each)]
    written = ((each.__name__, _directive(each.__name__, each, of=each.__module__)) for each in found)
    return "\n\n".join(f"## `{name}`\n\n{rest(directive)}" for name, directive in written)


def _is_of(module: ModuleType, thing: Any) -> bool:
    return inspect.isclass(thing) and thing.__module__ == module.__name__


def without_initializer(_app: Any, _what: str, _name: str, thing: Any, *_: Any) -> tuple[str, None] | None:
    """Leave out the arguments of a protocol, which nobody makes an instance of."""
    return ("", None) if getattr(thing, "_is_protocol", False) else None


_ALL = (adapters, commands, meanings, names, options, tags, verdicts, words)
PARTS = {each.__name__: each for each in _ALL}

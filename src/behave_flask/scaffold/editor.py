"""The settings by which an editor knows every sentence of a suite: `behave-flask ide`.

They are for VS Code with the official Cucumber extension, whose language service reads the step definitions
from their files, and the types of their places from `cucumber.parameterTypes`: by behave's own registry.
"""

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from behave_flask.core import paths
from behave_flask.model.step_catalogue import ANY_TEXT, PLACE, Definition, Place, with_examples
from behave_flask.runner import loading

FOLDER = Path(".vscode")
WORDS = FOLDER / "words.feature"
EXTENSIONS = ["CucumberOpen.cucumber-official", "ms-python.python", "ms-python.debugpy"]
_OF_CUCUMBER = {
    "int",
    "float",
    "word",
    "string",
    "double",
    "bigdecimal",
    "byte",
    "short",
    "long",
    "biginteger",
}
_NOT_IN_A_NAME = re.compile(r"[\[\]()$.|?*+/\\]")
_OF_PYTHON_ALONE = re.compile(r"\(\?(?!:|=|!|<=|<!)|[*+?}]\+|\\[AZ]")
_DEBUG = {
    "type": "debugpy",
    "request": "launch",
    "module": "behave",
    "console": "integratedTerminal",
    "justMyCode": True,
}
_NO_TIMEOUT = ["-D", "timeout=86400"]  # seconds: somebody stands at a breakpoint

Say = Callable[[str], None]


def run(say: Say) -> int:
    """Write the files, or add to them what they lack; return the exit code, 1 if one was left as it is."""
    suite = loading.load()
    found = with_examples(suite.features)
    for line in (*suite.unreadable, *_unseen(found)):
        say(line)
    FOLDER.mkdir(exist_ok=True)
    folder = paths.shown(suite.folder)
    words = list(_words(found))
    WORDS.write_text(_WORDS_BEGIN + "\n".join([*words, ""]), encoding="utf-8")
    written = [
        _merge("settings.json", lambda known: _settings(known, folder, found), say),
        _merge("extensions.json", _extensions, say),
        _merge("launch.json", _launch, say),
    ]
    return 0 if all(written) else 1


def _merge(name: str, merged: Callable[[dict[str, Any]], dict[str, Any]], say: Say) -> bool:
    """Write what comes of a file; return whether it could be read as JSON, without which it stays."""
    file = FOLDER / name
    try:
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError as error:
        say(f"{file} is left as it is, for it cannot be read as JSON ({error}). Without comments it can.")
        return False
    made = merged(known)
    if made != known:
        file.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        say(f"Written: {file}")
    return True


def _settings(known: Mapping[str, Any], folder: str, found: Sequence[Definition]) -> dict[str, Any]:
    """Return the settings with those of a suite; of the types, an earlier call's are replaced."""
    places = {place.text: place for each in found for place in each.places if not _problem(place)}
    types = [each for each in known.get("cucumber.parameterTypes", ()) if not _is_ours(each)]
    types += [{"name": text, "regexp": place.regexp} for text, place in sorted(places.items())]
    return {
        **known,
        "cucumber.features": _with(
            known.get("cucumber.features", []), [f"{folder}/**/*.feature", str(WORDS)]
        ),
        "cucumber.glue": _with(known.get("cucumber.glue", []), _globs(found)),
        "cucumber.parameterTypes": types,
    }


def _is_ours(entry: Mapping[str, str]) -> bool:
    """Return whether an entry is one for behave's places: nobody else has a colon in a name."""
    return ":" in entry.get("name", "") or entry.get("regexp") == ANY_TEXT


def _extensions(known: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [each for each in EXTENSIONS if each not in known.get("unwantedRecommendations", ())]
    return {**known, "recommendations": _with(known.get("recommendations", []), wanted)}


def _launch(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ways to start the debugger; one of the same name stays as somebody has made it."""
    ours = {
        "behave: the scenario at the cursor": ["${relativeFile}:${lineNumber}"],
        "behave: this feature": ["${relativeFile}"],
        "behave: all": [],
    }
    there = list(known.get("configurations", []))
    names = {each.get("name") for each in there}
    new = [{"name": name, **_DEBUG, "args": [*_NO_TIMEOUT, *places]} for name, places in ours.items()]
    there += [each for each in new if each["name"] not in names]
    return {"version": "0.2.0", **known, "configurations": there}


def _with(known: list[str], wanted: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*known, *wanted]))


def _globs(found: Sequence[Definition]) -> list[str]:
    """Return the files of step definitions in this folder, as patterns that hold on another machine, too."""
    own = {f"{file.parent.as_posix()}/*.py" for file in map(_file, found) if _is_own(file)}
    libraries = {file.as_posix() for file in map(_file, found) if not (_is_own(file) or file.is_absolute())}
    return sorted(own | {re.sub(r"python3\.\d+", "*", each) for each in libraries})


def _file(definition: Definition) -> Path:
    """Return the file of a step definition: relative if it is in this folder."""
    return Path(paths.shown(inspect.unwrap(definition.matcher.func).__code__.co_filename))


def _is_own(file: Path) -> bool:
    return not (file.is_absolute() or paths.is_library(f"/{file}"))


# what the language service does not see


def _unseen(found: Sequence[Definition]) -> Iterator[str]:
    """Yield a line for each step definition that the language service would not know, with the reason."""
    outside = [each for each in found if _file(each).is_absolute()]
    for each in found:
        if each not in outside and (why := _why_unseen(each)):
            yield f"{each.matcher.location}: the editor does not know “{each.pattern}”: {why}"
    if outside:
        first = _file(outside[0]).parent
        yield (
            f"The editor does not know {len(outside)} step definitions outside this folder, as in {first}."
            " Those of an environment in this folder, as .venv, it knows."
        )


def _why_unseen(definition: Definition) -> str:
    if problems := [_problem(place) for place in definition.places if _problem(place)]:
        return problems[0]
    plain = PLACE.sub("", definition.pattern)
    signs = "()*\\|/." if definition.places else "()*\\|/"
    if sign := next((each for each in signs if each in plain), ""):
        return f"its “{sign}” means something else to it"
    if not _is_plain(definition):
        return 'it reads no text that goes on in another line, or has a \\ in it: join the parts with a "+"'
    return ""


def _problem(place: Place) -> str:
    """Say why a place cannot be told to the language service; nothing if it can."""
    if place.text in _OF_CUCUMBER:
        return f"{{{place.text}}} is Cucumber's own: give it another name"
    if _NOT_IN_A_NAME.search(place.text):
        return f"{{{place.text}}} has a sign that may not be in a name there"
    if _OF_PYTHON_ALONE.search(place.regexp):
        return f"the expression of {{{place.text}}} has what only Python knows"
    return ""


def _is_plain(definition: Definition) -> bool:
    """Return whether a decorator has the sentence in one piece, or in pieces that are added."""
    for written in _texts(_file(definition)):
        if "".join(value for value, _ in written) == definition.pattern:
            return all(value == raw for value, raw in written)
    return True  # made in another way, which nobody can read


@cache
def _texts(file: Path) -> list[list[tuple[str, str]]]:
    """Return the text that each call in a file begins with: its pieces, and how each is written."""
    source = paths.absolute(file).read_text(encoding="utf-8")
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    return [list(_pieces(call.args[0], source)) for call in calls]


def _pieces(node: ast.expr, source: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.BinOp):
        yield from _pieces(node.left, source)
        yield from _pieces(node.right, source)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, (ast.get_source_segment(source, node) or "")[1:-1]


# the words of the types

_WORDS_BEGIN = """\
# Made by `behave-flask ide`: the words of each type in a sentence, so that the editor can offer them.
# Nobody plays it. It is made anew with each call.
Feature: Words
"""


def _words(found: Iterable[Definition]) -> Iterator[str]:
    """Yield a sentence for each word that a type takes, by an example of the features."""
    said = set()
    for definition in found:
        for place in definition.places:
            if definition.example and place.words and place.text not in said:
                said.add(place.text)
                sentences = [definition.example.saying(place.name, word) for word in place.words]
                yield f"\n  Scenario: {place.text}"
                yield from (f"    * {each}" for each in sentences if definition.matcher.match(each))

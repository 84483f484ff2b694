"""One package alone reaches into behave, and a behave that differs there is refused before anything runs."""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import behave
import pytest
from features_of_their_own import write

from behave_flask.core import paths
from behave_flask.core.behave_internals import compatibility

FEATURE = """
    Feature: Buying
      Scenario: Ann buys bread
        Given a shop
        When Ann buys bread
        Then Ann has bread
    """
OTHER = "behave 1.3.3 is not the behave that behave-flask knows: "
INSTALL = "pip install 'behave>=1.3.3,<1.4'"


def test_an_attribute_that_behave_hides_is_told_with_the_line_that_set_it(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    write(tmp_path, a_buying=FEATURE)
    environment = tmp_path / "specification/environment.py"
    environment.write_text("def before_all(context):\n    context.tags = 'mine'\n")

    run = behave(tmp_path)

    assert "masking context attribute 'tags' originally set in context.tags = 'mine' (" in run.output
    assert "specification/environment.py:2)" in run.output


# The refusal


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "behave.version.VERSION = '1.4.0'",
            "behave 1.4.0 is not known to behave-flask, which knows the inside of 1.3.",
        ),
        (
            "del behave.runner.Context._do_cleanups",
            f"{OTHER}it has no behave.runner.Context._do_cleanups (_do_cleanups relies on it).",
        ),
        (
            "behave.matchers.Match.run = lambda self, context, x: None",
            (
                f"{OTHER}behave.matchers.Match.run takes (self, context, x), not (self, context)"
                " (_run_step relies on it)."
            ),
        ),
        (
            "behave.runner.Context._push = lambda self, layer=None: self._stack.insert(0, {'cleanups': []})",
            f"{OTHER}behave.runner.Context._push does without @cleanups (_do_cleanups relies on it).",
        ),
    ],
)
def test_an_unknown_behave_is_refused_in_one_line(
    tmp_path: Path, behave: Callable[..., Any], change: str, message: str
) -> None:
    write(tmp_path, a_buying=FEATURE)
    (tmp_path / "planted.py").write_text(
        f"import behave.matchers, behave.runner, behave.version\n{change}\n"
        "from behave_flask.runner.runner import Runner\n"
    )
    ini = tmp_path / "behave.ini"
    ini.write_text(ini.read_text().replace("behave_flask.runner.runner:Runner", "planted:Runner"))
    run = behave(tmp_path)
    assert run.code == 1
    assert run.output.splitlines() == [f"ConfigError: {message} {INSTALL}"]
    assert run.cases == []


def test_the_installed_behave_is_known() -> None:
    compatibility.refuse_unknown_version()
    for part in compatibility._parts:
        module, _, rest = part.partition(":")
        assert import_module(module), rest


# The one door

_IN_BEHAVE = Path(behave.__file__).parent


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def names_of_behave() -> set[str]:
    """The private names that behave's modules, classes and objects have."""
    found = set[str]()
    for file in _IN_BEHAVE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
    return set(filter(private, found))


BEHAVES = names_of_behave()


class Module:
    """A module of the package, with what it has from behave by which name."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.imports = [
            (node.module, each.name, each.asname or each.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "behave"
            for each in node.names
        ]
        self.from_behave = {name: (module, original) for module, original, name in self.imports}

    def faults(self) -> Iterator[str]:
        for module, original, _ in self.imports:
            if any(map(private, [*module.split("."), original])):
                yield f"imports {module}.{original}"
        own = self._of_own_classes()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute):
                yield from self._in_attribute(node, own)
            elif isinstance(node, ast.Constant) and node.value in BEHAVES:
                yield f"names {node.value}"
            elif isinstance(node, ast.ClassDef):
                taken = set(filter(private, self._inherited(node)))
                yield from (
                    f"overrides {node.name}.{each.name}"
                    for each in node.body
                    if isinstance(each, ast.FunctionDef) and each.name in taken
                )

    def _in_attribute(self, node: ast.Attribute, own: set[ast.Attribute]) -> Iterator[str]:
        if node.attr in BEHAVES and node not in own:
            yield f"reaches for {ast.unparse(node)}"
        if isinstance(node.ctx, ast.Load):
            return
        if isinstance(node.value, ast.Name) and node.value.id in self.from_behave:
            yield f"patches {ast.unparse(node)}"
        elif node.attr == "run":
            yield f"replaces {ast.unparse(node)}"

    def _of_own_classes(self) -> set[ast.Attribute]:
        """What a class has of itself under a name that no class of behave which it inherits from has."""
        found = set[ast.Attribute]()
        for kind in ast.walk(self.tree):
            if isinstance(kind, ast.ClassDef):
                taken = self._inherited(kind)
                found |= {
                    node
                    for node in ast.walk(kind)
                    if isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id in ("self", "cls", kind.name)
                    and node.attr not in taken
                }
        return found

    def _inherited(self, kind: ast.ClassDef) -> set[str]:
        return set[str]().union(*map(self._names_in, kind.bases))

    def _names_in(self, base: ast.expr) -> set[str]:
        if not isinstance(base, ast.Name) or base.id not in self.from_behave:
            return set()
        module, original = self.from_behave[base.id]
        kind = getattr(import_module(module), original)
        code = [inspect.getsource(each) for each in kind.mro() if each.__module__.split(".")[0] == "behave"]
        nodes = (node for each in code for node in ast.walk(ast.parse(each)))
        return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | set(dir(kind))


def modules() -> Iterator[Path]:
    door = paths.PACKAGE / "core/behave_internals"
    for file in sorted(paths.PACKAGE.rglob("*.py")):
        if not file.is_relative_to(door):
            yield file


def test_no_other_module_knows_what_is_private_to_behave_or_patches_it() -> None:
    faults = [
        f"{file.relative_to(paths.PACKAGE)} {fault}"
        for file in modules()
        for fault in Module(file.read_text(encoding="utf-8")).faults()
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("from behave.formatter._registry import make_formatters", "imports behave.formatter._registry."),
        ("def of(scenario): return scenario._row", "reaches for scenario._row"),
        ("def of(scenario): return getattr(scenario, '_row', None)", "names _row"),
        ("from behave.runner import Context\nContext.abort = print", "patches Context.abort"),
        ("def of(scenario): scenario.run = print", "replaces scenario.run"),
        (
            "from behave.model import Scenario\nclass Own(Scenario):\n  def of(self): return self._row",
            "reaches for self._row",
        ),
        (
            "from behave.model import Scenario\nclass Own(Scenario):\n  def of(self): super()._row",
            "reaches for super()._row",
        ),
        (
            "from behave.model import Rule\nclass Own(Rule):\n  def _setup_context_for_run(self, it): it()",
            "overrides Own._setup_context_for_run",
        ),
    ],
)
def test_each_way_past_the_door_is_seen(code: str, fault: str) -> None:
    assert any(each.startswith(fault) for each in Module(code).faults())
    assert not list(Module("class Own:\n  def of(self): return self._row").faults())

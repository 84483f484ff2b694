"""Mutants: where each is, what it looks like, which of them are asked for."""

import ast
import difflib
import hashlib
import re
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from behave_flask.mutation.code.operators import CHOSEN

# Where * and ** are no operators: the bare * before arguments by name, and what is unpacked.
_NO_OPERATION = ("parameters", "lambdef", "param", "dictorsetmaker", "argument")


@dataclass(frozen=True)
class Mutant:
    """One small fault.

    :param file: the module, relative to the project.
    :param digest: of the module as it is, so that a result is known to be of this code.
    :param operator: cosmic-ray's name of what is done.
    :param occurrence: to which of the places in the module that the operator finds.
    :param line: where it begins.
    :param end: where it ends.
    :param definition: the function or class that it is in, or nothing.
    """

    file: str
    digest: str
    operator: str
    occurrence: int
    line: int
    end: int
    definition: str

    @property
    def id(self) -> str:
        """Return what names it, as long as its module is as it is."""
        return f"{self.file}:{self.digest}:{self.operator}:{self.occurrence}"

    @property
    def lines(self) -> list[str]:
        """Return the lines where it is, as they are."""
        return source_of(self.file).splitlines()[self.line - 1 : self.end]

    @cached_property
    def source(self) -> str:
        """Return the module with the fault in it."""
        code = mutate_code(source_of(self.file), get_operator(self.operator)(), self.occurrence)
        if code is None:
            raise ValueError(f"{self.id}: there is no such place")
        return str(code)

    @cached_property
    def diff(self) -> str:
        """Return what is changed, as lines with - and +, without those around."""
        return "\n".join(f"{sign}{line}" for sign, line in self._changes())

    def overlaps(self, other: "Mutant") -> bool:
        """Return whether both change a line."""
        return self.file == other.file and self.line <= other.end and other.line <= self.end

    def edits(self) -> list[tuple[int, int, list[str]]]:
        """Return the lines that are replaced, from and up to, counted from 0, and what by."""
        before, after = source_of(self.file).splitlines(), self.source.splitlines()
        found = difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
        return [(i, j, after[k:m]) for what, i, j, k, m in found if what != "equal"]

    def changed(self, sign: str) -> str:
        """Return the lines that are taken away (-) or put there (+), each without the space around it."""
        return "\n".join(line.strip() for way, line in self._changes() if way == sign)

    def _changes(self) -> list[tuple[str, str]]:
        before, after = source_of(self.file).splitlines(), self.source.splitlines()
        lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[3:]
        return [(line[0], line[1:]) for line in lines if line[0] in "+-"]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.operator.partition('/')[2]}\n{self.diff}"


def together(mutants: Iterable[Mutant]) -> dict[str, str]:
    """Return the sources of all modules that mutants, of which no two overlap, are in, with their faults."""
    edits: dict[str, list[tuple[int, int, list[str]]]] = {}
    for each in mutants:
        edits.setdefault(each.file, []).extend(each.edits())
    return {file: _edited(source_of(file), found) for file, found in edits.items()}


def _edited(source: str, edits: list[tuple[int, int, list[str]]]) -> str:
    lines = source.splitlines()
    for begin, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):  # from the last line up
        lines[begin:end] = new
    return "\n".join(lines) + "\n"


@cache
def source_of(file: str) -> str:
    """Return a module as it is."""
    return Path(file).read_text(encoding="utf-8")


def modules(package: str, exclude: Iterable[str]) -> list[str]:
    """Return the files of a package, or of one module, without those that patterns exclude."""
    root = Path(package)
    found = sorted(root.rglob("*.py")) if root.is_dir() else [root]
    return [str(file) for file in found if not any(fnmatchcase(str(file), each) for each in exclude)]


def find(files: Iterable[str]) -> Iterator[Mutant]:
    """Yield every mutant of these modules."""
    for file in files:
        yield from _in_file(file)


def _in_file(file: str) -> Iterator[Mutant]:
    source = source_of(file)
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    nodes, lines = list(ast_nodes(get_ast(source))), source.splitlines()
    for name in CHOSEN:
        operator = get_operator(name)()
        places = ((node, start, end) for node in nodes for start, end in operator.mutation_positions(node))
        for occurrence, (node, start, end) in enumerate(places):
            if node.parent is not None and node.parent.type in _NO_OPERATION and "Binary" in name:
                continue
            if name == "core/AddNot" and ":=" in lines[start[0] - 1]:
                continue  # there a `not` without parentheses is no Python
            within = ASTQuery(node).get_definition_name() or ""
            yield Mutant(file, digest, name, occurrence, start[0], end[0], within)


def since(ref: str, mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return the mutants of lines that have changed since this branch has left another one, or a commit.

    :raises RuntimeError: git cannot tell.
    """
    changed = dict(
        _changed_lines(_git("diff", "--merge-base", "--unified=0", "--no-renames", "--relative", ref))
    )
    new = set(_git("ls-files", "--others", "--exclude-standard").splitlines())
    return [
        each
        for each in mutants
        if each.file in new or changed.get(each.file, set()) & {*range(each.line, each.end + 1)}
    ]


def _git(command: str, *arguments: str) -> str:
    whole = ["git", command, *arguments, "--"]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(whole)}: {done.stderr.strip()}")
    return done.stdout


def _changed_lines(diff: str) -> Iterator[tuple[str, set[int]]]:
    """Yield each file of a diff with the numbers of its lines that are new or other."""
    for part in re.split(r"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        if name := re.search(r"^\+\+\+ b/(.*)$", part, re.MULTILINE):
            hunks = re.findall(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", part, re.MULTILINE)
            yield name[1], {n for at, many in hunks for n in range(int(at), int(at) + int(many or 1))}


def statements(file: str) -> Mapping[int, Collection[int]]:
    """Return for each line of a module those that run when its statement does: its own, or a header's."""
    found: dict[int, Collection[int]] = {}
    for node in ast.walk(ast.parse(source_of(file))):  # from the outside in
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            lines = _own_lines(node)
            found.update(dict.fromkeys(lines, lines))
    return found


def _own_lines(node: ast.stmt | ast.excepthandler | ast.match_case) -> range:
    body: Sequence[ast.stmt] = getattr(node, "body", [])
    if isinstance(node, ast.match_case):
        return range(node.pattern.lineno, body[0].lineno)
    first, end = _begin(node), _begin(body[0]) if body else (node.end_lineno or node.lineno) + 1
    return range(first, max(first + 1, end))


def _begin(node: ast.stmt | ast.excepthandler) -> int:
    """Return the line of its first decorator, or its own."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", [])
    return min(int(each.lineno) for each in (node, *decorators))

"""The files of a first suite, and how they grow when the service does."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from pprint import pformat
from string import Template

from behave_flask.core.operations import Operation
from behave_flask.core.stage import FURNISH_ONCE
from behave_flask.lint.checks import UNAPPROVED
from behave_flask.permissions.matrix import Row, table
from behave_flask.scaffold import configuration
from behave_flask.scaffold.observing import Unknown

ACCESS = Path("features/access/who_may_do_what.feature")
OPERATIONS = Path("features/operations.py")

_UNSEEN = "  # no success seen yet"
_NOT_FOUND_OUT = "not found out:"
_REQUEST = re.compile(r"^ *Operation\('[^']*', '([^']*)'")
_ENVIRONMENT = Template("""\
from behave_flask import hooks_for
from $module import $name$imports
from features.world import World

globals().update(hooks_for($factory, world=World$parts))
""")
_WORLD = Template('''\
"""Who uses the service, what they can ask of it, and what its answers mean."""

from behave_flask import Person
from behave_flask import World as AnyWorld
from features.operations import OPERATIONS


class World(AnyWorld):
    operations = OPERATIONS
    personas = ("a visitor",)  # the kinds of people; with another one, `behave-flask init` adds its rows
    sign_in = $sign_in  # the pages where one signs in
    words = {}  # of statuses that mean something else here, as {400: "invalid"}

    def introduce(self, name):
        """Make somebody: Person(name, token="..."), Person.with_password(name, "ann", "secret"), or
        Person.with_form(name, "/login", {"username": "ann", "password": "secret"})."""
        return Person(name)

    def furnish(self):
        """Make what the rows of the matrix are about."""
        super().furnish()
''')
_OPERATIONS = '''\
"""What can be asked of the service: the request, the status of its success, and all that it changes."""

from behave_flask import Operation

OPERATIONS = [
]
'''
_STEPS = """\
from behave_flask.steps import mail, matrix, outside, snapshots, tasks  # noqa: F401
"""
_FEATURE = """\
Feature: Who may do what
  What is written here was observed, and nobody has approved it yet.
  Read each table, mend what is not right, and take its tag away.

  Background:
    Given there is everything that the rows are about

  Rule: Each kind of person may do what is theirs to do

    Scenario Outline: <who> <verdict> <action>
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>
"""
_LAST = "      Then there is a row for everything that can be asked\n"
_COMPLETE = f"""
  Rule: Nothing is left out

    Scenario: The table is complete
{_LAST}"""


class Files:
    """The files of a project's suite; none that is there is overwritten."""

    def __init__(self, folder: Path) -> None:
        """Accept the folder of the project."""
        self._folder = folder
        self.written: list[str] = []
        self.kept: list[str] = []
        self.lacking = ""  # of the file in which somebody has configured behave

    def begin(self) -> None:
        """Write what is the same for every service."""
        if there := configuration.file_of(self._folder):
            self.kept.append(there)
            self.lacking = configuration.lacking(self._folder, there)
        else:
            self._write(configuration.OWN, configuration.own())
        self._write("features/__init__.py", "")
        self._write(OPERATIONS, _OPERATIONS)
        self._write("features/steps/words.py", _STEPS)
        self._write(ACCESS, _FEATURE + _COMPLETE)

    def introduce(
        self,
        module: str,
        factory: str,
        sign_in: Collection[str],
        migrate: str | None = None,
        database: str | list[str] | None = None,
    ) -> None:
        """Write which service it is, and who uses it.

        :param module: that of the factory.
        :param factory: what makes the service, as Python has it: a name, or a lambda.
        :param sign_in: the paths of the pages where one signs in.
        :param migrate: `module:function`, what makes the tables, if it has to be said.
        :param database: the path of its file of SQLite, or of several, where no setting names it.
        """
        name = factory.removeprefix("lambda: ").partition("(")[0]
        maker, _, tables = (migrate or "").partition(":")
        self._write(
            "features/environment.py",
            _ENVIRONMENT.substitute(
                module=module,
                name=name,
                factory=factory,
                imports=f"\nfrom {maker} import {tables.partition('.')[0]}" if migrate else "",
                parts=(f", migrate={tables}" if migrate else "")
                + (f", database={database!r}" if database else ""),
            ),
        )
        self._write("features/world.py", _WORLD.substitute(sign_in=sorted(sign_in)))

    @property
    def unseen(self) -> set[str]:
        """The requests of operations of which no success has been seen yet, as their lines say."""
        file = self._folder / OPERATIONS
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return {found[1] for line in lines if line.endswith(_UNSEEN) and (found := _REQUEST.search(line))}

    def furnish_once(self, *, can_keep: bool) -> None:
        """Have a new matrix play its Background once for all its rows, and none where that cannot be."""
        tag = f"@{FURNISH_ONCE}\n"
        if can_keep and str(ACCESS) in self.written:
            self._replace(ACCESS, "^Feature:", f"{tag}Feature:")
        elif not can_keep and (self._folder / ACCESS).read_text(encoding="utf-8").startswith(tag):
            self._replace(ACCESS, f"^{tag}", "")
            self.written.append(f"{ACCESS} (without @{FURNISH_ONCE}: the service keeps something in memory)")

    def add_operations(self, operations: Iterable[Operation], unseen: Collection[str]) -> None:
        """Add operations that the suite does not know yet, and renew those of which no success was seen.

        :param unseen: the requests of which none has been seen now either.
        """
        before = self.unseen
        for each in operations:
            line = f"    {_as_code(each)},{_UNSEEN if each.request in unseen else ''}\n"
            if each.request in before:
                self._replace(OPERATIONS, rf"^.*, '{re.escape(each.request)}'[,)].*{_UNSEEN}\n", line)
            else:
                self._insert(OPERATIONS, r"^\]\n", line)

    def renew_rows(self, verdicts: Mapping[Row, str]) -> list[str]:
        """Write what rows say now that nobody has approved; return those that somebody has.

        :param verdicts: for each row what it is now; empty where that is unknown, and the row goes.
        """
        approved = []
        for row, verdict in sorted(verdicts.items(), key=lambda item: -int(item[0].place.rpartition(":")[2])):
            if verdict != row.verdict:
                name, _, number = row.place.rpartition(":")
                if not self._renew(ACCESS.with_name(name), int(number), verdict):
                    now = f"“{verdict}”" if verdict else "not found out"
                    approved.append(f"{row.place} says “{row.verdict}”, and what it is now is {now}")
        return approved

    def _renew(self, name: Path, number: int, verdict: str) -> bool:
        """Write another verdict into a row, or take it away; return whether that may be done."""
        lines = (self._folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        above = next(at for at in range(number, 0, -1) if lines[at - 1].lstrip().startswith("Examples"))
        if f"@{UNAPPROVED}" not in lines[above - 2]:
            return False
        cells = lines[number - 1].split("|")
        cells[2] = f" {verdict} ".ljust(len(cells[2]))
        lines[number - 1] = "|".join(cells) if verdict else ""
        (self._folder / name).write_text("".join(lines), encoding="utf-8")
        return True

    def add_rows(self, rows: Collection[Row]) -> None:
        """Add rows, as a table that nobody has approved."""
        if rows:
            cells = table(((row.who, row.verdict, row.action, row.request) for row in rows), " " * 8)
            heading, *others = cells.splitlines()
            heading = heading if "request" in heading else ""
            listed = "\n".join([*([heading] if heading else []), *others])
            self._insert(
                ACCESS,
                r"^\n  Rule: Nothing is left out",
                f"\n      @{UNAPPROVED}\n      Examples: observed\n{listed}\n",
            )

    def add_exemptions(self, unknown: Iterable[Unknown]) -> None:
        """Exempt what could not be found out, with the reason, in the place of what could not be before."""
        text = (self._folder / ACCESS).read_text(encoding="utf-8")
        kept, last, exempt = text.partition(_LAST)
        lines = exempt.splitlines(keepends=True)
        heading = [line for line in lines if line.lstrip().startswith("| request ")]
        others = [line for line in lines if line not in heading and f"| {_NOT_FOUND_OUT}" not in line]
        cells = [(each.request, each.who, f"{_NOT_FOUND_OUT} {_cell(each.reason)}") for each in unknown]
        if cells and not heading:
            cells.insert(0, ("request", "who", "reason"))
        widths = [max((len(row[column]) for row in cells), default=0) for column in range(3)]
        padded = ((cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
        new = [f"        | {' | '.join(row)} |\n" for row in padded]
        shown = [*heading, *others, *new] if others or new else []
        (self._folder / ACCESS).write_text(kept + last + "".join(shown), encoding="utf-8")

    def _write(self, name: str | Path, text: str) -> None:
        file = self._folder / name
        if file.exists():
            self.kept.append(str(name))
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.written.append(str(name))

    def _replace(self, name: Path, old: str, new: str) -> None:
        file = self._folder / name
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(old, lambda _: new, text, count=1, flags=re.MULTILINE), encoding="utf-8")

    def _insert(self, name: Path, before: str, text: str) -> None:
        """Insert a text before the first line that looks so, or at the end."""
        if not text:
            return
        file = self._folder / name
        old = file.read_text(encoding="utf-8")
        found = re.search(before, old, re.MULTILINE)
        at = found.start() if found else len(old)
        file.write_text(old[:at] + text + old[at:], encoding="utf-8")
        if str(name) not in self.written:
            self.written.append(f"{name} (added to)")


def _cell(text: str) -> str:
    """Return a text as a cell of a table has it, shortened."""
    return " ".join(text.replace("|", "/").split())[:80]


def _as_code(operation: Operation) -> str:
    """Return an operation as Python has it."""
    parts = [repr(operation.action), repr(operation.request)]
    if operation.success != 200:
        parts.append(f"success={operation.success}")
    if operation.changes:
        parts.append(f"changes={pformat(set(operation.changes), compact=True)}")
    if valid := str(operation.valid):
        parts.append(f"valid={valid}")
    return f"Operation({', '.join(parts)})"

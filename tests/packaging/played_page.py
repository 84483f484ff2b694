"""A page of the documentation, played as it stands: its files are written, its commands run, in its order.

Three kinds of blocks are played: a file (`{code-block}` with its name as the caption), a change of one (the
same, as a diff; a line `...` is between its hunks), and commands (`console`) with what each prints. There a
line `...` stands for any lines, and `...` within a line for any text.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^(?P<fence>`{3,})"
    r"(?:\{code-block\} (?P<language>[\w-]+)\n:caption: (?P<file>\S+)\n\n|(?P<plain>[\w{}-]+)\n)"
    r"(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
INSTALL = re.compile(r'^pip install "behave-flask(?:\[(.*)\])?"((?: [\w-]+)*)$')
FAILS = re.compile(r"\b[1-9]\d* (?:failed|error)|^Refused|Error: ", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One block of a page; `file` is empty for what is no file."""

    language: str
    file: str
    text: str


@dataclass(frozen=True)
class Command:
    """What is typed, and what the page shows that it prints."""

    line: str
    shown: str


def blocks(page: str) -> list[Block]:
    return [
        Block(found["language"] or found["plain"], found["file"] or "", found["text"])
        for found in BLOCK.finditer(page)
    ]


def commands(block: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield Command(re.sub(r" +#.*", "", line), shown.rstrip("\n"))


def installed(page: str) -> tuple[list[str], list[str]]:
    """The extras with which a page installs the package, and what else it installs."""
    (found,) = [
        match
        for block in blocks(page)
        if block.language == "console"
        for command in commands(block.text)
        if (match := INSTALL.match(command.line))
    ]
    return found[1].split(",") if found[1] else [], found[2].split()


def change(text: str, diff: str) -> str:
    """A text with a diff applied, of which each hunk fits at one place alone."""
    for hunk in re.split(r"^\.\.\.\n", diff, flags=re.MULTILINE):
        lines = [line if line.strip() else " " for line in hunk.splitlines()]
        assert all(line[0] in " +-" for line in lines), hunk
        before, after = (
            "".join(f"{line[1:]}\n" for line in lines if line[0] in kept) for kept in (" -", " +")
        )
        assert text.count(before) == 1, f"fits {text.count(before)} times:\n{before}\nin\n{text}"
        text = text.replace(before, after)
    return text


def as_shown(shown: str, printed: str) -> bool:
    """Whether a command printed what the page shows, all of it, but for what the page leaves out."""
    pattern = ""
    for line in shown.splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + r" *\n"
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n") is not None


class Player:
    """Plays pages in a folder, with the programs of an environment."""

    def __init__(self, python: Path, folder: Path, **environment: str) -> None:
        behave = python.with_name(
            "behave"
        )  # distributions are linked into the environment without their programs
        behave.write_text(f"#!{python}\nfrom behave.__main__ import main\nraise SystemExit(main())\n")
        behave.chmod(0o755)
        self._folder = folder
        self._environment = {
            "PATH": f"{python.parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            **environment,
        }

    def play(self, page: str) -> None:
        for block in blocks(page):
            if block.file and block.language == "diff":
                self._change(block)
            elif block.file:
                self._write(block)
            elif block.language == "console":
                for command in commands(block.text):
                    self._run(command)

    def _write(self, block: Block) -> None:
        file = self._folder / block.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text)

    def _change(self, block: Block) -> None:
        file = self._folder / block.file
        file.write_text(change(file.read_text(), block.text))

    def _run(self, command: Command) -> None:
        if INSTALL.match(command.line):
            return
        done = subprocess.run(
            ["bash", "-c", command.line],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        told = f"$ {command.line}\n{done.stdout}\nexit code {done.returncode}"
        assert (done.returncode != 0) == bool(FAILS.search(command.shown)), told
        assert not command.shown or as_shown(command.shown, done.stdout), f"{told}\nshown:\n{command.shown}"

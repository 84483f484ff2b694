"""The shop's own commands."""

import re
from dataclasses import dataclass

from behave_flask.core.operations import Person
from behave_flask.core.stage import Printed
from behave_flask.ledgers.snapshots import Snapshots
from features.support.shop import inspection
from features.support.world.world import World

PASSWORD = "a long enough secret"


@dataclass(frozen=True)
class OfferedCommands:
    """The commands of the shop, and whether its migrations are where `flask db` looks for them."""

    names: list[str]
    finds_migrations: bool


def run(world: World, *arguments: str) -> None:
    """Let the operators run a command. Raises AssertionError with what it says if it does not succeed."""
    attempt(world, *arguments)
    succeeds(world, "")


def attempt(world: World, *arguments: str) -> None:
    """Let the operators try to run a command, and note the state before it."""
    world.note_state()
    world.note(world.stage.command(*arguments))


def ask_what(world: World) -> None:
    """Let the operators see the shop's own commands."""
    world.note(OfferedCommands(*inspection.commands_offered()))


def told_of(world: World, names: list[str]) -> None:
    """Check which commands the operators were offered."""
    found = world.noted(OfferedCommands).names
    if found != names:
        raise AssertionError(f"The shop offers {found}, not {names}.")


def finds_changes(world: World) -> None:
    """Check that `flask db` looks for the migrations where they are."""
    if not world.noted(OfferedCommands).finds_migrations:
        raise AssertionError("`flask db` looks for the migrations where there are none.")


def mistype(world: World, email: str, first: str, second: str) -> None:
    """Let the operators type a password and, asked for it once more, another."""
    world.note_state()
    world.note(inspection.typed(["create-admin", email], first, second))


def asks_again(world: World, why: str) -> None:
    """Check that the last command made nothing, said why, and asked once more from the beginning."""
    found = world.noted(Printed)
    lines = [line.strip() for line in found.text.splitlines()]
    if found.code == 0 or f"Error: {why}" not in lines or lines.count("Password:") != 2:
        raise AssertionError(
            f"The command should ask again: {why!r}. It ended with {found.code}:\n{found.text}"
        )


def succeeds(world: World, text: str) -> None:
    """Check that the last command did its work, and said so."""
    found = world.noted(Printed)
    if found.code != 0 or text not in found.text:
        raise AssertionError(f"The command should say {text!r}. It ended with {found.code}:\n{found.text}")


def as_recorded(snapshots: Snapshots, title: str, world: World) -> None:
    """Compare all that the last command printed with its snapshot, but for the program that it is part of."""
    text = re.sub(r"^Usage: .*?(?=\S+ \[OPTIONS\])", "Usage: ", world.noted(Printed).text)
    snapshots.check(title, {"code": world.noted(Printed).code, "text": text})


def refused(world: World, line: str) -> None:
    """Check that the last command did nothing but say why, in one line."""
    found = world.noted(Printed)
    if found.code == 0 or found.text != f"Error: {line}\n":
        raise AssertionError(
            f"The command should only say {line!r}. It ended with {found.code}:\n{found.text}"
        )


def sign_in(world: World, who: str, email: str, password: str) -> None:
    """Let somebody sign in, and be known as such from then on."""
    outcome = world.do("an anonymous visitor", "sign in", json={"email": email, "password": password})
    world.people[who] = Person(who, outcome.body["token"])


def has_role(world: World, who: str, role: str) -> None:
    """Check the role of somebody who is signed in, as their profile tells it."""
    profile = world.act(who, "see one's own profile").must_succeed().body
    if profile["role"] != role:
        raise AssertionError(f"{who} is {profile['role']!r}, not {role!r}.")


def has_demo(world: World, people: int, products: int, posts: int, orders: int) -> None:
    """Check how much of everything there is, as an admin sees it."""
    asked = ("list users", "list products", "list posts", "list orders")
    found = [world.act("Ada", action).must_succeed().body["total"] for action in asked]
    if found != [people, products, posts, orders]:
        raise AssertionError(f"There are {found} users, products, posts and orders.")

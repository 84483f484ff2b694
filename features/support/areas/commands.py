"""The shop's own commands."""

from dataclasses import dataclass

from behave_flask.core.stage import Printed
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


def make_admin(world: World, email: str, name: str, password: str) -> None:
    """Let the operators try to make somebody an admin, and note the state before it."""
    world.note_state()
    arguments = ("create-admin", email, "--name", name, "--password-stdin")
    world.note(world.stage.command(*arguments, stdin=f"{password}\n"))


def offered_are(world: World, names: list[str]) -> None:
    """Check which commands the operators were offered."""
    found = world.noted(OfferedCommands).names
    if found != names:
        raise AssertionError(f"The shop offers {found}, not {names}.")


def finds_changes(world: World) -> None:
    """Check that `flask db` looks for the migrations where they are."""
    if not world.noted(OfferedCommands).finds_migrations:
        raise AssertionError("`flask db` looks for the migrations where there are none.")


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


def refused(world: World, line: str) -> None:
    """Check that the last command did nothing but say why, in one line."""
    found = world.noted(Printed)
    if found.code == 0 or found.text != f"Error: {line}\n":
        raise AssertionError(
            f"The command should only say {line!r}. It ended with {found.code}:\n{found.text}"
        )


def tells_id(world: World, who: str) -> None:
    """Check that the last command ends with the id of somebody who is signed in."""
    profile = world.act(who, "see one's own profile").must_succeed().body
    succeeds(world, f" is an admin now, with id {profile['id']}.\n")


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

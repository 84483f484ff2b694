"""The shop's own commands, and the settings without which it does not start."""

from features.harness.stage import Printed
from features.support import shop
from features.support.people import Person
from features.support.world import World

PASSWORD = "a long enough secret"
# Everything that production needs, in words: the name of the setting, and a value that will do.
SETTINGS = {
    "the secret key": ("SECRET_KEY", "sixteen letters and more"),
    "the address of its memory": ("DATABASE_URL", "postgresql://shop@db.example.com/shop"),
    "the address of the queue": ("BROKER_URL", "redis://queue.example.com/0"),
    "the address of the payment provider": ("PAYMENTS_URL", "https://payments.example.com/v1"),
    "the key of the payment provider": ("PAYMENTS_KEY", "a key"),
    "the key of the weather provider": ("WEATHER_KEY", "a key"),
    "the address of the mail server": ("MAIL_SERVER", "mail.example.com"),
}


def run(world: World, *arguments: str) -> None:
    """Let the operators run a command, and note the state before it."""
    world.remember()
    world.noted["printed"] = world.stage.command(*arguments)


def printed(world: World) -> Printed:
    """Return what the last command printed. Raises KeyError if none has run."""
    found: Printed = world.noted["printed"]
    return found


def succeeds(world: World, text: str) -> None:
    """Check that the last command did its work, and said so."""
    found = printed(world)
    if found.code != 0 or text not in found.text:
        raise AssertionError(f"The command should say {text!r}. It ended with {found.code}:\n{found.text}")


def refused(world: World, line: str) -> None:
    """Check that the last command did nothing but say why, in one line."""
    found = printed(world)
    if found.code == 0 or found.text != f"Error: {line}\n":
        raise AssertionError(
            f"The command should only say {line!r}. It ended with {found.code}:\n{found.text}"
        )


def sign_in(world: World, who: str, email: str, password: str) -> None:
    """Let somebody sign in, and be known as such from then on."""
    outcome = world.act("an anonymous visitor", "sign in", json={"email": email, "password": password})
    outcome.must_be("allowed")
    world.people[who] = Person(who, outcome.body["token"])


def has_role(world: World, who: str, role: str) -> None:
    """Check the role of somebody who is signed in, as their profile tells it."""
    profile = world.act(who, "see one's own profile").body
    if profile["role"] != role:
        raise AssertionError(f"{who} is {profile['role']!r}, not {role!r}.")


def has_demo(world: World, people: int, products: int, posts: int, orders: int) -> None:
    """Check how much of everything there is, as an admin sees it."""
    asked = ("list users", "list products", "list posts", "list orders")
    found = [world.act("Ada", action).body["total"] for action in asked]
    if found != [people, products, posts, orders]:
        raise AssertionError(f"There are {found} users, products, posts and orders.")


def start(world: World, *, without: str | None = None, instead: tuple[str, str] | None = None) -> None:
    """Let the operators start the shop for customers, with a setting left out, or another in its place."""
    settings = dict(setting for what, setting in SETTINGS.items() if what != without)
    if instead:
        settings[SETTINGS[instead[0]][0]] = instead[1]
    world.noted["fault"] = shop.fault_in_settings("production", settings)


def refuses_to_start(world: World, setting: str, why: str) -> None:
    """Check that the shop did not start, and named this setting and no other."""
    said: str = world.noted["fault"]
    if [line.strip() for line in said.splitlines() if line.startswith("  ")] != [f"{setting}: {why}"]:
        raise AssertionError(f"The shop should only name {setting} ({why}). It says: {said or 'nothing'}")


def starts(world: World) -> None:
    """Check that nothing keeps the shop from starting."""
    if said := world.noted["fault"]:
        raise AssertionError(said)

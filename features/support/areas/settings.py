"""How the operators set the shop up: what it needs, what may be left out, and what it works with then."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave_flask.ledgers.snapshots import Snapshots
from features.support.shop import inspection
from features.support.world.world import World

# Everything that production needs, in words: the name of the setting, and a value that will do.
NEEDED = {
    "the secret key": ("SECRET_KEY", "sixteen letters and more"),
    "the address of its memory": ("DATABASE_URL", "postgresql://shop@db.example.com/shop"),
    "the address of the queue": ("BROKER_URL", "redis://queue.example.com/0"),
    "the address of the payment provider": ("PAYMENTS_URL", "https://payments.example.com/v1"),
    "the key of the payment provider": ("PAYMENTS_KEY", "a key"),
    "the key of the weather provider": ("WEATHER_KEY", "a key"),
    "the address of the mail server": ("MAIL_SERVER", "mail.example.com"),
}
MORE = {
    "the number of proxies": "TRUSTED_PROXIES",
    "the hours of a session": "TOKEN_HOURS",
    "the rounds of a password": "PASSWORD_TIME_COST",
    "the KiB of a password": "PASSWORD_MEMORY_KIB",
    "the port of the mail server": "MAIL_PORT",
    "the seconds to wait for a provider": "OUTSIDE_TIMEOUT_SECONDS",
    "the seconds between two tries": "OUTSIDE_RETRY_PAUSE_SECONDS",
    "the seconds to remember the weather": "WEATHER_CACHE_SECONDS",
}
NAMES = {what: name for what, (name, _) in NEEDED.items()} | MORE
KEY, SECRET = "the key of the payment provider", "what nobody else may know"
PURPOSES = {"customers": "production", "development": "development", "tests": "testing"}


@dataclass(frozen=True)
class Start:
    """Why the shop did not start; empty if it did."""

    fault: str


@dataclass(frozen=True)
class ShopSettings:
    """What the shop works with."""

    values: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """By which classes the shop does what others do for it."""

    classes: dict[str, str]


@dataclass(frozen=True)
class Written:
    """How the shop writes its payment provider into a log."""

    text: str


@dataclass(frozen=True)
class Pauses:
    """For how long the shop waited before each new try."""

    seconds: list[float]


@dataclass(frozen=True)
class SlowCharge:
    """How much the shop read at each try of a charge, and why it gave up."""

    letters: list[int]
    why: str


def start(world: World, *, without: str | None = None, instead: tuple[str, object] | None = None) -> None:
    """Let the operators try to start the shop, with a setting left out, or another in its place."""
    world.note(Start(inspection.fault_in_settings("production", _environment(without, instead))))


def start_as(world: World, name: str) -> None:
    """Let the operators try to start the shop under a name that they chose."""
    world.note(Start(inspection.fault_in_settings(name, _environment())))


def look(world: World, purpose: str, instead: tuple[str, object] | None = None) -> None:
    """Let the operators see what the shop works with when it is started for one of PURPOSES."""
    environment = _environment(instead=instead) if purpose == "customers" else {}
    world.note(ShopSettings(inspection.settings_of(PURPOSES[purpose], environment)))


def refuses_to_start(world: World, setting: str, why: str) -> None:
    """Check that the shop did not start, and named this setting and no other."""
    fault = world.noted(Start).fault
    if [line.strip() for line in fault.splitlines() if line.startswith("  ")] != [f"{setting}: {why}"]:
        raise AssertionError(f"The shop should only name {setting} ({why}). It says: {fault or 'nothing'}")


def says_why(world: World, text: str) -> None:
    """Check every word of what the shop says that did not start."""
    fault = world.noted(Start).fault
    if fault.strip() != text.strip():
        raise AssertionError(f"The shop says: {fault or 'nothing'}")


def starts(world: World) -> None:
    """Check that nothing keeps the shop from starting."""
    if fault := world.noted(Start).fault:
        raise AssertionError(fault)


def look_whom_it_asks(world: World) -> None:
    """Let the operators see by what a shop that has started sends mail, takes money and knows the weather."""
    world.note(Asked(inspection.whom_it_asks(_environment())))


def asks(world: World, expected: Mapping[str, str]) -> None:
    """Check by what the shop does so."""
    if (found := world.noted(Asked).classes) != expected:
        raise AssertionError(f"The shop asks {found}, not {expected}.")


def read_of_provider(world: World) -> None:
    """Let the operators read how a shop writes its payment provider into a log."""
    world.note(Written(inspection.written_of_provider(_environment(instead=(KEY, SECRET)))))


def names_without_key(world: World, address: str) -> None:
    """Check that the provider is named by its address, without its key."""
    text = world.noted(Written).text
    if address not in text or SECRET in text:
        raise AssertionError(f"The shop says {text}.")


def charge_unreached(world: World, setting: str, entered: object) -> None:
    """Let a shop for customers, with a setting, try to charge while its provider cannot be reached."""
    world.note(Pauses(inspection.pauses_between_tries(_environment(instead=(setting, entered)))))


def charge_slowly(world: World, setting: str, entered: object) -> None:
    """Let a shop for customers, with a setting, try to charge while the answer comes a letter a second."""
    world.note(SlowCharge(*inspection.letters_read(_environment(instead=(setting, entered)))))


def gave_up(world: World, letters: int, tries: int, why: str) -> None:
    """Check how often the shop has asked, after how many letters it gave up each time, and why."""
    found = world.noted(SlowCharge)
    if found != SlowCharge([letters] * tries, why):
        raise AssertionError(f"It gave up after {found}, not {letters} letters {tries} times for {why!r}.")


def waited(world: World, seconds: list[float]) -> None:
    """Check how long the shop has waited before each new try."""
    found = world.noted(Pauses).seconds
    if found != seconds:
        raise AssertionError(f"The shop has waited {found} seconds, not {seconds}.")


def as_recorded(snapshots: Snapshots, title: str, world: World) -> None:
    """Compare what the shop works with with its snapshot; this machine's folder is written as `<here>`."""
    snapshots.check(title, _anywhere(world.noted(ShopSettings).values))


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which the shop starts for customers, with more settings by their names."""
    return {**dict(NEEDED.values()), **more}


def _environment(without: str | None = None, instead: tuple[str, object] | None = None) -> dict[str, str]:
    found = dict(setting for what, setting in NEEDED.items() if what != without)
    return found | ({NAMES[instead[0]]: str(instead[1])} if instead else {})


def _anywhere(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _anywhere(each) for name, each in value.items()}
    return value.replace(str(Path.cwd()), "<here>") if isinstance(value, str) else value

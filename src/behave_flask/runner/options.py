"""What a run is asked for on the command line, as far as behave itself does not read it."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from behave.configuration import Configuration

from behave_flask.browser import driver
from behave_flask.core.errors import UsageError, refuse_unknown
from behave_flask.core.stage import EMBEDDED, FURNISH_ONCE, SERVICES
from behave_flask.lint.checks import UNAPPROVED
from behave_flask.model import expected_failures
from behave_flask.reports import allure_results
from behave_flask.runner.debugging import no_prompt
from behave_flask.runner.timeout import SCENARIO_TIMEOUT_S

# What each does, by the name that stands after `-D`. The documentation has its table from here.
OPTIONS = {
    "stage": "Where features are played: `embedded` (the default), or another stage that the suite names.",
    "seed": "The data, and the random order, of the run that printed this seed; without it one is drawn.",
    "order": "`defined` (the default): as written; `random`: features, rules, scenarios and rows.",
    "timeout": f"The seconds that a scenario has before it is stopped ({SCENARIO_TIMEOUT_S:g}).",
    "changed": "Plays only what a change touches, since a commit (`HEAD`) or since each scenario passed.",
    "pdb": "`1` opens Python's debugger where a step failed; `q` ends the run, `c` goes on.",
    "shard": "Plays one part of several: `2/5` is the second of five; `behave-flask merge` joins them.",
    "furnish": f"`once` (the default) plays a Background tagged @{FURNISH_ONCE} once, `each` each time.",
    "snapshots": "`check` (the default) compares with what is recorded, `update` records what comes now.",
    UNAPPROVED: f"`tell` (the default) counts the scenarios tagged @{UNAPPROVED}, `refuse` fails the run.",
    allure_results.ATTACHMENTS: "Allure shows details of `all` scenarios (the default), or of `failed` ones.",
    allure_results.ISSUES: "The address of an issue, with `{}` for the number of `@allure.issue:12`.",
}
# What each means; a run may exclude one that no feature has. The documentation has its table from here.
TAGS = {
    expected_failures.TAG: "Known to fail: passed while a Then of its own fails, failed if it passes."
    f" Say why: {expected_failures.HOW}. With `@until=2027-01-31` it fails after that day.",
    "wip": "Not finished: a step that is not written yet leaves it unchecked; `CI=true` refuses it.",
    UNAPPROVED: "Says what the service was observed to do, which nobody has approved yet.",
    driver.TAG: "Needs a real browser.",
    FURNISH_ONCE: "Its Background is played once for all scenarios that have it; each begins with a copy.",
    EMBEDDED: "Can be played on this stage alone; another one leaves it out, and says why.",
    SERVICES: "Needs real servers: played with `-D stage=services` alone.",
}


@dataclass(frozen=True)
class Options:
    """What `-D` says to the runner.

    :ivar timeout: of a scenario, in seconds.
    :ivar shard: the `Shard` of `-D shard=2/5`, or None.
    :ivar pdb: whether the debugger opens where a step failed.
    :ivar changed: the commit since which a change touches what is played; None for all that is asked for.
    """

    timeout: float
    shard: Any
    pdb: bool
    changed: str | None

    @classmethod
    def read(cls, config: Configuration) -> "Options":
        """Read them.

        :raises UsageError: for what cannot be, and where Python takes out every `assert` of what it runs.
        """
        if not __debug__:
            raise UsageError(
                "Python runs with -O or PYTHONOPTIMIZE, which takes every assert out of steps and service:"
                " they could not fail. Run it without."
            )
        if config.jobs < 1:  # which behave takes, and would run in one
            raise UsageError("-j takes a number of processes from 1 on, not 0.")
        given = config.userdata.get("shard")
        shard = _shard(given) if given is not None else None
        return cls(_timeout(config.userdata), shard, _pdb(config), _changed(config))


def _changed(config: Configuration) -> str | None:
    given: str | None = config.userdata.get("changed")
    if given is None or config.dry_run:
        return None
    if config.jobs > 1 or "shard" in config.userdata:
        raise UsageError(
            "-D changed= sees what each scenario runs in one process: leave -j and -D shard= out."
        )
    if config.userdata.get("stage", EMBEDDED) != EMBEDDED:
        raise UsageError("-D changed= sees what runs in this process alone: leave -D stage= out.")
    if config.userdata.setdefault("furnish", "each") != "each":
        raise UsageError("-D changed= plays each Background itself: leave -D furnish= out.")
    return "HEAD" if given == "true" else given  # behave makes `true` of a plain `-D changed`


def _pdb(config: Configuration) -> bool:
    given = config.userdata.get("pdb", "0")
    refuse_unknown("-D pdb=", [given], {"0", "1", "true"})  # behave makes `true` of a plain `-D pdb`
    asked: bool = given != "0"
    if asked and (why := no_prompt(config.jobs)):
        raise UsageError(f"-D pdb= {why}")
    return asked


def _shard(given: str) -> Any:
    from behave_flask.parallel.shards import Shard  # a whole run can do without

    return Shard.parse(given)


def _timeout(options: MutableMapping[str, str]) -> float:
    if "limit" in options:
        print("-D limit= is called -D timeout= now; the old name goes away with the next version.")
        options.setdefault("timeout", options.pop("limit"))
    given = options.get("timeout", str(SCENARIO_TIMEOUT_S))
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"-D timeout= takes a number of seconds above 0, not {given!r}.")
    return seconds

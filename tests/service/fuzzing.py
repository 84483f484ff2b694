"""Fuzzing the shop by schemathesis, in this process.

Every generated request meets a freshly furnished shop, which is rolled back after it: one that finds a fault
does so again while it is made smaller, and none takes away another's account, goods or patience.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import Case

from features.support.checks import permissions
from features.support.inputs import pictures
from features.support.shop.stages import ShopStage
from features.support.world.world import World

WHO = ("an admin", "a user", "an anonymous visitor")
CASES = int(os.environ.get("FUZZ_CASES", "1"))  # of each operation and person, beside those at every edge
SETTINGS = settings(
    max_examples=CASES,
    deadline=None,
    derandomize="FUZZ_CASES" not in os.environ,  # the same requests in every `make test`
    database=None,
    suppress_health_check=list(HealthCheck),
)
STATEFUL = settings(SETTINGS, max_examples=10 * CASES, stateful_step_count=8)

# What the document calls valid and the shop still refuses, for reasons that JSON Schema cannot hold.
REFUSED_ALL_THE_SAME = {
    "register": ["422"],  # the password is the name
    "createUser": ["422"],
    "changeUser": ["422"],
    "changeProfile": ["422"],  # also: the current password is wrong
    "uploadAvatar": ["413", "415", "422"],  # bytes that are no picture
    "placeOrder": ["402", "422"],  # no such product, the total is too large
}
ACCEPTED = ["2xx", "304", "401", "403", "404", "409"]
THINGS = {"user_id": "member", "post_id": "post", "product_id": "product", "order_id": "order"}

sent: Counter[str] = Counter()
playing: list[ShopStage] = []
schemathesis.openapi.format(
    "email", st.from_regex(r"[a-z]{1,9}(\+[a-z]{1,9})?@[a-z]{1,9}\.com", fullmatch=True)
)


def configuration() -> schemathesis.Config:
    """Return schemathesis's settings: all checks, data that fit the document and data that do not."""
    operations: list[dict[str, Any]] = [
        {
            "include-operation-id": name,
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED + more}},
        }
        for name, more in REFUSED_ALL_THE_SAME.items()
    ]
    # A new account has no picture.
    operations.append(
        {"include-operation-id": "getAvatar", "checks": {"ensure_resource_availability": {"enabled": False}}}
    )
    return schemathesis.Config.from_dict(
        {
            "cache": {"enabled": False},
            "checks": {
                **_accepting(ACCEPTED),
                "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx"]},
            },
            # Tokens are ours to send; the check `ignored_auth` sends none, and wrong ones, itself.
            "generation": {"with-security-parameters": False},
            "operations": operations,
        }
    )


def _accepting(statuses: list[str]) -> dict[str, Any]:
    return {"positive_data_acceptance": {"expected-statuses": statuses}}


def reach(environ: Any, start_response: Any) -> Any:
    """Be the service for schemathesis, which wants one before there is a stage: pass on to the stage."""
    return playing[-1].app(environ, start_response)


@contextmanager
def furnished(stage: ShopStage) -> Iterator[World]:
    """Open a shop with one of everything, and fail for what it wrote into its log as an error."""
    stage.begin_scenario()
    try:
        world = World(stage)
        permissions.furnish(world)
        yield world
        assert not stage.errors.findings(), stage.errors.findings()
    finally:
        stage.end_scenario()


def fuzz(stage: ShopStage, case: Case, who: str) -> None:
    """Send one request as somebody, and let schemathesis judge the answer."""
    sent[case.operation.label] += 1
    with furnished(stage) as world:
        _aim(world, case)
        case.call_and_validate(headers=dict(world.person(who).headers))


def _aim(world: World, case: Case) -> None:
    """Turn every other id into that of something that is there, and every other upload into a picture."""
    for name, value in (case.path_parameters or {}).items():
        if name in THINGS and isinstance(value, int) and value % 2:
            case.path_parameters[name] = world.thing(THINGS[name])
    body: Any = case.body
    if isinstance(body, dict):
        product = body.get("product_id")
        if type(product) is int and 0 < product < 2**31 and product % 2:
            case.body = {**body, "product_id": world.thing("product")}
        if isinstance(body.get("avatar"), bytes) and len(body["avatar"]) % 2:
            case.body = {**body, "avatar": pictures.picture("PNG")}

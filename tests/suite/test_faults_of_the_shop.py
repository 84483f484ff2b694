"""The shop is broken in many places, each of which one scenario of the real suite visits: all go red."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import attempt, besides, feature, replace, success

# What the shop does beside its work, by the request that it does it in.
BESIDES = {
    "GET /api/users": "mail",
    "GET /api/weather": "outside",
    "GET /docs": "raw_socket",
    "GET /healthz": "log",
    "GET /api/posts": "task",
    "GET /api/profile": "crash",
    "GET /api/orders": "raw_rollback",
}

SCENARIOS = "".join(
    [
        attempt("a missing commit", "the author", "may", "change a post", "PATCH /api/posts/{id}"),
        attempt("a publish before the commit", "an admin", "may", "create a user", "POST /api/users"),
        attempt("a deferred constraint", "a user", "may", "publish a post", "POST /api/posts"),
        attempt(
            "a refusal that changed something", "a user", "may not", "delete a post", "DELETE /api/posts/{id}"
        ),
        attempt(
            "a success that did nothing", "an admin", "may", "delete a product", "DELETE /api/products/{id}"
        ),
        attempt(
            "a success that did too much", "an admin", "may", "change a product", "PATCH /api/products/{id}"
        ),
        attempt("a guard switched off", "a user", "may not", "delete a user", "DELETE /api/users/{id}"),
        attempt(
            "a rule switched off",
            "another customer",
            "finds nothing when trying to",
            "see an order",
            "GET /api/orders/{id}",
        ),
        attempt("a place that leads nowhere", "an admin", "may", "add a product", "POST /api/products"),
        success("a mail", "an admin", "list users", "GET /api/users"),
        success("an outside call", "an anonymous visitor", "see the weather", "GET /api/weather"),
        success("a raw socket", "an anonymous visitor", "read the documentation", "GET /docs"),
        success(
            "an error in the log", "an anonymous visitor", "ask whether the shop is well", "GET /healthz"
        ),
        success("a queued task", "a user", "list posts", "GET /api/posts"),
        success("a crash", "a user", "see one's own profile", "GET /api/profile"),
        success("a raw rollback", "a user", "list orders", "GET /api/orders"),
        """
  Scenario: a suspension that is not lifted, nor ever was
    Given Mia is a member
    When an admin sets the standing of Mia to suspended
    And an admin sets the standing of Mia to active
    Then Mia is still signed in
""",
        success("nothing planted", "a user", "read a post", "GET /api/posts/{id}"),
    ]
)

# Each scenario with what its failure says.
FAILURES = {
    "a missing commit": ["allowed, and posts should have changed, but nothing did"],
    "a publish before the commit": [
        "app.tasks.send_welcome was published before the commit",
        "not yet in the database: new User",
    ],
    "a deferred constraint": [
        "A deferred foreign key is broken on the default database: posts has rows without their users"
    ],
    "a refusal that changed something": ["forbidden, and nothing should have changed, but posts did"],
    "a success that did nothing": ["allowed, and orders, products should have changed, but nothing did"],
    "a success that did too much": ["allowed, and products should have changed, but mails, products did"],
    "a guard switched off": ["Expected: forbidden\nGot: allowed", "> DELETE /api/users/"],
    "a rule switched off": ["Expected: does not exist\nGot: allowed", '"product_name"'],
    "a place that leads nowhere": ["Location: /api/product/", "leads nowhere (404)"],
    "a suspension that is not lifted, nor ever was": [
        "Expected: allowed\nGot: invalid",
        "> PATCH /api/users/",
        '"is_active": false',
    ],
    "a mail": ["an e-mail to boss@example.com, “Somebody looks around”"],
    "an outside call": ["the service called GET https://tracker.example.com/seen, which no step arranged"],
    "a raw socket": ["tried to connect to 203.0.113.7:80, past all arranged answers (app/__init__.py:"],
    "an error in the log": ["an error in the log of app: The till is stuck"],
    "a queued task": ["a queued task, app.tasks.publish_outbox()"],
    "a crash": ["Expected: allowed\nGot: a plain 500"],
    "a raw rollback": ["The service ended the scenario's outer transaction"],
}


def plant(folder: Path) -> None:
    """Break one thing on the way of each scenario."""
    besides(folder, BESIDES)
    replace(
        folder,
        "app/api/posts.py",
        "setattr(post, field, getattr(body, field))\n    db.session.commit()\n",
        "setattr(post, field, getattr(body, field))\n",
    )
    replace(
        folder,
        "app/services/accounts.py",
        'outbox.enqueue("send_welcome", user.id)',
        'current_app.extensions["celery"].tasks["app.tasks.send_welcome"].delay(user.id)',
    )
    replace(
        folder,
        "app/migrations/versions/2026_11_23_the_shop.py",
        '["author_id"], ["users.id"], name=op.f("fk_posts_author_id"), ondelete="SET NULL"',
        '["author_id"], ["users.id"], name=op.f("fk_posts_author_id"), deferrable=True, initially="DEFERRED"',
    )
    replace(folder, "app/api/posts.py", "author_id=current_user().id", "author_id=1_000_000_000")
    replace(
        folder,
        "app/api/posts.py",
        "    permissions.change_post(current_user(), post)\n    db.session.delete(post)\n",
        '    post.title = "Gone"\n    db.session.commit()\n'
        "    permissions.change_post(current_user(), post)\n    db.session.delete(post)\n",
    )
    replace(
        folder,
        "app/api/users.py",
        "    return accounts.change(user_or_404(user_id)",
        '    if "is_active" in body.model_fields_set:\n        from app.problems import invalid\n\n'
        '        invalid(is_active="Not today.")\n'
        "    return accounts.change(user_or_404(user_id)",
    )
    replace(folder, "app/api/products.py", "    db.session.delete(_existing(product_id, lock=True))\n", "")
    replace(
        folder,
        "app/api/products.py",
        "    product = _existing(product_id, lock=True)\n",
        "    product = _existing(product_id, lock=True)\n"
        "    from flask import current_app\n"
        '    current_app.config["EMAIL_SERVICE"].send("all@example.com", "New prices", "As planted.")\n',
    )
    replace(
        folder,
        "app/api/users.py",
        '@blueprint.delete("/api/users/<int:user_id>")\n@blueprint.auth_required(auth, roles=["admin"])',
        '@blueprint.delete("/api/users/<int:user_id>")\n@blueprint.auth_required(auth)',
    )
    replace(
        folder,
        "app/api/products.py",
        'where = {"Location": url_for("products.get_product", product_id=product.id)}',
        'where = {"Location": f"/api/product/{product.id}"}',
    )
    replace(
        folder,
        "app/permissions.py",
        "if order is None or not (user.is_admin or order.user_id == user.id):",
        "if order is None:",
    )


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    copy_project: Callable[[Path], Path],
    behave: Callable[..., Any],
) -> Any:
    """One run of all the scenarios, in the one copy with all the faults."""
    folder = copy_project(tmp_path_factory.mktemp("shop") / "project")
    plant(folder)
    return behave(folder, feature(folder, SCENARIOS))


@pytest.mark.parametrize("fault", FAILURES)
def test_a_fault_of_the_shop_fails_the_scenario_that_meets_it(run: Any, fault: str) -> None:
    case = run.case(fault)
    assert case.status in ("failed", "error", "hook_error")
    for message in FAILURES[fault]:
        assert message in case.message


def test_a_scenario_that_meets_no_fault_passes_between_them(run: Any) -> None:
    assert run.status("nothing planted") == "passed"
    assert run.code == 1


def test_the_exception_behind_a_crash_is_told(run: Any) -> None:
    assert "Not verified so far:\n" in run.output
    assert "(LookupError: as planted)" in run.output

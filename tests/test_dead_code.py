"""No function, class or import that nothing uses, in the shop, the suite and the package."""

from pathlib import Path

import pytest
from vulture import Vulture

PROJECT = Path(__file__).resolve().parent.parent

# Called by name or by registration: routes, hooks, handlers, steps, tasks, commands, validators, factories.
REGISTERED = [
    *(f"@*.{verb}" for verb in ("get", "post", "put", "patch", "delete", "route")),
    *("@given", "@when", "@then", "@fixture", "@*fixture", "@pytest.*"),
    *("@*.before_request", "@*.after_request", "@*errorhandler", "@*.error_processor", "@*.spec_processor"),
    *("@*.verify_token", "@*.get_user_roles", "@*.task", "@shared_task", "@*.command", "@*.listens_for"),
    *("@*validator", "@*serializer", "@*.connect", "@*.connect_via", "@factory.*", "@*context_processor"),
]
# Overrides that a library calls: behave's hooks, factory_boy's and SQLAlchemy's classes, syrupy's extension …
CALLED_BY_NAME = [
    "__getattr__",
    "before_*",
    "after_*",
    "Meta",
    "Params",
    "process_*",
    "matches_snapshot_*",
    "test_*",
    "Test*",
    *("Live", "report_current_*", "embedding"),  # behave's formatters; behave.ini names the class
    "to_python",  # werkzeug's converters
    *("recreate", "post_fork"),  # SQLAlchemy's pools, gunicorn's hooks
    *("persistent_id", "_setup_next_sequence"),  # pickle's and factory_boy's classes
    *("get_code", "find_spec", "mutate", "mutation_positions", "examples", "Provider"),  # imports, cosmic-ray
    *("eof", "make_feature_filename", "run_with_paths"),  # behave's formatters, reporters and runner
    *("pytest_*", "do_*", "log_message", "handle_DATA"),  # hooks of pytest, http.server and aiosmtpd
    *("handle_*", "get_cookie_secure", "log"),  # html.parser's, Flask's and werkzeug's classes
    *("setup", "teardown", "get_call_kwargs", "validate_response"),  # schemathesis's state machine
]


def unused(*paths: Path) -> list[str]:
    """What nothing uses in the files below the paths, as `file:line: kind name`.

    Fields, properties and variables are left out: SQLAlchemy, pydantic and factory_boy read theirs by name.
    """
    judge = Vulture(ignore_decorators=REGISTERED, ignore_names=CALLED_BY_NAME)
    judge.scavenge(paths, exclude=["*/migrations/*", "*/reported_faults/inputs/*"])
    assert judge.exit_code == 0, "vulture could not read everything"
    kept = [item for item in judge.get_unused_code() if item.typ not in ("variable", "attribute", "property")]
    return [f"{item.filename}:{item.first_lineno}: {item.typ} {item.name}" for item in kept]


def test_nothing_is_there_that_nothing_uses() -> None:
    # The tests count as use: the package offers what a service may need, and they show each part of it.
    found = unused(*(PROJECT / name for name in ("app", "environment.py", "features", "src", "tests")))
    assert not found, "\n".join(["nothing uses:", *found])


@pytest.mark.parametrize(
    "code", ["def left():\n    pass\n", "class Left:\n    pass\n", "import os as left\n"]
)
def test_what_nothing_uses_is_named(tmp_path: Path, code: str) -> None:
    (tmp_path / "shop.py").write_text(code)
    (found,) = unused(tmp_path)
    assert found.lower().endswith(" left")


def test_a_file_that_cannot_be_read_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("def broken(:\n")
    with pytest.raises(AssertionError, match="could not read everything"):
        unused(tmp_path)

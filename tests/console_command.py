"""The console command `behave-flask`, in the process of a test."""

import pytest

from behave_flask.cli import commands


def behave_flask(*arguments: str) -> int:
    """Carry out a command line; what it prints is captured as pytest captures it."""
    with pytest.raises(SystemExit) as ended:
        commands.main(arguments, prog_name="behave-flask")
    code = ended.value.code
    assert isinstance(code, int)
    return code

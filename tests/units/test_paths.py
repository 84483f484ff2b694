"""Whose code a file is: that of the service and its suite, or of what they are built on."""

import json
from pathlib import Path

import flask
import pytest

from behave_flask.core import paths


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (json.__file__, True),
        (flask.__file__, True),
        ("<frozen importlib._bootstrap>", True),
        ("/home/ann/.local/lib/python3.12/site-packages/flask/app.py", True),
        ("/usr/lib/python3/dist-packages/flask/app.py", True),
        (__file__, False),
        ("/home/ann/shop/app.py", False),
        (str(Path.cwd() / "features/steps/words.py"), False),
    ],
)
def test_a_library_is_known_wherever_it_is_installed(file: str, expected: bool) -> None:
    assert paths.is_library(file) == expected

"""The formatter of Allure's results as `behave.ini` names it.

behave loads the class of a formatter when it reads its options, and of an error in that says the kind alone.
So this one loads what it needs when the run begins, where a missing extra is named.
"""

from typing import Any

from behave.configuration import Configuration
from behave.formatter.base import Formatter, StreamOpener


class AllureFormatter(Formatter):
    """Allure results that agree with the run.

    Example, in `behave.ini`::

        format = behave_flask:AllureFormatter
        outfiles = reports/allure-results
    """

    name = "allure"
    description = "Allure results that agree with the run"

    def __new__(cls, stream_opener: StreamOpener, config: Configuration) -> Any:
        """Return the formatter itself. Raises MissingExtra without Allure's libraries."""
        from behave_flask.reports import allure

        return allure.AllureFormatter(stream_opener, config)

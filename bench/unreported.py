"""behave without the Allure results of `behave.ini`: `python -m bench.unreported [options of behave]`."""

import sys

from behave.__main__ import run_behave
from behave.configuration import Configuration


def main() -> int:
    """Run behave with the default formatter alone, and return its exit code."""
    config = Configuration(sys.argv[1:])
    del config.defaults["format"]
    config.format, config.outputs = [], []
    return int(run_behave(config))


if __name__ == "__main__":
    sys.exit(main())

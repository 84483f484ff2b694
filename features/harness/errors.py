"""What a run cannot begin with."""

from behave.exception import ConfigError


class UsageError(ConfigError):
    """The run is asked for something that there is not; the message says what there is."""

"""The suite's own score: small faults in the service's code, and how many of them the features notice.

`behave-flask mutants code` makes mutants of what `[tool.mutants]` in pyproject.toml names,
plays for each the scenarios that run the changed line, those that are likely to notice first, and prints
which survived. It serves any service and any behave suite.
"""

from behave_flask.core.extras import requires_extra

with requires_extra("mutants"):
    import cosmic_ray as cosmic_ray
    import coverage as coverage

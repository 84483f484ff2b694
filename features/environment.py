"""Behave looks for its hooks here, beside `steps/`; ours are in `environment.py` at the top level.

The second line makes a wrong working directory an ImportError, where otherwise the hooks would be missing
without a word.
"""

from environment import *  # noqa: F403
from environment import before_all  # noqa: F401

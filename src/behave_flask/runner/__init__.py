"""The runner of behave that `behave.ini` names."""

from behave_flask.core.behave_internals.compatibility import refuse_unknown_version

refuse_unknown_version()  # before what may not be there to import

"""Words for features that any service may use; each module brings its own, and works alone.

A suite chooses them in a file of its folder `features/steps`::

    from behave_flask.steps import mail, matrix  # noqa: F401
"""

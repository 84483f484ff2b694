from behave_flask.core.extras import requires_extra

with requires_extra("services"):
    import aiosmtpd as aiosmtpd
    import celery as celery
    import flask_sqlalchemy as flask_sqlalchemy
    import gunicorn as gunicorn
    import redis as redis
    import requests_mock as requests_mock
    import time_machine as time_machine

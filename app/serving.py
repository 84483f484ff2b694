"""How gunicorn serves the shop: `gunicorn --config python:app.serving 'app:create_app()'`."""

from typing import Any

import gunicorn.http.wsgi

from app import connections

# gunicorn names itself in every answer, and has no setting for it.
gunicorn.http.wsgi.SERVER = "shop"


def post_fork(_server: Any, worker: Any) -> None:
    """Have a worker's connections handed to its threads so that none is kept waiting for nothing."""
    connections.arrange(worker)


worker_class = "gthread"
threads = 4
# Seconds that a quiet connection stays open: longer than the proxy in front keeps one (60 s for most), so
# that it is the proxy who closes it. gunicorn's own limit, 2 s, closes connections on which a request has
# just been sent; it is lost, and an order may not be sent again unasked (RFC 9112, 9.3.1 and 9.5).
keepalive = 75
# TRUSTED_PROXIES alone says whom to believe: gunicorn by itself believes whoever asks from this machine.
forwarded_allow_ips = ""
forwarder_headers = ""
control_socket_disable = True

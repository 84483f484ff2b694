"""How gunicorn serves the shop: `gunicorn --config python:app.serving 'app:create_app()'`."""

import gunicorn.http.wsgi

# gunicorn names itself in every answer, and has no setting for it.
gunicorn.http.wsgi.SERVER = "shop"

worker_class = "gthread"
threads = 4
control_socket_disable = True

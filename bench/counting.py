"""Writes down the moment of each request, so that nobody is fast by doing less than the others."""

import os
import time

from flask import request_started

REQUESTS = "BENCH_REQUESTS"  # the environment variable that names the file


def begin() -> None:
    """Write a line for each request that the service begins to handle, in this process and those it forks."""
    file = os.open(os.environ[REQUESTS], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(_sender: object, **_: object) -> None:
        os.write(file, b"%d\n" % time.monotonic_ns())

    request_started.connect(note, weak=False)

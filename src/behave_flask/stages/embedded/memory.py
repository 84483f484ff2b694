"""What extensions of a service keep for it in this process, emptied before each scenario."""

from flask import Flask

_OWN = ("MemoryStorage", "SimpleCache", "FileSystemCache")  # what is on a server is not this service's alone


def empty(app: Flask) -> None:
    """Forget what Flask-Limiter has counted and what Flask-Caching holds.

    :param app: the service.
    """
    limiters, caches = app.extensions.get("limiter", ()), app.extensions.get("cache", {})
    for limiter in limiters if isinstance(limiters, set) else ():
        if limiter.initialized and type(limiter.storage).__name__ in _OWN:
            limiter.reset()
    for cache in caches.values() if isinstance(caches, dict) else ():
        if type(cache).__name__ in _OWN:
            cache.clear()

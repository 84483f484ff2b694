"""Whether the database answers, found out within a second whatever it does."""

from threading import Lock, Thread
from time import monotonic

from sqlalchemy import Engine, text
from sqlalchemy.exc import TimeoutError as NoAnswer

ANSWER_WITHIN = 0.7  # seconds


class DatabaseCheck:
    """Asks in a thread of its own. While one goes on, nobody begins another, or waits for it again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self._since = 0.0
        self._error: Exception | None = None

    def require_answer(self, engine: Engine) -> None:
        """Return when the database has answered.

        :raises NoAnswer: it does not, within `ANSWER_WITHIN` of when it was asked.
        :raises Exception: what came of asking.
        """
        with self._lock:
            thread = self._thread
            if thread is None or not thread.is_alive():
                thread = self._thread = Thread(target=self._ask, args=(engine,), daemon=True)
                self._since, self._error = monotonic(), None
                thread.start()
        thread.join(max(0.0, self._since + ANSWER_WITHIN - monotonic()))
        if thread.is_alive():
            raise NoAnswer("no answer in time")
        if self._error:
            raise self._error

    def _ask(self, engine: Engine) -> None:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001 (it is raised where the answer is waited for)
            self._error = error

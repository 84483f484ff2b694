"""What a scenario has and knows; the steps find it as `context.world`."""

from features.harness.http import Exchange, Request
from features.harness.outcome import Outcome
from features.harness.stage import Stage


class World:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.books: dict[str, int] = {}
        self.exchanges: list[Exchange] = []  # which the reports show

    def ask(self, who: str, request: str, success: int = 200) -> None:
        """Let somebody ask for "POST /books/1/loan", of which `success` says that it was done."""
        method, path = request.split()
        sent = Request(method, path, {"Authorization": f"Bearer {who.lower()}"})
        self.exchanges.append(Exchange(who, sent, self.stage.send(sent)))
        self.outcome = Outcome(self.exchanges[-1], success)

    def report(self, said: str = "") -> str:
        """Return what explains a failure, but for what it `said` itself."""
        last = str(self.exchanges[-1]) if self.exchanges else "Nobody has asked for anything."
        return "" if last in said else last

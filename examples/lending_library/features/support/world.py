"""What a scenario has and knows; the steps find it as `context.world`."""

from behave_flask import Exchange, Outcome, Request, Stage

SUCCESS = {"GET": 200, "POST": 201}


class World:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.books: dict[str, int] = {}
        self.exchanges: list[Exchange] = []  # which the reports show
        self.action = ""

    def ask(self, who: str, request: str, success: int = 200) -> Outcome:
        """Let somebody ask for "POST /books/1/loan", of which `success` says that it was done."""
        method, path = request.split()
        sent = Request(method, path, {"Authorization": f"Bearer {who.lower()}"})
        self.exchanges.append(Exchange(who, sent, self.stage.send(sent)))
        self.outcome = Outcome(self.exchanges[-1], success)
        return self.outcome

    def attempt(self, who: str, action: str, request: str) -> Outcome:
        """Let somebody try to "borrow a book" by "POST /books/1/loan"."""
        self.action = action
        return self.ask(who, request, SUCCESS.get(request.split()[0], 200))

    def borrow(self, who: str, title: str) -> Outcome:
        """Let somebody try to borrow a book."""
        return self.attempt(who, "borrow a book", f"POST /books/{self.books[title]}/loan")

    def outcome_of(self, who: str, action: str | None = None) -> Outcome:
        """Return what the last attempt came to, which has to be this person's, and to do this."""
        last = self.outcome.exchange.who, self.action
        assert last == (who, action or last[1]), f"The last attempt was that of {last[0]} to {last[1]}."
        return self.outcome

    def report(self, said: str = "") -> str:
        """Return what explains a failure, but for what it `said` itself."""
        last = str(self.exchanges[-1]) if self.exchanges else "Nobody has asked for anything."
        return "" if last in said else last

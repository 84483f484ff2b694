"""How a test plants a fault in a copy of the project."""

from pathlib import Path

FURNISHED = """
  Background:
    Given a shop with a member, a product, an order and a post
"""


def replace(folder: Path, file: str, old: str, new: str) -> None:
    """Put `new` in the place of `old`, which has to stand in the file once: else the plant is out of date."""
    text = (folder / file).read_text()
    assert text.count(old) == 1, f"{file} holds this {text.count(old)} times, not once:\n{old}"
    (folder / file).write_text(text.replace(old, new))


def append(folder: Path, file: str, text: str) -> None:
    """Put `text` behind all that the file holds."""
    with (folder / file).open("a") as planted:
        planted.write(text)


def feature(folder: Path, scenarios: str, name: str = "planted") -> str:
    """Write a feature with these scenarios, in the furnished shop, and give back its path for `behave`."""
    path = f"features/{name}/{name}.feature"
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(f"Feature: {name}\n{FURNISHED}\n{scenarios}")
    return path


def attempt(title: str, who: str, verdict: str, action: str, request: str) -> str:
    """A scenario in the words of the permission matrix."""
    return f"""
  Scenario: {title}
    When {who} tries to {action} by {request}
    Then {who} {verdict} {action}
"""


def success(title: str, who: str, action: str, request: str) -> str:
    """A scenario in which somebody succeeds, whatever else the service did."""
    return f"""
  Scenario: {title}
    When {who} tries to {action} by {request}
    Then {who} succeeds
"""

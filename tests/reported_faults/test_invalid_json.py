"""5: an answer that calls itself JSON and is none is shown as it came; a scenario is judged by its steps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Lay = Callable[..., Path]
Play = Callable[..., Any]


def test_answers_that_are_no_json(lay: Lay, play: Play) -> None:
    played = play(lay("05-invalid-json"), "features/case")

    assert played.code == 1
    verdicts = {title: allure for title, (_, allure) in played.verdicts.items()}
    kinds = ("nan", "html", "cut", "latin", "bom", "half", "huge", "deep")
    assert verdicts == {
        **{f"An answer that is {kind}": "passed" for kind in kinds},
        "An answer that is html and not wanted": "failed",
        "An answer that is cut and not wanted": "failed",
        "A title with half a character": "failed",
    }
    for kind, body in {
        "nan": '{"price": NaN}',
        "html": "<h1>Bad gateway</h1>",
        "cut": '{"books": [{"title": "Em',
        "latin": r"caf\xe9",
        "huge": '{"n": 9999',
        "deep": "[[[[",
    }.items():
        attached = played.attached(played.allure[f"An answer that is {kind}"]["steps"][0])
        (shown,) = [text for name, text in attached.items() if "/odd/" in name]
        assert "which is no JSON" in shown
        assert body in shown
        assert len(shown) < 3_000
    for kind, body in {"html": "<h1>Bad gateway</h1>", "cut": '{"books": [{"title": "Em'}.items():
        title = f"An answer that is {kind} and not wanted"
        message = played.allure[title]["statusDetails"]["message"]
        for report in (message, played.junit[title].text, played.output):
            assert "Expected: forbidden\nGot: allowed" in report.replace("    ", "")
            assert body in report
            assert "which is no JSON" in report
    assert r"\ud83d" in played.junit["A title with half a character"].text
    assert played.page is not None
    assert "which is no JSON" in played.page
    assert played.rerun[0] == "# failed"


READS = """
from behave import then


@then("its price is {price}")
def step_price(context, price):
    assert str(context.world.outcome.body["price"]) == price
"""
READING = """
Feature: Reading

  Scenario Outline: Reading what is <kind>
    When somebody asks for something <kind>
    Then its price is 3

    Examples:
      | kind  |
      | nan   |
      | html  |
      | latin |
      | huge  |
      | deep  |

  Scenario Outline: A refusal that is <kind>
    When somebody asks for something <kind>
    Then it is forbidden

    Examples:
      | kind           |
      | refused        |
      | refused-list   |
      | refused-number |
"""
REFUSED = """
    @app.get("/odd/refused<kind>")
    @app.get("/odd/refused")
    def odd_refusal(kind: str = "") -> Any:
        from flask import Response
        bodies = {"": b"<h1>No</h1>", "-list": b"[]", "-number": b"7"}
        return Response(bodies[kind], 403, mimetype="application/problem+json")

    @app.post("/books/<int:number>/loan")
"""


def test_a_step_that_reads_what_is_no_json_fails_and_says_so(lay: Lay, play: Play) -> None:
    library = lay("05-invalid-json")
    (library / "features/case/a.feature").write_text(READING)
    (library / "features/steps/reading_steps.py").write_text(READS)
    service = library / "library.py"
    service.write_text(service.read_text().replace('\n    @app.post("/books/<int:number>/loan")\n', REFUSED))
    played = play(library, "features/case")

    assert played.code == 1
    assert {verdict for verdict, _ in played.verdicts.values()} == {"failure"}, played.output
    for kind in ("nan", "html", "latin", "huge", "deep"):
        message = played.junit[f"Reading what is {kind}"].text
        assert "The answer says that it is application/json, and is no JSON" in message
    assert (
        "The answer is forbidden, but its body is no JSON" in played.junit["A refusal that is refused"].text
    )
    for kind in ("list", "number"):
        message = played.junit[f"A refusal that is refused-{kind}"].text
        assert "The answer is forbidden, but its body does not repeat the status and a title" in message

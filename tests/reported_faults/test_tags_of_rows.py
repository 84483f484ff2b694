"""Tags of an outline and of its Examples: each row has them as they are written, and once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.reported_faults.conftest import Played

FOLDER = "12-tags-of-rows"
Lay, Play = Callable[..., Path], Callable[..., Played]
ISSUE = "https://example.com/issues/12?tab=a&b=c#d"


def links(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(link["name"], link["url"]) for link in result.get("links", [])]


def tags(result: dict[str, Any]) -> list[str]:
    return sorted(label["value"] for label in result["labels"] if label["name"] == "tag")


def test_they_are_as_written_and_there_once(lay: Lay, play: Play) -> None:
    folder = lay(FOLDER)
    (folder / "features/case/b.feature").write_text("""Feature: The lamp

  @slow @<where>/lamp?a=<how>,b:#c @<nowhere>
  Scenario Outline: The drawer is <state> <where>
    Given a till
    Then the drawer is <state>

    @slow @größe=2
    Examples: places
      | state | where     | how         |
      | shut  | à/la/cave | by hand     |
      | open  | up        | as "always" |
""")

    played = play(folder, "features/case")

    results = played.allure
    assert played.code == 1  # the drawer is open up
    for name in ("It is open", "It is half open"):
        assert links(results[name]) == [(ISSUE, ISSUE)]
        assert tags(results[name]) == ["xfail"]
        assert played.verdicts[name] == ("skipped", "skipped")
        assert ISSUE in played.junit[name].text
    for name in ("It is shut by day", "It is shut by night"):
        assert links(results[name]) == [("docs", "https://example.com/a/b")]
        assert tags(results[name]) == ["a/b", "größe", "mail:a@b.example", "t(1,2)"]
    cave, up = results["The drawer is shut à/la/cave"], results["The drawer is open up"]
    assert tags(cave) == ["größe=2", "slow", "à/la/cave/lamp?a=by_hand,b:#c"]
    assert tags(up) == ["größe=2", "slow", 'up/lamp?a=as_"always",b:#c']


def test_rows_of_one_table_are_expected_to_fail(lay: Lay, play: Play) -> None:
    """The reason stands over the outline, and is asked for where the tag is."""
    played = play(lay(FOLDER), "features/case/b.feature")

    assert played.code == 0, played.output
    assert played.verdicts == {"It is shut": ("passed", "passed"), "It is open": ("skipped", "skipped")}
    assert "only for the broken states. https://example.com/issues/13" in played.junit["It is open"].text
    assert links(played.allure["It is open"]) == [("https://example.com/issues/13",) * 2]
    assert not links(played.allure["It is shut"])


def test_a_table_that_is_tagged_needs_a_reason_and_an_issue(lay: Lay, play: Play) -> None:
    folder = lay(FOLDER)
    feature = folder / "features/case/b.feature"
    original = feature.read_text()
    feature.write_text(original.replace("    Expected to fail: only for the broken states.\n", ""))
    (folder / "features/case/a.feature").write_text(
        original.replace(" @allure.issue:https://example.com/issues/13", "").replace("The safe", "The till")
    )

    played = play(folder, "features/case")

    assert played.code == 1
    lines = [line for line in played.output.splitlines() if "@xfail" in line]
    assert [line.split(": ")[0] for line in lines] == [
        "features/case/a.feature:15",
        "features/case/b.feature:14",
    ]


def test_a_reason_over_nothing_that_is_tagged_is_refused(lay: Lay, play: Play) -> None:
    folder = lay(FOLDER)
    feature = folder / "features/case/b.feature"
    feature.write_text(
        feature.read_text().replace("    @xfail @allure.issue:https://example.com/issues/13\n", "")
    )

    played = play(folder, "features/case/b.feature")

    assert played.code == 1
    assert "b.feature:10: is expected to fail, and has no tag @xfail" in played.output

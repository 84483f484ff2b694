"""Snapshots under behave: what is missing, changed, masked wrongly, unused or orphaned is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from behave_flask.core import paths
from behave_flask.ledgers.snapshots import (
    TIMESTAMP,
    Form,
    SnapshotDiffers,
    SnapshotMissing,
    Snapshots,
    masked,
)

ANN = {"id": 7, "name": "Ann", "email": "ann@shop.example"}


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths._Run, "start", tmp_path)  # as if a run began here
    file = tmp_path / "features" / "accounts" / "registering.feature"
    file.parent.mkdir(parents=True)
    file.touch()
    return file


def stored(feature: Path) -> Path:
    return feature.parent / "__snapshots__" / "registering.ambr"


def snapshots(feature: Path, update: bool = False) -> Snapshots:
    opened = Snapshots(update)
    opened.open_feature(feature)
    return opened


def write(feature: Path, **entries: object) -> None:
    updating = snapshots(feature, update=True)
    for name, data in entries.items():
        updating.check(name, data)
    updating.finish_feature(whole=False)


def test_a_missing_snapshot_fails_with_the_command_that_writes_it(feature: Path) -> None:
    with pytest.raises(SnapshotMissing) as caught:
        snapshots(feature).check("a visitor registers", ANN)

    assert str(caught.value) == (
        "features/accounts/__snapshots__/registering.ambr has no entry “a visitor registers”.\n"
        "Write it with: behave -D snapshots=update features/accounts/registering.feature"
    )
    assert not stored(feature).parent.exists()


def test_an_update_writes_one_legible_file_a_feature_and_the_same_data_then_passes(feature: Path) -> None:
    write(feature, one=ANN, two=[True, None, 1.5])

    assert stored(feature).read_text("utf-8") == (
        "# serializer version: 1\n"
        "# name: one\n"
        "  dict({\n    'email': 'ann@shop.example',\n    'id': 7,\n    'name': 'Ann',\n  })\n"
        "# ---\n"
        "# name: two\n"
        "  list([\n    True,\n    None,\n    1.5,\n  ])\n"
        "# ---\n"
    )
    again = snapshots(feature)
    again.check("two", [True, None, 1.5])
    again.check("one", ANN)
    assert again.finish_feature(whole=True) == []


@pytest.mark.parametrize(
    "changed",
    [
        {**ANN, "name": "Bob"},
        {**ANN, "id": "7"},
        {**ANN, "id": 7.0},
        {**ANN, "role": "admin"},
        {"id": 7, "name": "Ann"},
        [ANN],
        None,
    ],
    ids=["value", "number as text", "fraction", "more", "less", "list", "nothing"],
)
def test_every_kind_of_change_is_red(feature: Path, changed: object) -> None:
    write(feature, one=ANN)

    with pytest.raises(SnapshotDiffers):
        snapshots(feature).check("one", changed)


def test_a_number_is_not_a_truth_value(feature: Path) -> None:
    write(feature, one={"active": True})

    with pytest.raises(SnapshotDiffers):
        snapshots(feature).check("one", {"active": 1})


def test_a_difference_names_file_and_entry_and_shows_the_lines_without_colour(feature: Path) -> None:
    write(feature, one=ANN)

    with pytest.raises(SnapshotDiffers) as caught:
        snapshots(feature).check("one", {**ANN, "name": "Bob"})

    message = str(caught.value)
    assert message.startswith("features/accounts/__snapshots__/registering.ambr, entry “one”, differs")
    assert "\n-   'name': 'Ann',\n+   'name': 'Bob',\n" in message
    assert "behave -D snapshots=update features/accounts/registering.feature" in message
    assert "\x1b" not in message


def test_a_long_difference_is_cut(feature: Path) -> None:
    write(feature, one=[1] * 500)

    with pytest.raises(SnapshotDiffers) as caught:
        snapshots(feature).check("one", ["x" * 1000] * 500)

    lines = str(caught.value).splitlines()
    assert len(lines) < 70
    assert "  … and more" in lines
    assert max(map(len, lines)) <= 200


def test_the_trailing_space_of_a_behave_title_is_no_other_entry(feature: Path) -> None:
    write(feature, **{"a user may not delete ": ANN})

    snapshots(feature).check("a user may not delete", ANN)


def test_several_checks_in_a_scenario_are_counted(feature: Path) -> None:
    updating = snapshots(feature, update=True)
    updating.check("one", "before")
    updating.check("one", "after")
    updating.finish_feature(whole=True)

    again = snapshots(feature)
    again.check("one", "before")
    with pytest.raises(SnapshotDiffers, match=r"entry “one \[2\]”"):
        again.check("one", "before")


def test_two_checks_cannot_share_an_entry(feature: Path) -> None:
    updating = snapshots(feature, update=True)
    updating.check("one [2]", "a")
    updating.check("one", "b")
    with pytest.raises(AssertionError, match=r"Two checks would share the entry “one \[2\]”"):
        updating.check("one", "c")


def test_an_entry_that_passes_is_not_rewritten_by_an_update(feature: Path) -> None:
    write(feature, one=ANN)
    stored(feature).write_text(stored(feature).read_text("utf-8") + "# a note\n", "utf-8")
    before = (stored(feature).read_bytes(), stored(feature).stat().st_mtime_ns)
    updating = snapshots(feature, update=True)
    updating.check("one", ANN)
    updating.finish_feature(whole=True)

    assert (stored(feature).read_bytes(), stored(feature).stat().st_mtime_ns) == before


def test_an_update_replaces_what_differs_and_keeps_the_rest(feature: Path) -> None:
    write(feature, one=ANN, two=2)
    write(feature, one="new")

    checking = snapshots(feature)
    checking.check("one", "new")
    checking.check("two", 2)


def test_what_was_just_written_is_what_the_same_run_reads(feature: Path) -> None:
    updating = snapshots(feature, update=True)
    updating.check("one", 1)
    updating.open_feature(feature)
    updating.check("one", 2)

    with pytest.raises(SnapshotDiffers):
        snapshots(feature).check("one", 1)


def test_an_unused_entry_is_found_when_the_whole_feature_ran_and_only_then(feature: Path) -> None:
    write(feature, one=1, two=2)
    partial = snapshots(feature)
    partial.check("one", 1)
    assert partial.finish_feature(whole=False) == []

    whole = snapshots(feature)
    whole.check("one", 1)
    finding = "features/accounts/__snapshots__/registering.ambr: no scenario uses the entry “two”"
    assert whole.finish_feature(whole=True) == [finding]
    assert "# name: two" in stored(feature).read_text("utf-8")


def test_an_update_removes_unused_entries_and_a_file_left_empty(feature: Path) -> None:
    write(feature, one=1, two=2)
    updating = snapshots(feature, update=True)
    updating.check("one", 1)
    assert len(updating.finish_feature(whole=True)) == 1
    assert "# name: two" not in stored(feature).read_text("utf-8")

    assert len(snapshots(feature, update=True).finish_feature(whole=True)) == 1
    assert not stored(feature).parent.exists()


def test_a_partial_update_removes_nothing(feature: Path) -> None:
    write(feature, one=1, two=2)

    assert snapshots(feature, update=True).finish_feature(whole=False) == []
    assert "# name: two" in stored(feature).read_text("utf-8")


def test_a_snapshot_file_without_its_feature_is_an_orphan_and_removed_by_an_update(feature: Path) -> None:
    write(feature, one=1)
    assert Snapshots(update=False).orphans(Path("features")) == []
    feature.unlink()

    place = "features/accounts/__snapshots__/registering.ambr"
    orphan = [f"{place}: there is no feature file registering.feature beside it"]
    assert Snapshots(update=False).orphans(Path("features")) == orphan
    assert Snapshots(update=True).orphans(Path("features")) == orphan
    assert not stored(feature).parent.exists()


def test_a_file_of_another_format_is_refused_until_it_is_updated(feature: Path) -> None:
    write(feature, one=1)
    stored(feature).write_text(
        stored(feature).read_text("utf-8").replace("version: 1", "version: 0"), "utf-8"
    )

    with pytest.raises(SnapshotDiffers, match="in another version of syrupy's format"):
        snapshots(feature).check("one", 1)
    write(feature, one=1)
    snapshots(feature).check("one", 1)


def test_a_damaged_file_is_named(feature: Path) -> None:
    write(feature, one=1)
    stored(feature).write_text("# serializer version: 1\n# name:\n", "utf-8")

    with pytest.raises(SnapshotDiffers, match=r"registering\.ambr is damaged"):
        snapshots(feature).check("one", 1)
    with pytest.raises(SnapshotDiffers, match=r"registering\.ambr is damaged"):
        snapshots(feature).finish_feature(whole=True)


@pytest.mark.parametrize(
    "text", ["a\nb\n", "a\u2028b\x0cc", "# name: x\n# ---\n", "'''", "\\", "  ", "\n", "\x00", "Ünï 🙂"]
)
def test_odd_texts_come_back_as_they_went(feature: Path, text: str) -> None:
    write(feature, one={"text": text})

    snapshots(feature).check("one", {"text": text})


def test_a_check_needs_an_open_feature_and_a_title(feature: Path) -> None:
    with pytest.raises(RuntimeError, match="No feature is open"):
        Snapshots(update=False).check("one", 1)
    with pytest.raises(ValueError, match="needs a title"):
        snapshots(feature).check("  ", 1)


ORDERS = {"data": [{"id": 7, "at": "2026-11-23T10:00:00Z", "number": "CS-12", "total": 250}], "id": "outer"}
MASK = masked({"data.*.id": int, "data.*.at": TIMESTAMP, "data.*.number": r"CS-\d+"})


def test_masked_fields_are_shown_by_type_or_form_and_others_as_they_are(feature: Path) -> None:
    snapshots(feature, update=True).check("one", ORDERS, MASK)

    text = stored(feature).read_text("utf-8")
    assert (
        "'at': <timestamp>,\n        'id': <int>,\n        'number': <CS-\\d+>,\n        'total': 250" in text
    )
    assert "'id': 'outer'" in text
    other = {"id": 8, "at": "2027-01-01T00:00:00.123456+01:00", "number": "CS-9", "total": 250}
    snapshots(feature).check("one", {**ORDERS, "data": [other]}, MASK)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id", "7", "'7' at “data.0.id” is not of the form <int>"),
        ("id", None, "None at “data.0.id” is not of the form <int>"),
        ("id", True, "True at “data.0.id” is not of the form <int>"),
        ("at", "yesterday", "'yesterday' at “data.0.at” is not of the form <timestamp>"),
        ("at", "2026-13-01T00:00:00Z", "is not of the form <timestamp>"),
        ("at", "2026-11-23T10:00:00", "is not of the form <timestamp>"),
        ("at", 1795428000, "1795428000 at “data.0.at” is not of the form <timestamp>"),
        ("number", "CS-", r"'CS-' at “data.0.number” is not of the form <CS-\d+>"),
        ("number", "CS-1\n", r"is not of the form <CS-\d+>"),
    ],
)
def test_a_masked_field_of_the_wrong_form_fails_also_when_updating(
    feature: Path, field: str, value: object, words: str
) -> None:
    broken = {**ORDERS, "data": [{**ORDERS["data"][0], field: value}]}
    for update in (False, True):
        with pytest.raises(SnapshotDiffers) as caught:
            snapshots(feature, update).check("one", broken, MASK)
        assert words in str(caught.value)
    assert not stored(feature).exists()


def test_a_masked_field_that_is_absent_or_new_differs(feature: Path) -> None:
    mask = masked({"at": TIMESTAMP, "token": Form("token", "[a-z]{4}")})
    snapshots(feature, update=True).check("one", {"at": "2026-11-23T10:00:00Z"}, mask)

    with pytest.raises(SnapshotDiffers, match="<timestamp>"):
        snapshots(feature).check("one", {}, mask)
    with pytest.raises(SnapshotDiffers, match="<token>"):
        snapshots(feature).check("one", {"at": "2026-11-23T10:00:00Z", "token": "abcd"}, mask)


def test_a_text_that_looks_like_a_mask_is_not_one(feature: Path) -> None:
    snapshots(feature, update=True).check("one", {"id": 1}, masked({"id": int}))

    with pytest.raises(SnapshotDiffers):
        snapshots(feature).check("one", {"id": "<int>"})


ENVIRONMENT = """
from pathlib import Path
from behave_flask.ledgers.snapshots import Snapshots

def before_all(context):
    context.snapshots = Snapshots(update=context.config.userdata.get("snapshots") == "update")

def before_feature(context, feature):
    context.snapshots.open_feature(Path(feature.filename))

def after_feature(context, feature):
    findings = context.snapshots.finish_feature(whole=feature.status.name == "passed")
    assert not findings, findings
"""
STEPS = """
import json
from pathlib import Path
from behave import then

@then("the shop answers as ever")
def answers(context):
    context.snapshots.check(context.scenario.name, json.loads(Path("answer.json").read_text()))
"""


def test_under_behave_missing_written_held_and_changed(tmp_path: Path, behave: Callable[..., Any]) -> None:
    folder = tmp_path / "planted"
    steps = folder / "specs" / "steps"
    steps.mkdir(parents=True)
    (folder / "specs" / "environment.py").write_text(ENVIRONMENT)
    (steps / "shop.py").write_text(STEPS)
    (folder / "specs" / "shop.feature").write_text(
        "Feature: x\n  Scenario: the answer holds\n    Then the shop answers as ever\n"
    )
    answer = folder / "answer.json"
    answer.write_text(json.dumps({"name": "Ann"}))
    project = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}

    missing = behave(folder, "specs", **project)
    assert missing.code == 1
    assert "specs/__snapshots__/shop.ambr has no entry “the answer holds”" in missing.output
    assert behave(folder, "-Dsnapshots=update", "specs", **project).code == 0
    assert behave(folder, "specs", **project).code == 0
    answer.write_text(json.dumps({"name": "Bob"}))
    changed = behave(folder, "specs", **project)
    assert changed.code == 1
    assert "-   'name': 'Ann',\n" in changed.output

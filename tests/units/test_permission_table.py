"""The picture of a permission matrix: its key."""

from behave_flask.permissions.matrix import Legend, Row
from behave_flask.reports import permission_table


def test_the_key_explains_the_verdicts_that_occur_and_no_other() -> None:
    rows = [
        Row("a visitor", "must sign in to", "write", "POST /entries"),
        Row("Ann", "may", "write", "POST /entries"),
    ]
    drawn = permission_table.draw(rows, {}, Legend.of("a visitor", "Ann"))
    assert drawn.key == [("allowed", "may"), ("must sign in", "must sign in")]

"""The rows in pytest, by the text's pattern: `create_all` and `drop_all` around each test."""

import pytest

from bench import work


@pytest.mark.parametrize("row", work.rows(), ids=str)
def test_permission(row: work.Row) -> None:
    work.play(work.started(work.Recreated), row)

"""The rows in pytest, each isolated by a transaction that is rolled back."""

import pytest

from bench import work


@pytest.mark.parametrize("row", work.rows(), ids=str)
def test_permission(row: work.Row) -> None:
    work.play(work.started(), row)

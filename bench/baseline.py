"""The baseline: the requests of the rows in a bare loop, with the same data and the same isolation."""

from bench import work


def main() -> None:
    """Play every row."""
    stage = work.started()
    for row in work.rows():
        work.play(stage, row)


if __name__ == "__main__":
    main()

"""The floor of the permission matrix: its requests in a bare loop, with the same data and the same isolation.

No Gherkin, no steps, no look at what changed: only what cannot be left out.
"""

from features.harness.matrix import rows_in
from features.support import access, shop
from features.support.completeness import FOLDER
from features.support.words import VERDICTS
from features.support.world import World


def main() -> None:
    """Send every row's request once, and check the status."""
    stage = shop.ShopStage()
    stage.start()
    rows = rows_in(FOLDER)
    for row in rows:
        stage.open()
        world = World(stage)
        access.furnish(world)
        operation = access.operation_for(world, row.request, row.action)
        world.person(row.who)
        outcome = world.act(row.who, operation, **operation.valid(world, row.who))
        assert outcome.word == VERDICTS[row.verdict], row
        stage.close()
    stage.stop()
    print(f"{len(rows)} requests")


if __name__ == "__main__":
    main()

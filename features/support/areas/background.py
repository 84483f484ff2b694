"""Work in the background: queued tasks, the mail server, the regular chores."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from behave_flask.core.protocols import QueuedTask
from features.support.shop import models
from features.support.world.world import World

PUBLISHING = "app.tasks.publish_outbox"


def do_chores(world: World) -> list[QueuedTask]:
    """Do what the schedule would do, and the work that comes of it; return what ran."""
    world.stage.tasks.publish_schedule()
    return world.stage.tasks.run_due()


def work(world: World) -> list[QueuedTask]:
    """Do the work that is due, also what was tried in vain before; return what ran."""
    ran = world.stage.tasks.run_due()
    if any(due <= datetime.now(UTC) for due in _tried_again_at(world)):
        world.stage.tasks.publish_schedule(PUBLISHING)
        ran += [task for task in world.stage.tasks.run_due() if task.name != PUBLISHING]
    return ran


NEWER = "app.tasks.send_birthday_greetings"


def leave_newer_work(world: World) -> None:
    """Let a newer version of the shop, which ran beside this one, have left work in the outbox."""
    with world.stage.data() as session:
        session.add(models.OutboxMessage(task=NEWER, arguments=[1]))


def newer_work_waits(world: World) -> None:
    """Check that the work is there for whoever knows it."""
    with world.stage.data() as session:
        found = list(session.scalars(select(models.OutboxMessage.task)))
    if found != [NEWER]:
        raise AssertionError(f"In the outbox wait {found}, not [{NEWER!r}].")


def fail(world: World, times: int) -> None:
    """Let the queued work be tried so often, each time as soon as it is due.

    Raises AssertionError if it is not tried that often: nothing waits any more.
    """
    for count in range(times):
        if not work(world):
            raise AssertionError(f"There were only {count} tries, not {times}.")
        if count < times - 1:
            _wait_for_the_next(world)


def keep_trying(world: World, span: timedelta) -> None:
    """Let a time pass in which the queued work is tried whenever it is due."""
    end = datetime.now(UTC) + span
    work(world)
    while any(due <= end for due in _tried_again_at(world)):
        _wait_for_the_next(world)
        work(world)
    world.pass_time(end - datetime.now(UTC))


def queued(world: World, task: str, thing: str) -> None:
    """Check that a task waits, that it is about the thing or person, and that nothing of it has run."""
    waiting = _take(world, task)
    expected = world.things[thing] if thing in world.things else world.person(thing).id
    if waiting.args != [expected]:
        raise AssertionError(f"{waiting} is queued, but it is not about {thing} ({expected}).")
    if world.stage.mailbox.sent:
        raise AssertionError(f"Something was sent already: {world.stage.mailbox.sent[0]}.")


def deliver_again(world: World, task: str) -> None:
    """Let the queue deliver once more the task of this name that a step spoke of last."""
    if task not in world.tasks:
        raise AssertionError(
            f"No step has spoken of {task}. They spoke of: {', '.join(world.tasks) or 'none'}."
        )
    world.stage.tasks.deliver_again(world.tasks[task])


def queued_times(world: World, task: str, times: int) -> None:
    """Check how often a task waits."""
    found = [_take(world, task) for waiting in world.stage.tasks.pending() if waiting.name == task]
    if len(found) != times:
        raise AssertionError(f"Queued {len(found)} times, not {times}: {', '.join(map(str, found))}.")


def tried_again(world: World, task: str, span: timedelta) -> None:
    """Check that a task waits for another try, and for how long from now on."""
    due = _tried_again_at(world, task) or [datetime.now(UTC)]
    if any(each.name == task for each in world.stage.tasks.pending()):
        _take(world, task)
    pause = due[0] - datetime.now(UTC)
    if abs(pause - span) > timedelta(seconds=0.9 if world.clock else 2):  # nothing is hurried under a clock
        raise AssertionError(f"{task} waits {pause}, not {span}.")


def _take(world: World, task: str) -> QueuedTask:
    """Return a task that waits, and remember it as the one of this name that a step spoke of."""
    world.tasks[task] = world.stage.tasks.take(task)
    return world.tasks[task]


def _tried_again_at(world: World, task: str | None = None) -> list[datetime]:
    """Return when failed work is tried again: by the outbox, or by the queue while that is out of reach."""
    waiting = [each for each in world.stage.tasks.pending() if each.eta and task in (None, each.name)]
    if waiting:
        return [each.eta for each in waiting if each.eta]
    message = models.OutboxMessage
    failed = select(message.due_at).where(message.tries > 0, message.due_at.is_not(None))
    with world.stage.data() as session:
        return list(session.scalars(failed if task is None else failed.where(message.task == task)))


def _wait_for_the_next(world: World) -> None:
    due = _tried_again_at(world)
    if not due:
        raise AssertionError("Nothing waits to be tried again.")
    world.pass_time(min(due) - datetime.now(UTC))


def logged(world: World, text: str) -> None:
    """Check that an error was logged in these words, and no others."""
    found = world.stage.errors.take(text)
    if found != text:
        raise AssertionError(f"The log says {found!r}, not {text!r}.")

"""What people are told by e-mail."""

from features.support.world.world import World


def received(world: World, who: str, subject: str) -> None:
    """Check that a person, or an address, was sent a mail; it becomes the mail that later steps read."""
    world.mail = world.stage.mailbox.take(world.email_of(who), subject)


def says(world: World, text: str) -> None:
    """Check what the mail says that was read last."""
    if world.mail is None:
        raise AssertionError('No e-mail has been read yet: say first that somebody "is told by e-mail".')
    if text not in world.mail.body:
        raise AssertionError(f"{world.mail} does not say {text!r}. It says:\n{world.mail.body}")


def says_all(world: World, text: str, order: str | None = None) -> None:
    """Check every word of the mail that was read last.

    :param order: the order whose number stands for "[number]" in the text.
    """
    expected = text.replace("[number]", str(world.thing(order))) if order else text
    if world.mail is None or world.mail.body != expected + "\n":
        found = world.mail.body if world.mail else "nothing: no e-mail has been read yet"
        raise AssertionError(f"The whole e-mail should say:\n{expected}\nIt says:\n{found}")

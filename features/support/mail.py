"""What people are told by e-mail."""

from features.support.world import World


def told(world: World, who: str, subject: str) -> None:
    """Check that a person, or an address, was sent a mail; it becomes the mail that later steps read."""
    world.mail = world.stage.mailbox.take(world.email_of(who), subject)


def says(world: World, text: str) -> None:
    """Check what the mail says that was read last."""
    if world.mail is None:
        raise AssertionError('No e-mail has been read yet: say first that somebody "is told by e-mail".')
    if text not in world.mail.body:
        raise AssertionError(f"{world.mail} does not say {text!r}. It says:\n{world.mail.body}")


def nobody_is_told(world: World) -> None:
    """Check that no mail was sent."""
    if sent := world.stage.mailbox.sent:
        raise AssertionError(f"Sent: {', '.join(map(str, sent))}.")


def nobody_is_told_more(world: World) -> None:
    """Check that no mail was sent but those that steps have spoken of."""
    if more := world.stage.mailbox.findings():
        raise AssertionError(f"Sent as well: {', '.join(more)}.")

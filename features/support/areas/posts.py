"""What members publish."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from behave_flask import Outcome
from features.support.inputs.field_values import with_field
from features.support.shop import models
from features.support.world import factories
from features.support.world.operations import POST
from features.support.world.world import World


def has_published(world: World, who: str, *titles: str) -> None:
    """Let posts be there, the first the oldest."""
    with world.making():
        author = world.person(who).user
        posts = [
            factories.PostFactory(title=title, body=f"All about “{title}”.", author=author)
            for title in titles
        ]
    world.things |= {post.title: post.id for post in posts}


def publish(world: World, who: str, post: dict[str, Any]) -> Outcome:
    """Let somebody publish, or try to; a post that is published is known by its title."""
    outcome = world.attempt(who, "publish a post", json=post)
    if outcome.word == "allowed":
        world.things[outcome.body["title"]] = outcome.body["id"]
    return outcome


def publish_with(world: World, who: str, field: str, entered: Any) -> Outcome:
    """Let somebody publish, or try to, a post that is fine but for one field."""
    return publish(world, who, with_field(POST, field, entered))


def change(world: World, who: str, title: str, field: str, entered: Any) -> Outcome:
    """Let somebody change one field of a post, or try to."""
    sent = with_field({}, field, entered)
    return world.attempt(who, "change a post", id=world.thing(title), json=sent)


def changed_after(world: World, span: timedelta) -> None:
    """Check how long after a post was published its last change is, as the answer tells it."""
    post = world.outcome.body
    took = datetime.fromisoformat(post["updated_at"]) - datetime.fromisoformat(post["created_at"])
    if abs(took - span) > timedelta(seconds=1):
        raise AssertionError(f"It was changed {took} after it was published, not {span}.")


def published_at(world: World, moment: datetime) -> None:
    """Check when a post was published, as the answer tells it."""
    found = datetime.fromisoformat(world.outcome.body["created_at"])
    if abs(found - moment) > timedelta(seconds=1):
        raise AssertionError(f"It was published at {found}, not at {moment}.")


def says(world: World, title: str, text: str) -> None:
    """Check every letter of the body that a post has now."""
    with world.stage.data() as session:
        found = session.scalar(select(models.Post.body).where(models.Post.id == world.thing(title)))
    if found != text:
        raise AssertionError(f"The post “{title}” now says {found!r}, not {text!r}.")


def is_called(world: World, title: str, new: str) -> None:
    """Check the title that a post has now."""
    with world.stage.data() as session:
        found = session.scalar(select(models.Post.title).where(models.Post.id == world.thing(title)))
    if found != new:
        raise AssertionError(f"The post “{title}” is now called {found!r}, not {new!r}.")


def is_gone(world: World, title: str) -> None:
    """Check that a post is no longer there."""
    with world.stage.data() as session:
        if session.get(models.Post, world.thing(title)):
            raise AssertionError(f"The post “{title}” is still there.")

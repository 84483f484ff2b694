"""Pictures that people show of themselves: uploading them, looking at them, and what the shop keeps."""

import re
from io import BytesIO
from typing import Any

from PIL import Image

from behave_flask import File, Operation, Outcome
from features.support.areas import accounts
from features.support.inputs import pictures
from features.support.world.world import World

NOT_MODIFIED = 304
KEPT_AS = re.compile(r"[0-9a-f]{32}\.(?:png|jpeg|webp)")
# What a file may tell beside the picture, under the names that Pillow gives it.
TELLING = {"comment", "exif", "xmp", "icc_profile", "photoshop", "Comment", "Description"}
# What is sent in place of a form with a picture, as arguments of `World.attempt`.
FORMS: dict[str, dict[str, Any]] = {
    "a form without a picture": {"form": {}},
    "a picture under another heading": {"form": {"photo": pictures.file("PNG")}},
    "a picture and more": {"form": {"avatar": pictures.file("PNG"), "role": "admin"}},
    "the name of a picture": {"form": {"avatar": "avatar.png"}},
    "the bare picture": {"body": pictures.picture("PNG"), "content_type": "image/png"},
    "a set of fields": {"json": {"avatar": "avatar.png"}},
}


def upload(world: World, who: str, file: File) -> Outcome:
    """Let somebody upload a picture, or try to."""
    return world.attempt(who, "upload an avatar", form={"avatar": file})


def upload_of_size(world: World, who: str, kind: str, size: int) -> Outcome:
    """Let somebody upload a picture that has exactly this many bytes, or try to."""
    return upload(world, who, pictures.file(kind, content=pictures.padded(pictures.picture(kind), size)))


def remove(world: World, who: str) -> Outcome:
    """Let somebody take their picture away, or try to."""
    return world.attempt(who, "remove one's own avatar")


def found_as_drawn(world: World, whose: str, kind: str, width: int, height: int) -> None:
    """Check that every member is sent the drawing, upright, in this format and size in pixels."""
    expected = (pictures.TYPES[kind], kind.upper(), (width, height))
    for who in accounts.members(world):
        image = _found(world, who, whose)
        if (world.outcome.response.type, image.format, image.size) != expected:
            raise AssertionError(f"Not a {kind} of {width} x {height} but {image}.\n{world.outcome.exchange}")
        if not pictures.is_drawn(image):
            raise AssertionError(f"The picture of {whose} does not look as it did.\n{world.outcome.exchange}")


def reveals_nothing_else(world: World, who: str, whose: str) -> None:
    """Check that what somebody is sent holds the picture, and none of what came with it."""
    image = _found(world, who, whose)
    content = world.outcome.response.body
    leaked = [part for part in (pictures.NOTE.encode(), pictures.SCRIPT) if part in content]
    if leaked or image.getexif() or TELLING & image.info.keys():
        raise AssertionError(f"The picture tells more: {leaked}, {dict(image.getexif())}, {image.info}.")


def none_found(world: World, who: str, whose: str) -> None:
    """Check that there is no picture of somebody, and that the account does not promise one."""
    world.act(who, "see an avatar", id=world.account(whose)).must_be("does not exist")
    if _promised(world, who, whose) is not None:
        raise AssertionError(f"The account promises a picture.\n{world.outcome.exchange}")


def kept(world: World, number: int) -> None:
    """Check how many files the shop keeps, each under a name that the shop has made up."""
    files = world.stage.state()["files"]
    if len(files) != number or not all(KEPT_AS.fullmatch(name) for name in files):
        raise AssertionError(f"The shop keeps these files: {', '.join(files) or 'none'}.")


def look(world: World, who: str, whose: str) -> Outcome:
    """Let somebody's browser ask, or try to, for the picture of somebody."""
    return world.attempt(who, "see an avatar", id=world.account(whose))


def look_again(world: World, who: str, whose: str) -> None:
    """Let it ask once more, with what it keeps (RFC 9110, 13.1.2), whether it is sent it or not."""
    kept_as = world.outcome.response.headers.get("etag", "nothing")
    sent = {"id": world.account(whose), "headers": {"If-None-Match": kept_as}}
    outcome = world.act(who, "see an avatar", **sent)
    if outcome.response.status != NOT_MODIFIED:
        outcome.must_succeed()


def kept_by_browser(world: World) -> None:
    """Check that the answer may be kept by the browser that asked, and used after asking (RFC 9111)."""
    found = world.outcome.response.headers.get("cache-control")
    if found != "private, no-cache":
        raise AssertionError(f"The browser is told to keep it as {found!r}.")


def still_the_same(world: World, who: str) -> None:
    """Check that somebody was sent no picture, since theirs is the one that there is."""
    answer = world.outcome_of(who).response
    if answer.status != NOT_MODIFIED or answer.body:
        raise AssertionError(f"The picture was sent again.\n{world.outcome.exchange}")


def _promised(world: World, who: str, whose: str) -> str | None:
    """Return where somebody's account says that the picture is, if it has one."""
    account = world.act(who, "see a user", id=world.account(whose)).must_succeed()
    place: str | None = account.body["avatar_url"]
    return place


def _found(world: World, who: str, whose: str) -> Image.Image:
    place = _promised(world, who, whose)
    outcome = world.act(who, Operation("look where the picture is", f"GET {place}")).must_succeed()
    image = Image.open(BytesIO(outcome.response.body))
    image.load()
    return image

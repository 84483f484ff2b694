"""Pictures of people: checked, made small, stripped of all but the picture, and kept as files."""

import logging
import uuid
import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore

from flask import current_app
from PIL import Image, ImageOps
from sqlalchemy.orm.exc import StaleDataError

from app.config import MIB
from app.extensions import db
from app.models import User

MAX_BYTES = 5 * MIB
MAX_PIXELS = 25_000_000  # a few kilobytes can claim to be a picture of any size
MAX_SIDE = 1024  # pixels, of what is kept
# What begins each part that is worked through however many there are, and how many may be.
PARTS = {
    "JPEG": (b"\xff\xda", 100),  # scans, of which a progressive one has about ten
    "PNG": (b"iCCP", 10),  # colour profiles, which may unfold to a megabyte each; there is one at most
}
WAIT_SECONDS = 1.0  # while other pictures are being read
TRIES = 3
SIGNATURES = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "WEBP": b"RIFF"}
END_OF_PNG = b"IEND\xae\x42\x60\x82"
_reading = BoundedSemaphore(1)  # a picture of `MAX_PIXELS` takes 100 MB while it is read
log = logging.getLogger(__name__)
TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept.

    :ivar version: another one for each picture.
    """

    version: str
    media_type: str
    content: bytes


class NoRoomError(Exception):
    """The picture cannot be kept: the disk is full, or the folder cannot be written to."""


class TooBusyError(Exception):
    """Other pictures are being read at this moment."""


class NotAPictureError(Exception):
    """It is not PNG, JPEG or WebP, whatever it is called."""


class DamagedPictureError(Exception):
    """It cannot be read to its end, or claims to be too large; the message says which."""


def store(user: User, data: bytes) -> None:
    """Make this the user's picture, in place of the one before, and commit.

    :param data: the bytes of a PNG, JPEG or WebP file, of which the first frame counts.
    :raises NotAPictureError: it is something else.
    :raises DamagedPictureError: it cannot be read, has more than `MAX_PIXELS`, or takes too much work.
    :raises TooBusyError: others are being read.
    :raises NoRoomError: it cannot be kept.
    """
    kind, clean = _clean(data)
    name = f"{uuid.uuid4().hex}.{kind.lower()}"
    _write(name, clean)
    try:
        before = _replace(user, name)
    except BaseException:
        remove(name)
        raise
    remove(before)


def take_away(user: User) -> bool:
    """Remove the user's picture and commit; tell whether there was one."""
    before = _replace(user, None)
    remove(before)
    return before is not None


def find(user: User) -> Picture | None:
    """Return the user's picture, or None; the new one, if it is replaced at this moment."""
    for _ in range(TRIES):
        if user.avatar is None:
            return None
        path = _folder() / user.avatar
        with suppress(FileNotFoundError):
            return Picture(path.stem, TYPES[path.suffix[1:]], path.read_bytes())
        db.session.refresh(user)
    return None


def remove(name: str | None) -> None:
    """Delete a picture's file, if there is one."""
    if name is not None:
        (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.config["AVATAR_FOLDER"])


def _write(name: str, data: bytes) -> None:
    """Write the whole file or none of it."""
    folder = _folder()
    part = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(folder / name)
    except OSError as error:
        log.error("A picture cannot be kept: %s", error)  # noqa: TRY400 (the trace tells nothing)
        raise NoRoomError from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _replace(user: User, name: str | None) -> str | None:
    """Name the new picture and return the old name; locked, so that no file is left without an owner."""
    locked = db.session.get(User, user.id, with_for_update=True, populate_existing=True)
    if locked is None:
        raise StaleDataError("The account was deleted meanwhile.")
    before, locked.avatar = locked.avatar, name
    db.session.commit()
    return before


def _clean(data: bytes) -> tuple[str, bytes]:
    """Return the format, and the same picture upright and small, with nothing else in the file."""
    kind = next((kind for kind, signature in SIGNATURES.items() if data.startswith(signature)), None)
    if kind is None or (kind == "WEBP" and data[8:12] != b"WEBP"):
        raise NotAPictureError
    if not _reading.acquire(timeout=WAIT_SECONDS):
        raise TooBusyError
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow has one for each broken tag, of thousands
            return kind, _encode(_read(data, kind), kind)
    except DamagedPictureError:
        raise
    except Image.DecompressionBombError as error:
        raise DamagedPictureError("The picture has too many pixels.") from error
    except Exception as error:  # a decoder may raise anything when bytes are hostile
        raise DamagedPictureError("The picture is damaged.") from error
    finally:
        _reading.release()


def _read(data: bytes, kind: str) -> Image.Image:
    beginning, most = PARTS.get(kind, (b"", 0))
    if beginning and data.count(beginning) > most:
        raise DamagedPictureError("The picture is made of too many parts.")
    image: Image.Image = Image.open(BytesIO(data), formats=[kind])
    if image.width * image.height > MAX_PIXELS:
        raise DamagedPictureError("The picture has too many pixels.")
    if END_OF_PNG not in data and kind == "PNG":
        raise DamagedPictureError("The picture is damaged.")  # Pillow does without the last chunk
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # of a JPEG, no more is read than is kept
    image.load()
    return image


def _encode(image: Image.Image, kind: str) -> bytes:
    see_through = kind != "JPEG" and image.has_transparency_data
    if image.mode in ("L", "RGB", "RGBA"):
        image.thumbnail((MAX_SIDE, MAX_SIDE))  # first, as a copy of all of it takes as much memory again
    image = _plain(image, see_through=see_through)
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    ImageOps.exif_transpose(image, in_place=True)
    image.info.clear()  # comments, profile, EXIF: Pillow would write some of them again
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


def _plain(image: Image.Image, see_through: bool) -> Image.Image:
    """Return the picture in eight bits a colour."""
    if image.mode.startswith("I"):  # 16 bits of grey, of which a conversion would keep the lower half
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    mode = "RGBA" if see_through else "RGB"
    return image.convert(mode)

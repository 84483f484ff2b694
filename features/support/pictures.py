"""Pictures for uploads, made in memory, to the byte."""

from io import BytesIO

from PIL import Image

from features.harness.http import File

TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WebP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}


def picture(kind: str, width: int = 16, height: int = 16) -> bytes:
    """Return a small picture. Raises KeyError for a kind that is not in TYPES."""
    out = BytesIO()
    TYPES[kind]  # an unknown kind must not become some other picture
    Image.new("RGB", (width, height), "tomato").save(out, kind)
    return out.getvalue()


def padded(content: bytes, size: int) -> bytes:
    """Return a picture followed by as many zero bytes as make it exactly `size` bytes.

    Raises ValueError if it is larger already.
    """
    if len(content) > size:
        raise ValueError(f"The picture has {len(content)} bytes already, more than {size}.")
    return content + bytes(size - len(content))


def file(kind: str, name: str | None = None, content: bytes | None = None) -> File:
    """Return a picture as a form sends it."""
    return File(name or f"avatar.{kind.lower()}", content or picture(kind), TYPES[kind])

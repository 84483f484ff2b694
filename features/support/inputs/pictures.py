"""Pictures for uploads, made in memory, to the byte; and files that are none."""

import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from struct import pack
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from behave_flask import File

TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WebP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}
MIB = 1024 * 1024
NOTE = "52 Garden Street, the key is under the pot"
SCRIPT = b"<script>alert('hello')</script>"
CORNER, REST = (255, 255, 255), (60, 60, 100)  # of a colour, and yet much like its grey
GPS, DESCRIPTION, ORIENTATION = 0x8825, 0x010E, 0x0112  # tags of EXIF 3.0, 4.6
# How a camera was held, with the tag that says so, and how the picture lies in the file then.
HELD = {
    "in a mirror": (2, Image.Transpose.FLIP_LEFT_RIGHT),
    "upside down": (3, Image.Transpose.ROTATE_180),
    "on its right side": (6, Image.Transpose.ROTATE_90),
    "on its left side": (8, Image.Transpose.ROTATE_270),
}


def drawn(width: int = 64, height: int = 32) -> Image.Image:
    """Return a drawing that shows when it is turned: dark blue, but for a white quarter at the upper left."""
    image = Image.new("RGB", (width, height), REST)
    image.paste(CORNER, (0, 0, width // 2, height // 2))
    return image


def is_drawn(image: Image.Image) -> bool:
    """Tell whether a picture shows the drawing, upright, at whatever size, as far as eyes can tell."""
    width, height = image.size
    places = [(x * width // 4, y * height // 4) for x in (1, 3) for y in (1, 3)]
    colours = [_colour(image, place) for place in places]
    expected = [CORNER, REST, REST, REST]
    return all(
        abs(found - wanted) < 40  # of 255: JPEG and WebP are not exact
        for pair in zip(colours, expected, strict=True)
        for found, wanted in zip(*pair, strict=True)
    )


def picture(kind: str, width: int = 64, height: int = 32) -> bytes:
    """Return the drawing as a file. Raises KeyError for a kind that is not in TYPES."""
    TYPES[kind]  # an unknown kind must not become some other picture
    return _saved(drawn(width, height), kind)


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


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _colour(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    colour = image.convert("RGB").getpixel(place)
    if not isinstance(colour, tuple):
        raise TypeError(f"This is no colour: {colour!r}.")
    return tuple(int(part) for part in colour)


def _converted(kind: str, mode: str) -> bytes:
    image = drawn().quantize(4) if mode == "P" else drawn().convert(mode)
    return _saved(image, kind)


def _in_fine_greys() -> bytes:
    """A PNG with 16 bits of grey a pixel."""
    return _saved(drawn().convert("L").convert("I").point(lambda level: level * 257).convert("I;16"), "PNG")


def _moving(kind: str) -> bytes:
    other = Image.new("RGB", drawn().size, "tomato")
    return _saved(drawn(), kind, save_all=True, append_images=[other], duration=100)


def _held(how: str) -> bytes:
    orientation, turn = HELD[how]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return _saved(drawn().transpose(turn), "JPEG", exif=exif)


def _placed(kind: str) -> bytes:
    exif = Image.Exif()
    exif[DESCRIPTION] = NOTE
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return _saved(drawn(), kind, exif=exif)


def _annotated(kind: str) -> bytes:
    note = PngInfo()
    note.add_text("Comment", NOTE)
    note.add_itxt("Description", NOTE, zip=True)
    options: dict[str, dict[str, Any]] = {
        "PNG": {"pnginfo": note},
        "JPEG": {"comment": NOTE},
        "WebP": {"xmp": NOTE.encode()},
    }
    return _saved(drawn(), kind, **options[kind])


def _followed(kind: str) -> bytes:
    return picture(kind) + SCRIPT


def _half(kind: str) -> bytes:
    content = picture(kind, 200, 200)
    return content[: len(content) // 2]


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def _bare_png(width: int, height: int, *, rows: int | None = None, more: bytes = b"") -> bytes:
    """Return a black PNG of any size, small as a file: one bit a pixel (PNG, third edition, 11.2).

    :param rows: how many there really are, if not all.
    :param more: chunks between the header and the pixels.
    """
    header = _chunk(b"IHDR", pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pixels = zlib.compress(bytes(1 + (width + 7) // 8) * (height if rows is None else rows))
    return b"\x89PNG\r\n\x1a\n" + header + more + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _spoilt() -> bytes:
    content = bytearray(picture("PNG"))
    content[-20] ^= 0xFF  # within the pixels, whose checksum no longer fits
    return bytes(content)


def _drawn_over() -> bytes:
    """A progressive JPEG whose last scan comes again and again, each of which a decoder works through."""
    content = _saved(drawn(2000, 2000), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 10_000 + content[-2:]


def _unfolding() -> bytes:
    note = b"Comment\0\0" + zlib.compress(bytes(20_000_000))
    return _bare_png(64, 32, more=_chunk(b"zTXt", note))


def _in_many_profiles() -> bytes:
    """A PNG with thousands of colour profiles, each of which unfolds to a thousand times as much."""
    profile = b"x\0\0" + zlib.compress(bytes(1_000_000), 9)
    return _bare_png(64, 32, more=_chunk(b"iCCP", profile) * 4_000)


def _upload(kind: str, content: Callable[[], bytes]) -> Callable[[], File]:
    return lambda: file(kind, content=content())


ACCEPTED = ("PNG", "JPEG", "WebP")
# Pictures and what was one, each with the type that it claims, by how the features call them.
UPLOADS: dict[str, Callable[[], File]] = {
    **{f"a {kind} picture": _upload(kind, partial(picture, kind)) for kind in ACCEPTED},
    **{f"half a {kind} picture": _upload(kind, partial(_half, kind)) for kind in ACCEPTED},
    **{f"a photo taken {how}": _upload("JPEG", partial(_held, how)) for how in HELD},
    **{
        f"a {kind} picture that {what}": _upload(kind, partial(made, kind))
        for kind in ACCEPTED
        for what, made in {
            "tells where it was taken": _placed,
            "has a note in it": _annotated,
            "has a script behind it": _followed,
        }.items()
    },
    "a see-through PNG picture": _upload("PNG", partial(_converted, "PNG", "RGBA")),
    "a PNG picture of few colours": _upload("PNG", partial(_converted, "PNG", "P")),
    "a PNG picture in fine greys": _upload("PNG", _in_fine_greys),
    "a JPEG picture in colours for print": _upload("JPEG", partial(_converted, "JPEG", "CMYK")),
    "a moving PNG picture": _upload("PNG", partial(_moving, "PNG")),
    "a moving WebP picture": _upload("WebP", partial(_moving, "WebP")),
    "a JPEG picture of 5 MB and 1 byte": _upload("JPEG", lambda: padded(picture("JPEG"), 5 * MIB + 1)),
    "a PNG picture of 6 MB": _upload("PNG", lambda: padded(picture("PNG"), 6 * MIB)),
    "a letter called a picture": lambda: file("PNG", content=b"Dear Mia,\nthank you for the bread.\n"),
    "a GIF picture called a PNG picture": lambda: file("PNG", content=picture("GIF")),
    "a black PNG picture of 25 million pixels": _upload("PNG", partial(_bare_png, 5000, 5000)),
    "a black PNG picture of 25 million pixels and one": _upload("PNG", partial(_bare_png, 4901, 5101)),
    "a PNG picture that claims 50000 x 50000 pixels": _upload(
        "PNG", partial(_bare_png, 50_000, 50_000, rows=1)
    ),
    "a PNG picture of no pixels": _upload("PNG", partial(_bare_png, 0, 0)),
    "a PNG picture with a note that unfolds to 20 million letters": _upload("PNG", _unfolding),
    "a JPEG picture that is drawn over 10000 times": _upload("JPEG", _drawn_over),
    "a PNG picture with 4000 colour profiles": _upload("PNG", _in_many_profiles),
    "a PNG picture without its end": _upload("PNG", lambda: picture("PNG")[:-12]),
    "a PNG picture with a spoilt byte": _upload("PNG", _spoilt),
    "the first bytes of a PNG picture and a script": _upload("PNG", lambda: picture("PNG")[:8] + SCRIPT),
}
# What is no picture that the shop takes, whatever it is called.
OTHERS: dict[str, Callable[[], bytes]] = {
    "a letter": lambda: b"Dear Mia,\nthank you for the bread.\n",
    "the words fake image data": lambda: b"fake image data",
    "an HTML page": lambda: b"<!doctype html><title>Hello</title>" + SCRIPT,
    "an SVG drawing": lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "a PDF document": lambda: b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n",
    "a GIF picture": partial(picture, "GIF"),
    "a BMP picture": partial(picture, "BMP"),
    "a sound": lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(28),
    "an empty file": lambda: b"",
}
# What a sender may claim a file to be.
CLAIMS = TYPES | {"SVG": "image/svg+xml", "HTML": "text/html", "PDF": "application/pdf", "text": "text/plain"}

"""Text for reports and the console, of whatever a step, the service or the system made. Nothing here raises.

Every text from outside enters a report through `clean`: as characters that every report can hold, without
secrets, and bounded in size. A suite names the secrets of its service, beside those that are known:

    from behave_flask.core import text

    text.add_secret_fields("pin", "iban")
"""

import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

LONGEST = 20_000  # characters of one text in a report
PARTS_AT_MOST = 10  # of an exception group, on each level
LEVELS_AT_MOST = 5  # of groups in groups, and of causes of causes
NO_MESSAGE = "(no message)"

# What XML 1.0 cannot hold, or advises against, and half a surrogate pair, which no encoding can.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def of(thing: object) -> str:
    """Return the text of anything, as a plain `str`; which class raised what, where that has none."""
    try:
        if isinstance(thing, bytes | bytearray):
            return thing.decode(errors="backslashreplace")
        return str.__str__(thing if isinstance(thing, str) else str(thing))  # past what a subclass says
    except BaseException as error:  # noqa: BLE001 (whatever it is: that there is no text is all there is to say)
        return f"(no text: making it of {class_of(thing)} raised {class_of(error)})"


def class_of(thing: object) -> str:
    """Return the name of the class of anything."""
    try:
        return str.__str__(type(thing).__name__)
    except BaseException:  # noqa: BLE001 (a metaclass may do what it likes)
        return "an object"


def clean(thing: object, most: int = LONGEST) -> str:
    """Return the text of anything as a report holds it: visible, without secrets, and not too long.

    What is clean stays as it is when it is cleaned again.
    """
    text = of(thing)
    rough = text if len(text) <= 4 * most else text[: 2 * most] + text[-2 * most :]  # enough to cut it below
    return bounded(visible(masked(rough)), most, len(text))


def visible(text: str) -> str:
    r"""Return the text, what cannot be printed or stored written as Python writes it: `\x1b`, `\ud83d`."""
    return _UNPRINTABLE.sub(_escaped, text.replace("\r\n", "\n"))


def bounded(text: str, most: int = LONGEST, length: int | None = None) -> str:
    """Return the text, with a note of how long it was in place of its middle if it is too long.

    :param length: how long it was, where it has been cut before.
    """
    length = len(text) if length is None else length
    if length <= most and len(text) <= most:
        return text
    note = f"\n… ({length} characters, of which the middle is left out) …\n"
    kept = max(most - len(note), 0)
    return f"{text[: kept - kept // 4]}{note}{text[len(text) - kept // 4 :]}"


def describe(error: BaseException, levels: int = LEVELS_AT_MOST) -> str:
    """Return what an exception says: its class and text, its notes and, of a group, its parts, a line each.

    One without a text is shown with the line that raised it.
    """
    return "\n".join([f"{class_of(error)}: {message(error)}", *details(error, levels)])


def details(error: BaseException, levels: int = LEVELS_AT_MOST) -> list[str]:
    """Return the lines that an exception has beside its text: its notes, and the parts of a group."""
    lines = list(_notes(error))
    parts = _parts(error)
    for part in parts[:PARTS_AT_MOST] if levels else ():
        lines += [f"  {line}" for line in describe(part, levels - 1).splitlines()]
    if levels and len(parts) > PARTS_AT_MOST:
        lines.append(f"  … and {len(parts) - PARTS_AT_MOST} more")
    return lines


def message(error: BaseException) -> str:
    """Return the text of an exception; of one without, the line that raised it."""
    return of(error).strip() or f"{NO_MESSAGE} {_raised_at(error.__traceback__)}".strip()


def trace_of(error: BaseException, trace: TracebackType | None = None) -> str:
    """Return an exception with its traceback, and those of its causes, as Python prints them."""
    try:
        return "".join(traceback.format_exception(type(error), error, trace or error.__traceback__))
    except BaseException:  # noqa: BLE001 (its notes, its causes or its source may be what raises)
        return f"{frames_of(trace or error.__traceback__)}{describe(error)}\n"


def frames_of(trace: TracebackType | None) -> str:
    """Return the lines of a traceback, without the exception."""
    try:
        return "".join(traceback.format_tb(trace))
    except BaseException:  # noqa: BLE001 (the source cannot be read)
        return ""


def is_readable(error: BaseException) -> bool:
    """Return whether an exception and its causes have texts, and the causes an end: behave needs both."""
    seen: set[int] = set()
    cause: Any = error
    while cause is not None:
        try:
            if id(cause) in seen or type(f"{cause}{cause.args}") is not str:
                return False
            seen.add(id(cause))
            cause = cause.__cause__
        except BaseException:  # noqa: BLE001 (that it raises is the answer)
            return False
    return True


def add_secret_fields(*names: str) -> None:
    """Mask the values of these fields, too, in every report and on the console.

    :param names: of fields of JSON, of forms, queries and cookies, and of headers, in upper or lower case;
        alone, or behind a `_` or `-`: `pin` is also `new_pin`, and not `shopping`.
    """
    for name in names:
        plain = name.lower().replace("-", "_")
        _Secrets.added += tuple(dict.fromkeys((plain, plain.replace("_", "-"))))
    _Secrets.compile()


def is_secret(name: object) -> bool:
    """Return whether what a field or header of this name holds is masked."""
    return _Secrets.name.fullmatch(of(name)) is not None


def masked(text: str) -> str:
    """Return the text without passwords, tokens, keys and cookies, wherever in it they stand."""
    low = text.lower()
    if _Secrets.may_be_in(low):
        for pattern, instead, signs in _Secrets.patterns:
            if any(map(low.__contains__, signs)):  # takes a fraction of what the pattern would
                text = pattern.sub(instead, text)
    return text


class _Secrets:
    """The one list of what is secret: names that end so, and what suites have added."""

    # Each is also the end of a name: access_token, csrfToken, client_secret, new-password.
    words = (
        *("token", "secret", "password", "passwd", "passphrase", "passcode", "pwd", "jwt", "csrf", "xsrf"),
        *("apikey", "api_key", "api-key", "appid", "privatekey", "private_key", "private-key"),
        *("accesskey", "access_key", "access-key", "authorization", "cookie", "credential", "credentials"),
        *("sessid", "sessionid", "session_id", "session-id"),
    )
    whole = ("session", "sid")  # alone, or behind a `_` or `-`; so is what a suite has added
    added: tuple[str, ...] = ()
    headers = (
        "(?:proxy-)?authorization|(?:set-)?cookie|(?:x-)?api-?key|[a-z][a-z-]*-(?:token|secret)|x-[a-z-]+-key"
    )
    header_ends = ("authorization", "cookie", "api-key", "apikey", "-token", "-secret", "-key")
    name: re.Pattern[str]
    patterns: list[tuple[re.Pattern[str], str, list[str]]]
    marks = re.compile(r"""[:="'\\&%]""")  # one of these, or of `words_alone`, is where a secret is
    words_alone: list[str]

    @classmethod
    def may_be_in(cls, low: str) -> bool:
        """Return whether a text in lower case is worth a look: most that is written is a dot or a name."""
        return cls.marks.search(low) is not None or any(map(low.__contains__, cls.words_alone))

    @classmethod
    def compile(cls) -> None:
        """Put the patterns together, each with what a text must hold to be searched for it, in lower case."""
        whole = [*cls.whole, *cls.added]
        field = rf"(?:{'|'.join(cls.words)}|(?<![a-z0-9])(?:{'|'.join(map(re.escape, whole))}))"
        header = "|".join([cls.headers, *map(re.escape, cls.added)])
        quote = r"""(?:\\*["']|&quot;|&#3[49];)"""
        value = (
            r"""(?:\\+"(?:.*?\\+"|.*)|&(?:quot|#3[49]);.*?&(?:quot|#3[49]);"""
            r"""|[bu]?"(?:[^"\\]|\\.)*"|[bu]?'(?:[^'\\]|\\.)*'|[bu]?["'].*|-?\d[\w.+-]*)"""
        )
        plain = r"""(?:[bu]?"[^"\n]*"|[bu]?'[^'\n]*'|[^\s&;,)}\]"'<>]+)"""
        marked = rf"""\b(?:name|id|property)=["']?[\w.:-]*{field}["']?"""
        names = [*cls.words, *whole]
        headers = [f"{name}{colon}" for name in (*cls.header_ends, *cls.added) for colon in (":", " :")]
        cls.name = re.compile(rf"(?:[\w.-]*{field}|{header})", re.IGNORECASE)
        cls.patterns = [
            (re.compile(pattern, re.IGNORECASE | re.MULTILINE), instead, signs)
            for pattern, instead, signs in (
                (rf"^([<> ]*(?:{header})\s*:).*$", r"\1 ***", headers),
                (rf"""(?<![\w-])((?:{header}):)\s*[^\s'"][^\n'"]*""", r"\1 ***", headers),
                (r"\b(bearer|basic)\s+[\w.~+/=-]{12,}", r"\1 ***", ["bearer", "basic"]),
                (
                    rf"({field}{quote}\s*:\s*){value}",
                    r"\1***",
                    [f"{name}{sign}" for name in names for sign in ('"', "'", "\\", "&")],
                ),
                (
                    rf"({field}(?:\s?=(?![=>])\s?|%3D)){plain}",
                    r"\1***",
                    [f"{name}{sign}" for name in names for sign in ("=", " =", "%3d")],
                ),
                (
                    rf"({marked}[^<>]{{0,300}}?\b(?:value|content)=)(?:\"[^\"]*\"|'[^']*'|[^\s<>]+)",
                    r"\1***",
                    ["value=", "content="],
                ),
                (
                    rf"(\b(?:value|content)=)(?:\"[^\"]*\"|'[^']*')(?=[^<>]{{0,300}}{marked})",
                    r"\1***",
                    ["value=", "content="],
                ),
                (r"""(://[^\s/:@"'<>?#]*):[^\s/"'<>?#]+@""", r"\1:***@", ["://"]),
                (r"\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?", "***", ["eyj"]),
                (r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?=-----END|\Z)", r"\1 *** ", ["private key"]),
            )
        ]
        cls.words_alone = [
            sign for _, _, signs in cls.patterns for sign in signs if not cls.marks.search(sign)
        ]


_Secrets.compile()


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _notes(error: BaseException) -> Iterator[str]:
    try:
        notes = list(getattr(error, "__notes__", ()))
    except BaseException:  # noqa: BLE001 (anybody may have set them)
        return
    for note in notes:
        yield from of(note).splitlines()


def _parts(error: BaseException) -> list[BaseException]:
    try:
        return list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
    except BaseException:  # noqa: BLE001 (a class of somebody's own)
        return []


def _raised_at(trace: TracebackType | None) -> str:
    """Return the last line of a traceback: its file, its number and what it says."""
    try:
        last = traceback.extract_tb(trace)[-1]
    except BaseException:  # noqa: BLE001 (there is none, or its source cannot be read)
        return ""
    return f"{last.filename}:{last.lineno}: {last.line}"

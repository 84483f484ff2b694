"""Names as they look: what cannot be seen in one, and whether two look alike."""

import re
import unicodedata

# What shows nothing: fillers of Hangul, the empty pattern of Braille, what joins accents, and the like.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
# Joiners are part of how emoji and some scripts are written: between two characters that can be seen.
_JOINERS = "\u200c\u200d"
_JOINED = re.compile(rf"(?<=[^\s{_JOINERS}])[{_JOINERS}](?=[^\s{_JOINERS}])")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # such as Scotland's
_NEVER_SEEN = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]")
# Letters of other scripts that look like Latin ones; `lower` first.
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u03bf\u03b1\u03bd\u0131", "aeopcyxijsoavi"
)


def has_unseen(text: str) -> bool:
    """Return whether a text has characters that show nothing, or that turn the direction of others."""
    rest = _FLAG.sub("-", _JOINED.sub("", text))
    if any(letter in _FILLERS or unicodedata.category(letter) == "Cf" for letter in rest):
        return True
    only_marks = bool(rest.strip()) and all(unicodedata.category(letter)[0] in "MZC" for letter in rest)
    return only_marks or _NEVER_SEEN.search(rest) is not None


def look(name: str) -> str:
    """Return a text that is the same for names which look the same."""
    folded = unicodedata.normalize("NFKD", name).casefold().translate(_LOOKALIKES)
    seen = (
        each for each in folded if unicodedata.category(each) not in ("Cf", "Mn") and each not in _FILLERS
    )
    return " ".join("".join(seen).split())

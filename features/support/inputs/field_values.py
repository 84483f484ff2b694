"""What people enter into a field, good and bad, in words: `121 letters`, `a list`, `missing`, `"tea"`.

A text that holds double quotes stands between single ones.
"""

from typing import Any

from parse import with_pattern

ABSENT = object()  # the field is left out

NAMED: dict[str, Any] = {
    "missing": ABSENT,
    "empty": "",
    "null": None,
    "only spaces": "   ",
    "two lines": "One line\nand another",
    "two lines of another system": "One line\r\nand another",
    "a control character": "ring\x07ring",
    "a list": [1],
    "a text": "many",
    "an endless number": "9" * 5000,
    "a group of fields": {"first": "Nina"},
    "a zero byte": "before the zero\x00after it",
    "a name with a hidden space": "Ni\u200bna",
    "a name that runs backwards": "\u202eaniN",
    "a name of nothing to see": "\u3164\u2800",
    "a name of accents alone": "\u0301\ufe0f",
    "a name with a hidden tag": "Ni\U000e0041na",
    "a name with a hidden glue": "Ni\u034fna",
    "a family in one sign": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "Ada Admin with a Cyrillic A": "\u0410da Admin",
    "Ada Admin in full-width letters": "\uff21\uff44\uff41 Admin",
    "half a character": "half a smile \ud83d",
    "a name with a zero byte": "avatar.png\x00.html",
    "true": True,
    "active": True,
    "suspended": False,
}
_NAMES = "|".join(sorted(NAMED, key=len, reverse=True))


@with_pattern(rf'{_NAMES}|"[^"]*"|\'[^\']*\'|\d+ letters?(?: before "[^"]*")?|-?\d+\.\d+|-?\d+')
def entry(text: str) -> Any:
    """Return what the words stand for."""
    if text in NAMED:
        return NAMED[text]
    if text[0] in "\"'":
        return text[1:-1]
    number, letters, rest = text.partition(" letter")
    if letters:
        return "a" * int(number) + rest.removeprefix("s").removeprefix(' before "').removesuffix('"')
    return float(text) if "." in text else int(text)


def with_field(body: dict[str, Any], field: str, entered: Any) -> dict[str, Any]:
    """Return a body with one field as it was entered, or without it; the field's name in words."""
    changed = {**body, field.replace(" ", "_"): entered}
    return {name: given for name, given in changed.items() if given is not ABSENT}


def plain_value(text: str) -> object:
    """Read a number or a truth value as such, and everything else as text."""
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)

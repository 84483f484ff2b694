"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_UNSENT = {"submit", "button", "image", "reset", "file"}
_TICKED = {"checkbox", "radio"}
Value = str | list[str]


@dataclass
class Field:
    """One field of a form; its value is what it holds before anybody fills it in, None if nothing is sent.

    Of boxes with one name it is what all that are ticked hold.
    """

    kind: str
    value: Value | None
    choices: list[str] = field(default_factory=list)
    required: bool = False
    at_least: str = ""  # a length for text, else a number


@dataclass
class Form:
    """One form of a page: how it is sent, where it goes, and its fields by name."""

    method: str
    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def preset(self) -> dict[str, Value]:
        """What a browser sends if nobody fills anything in."""
        return {name: each.value for name, each in self.fields.items() if each.value is not None}

    @property
    def hidden(self) -> dict[str, Value]:
        """What nobody sees, such as a token against forgery."""
        return {name: value for name, value in self.preset.items() if self.fields[name].kind == "hidden"}

    @property
    def kinds(self) -> set[str]:
        """Which kinds of fields it has."""
        return {each.kind for each in self.fields.values()}

    def goes_to(self, path: str) -> str:
        """Return the path where the form is sent to.

        :param path: of its page.
        """
        return urlsplit(urljoin(path, self.action)).path


def of(page: str) -> list[Form]:
    """Return the forms of a page.

    :param page: the HTML.
    """
    return _read(page).forms


def links(page: str, path: str) -> list[str]:
    """Return the paths of this service to which a page leads, and of what it loads.

    :param page: the HTML.
    :param path: of the page.
    """
    found = [urlsplit(urljoin(path, each)) for each in _read(page).addresses]
    return [each.path for each in found if each.netloc in ("", "localhost")]


def find(page: str, with_field: str | None = None) -> Form:
    """Return a form of a page.

    :param page: the HTML.
    :param with_field: a field that the form has; without it, the first form that is sent by POST.
    :raises AssertionError: if there is no such form.
    """
    found = of(page)
    for form in found:
        if with_field in form.fields if with_field else form.method == "post":
            return form
    wanted = f"a form with the field {with_field!r}" if with_field else "a form that is sent by POST"
    known = ", ".join(sorted({name for form in found for name in form.fields})) or "none"
    raise AssertionError(f"The page has no {wanted.removeprefix('a ')}. Its fields are: {known}.")


def _read(page: str) -> "_Page":
    parser = _Page()
    parser.feed(page)
    return parser


class _Page(HTMLParser):
    """Collects the forms of a page, and its addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.addresses: list[str] = []
        self._open: Form | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = {name: value or "" for name, value in attrs}
        self.addresses += [given[name] for name in ("href", "src") if given.get(name)]
        if tag == "form":
            self._open = Form(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "textarea", "select"):
            self._enter(self._open, tag, given)
        elif self._select is not None and tag == "option":
            self._select.choices.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None

    def _enter(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower() if tag == "input" else tag
        if not (name := given.get("name")) or kind in _UNSENT:
            return
        is_set = tag == "input" and (kind not in _TICKED or "checked" in given)
        least = given.get("minlength") or given.get("min") or ""
        value = given.get("value", "on" if kind in _TICKED else None)
        found = Field(kind, value if is_set else None, [], "required" in given, least)
        if kind == "select":
            self._select = found
        elif kind == "radio":
            found.choices = [given.get("value", "on")]
        known = form.fields.setdefault(name, found)
        if known is not found and is_set and kind in _TICKED:
            both = isinstance(known.value, str | list) and kind == "checkbox"
            known.value = [*_listed(known.value), *_listed(found.value)] if both else found.value
        if kind == "radio" and known is not found:
            known.choices += found.choices


def _listed(value: Value | None) -> list[str]:
    return value if isinstance(value, list) else [value or ""]

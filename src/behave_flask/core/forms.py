"""The forms of a page, as a browser would send them."""

from html.parser import HTMLParser

_UNSENT = {"submit", "button", "image", "reset", "file"}


def fields(page: str, with_field: str | None = None) -> dict[str, str]:
    """Return what a form holds before anybody fills it in: hidden fields, CSRF token, what is preset.

    :param page: the HTML.
    :param with_field: a field that the form has; without it, the first form that is sent by POST.
    :raises AssertionError: if there is no such form.
    """
    parser = _Forms()
    parser.feed(page)
    for method, found in parser.forms:
        if with_field in found if with_field else method == "post":
            return {name: value for name, value in found.items() if value is not None}
    wanted = f"a form with the field {with_field!r}" if with_field else "a form that is sent by POST"
    known = ", ".join(sorted({name for _, found in parser.forms for name in found})) or "none"
    raise AssertionError(f"The page has no {wanted.removeprefix('a ')}. Its fields are: {known}.")


class _Forms(HTMLParser):
    """Collects the forms of a page: the method, and each field with its value; None if it has none."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str | None]]] = []
        self._open: dict[str, str | None] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = dict(attrs)
        if tag == "form":
            self._open = {}
            self.forms.append(((given.get("method") or "get").lower(), self._open))
        elif self._open is not None and (name := given.get("name") or ""):
            if tag == "input" and given.get("type") not in _UNSENT:
                ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
                self._open.setdefault(name, given.get("value") if ticked else None)
            elif tag == "textarea":
                self._open.setdefault(name, None)
            elif tag == "select":
                self._open.setdefault(name, None)
                self._select = name
        elif self._open is not None and tag == "option" and "selected" in given:
            self._open[self._select] = given.get("value")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == "form":
            self._open = None

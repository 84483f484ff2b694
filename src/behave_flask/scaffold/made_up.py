"""Values for what has to be filled in, made up by what it is called and what kind of thing it is."""

from behave_flask.core.forms import Field, Form, Value

BY_FORMAT = {
    "email": "somebody@example.com",
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00+00:00",
    "datetime-local": "2026-01-31T12:00",
    "time": "12:00:00",
    "uuid": "00000000-0000-0000-0000-000000000001",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "password": "A-long-passw0rd",
    "tel": "+49 30 123456",
    "color": "#336699",
    "ipv4": "127.0.0.1",
    "byte": "eA==",
}
_BY_NAME = {
    "mail": "email",
    "passw": "password",
    "url": "url",
    "link": "url",
    "website": "url",
    "birthday": "date",
    "phone": "tel",
}
_AS_IT_IS = {"hidden", "select", "radio", "checkbox", "number", "range"}


def text(name: str, least: int = 0, most: int | None = None) -> str:
    """Return a text for a field.

    :param name: of the field, which may tell what it holds.
    :param least: its length.
    :param most: its length.
    """
    kind = next((kind for part, kind in _BY_NAME.items() if part in name.lower()), "")
    made = BY_FORMAT.get(kind, "example")
    return made.ljust(least, "e")[: most or None]


def filled_in(form: Form) -> dict[str, Value]:
    """Return what somebody fills into a form, and what it holds already but for texts and tokens.

    So somebody who is not shown the form can send the same.
    """
    values = {name: _value(name, field) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value is not None}


def _value(name: str, field: Field) -> Value | None:
    """Return what is filled into a field; None if it is left as it is."""
    if field.kind == "hidden" and _is_token(name, field.value):
        return None
    if field.kind in _AS_IT_IS and field.value:
        return field.value
    if field.kind in ("select", "radio"):
        return next(filter(None, field.choices), None)
    if field.kind == "checkbox":
        return "on" if field.required else None
    if field.kind in ("number", "range"):
        return field.at_least or "1"
    if field.kind == "hidden":
        return None
    least = int(field.at_least) if field.at_least.isdigit() else 0
    return BY_FORMAT.get(field.kind) or text(name, least)


def _is_token(name: str, value: object) -> bool:
    """Return whether a hidden field holds something new each time, against forgery."""
    return any(part in name.lower() for part in ("csrf", "xsrf", "token", "nonce")) or len(str(value)) > 30

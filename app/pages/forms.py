"""The forms: fields with their labels, a token against forgery; what may be in them the API's schemas say."""

from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException
from wtforms import EmailField, FileField, HiddenField, IntegerField, PasswordField, StringField

from app.problems import messages_by_field, problem

T = TypeVar("T", bound=BaseModel)
TOKEN = "csrf_token"  # noqa: S105 - the field's name


class Form(FlaskForm):
    """A form with nothing in it but the token; its fields check nothing themselves."""

    class Meta(FlaskForm.Meta):
        """What is sent as JSON is no form: it has no token, and is refused for that."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent as a form, if anything was."""
            return None if request.is_json else super().wrap_formdata(form, formdata)


class SignUp(Form):
    """Somebody opens an account."""

    name = StringField("Name", render_kw={"autocomplete": "name"})
    email = EmailField("E-mail", render_kw={"autocomplete": "email"})
    password = PasswordField(
        "Password", description="At least 8 characters.", render_kw={"autocomplete": "new-password"}
    )


class SignIn(Form):
    """Somebody says who they are."""

    email = EmailField("E-mail", render_kw={"autocomplete": "email"})
    password = PasswordField("Password", render_kw={"autocomplete": "current-password"})


class Order(Form):
    """So many of a product. The key lets the same form, sent twice, order once."""

    product_id = HiddenField()
    idempotency_key = HiddenField()
    quantity = IntegerField()


class City(Form):
    """Where somebody wants to know the weather."""

    city = StringField()


class Avatar(Form):
    """A picture to upload."""

    avatar = FileField(
        "Picture",
        description="PNG, JPEG or WebP, at most 5 MB.",
        render_kw={"accept": "image/png,image/jpeg,image/webp"},
    )


def refilled(kind: type[Form]) -> Form:
    """Return the form as it was sent; empty, if it was too large to be read."""
    try:
        return kind()
    except HTTPException:
        return kind(formdata=None)


def read(kind: type[Form], schema: type[T], *, numbers: frozenset[str] = frozenset()) -> T:
    """Return what was entered; 400 for a form that is not from here, 422 with what is wrong by field.

    :param numbers: fields in which a whole number is meant.
    """
    form = kind()
    form.validate()
    if TOKEN in form.errors:  # what else is wrong, such as a number that is none, the schema says better
        problem(400, "This form is from another session. Look at it and send it again.")
    given: dict[str, Any] = request.form.to_dict() | request.files.to_dict()
    given.pop(TOKEN, None)
    try:
        return schema.model_validate({name: _value(name, text, numbers) for name, text in given.items()})
    except ValidationError as error:
        problem(422, "Some fields need your attention.", errors=messages_by_field(error))


def _value(name: str, text: Any, numbers: frozenset[str]) -> Any:
    plain = text.strip().removeprefix("-") if name in numbers else ""
    return int(text) if plain.isascii() and plain.isdigit() and len(plain) < 20 else text


def read_query(schema: type[T]) -> T:
    """Return what the address asks for, of what there is to ask; 422 where it makes no sense."""
    known = {name: text for name, text in request.args.items() if name in schema.model_fields}
    try:
        return schema.model_validate(known)
    except ValidationError as error:
        problem(422, "This address makes no sense.", errors=messages_by_field(error))

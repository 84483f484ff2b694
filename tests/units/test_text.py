"""Text of anything: nothing raises, every report can hold it, no secret is in it, and it is bounded."""

import json
from xml.etree import ElementTree

import pytest
from flask import Flask

from behave_flask.core import text
from behave_flask.runner.suite_hooks import hooks_for


class Mute(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


class Leaving(Exception):
    def __str__(self) -> str:
        raise SystemExit(0)


class Number(Exception):
    def __str__(self) -> str:
        return 7  # type: ignore[return-value] # noqa: PLE0307


class Endless(Exception):
    def __str__(self) -> str:
        return str(self)


class Shouting(str):
    def __str__(self) -> str:
        raise ValueError("even a text")

    def encode(self, *arguments: object, **more: object) -> bytes:
        raise ValueError("even its bytes")


class Nameless(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise ValueError("no name")


class Odd(metaclass=Nameless):
    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.mark.parametrize("error", [Mute(), Leaving(), Number(), Endless(), Mute("with a text")])
def test_an_exception_without_words_is_described_by_its_class(error: Exception) -> None:
    described = text.describe(error)

    assert described.startswith(
        f"{type(error).__name__}: (no text: making it of {type(error).__name__} raised "
    )
    assert not text.is_readable(error)
    assert type(error).__name__ in text.trace_of(error)


def test_anything_has_a_text() -> None:
    assert text.of(b"caf\xe9") == r"caf\xe9"
    assert text.of("é".encode()) == "é"
    assert text.of(None) == "None"
    assert "raised ValueError" in text.of(10**5000)
    assert text.of(Odd()) == "(no text: making it of an object raised ValueError)"
    assert text.of(Shouting("loud")) == "loud"
    assert type(text.of(Shouting("loud"))) is str


def test_an_exception_without_a_text_is_told_with_the_line_that_raised_it() -> None:
    with pytest.raises(AssertionError) as caught:
        raise AssertionError

    described = text.describe(caught.value)

    assert described.startswith("AssertionError: (no message) ")
    assert described.endswith(": raise AssertionError")
    assert __file__ in described
    assert text.describe(ValueError()) == "ValueError: (no message)"


def test_notes_and_the_parts_of_a_group_are_told() -> None:
    error = ExceptionGroup("several", [ValueError("one"), ExceptionGroup("more", [KeyError("two")])])
    error.add_note("the note")

    assert text.describe(error).splitlines() == [
        "ExceptionGroup: several (2 sub-exceptions)",
        "the note",
        "  ValueError: one",
        "  ExceptionGroup: more (1 sub-exception)",
        "    KeyError: 'two'",
    ]


def test_a_group_of_many_or_deep_is_told_in_part() -> None:
    many: Exception = ExceptionGroup("many", [ValueError(str(number)) for number in range(1000)])
    assert text.describe(many).splitlines()[-1] == "  … and 990 more"
    for _ in range(50):
        many = ExceptionGroup("one", [many])
    assert len(text.describe(many).splitlines()) < 20


def test_notes_that_are_none_do_not_prevent_the_rest() -> None:
    error = ValueError("x")
    error.__notes__ = 7  # type: ignore[assignment]
    assert text.describe(error) == "ValueError: x"
    assert "ValueError: x" in text.trace_of(error)


def test_causes_that_run_in_a_circle_cannot_be_told_as_behave_tells_them() -> None:
    error, other = ValueError("one"), ValueError("two")
    error.__cause__, other.__cause__ = other, error
    assert not text.is_readable(error)
    assert not text.is_readable(_caused_by(ValueError("fine"), Mute()))
    assert text.is_readable(_caused_by(ValueError("fine"), ValueError("fine, too")))
    assert "one" in text.trace_of(error)


def _caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


EVERY_CHARACTER = "".join(map(chr, range(0x110000)))


def test_every_character_can_be_held_by_xml_json_and_utf_8() -> None:
    shown = text.visible(EVERY_CHARACTER)

    shown.encode()
    json.loads(json.dumps(shown, ensure_ascii=False))
    element = ElementTree.Element("x", y=shown)
    element.text = shown
    again = ElementTree.fromstring(ElementTree.tostring(element, "utf-8"))
    assert again.text == shown
    assert text.visible(shown) == shown


def test_characters_that_are_written_as_escapes() -> None:
    assert text.visible("\x1b[31mred\x1b[0m") == r"\x1b[31mred\x1b[0m"
    assert text.visible("a\x00b\x0c\x85\ud83d\ufffe\U0001ffff") == r"a\x00b\x0c\x85\ud83d\ufffe\U0001ffff"
    assert text.visible("one\r\ntwo\rthree\tfour") == "one\ntwo\\rthree\tfour"
    assert text.visible("é😀 שלום “–” \u202e") == "é😀 שלום “–” \u202e"


def test_a_long_text_keeps_its_beginning_and_its_end_and_says_how_long_it_was() -> None:
    long = "begin" + "x" * 3_000_000 + "To repeat: behave"

    cut = text.clean(long)

    assert cut.startswith("beginxxx")
    assert cut.endswith("To repeat: behave")
    assert f"({len(long)} characters" in cut
    assert len(cut) <= text.LONGEST
    assert text.clean(cut) == cut


def test_many_escapes_are_bounded_too() -> None:
    cut = text.clean("\x00" * text.LONGEST)
    assert len(cut) <= text.LONGEST
    assert f"({text.LONGEST} characters" in cut


@pytest.mark.parametrize("most", [0, 1, 10, 100])
def test_a_bound_of_a_few_characters_keeps_at_least_the_note(most: int) -> None:
    assert "(500 characters" in text.bounded("x" * 500, most)


SECRET = "s3cr3t-v4lue-0123"


@pytest.mark.parametrize(
    "content",
    [
        f'{{"access_token": "{SECRET}", "kept": "kept"}}',
        f'{{"refresh_token":"{SECRET}","kept": "kept"}}',
        f"{{'csrf_token': '{SECRET}', 'kept': 'kept'}}",
        f'{{"accessToken": "{SECRET}", "kept": 1}}',
        f'{{"id_token": "a\\"{SECRET}", "kept": 1}}',
        f'{{"client_secret": "{SECRET} and more", "kept": 1}}',
        f'{{"session": "{SECRET}", "kept": 1}}',
        f'{{"sessionid": "{SECRET}", "kept": 1}}',
        f'{{"api-key": "{SECRET}", "kept": 1}}',
        f'{{"new_password": "{SECRET}", "kept": 1}}',
        '{"password": 53247325, "kept": 1}'.replace("53247325", SECRET.replace("s3cr3t-v4lue-", "7")),
        f'kept "{{\\"token\\": \\"{SECRET}\\"}}"',
        f'kept "token": "{SECRET}',
        f'kept b\'{{"password": "{SECRET}\'',
        f"kept\nAuthorization: Digest {SECRET} {SECRET}",
        f"kept\n> Cookie: a=b; c={SECRET}",
        f"kept\n< Set-Cookie: shop={SECRET}; HttpOnly",
        f"kept curl -H 'Authorization: Token {SECRET}' http://kept",
        f"kept\nX-CSRF-Token: {SECRET}",
        f"kept\nX-Api-Key: {SECRET}",
        f"kept Bearer {SECRET}",
        f"kept Basic {SECRET}",
        f"kept Headers([('Authorization', 'Bearer {SECRET}')])",
        f"GET /kept?access_token={SECRET}&kept=1",
        f"GET /kept?next=%2Flogin%3Ftoken%3D{SECRET}",
        f"grant_type=kept&client_secret={SECRET}&refresh_token={SECRET}",
        f"kept login(password='{SECRET}')",
        f'kept password = "{SECRET}"',
        f"postgresql://kept:{SECRET}@host/kept",
        f"https://kept:{SECRET}@host/kept",
        f"https://:{SECRET}@kept/kept",
        f'<input kept name="csrf_token" type="hidden" value="{SECRET}">',
        f"<input kept value='{SECRET}' type=hidden name='csrf_token'>",
        f'<meta kept name="csrf-token" content="{SECRET}">',
        f"<div data-kept='{{&#34;token&#34;: &#34;{SECRET}&#34;}}'>",
        f"kept eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{SECRET}",
        f"kept -----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
        f"kept\nSet-Cookie: session={SECRET}",
    ],
)
def test_secrets_are_masked_wherever_they_stand(content: str) -> None:
    masked = text.masked(content)

    assert SECRET not in masked
    assert "0123" not in masked
    assert "***" in masked
    assert "kept" in masked
    assert text.masked(masked) == masked


@pytest.mark.parametrize(
    "content",
    [
        '{"errors": {"password": ["Shorter than 8."]}}',
        '{"token": null, "password": {"min": 8}, "kept": true}',
        "Idempotency-Key: my-first-order",
        'WWW-Authenticate: Basic realm="shop"',
        "The token is not known. Password: at least 8 characters",
        "Unexpected token: <",
        "ann@example.com asked http://127.0.0.1:5000/members?page=2",
        "the secrets of the kitchen",
        "assert token == 'x'",
        '{"grant_type": "password", "token_type": "Bearer"}',
        '<input type="password" name="email" value="ann@example.com">',
        "before=1 after=2",
    ],
)
def test_what_is_no_secret_stays(content: str) -> None:
    assert text.masked(content) == content


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("added", "name", "patterns"):
        monkeypatch.setattr(text._Secrets, name, getattr(text._Secrets, name))
    text.add_secret_fields("pin", "Card_Number", "X-Door")


@pytest.mark.usefixtures("added")
def test_hooks_take_the_names_of_secrets() -> None:
    hooks_for(lambda: Flask("any"), secrets=["iban"])
    assert text.masked("iban=DE02&a=b") == "iban=***&a=b"


@pytest.mark.usefixtures("added")
def test_a_suite_adds_its_own_secrets() -> None:
    assert text.masked('{"pin": "1234", "new_pin": 1234, "shopping": "milk"}') == (
        '{"pin": ***, "new_pin": ***, "shopping": "milk"}'
    )
    assert text.masked("card-number=4711&a=b\nX-Door: open sesame") == "card-number=***&a=b\nX-Door: ***"
    assert text.is_secret("PIN")
    assert not text.is_secret("shopping")
    assert text.masked('{"token": "x"}') == '{"token": ***}'


@pytest.mark.parametrize(
    "name", ["password", "Authorization", "x-api-key", "refresh_token", "set-cookie", "sid"]
)
def test_names_of_secrets(name: str) -> None:
    assert text.is_secret(name)


@pytest.mark.parametrize(
    "name", ["name", "tokens", "token_type", "inside", "www-authenticate", "idempotency-key"]
)
def test_names_of_what_is_none(name: str) -> None:
    assert not text.is_secret(name)


def test_whatever_is_looked_for_in_a_text_makes_it_worth_a_look() -> None:
    secrets = text._Secrets

    signs = [sign for _, _, signs in secrets.patterns for sign in signs]

    assert [sign for sign in signs if not secrets.may_be_in(f"kept {sign} kept")] == []
    assert not secrets.may_be_in("kept, and nothing else.\n")

"""How an exchange reads in a report: legible whatever was sent, and without secrets."""

from behave_flask.core.http import Exchange, Request, Response, shown


def test_half_a_character_can_be_printed() -> None:
    assert shown({"name": "half \ud83d"}).encode() == b'{\n  "name": "half \\ud83d"\n}'


def test_a_secret_is_not_shown_but_what_is_said_about_it_is() -> None:
    text = shown({"password": "hush", "errors": {"password": ["It is too short."]}})
    assert "hush" not in text
    assert "It is too short." in text


def test_an_exchange_hides_how_somebody_is_known() -> None:
    request = Request("GET", "/profile", {"Authorization": "Bearer hush"})
    text = str(Exchange("Ann", request, Response(204, {}, b"")))
    assert text.startswith("Ann asked")
    assert "hush" not in text

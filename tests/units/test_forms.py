"""The forms of a page: what a browser would send, and what `init` fills in."""

from behave_flask.core import forms
from behave_flask.scaffold.made_up import filled_in

PAGE = """
<a href="/books/1"></a><img src="pictures/a.png"><a href="https://elsewhere.example/x"></a>
<form action="search"><input name="q"></form>
<form method="POST" action="/books/1/edit">
  <input type="hidden" name="csrf_token" value="abc"><input type="hidden" name="kind" value="novel">
  <input name="title" value="Old" minlength="9"><textarea name="blurb"></textarea>
  <input type="email" name="from"><input type="number" name="pages" min="3"><input type="date" name="day">
  <input type="checkbox" name="shelf" value="1" checked><input type="checkbox" name="shelf" value="2">
  <input type="checkbox" name="shelf" value="3" checked><input type="checkbox" name="agreed" required>
  <input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
  <select name="who"><option value=""><option value="ann"><option value="ben"></select>
  <select name="state"><option value="a"><option value="b" selected></select>
  <input type="submit" name="send"><input type="file" name="cover">
</form>"""


def test_what_is_preset_is_sent_as_a_browser_would() -> None:
    assert forms.find(PAGE).preset == {
        "csrf_token": "abc",
        "kind": "novel",
        "title": "Old",
        "shelf": ["1", "3"],
        "size": "m",
        "state": "b",
    }


def test_texts_are_made_up_and_what_is_chosen_stays_but_a_token() -> None:
    assert filled_in(forms.of(PAGE)[1]) == {
        "kind": "novel",
        "title": "exampleee",
        "blurb": "example",
        "from": "somebody@example.com",
        "pages": "3",
        "day": "2026-01-31",
        "shelf": ["1", "3"],
        "agreed": "on",
        "size": "m",
        "who": "ann",
        "state": "b",
    }


def test_where_a_page_leads_is_seen_from_where_it_is() -> None:
    assert forms.links(PAGE, "/books/") == ["/books/1", "/books/pictures/a.png"]
    assert [form.goes_to("/books/1") for form in forms.of(PAGE)] == ["/books/search", "/books/1/edit"]

"""How people fill in the forms of a service's pages, each with cookies of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from behave_flask.core import forms
from behave_flask.core.cookies import Cookies
from behave_flask.core.http import Request, Response
from behave_flask.core.stage import Stage


class FormFilling:
    """What a world does with pages: it opens them, and sends their forms as a browser does."""

    def __init__(self, stage: Stage) -> None:
        """Begin without a cookie.

        :param stage: where the scenario is played.
        """
        self.stage = stage
        self._cookies: dict[str, Cookies] = {}

    def submit(self, who: str, path: str, **filled_in: str) -> Response:
        """Open a page as somebody, fill in its form, and send it, with its hidden fields and CSRF token.

        For example, in `introduce`: `self.submit(name, "/login", username="ann", password="secret")`.

        :param who: whose browser it is; nobody needs to be introduced for it.
        :param path: where the page is.
        :param filled_in: what is filled in, by the names of the fields.
        :returns: the answer, whatever it is; the cookies that it sets are kept.
        :raises AssertionError: if the page has no such form.
        """
        form = forms.find(self._page(who, path), next(iter(filled_in), None))
        to = form.goes_to(path)
        return self._browse(
            who, Request("POST", to, self._cookie(who, to), form={**form.preset, **filled_in})
        )

    def form(self, who: str, path: str, with_field: str | None = None) -> dict[str, forms.Value]:
        """Open a page as somebody, and read its form.

        For example, in an operation: `{"form": {**world.form(who, "/posts/new"), "title": "A title"}}`.

        :param who: whose browser it is.
        :param path: where the page is.
        :param with_field: a field that the form has; without it, the first form that is sent by POST.
        :returns: the fields that a browser would send as they are: hidden ones, a token, what is preset.
        :raises AssertionError: if the page has no such form.
        """
        return forms.find(self._page(who, path), with_field).preset

    def fill(
        self, who: str, to: str, filled_in: Mapping[str, forms.Value], on: Iterable[str]
    ) -> dict[str, forms.Value]:
        """Return what somebody sends who fills in a form: with its hidden fields and its CSRF token.

        Somebody who is not shown the form sends the fields all the same, with a token of another page.

        For example, in an operation:
        `{"form": world.fill(who, "/posts/new", {"title": "A title"}, on=["/posts/new", "/login"])}`.

        :param who: whose browser it is.
        :param to: the path where the form goes.
        :param filled_in: what is filled in, by the names of the fields.
        :param on: where the page with the form is, and after it others that may have a token.
        """
        token: dict[str, forms.Value] = {}
        for path in on:
            for form in forms.of(self._page(who, path)):
                if form.goes_to(path) == to and filled_in.keys() <= form.fields.keys():
                    return {**form.preset, **filled_in}
                token = token or form.hidden
        return {**token, **filled_in}

    def _page(self, who: str, path: str) -> str:
        return self._browse(who, Request("GET", path, self._cookie(who, path))).text

    def _browse(self, who: str, request: Request) -> Response:
        response = self.stage.send(request)
        self._cookies.setdefault(who, Cookies()).keep(request, response)
        return response

    def _cookie(self, who: str, path: str) -> dict[str, str]:
        kept = self._cookies[who].header(path) if who in self._cookies else None
        return {"Cookie": kept} if kept else {}

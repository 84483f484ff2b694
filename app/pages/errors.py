"""Errors as pages: the form that was filled in, with what is wrong, or a page that says what went wrong."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import g, render_template, request

# What a form can mend: it is shown again. Everything else is a page of its own.
MENDABLE = {400, 401, 402, 409, 413, 415, 422, 429}


def wanted() -> bool:
    """Tell whether a page was asked for; where there is nothing at all, as the browser prefers."""
    if request.endpoint is not None:
        return request.blueprint == "pages"
    prefers = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
    return prefers == "text/html" and not request.path.startswith("/api/")


def show(template: str, **values: Any) -> str:
    """Render a page; its policy lets in this site's own style, script and pictures."""
    g.is_page = True
    return render_template(f"pages/{template}", **values)


def shown_again(page: Callable[..., str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have an error of the view shown on this page, which takes the `problem`, beside what was entered."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def remembered(*args: Any, **kwargs: Any) -> Any:
            g.page = page
            return view(*args, **kwargs)

        return remembered

    return decorate


def page_of(problem: Mapping[str, Any]) -> str:
    """Return the page that tells of a problem (its members as in RFC 9457)."""
    if "page" in g and problem["status"] in MENDABLE:
        page: Callable[..., str] = g.pop("page")  # once: a fault of its own must not bring it back
        return page(problem=problem)
    g.in_trouble = problem["status"] >= 500  # then the page must not ask the database who looks at it
    return show("problem.html", problem=problem)

"""The headers that tell a browser what not to do (OWASP Secure Headers), by the library `secure`."""

import secrets

from flask import Flask, Response, g, request
from secure import (
    ContentSecurityPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
)

TWO_YEARS = 63_072_000  # seconds; what the HSTS preload list asks for


def style_nonce() -> str:
    """Return this answer's nonce, by which a page's own `<style>` is allowed."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    nonce: str = g.style_nonce
    return nonce


def _policy() -> ContentSecurityPolicy:
    policy = ContentSecurityPolicy().default_src("'none'").base_uri("'none'")
    policy.form_action("'self'").frame_ancestors("'none'")
    if "is_page" in g:
        return policy.style_src("'self'").img_src("'self'").script_src("'self'")
    return policy.style_src(f"'nonce-{g.style_nonce}'") if "style_nonce" in g else policy


def _set_headers(response: Response) -> Response:
    headers = Secure(
        csp=_policy(),
        hsts=StrictTransportSecurity().max_age(TWO_YEARS).include_subdomains() if request.is_secure else None,
        referrer=ReferrerPolicy().no_referrer(),
        xcto=XContentTypeOptions().nosniff(),
    )
    headers.set_headers(response)
    # Answers depend on who asks, some hold a token (RFC 6749, 5.1): nothing is kept unless a view says so.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask) -> None:
    """Send the headers with every answer, and offer `style_nonce()` to the templates."""
    app.after_request(_set_headers)
    app.jinja_env.globals["style_nonce"] = style_nonce

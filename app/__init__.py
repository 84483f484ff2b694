"""The corner shop: a small shop with a community, served as pages and as a JSON API by Flask."""

import logging
import os

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api, cli, problems, security, worker
from app.config import Production, load_settings
from app.extensions import db, limiter
from app.pages import views as pages
from app.services.email import EmailService
from app.services.payments import PaymentService
from app.services.weather import WeatherService

log = logging.getLogger(__name__)


def create_app(config_name: str | None = None) -> APIFlask:
    """Build the shop.

    :param config_name: ``production``, ``development`` or ``testing``; without it the environment's
        ``SHOP_CONFIG``, else ``production``.
    :raises ConfigurationError: naming each setting that is missing or wrong.
    """
    settings = load_settings(config_name or os.environ.get("SHOP_CONFIG") or "production")
    app = APIFlask(
        "app",
        title="Corner Shop",
        version="1.0.0",
        docs_path=None,
        spec_path=None,
        static_folder=None,  # type: ignore[arg-type]  # Flask's own type allows it
    )
    app.config.from_mapping(settings.for_flask())
    app.url_map.merge_slashes = False  # or it redirects to whatever `Host` says
    if settings.trusted_proxies:
        behind = dict.fromkeys(("x_for", "x_proto", "x_host"), settings.trusted_proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, **behind)  # type: ignore[method-assign]
    elif isinstance(settings, Production):
        log.warning(
            "TRUSTED_PROXIES is 0. Behind a proxy, all customers would share the limits, and behind one that"
            " speaks TLS cookies would go without Secure: set it to the number of proxies."
        )
    app.config.update(
        EMAIL_SERVICE=EmailService(settings),
        PAYMENT_SERVICE=PaymentService(settings),
        WEATHER_SERVICE=WeatherService(settings),
    )
    db.init_app(app)
    limiter.init_app(app)
    worker.init_app(app)
    problems.init_app(app)
    security.init_app(app)
    api.init_app(app)
    pages.init_app(app)
    cli.init_app(app)
    return app

"""The web shell: one Flask app with sign-in, guard, languages, navigation, errors and headers, and no page of its own.

Pages come as blueprints from the floors above::

    app = build_shell(config, engine)
    app.register_blueprint(overview.views.blueprint(engine))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, abort, current_app, g, request, session
from flask_babel import gettext
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from lead_contractor.access.model import Role
from lead_contractor.web import errors, guard, headers, languages, navigation, sign_in
from lead_contractor.web.config import settings


def build_shell(config: Mapping[str, Any], engine: Engine) -> Flask:
    """Make the app on a database that is migrated.

    Args:
        config: Flask settings over those of :mod:`lead_contractor.web.config`; ``SECRET_KEY`` is needed.
        engine: where people and memberships are found.

    Raises:
        Refusal: no usable secret key.
    """
    app = Flask(__name__)
    app.config.from_mapping(settings(config))
    proxies = int(app.config["TRUSTED_PROXIES"])
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    languages.install(app)
    navigation.install(app)
    headers.install(app)
    errors.install(app)
    guard.install(app, engine)  # before anything else looks at a request
    CSRFProtect(app)
    app.before_request(_refuse_nul)
    Bootstrap5(app)
    sign_in.install(app, engine)
    app.context_processor(_for_every_page)
    return app


def _refuse_nul() -> None:
    """Refuse texts with a NUL in them: nobody types one, and PostgreSQL cannot hold it."""
    if any("\0" in value for value in (request.view_args or {}).values() if isinstance(value, str)):
        abort(404)
    values = [*request.args.values()]
    if g.get("acting") is not None or request.endpoint == "web.sign_in":
        values += request.form.values()
    if any("\0" in value for value in values):
        abort(400)


def _for_every_page() -> dict[str, Any]:
    """What the layout draws around each page."""
    return {
        "acting": g.get("acting"),
        "signed_in": g.get("signed_in"),
        "navigation": navigation.links(current_app),
        "language": languages.current_language(),
        "capacity_key": session.get(guard.CAPACITY),
        "role_name": role_name,
    }


def role_name(role: Role) -> str:
    """The name of a role in the language of the request."""
    names: dict[Role, str] = {
        Role.CONTROLLER: gettext("Controller"),
        Role.PROVIDER: gettext("Aanbieder"),
        Role.MUNICIPALITY: gettext("Gemeente"),
    }
    return names[role]

"""Settings of the web shell, with what they are unless the operator says otherwise.

Everything is a Flask configuration key. ``SECRET_KEY`` has no default. Over plain HTTP (a trial on one's own
machine) set ``SESSION_COOKIE_SECURE`` to false; ``TRUSTED_PROXIES`` is how many of our own proxies stand in front.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lead_contractor.kernel.refusals import Refusal

SHORTEST_SECRET = 32

DEFAULTS: Mapping[str, Any] = {
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "PERMANENT_SESSION_LIFETIME": timedelta(hours=1),  # without use; the longest sign-in is in access.service
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
    "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
    "BOOTSTRAP_SERVE_LOCAL": True,
    "RATELIMIT_STORAGE_URI": "memory://",
    "RATELIMIT_HEADERS_ENABLED": False,
    "TRUSTED_PROXIES": 0,
    "DEMO_SIGN_INS": (),
}


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A sign-in that a demonstration shows on its sign-in page. Never with real data."""

    email: str
    password: str
    label: str


def settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in full.

    Raises:
        Refusal: there is no secret key, or a short one.
    """
    whole = {**DEFAULTS, **config}
    secret = whole.get("SECRET_KEY") or ""
    if len(secret) < SHORTEST_SECRET:
        raise Refusal(f"SECRET_KEY ontbreekt of is korter dan {SHORTEST_SECRET} tekens; maak er een die niemand kent.")
    # a browser takes a cookie with this prefix only over HTTPS, from this host and for its whole site
    prefix = "__Host-" if whole["SESSION_COOKIE_SECURE"] else ""
    whole.setdefault("SESSION_COOKIE_NAME", f"{prefix}hoofdsom")
    return whole

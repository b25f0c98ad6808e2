"""Response headers that keep browsers to our own files, and pages out of caches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
"""The content security policy of a page; pictures in style sheets are ``data:``."""

Policy = Callable[[], dict[str, str]]
_EXTENSION = "hoofdsom_policies"
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_ONE_YEAR = "max-age=31536000; includeSubDomains"


def install(app: Flask) -> None:
    """Put the headers on every response of the app."""
    app.extensions[_EXTENSION] = {}
    app.after_request(_dress)


def add_policy(app: Flask, prefix: str, policy: Policy) -> None:
    """Let everything at or under ``prefix`` have what ``policy()`` gives instead of those parts of the strict one."""
    policies: dict[str, Policy] = app.extensions[_EXTENSION]
    policies[prefix.rstrip("/")] = policy


def _dress(response: Response) -> Response:
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy(current_app))
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _policy(app: Any) -> str:
    parts = dict(STRICT)
    policies: dict[str, Policy] = app.extensions[_EXTENSION]
    for prefix, policy in policies.items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            parts |= policy()
    return "; ".join(f"{name} {value}" for name, value in parts.items())

"""How often a provider may send something: enough for every day of work, too little to keep a server busy."""

from __future__ import annotations

from flask import current_app
from limits import parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from subcontractors.portal.model import Problem, Provider, UploadRefused

PER_PROVIDER = "60 per minute; 600 per hour"
_EXTENSION = "hoofdsom_portal_limits"
_TOO_MANY = 429


def check(who: Provider) -> None:
    """Count one more.

    Raises:
        UploadRefused: it is one too many.
    """
    limiter = current_app.extensions.get(_EXTENSION)
    if limiter is None:
        limiter = FixedWindowRateLimiter(storage_from_string(current_app.config["RATELIMIT_STORAGE_URI"]))
        current_app.extensions[_EXTENSION] = limiter
    key = (str(who.lead_contractor_id), who.agb)
    limits = parse_many(current_app.config.get("PORTAL_UPLOADS", PER_PROVIDER))
    if not all(limiter.hit(one, "portal", *key) for one in limits):
        refused = UploadRefused(Problem.TOO_MANY)
        refused.http_status = _TOO_MANY
        raise refused

"""The command line of tokens for an administrator: ``hoofdsom token make``, ``list`` and ``revoke``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import click
from sqlalchemy import Engine

from lead_contractor.access import tokens
from lead_contractor.access.model import Acting, Role
from lead_contractor.access.tokens import SCOPES_OF, Token, TokenScope
from lead_contractor.contract.store import find_tenant
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.refusals import NotFound

LEAD = click.option("--lead", required=True, help="AGB code of the lead contractor.")
_ADMINISTRATOR = "beheerder (opdrachtregel)"


def group(database: Callable[[], Engine], now: Callable[[], datetime]) -> click.Group:
    """The commands, on the database that is configured when one of them runs."""

    @click.group("token", short_help="Tokens with which software comes in.")
    def token() -> None:
        """Make, list and revoke the tokens with which software comes in at /api/v1."""

    @token.command("make", short_help="Make a token; it is shown once.")
    @LEAD
    @click.option("--party", default="", help="AGB code of a subcontractor; without it: the lead contractor itself.")
    @click.option("--name", required=True, help="What the token is for.")
    @click.option(
        "--scope",
        "scopes",
        multiple=True,
        type=click.Choice([str(scope) for scope in TokenScope]),
        help="What it may do; again for more. Without it: all that its role may.",
    )
    @click.option("--days", default=tokens.ORDINARY_LIFE.days, show_default=True, help="How long it works.")
    def make(lead: str, party: str, name: str, scopes: tuple[str, ...], days: int) -> None:
        """Make a token. Its text is the last line and is shown this once."""
        engine = database()
        owner = _owner(engine, lead, party)
        wanted = scopes or tuple(str(scope) for scope in SCOPES_OF[owner.role])
        made, text = tokens.make_token(engine, owner, name, wanted, now(), timedelta(days=days))
        click.echo(f"Token {made.id} ({made.label}) geldt tot {made.expires_at:%Y-%m-%d}. Bewaar het nu:", err=True)
        click.echo(text)

    @token.command("list", short_help="List the tokens of a lead contractor.")
    @LEAD
    def show(lead: str) -> None:
        """List the tokens of a lead contractor and its subcontractors, without their secret part."""
        engine = database()
        for one in tokens.tokens_of(engine, _owner(engine, lead, "")):
            click.echo(_line(one, now()))

    @token.command("revoke", short_help="Make a token worthless.")
    @LEAD
    @click.argument("number", type=int)
    def revoke(lead: str, number: int) -> None:
        """Make token NUMBER worthless from this moment."""
        engine = database()
        gone = tokens.revoke_token(engine, _owner(engine, lead, ""), number, now())
        click.echo(f"Token {gone.id} ({gone.label}) is ingetrokken.")

    return token


def _owner(engine: Engine, lead_agb: str, party: str) -> Acting:
    """Whoever types acts for the lead contractor, or for a subcontractor of it."""
    with reading(engine) as connection:
        lead = find_tenant(connection, lead_agb)
    if lead is None:
        raise NotFound(f"Er is geen hoofdaannemer met AGB {lead_agb}.")
    return Acting(0, _ADMINISTRATOR, lead, "", Role.PROVIDER if party else Role.CONTROLLER, party, party)


def _line(one: Token, now: datetime) -> str:
    ended = "ingetrokken" if one.revoked_at else "maker weg" if one.maker_left else "verlopen"
    state = "geldig" if one.works(now) else ended
    used = f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "nooit"
    when = f"tot {one.expires_at:%Y-%m-%d} gebruikt {used:<16}"
    scopes = ",".join(sorted(one.scopes))
    return f"{one.id:>4} {state:<11} {one.party or 'hoofdaannemer':<13} {when} {one.label} [{scopes}]"

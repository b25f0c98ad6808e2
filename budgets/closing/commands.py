"""Closing and reopening a month at the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy import Engine

from budgets.closing import service
from lead_contractor.books.closing import Check, Item, acts, closed_months
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month, local_day
from lead_contractor.kernel.tenancy import Scope
from subcontractors.corrections.commands import found_contract, hand_of

_ITEMS = {
    Item.MONTH_NOT_OVER: "maand voorbij",
    Item.EARLIER_OPEN: "maanden ervoor afgesloten",
    Item.UNANSWERED: "declaraties beantwoord",
    Item.BOOKS_DIFFER: "boeken sluiten",
    Item.DUES_NOT_POSTED: "verschuldigd geboekt",
    Item.INSTALMENT_MISSING: "termijn geboekt",
    Item.INSTALMENT_UNPAID: "gemeente betaalde",
    Item.DECLARATIONS_MISSING: "declaraties binnen",
    Item.RETURNS_MISSING: "opgaven binnen",
}


def close_month(database: Callable[[], Engine], clock: Callable[[], datetime]) -> click.Command:
    """The command ``close-month``; the front door hands it the database and the clock."""

    @click.command("close-month", short_help="Show the checklist of a month, close it, or reopen it.")
    @click.argument("contract")
    @click.argument("month", required=False)
    @click.option("--by", "email", default="", help="E-mail address of the controller; without it nothing is closed.")
    @click.option("--reopen", "reason", help="Open the month again, for this reason.")
    def command(contract: str, month: str | None, email: str, reason: str | None) -> None:
        """Show what stands open before MONTH (YYYY-MM) of CONTRACT is closed, and with --by close it.

        Without MONTH it is the first month that is open. What comes for a closed month is booked in the first open
        month and keeps its service month.
        """
        if reason is not None and not (reason.strip() and email and month):
            raise click.UsageError("--reopen asks for a reason, MONTH and --by EMAIL")
        engine, at = database(), clock()
        lead, contract_id = found_contract(engine, contract)
        today = local_day(at)
        if not email:
            with reading(engine) as connection:
                scope = Scope(connection, lead)
                chosen = _month(month) or service.next_month(scope, contract_id)
                if chosen in closed_months(acts(scope, contract_id)):
                    click.echo(f"{chosen} is afgesloten.")
                    return
                _tell(service.checklist(scope, contract_id, chosen, today))
            click.echo(f"{chosen} is niet afgesloten; sluit af met --by EMAIL.")
            return
        by = hand_of(engine, email, lead)
        with writing(engine) as connection:
            scope = Scope(connection, lead)
            chosen = _month(month) or service.next_month(scope, contract_id)
            if reason is not None:
                service.reopen_month(scope, contract_id, chosen, by, at, reason)
            else:
                _tell(service.close_month(scope, contract_id, chosen, by, at, today))
        click.echo(f"{chosen} is {'afgesloten' if reason is None else 'heropend'} door {by.name}.")

    return command


def _month(text: str | None) -> Month | None:
    if text is None:
        return None
    try:
        return Month.parse(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is no month: write it as 2025-04") from error


def _tell(checks: tuple[Check, ...]) -> None:
    for check in checks:
        mark = "in orde" if check.done else "BLOKKEERT" if check.blocks else "let op"
        click.echo(f"{mark:<9} {_ITEMS[check.item]:<25} {check.said}".rstrip())

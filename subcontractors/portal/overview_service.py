"""Use cases of looking: the year with its months and payments, a stored declaration, a template of a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import Engine

from lead_contractor.kernel.database import reading
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.notices import CeilingNotice
from subcontractors.clocks.model import Worklist
from subcontractors.clocks.service import worklists
from subcontractors.decisions.model import message_source
from subcontractors.declarations.answers import answers, message_325
from subcontractors.declarations.template import template
from subcontractors.payments.service import payables, payments_of
from subcontractors.payments.store import sent_messages
from subcontractors.portal import marks, store
from subcontractors.portal.allocations import fillable
from subcontractors.portal.model import DECLARATION, START, STOP, Overview, Provider, Verdict, Year
from subcontractors.portal.outlook import Standing, Sum, missing, outlook
from subcontractors.portal.service import DRAFT_LASTS
from subcontractors.portal.shown import bsns_of, recognised, shown_verdict
from subcontractors.portal.years import chosen, local_day, year_of, years_of

Notices: TypeAlias = Callable[[Scope, int, str], tuple[CeilingNotice, ...]]
"""What the floors above have to say to a provider: scope, contract id and its AGB code."""


def overview(
    engine: Engine,
    who: Provider,
    contract_id: int | None,
    now: datetime,
    master_key: bytes | None = None,
    notices: Notices | None = None,
) -> Overview | None:
    """A contract year of the provider: the one named, else the newest that has begun; ``None`` if there is none.

    With the key of the vault what is late or due is in it too, and with ``notices`` what those say of a year that is
    not settled for good.
    """
    today = local_day(now)
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        years = years_of(scope, who)
        year = chosen(years, contract_id, today)
        if year is None:
            return None
        found = store.sent(scope, year.contract_id, who.agb)
        declarations = tuple(one for one in found if one.kind not in (START, STOP))
        answered = {one.period for one in declarations if one.period is not None and one.answered}
        return Overview(
            year=year,
            years=years,
            declarations=declarations,
            reports=tuple(one for one in found if one.kind in (START, STOP)),
            outlook=outlook(_sums(scope, who, year, {one.id: one.period for one in declarations}), today),
            missing=missing(store.months_to_declare(scope, year.contract_id, who.agb, year.year), answered, today),
            worklists=() if master_key is None else _worklists(scope, master_key, who, year, today),
            waiting=tuple(store.drafts(scope, who.agb, year.contract_id, now - DRAFT_LASTS)),
            notices=() if notices is None or year.closed else notices(scope, year.contract_id, who.agb),
        )


def _worklists(scope: Scope, master_key: bytes, who: Provider, year: Year, today: date) -> tuple[Worklist, ...]:
    """What is due or late on either side; nothing of a year that is settled for good."""
    if year.closed:
        return ()
    return worklists(scope, Vault(master_key, who.lead_contractor_id), year.contract_id, today, who.agb, first=1)


def month_template(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, month: Month, now: datetime
) -> tuple[str, bytes] | None:
    """A workbook with what the provider may still declare in a month, and its name; ``None`` without such a year."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        if year_of(scope, who, contract_id) is None:
            return None
        vault = Vault(master_key, who.lead_contractor_id)
        rows = fillable(scope, vault, contract_id, who.agb, month)
        open_ones = {row.allocation.key for row in rows if row.granted is None}
        done = {row.allocation.key for row in rows} - open_ones
        return template(scope, vault, contract_id, who.agb, month, local_day(now), without=done)


def _sums(scope: Scope, who: Provider, year: Year, periods: Mapping[int, Month | None]) -> list[Sum]:
    """What is payable to a provider and what was paid, each with its day; of a declaration in the month it is for."""
    sent = sent_messages(scope, year.contract_id)
    made = [
        Sum(
            one.cents,
            one.due_on,
            paid=False,
            month=periods.get(one.message_id or 0) or _month(one.service_month),
            message_id=one.message_id,
            number=one.number,
            agreement=one.agreement,
        )
        for one in payables(scope, year.contract_id, who.agb)
    ]
    for item in payments_of(scope, year.contract_id, who.agb):
        if item.reversed_on is not None:
            continue
        message = sent.get(message_source(item.source))
        made.append(
            Sum(
                item.cents,
                item.paid_on or item.due_on,
                paid=item.paid_on is not None,
                month=periods.get(message.message_id if message else 0) or _month(item.service_month),
                message_id=message.message_id if message else None,
                number=message.number if message else "",
                agreement=item.agreement,
                run_id=item.run_id,
            )
        )
    return made


def _month(text: str) -> Month | None:
    return Month.parse(text) if text else None


def verdict(engine: Engine, master_key: bytes, who: Provider, contract_id: int, message_id: int) -> Verdict | None:
    """A stored declaration of the provider with all its lines; ``None`` if the provider has no such declaration."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        if year_of(scope, who, contract_id) is None:
            return None
        found = answers(scope, contract_id, who.agb, only=[message_id])
        if not found:
            return None
        vault = Vault(master_key, who.lead_contractor_id)
        shown = shown_verdict(found[0], bsns_of(scope, vault, found), DECLARATION)
        return recognised(
            shown, found[0], marks.known(scope, vault, who.agb), store.undone(scope, contract_id, who.agb)
        )


def way(engine: Engine, who: Provider, contract_id: int, one: Verdict, today: date) -> tuple[bool, Standing | None]:
    """Whether the year of a declaration is settled for good, and how its payment stands."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = year_of(scope, who, contract_id)
        if year is None:
            return True, None
        sums = _sums(scope, who, year, {one.id: one.period})
        return year.closed, outlook(sums, today).messages.get(one.id)


def answer_325(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, message_id: int
) -> tuple[str, bytes] | None:
    """The WMO325 on a WMO323 of the provider, with a name; ``None`` if the provider has no such contract year.

    Raises:
        NotFound: the provider has no such message, or no WMO325 belongs to it.
    """
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = year_of(scope, who, contract_id)
        if year is None:
            return None
        vault = Vault(master_key, who.lead_contractor_id)
        return message_325(scope, vault, contract_id, year.municipality_code, who.agb, message_id)

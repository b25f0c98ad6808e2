"""Use cases of a meeting: record a decision or an action, bring it further, keep a pack; each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from budgets.meeting import store
from budgets.meeting.model import Item, Status
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope

LONGEST_SAID, LONGEST_WHO, LONGEST_FIGURE = 1000, 80, 200


def record(
    scope: Scope,
    contract_id: int,
    month: Month,
    about: tuple[str, str],
    said: str,
    who: str,
    due: str,
    status: str,
    party: str,
    by: Hand,
    at: datetime,
) -> Item:
    """Record a decision or an action against a figure.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        month: the month that the meeting looks at.
        about: the figure, and it in words that everybody at the meeting may see.
        said: what was decided or is to be done.
        who: who does it.
        due: the day by which (``YYYY-MM-DD``), or nothing.
        status: see :class:`Status`.
        party: who records it: ``controller`` or ``municipality``.
        by: the person.
        at: the moment.

    Raises:
        Refusal: nothing was said, it is too long, or the day or status makes no sense.
    """
    text, doer = said.strip(), " ".join(who.split())
    if not text or len(text) > LONGEST_SAID:
        raise Refusal(f"Schrijf op wat er besloten is of gebeuren moet, in ten hoogste {LONGEST_SAID} tekens.")
    if len(doer) > LONGEST_WHO:
        raise Refusal(f"Noem wie het doet in ten hoogste {LONGEST_WHO} tekens.")
    scope.lock()
    item = Item(
        number=store.last_number(scope, contract_id) + 1,
        revision=0,
        month=month,
        figure=about[0],
        figure_words=about[1][:LONGEST_FIGURE],
        said=text,
        who=doer,
        due=_day(due),
        status=_status(status),
        party=party,
        made_by_name=by.name,
        made_at=at,
    )
    store.add_item(scope, contract_id, item, by)
    return item


def bring_further(scope: Scope, contract_id: int, number: int, status: str, party: str, by: Hand, at: datetime) -> Item:
    """Give an item another status; what it was before stays.

    Raises:
        NotFound: the contract year has no such item.
        Refusal: the status makes no sense.
    """
    scope.lock()
    found = next((one for one in store.items(scope, contract_id) if one.number == number), None)
    if found is None:
        raise NotFound("Dit besluit of deze actie is er niet.")
    wanted = _status(status)
    if wanted is found.status:
        return found
    item = replace(found, revision=found.revision + 1, status=wanted, party=party, made_by_name=by.name, made_at=at)
    store.add_item(scope, contract_id, item, by)
    return item


def keep_pack(
    scope: Scope,
    contract_id: int,
    month: Month | None,
    audience: str,
    made: Mapping[str, tuple[str, bytes]],
    by: Hand,
    at: datetime,
) -> None:
    """Keep a pack as it was made, by kind its name and its content."""
    scope.lock()
    store.save_pack(scope, contract_id, month, audience, made, by, at)


def _day(written: str) -> date | None:
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Refusal("De dag is geen datum. Schrijf hem als jjjj-mm-dd, bijvoorbeeld 2025-10-01.") from None


def _status(written: str) -> Status:
    try:
        return Status(written)
    except ValueError:
        raise Refusal("Kies open, besloten of gedaan.") from None

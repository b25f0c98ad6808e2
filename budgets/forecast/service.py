"""Use cases of the forecast: reckon it as of any day, freeze it, and hold what was frozen against what is known since.

A forecast takes about a second and stores nothing; screens read frozen ones only.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func

from budgets.forecast import store
from budgets.forecast.back_test import BackTest, Said, back_test
from budgets.forecast.evidence import inputs_of
from budgets.forecast.fingerprint import fingerprint
from budgets.forecast.model import Forecast, LineKey
from budgets.forecast.past import received_of_year
from budgets.forecast.received import HERE
from budgets.forecast.store import Frozen
from budgets.year_folder.stored import contract_of
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.declarations.tables import message

AFTERWARDS = timedelta(days=45)
"""A forecast that is frozen later than this after its day is a reconstruction, and is called one."""


def forecast_of(scope: Scope, contract_id: int, as_of: date) -> Forecast:
    """The forecast of a contract year from what was received up to and including a day; stores nothing.

    Raises:
        NotFound: this lead contractor has no such contract.
        Refusal: the day lies before the contract year.
    """
    return reckoned(scope, contract_id, as_of)[0]


def reckoned(scope: Scope, contract_id: int, as_of: date) -> tuple[Forecast, str]:
    """The same, with the hash of what it was made from."""
    from budgets.forecast.forecast import forecast

    contract = contract_of(get_contract(scope, contract_id))
    if as_of < contract.first_day:
        raise Refusal(
            f"{as_of:%d-%m-%Y} ligt vóór het contractjaar, dat op {contract.first_day:%d-%m-%Y} begint. "
            "Kies een latere dag."
        )
    inputs = inputs_of(scope, contract_id, as_of)
    return forecast(inputs), fingerprint(inputs)


def freeze(scope: Scope, contract_id: int, as_of: date, at: datetime) -> Frozen:
    """Reckon the forecast of a day and keep it, beside those that were kept of that day before.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: its contract year.
        as_of: the day; it must be over.
        at: the moment.

    Returns:
        what was kept; where the newest of that day says the same of the same, that one.

    Raises:
        NotFound: this lead contractor has no such contract.
        Refusal: the day lies before the contract year, or is not over yet.
    """
    refuse_future(as_of, at)
    made, inputs_hash = reckoned(scope, contract_id, as_of)
    scope.lock()
    return store.save(scope, contract_id, made, inputs_hash, at, afterwards=is_afterwards(as_of, at))


def refuse_future(as_of: date, at: datetime) -> None:
    """See that a day is over: what is still to come in on it would be missing from what is kept.

    Raises:
        Refusal: it is not.
    """
    if as_of >= local_day(at):
        raise Refusal(f"{as_of:%d-%m-%Y} is nog niet voorbij. Leg een prognose vast na afloop van haar dag.")


def is_afterwards(as_of: date, at: datetime) -> bool:
    """Whether a forecast made at this moment is a reconstruction of its day."""
    return local_day(at) - as_of > AFTERWARDS


def local_day(at: datetime) -> date:
    """The day in the Netherlands."""
    return at.astimezone(HERE).date()


def unfrozen(scope: Scope, contract_id: int, today: date) -> tuple[date, ...]:
    """The month ends that are over and of which no forecast was frozen, in order.

    They run from the first contract month up to the month in which the last corrections count: from then on the
    forecast says what the year cost.
    """
    known = set(store.frozen_days(scope, contract_id))
    return tuple(day for day in over(scope, contract_id, today) if day not in known)


def over(scope: Scope, contract_id: int, today: date) -> tuple[date, ...]:
    """The month ends that are over."""
    return tuple(day for day in month_ends(contract_of(get_contract(scope, contract_id))) if day < today)


def outcome(scope: Scope, contract_id: int, today: date) -> tuple[date, ...]:
    """The last of the month ends, where it is over and the year is not settled for good: what it says may change."""
    stored = get_contract(scope, contract_id)
    last = month_ends(contract_of(stored))[-1]
    return (last,) if last < today and stored.final_at is None else ()


def month_ends(contract: Contract) -> tuple[date, ...]:
    """The days of which a forecast is frozen by itself."""
    found, month = [], contract.months[0]
    last = max(contract.months[-1], Month.of(contract.settlement.corrections_until))
    while month <= last:
        found.append(month.last)
        month = month.plus(1)
    return tuple(found)


def last_complete_day(scope: Scope, contract_id: int) -> date:
    """The end of the last month of which all messages can be here: the day as of which a forecast makes sense.

    That is the month of the newest message when it came on its last day, else the month before; never after the day
    until which corrections count, or else its month end.

    Raises:
        NotFound: this lead contractor has no such contract.
        Refusal: no message was received in the contract year yet.
    """
    contract = contract_of(get_contract(scope, contract_id))
    newest = scope.rows(scope.select(func.max(message.c.received)).where(message.c.contract_id == contract_id))[0][0]
    ends = [] if newest is None else [day for day in month_ends(contract) if day <= newest]
    if not ends:
        raise Refusal("Er is nog geen hele maand aan berichten ontvangen. Noem zelf een dag met --as-of.")
    return ends[-1]


def back_test_of(scope: Scope, contract_id: int) -> BackTest | None:
    """Every frozen forecast of a contract year against what is known since; ``None`` where nothing was frozen.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    said = [Said(one.forecast, one.afterwards) for one in store.all_frozen(scope, contract_id)]
    before = received_of_year(scope, contract_id, contract.year - 1)

    def last_year(key: LineKey, day: date) -> Cents | None:
        product = key.subcontractor, key.product_code
        known = [cents for received, cents in before.get(product, ()) if received.last <= day]
        return total(known) if known and key.form in (FormCode.PXQ, FormCode.TRAJECTORY) else None

    return back_test(said, contract.months, contract.settlement.corrections_until, last_year)

"""What runs out or lags behind: ceilings, agreements that end, months that nobody declared, and the month's checklist.

Plain values in, plain values out; days and months are arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import cast

from dash_app.overview.model import CeilingUse, Ending, Point, State, Undeclared
from lead_contractor.kernel.findings import errors
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.forms import form
from subcontractors.agreements.model import Agreement, Evidence, FormCode, Production, Realised
from subcontractors.agreements.months import covered_months
from subcontractors.agreements.pxq import PxqTerms

WARNING_MONTHS = 3
"""How many months before its end an agreement is named."""

Declared = Collection[tuple[str, str]]
"""Who declared which month: sender and ``YYYY-MM``."""

REPORTING = (FormCode.FTE, FormCode.AVAILABILITY)


def declaration_term(month: Month) -> date:
    """The last day to declare a month: the last of the month after it."""
    return month.plus(1).last


def ceiling_uses(agreements: Sequence[Agreement], produced: Mapping[str, Production]) -> list[CeilingUse]:
    """How agreements use their ceilings, in their own order."""
    found = []
    for agreement in agreements:
        ceiling = cast("PxqTerms", agreement.terms).ceiling if agreement.form is FormCode.PXQ else None
        if ceiling is None:
            continue
        production = produced.get(agreement.id, Production())
        used = production.amount - production.always_paid
        found.append(
            CeilingUse(
                agreement.id,
                agreement.subcontractor,
                used,
                ceiling.amount,
                ceiling.signal_amount,
                production.always_paid,
            )
        )
    return found


def ceilings(agreements: Sequence[Agreement], produced: Mapping[str, Production]) -> list[CeilingUse]:
    """The ceilings that reached their signal or were passed; the fullest first."""
    found = [
        use
        for use in ceiling_uses(agreements, produced)
        if use.passed or (use.signal is not None and use.used >= use.signal)
    ]
    return sorted(found, key=lambda use: (-(use.used * 10_000 // max(1, use.ceiling)), use.agreement))


def endings(agreements: Sequence[Agreement], day: date) -> list[Ending]:
    """The agreements that end in the three months from a day, by their last day."""
    latest = Month.of(day).plus(WARNING_MONTHS)
    horizon = date(latest.year, latest.number, min(day.day, latest.last.day))
    ending: dict[date, list[tuple[str, str]]] = {}
    for agreement in agreements:
        last = agreement.validity.last
        if last is not None and day <= last <= horizon:
            ending.setdefault(last, []).append((agreement.id, agreement.subcontractor))
    return [Ending(last, tuple(sorted(ones))) for last, ones in sorted(ending.items())]


def undeclared(
    agreements: Sequence[Agreement], months: Sequence[Month], declared: Declared, day: date
) -> list[Undeclared]:
    """The subcontractors paid by price times quantity that let the term of a month pass; the most months first."""
    missing: dict[str, set[Month]] = {}
    for agreement in agreements:
        if agreement.form is not FormCode.PXQ:
            continue
        for month in covered_months(agreement, months):
            if declaration_term(month) < day and (agreement.subcontractor, str(month)) not in declared:
                missing.setdefault(agreement.subcontractor, set()).add(month)
    found = [Undeclared(agb, tuple(sorted(lacking))) for agb, lacking in missing.items()]
    return sorted(found, key=lambda one: (-len(one.months), one.subcontractor))


def declarations_point(agreements: Sequence[Agreement], month: Month, declared: Declared, day: date) -> Point:
    """Whether everybody paid by price times quantity has an answer on the month."""
    expected = sorted(
        {one.subcontractor for one in agreements if one.form is FormCode.PXQ and month in covered_months(one, (month,))}
    )
    lacking = tuple(agb for agb in expected if (agb, str(month)) not in declared)
    term = declaration_term(month)
    state = State.DONE if not lacking else (State.OPEN if day <= term else State.MISSING)
    return Point("declarations", state, len(expected) - len(lacking), len(expected), term, lacking)


def lump_sum_point(received: Cents, due: Cents) -> Point:
    """Whether the municipality paid what was due up to the month; more than due is fine."""
    return Point("lump_sum", State.DONE if received >= due else State.MISSING, int(received), int(due))


def realised_point(agreements: Iterable[Agreement], realised: Iterable[Realised], month: Month, day: date) -> Point:
    """Whether the month's FTE, hours and occupancy were reported where the terms ask for them."""
    reported = {row.agreement: row for row in realised if row.month == month}
    asked = [one for one in agreements if one.form in REPORTING and month in covered_months(one, (month,))]
    lacking = tuple(one.id for one in asked if _lacks(one, month, reported.get(one.id)))
    term = declaration_term(month)
    state = State.DONE if not lacking else (State.OPEN if day <= term else State.MISSING)
    return Point("realised", state, len(asked) - len(lacking), len(asked), term, lacking)


def _lacks(agreement: Agreement, month: Month, row: Realised | None) -> bool:
    happened = Evidence(month.year, (month,), realised=(row,) if row is not None else ())
    return bool(errors(form(agreement.form).missing(agreement, happened)))

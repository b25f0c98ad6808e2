"""What agreements make due, as postings: month by month, and the year-end adjustments."""

from __future__ import annotations

from collections.abc import Iterable

from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting, posting
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import Agreement, Due

DUE_PREFIX = "due:"
ADJUSTMENT_PREFIX = "settlement:adjustment:"


def due_postings(dues: Iterable[tuple[Agreement, Due]]) -> list[Posting]:
    """What each agreement makes due in each month; for P×Q the approved lines themselves are posted instead."""
    made: list[Posting] = []
    for agreement, due in dues:
        for number, month in enumerate(due.months, start=1):
            about = About(
                recorded_month=month.month,
                service_month=month.month,
                agreement=agreement.id,
                subcontractor=agreement.subcontractor,
                product_code=month.product_code,
                area=month.area,
            )
            source = f"{DUE_PREFIX}{agreement.id}:{month.source or number}"
            account = accounts.COST_OF_FORM[agreement.form.value]
            made += posting(account, accounts.PAYABLE, month.amount, about, source)
    return made


def adjustment_postings(dues: Iterable[tuple[Agreement, Due]], service: Month, recorded: Month) -> list[Posting]:
    """The year-end adjustments: true-ups, malus, and what lies above a ceiling."""
    made: list[Posting] = []
    for agreement, due in dues:
        for adjustment in due.adjustments:
            about = About(recorded, service, agreement.id, agreement.subcontractor)
            made += posting(
                accounts.COST_OF_FORM[agreement.form.value],
                accounts.PAYABLE,
                adjustment.amount,
                about,
                f"{ADJUSTMENT_PREFIX}{agreement.id}:{adjustment.kind.value}",
                adjustment.explanation,
            )
    return made

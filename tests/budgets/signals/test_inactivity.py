"""Rule 45: inactive for twelve months is a candidate for notice, unless exempt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from budgets.signals.inactivity import Activity, Inactive, Standing, inactive, inactive_crossings
from budgets.signals.model import Exemption, ExemptionReason, Kind
from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import InactivityTerms
from lead_contractor.kernel.periods import Month
from tests.budgets.variance.forecasts_of import KWIKSTAART

DAY = date(2025, 8, 31)
KNOWN_FROM = Month(2023, 1)
SINCE = date(2023, 1, 1)


def look(last: Month | None, exemption: Exemption | None = None, **changed: object) -> list[Inactive]:
    values: dict[str, object] = {"since": SINCE, "known_from": KNOWN_FROM, "terms": InactivityTerms()} | changed
    known = [Activity(KWIKSTAART, values["since"], last)]  # type: ignore[arg-type]
    exempt = {} if exemption is None else {KWIKSTAART: exemption}
    return list(inactive(known, exempt, values["known_from"], DAY, values["terms"]))  # type: ignore[arg-type]


def exemption(reason: ExemptionReason | None, score: int | None = None, measured: date | None = None) -> Exemption:
    return Exemption(KWIKSTAART, reason, score, measured, "reden", Hand(1, "Carla"), datetime(2025, 8, 1, tzinfo=UTC))


def test_twelve_whole_months_without_care():
    (found,) = look(Month(2024, 8))
    assert (found.standing, found.months, found.last) == (Standing.CANDIDATE, 12, Month(2024, 8))
    assert look(Month(2024, 9)) == []


def test_the_term_is_that_of_the_contract():
    assert [one.months for one in look(Month(2025, 2), terms=InactivityTerms(months=6))] == [6]


def test_nobody_is_inactive_over_months_of_which_nothing_is_known_or_before_an_agreement():
    assert look(None, known_from=Month(2025, 1)) == []
    assert look(None, since=date(2024, 10, 1)) == []
    assert [one.months for one in look(None, since=date(2024, 8, 15))] == [12]


@pytest.mark.parametrize("reason", [ExemptionReason.UNIQUE_OFFER, ExemptionReason.SHORTAGE])
def test_a_unique_offer_and_a_shortage_exempt(reason: ExemptionReason):
    (found,) = look(Month(2024, 1), exemption(reason))
    assert (found.standing, found.lapsed) == (Standing.EXEMPT, None)
    assert inactive_crossings([found]) == ()


@pytest.mark.parametrize(
    ("score", "measured", "standing"),
    [
        (850, date(2024, 8, 31), Standing.EXEMPT),
        (849, date(2024, 8, 31), Standing.CANDIDATE),
        (850, date(2024, 8, 30), Standing.CANDIDATE),
        (1000, date(2025, 9, 1), Standing.CANDIDATE),
    ],
)
def test_satisfaction_exempts_from_eight_and_a_half_within_twelve_months(
    score: int, measured: date, standing: Standing
):
    given = exemption(ExemptionReason.SATISFACTION, score, measured)
    (found,) = look(Month(2024, 1), given)
    assert found.standing is standing
    assert found.lapsed == (None if standing is Standing.EXEMPT else given)


def test_the_score_and_the_window_are_those_of_the_contract():
    terms = InactivityTerms(satisfaction=Decimal("8.0"), window_months=24)
    given = exemption(ExemptionReason.SATISFACTION, 800, date(2023, 9, 1))
    assert [one.standing for one in look(Month(2024, 1), given, terms=terms)] == [Standing.EXEMPT]


def test_an_exemption_that_was_taken_back_counts_no_more():
    (found,) = look(Month(2024, 1), exemption(None))
    assert (found.standing, found.lapsed) == (Standing.CANDIDATE, None)
    (signal,) = inactive_crossings([found])
    assert (signal.kind, signal.subcontractor, dict(signal.figures)) == (
        Kind.INACTIVE, KWIKSTAART, {"months": "19", "last": "2024-01"},
    )  # fmt: skip

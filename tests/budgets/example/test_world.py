"""What is in the invented years: the mix of subcontractors, the messages, the clients, the mistakes, the outcome."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice

import pytest
from stdnum import iban
from stdnum.nl import bsn as stdnum_bsn

from budgets.example import names
from budgets.example.mistakes import SLIPS
from budgets.example.outcome import production
from budgets.example.plan import YEAR
from budgets.example.world import World
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.rounding import percent_of
from lead_contractor.parties.model import Subcontractor
from subcontractors.agreements.model import FormCode
from subcontractors.declarations.model import Channel

CUT_OFF = date(YEAR + 1, 3, 31)


def allocations(world: World) -> list[Allocation]:
    """The rows of the table."""
    return [row for row in world.rows["allocations.csv"] if isinstance(row, Allocation)]


def test_45_subcontractors_in_the_agreed_mix(large_world: World) -> None:
    forms = Counter(provider.sketch.form for provider in large_world.plan.providers)
    assert sum(forms.values()) == 45
    assert forms[FormCode.PXQ] == 28
    assert forms[FormCode.FTE] + forms[FormCode.LUMP_SUM] == 14
    assert forms[FormCode.TRAJECTORY] == 2
    assert forms[FormCode.AVAILABILITY] == 1


def test_540_regular_declarations_and_a_few_more(large_world: World) -> None:
    regular = [parcel for parcel in large_world.parcels if parcel.regular]
    assert len(regular) == 45 * 12
    assert len({(parcel.provider.index, parcel.period) for parcel in regular}) == 540
    assert len({parcel.provider.agb for parcel in regular if parcel.provider.sketch.channel is Channel.CSV}) == 6
    others = [parcel for parcel in large_world.parcels if not parcel.regular]
    assert sum(1 for parcel in others if parcel.claim_error) == 1
    assert sum(1 for parcel in others if parcel.cut_percent < 100) == 1
    assert sum(parcel.copies for parcel in large_world.parcels) == 1
    assert any(parcel.received > CUT_OFF for parcel in others)


def test_1500_clients_with_test_bsns_only(large_world: World) -> None:
    found = {allocation.bsn for allocation in allocations(large_world)}
    assert len(found) == 1500
    assert all(stdnum_bsn.is_valid(bsn) and 999900006 <= int(bsn) <= 999999990 for bsn in found)
    declared = {line.bsn for parcel in large_world.parcels for line in parcel.numbered_lines()}
    assert declared <= found


def test_the_test_range_begins_as_published() -> None:
    assert list(islice(names.invented_bsns(), 2)) == ["999900006", "999900018"]


def test_ibans_hold_and_belong_to_no_bank(large_world: World) -> None:
    parties = [row for row in large_world.rows["subcontractors.csv"] if isinstance(row, Subcontractor)]
    assert all(iban.is_valid(party.iban) and party.iban[4:8] == "FICT" for party in parties)
    assert len({party.agb for party in parties} | {party.iban for party in parties}) == 90


def test_allocations_are_written_as_the_standard_asks(large_world: World) -> None:
    for one in allocations(large_world):
        assert (one.volume is None) == (one.unit is None) == (one.frequency is None) == (one.product_code == "")
        assert one.budget is None or (one.volume is None and one.end is not None)
        assert one.frequency is not Frequency.WEEK or one.end is not None
        assert (
            one.unit not in (Unit.DAY_AND_NIGHT, Unit.PART_OF_DAY, Unit.EURO, Unit.PIECE_EFFORT)
            or one.frequency != Frequency.DAY
        )
        assert one.end is None or one.start <= one.end


def test_two_to_four_percent_of_the_lines_go_wrong_in_nine_ways(large_world: World) -> None:
    slips = Counter(draft.slip for draft in large_world.drafts if draft.slip)
    assert set(slips) == {name for name, *_ in SLIPS}
    share = sum(slips.values()) / len(large_world.drafts)
    assert 0.02 <= share <= 0.04


def test_the_small_year_has_every_case_once(small_world: World) -> None:
    assert {draft.slip for draft in small_world.drafts if draft.slip} == {name for name, *_ in SLIPS}
    assert {provider.sketch.form for provider in small_world.plan.providers} == set(FormCode)
    assert len({one.bsn for one in allocations(small_world)}) == 25
    assert [
        sum(1 for parcel in small_world.parcels if wrong(parcel))
        for wrong in (
            lambda parcel: parcel.claim_error,
            lambda parcel: parcel.cut_percent < 100,
            lambda parcel: parcel.copies,
            lambda parcel: parcel.reuses is not None,
        )
    ] == [1, 1, 1, 1]
    assert {told.reason for told in small_world.reports if told.ended} == {"19", "21", "23"}


def test_summer_is_quiet(large_world: World) -> None:
    by_month: Counter[int] = Counter()
    for draft in large_world.drafts:
        if draft.sound and draft.month.year == YEAR:
            by_month[draft.month.number] += -draft.amount if draft.credit else draft.amount
    assert by_month[8] < by_month[7] < min(by_month[3], by_month[10])
    assert by_month[12] < by_month[10]


def test_the_large_year_is_calibrated_to_a_result_above_the_cap(large_world: World) -> None:
    aim = large_world.targets
    assert aim.indexed == Cents(831808000)
    eligible_overhead = percent_of(aim.revenue, 12)
    result = aim.revenue - aim.subcontractors - aim.own_delivery - eligible_overhead - aim.other
    assert aim.overhead > eligible_overhead
    assert percent_of(aim.revenue, 5) < result < percent_of(aim.revenue, 7)
    pxq = total(
        aim.due[provider.agreement] for provider in large_world.plan.providers if provider.sketch.form is FormCode.PXQ
    )
    assert 65 * aim.subcontractors < 100 * pxq < 75 * aim.subcontractors


def test_two_ceilings_are_reached(large_world: World) -> None:
    made = production(large_world.plan, large_world.drafts)
    above = {name for name, most in large_world.targets.ceilings.items() if made[name][0] - made[name][1] > most}
    assert len(large_world.targets.ceilings) == 6
    assert above == {"PXQ-08", "PXQ-19"}


@pytest.mark.parametrize("seed_world", ["large_world", "small_world"])
def test_references_are_used_once_but_for_the_mistake(seed_world: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(seed_world)
    used = Counter((draft.provider.index, draft.reference) for draft in world.drafts)
    twice = [draft for draft in world.drafts if draft.slip == "used_reference"]
    assert all(used[draft.provider.index, draft.reference] > 1 for draft in twice)
    assert sum(count - 1 for count in used.values()) == len(twice)

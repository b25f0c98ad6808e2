"""``contract.toml``: every key, its default, and what is refused, as schemas that build the contract.

What must be there for the lump sum to be reckoned (a reference date, weights, figures) is asked by
:func:`lead_contractor.contract.lump_sum.missing`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from marshmallow import fields, post_load, validates_schema

from budgets.year_folder import cells
from budgets.year_folder.fields import Cell, Code, Terms, above_zero, between, percent, text, whole, wrong
from lead_contractor.contract.model import (
    BudgetLimit,
    BudgetTerms,
    CarryOver,
    Contract,
    CorridorMode,
    Deduction,
    DeficitBand,
    Excess,
    InactivityTerms,
    Indexation,
    IndexMethod,
    LimitAction,
    LimitKind,
    LumpSum,
    Margin,
    MarginBase,
    Measure,
    MeetingTerms,
    MessageMode,
    MessageTerms,
    Passer,
    PriorYear,
    Proration,
    ReportSet,
    ReportTerms,
    Reserve,
    SettlementTerms,
    Transfers,
    VolumeClause,
)
from lead_contractor.kernel.periods import MONTHS_IN_YEAR
from lead_contractor.parties.model import LeadContractor, Municipality, Sight

FORMAT = 1
MAX_DECIMALS = 10
LAST_ALLOCATION_NUMBER = 999_999_999
MAX_INHABITANTS = 100_000_000
MAX_TERM = 250
"""Working days: no term is longer than a year."""
MAX_MONTHS = 120
HIGHEST_SCORE = 10
LONGEST_WAIT = 3660
"""Days."""
WHOLE = 100


class MunicipalityTerms(Terms):
    """``[municipality]``."""

    makes = Municipality
    name = text(required=True)
    code = Code(cells.municipality_code, required=True)
    sees = Cell(cells.choice(Sight))
    inhabitants = whole(1, MAX_INHABITANTS)


class LeadContractorTerms(Terms):
    """``[lead_contractor]``."""

    makes = LeadContractor
    name = text(required=True)
    agb = Code(cells.agb, required=True)
    kvk = text()


class IndexationTerms(Terms):
    """``[lump_sum.indexation]``: a fixed percentage, or weights of published index figures."""

    makes = Indexation
    method = Cell(cells.choice(IndexMethod), required=True)
    percent = Cell(cells.any_decimal)
    weights = fields.Dict(keys=text(), values=Cell(cells.decimal, validate=above_zero))
    decimals = whole(0, MAX_DECIMALS)
    first_contract_year = fields.Boolean(truthy={True}, falsy={False})

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        fixed = data.get("method") is IndexMethod.FIXED
        if not fixed and "percent" in data:
            raise wrong('percent hoort alleen bij method = "fixed".', "Laat percent weg.", "percent")
        if fixed and "weights" in data:
            raise wrong('weights horen niet bij method = "fixed".', "Laat weights weg.", "weights")


class VolumeTerms(Terms):
    """``[lump_sum.volume]``: the lump sum follows the number of beschikkingen."""

    makes = VolumeClause
    baseline = Cell(cells.decimal, required=True, validate=above_zero)
    price_per_unit = Cell(cells.euros)
    measure = Cell(cells.choice(Measure))
    reference_date = Cell(cells.day)
    corridor_percent = percent()
    corridor_mode = Cell(cells.choice(CorridorMode))

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("measure") is not Measure.REFERENCE_DATE and "reference_date" in data:
            raise wrong(
                'Een peildatum hoort alleen bij measure = "reference_date".',
                "Laat reference_date weg of kies die measure.",
                "reference_date",
            )


class DeductionTerms(Terms):
    """``[[lump_sum.deductions]]``: a percentage of a month's instalment, or an amount."""

    makes = Deduction
    month = whole(1, MONTHS_IN_YEAR, required=True)
    percent = percent()
    amount = Cell(cells.euros)
    reason = text()


class LumpSumTerms(Terms):
    """``[lump_sum]``."""

    makes = LumpSum
    amount = Cell(cells.euros, required=True)
    first_month = whole(1, MONTHS_IN_YEAR)
    last_month = whole(1, MONTHS_IN_YEAR)
    proration = Cell(cells.choice(Proration))
    discount_percent = percent()
    payment_shares = fields.List(Cell(cells.decimal))
    indexation = fields.Nested(IndexationTerms)
    volume = fields.Nested(VolumeTerms)
    deductions = fields.List(fields.Nested(DeductionTerms))

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        first, last = data.get("first_month", 1), data.get("last_month", MONTHS_IN_YEAR)
        if first > last:
            raise wrong(f"De eerste maand ({first}) ligt na de laatste ({last}).", "Draai ze om.", "first_month")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> LumpSum:
        """Build the terms; lists become tuples."""
        lists: dict[str, Any] = {name: tuple(data[name]) for name in ("payment_shares", "deductions") if name in data}
        return LumpSum(**{**data, **lists})


class MarginTerms(Terms):
    """``[settlement.margin]``."""

    makes = Margin
    cap_percent = percent(required=True)
    base = Cell(cells.choice(MarginBase))
    excess = Cell(cells.choice(Excess))


class OverheadTerms(Terms):
    """``[settlement.overhead]``."""

    cap_percent = percent(required=True)


class BandTerms(Terms):
    """One of ``settlement.deficit.bands``."""

    makes = DeficitBand
    up_to_percent = Cell(cells.decimal, validate=above_zero)
    municipality_percent = percent(required=True)


class DeficitTerms(Terms):
    """``[settlement.deficit]``: ascending bands, of which the last is open."""

    bands = fields.List(fields.Nested(BandTerms), required=True)

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        bounds: list[Decimal | None] = [band.up_to_percent for band in data.get("bands", ())]
        if not bounds or bounds[-1] is not None:
            raise wrong("De laatste band is niet open.", "Sluit af met een band zonder up_to_percent.", "bands")
        closed = [bound for bound in bounds[:-1] if bound is not None]
        if len(closed) != len(bounds) - 1:
            raise wrong("Alleen de laatste band is open.", "Geef elke eerdere band up_to_percent.", "bands")
        if any(later <= earlier for earlier, later in pairwise(closed)):
            raise wrong("De banden lopen niet op.", "Zet ze van laag naar hoog, zonder gelijke grenzen.", "bands")


class ReserveTerms(Terms):
    """``[settlement.reserve]``."""

    makes = Reserve
    max_percent = percent(required=True)
    opening_balance = Cell(cells.euros)


class SettlementTable(Terms):
    """``[settlement]``."""

    makes = SettlementTerms
    cut_off = Cell(cells.day, required=True)
    corrections_until = Cell(cells.day, required=True)
    prior_year = Cell(cells.choice(PriorYear))
    margin = fields.Nested(MarginTerms)
    overhead = fields.Nested(OverheadTerms)
    deficit = fields.Nested(DeficitTerms)
    reserve = fields.Nested(ReserveTerms)

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        margin = data.get("margin")
        if margin is not None and margin.excess is Excess.RESERVE and "reserve" not in data:
            raise wrong(
                "Het meerdere gaat naar de reserve, maar die is niet beschreven.",
                "Voeg [settlement.reserve] toe of kies repay of invest.",
                "reserve",
            )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SettlementTerms:
        """Build the terms; the tables of one key become that value."""
        overhead, deficit = data.pop("overhead", None), data.pop("deficit", None)
        return SettlementTerms(
            **data,
            overhead_cap_percent=overhead["cap_percent"] if overhead else None,
            deficit_bands=tuple(deficit["bands"]) if deficit else (),
        )


class MessagesTable(Terms):
    """``[messages]``: how messages with subcontractors are read and written."""

    makes = MessageTerms
    mode = Cell(cells.choice(MessageMode))
    first_number = whole(1, LAST_ALLOCATION_NUMBER)


class ReportsTable(Terms):
    """``[reports]``: what the quarterly report for the municipality holds, and the term of subcontractors."""

    makes = ReportTerms
    sets = fields.List(Cell(cells.choice(ReportSet)))
    working_days = whole(0, MAX_TERM)

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        sets = data.get("sets")
        if sets is not None and (not sets or len(set(sets)) != len(sets)):
            raise wrong(
                "sets is leeg of noemt iets twee keer.", "Noem elk onderdeel één keer, of laat sets weg.", "sets"
            )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReportTerms:
        """Build the terms; the list becomes a tuple in the fixed order."""
        if "sets" in data:
            data["sets"] = tuple(one for one in ReportSet if one in data["sets"])
        return ReportTerms(**data)


class InactivityTable(Terms):
    """``[inactivity]``: when a subcontractor without care is put up for notice."""

    makes = InactivityTerms
    months = whole(1, MAX_MONTHS)
    satisfaction = Cell(cells.decimal, validate=between(0, HIGHEST_SCORE))
    window_months = whole(1, MAX_MONTHS)


class DirectionTerms(Terms):
    """``meeting.direction``: the share of a form of financing that was agreed on, in percent; any of the forms."""

    pxq = percent()
    fte = percent()
    lump_sum = percent()
    trajectory = percent()
    availability = percent()

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        together = sum(data.values())
        if together > WHOLE:
            raise wrong(
                f"De aandelen zijn samen {together} procent.", "Schrijf aandelen die samen hoogstens 100 zijn.", "pxq"
            )


class MeetingTable(Terms):
    """``[meeting]``: what the parties agreed to look at in their meeting."""

    makes = MeetingTerms
    direction = fields.Nested(DirectionTerms)
    waiting_norm_days = whole(1, LONGEST_WAIT)
    waiting_norms = fields.Dict(keys=Code(cells.category), values=whole(1, LONGEST_WAIT))


class LimitTerms(Terms):
    """``[[budget.limit]]``: what happens when something would come above a percentage of a budget."""

    makes = BudgetLimit
    kind = Cell(cells.choice(LimitKind), required=True)
    at_percent = Cell(cells.decimal, validate=above_zero)
    action = Cell(cells.choice(LimitAction), required=True)
    may_pass = Cell(cells.choice(Passer))

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("action") is LimitAction.WARN and "may_pass" in data:
            raise wrong("Een waarschuwing houdt niets tegen.", "Laat may_pass weg of kies hold of refuse.", "may_pass")


class BudgetTable(Terms):
    """``[budget]``: what may be done with the budget, and what happens above it."""

    transfers = Cell(cells.choice(Transfers))
    carry_over = Cell(cells.choice(CarryOver))
    areas = fields.Dict(keys=text(), values=Cell(cells.decimal, validate=above_zero))
    under_use_percent = percent()
    limit = fields.List(fields.Nested(LimitTerms))

    @validates_schema
    def _fitting(self, data: Mapping[str, Any], **_: Any) -> None:
        limits = [(one.kind, one.at_percent) for one in data.get("limit", ())]
        if len(set(limits)) < len(limits):
            raise wrong(
                "Twee grenzen van dezelfde soort gelden bij hetzelfde percentage.",
                "Geef elke grens van een soort een eigen at_percent, of laat er een weg.",
                "limit",
            )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> BudgetTerms:
        """Build the terms; the limits become a tuple, the lowest first."""
        limits = sorted(data.pop("limit", ()), key=lambda one: (list(LimitKind).index(one.kind), one.at_percent))
        return BudgetTerms(**data, limits=tuple(limits))


class ContractTerms(Terms):
    """``contract.toml``."""

    format = whole(FORMAT, FORMAT, required=True)
    id = text()
    year = Cell(cells.year, required=True)
    municipality = fields.Nested(MunicipalityTerms, required=True)
    lead_contractor = fields.Nested(LeadContractorTerms, required=True)
    lump_sum = fields.Nested(LumpSumTerms, required=True)
    settlement = fields.Nested(SettlementTable, required=True)
    messages = fields.Nested(MessagesTable)
    reports = fields.Nested(ReportsTable)
    budget = fields.Nested(BudgetTable)
    inactivity = fields.Nested(InactivityTable)
    meeting = fields.Nested(MeetingTable)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Contract:
        """Build the contract; its id defaults to the municipality code and the year."""
        data.pop("format")
        default = f"{data['municipality'].code}-{data['year']}"
        return Contract(**{"id": default, **data})

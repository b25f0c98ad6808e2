"""Settlements to print: every outcome that a contract can have, with names that try the typesetter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from budgets.settlement.model import (
    AgreementCost,
    DeclarationTotals,
    OwnCostTotal,
    RevenueParts,
    Settlement,
    SettlementInput,
)
from budgets.settlement.settle import settle
from lead_contractor.contract.model import (
    Contract,
    CostKind,
    DeficitBand,
    Excess,
    LumpSum,
    Margin,
    MarginBase,
    Reserve,
    SettlementTerms,
)
from lead_contractor.kernel.money import Cents, cents_from_euros
from lead_contractor.kernel.rounding import split_evenly
from lead_contractor.parties.model import LeadContractor, Municipality
from subcontractors.agreements.model import FormCode

L = cents_from_euros("8312457.35")
COST = cents_from_euros("7842118.20")  # of rule 24: result 470,339.15
NASTY = 'Zorg "Thuis" #let $x$ \\ *b* _c_ @d <e> [f] `g` // ~'
NAMES = {"65656055": NASTY, "41410002": "Bureau De Lange Naam voor begeleiding en dagbesteding in het hele land " * 2}

REPAY = {"margin": Margin(Decimal(3))}
WITHIN = {"margin": Margin(Decimal(8))}
INVEST = {"margin": Margin(Decimal(3), excess=Excess.INVEST)}
TO_RESERVE = {
    "margin": Margin(Decimal(3), MarginBase.COST, Excess.RESERVE),
    "reserve": Reserve(Decimal(1), Cents(1000)),
}
BANDS = {
    "deficit_bands": (
        DeficitBand(Decimal(0), Decimal(2)),
        DeficitBand(Decimal(50), Decimal(5)),
        DeficitBand(Decimal(0)),
    )
}
NO_CAP: dict[str, object] = {}
TERMS = {"repay": REPAY, "within": WITHIN, "invest": INVEST, "reserve": TO_RESERVE, "bands": BANDS, "no cap": NO_CAP}


def contract(terms, *, municipality="Hollands Kroon", contractor="Voorbeeld Hoofdaannemer"):
    return Contract(
        "HK-2025",
        2025,
        Municipality(municipality, "1911"),
        LeadContractor(contractor, "42420001"),
        LumpSum(L),
        SettlementTerms(date(2026, 3, 31), date(2026, 5, 31), **terms),
    )


def settled(terms, cost=COST, *, received=L, revenue=L, **parties) -> tuple[Contract, Settlement]:
    """A contract with these terms, settled on this cost: half P×Q, half lump sum per FTE, and some own cost."""
    agreed = contract(terms, **parties)
    own = OwnCostTotal(Cents(min(int(cost), 1_000_000)))
    half = Cents((int(cost) - int(own.booked)) // 2)
    rest = Cents(int(cost) - int(own.booked) - half)
    agreements = (
        AgreementCost("PXQ-1", "65656055", FormCode.PXQ, half, above_ceiling=Cents(1_620_000)),
        AgreementCost("FTE-1", "41410002", FormCode.FTE, rest, true_up=Cents(-2_587_200)),
    )
    declared = DeclarationTotals(Cents(500_000_000), Cents(480_000_000), Cents(20_000_000), Cents(4_711), Cents(-815))
    return agreed, settle(
        SettlementInput(
            year=2025,
            municipality="1911",
            revenue=RevenueParts(revenue),
            instalments=split_evenly(revenue, 12),
            terms=agreed.settlement,
            agreements=agreements,
            own={CostKind.OVERHEAD: own},
            received=received,
            declarations=declared,
        )
    )

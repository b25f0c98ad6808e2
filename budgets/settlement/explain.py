"""The explanation of a settlement in Dutch: one line per step, with inputs, clause and postings."""

from __future__ import annotations

from decimal import Decimal

from budgets.settlement.model import (
    CostParts,
    Deficit,
    Line,
    ReserveMovement,
    Settlement,
    SettlementInput,
    Step,
    Surplus,
)
from budgets.settlement.surplus import margin_base, reserve_room
from budgets.settlement.transfers import (
    DEFICIT_BANDS,
    MARGIN_CAP,
    OVERHEAD_CAP,
    cost_transfers,
    deficit_transfers,
    surplus_transfers,
)
from lead_contractor.contract.model import DeficitBand, Excess, MarginBase, SettlementTerms
from lead_contractor.kernel.money import Cents, euros_nl, total
from lead_contractor.kernel.rounding import percent_of
from subcontractors.agreements.model import FormCode

FORM_NAMES = {
    FormCode.PXQ: "P×Q",
    FormCode.FTE: "lumpsum per fte",
    FormCode.LUMP_SUM: "lumpsum",
    FormCode.TRAJECTORY: "trajecten",
    FormCode.AVAILABILITY: "beschikbaarheid",
}

Inputs = tuple[tuple[str, Cents], ...]


def explain(given: SettlementInput, settlement: Settlement) -> tuple[Line, ...]:
    """The seven steps of a settlement, in order."""
    terms = given.terms
    revenue = settlement.revenue.total
    return (
        _revenue(settlement),
        _subcontractors(settlement),
        _eligible_cost(settlement.cost, terms, revenue),
        _result(settlement, terms),
        _surplus(settlement, terms, margin_base(terms.margin, revenue, settlement.cost.total)),
        _deficit(settlement.deficit, settlement.reserve, terms, revenue),
        _balance(settlement),
    )


def _revenue(settlement: Settlement) -> Line:
    parts = settlement.revenue
    inputs: Inputs = (
        ("lumpsum", parts.lump_sum),
        ("indexatie", parts.indexation),
        ("volumebijstelling", parts.volume_adjustment),
        ("kortingen", -parts.deductions),
    )
    return Line(Step.REVENUE, parts.total, "lump_sum", f"{_sum(inputs)} = opbrengst {euros_nl(parts.total)}.", inputs)


def _subcontractors(settlement: Settlement) -> Line:
    cost = settlement.cost
    inputs = tuple((FORM_NAMES[form], cost.by_form[form]) for form in FormCode if form in cost.by_form)
    said = f"{_sum(inputs)} = onderaannemers {euros_nl(cost.subcontractors)}."
    above = total(agreement.above_ceiling for agreement in settlement.agreements)
    true_up = total(agreement.true_up for agreement in settlement.agreements)
    if above:
        said += f" Boven de plafonds bleef {euros_nl(above)} onbetaald."
    if true_up:
        said += f" In de kosten zit {euros_nl(true_up, sign=True)} aan bijstellingen."
    return Line(Step.SUBCONTRACTORS, cost.subcontractors, "agreements", said, inputs)


def _eligible_cost(cost: CostParts, terms: SettlementTerms, revenue: Cents) -> Line:
    inputs: Inputs = (
        ("onderaannemers", cost.subcontractors),
        ("eigen inzet", cost.own_delivery),
        ("overhead", cost.overhead),
        ("overige kosten", cost.other),
        ("regels over eerdere jaren", cost.prior_year),
    )
    said = f"{_sum(inputs)} = meetellende kosten {euros_nl(cost.total)}."
    clause = "settlement"
    if cost.disallowed:
        said += f" Niet toegestane kosten van {euros_nl(cost.disallowed)} tellen niet mee."
    if terms.overhead_cap_percent is not None:
        clause = OVERHEAD_CAP
        cap = max(0, percent_of(revenue, terms.overhead_cap_percent))
        said += (
            f" Overhead telt mee tot {_percent(terms.overhead_cap_percent)} van de opbrengst, {euros_nl(cap)}; "
            f"daarboven lag {euros_nl(cost.overhead_above_cap)}."
        )
    return Line(Step.ELIGIBLE_COST, cost.total, clause, said, inputs, cost_transfers(cost))


def _result(settlement: Settlement, terms: SettlementTerms) -> Line:
    inputs: Inputs = (("opbrengst", settlement.revenue.total), ("meetellende kosten", -settlement.cost.total))
    said = (
        f"{_sum(inputs)} = resultaat {euros_nl(settlement.result)}, "
        f"{settlement.margin_percent.replace('.', ',')}% van de {_base_name(terms)}."
    )
    clause = "settlement.margin.base" if terms.margin else "settlement"
    return Line(Step.RESULT, settlement.result, clause, said, inputs)


def _surplus(settlement: Settlement, terms: SettlementTerms, base: Cents) -> Line:
    surplus, result = settlement.surplus, settlement.result
    if result <= 0:
        return Line(Step.SURPLUS, surplus.excess, MARGIN_CAP, "Er is geen overschot.")
    if terms.margin is None:
        said = f"Het contract begrenst de winst niet; het overschot van {euros_nl(result)} blijft bij de hoofdaannemer."
        return Line(Step.SURPLUS, surplus.excess, "settlement.margin", said, (("resultaat", result),))
    said = (
        f"De winst is begrensd op {_percent(terms.margin.cap_percent)} van de {_base_name(terms)} {euros_nl(base)} = "
        f"{euros_nl(surplus.margin_cap)}. Daarboven ligt {euros_nl(surplus.excess)}"
    )
    said += f"; {_destination(surplus, terms, settlement.revenue.total)}" if surplus.excess else "."
    inputs: Inputs = (("resultaat", result), (_base_name(terms), base), ("begrenzing", surplus.margin_cap))
    return Line(Step.SURPLUS, surplus.excess, MARGIN_CAP, said, inputs, surplus_transfers(surplus))


def _destination(surplus: Surplus, terms: SettlementTerms, revenue: Cents) -> str:
    if terms.margin is not None and terms.margin.excess is Excess.INVEST:
        return "dat wordt geïnvesteerd."
    if terms.margin is not None and terms.margin.excess is Excess.RESERVE:
        room = euros_nl(reserve_room(terms.reserve, revenue))
        return (
            f"de reserve heeft ruimte voor {room}: {euros_nl(surplus.added_to_reserve)} gaat naar de reserve en "
            f"{euros_nl(surplus.repaid)} terug naar de gemeente."
        )
    return "dat gaat terug naar de gemeente."


def _deficit(deficit: Deficit, reserve: ReserveMovement, terms: SettlementTerms, revenue: Cents) -> Line:
    clause = DEFICIT_BANDS if terms.deficit_bands else "settlement.deficit"
    if not deficit.total:
        return Line(Step.DEFICIT, deficit.total, clause, "Er is geen tekort.")
    said = f"Het tekort is {euros_nl(deficit.total)}."
    inputs: Inputs = (("tekort", deficit.total),)
    if terms.reserve is not None:
        said += f" De reserve van {euros_nl(reserve.opening)} vangt daarvan {euros_nl(deficit.reserve_used)} op."
        inputs += (("reserve", reserve.opening),)
    for band in terms.deficit_bands:
        said += f" {_band(band, revenue)}"
    said += (
        f" De gemeente draagt {euros_nl(deficit.municipality)}, de hoofdaannemer {euros_nl(deficit.contractor)}."
        if terms.deficit_bands
        else f" De hoofdaannemer draagt {euros_nl(deficit.contractor)}."
    )
    return Line(Step.DEFICIT, deficit.total, clause, said, inputs, deficit_transfers(deficit))


def _band(band: DeficitBand, revenue: Cents) -> str:
    share = f"draagt de gemeente {_percent(band.municipality_percent)}."
    if band.up_to_percent is None:
        return f"Van de rest {share}"
    bound = percent_of(revenue, band.up_to_percent)
    return f"Tot {_percent(band.up_to_percent)} van de opbrengst ({euros_nl(bound)}) {share}"


def _balance(settlement: Settlement) -> Line:
    inputs: Inputs = (
        ("opbrengst", settlement.revenue.total),
        ("terugbetaling", -settlement.surplus.repaid),
        ("bijdrage gemeente in tekort", settlement.deficit.municipality),
    )
    due = settlement.balance_due
    if due > 0:
        who = f"de gemeente betaalt nog {euros_nl(due)}."
    elif due < 0:
        who = f"de hoofdaannemer betaalt {euros_nl(-due)} terug."
    else:
        who = "er is niets meer te betalen."
    said = (
        f"{_sum(inputs)} = aanspraak {euros_nl(settlement.entitlement)}. "
        f"Ontvangen is {euros_nl(settlement.received)}: {who}"
    )
    return Line(Step.BALANCE, due, "settlement", said, (*inputs, ("ontvangen", -settlement.received)))


def _sum(inputs: Inputs) -> str:
    """Name the terms of a sum that are not zero; the first where all are."""
    named = [term for term in inputs if term[1]] or inputs[:1]
    said = ""
    for position, (name, amount) in enumerate(named):
        if not position:
            said = f"{name[:1].upper()}{name[1:]} {euros_nl(amount)}"
        else:
            said += f" {'+' if amount > 0 else '−'} {name} {euros_nl(abs(amount))}"
    return said


def _base_name(terms: SettlementTerms) -> str:
    return "meetellende kosten" if terms.margin and terms.margin.base is MarginBase.COST else "opbrengst"


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f}".replace(".", ",") + "%"

"""A settlement in Dutch words: its outcome in sentences, and the names of steps, clauses and figures.

Terminal and print say the same in the same words; here they are made, from the figures alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.settlement.model import Line, Settlement, Step
from lead_contractor.contract.model import Contract, MarginBase, PriorYear
from lead_contractor.kernel.money import Cents, euros_nl

NO_BREAK = "\u00a0"

STEP_NAMES = {
    Step.REVENUE: "Opbrengst",
    Step.SUBCONTRACTORS: "Kosten van onderaannemers",
    Step.ELIGIBLE_COST: "Meetellende kosten",
    Step.RESULT: "Resultaat",
    Step.SURPLUS: "Overschot",
    Step.DEFICIT: "Tekort",
    Step.BALANCE: "Saldo",
}

CLAUSE_NAMES = {
    "lump_sum": "lumpsum",
    "agreements": "overeenkomsten met onderaannemers",
    "settlement": "afrekening",
    "settlement.overhead.cap_percent": "maximum voor overhead",
    "settlement.margin": "winstbegrenzing",
    "settlement.margin.base": "grondslag van de winstbegrenzing",
    "settlement.margin.cap_percent": "winstbegrenzing",
    "settlement.margin.excess": "bestemming van het overschot",
    "settlement.reserve": "egalisatiereserve",
    "settlement.reserve.max_percent": "maximum van de egalisatiereserve",
    "settlement.deficit": "verdeling van een tekort",
    "settlement.deficit.bands": "verdeling van een tekort",
}

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_BEFORE_PERCENT = re.compile(r"(?<=\d)%")


@dataclass(frozen=True, slots=True)
class Figure:
    """A named amount; a total adds up what stands above it, a part is contained in the figure before it."""

    name: str
    cents: Cents
    is_total: bool = False
    is_part: bool = False


def outcome(contract: Contract, settlement: Settlement, *, named: bool = True) -> tuple[str, ...]:
    """The outcome in two or three sentences: who pays whom, how the result stands to its cap, and the reserve.

    With ``named`` the parties are called by name where money passes between them.
    """
    municipality = contract.municipality.name if named else "de gemeente"
    contractor = contract.lead_contractor.name if named else "de hoofdaannemer"
    sentences = [_payment(municipality, contractor, settlement), _margin(contract, settlement)]
    if contract.settlement.reserve is not None:
        reserve = settlement.reserve
        sentences.append(
            f"De egalisatiereserve blijft {euros_nl(reserve.closing)}."
            if reserve.closing == reserve.opening
            else f"De egalisatiereserve gaat van {euros_nl(reserve.opening)} naar {euros_nl(reserve.closing)}."
        )
    return tuple(spaced(capital(sentence)) for sentence in sentences)


def _payment(municipality: str, contractor: str, settlement: Settlement) -> str:
    due = settlement.balance_due
    why = f"de aanspraak is {euros_nl(settlement.entitlement)}, ontvangen is {euros_nl(settlement.received)}"
    if due > 0:
        return f"{municipality} betaalt {contractor} over {settlement.year} nog {euros_nl(due)}: {why}."
    if due < 0:
        return f"{contractor} betaalt {municipality} over {settlement.year} {euros_nl(-due)} terug: {why}."
    return f"over {settlement.year} hoeft niemand nog iets te betalen: {why}."


def _margin(contract: Contract, settlement: Settlement) -> str:
    result, surplus = settlement.result, settlement.surplus
    terms = contract.settlement.margin
    if result < 0:
        return _deficit(contract, settlement)
    if result == 0:
        return "opbrengst en meetellende kosten zijn gelijk: er is overschot noch tekort."
    share = f"het resultaat is {euros_nl(result)}, {margin_text(settlement)} van de {base_name(contract)}"
    if terms is None:
        return f"{share}; het contract begrenst de winst niet."
    cap = f"{percent_text(terms.cap_percent)} ({euros_nl(surplus.margin_cap)})"
    if not surplus.excess:
        return f"{share}; dat blijft binnen de begrenzing van {cap}, zodat niets terug hoeft."
    return f"{share}; boven de begrenzing van {cap} ligt {euros_nl(surplus.excess)}, en dat {_destination(settlement)}."


def _destination(settlement: Settlement) -> str:
    surplus = settlement.surplus
    if surplus.invested:
        return "wordt geïnvesteerd"
    if not surplus.repaid:
        return "gaat naar de reserve"
    settled = "terug naar de gemeente en is in het saldo verrekend"
    if not surplus.added_to_reserve:
        return f"gaat {settled}"
    return f"gaat voor {euros_nl(surplus.added_to_reserve)} naar de reserve; {euros_nl(surplus.repaid)} gaat {settled}"


def _deficit(contract: Contract, settlement: Settlement) -> str:
    deficit = settlement.deficit
    bearers = [
        (deficit.reserve_used, f"de reserve vangt {euros_nl(deficit.reserve_used)} op"),
        (deficit.municipality, f"de gemeente draagt {euros_nl(deficit.municipality)}"),
        (deficit.contractor, f"de hoofdaannemer draagt {euros_nl(deficit.contractor)}"),
    ]
    said = [words for amount, words in bearers if amount]
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} en {said[-1]}"
    share = f"{margin_text(settlement).removeprefix('-')} van de {base_name(contract)}"
    return f"het tekort is {euros_nl(deficit.total)}, {share}: {listed}."


def figures(line: Line, contract: Contract, settlement: Settlement) -> tuple[Figure, ...]:
    """The figures of a step: what is not zero, and what it comes to; none where the step did not apply."""
    if line.step is Step.BALANCE:
        *parts, (received, amount) = line.inputs
        claim = Figure("aanspraak", settlement.entitlement, is_total=True)
        paid = Figure(received, amount)
        return (*_rows(parts), claim, paid, Figure(balance_name(settlement), line.amount, is_total=True))
    if not line.inputs:
        return ()
    if line.step is Step.SURPLUS:
        return _surplus_figures(contract, settlement)
    if line.step is Step.DEFICIT:
        return _deficit_figures(settlement)
    name = {Step.REVENUE: "opbrengst", Step.ELIGIBLE_COST: "meetellende kosten", Step.RESULT: "resultaat"}
    return (*_rows(line.inputs), Figure(name.get(line.step, "onderaannemers"), line.amount, is_total=True))


def _rows(inputs: Iterable[tuple[str, Cents]]) -> tuple[Figure, ...]:
    return tuple(Figure(name, amount) for name, amount in inputs if amount)


def _surplus_figures(contract: Contract, settlement: Settlement) -> tuple[Figure, ...]:
    terms, surplus = contract.settlement.margin, settlement.surplus
    result = Figure("resultaat", settlement.result)
    if terms is None:
        return (result, Figure("blijft bij de hoofdaannemer", settlement.kept, is_total=True))
    cap = f"begrenzing, {percent_text(terms.cap_percent)} van de {base_name(contract)}"
    if surplus.excess:
        return (result, Figure(cap, -surplus.margin_cap), Figure("boven de begrenzing", surplus.excess, is_total=True))
    return (result, Figure(cap, surplus.margin_cap), Figure("boven de begrenzing", surplus.excess, is_total=True))


def _deficit_figures(settlement: Settlement) -> tuple[Figure, ...]:
    deficit = settlement.deficit
    borne = (("uit de reserve", -deficit.reserve_used), ("door de gemeente", -deficit.municipality))
    return (
        Figure("tekort", deficit.total),
        *_rows(borne),
        Figure("door de hoofdaannemer", deficit.contractor, is_total=True),
    )


def balance_name(settlement: Settlement) -> str:
    """What the balance is called: who still pays."""
    if settlement.balance_due > 0:
        return "nog te betalen door de gemeente"
    return "terug te betalen door de hoofdaannemer" if settlement.balance_due < 0 else "nog te betalen"


def remark(line: Line) -> str:
    """What the explanation of a step says beyond the sum that its figures already show; may be empty."""
    said = line.explanation
    if line.step is Step.BALANCE:
        return ""
    if line.step is Step.RESULT:
        return spaced(f"Dat is {said.rpartition(', ')[2]}")
    if line.step in {Step.REVENUE, Step.SUBCONTRACTORS, Step.ELIGIBLE_COST}:
        said = said.partition(". ")[2]  # the sum is the first sentence; a dot inside an amount has no space after it
    return spaced(said)


def declaration_figures(contract: Contract, settlement: Settlement) -> tuple[Figure, ...]:
    """What was declared and what became of it."""
    found = settlement.declarations
    eligible = contract.settlement.prior_year is PriorYear.ELIGIBLE
    return (
        Figure("gedeclareerd", found.declared),
        Figure("afgewezen", -found.rejected),
        Figure("goedgekeurd", found.approved, is_total=True),
        Figure("waarvan na de sluitdatum (telt niet mee)", found.after_cut_off, is_part=True),
        Figure(
            f"waarvan over eerdere jaren (telt {'wel' if eligible else 'niet'} mee)", found.prior_year, is_part=True
        ),
    )


def base_name(contract: Contract) -> str:
    """What the margin is a percentage of."""
    terms = contract.settlement.margin
    return "meetellende kosten" if terms is not None and terms.base is MarginBase.COST else "opbrengst"


def margin_text(settlement: Settlement) -> str:
    """The margin with its four decimals, ``5,6582 %``."""
    return spaced(settlement.margin_percent.replace(".", ",") + "%")


def percent_text(percent: Decimal) -> str:
    """A percentage of the contract, ``12,5 %``."""
    return spaced(f"{percent.normalize():f}".replace(".", ",") + "%")


def clause_text(clause: str) -> str:
    """A clause by its Dutch name and its key in the contract."""
    name = CLAUSE_NAMES.get(clause)
    return f"{name} ({clause})" if name else clause


def amount_text(cents: int) -> str:
    """An amount for a column of euros: ``-1.234,56``, without the sign of the euro."""
    return euros_nl(cents).removeprefix("€ ")


def day_text(day: date) -> str:
    """A day in words, ``12 september 2025``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def spaced(text: str) -> str:
    """Typography: a space before the percent sign, and no line break inside an amount or a percentage."""
    return _BEFORE_PERCENT.sub(f"{NO_BREAK}%", text).replace("€ ", f"€{NO_BREAK}")


def capital(sentence: str) -> str:
    """A sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]

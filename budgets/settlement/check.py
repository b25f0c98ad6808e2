"""The check equations of a settlement: claims are checked against sums."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.settlement.model import Settlement
from lead_contractor.kernel.money import Cents, euros_nl, total
from lead_contractor.kernel.refusals import BooksDiffer

Claim = tuple[str, Cents, Cents]
"""What is claimed (Dutch), what is expected, what is found."""


def check(settlement: Settlement) -> None:
    """Check a settlement against its own sums.

    Raises:
        BooksDiffer: two sums differ; the text names the first difference.
    """
    for claim, expected, found in claims(settlement):
        if expected != found:
            raise BooksDiffer(
                f"De afrekening klopt niet: {claim}. Verwacht {euros_nl(expected)}, gevonden {euros_nl(found)}, "
                f"verschil {euros_nl(found - expected)}."
            )


def claims(settlement: Settlement) -> Iterator[Claim]:
    """Every check equation of a settlement: what is claimed, what is expected and what is found."""
    yield from _part_claims(settlement)
    yield from _balance_claims(settlement)


def _part_claims(settlement: Settlement) -> Iterator[Claim]:
    revenue, cost, declarations = settlement.revenue, settlement.cost, settlement.declarations
    yield (
        "de termijnen samen zijn de geïndexeerde lumpsum",
        revenue.lump_sum + revenue.indexation,
        total(settlement.instalments),
    )
    for form, amount in cost.by_form.items():
        dues = total(agreement.due for agreement in settlement.agreements if agreement.form is form)
        yield f"de kosten van vorm {form.value} zijn de som van de overeenkomsten", dues, amount
    yield (
        "ingediend is goedgekeurd en afgewezen samen",
        declarations.declared,
        declarations.approved + declarations.rejected,
    )
    yield "resultaat is opbrengst min meetellende kosten", revenue.total - cost.total, settlement.result


def _balance_claims(settlement: Settlement) -> Iterator[Claim]:
    surplus, deficit, reserve = settlement.surplus, settlement.deficit, settlement.reserve
    revenue, entitlement = settlement.revenue.total, settlement.entitlement
    yield (
        "wat boven de begrenzing ligt is terugbetaald, geïnvesteerd of naar de reserve",
        surplus.excess,
        surplus.repaid + surplus.invested + surplus.added_to_reserve,
    )
    yield "het tekort is het resultaat onder nul", Cents(max(0, -settlement.result)), deficit.total
    yield (
        "het tekort is gedragen door reserve, gemeente en hoofdaannemer",
        deficit.total,
        deficit.reserve_used + deficit.municipality + deficit.contractor,
    )
    yield "de reserve nam toe met wat erbij kwam", surplus.added_to_reserve, reserve.added
    yield "de reserve nam af met wat is gebruikt", deficit.reserve_used, reserve.used
    yield (
        "aanspraak en terugbetaling zijn opbrengst en bijdrage in het tekort",
        revenue + deficit.municipality,
        entitlement + surplus.repaid,
    )
    yield (
        "aanspraak is wat de kosten dekt en bij de hoofdaannemer of in de reserve blijft",
        settlement.cost.total + settlement.kept + surplus.invested + reserve.added - reserve.used - deficit.contractor,
        entitlement,
    )
    yield "het saldo is aanspraak min ontvangen", entitlement - settlement.received, settlement.balance_due

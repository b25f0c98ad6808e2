"""Checks within and between tables: references, dates, overlaps, and what an allocation must hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stdnum import iban as stdnum_iban

from budgets.plan.model import BudgetLine, HistoryRow
from budgets.year_folder.agreement_terms import FILE as AGREEMENTS_FILE
from budgets.year_folder.cells import nearest, quoted
from budgets.year_folder.columns import (
    ALLOCATIONS,
    BUDGET,
    COSTS,
    HISTORY,
    REALISED,
    SUBCONTRACTORS,
    TARIFFS,
    Table,
)
from budgets.year_folder.draft import Draft
from budgets.year_folder.rules import Rule
from lead_contractor.allocation.model import DELETED, Allocation, number_key
from lead_contractor.contract.model import OwnCost
from lead_contractor.kernel.findings import Finding, Severity
from lead_contractor.kernel.periods import Month
from lead_contractor.parties.model import Subcontractor
from subcontractors.agreements.model import Agreement, FormCode, Realised, Tariff

KVK_DIGITS = 8


def check_references(draft: Draft) -> Iterator[Finding]:
    """Subcontractors and agreements that rows refer to must exist; in earlier years a warning is enough."""
    known = draft.known_subcontractors
    if known is not None:
        for number, agreement in draft.agreements:
            if agreement.subcontractor not in known:
                yield _unknown(AGREEMENTS_FILE, None, f"agreement[{number}].subcontractor", agreement.subcontractor)
        for table in (TARIFFS, ALLOCATIONS, BUDGET, HISTORY):
            severity = Severity.WARNING if table is HISTORY else Severity.ERROR
            for row, value in draft.tables.get(table.file, ()):
                agb = getattr(value, "subcontractor", "")
                if agb and agb not in known:
                    yield _unknown(table.file, row, "subcontractor", agb, severity)
    ids = {agreement.id for _, agreement in draft.agreements}
    if AGREEMENTS_FILE not in draft.damaged and draft.contract is not None:
        for row, realised in draft.rows(REALISED, Realised):
            if realised.agreement not in ids:
                remedy = nearest(realised.agreement, sorted(ids)) if ids else f"Beschrijf haar in {AGREEMENTS_FILE}."
                message = f"Afspraak {quoted(realised.agreement)} bestaat niet."
                yield Finding(Rule.REFERENCE, message, remedy, REALISED.file, row, "agreement")


def _unknown(file: str, row: int | None, column: str, agb: str, severity: Severity = Severity.ERROR) -> Finding:
    message = f"Onderaannemer {agb} staat niet in {SUBCONTRACTORS.file}."
    remedy = f"Voeg hem toe aan {SUBCONTRACTORS.file} of verbeter de AGB-code."
    return Finding(Rule.REFERENCE, message, remedy, file, row, column, severity)


def check_agreement_ids(draft: Draft) -> Iterator[Finding]:
    """No two agreements have one id."""
    first: dict[str, int] = {}
    for number, agreement in draft.agreements:
        earlier = first.setdefault(agreement.id, number)
        if earlier != number:
            message = f"Afspraak {earlier} en afspraak {number} hebben dezelfde id ({quoted(agreement.id)})."
            yield Finding(
                Rule.DUPLICATE,
                message,
                "Geef elke afspraak een eigen id.",
                AGREEMENTS_FILE,
                column=f"agreement[{number}].id",
            )


def check_agreement_overlaps(draft: Draft) -> Iterator[Finding]:
    """On one day a subcontractor has one agreement per product code, per category, and for all its work."""
    scopes = [
        ((agreement.subcontractor, product), number, agreement)
        for number, agreement in draft.agreements
        for product in agreement.products or ("",)
    ]
    scopes.sort(key=lambda scope: (scope[0], scope[2].validity.start, scope[1]))
    reported: set[tuple[int, int]] = set()
    last: tuple[tuple[str, str], int, Agreement] | None = None
    for scope, number, agreement in scopes:
        if last is not None and last[0] == scope:
            pair = (last[1], number)
            if last[2].validity.overlaps(agreement.validity) and pair not in reported:
                reported.add(pair)
                yield _agreement_overlap(scope[1], number, last[2], agreement)
            if _ends_later(last[2], agreement):
                continue
        last = (scope, number, agreement)


def _ends_later(one: Agreement, other: Agreement) -> bool:
    end, other_end = one.validity.end, other.validity.end
    return end is None or (other_end is not None and end > other_end)


def _agreement_overlap(product: str, number: int, earlier: Agreement, later: Agreement) -> Finding:
    what = f"product {product}" if product else "al het werk"
    return Finding(
        Rule.OVERLAP,
        f"De afspraken {earlier.id} en {later.id} gelden op dezelfde dag voor {what} van {later.subcontractor}.",
        "Laat de ene eindigen voor de andere begint, of geef ze verschillende producten.",
        AGREEMENTS_FILE,
        column=f"agreement[{number}].products" if product else f"agreement[{number}]",
    )


def check_tariffs(draft: Draft) -> Iterator[Finding]:
    """A tariff ends on or after it begins, and one (subcontractor, product, unit) has one tariff on a day."""
    last: tuple[int, Tariff] | None = None
    for row, tariff in draft.rows(TARIFFS, Tariff):
        if tariff.valid_to is not None and tariff.valid_to < tariff.valid_from:
            message = f"Het tarief eindigt ({tariff.valid_to}) voor het begint ({tariff.valid_from})."
            yield Finding(Rule.DATES, message, "Controleer de dagen.", TARIFFS.file, row, "valid_to")
            continue
        if last is not None and _same_tariff(last[1], tariff):
            if last[1].validity.overlaps(tariff.validity) and last[1].valid_from != tariff.valid_from:
                first, second = sorted((last[0], row))
                message = f"Het tarief van rij {first} en dat van rij {second} gelden op dezelfde dag."
                remedy = f"Laat het tarief van rij {last[0]} eindigen voor {tariff.valid_from}."
                yield Finding(Rule.OVERLAP, message, remedy, TARIFFS.file, second, "valid_from")
            if last[1].valid_to is None or (tariff.valid_to is not None and last[1].valid_to > tariff.valid_to):
                continue
        last = (row, tariff)


def _same_tariff(one: Tariff, other: Tariff) -> bool:
    return (one.subcontractor, one.product_code, one.unit) == (other.subcontractor, other.product_code, other.unit)


def check_allocations(draft: Draft) -> Iterator[Finding]:
    """Dates in order; volume, unit and frequency together; a code with its category; trajectories end."""
    agreements: dict[str, list[Agreement]] = {}
    for _, agreement in draft.agreements:
        agreements.setdefault(agreement.subcontractor, []).append(agreement)
    first: dict[str, tuple[int, str]] = {}
    for row, allocation in draft.rows(ALLOCATIONS, Allocation):
        known, written = first.setdefault(number_key(allocation.number), (row, allocation.number))
        if written != allocation.number:
            message = f"Toewijzing {allocation.number} is in berichten dezelfde als {written} in rij {known}."
            remedy = "Geef elke toewijzing een ander nummer; voorloopnullen tellen in berichten niet mee."
            yield Finding(Rule.DUPLICATE, message, remedy, ALLOCATIONS.file, row, "number")
        of_party = agreements.get(allocation.subcontractor, ())
        for column, rule, message, remedy in _allocation_faults(allocation, of_party):
            yield Finding(rule, message, remedy, ALLOCATIONS.file, row, column)


def _allocation_faults(allocation: Allocation, agreements: Iterable[Agreement]) -> Iterator[tuple[str, Rule, str, str]]:
    if allocation.end is not None and allocation.end < allocation.start:
        message = f"De toewijzing eindigt ({allocation.end}) voor zij begint ({allocation.start})."
        yield "end", Rule.DATES, message, "Controleer start en end."
    given = (("volume", allocation.volume), ("unit", allocation.unit), ("frequency", allocation.frequency))
    absent = [name for name, value in given if value is None]
    if absent and len(absent) < len(given):
        message = f"Volume, eenheid en frequentie horen bij elkaar; hier ontbreekt {' en '.join(absent)}."
        yield absent[0], Rule.ALLOCATION, message, "Vul alle drie in, of geen."
    if allocation.product_code and not allocation.category:
        yield "category", Rule.ALLOCATION, "Een productcode hoort in een categorie.", "Vul category in (01 tot 18)."
    if allocation.end is None and allocation.reason_change != DELETED:
        agreement = covering(agreements, allocation)
        if agreement is not None and agreement.form is FormCode.TRAJECTORY:
            message = f"De toewijzing van een traject (afspraak {agreement.id}) heeft een einddatum nodig."
            yield "end", Rule.ALLOCATION, message, "Vul end in; naar rato delen gaat over de dagen tot dan."


def covering(agreements: Iterable[Agreement], allocation: Allocation) -> Agreement | None:
    """The agreement that covers an allocation on its first day: by code, else by category, else for all work.

    An allocation that names no product leaves the choice to whoever delivers: where nothing else covers it, it falls
    under a P×Q agreement on a product that may be delivered on it.
    """
    valid = [agreement for agreement in agreements if allocation.start in agreement.validity]
    for product in (allocation.product_code, allocation.category):
        if product:
            found = next((agreement for agreement in valid if product in agreement.products), None)
            if found is not None:
                return found
    found = next((agreement for agreement in valid if not agreement.products), None)
    if found is not None or allocation.product_code:
        return found
    return next((one for one in valid if one.form is FormCode.PXQ and reaches(one.products, allocation.category)), None)


def reaches(products: Iterable[str], category: str) -> bool:
    """Whether one of these products may be delivered on an allocation of a category, or of no category at all."""
    return any(product.startswith(category) for product in products)


def check_costs(draft: Draft) -> Iterator[Finding]:
    """Own cost belongs to the contract year."""
    if draft.contract is None:
        return
    year = draft.contract.year
    for row, cost in draft.rows(COSTS, OwnCost):
        if cost.date.year != year:
            message = f"{cost.date} ligt buiten het contractjaar {year}."
            remedy = f"Zet de rij in de map van {cost.date.year} of verbeter de datum."
            yield Finding(Rule.OUTSIDE_YEAR, message, remedy, COSTS.file, row, "date")


def check_months(draft: Draft) -> Iterator[Finding]:
    """Months outside the contract period are a warning: realised ones do not count, budgeted ones at its edge."""
    if draft.contract is None:
        return
    months = draft.contract.months
    realised = [(row, value.month) for row, value in draft.rows(REALISED, Realised)]
    budgeted = [(row, value.month) for row, value in draft.rows(BUDGET, BudgetLine) if value.month is not None]
    for row, month in realised:
        if month not in months:
            message = f"Maand {month} ligt buiten de contractperiode; de rij telt niet mee."
            remedy = "Verbeter de maand of laat de rij weg."
            yield _warning(Rule.OUTSIDE_YEAR, message, remedy, REALISED, row, "month")
    for row, month in budgeted:
        if month not in months:
            edge = months[0] if month < months[0] else months[-1]
            message = f"Maand {month} ligt buiten de contractperiode; het bedrag telt mee in {edge}."
            remedy = "Verbeter de maand, of laat de rij weg als zij niet bij dit contract hoort."
            yield _warning(Rule.OUTSIDE_YEAR, message, remedy, BUDGET, row, "month")


def check_history(draft: Draft) -> Iterator[Finding]:
    """History is of earlier years, and comes in after it was delivered; both are warnings, for it is never booked."""
    first = None if draft.contract is None else Month(draft.contract.year, 1)
    for row, value in draft.rows(HISTORY, HistoryRow):
        if first is not None and value.service_month >= first:
            message = f"Maand {value.service_month} ligt niet vóór het contractjaar; de rij telt niet mee."
            remedy = "Wat over het contractjaar zelf is gedeclareerd, hoort in messages."
            yield _warning(Rule.OUTSIDE_YEAR, message, remedy, HISTORY, row, "service_month")
        if value.received_month < value.service_month:
            message = f"Ontvangen in {value.received_month}, vóór de maand van zorg {value.service_month}."
            yield _warning(Rule.DATES, message, "Controleer beide maanden.", HISTORY, row, "received_month")


def check_parties(draft: Draft) -> Iterator[Finding]:
    """Numbers of subcontractors that cannot be right; money never depends on them, so they are warnings."""
    for row, party in draft.rows(SUBCONTRACTORS, Subcontractor):
        if party.iban and not stdnum_iban.is_valid(party.iban):
            message, remedy = "Dit IBAN klopt niet.", "Controleer het nummer; er kan niet op betaald worden."
            yield _warning(Rule.CELL, message, remedy, SUBCONTRACTORS, row, "iban")
        if party.kvk and not (len(party.kvk) == KVK_DIGITS and party.kvk.isdigit()):
            message = f"KvK-nummer {quoted(party.kvk)} is niet acht cijfers."
            yield _warning(Rule.CELL, message, "Schrijf acht cijfers, als tekst.", SUBCONTRACTORS, row, "kvk")
        if party.active_from is not None and party.active_to is not None and party.active_to < party.active_from:
            message = f"De onderaannemer stopt ({party.active_to}) voor hij begint ({party.active_from})."
            yield Finding(Rule.DATES, message, "Controleer de dagen.", SUBCONTRACTORS.file, row, "active_to")


def _warning(rule: Rule, message: str, remedy: str, table: Table, row: int, column: str) -> Finding:
    return Finding(rule, message, remedy, table.file, row, column, Severity.WARNING)

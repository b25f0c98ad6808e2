"""Checks of the year as a whole: tariffs that are there, consent before work, and evidence to settle on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from budgets.year_folder.agreement_terms import FILE as AGREEMENTS_FILE
from budgets.year_folder.columns import (
    ALLOCATIONS,
    BESCHIKKINGEN,
    INDEX_FIGURES,
    REALISED,
    SUBCONTRACTORS,
    TARIFFS,
)
from budgets.year_folder.draft import Draft
from budgets.year_folder.rules import Rule
from budgets.year_folder.table_checks import (
    check_agreement_ids,
    check_agreement_overlaps,
    check_allocations,
    check_costs,
    check_history,
    check_months,
    check_parties,
    check_references,
    check_tariffs,
)
from lead_contractor.allocation.model import Allocation
from lead_contractor.contract import lump_sum
from lead_contractor.contract.model import BeschikkingCount, IndexFigure
from lead_contractor.kernel.findings import Finding, Severity
from lead_contractor.kernel.periods import Month
from lead_contractor.parties.model import Size, Subcontractor
from subcontractors.agreements import forms
from subcontractors.agreements.model import Agreement, Evidence, FormCode, Realised, Tariff
from subcontractors.agreements.months import covered_months

CATEGORY_LENGTH = 2
CONTRACT_FILE = "contract.toml"

Check = Callable[[Draft], Iterator[Finding]]


def check_terms(draft: Draft) -> Iterator[Finding]:
    """Terms of the contract that contradict each other without stopping a settlement."""
    if draft.contract is None:
        return
    terms = draft.contract.settlement
    if terms.corrections_until < terms.cut_off:
        yield Finding(
            Rule.TERMS,
            f"Correcties tellen tot {terms.corrections_until}, eerder dan nieuwe regels ({terms.cut_off}).",
            "Controleer corrections_until.",
            CONTRACT_FILE,
            column="settlement.corrections_until",
            severity=Severity.WARNING,
        )


def check_agreement_periods(draft: Draft) -> Iterator[Finding]:
    """Agreements that do not touch the contract period, or that break a month that counts as a whole."""
    if draft.contract is None:
        return
    for number, agreement in draft.agreements:
        place = f"agreement[{number}]"
        if not covered_months(agreement, draft.contract.months):
            message = f"Afspraak {agreement.id} geldt niet in de contractperiode."
            remedy = "Controleer valid_from en valid_to."
            yield _warning(Rule.OUTSIDE_YEAR, message, remedy, AGREEMENTS_FILE, None, f"{place}.valid_from")
        if agreement.form not in (FormCode.PXQ, FormCode.TRAJECTORY) and _breaks_a_month(agreement):
            message = f"Afspraak {agreement.id} breekt een maand af; de hele maand telt mee."
            remedy = "Begin op de eerste en eindig op de laatste dag van een maand."
            yield _warning(Rule.DATES, message, remedy, AGREEMENTS_FILE, None, place)


def _breaks_a_month(agreement: Agreement) -> bool:
    first, last = agreement.validity.start, agreement.validity.last
    return first != Month.of(first).first or (last is not None and last != Month.of(last).last)


def check_tariffs_are_there(draft: Draft) -> Iterator[Finding]:
    """A product of a P×Q agreement without any tariff in its validity: its lines will be refused."""
    if TARIFFS.file in draft.damaged:
        return
    by_party: dict[str, list[Tariff]] = {}
    for tariff in draft.values(TARIFFS, Tariff):
        by_party.setdefault(tariff.subcontractor, []).append(tariff)
    for number, agreement in draft.agreements:
        if agreement.form is not FormCode.PXQ:
            continue
        tariffs = by_party.get(agreement.subcontractor, [])
        for product in agreement.products:
            if not any(_prices(tariff, product) and tariff.validity.overlaps(agreement.validity) for tariff in tariffs):
                message = f"Product {product} van afspraak {agreement.id} heeft geen tarief."
                remedy = f"Voeg een rij toe aan {TARIFFS.file} voor {agreement.subcontractor} en {product}."
                yield _warning(Rule.TARIFF, message, remedy, AGREEMENTS_FILE, None, f"agreement[{number}].products")


def _prices(tariff: Tariff, product: str) -> bool:
    if len(product) == CATEGORY_LENGTH:
        return tariff.product_code.startswith(product)
    return tariff.product_code == product


def check_consent(draft: Draft) -> Iterator[Finding]:
    """Work by a subcontractor (not a zzp'er) needs the municipality's consent first: a warning."""
    begins = _first_work(draft)
    for row, party in draft.rows(SUBCONTRACTORS, Subcontractor):
        if party.size is Size.ZZP or party.agb not in begins:
            continue
        if party.consent_date is None:
            message = f"{party.name} werkt mee, maar de toestemming van de gemeente ontbreekt."
        elif party.consent_date > begins[party.agb]:
            message = f"{party.name} begint op {begins[party.agb]}, voor de toestemming van {party.consent_date}."
        else:
            continue
        remedy = "Vraag toestemming en vul consent_date in."
        yield _warning(Rule.CONSENT, message, remedy, SUBCONTRACTORS.file, row, "consent_date")


def check_active(draft: Draft) -> Iterator[Finding]:
    """Agreements and allocations that begin outside the time in which the subcontractor takes part: a warning."""
    parties = {party.agb: party for party in draft.values(SUBCONTRACTORS, Subcontractor)}
    for number, agreement in draft.agreements:
        party = parties.get(agreement.subcontractor)
        if party is not None and _outside(party, agreement.validity.start, agreement.validity.last):
            message = f"Afspraak {agreement.id} loopt buiten de tijd waarin {party.name} meedoet."
            remedy = "Controleer valid_from en valid_to, of active_from en active_to."
            yield _warning(Rule.ACTIVE, message, remedy, AGREEMENTS_FILE, None, f"agreement[{number}]")
    for row, allocation in draft.rows(ALLOCATIONS, Allocation):
        party = parties.get(allocation.subcontractor)
        if party is not None and _outside(party, allocation.start, allocation.start):
            message = f"De toewijzing begint buiten de tijd waarin {party.name} meedoet."
            yield _warning(Rule.ACTIVE, message, "Controleer de dagen.", ALLOCATIONS.file, row, "start")


def _outside(party: Subcontractor, first: date, last: date | None) -> bool:
    too_early = party.active_from is not None and first < party.active_from
    too_late = party.active_to is not None and (last is None or last > party.active_to)
    return too_early or too_late


def _first_work(draft: Draft) -> dict[str, date]:
    days = [(agreement.subcontractor, agreement.validity.start) for _, agreement in draft.agreements]
    days += [(allocation.subcontractor, allocation.start) for allocation in draft.values(ALLOCATIONS, Allocation)]
    first: dict[str, date] = {}
    for agb, day in days:
        first[agb] = min(day, first.get(agb, day))
    return first


def check_evidence(draft: Draft) -> Iterator[Finding]:
    """What the lump sum and each form need to be settled, as they say themselves."""
    if draft.contract is None:
        return
    if draft.damaged.isdisjoint({INDEX_FIGURES.file, BESCHIKKINGEN.file}):
        figures = draft.values(INDEX_FIGURES, IndexFigure)
        yield from lump_sum.missing(draft.contract, figures, draft.values(BESCHIKKINGEN, BeschikkingCount))
    if REALISED.file in draft.damaged:
        return
    realised: dict[str, list[Realised]] = {}
    for row in draft.values(REALISED, Realised):
        realised.setdefault(row.agreement, []).append(row)
    for _, agreement in draft.agreements:
        months = covered_months(agreement, draft.contract.months)
        evidence = Evidence(draft.contract.year, months, tuple(realised.get(agreement.id, ())))
        yield from forms.form(agreement.form).missing(agreement, evidence)


def _warning(rule: Rule, message: str, remedy: str, file: str, row: int | None, column: str) -> Finding:
    return Finding(rule, message, remedy, file, row, column, Severity.WARNING)


CHECKS: tuple[Check, ...] = (
    check_terms,
    check_agreement_ids,
    check_agreement_overlaps,
    check_agreement_periods,
    check_references,
    check_parties,
    check_tariffs,
    check_tariffs_are_there,
    check_allocations,
    check_costs,
    check_history,
    check_months,
    check_consent,
    check_active,
)
"""All checks in the order in which they run; evidence comes last."""


def check(draft: Draft, *, settling: bool = True) -> tuple[Finding, ...]:
    """Everything that is wrong with the folder as a whole.

    With ``settling`` off, evidence that is not there yet is a warning: the year is still running.
    """
    found = [finding for one in CHECKS for finding in one(draft)]
    evidence = check_evidence(draft)
    if not settling:
        evidence = (replace(finding, severity=Severity.WARNING) for finding in evidence)
    return (*found, *evidence)

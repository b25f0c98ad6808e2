"""A settlement as plain text for a terminal: figures in one column, aligned on the decimal comma."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from budgets.settlement.check import claims
from budgets.settlement.explain import FORM_NAMES
from budgets.settlement.model import AgreementCost, Line, Settlement
from budgets.settlement.wording import (
    NO_BREAK,
    STEP_NAMES,
    Figure,
    amount_text,
    balance_name,
    capital,
    clause_text,
    declaration_figures,
    figures,
    margin_text,
    outcome,
    remark,
)
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.money import Cents, total
from subcontractors.agreements.model import FormCode

WIDTH = 92
AMOUNT = 18
INDENT = "   "
SUMMARY_LINES = 15
_NAME = WIDTH - 3 * AMOUNT - len(INDENT)


def statement_text(contract: Contract, settlement: Settlement, names: Mapping[str, str]) -> str:
    """The whole settlement: outcome, seven steps, subcontractors per form, declarations and checks.

    Args:
        contract: its terms.
        settlement: the settlement of that contract.
        names: subcontractors by AGB code; one without a name is called by its code.

    Returns:
        lines of at most 92 characters, amounts in euros, ending in a line end.
    """
    lines = [
        *_heading(contract, settlement),
        "",
        *_paragraph(" ".join(outcome(contract, settlement))),
        "",
        f"{'':<{WIDTH - AMOUNT}}{'euro':>{AMOUNT}}",
    ]
    for number, line in enumerate(settlement.lines, start=1):
        lines += _step(number, line, contract, settlement)
    lines += _subcontractors(settlement, names)
    lines += [*_title("Declaraties"), *_figures(declaration_figures(contract, settlement)), ""]
    proved = sum(expected == found for _, expected, found in claims(settlement))
    lines += _paragraph(f"Sluitend: {proved} controles kloppen op de cent.")
    return _finished(lines)


def summary_text(contract: Contract, settlement: Settlement) -> str:
    """The settlement in at most fifteen lines: outcome and main figures."""
    surplus, deficit = settlement.surplus, settlement.deficit
    rows = [
        Figure("opbrengst", settlement.revenue.total),
        Figure("meetellende kosten", -settlement.cost.total),
        Figure(f"resultaat ({margin_text(settlement)})", settlement.result, is_total=True),
    ]
    if surplus.excess:
        rows.append(Figure("boven de begrenzing", surplus.excess))
    if deficit.municipality:
        rows.append(Figure("bijdrage van de gemeente in het tekort", deficit.municipality))
    rows.append(Figure(balance_name(settlement), abs(settlement.balance_due), is_total=True))
    body = [line for line in _figures(rows) if line.strip("─ ")]
    told = _paragraph(" ".join(outcome(contract, settlement, named=False)))
    lines = [*_heading(contract, settlement, lines=1), "", *told, "", *body]
    return _finished(lines[:SUMMARY_LINES])


def _heading(contract: Contract, settlement: Settlement, lines: int = 3) -> list[str]:
    title = f"Afrekening {settlement.year} · contract {contract.id}"
    parties = f"{contract.municipality.name} en {contract.lead_contractor.name}"
    shown = textwrap.wrap(parties, WIDTH, max_lines=lines, placeholder=" …") or [""]
    return [title, *shown, "═" * WIDTH]


def _step(number: int, line: Line, contract: Contract, settlement: Settlement) -> Iterator[str]:
    yield from _title(f"{number}. {STEP_NAMES[line.step]}", clause_text(line.clause))
    yield from _figures(figures(line, contract, settlement))
    said = remark(line)
    if said:
        yield from _paragraph(said, INDENT)
    yield ""


def _title(name: str, clause: str = "") -> list[str]:
    """A title at the left, the clause of the contract at the right."""
    return [f"{name}{clause:>{WIDTH - len(name)}}" if clause else name]


def _figures(rows: Iterable[Figure]) -> Iterator[str]:
    """One row per figure; above a total a short line."""
    for row in rows:
        if row.is_total:
            yield f"{'':<{WIDTH - AMOUNT + 4}}{'─' * (AMOUNT - 4)}"
        name = capital(row.name) if row.is_total else f"  {row.name}" if row.is_part else row.name
        yield f"{INDENT}{name:<{WIDTH - AMOUNT - len(INDENT)}}{amount_text(row.cents):>{AMOUNT}}"


def _subcontractors(settlement: Settlement, names: Mapping[str, str]) -> Iterator[str]:
    """Per form its agreements: due, what stayed above a ceiling, and true-up."""
    yield from _title("Onderaannemers per vorm")
    yield f"{'':<{WIDTH - 3 * AMOUNT}}{'verschuldigd':>{AMOUNT}}{'boven plafond':>{AMOUNT}}{'bijstelling':>{AMOUNT}}"
    for form in FormCode:
        within = [agreement for agreement in settlement.agreements if agreement.form is form]
        if within:
            yield _columns(f"{INDENT}{capital(FORM_NAMES[form])}", *_sums(within))
            for agreement in within:
                yield from _agreement(agreement, names)
    yield f"{'':<{WIDTH - 3 * AMOUNT + 4}}{'─' * (3 * AMOUNT - 4)}"
    yield _columns(f"{INDENT}Samen", *_sums(settlement.agreements))
    yield ""


def _agreement(agreement: AgreementCost, names: Mapping[str, str]) -> Iterator[str]:
    """An agreement in one row, or in two when the name is long."""
    name = names.get(agreement.subcontractor, agreement.subcontractor)
    label = f"{INDENT}  {agreement.id}  {' '.join(name.split())}"
    room = WIDTH - 3 * AMOUNT + AMOUNT - len(amount_text(agreement.due)) - 2
    *above, last = textwrap.wrap(label, room, subsequent_indent=f"{INDENT}     ", drop_whitespace=True) or [label]
    yield from above
    yield _columns(last, agreement.due, agreement.above_ceiling, agreement.true_up)


def _columns(label: str, due: Cents, above: Cents, true_up: Cents) -> str:
    first = amount_text(due).rjust(WIDTH - 2 * AMOUNT - len(label))
    return f"{label}{first}{_or_dash(above):>{AMOUNT}}{_or_dash(true_up):>{AMOUNT}}"


def _or_dash(cents: Cents) -> str:
    """An amount, or a dash that stands under the decimal comma."""
    return amount_text(cents) if cents else "–  "


def _sums(agreements: Iterable[AgreementCost]) -> tuple[Cents, Cents, Cents]:
    rows = list(agreements)
    return total(a.due for a in rows), total(a.above_ceiling for a in rows), total(a.true_up for a in rows)


def _paragraph(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _finished(lines: Iterable[str]) -> str:
    """Lines as text; spaces that may not break have done their work."""
    return "\n".join(line.rstrip() for line in lines).replace(NO_BREAK, " ") + "\n"

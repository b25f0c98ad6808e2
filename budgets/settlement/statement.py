"""The printable settlement: A4, Dutch, archival (PDF/A) and accessible (PDF/UA), the same bytes for the same input.

All figures and texts reach the template as data; names are never part of its source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from budgets.settlement.check import claims
from budgets.settlement.explain import FORM_NAMES
from budgets.settlement.model import AgreementCost, Line, Settlement
from budgets.settlement.waterfall import Bar, waterfall
from budgets.settlement.wording import (
    CLAUSE_NAMES,
    NO_BREAK,
    STEP_NAMES,
    Figure,
    amount_text,
    balance_name,
    base_name,
    capital,
    day_text,
    declaration_figures,
    figures,
    margin_text,
    outcome,
    remark,
    spaced,
)
from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.money import euros_nl, total
from subcontractors.agreements.model import FormCode

TEMPLATE = Path(__file__).with_name("statement.typ")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_LAST_LATIN = "\u017f"
_NEGATIVE = re.compile(r"(?:^|(?<=\s))-(?=\d)")
_SIGNS = "–—‘’“”„…•€×−·≤≥"


def statement_pdf(
    contract: Contract,
    settlement: Settlement,
    names: Mapping[str, str],
    *,
    made_at: datetime,
    version: int,
    final: bool,
) -> bytes:
    """The settlement as a PDF of a few pages.

    Args:
        contract: its terms.
        settlement: the settlement of that contract.
        names: subcontractors by AGB code; one without a name is called by its code.
        made_at: when the settlement was made; it dates the document.
        version: its version.
        final: whether it settles the year for good; else it is called a concept.

    Raises:
        ValueError: ``made_at`` has no time zone.
    """
    if made_at.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {made_at!r}")
    content = statement_content(contract, settlement, names, made_at=made_at, version=version, final=final)
    return _pdf(_printable(content), int(made_at.timestamp()))


def statement_content(
    contract: Contract,
    settlement: Settlement,
    names: Mapping[str, str],
    *,
    made_at: datetime,
    version: int,
    final: bool,
) -> dict[str, Any]:
    """What stands in the document, as plain texts and numbers for the template."""
    status = "definitief" if final else "concept"
    local = made_at.astimezone(AMSTERDAM).date()
    return {
        "title": f"Afrekening {settlement.year}",
        "author": contract.lead_contractor.name,
        "date": [local.year, local.month, local.day],
        "status": capital(status),
        "running": f"Afrekening {settlement.year}, contract {contract.id}, {status}, versie {version}",
        "facts": _facts(contract, version, status, day_text(local)),
        "outcome": list(outcome(contract, settlement)),
        "key": _key_figures(contract, settlement),
        "waterfall": [_bar(bar) for bar in waterfall(settlement)],
        "steps": [_step(number, line, contract, settlement) for number, line in enumerate(settlement.lines, start=1)],
        "forms": _forms(settlement, names),
        "declarations": [_figure(figure) for figure in declaration_figures(contract, settlement)],
        "claims": [
            {"claim": _claim(claim), "expected": _amount(expected), "found": _amount(found)}
            for claim, expected, found in claims(settlement)
        ],
    }


def _pdf(content: dict[str, Any], timestamp: int) -> bytes:
    """Set the content; where a name has signs that no font here can show, those become question marks."""
    import typst

    try:
        return _compiled(content, timestamp)
    except typst.TypstError:
        shown = _shown(content)
        if shown == content:
            raise
        return _compiled(shown, timestamp)


def _compiled(content: dict[str, Any], timestamp: int) -> bytes:
    """Run the template with the fonts that come with it: nothing from the machine, nothing from a network."""
    import typst

    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],  # level A asks all that level B does, and the order of reading besides
        timestamp=timestamp,
    )
    return made


def _facts(contract: Contract, version: int, status: str, day: str) -> list[list[str]]:
    who, city = contract.lead_contractor, contract.municipality
    return [
        ["Gemeente", f"{city.name} ({city.code})"],
        ["Hoofdaannemer", f"{who.name} (AGB {who.agb})"],
        ["Contract", contract.id],
        ["Contractperiode", f"{day_text(contract.first_day)} tot en met {day_text(contract.last_day)}"],
        ["Versie", f"{version}, opgemaakt op {day}"],
        ["Status", status],
    ]


def _key_figures(contract: Contract, settlement: Settlement) -> list[list[str]]:
    return [
        ["Opbrengst", _euros(settlement.revenue.total), ""],
        ["Meetellende kosten", _euros(settlement.cost.total), ""],
        ["Resultaat", _euros(settlement.result), _minus(f"{margin_text(settlement)} van de {base_name(contract)}")],
        [capital(balance_name(settlement)), _euros(abs(settlement.balance_due)), ""],
    ]


def _bar(bar: Bar) -> dict[str, Any]:
    return {**_figure(Figure(bar.name, bar.cents, bar.is_total)), "start": bar.start, "length": bar.length}


def _step(number: int, line: Line, contract: Contract, settlement: Settlement) -> dict[str, Any]:
    return {
        "number": number,
        "name": STEP_NAMES[line.step],
        "clause": CLAUSE_NAMES.get(line.clause, ""),
        "key": line.clause,
        "figures": [_figure(figure) for figure in figures(line, contract, settlement)],
        "remark": _minus(remark(line)),
        "transfers": [
            {
                "debit": ACCOUNTS[made.debit].name,
                "credit": ACCOUNTS[made.credit].name,
                "amount": _amount(made.cents),
                "explanation": made.explanation,
                "key": made.clause,
            }
            for made in line.transfers
        ],
    }


def _forms(settlement: Settlement, names: Mapping[str, str]) -> dict[str, Any]:
    """The agreements per form, with the sums of each form and of all."""
    found = []
    for form in FormCode:
        within = [agreement for agreement in settlement.agreements if agreement.form is form]
        if within:
            rows = [
                {"id": one.id, "name": names.get(one.subcontractor, one.subcontractor), **_sums([one])}
                for one in within
            ]
            found.append({"name": capital(FORM_NAMES[form]), "rows": rows, **_sums(within)})
    return {"forms": found, **_sums(settlement.agreements)}


def _claim(claim: str) -> str:
    """A claim with the forms by their Dutch names."""
    for form, name in FORM_NAMES.items():
        claim = claim.replace(f"van vorm {form.value} ", f"van {name} ")
    return capital(claim)


def _sums(agreements: Iterable[AgreementCost]) -> dict[str, str]:
    rows = list(agreements)
    above, true_up = total(one.above_ceiling for one in rows), total(one.true_up for one in rows)
    return {
        "due": _amount(total(one.due for one in rows)),
        "above": _amount(above) if above else "",
        "true_up": _amount(true_up) if true_up else "",
    }


def _figure(figure: Figure) -> dict[str, Any]:
    name = figure.name if figure.is_part else capital(figure.name)
    return {"name": name, "amount": _amount(figure.cents), "total": figure.is_total, "part": figure.is_part}


def _amount(cents: int) -> str:
    return _minus(amount_text(cents))


def _euros(cents: int) -> str:
    return _minus(spaced(euros_nl(cents)))


def _minus(text: str) -> str:
    """A hyphen before an amount as the minus sign that it is."""
    return _NEGATIVE.sub("−", text)


def _mapped(content: Any, change: Callable[[str], str]) -> Any:
    """The same content with every sign of every text changed."""
    if isinstance(content, str):
        return "".join(map(change, content))
    if isinstance(content, list):
        return [_mapped(part, change) for part in content]
    if isinstance(content, dict):
        return {key: _mapped(part, change) for key, part in content.items()}
    return content


def _printable(content: Any) -> Any:
    """All texts without signs that do not print."""
    return _mapped(content, lambda sign: sign if sign.isprintable() or sign == NO_BREAK else " ")


def _shown(content: Any) -> Any:
    """All texts with question marks for what lies outside the Latin letters that every font here has."""
    return _mapped(content, lambda sign: sign if sign <= _LAST_LATIN or sign in _SIGNS else "?")

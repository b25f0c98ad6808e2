"""The way in: a year folder as plain values, or everything that is wrong with it.

Nothing is half read: with one error there is no year, and all findings come at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from budgets.year_folder import agreement_terms
from budgets.year_folder.cells import nearest, quoted
from budgets.year_folder.columns import TABLES, Table
from budgets.year_folder.csv_table import Row, read_table
from budgets.year_folder.draft import Draft
from budgets.year_folder.files import MAX_TABLE_BYTES, MAX_TOML_BYTES, read_text
from budgets.year_folder.grid import MAX_FINDINGS
from budgets.year_folder.model import YearFolder
from budgets.year_folder.rules import Rule
from budgets.year_folder.terms import FORMAT, ContractTerms
from budgets.year_folder.toml_source import parse, schema_findings
from budgets.year_folder.year_checks import check
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.findings import Finding, Severity, errors

CONTRACT = "contract.toml"
AGREEMENTS = agreement_terms.FILE
MESSAGES = "messages"
MESSAGE_KINDS = (".xml", ".csv", ".xlsx")
OUR_KINDS = (".csv", ".toml")
MAX_SHOWN = 200

FILES = (CONTRACT, AGREEMENTS, *(table.file for table in TABLES))
"""Every file of the format, in the order in which findings name them."""


def read(folder: Path, *, settling: bool = True) -> tuple[YearFolder | None, tuple[Finding, ...]]:
    """Read a year folder.

    Args:
        folder: the folder with ``contract.toml``, ``agreements.toml`` and the tables.
        settling: whether the year must be complete. With ``False`` what is still missing to settle on (a
            month without realised FTE, an index figure) is a warning, so that a running year can be used.

    Returns:
        The year, or ``None`` where a finding is an error; and the findings, errors first, at most 200 with a
        last one that says how many more there are. Tables are in canonical order, agreements by id.
    """
    if not folder.is_dir():
        what = "is geen map" if folder.exists() else "bestaat niet"
        remedy = "Geef de map waarin contract.toml staat."
        return None, (Finding(Rule.FOLDER, f"{folder} {what}.", remedy, folder.name),)
    draft, found = _read_draft(folder)
    messages, more = _messages(folder)
    found += [*more, *_unknown_files(folder), *check(draft, settling=settling)]
    if errors(found) or draft.contract is None:
        return None, shown(found)
    return _year(draft, draft.contract, messages), shown(found)


def _read_draft(folder: Path) -> tuple[Draft, list[Finding]]:
    contract_source, found = _read_toml(folder, CONTRACT)
    contract, wrong = _contract(contract_source) if contract_source is not None else (None, ())
    found += wrong
    agreements_source, missing = _read_toml(folder, AGREEMENTS)
    found += missing
    agreements, wrong = agreement_terms.read_agreements(agreements_source or {}, contract)
    found += wrong
    tables: dict[str, tuple[Row, ...]] = {}
    for table in TABLES:
        tables[table.file], wrong = _read_csv(folder, table)
        found += wrong
    draft = Draft(
        contract,
        contract_source or {},
        _by_id((agreements_source or {}).get(agreement_terms.TABLE)),
        agreements,
        tables,
        frozenset(finding.file for finding in errors(found)),
    )
    return draft, found


def _read_toml(folder: Path, name: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    path = folder / name
    if not path.exists():
        return None, [_absent(name)]
    text = read_text(path, MAX_TOML_BYTES)
    parsed = parse(name, text) if isinstance(text, str) else text
    return (None, [parsed]) if isinstance(parsed, Finding) else (parsed, [])


def _absent(name: str) -> Finding:
    return Finding(Rule.FILE, f"{name} ontbreekt.", f"Zet {name} in de map.", name)


def _contract(source: Mapping[str, Any]) -> tuple[Contract | None, tuple[Finding, ...]]:
    version = source.get("format")
    if version is not None and (version != FORMAT or isinstance(version, bool)):
        remedy = f"Schrijf format = {FORMAT}, of gebruik een versie van Hoofdsom die dit formaat kent."
        message = f"Formaat {quoted(str(version))} is niet bekend."
        return None, (Finding(Rule.FORMAT, message, remedy, CONTRACT, column="format"),)
    schema = ContractTerms()
    try:
        contract: Contract = schema.load(source)
    except ValidationError as error:
        return None, schema_findings(CONTRACT, schema, error.messages)
    return contract, ()


def _read_csv(folder: Path, table: Table) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    path = folder / table.file
    if not path.exists():
        return (), (_absent(table.file),) if table.required else ()
    text = read_text(path, MAX_TABLE_BYTES)
    return ((), (text,)) if isinstance(text, Finding) else read_table(table, text)


def _by_id(tables: object) -> tuple[Mapping[str, Any], ...]:
    found = [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
    return tuple(sorted(found, key=lambda table: str(table.get("id", ""))))


def _messages(folder: Path) -> tuple[tuple[Path, ...], list[Finding]]:
    """The message files by name; what is no message is a warning, hidden files are passed over."""
    place = folder / MESSAGES
    if not place.exists():
        return (), []
    if not place.is_dir():
        return (), [Finding(Rule.FILE, f"{MESSAGES} is geen map.", "Maak er een map van.", MESSAGES)]
    found, findings = [], []
    for path in sorted(place.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_file() and path.suffix.lower() in MESSAGE_KINDS:
            found.append(path)
        else:
            message = f"{MESSAGES}/{path.name} is geen bericht en wordt niet gelezen."
            remedy = "Zet alleen .xml-, .csv- en .xlsx-bestanden in deze map."
            findings.append(_warning(message, remedy, f"{MESSAGES}/{path.name}"))
    return tuple(found), findings


def _unknown_files(folder: Path) -> list[Finding]:
    """Tables and terms with a name that the format does not have: likely a slip of the pen."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in OUR_KINDS)
    free = [name for name in FILES if name not in names] or list(FILES)
    return [
        _warning(f"{name} hoort niet bij het formaat en wordt niet gelezen.", nearest(name, free), name)
        for name in names
        if name not in FILES and not name.startswith(".")
    ]


def _warning(message: str, remedy: str, file: str) -> Finding:
    return Finding(Rule.FILE, message, remedy, file, severity=Severity.WARNING)


def _year(draft: Draft, contract: Contract, messages: tuple[Path, ...]) -> YearFolder:
    tables: dict[str, Any] = {table.field: tuple(value for _, value in draft.tables[table.file]) for table in TABLES}
    return YearFolder(
        contract=contract,
        contract_source=draft.contract_source,
        agreements_source=draft.agreements_source,
        agreements=tuple(sorted((one for _, one in draft.agreements), key=lambda one: one.id)),
        messages=messages,
        **tables,
    )


def shown(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as people get them: errors first, then by file and row, at most 200 and then a count."""
    order = {name: place for place, name in enumerate(FILES)}
    ordered = sorted(
        dict.fromkeys(findings),
        key=lambda one: (one.severity is not Severity.ERROR, order.get(one.file, len(order)), one.row or 0),
    )
    if len(ordered) <= MAX_SHOWN:
        return tuple(ordered)
    more = len(ordered) - MAX_SHOWN
    at_least = "ten minste " if len(ordered) >= MAX_FINDINGS else ""
    last = Finding(
        Rule.MORE,
        f"Er zijn nog {at_least}{more} bevindingen.",
        "Herstel eerst de bevindingen hierboven en lees de map opnieuw.",
        severity=ordered[MAX_SHOWN].severity,
    )
    return (*ordered[:MAX_SHOWN], last)

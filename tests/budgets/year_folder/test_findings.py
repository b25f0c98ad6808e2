"""Every kind of bad input: the finding names the place, what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from budgets.year_folder import reader
from budgets.year_folder.reader import read
from budgets.year_folder.rules import Rule
from lead_contractor.kernel.findings import Finding, Severity, errors
from tests.budgets.year_folder.sample import AGREEMENTS, CONTRACT, REALISED, SUBCONTRACTORS, write_sample


def swap(old: str, new: str) -> Callable[[str], str]:
    """An edit of a sample file that must find what it replaces."""

    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return edit


def add(*lines: str) -> Callable[[str], str]:
    return lambda text: text + "".join(f"{line}\n" for line in lines)


def terms(extra: str) -> Callable[[str], str]:
    """Terms added to the settlement."""
    return add(extra)


def lump_sum(extra: str) -> Callable[[str], str]:
    return swap('amount = "1200000.00"\n', f'amount = "1200000.00"\n{extra}\n')


@dataclass(frozen=True)
class Case:
    """A change to the sample and the one finding that must come of it."""

    name: str
    changes: dict[str, Any]
    place: str
    rule: str
    says: str
    remedy: str
    warning: bool = False


def case(name: str, place: str, rule: str, says: str, remedy: str, *, warning: bool = False, **changes: Any) -> Any:
    return pytest.param(Case(name, changes, place, rule, says, remedy, warning), id=name.replace(" ", "-"))


FILES = (
    case("no contract", "contract.toml", Rule.FILE, "ontbreekt", "Zet contract.toml", contract=None),
    case("no agreements", "agreements.toml", Rule.FILE, "ontbreekt", "Zet agreements.toml", agreements=None),
    case("no subcontractors", "subcontractors.csv", Rule.FILE, "ontbreekt", "Zet", subcontractors=None),
    case("not UTF-8", "tariffs.csv, rij 2", Rule.ENCODING, "UTF-8", "CSV UTF-8", tariffs=b"a,b\nCaf\xe9,1\n"),
    case("zero bytes", "costs.csv, rij 3", Rule.ENCODING, "0x00", "UTF-8", costs=b"a\r\nb\r\nc\0d"),
    case("a workbook", "costs.csv", Rule.ENCODING, "werkmap", "als CSV", costs=b"PK\x03\x04rest"),
    case("UTF-16", "costs.csv", Rule.ENCODING, "UTF-16", "UTF-8", costs="datum".encode("utf-16")),
    case("garbage", "contract.toml, rij 1", Rule.ENCODING, "geen tekst", "UTF-8", contract=b"\x80\x01\x02"),
    case("empty table", "costs.csv", Rule.HEADER, "leeg", "date,kind,amount,description,disallowed", costs=""),
    case("misspelt table", "tarifs.csv", Rule.FILE, "wordt niet gelezen", "waiting", warning=True, tarifs="a,b\n"),
)

TOML = (
    case("no TOML", "contract.toml, rij 2", Rule.TOML, "geen geldige TOML", "Herstel", contract="format = 1\nx = =\n"),
    case("deep TOML", "contract.toml", Rule.TOML, "diep", "Herstel", contract="x = " + "[" * 9000),
    case("long number", "contract.toml", Rule.TOML, "te lang", "Herstel", contract="x = " + "1" * 9000),
    case("infinity", "contract.toml", Rule.TOML, "te lang", "Herstel", contract="x = inf"),
    case(
        "newer format",
        "contract.toml, format",
        Rule.FORMAT,
        "'2' is niet bekend",
        "format = 1",
        contract=swap("format = 1", "format = 2"),
    ),
    case(
        "unknown key",
        "contract.toml, lump_sum.amuont",
        Rule.KEY_UNKNOWN,
        "'amuont'",
        "Bedoelt u amount?",
        contract=lump_sum('amuont = "1.00"'),
    ),
    case(
        "unknown table",
        "contract.toml, settlment",
        Rule.KEY_UNKNOWN,
        "'settlment'",
        "Bedoelt u settlement?",
        contract=terms("[settlment]"),
    ),
    case(
        "missing key",
        "contract.toml, settlement.cut_off",
        Rule.KEY_MISSING,
        "ontbreekt",
        "Voeg",
        contract=swap("cut_off = 2026-03-31\n", ""),
    ),
    case(
        "missing table",
        "contract.toml, municipality",
        Rule.KEY_MISSING,
        "ontbreekt",
        "Voeg",
        contract=CONTRACT.replace('[municipality]\nname = "Hollands Kroon"\ncode = "1911"\n', ""),
    ),
    case(
        "no table",
        "contract.toml, settlement.margin",
        Rule.VALUE,
        "tabel",
        "[tabel]",
        contract=swap('[settlement.margin]\ncap_percent = "5"', "margin = 5"),
    ),
    case(
        "municipality number",
        "contract.toml, municipality.code",
        Rule.VALUE,
        "geen tekst",
        "aanhalingstekens",
        contract=swap('code = "1911"', "code = 1911"),
    ),
    case(
        "municipality short",
        "contract.toml, municipality.code",
        Rule.VALUE,
        "voorloopnullen",
        "Schrijf 0363",
        contract=swap('"1911"', '"363"'),
    ),
    case(
        "lead AGB short",
        "contract.toml, lead_contractor.agb",
        Rule.VALUE,
        "voorloopnullen",
        "Schrijf 01420001",
        contract=swap('"42420001"', '"1420001"'),
    ),
    case(
        "thousands in terms",
        "contract.toml, lump_sum.amount",
        Rule.VALUE,
        "duizendtalscheiding",
        "1234.56",
        contract=swap('"1200000.00"', '"1.200.000,00"'),
    ),
    case(
        "negative lump sum",
        "contract.toml, lump_sum.amount",
        Rule.VALUE,
        "negatief",
        "nul of meer",
        contract=swap('"1200000.00"', '"-1.00"'),
    ),
    case(
        "month 13",
        "contract.toml, lump_sum.last_month",
        Rule.VALUE,
        "13 ligt niet tussen 1 en 12",
        "tot en met 12",
        contract=lump_sum("last_month = 13"),
    ),
    case(
        "months turned round",
        "contract.toml, lump_sum.first_month",
        Rule.VALUE,
        "ligt na",
        "Draai",
        contract=lump_sum("first_month = 7\nlast_month = 6"),
    ),
    case(
        "unknown word",
        "contract.toml, lump_sum.proration",
        Rule.VALUE,
        "'month'",
        "Bedoelt u months?",
        contract=lump_sum('proration = "month"'),
    ),
    case(
        "cap over 100",
        "contract.toml, settlement.margin.cap_percent",
        Rule.VALUE,
        "105",
        "tot en met 100",
        contract=swap('cap_percent = "5"', 'cap_percent = "105"'),
    ),
    case(
        "percent sign",
        "contract.toml, settlement.margin.cap_percent",
        Rule.VALUE,
        "teken",
        "zonder € of %",
        contract=swap('cap_percent = "5"', 'cap_percent = "5%"'),
    ),
    case(
        "no reserve",
        "contract.toml, settlement.reserve",
        Rule.VALUE,
        "reserve",
        "[settlement.reserve]",
        contract=terms('excess = "reserve"'),
    ),
    case(
        "closed last band",
        "contract.toml, settlement.deficit.bands",
        Rule.VALUE,
        "niet open",
        "zonder up_to_percent",
        contract=terms('[settlement.deficit]\nbands = [ { up_to_percent = "2", municipality_percent = "0" } ]'),
    ),
    case(
        "bands fall",
        "contract.toml, settlement.deficit.bands",
        Rule.VALUE,
        "lopen niet op",
        "van laag naar hoog",
        contract=terms(
            '[settlement.deficit]\nbands = [ { up_to_percent = "5", municipality_percent = "0" },\n'
            '  { up_to_percent = "2", municipality_percent = "50" }, { municipality_percent = "0" } ]'
        ),
    ),
    case(
        "bad band",
        "contract.toml, settlement.deficit.bands[1].municipality_percent",
        Rule.VALUE,
        "geen getal",
        "getal",
        contract=terms('[settlement.deficit]\nbands = [ { municipality_percent = "half" } ]'),
    ),
    case(
        "corrections early",
        "contract.toml, settlement.corrections_until",
        Rule.TERMS,
        "eerder",
        "Controleer",
        warning=True,
        contract=swap("2026-05-31", "2026-01-31"),
    ),
    case(
        "moment for a day",
        "contract.toml, settlement.cut_off",
        Rule.VALUE,
        "verkeerde soort",
        "datum",
        contract=swap("cut_off = 2026-03-31", "cut_off = 2026-03-31T12:00:00"),
    ),
    case(
        "no reference date",
        "contract.toml, lump_sum.volume.reference_date",
        "contract.volume.terms",
        "peildatum",
        "reference_date",
        contract=lump_sum('volume = { baseline = 10, measure = "reference_date" }'),
    ),
    case(
        "needless reference date",
        "contract.toml, lump_sum.volume.reference_date",
        Rule.VALUE,
        "Een peildatum",
        "Laat reference_date weg",
        contract=lump_sum("volume = { baseline = 10, reference_date = 2025-12-31 }"),
    ),
    case(
        "no weights",
        "contract.toml, lump_sum.indexation.weights",
        "contract.indexation.weights",
        "indexcijfers",
        "weights",
        contract=lump_sum('indexation = { method = "ratio" }'),
    ),
    case(
        "weight no number",
        "contract.toml, lump_sum.indexation.weights.OVA",
        Rule.VALUE,
        "geen getal",
        "decimale punt",
        contract=lump_sum('indexation = { method = "ratio", weights = { OVA = "veel" } }'),
    ),
    case(
        "percent not fixed",
        "contract.toml, lump_sum.indexation.percent",
        Rule.VALUE,
        "percent hoort alleen",
        "weg",
        contract=lump_sum('indexation = { method = "ratio", percent = "4", weights = { OVA = "1" } }'),
    ),
    case(
        "deduction outside",
        "contract.toml, lump_sum.deductions[1].month",
        "contract.deductions.month",
        "buiten",
        "first_month",
        contract=lump_sum('last_month = 6\ndeductions = [ { month = 7, percent = "5" } ]'),
        realised=None,
        agreements="",
    ),
    case(
        "shares too few",
        "contract.toml, lump_sum.payment_shares",
        "contract.lump_sum.payment_shares",
        "2 payment",
        "12 gewichten",
        contract=lump_sum("payment_shares = [1, 1]"),
    ),
    case(
        "no index figure",
        "index_figures.csv, percent",
        "contract.indexation.figure",
        "2025 ontbreekt",
        "Voeg een rij",
        contract=lump_sum('indexation = { method = "ratio", weights = { OVA = "1" }, first_contract_year = true }'),
    ),
)

AGREEMENT = (
    case(
        "unknown form",
        "agreements.toml, agreement[1].form",
        Rule.VALUE,
        "'pxk'",
        "Bedoelt u pxq?",
        agreements=swap('"pxq"', '"pxk"'),
        realised=REALISED,
    ),
    case(
        "no form",
        "agreements.toml, agreement[1].form",
        Rule.KEY_MISSING,
        "ontbreekt",
        "Voeg",
        agreements=swap('form = "pxq"\n', ""),
    ),
    case(
        "unknown own key",
        "agreements.toml, agreement[2].price_per_ft",
        Rule.KEY_UNKNOWN,
        "'price_per_ft'",
        "Bedoelt u price_per_fte?",
        agreements=swap('fte = "6.40"\n', 'fte = "6.40"\nprice_per_ft = "1"\n'),
    ),
    case(
        "unknown nested key",
        "agreements.toml, agreement[1].ceiling.amont",
        Rule.KEY_UNKNOWN,
        "'amont'",
        "Bedoelt u amount?",
        agreements=swap("ceiling = {", 'ceiling = { amont = "1",'),
    ),
    case(
        "unknown top key",
        "agreements.toml, agreements",
        Rule.KEY_UNKNOWN,
        "'agreements'",
        "Bedoelt u agreement?",
        agreements=add("[[agreements]]", 'id = "X"'),
    ),
    case(
        "no list",
        "agreements.toml, agreement",
        Rule.VALUE,
        "lijst",
        "[[agreement]]",
        agreements='[agreement]\nid = "X"\n',
        realised=None,
    ),
    case(
        "own key missing",
        "agreements.toml, agreement[3].amount",
        Rule.VALUE,
        "‘amount’ ontbreekt",
        "Vul ‘amount’ in",
        agreements=swap('amount = "240000.00"\n', ""),
    ),
    case(
        "bad milestone",
        "agreements.toml, agreement[4].milestones[2].at",
        Rule.VALUE,
        "‘at’",
        "Kies uit: start, end",
        agreements=swap('at = "end"', 'at = "later"'),
    ),
    case(
        "milestones not 100",
        "agreements.toml, agreement[4].milestones",
        Rule.VALUE,
        "110%",
        "samen 100",
        agreements=swap('percent = "30" }', 'percent = "40" }'),
    ),
    case(
        "no products",
        "agreements.toml, agreement[1].products",
        Rule.PRODUCTS,
        "noemt haar producten",
        "Voeg products",
        agreements=swap('products = ["02A03", "02A05"]\n', ""),
    ),
    case(
        "category 19",
        "agreements.toml, agreement[1].products[1]",
        Rule.VALUE,
        "'19' bestaat niet",
        "01 tot en met 18",
        agreements=swap('["02A03", "02A05"]', '["19"]'),
    ),
    case(
        "product twice",
        "agreements.toml, agreement[1].products",
        Rule.DUPLICATE,
        "02A03",
        "Laat er een weg",
        agreements=swap('["02A03", "02A05"]', '["02A03", "02A03"]'),
    ),
    case(
        "agreement ends first",
        "agreements.toml, agreement[3].valid_to",
        Rule.DATES,
        "eindigt",
        "valid_from",
        agreements=swap('id = "LS-1"\n', 'id = "LS-1"\nvalid_from = 2025-05-01\nvalid_to = 2025-04-30\n'),
    ),
    case(
        "agreement next year",
        "agreements.toml, agreement[3].valid_from",
        Rule.OUTSIDE_YEAR,
        "contractperiode",
        "Controleer",
        warning=True,
        agreements=swap('id = "LS-1"\n', 'id = "LS-1"\nvalid_from = 2026-01-01\nvalid_to = 2026-12-31\n'),
    ),
    case(
        "broken month",
        "agreements.toml, agreement[3]",
        Rule.DATES,
        "hele maand",
        "eerste",
        warning=True,
        agreements=swap('id = "LS-1"\n', 'id = "LS-1"\nvalid_from = 2025-01-15\n'),
    ),
    case(
        "one id twice",
        "agreements.toml, agreement[2].id",
        Rule.DUPLICATE,
        "Afspraak 1 en afspraak 2",
        "eigen id",
        agreements=lambda text: text.replace('"FTE-1"', '"PXQ-1"'),
        realised=lambda text: text.replace("FTE-1", "PXQ-1"),
    ),
    case(
        "unknown subcontractor",
        "agreements.toml, agreement[3].subcontractor",
        Rule.REFERENCE,
        "41410009",
        "Voeg hem toe",
        agreements=swap('"41410003"', '"41410009"'),
    ),
    case(
        "two for all work",
        "agreements.toml, agreement[6]",
        Rule.OVERLAP,
        "LS-1 en LS-2",
        "eindigen",
        agreements=add(
            "[[agreement]]", 'id = "LS-2"', 'subcontractor = "41410003"', 'form = "lump_sum"', 'amount = "1"'
        ),
    ),
    case(
        "two for one product",
        "agreements.toml, agreement[6].products",
        Rule.OVERLAP,
        "product 02A05",
        "verschillende producten",
        agreements=add(
            "[[agreement]]",
            'id = "PXQ-2"',
            'subcontractor = "65656055"',
            'form = "pxq"',
            'products = ["02A05", "01A01"]',
        ),
        tariffs=add("65656055,01A01,04,50.00,2025-01-01,"),
    ),
    case(
        "no tariff",
        "agreements.toml, agreement[1].products",
        Rule.TARIFF,
        "02A07",
        "Voeg een rij toe",
        warning=True,
        agreements=swap('"02A05"]', '"02A05", "02A07"]'),
    ),
    case(
        "realised missing",
        "realised.csv, fte",
        "agreement.realised.fte",
        "2025-03",
        "Vul",
        realised=swap("FTE-1,2025-03,6.12", "FTE-1,2025-03,"),
    ),
)

TABLES = (
    case(
        "unknown column", "costs.csv, rij 1, kolom amout", Rule.COLUMN_UNKNOWN, "'amout'", "x_",
        costs=lambda text: text.replace("\n", ",\n").replace("disallowed,", "disallowed,amout", 1),
    ),
    case(
        "missing column", "costs.csv, rij 1, kolom disallowed", Rule.COLUMN_MISSING, "disallowed ontbreekt", "Voeg",
        costs="date,kind,amount,description\n",
    ),
    case(
        "column twice", "costs.csv, rij 1, kolom date", Rule.HEADER, "tweemaal", "Laat er een weg",
        costs="date,date,kind,amount,description,disallowed\n",
    ),
    case(
        "nameless column", "costs.csv, rij 1", Rule.HEADER, "Kolom 6", "naam",
        costs="date,kind,amount,description,disallowed,\n",
    ),
    case(
        "short row", "costs.csv, rij 6", Rule.ROW, "3 cellen, de kopregel 5", "elke kolom", costs=add("2025-11-30,other,1.00"),
    ),
    case(
        "comma in amount", "costs.csv, rij 6", Rule.ROW, "6 cellen", "aanhalingstekens",
        costs=add("2025-11-30,other,1,50,Iets,false"),
    ),
    case(
        "open quote", "costs.csv, rij 6", Rule.ROW, "aanhalingsteken", "sluitend",
        costs=add('2025-11-30,other,1.50,"Iets,false', "2025-11-30,other,1.50,Iets,false"),
    ),
    case(
        "row after long cell", "costs.csv, rij 9, kolom amount", Rule.CELL, "'x'", "getal",
        costs=add('2025-11-30,other,1.50,"Twee', "regels", '",false', "2025-11-30,other,x,Iets,false"),
    ),
    case(
        "empty cell", "costs.csv, rij 6, kolom amount", Rule.CELL, "leeg", "Vul amount in", costs=add("2025-11-30,other,,Iets,false"),
    ),
    case(
        "thousands", "costs.csv, rij 6, kolom amount", Rule.CELL, "duizendtalscheiding", "1234.56",
        costs=add('2025-11-30,other,"1,234.56",Iets,false'),
    ),
    case(
        "decimal comma", "costs.csv, rij 6, kolom amount", Rule.CELL, "decimale komma", "Schrijf 34.5",
        costs=add('2025-11-30,other,"34,5",Iets,false'),
    ),
    case(
        "thousands in a semicolon file", "receipts.csv, rij 2, kolom amount", Rule.CELL, "duizendtalscheiding", "1234.56",
        receipts="date;amount;reference\n2025-01-01;1.234,56;\n",
    ),
    case(
        "three decimals", "receipts.csv, rij 2, kolom amount", Rule.CELL, "meer dan twee decimalen", "twee decimalen",
        receipts="date;amount;reference\n2025-01-01;1.234;\n",
    ),
    case(
        "far too much", "receipts.csv, rij 2, kolom amount", Rule.CELL, "te groot", "13 cijfers",
        receipts="date,amount,reference\n2025-01-01,12345678901234567890.00,\n",
    ),
    case(
        "Dutch date", "receipts.csv, rij 2, kolom date", Rule.CELL, "'1-2-2025'", "Schrijf 2025-02-01",
        receipts="date,amount,reference\n1-2-2025,1.00,\n",
    ),
    case(
        "no such day", "receipts.csv, rij 2, kolom date", Rule.CELL, "bestaat niet", "Controleer",
        receipts="date,amount,reference\n2025-02-30,1.00,\n",
    ),
    case(
        "endless day", "tariffs.csv, rij 5, kolom valid_to", Rule.CELL, "2199", "laat een open einde leeg",
        tariffs=add("65656055,02A06,04,50.00,2025-01-01,9999-12-31"),
    ),
    case(
        "no month", "realised.csv, rij 26, kolom month", Rule.CELL, "'2025-1'", "2025-03", realised=add("FTE-1,2025-1,1,,"),
    ),
    case(
        "no boolean", "costs.csv, rij 6, kolom disallowed", Rule.CELL, "'WAAR'", "true of false",
        costs=add("2025-11-30,other,1.00,Iets,WAAR"),
    ),
    case(
        "unknown kind", "costs.csv, rij 6, kolom kind", Rule.CELL, "'overhad'", "Bedoelt u overhead?",
        costs=add("2025-11-30,overhad,1.00,Iets,"),
    ),
    case(
        "cost of another year", "costs.csv, rij 6, kolom date", Rule.OUTSIDE_YEAR, "2024-12-31", "map van 2024",
        costs=add("2024-12-31,other,1.00,Iets,"),
    ),
    case(
        "cost twice", "costs.csv, rij 6", Rule.DUPLICATE, "rij 2", "Laat er een weg", warning=True,
        costs=add("2025-03-31,own_delivery,120000.00,Eigen wijkteam,false"),
    ),
    case(
        "AGB short", "subcontractors.csv, rij 7, kolom agb", Rule.CELL, "voorloopnullen", "Schrijf 01234567",
        subcontractors=add("1234567,Klein,,,zzp,,,"),
    ),
    case(
        "AGB twice", "subcontractors.csv, rij 7, kolom agb", Rule.DUPLICATE, "Rij 2 en rij 7", "Laat er een weg",
        subcontractors=add("65656055,Dubbel,,,zzp,,,"),
    ),
    case(
        "wrong IBAN", "subcontractors.csv, rij 7, kolom iban", Rule.CELL, "IBAN", "Controleer", warning=True,
        subcontractors=add("41234567,Klein,,NL00ABNA0417164300,zzp,,,"),
    ),
    case(
        "no consent", "subcontractors.csv, rij 3, kolom consent_date", Rule.CONSENT, "ontbreekt", "consent_date",
        warning=True, subcontractors=swap("large,2024-11-01", "large,"),
    ),
    case(
        "consent too late", "subcontractors.csv, rij 3, kolom consent_date", Rule.CONSENT, "2025-01-01", "toestemming",
        warning=True, subcontractors=swap("large,2024-11-01", "large,2025-03-01"),
    ),
    case(
        "not active", "agreements.toml, agreement[2]", Rule.ACTIVE, "Wijkteam Noord", "active_to", warning=True,
        subcontractors=swap("large,2024-11-01,,", "large,2024-11-01,,2025-06-30"),
    ),
    case(
        "tariff ends first", "tariffs.csv, rij 5, kolom valid_to", Rule.DATES, "eindigt", "Controleer",
        tariffs=add("65656055,02A06,04,50.00,2025-02-01,2025-01-31"),
    ),
    case(
        "tariffs overlap", "tariffs.csv, rij 5, kolom valid_from", Rule.OVERLAP, "rij 5", "rij 2 eindigen voor 2025-06-30",
        tariffs=add("65656055,02A03,04,50.00,2025-06-30,2025-06-30"),
    ),
    case(
        "tariff twice", "tariffs.csv, rij 5, kolom subcontractor", Rule.DUPLICATE, "Rij 2 en rij 5", "Laat er een weg",
        tariffs=add("65656055,02A03,04,50.00,2025-01-01,2025-06-30"),
    ),
    case(
        "huge tariff", "tariffs.csv, rij 5, kolom tariff", Rule.CELL, "te groot", "999999.99",
        tariffs=add("65656055,02A06,04,1000000.00,2025-01-01,"),
    ),
    case(
        "negative tariff", "tariffs.csv, rij 5, kolom tariff", Rule.CELL, "negatief", "nul of meer",
        tariffs=add("65656055,02A06,04,-50.00,2025-01-01,"),
    ),
    case(
        "unit lost its zero", "tariffs.csv, rij 5, kolom unit", Rule.CELL, "voorloopnul kwijt", "Schrijf 04",
        tariffs=add("65656055,02A06,4,50.00,2025-01-01,"),
    ),
    case(
        "code lost its zero", "tariffs.csv, rij 5, kolom product_code", Rule.CELL, "voorloopnul kwijt", "Schrijf 02A06",
        tariffs=add("65656055,2A06,04,50.00,2025-01-01,"),
    ),
    case(
        "tariff of a stranger", "tariffs.csv, rij 5, kolom subcontractor", Rule.REFERENCE, "41410009", "Voeg hem toe",
        tariffs=add("41410009,02A06,04,50.00,2025-01-01,"),
    ),
    case(
        "BSN fails", "allocations.csv, rij 5, kolom bsn", Rule.CELL, "elfproef", "Controleer",
        allocations=add("9,999900007,65656055,02,02A03,2025-01-01,,,,,,,,"),
    ),
    case(
        "BSN of zeros", "allocations.csv, rij 5, kolom bsn", Rule.CELL, "elfproef", "Controleer",
        allocations=add("9,000000000,65656055,02,02A03,2025-01-01,,,,,,,,"),
    ),
    case(
        "BSN short", "allocations.csv, rij 5, kolom bsn", Rule.CELL, "voorloopnullen", "negen cijfers",
        allocations=add("9,99990000,65656055,02,02A03,2025-01-01,,,,,,,,"),
    ),
    case(
        "category unknown", "allocations.csv, rij 5, kolom category", Rule.CELL, "'19' bestaat niet", "01 tot en met 18",
        allocations=add("9,999900006,65656055,19,,2025-01-01,,,,,,,,"),
    ),
    case(
        "category short", "allocations.csv, rij 5, kolom category", Rule.CELL, "voorloopnullen", "Schrijf 02",
        allocations=add("9,999900006,65656055,2,,2025-01-01,,,,,,,,"),
    ),
    case(
        "code without category", "allocations.csv, rij 5, kolom category", Rule.ALLOCATION, "categorie", "Vul category",
        allocations=add("9,999900006,65656055,,02A03,2025-01-01,,,,,,,,"),
    ),
    case(
        "allocation ends first", "allocations.csv, rij 5, kolom end", Rule.DATES, "eindigt", "Controleer",
        allocations=add("9,999900006,65656055,02,02A03,2025-02-01,2025-01-31,,,,,,,"),
    ),
    case(
        "volume alone", "allocations.csv, rij 5, kolom unit", Rule.ALLOCATION, "unit en frequency", "alle drie",
        allocations=add("9,999900006,65656055,02,02A03,2025-02-01,,12,,,,,,"),
    ),
    case(
        "half a volume", "allocations.csv, rij 5, kolom volume", Rule.CELL, "geen heel getal", "heel getal",
        allocations=add("9,999900006,65656055,02,02A03,2025-02-01,,1.5,04,4,,,,"),
    ),
    case(
        "frequency unknown", "allocations.csv, rij 5, kolom frequency", Rule.CELL, "'3'", "Kies uit: 1, 2, 4, 6",
        allocations=add("9,999900006,65656055,02,02A03,2025-02-01,,1,04,3,,,,"),
    ),
    case(
        "flag unknown", "allocations.csv, rij 5, kolom flags", Rule.CELL, "'crissis'", "Bedoelt u crisis?",
        allocations=add("9,999900006,65656055,02,02A03,2025-02-01,,,,,,,crissis,"),
    ),
    case(
        "number twice", "allocations.csv, rij 5, kolom number", Rule.DUPLICATE, "Rij 2 en rij 5", "Laat er een weg",
        allocations=add("1001,999900006,65656055,02,02A03,2025-02-01,,,,,,,,"),
    ),
    case(
        "trajectory without end", "allocations.csv, rij 5, kolom end", Rule.ALLOCATION, "TR-1", "Vul end in",
        allocations=add("9,999900006,41410004,02,02A17,2025-02-01,,,,,,,,"),
    ),
    case(
        "unknown agreement", "realised.csv, rij 26, kolom agreement", Rule.REFERENCE, "'FTE-2' bestaat niet", "FTE-1",
        realised=add("FTE-2,2025-01,1,,"),
    ),
    case(
        "realised twice", "realised.csv, rij 26, kolom agreement", Rule.DUPLICATE, "Rij 2 en rij 26", "Laat er een weg",
        realised=add("FTE-1,2025-01,1,,"),
    ),
    case(
        "realised outside", "realised.csv, rij 26, kolom month", Rule.OUTSIDE_YEAR, "2026-01", "Verbeter", warning=True,
        realised=add("FTE-1,2026-01,1,,"),
    ),
    case(
        "negative hours", "realised.csv, rij 26, kolom hours", Rule.CELL, "negatief", "nul of meer",
        realised=add("FTE-1,2026-01,,-1,"),
    ),
    case(
        "budget of a stranger", "budget.csv, rij 2, kolom subcontractor", Rule.REFERENCE, "41410009", "Voeg hem toe",
        budget="product_code,subcontractor,month,amount\n,41410009,,100.00\n",
    ),
    case(
        "budget of a month before", "budget.csv, rij 2, kolom month", Rule.OUTSIDE_YEAR,
        "2024-12 ligt buiten de contractperiode; het bedrag telt mee in 2025-01", "Verbeter", warning=True,
        budget="product_code,subcontractor,month,amount\n02A03,,2024-12,100.00\n",
    ),
    case(
        "history of a stranger", "history.csv, rij 2, kolom subcontractor", Rule.REFERENCE, "41410009", "Voeg hem toe",
        warning=True,
        history="service_month,received_month,subcontractor,product_code,amount\n2024-01,2024-02,41410009,02A03,5.00\n",
    ),
    case(
        "history of the year itself", "history.csv, rij 2, kolom service_month", Rule.OUTSIDE_YEAR,
        "2025-03 ligt niet vóór het contractjaar; de rij telt niet mee", "hoort in messages", warning=True,
        history="service_month,received_month,subcontractor,product_code,amount\n2025-03,2025-04,65656055,02A03,5.00\n",
    ),
    case(
        "history from the future", "history.csv, rij 2, kolom received_month", Rule.DATES,
        "Ontvangen in 2024-01, vóór de maand van zorg 2024-03", "Controleer", warning=True,
        history="service_month,received_month,subcontractor,product_code,amount\n2024-03,2024-01,65656055,02A03,5.00\n",
    ),
    case(
        "waiting list day", "waiting.csv, rij 2, kolom waiting", Rule.CELL, "leeg", "Vul waiting in",
        waiting="date,product_code,area,waiting,added,median_days\n2025-01-01,02A03,Noord,,,\n",
    ),
    case(
        "index year", "index_figures.csv, rij 2, kolom year", Rule.CELL, "'25' is geen jaar", "vier cijfers",
        index_figures="index,year,kind,percent,source\nOVA,25,provisional,3.5,\n",
    ),
    case(
        "counted twice", "beschikkingen.csv, rij 3, kolom date", Rule.DUPLICATE, "Rij 2 en rij 3", "Laat er een weg",
        beschikkingen="date,active\n2025-03-31,10\n2025-03-31,11\n",
    ),
)  # fmt: skip


@pytest.mark.parametrize("one", [*FILES, *TOML, *AGREEMENT, *TABLES])
def test_a_finding_names_place_and_remedy(one: Case, tmp_path: Path):
    year, findings = read(write_sample(tmp_path / "year", **one.changes))

    found = [finding for finding in findings if finding.place == one.place and finding.rule == one.rule]
    assert len(found) == 1, [str(finding) for finding in findings]
    assert one.says in found[0].message
    assert one.remedy in found[0].remedy
    assert (found[0].severity is Severity.WARNING) == one.warning
    assert (year is None) == bool(errors(findings))
    assert (year is None) != one.warning


def test_a_sound_folder_has_no_findings(tmp_path: Path):
    assert read(write_sample(tmp_path / "year"))[1] == ()


def test_a_folder_that_is_not_there(tmp_path: Path):
    assert read(tmp_path / "nowhere") == (
        None,
        (
            Finding(
                Rule.FOLDER,
                f"{tmp_path / 'nowhere'} bestaat niet.",
                "Geef de map waarin contract.toml staat.",
                "nowhere",
            ),
        ),
    )


def test_a_file_for_a_folder(tmp_path: Path):
    (tmp_path / "year").write_text("")
    assert read(tmp_path / "year")[1][0].message.endswith("is geen map.")


def test_an_empty_folder_misses_all_that_is_required(tmp_path: Path):
    assert [finding.file for finding in read(tmp_path)[1]] == ["contract.toml", "agreements.toml", "subcontractors.csv"]


@pytest.mark.parametrize("name", ["contract.toml", "subcontractors.csv", "costs.csv"])
def test_a_folder_for_a_file(name: str, tmp_path: Path):
    folder = write_sample(tmp_path / "year")
    (folder / name).unlink()
    (folder / name).mkdir()
    year, findings = read(folder)
    assert year is None
    assert (findings[0].rule, findings[0].place) == (Rule.FILE, name)


def test_messages_that_are_no_folder(tmp_path: Path):
    folder = write_sample(tmp_path / "year", messages={})
    (folder / "messages").write_text("")
    assert [str(finding.file) for finding in read(folder)[1]] == ["messages"]


def test_what_is_no_message_is_passed_over_with_a_warning(tmp_path: Path):
    folder = write_sample(tmp_path / "year")
    (folder / "messages" / "leesmij.txt").write_text("")
    (folder / "messages" / ".DS_Store").write_text("")
    year, findings = read(folder)
    assert [finding.file for finding in findings] == ["messages/leesmij.txt"]
    assert year is not None
    assert [path.name for path in year.messages] == ["februari.csv", "januari.csv", "traject.csv"]


def test_a_table_that_is_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "MAX_TABLE_BYTES", 64)
    findings = read(write_sample(tmp_path / "year"))[1]
    assert "subcontractors.csv" in {finding.file for finding in findings if finding.rule == Rule.SIZE}


def test_all_findings_of_a_folder_come_at_once(tmp_path: Path):
    folder = write_sample(
        tmp_path / "year",
        contract=swap('code = "1911"', 'code = "19"'),
        agreements=swap('"pxq"', '"pxk"'),
        tariffs=add("65656055,02A06,4,50.00,2025-01-01,"),
        costs=add("2025-11-30,other,,Iets,WAAR"),
    )
    places = [finding.place for finding in read(folder)[1]]
    assert places == [
        "contract.toml, municipality.code",
        "agreements.toml, agreement[1].form",
        "tariffs.csv, rij 5, kolom unit",
        "costs.csv, rij 6, kolom amount",
        "costs.csv, rij 6, kolom disallowed",
    ]


def test_after_two_hundred_findings_only_a_count(tmp_path: Path):
    folder = write_sample(tmp_path / "year", costs=add(*(["2025-11-30,other,x,Iets,false"] * 250)))
    findings = read(folder)[1]
    assert len(findings) == 201
    assert findings[-1].rule == Rule.MORE
    assert findings[-1].message == "Er zijn nog 50 bevindingen."


def test_errors_come_before_warnings(tmp_path: Path):
    folder = write_sample(
        tmp_path / "year", subcontractors=swap("large,2024-11-01", "large,"), costs=add("2025-11-30,other,x,Iets,false")
    )
    assert [finding.severity for finding in read(folder)[1]] == [Severity.ERROR, Severity.WARNING]


def test_a_damaged_table_brings_no_further_findings_about_those_who_refer_to_it(tmp_path: Path):
    folder = write_sample(tmp_path / "year", subcontractors=SUBCONTRACTORS.replace("kvk", "kvkk"))
    assert {finding.file for finding in read(folder)[1]} == {"subcontractors.csv"}


def test_a_running_year_may_lack_evidence(tmp_path: Path):
    until_june = "\n".join(REALISED.splitlines()[:13]) + "\n"
    folder = write_sample(tmp_path / "year", realised=until_june)
    assert read(folder)[0] is None
    year, findings = read(folder, settling=False)
    assert year is not None
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_no_bsn_appears_in_a_finding(tmp_path: Path):
    folder = write_sample(
        tmp_path / "year",
        allocations=add("1001,999900006,65656055,02,02A03,2025-02-01,,,,,,,,", "9,999900007,x,,,,,,,,,,,"),
    )
    text = "\n".join(str(finding) for finding in read(folder)[1])
    assert "99990000" not in text


def test_trajectories_by_code_or_category_but_the_closest_agreement_counts(tmp_path: Path):
    agreements = AGREEMENTS.replace('products = ["02A17"]', 'products = ["02"]') + (
        '[[agreement]]\nid = "PXQ-9"\nsubcontractor = "41410004"\nform = "pxq"\nproducts = ["02A03"]\n'
    )
    folder = write_sample(
        tmp_path / "year",
        agreements=agreements,
        tariffs=add("41410004,02A03,04,50.00,2025-01-01,"),
        allocations=add(
            "7,999900006,41410004,02,02A03,2025-02-01,,,,,,,,",
            "8,999900006,41410004,02,,2025-02-01,,,,,,,,",
            "9,999900006,41410004,02,,2025-02-01,,,,,,13,,",
        ),
    )
    assert [finding.place for finding in read(folder)[1]] == ["allocations.csv, rij 6, kolom end"]

"""The template of a month: all that is known is filled in, and what is sent back is accepted."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from lead_contractor.allocation.model import DELETED
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.annotated import corrected
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.suggestions import Change, Suggestion
from subcontractors.declarations.template import TemplateKind, template
from tests.subcontractors.declarations.scene import ANNA, THUIS_VERDER, allocated, debit

APRIL, ON = Month(2025, 4), date(2025, 5, 2)


def test_a_template_has_a_row_for_every_open_allocation_of_this_provider(contract):
    books = contract(
        allocated("0001001"),
        allocated("1002", "90 minutes a month", bsn=ANNA, start=date(2025, 4, 10), end=date(2025, 4, 20)),
        allocated("1003", product_code="02A05", reason_change=DELETED),
        allocated("1004", start=date(2025, 5, 1)),
        allocated("1005", end=date(2025, 3, 31)),
        allocated("1006", subcontractor="41410002"),
        allocated("1007", "5000 cents a month", product_code="02A09"),
    )
    name, content = template(books.scope, books.vault, 1, THUIS_VERDER, APRIL, ON, TemplateKind.CSV)
    assert name == "declaratie-2025-04.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    first, second, third = rows
    assert (first["toewijzing"], first["van"], first["tot en met"]) == ("1001", "2025-04-01", "2025-04-30")
    assert (first["referentie"], first["declaratie"], first["agb-code"]) == ("202504-1001", "D202504", THUIS_VERDER)
    assert (first["eenheid"], first["tarief"], first["volume"], first["bedrag"]) == ("04", "55,80", "", "")
    assert (second["bsn"], second["van"], second["tot en met"]) == (ANNA, "2025-04-10", "2025-04-20")
    assert (second["eenheid"], second["tarief"]) == ("01", "0,93")
    assert (third["eenheid"], third["tarief"]) == ("83", "")


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_a_template_that_is_filled_in_is_accepted(contract, kind):
    books = contract(allocated("1001"))
    name, content = template(books.scope, books.vault, 1, THUIS_VERDER, APRIL, ON, kind)
    (empty,) = read_file(name, content)
    assert [fault.message for fault in empty.faults] == ["In geen enkele rij is een volume of een bedrag ingevuld."]
    filled = [
        Suggestion(column, "", new, Change.FORMAT, "", "", row=2)
        for column, new in (("volume", "6"), ("amount", "334.80"))
    ]
    _, made = corrected(name, content, filled)
    (line,) = read_file(name, made)[0].lines
    assert (line.volume, line.amount, line.unit, line.tariff) == (6, Cents(33480), "04", Cents(5580))
    (verdict,) = books.take_in([(name, made)])
    assert [one.codes for one in verdict.lines] == [()]
    _, again = template(books.scope, books.vault, 1, THUIS_VERDER, APRIL, ON, TemplateKind.CSV)
    row = next(csv.DictReader(io.StringIO(again.decode("utf-8-sig")), delimiter=";"))
    assert (row["declaratie"], row["referentie"]) == ("D202504N2", "202504-1001-2")


def test_what_is_done_is_left_out(contract):
    books = contract(allocated("1001"), allocated("1002"))
    _, content = template(books.scope, books.vault, 1, THUIS_VERDER, APRIL, ON, TemplateKind.CSV, without=("1001",))
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert [row["toewijzing"] for row in rows] == ["1002"]


def test_a_month_without_allocations_has_an_empty_template(contract):
    books = contract(replace(allocated("1001"), subcontractor="41410002"))
    books.send(debit("R1"))
    _, content = template(books.scope, books.vault, 1, THUIS_VERDER, APRIL, ON)
    assert "geen enkele regel" in read_file("a.xlsx", content)[0].faults[0].message

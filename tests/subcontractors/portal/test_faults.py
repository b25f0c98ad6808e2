"""What is wrong with a file is said once, in words, with the rows it is about."""

from __future__ import annotations

from subcontractors.declarations.suggestions import Change, Suggestion
from subcontractors.iwmo.model import Fault
from subcontractors.portal.faults import Told, alike, runs, told


def fault(rule: str, message: str, **where: object) -> str:
    return str(Fault(rule, 1, message, "Vul haar.", **where))  # type: ignore[arg-type]


def test_the_same_fault_in_many_rows_is_one_sentence_without_the_name_of_the_column_in_the_format():
    faults = [fault("XSD", "eenheid ‘4’ komt niet voor.", place="unit", line=number) for number in (2, 3, 4, 7)]
    assert told(faults, table=True) == (Told("eenheid ‘4’ komt niet voor. Vul haar.", "", (2, 3, 4, 7)),)


def test_a_rule_of_the_standard_stays_and_one_of_ours_goes():
    standard = fault("CS337", "De periode valt niet in één maand.", place="ProductPeriode", reference="S-0004")
    ours = fault("CSV", "bedrag is leeg.", place="amount", line=2)
    assert told([standard, ours], table=True) == (
        Told("De periode valt niet in één maand. Vul haar.", "CS337", references=("S-0004",)),
        Told("bedrag is leeg. Vul haar.", "", (2,)),
    )


def test_in_a_message_the_element_stays_since_nothing_else_names_it():
    (one,) = told([fault("XSD", "Dit element ontbreekt.", place="Header/Afzender", line=9)], table=False)
    assert (one.place, one.rows) == ("Header/Afzender", (9,))


def test_a_sentence_without_a_place_or_with_a_colon_of_its_own_stays_whole():
    (one,) = told(["Het bestand heeft twee bladen: ‘a’ en ‘b’. Laat er één over."], table=True)
    assert one.said == "Het bestand heeft twee bladen: ‘a’ en ‘b’. Laat er één over."
    (other,) = told([fault("XML", "geen geldige XML: het houdt op (positie 7).", line=36)], table=False)
    assert (other.said, other.rows) == ("geen geldige XML: het houdt op (positie 7). Vul haar.", (36,))


def test_rows_are_told_as_runs():
    assert runs((2, 3, 4, 7)) == ((2, 4), (7, 7))
    assert runs(()) == ()


def test_one_change_in_many_rows_is_offered_as_one():
    offered = [
        Suggestion("unit", "4", "04", Change.FORMAT, "XSD", "zo", row=2),
        Suggestion("tariff", "1", "2", Change.TARIFF, "9338", "zo", row=2),
        Suggestion("unit", "4", "04", Change.FORMAT, "XSD", "zo", row=3),
    ]
    assert [[one.row for one in group] for group in alike(offered)] == [[2, 3], [2]]

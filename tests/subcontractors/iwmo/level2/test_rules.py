"""Level 2: every rule, on every message it stands on: what breaks it, and what just does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subcontractors.iwmo.document import Record, read_document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.messages import RETURNS
from subcontractors.iwmo.rules.register import RULES
from tests.subcontractors.iwmo.documents import (
    a_contact,
    a_refused_line,
    a_relation,
    a_request,
    an_allocation,
    as_bytes,
    changed,
    new,
    sound,
    to_change,
    unchanged,
    with_records,
)

OUTGOING = ("301", "305", "307", "315", "317", "319", "323", "325")
PRODUCTS = {"301": "ToegewezenProduct", "315": "AangevraagdProduct", "317": "NieuwProduct"}
LAST_DAY = {"301": "Einddatum", "315": "ToewijzingEinddatum", "317": "Einddatum"}
CHANGES = {**PRODUCTS, "318": "TeWijzigenProduct"}


def told(document):
    """The rules that a message breaks, after it was written and read back."""
    read = read_document(as_bytes(document))
    assert read.faults == ()
    return [fault.rule for fault in check_document(read)]


def products(number, *more):
    return [(number, PRODUCTS[number], dict(more))]


def everywhere(*, to_change_too=True, **values):
    """A change of the product of 301, 315 and 317; ``EIND`` stands for its last day."""
    places = list(PRODUCTS.items())
    places += [("317", "TeWijzigenProduct")] if to_change_too else []
    return [
        changed(sound(number), name, **{key.replace("EIND", LAST_DAY[number]): value for key, value in values.items()})
        for number, name in places
    ]


def at(number, place="", **values):
    return changed(sound(number), place, **values)


def records(number, *parts):
    return with_records(sound(number), *parts)


def born(number, day, use=None):
    return at(number, Client__Geboortedatum__Datum=day, Client__Geboortedatum__DatumGebruik=use)


PEOPLE = ("301", "305", "307", "315")
NO_ADDRESS = {"Adres": None}
PHONE = {"Telefoon__Telefoon01__Telefoonnummer": "0612345678", "Telefoon__Telefoon01__Landnummer": "0031"}

BROKEN = {
    "CD005": [
        at("301", "Contact", Adres__LandCode=None),
        at("301", "Relatie", Contact__Adres__LandCode="NL", Contact__Adres__Huis__Huisnummer="1"),
    ],
    "CD007": [
        at("301", Client__Communicatie__Vorm="1"),
        at("301", Client__Communicatie__Vorm="2", Client__Communicatie__Taal="Deens"),
    ],
    "CD009": [at("301", "Contact", Periode__Begindatum="2025-01-01")],
    "CD025": [at("301", "Contact", Adres__Huis=None, **PHONE)],
    "CD034": [
        at("301", "Contact", Adres__Postcode=None, Adres__LandCode=None, **PHONE),
        at("301", "Contact", Soort="03", Adres__Postcode=None, Adres__LandCode=None, **PHONE),
    ],
    "CD041": everywhere(to_change_too=False, Omvang=None),
    "CD043": [
        at("315", "AangevraagdProduct", BeschikkingNummer="1"),
        at("315", "AangevraagdProduct", BeschikkingIngangsdatum="2025-06-01"),
    ],
    "CD060": [
        at("323", "Client/Prestatie", ProductReferentie__VorigReferentieNummer="OUD"),
        at("325", "Client/Prestatie", ProductReferentie__VorigReferentieNummer="OUD"),
    ],
    "CD066": [at("315", "AangevraagdProduct", Verwijzer__ZorgverlenerCode="01012345")],
    "CD067": [at("315", "AangevraagdProduct", Verwijzer__Naam=None)],
    "CD068": [at("315", "AangevraagdProduct", Verwijzer__Type="06", Verwijzer__ZorgverlenerCode="01012345")],
    "CD075": [
        *everywhere(Omvang=None, Budget="500", EIND=None, Product__Code=None)[:3],
        at("317", "TeWijzigenProduct", Omvang=None, Budget="500", Einddatum=None),
    ],
    "CD076": everywhere(Omvang__Frequentie="2", EIND=None),
    "CD077": everywhere(Budget="500"),
    "CD078": everywhere(Budget="500"),
    "CD079": everywhere(to_change_too=False, Product=None, Omvang=None),
    "CD080": [
        at("301", "ToegewezenProduct", Product__Code=None),
        at("301", "ToegewezenProduct", Product__Code=None, Einddatum=None),
    ],
    "CD085": [at("319", Antwoord__RedenAfwijzingVerzoek=None)],
    "CD086": [at("319", Antwoord__VerzoekAntwoord="2")],
    "CD087": [at("323", "Client/Prestatie", ProductTarief=None)],
    "CD095": [at("315", "AangevraagdProduct", Product__Code=None)],
    "CD096": [at("317", "NieuwProduct", Product__Code=None)],
    "CS002": [
        *(at(number, Client__Bsn="999900007") for number in (*PEOPLE, "317")),
        *(at(number, "Client", Bsn="999900007") for number in ("323", "325")),
        at("319", Antwoord__VerzoekAntwoord="1"),
    ][:-1],
    "CS003": [
        at("301", "Contact", Soort="04", Periode__Begindatum="2025-02-02", Periode__Einddatum="2025-02-01"),
        *everywhere(EIND="2024-12-31"),
    ],
    "CS050": [
        at("301", Client__Naam__NaamGebruik="2"),
        at("301", Client__Naam__NaamGebruik="5"),
        at("301", "Relatie", Naam__NaamGebruik="6", Naam__Partnernaam__Achternaam="Berg"),
        at("301", Client__Naam__NaamGebruik="5", Client__Naam__Partnernaam__Achternaam="Dam"),
    ],
    "CS058": [
        at("305", "StartProduct", StatusAanlevering="2"),
        at("307", "StopProduct", StatusAanlevering="9"),
    ],
    "CS089": [at("301", "Contact", Adres__Postcode=postcode) for postcode in ("9999", "0123AB", "1761-AB", "1761ABC")],
    "CS100": [at("323", "Client/Prestatie", ProductPeriode__Begindatum="2020-12-31")],
    "CS139": [
        *(born(number, "1967-08-13", "1") for number in PEOPLE),
        born("301", "1967-08-01", "2"),
        born("305", "1901-01-01", "3"),
        at("301", "Relatie", Geboortedatum__DatumGebruik="3"),
    ],
    "CS318": [at("301", Client__Naam__NaamGebruik="6")],
    "CS325": [
        at(
            "323",
            Declaratie__TotaalIngediendBedrag__TotaalBedrag="0",
            Declaratie__TotaalIngediendBedrag__DebetCredit="C",
        ),
        at("325", "Client/Prestatie", IngediendBedrag__Bedrag="0", IngediendBedrag__DebetCredit="C"),
        at(
            "325",
            DeclaratieAntwoord__TotaalIngediendBedrag__TotaalBedrag="00",
            DeclaratieAntwoord__TotaalIngediendBedrag__DebetCredit="C",
        ),
        at(
            "325",
            DeclaratieAntwoord__TotaalToegekendBedrag__TotaalBedrag="0",
            DeclaratieAntwoord__TotaalToegekendBedrag__DebetCredit="C",
        ),
    ],
    "CS335": [
        at("301", "ToegewezenProduct", RedenWijziging="13"),
        at("301", "ToegewezenProduct", RedenWijziging="13", Einddatum=None),
    ],
    "CS336": [at("301", "ToegewezenProduct", RedenWijziging="01")],
    "CS337": [at("323", "Client/Prestatie", ProductPeriode__Begindatum="2025-03-31")],
    "CS338": [
        at("301", "ToegewezenProduct", Omvang__Eenheid="14", Omvang__Frequentie="1"),
        at("317", "NieuwProduct", Omvang__Eenheid="16", Omvang__Frequentie="1"),
        at("317", "TeWijzigenProduct", Omvang__Eenheid="83", Omvang__Frequentie="1", Einddatum=None),
    ],
    "CS339": [at("323", "Client/Prestatie", Eenheid="83", ProductTarief=None)],
    "CS340": [at("323", Declaratie__DeclaratiePeriode__Einddatum="2025-04-29")],
    "CS343": [at("315", "AangevraagdProduct", Omvang__Eenheid="84", Omvang__Frequentie="1")],
    "TR002": [born(number, "1905-05-05") for number in PEOPLE] + [born("301", "1900-01-01")],
    "TR006": [
        at("301", "Contact", Adres__Huis=None, Adres__LandCode="BE"),
        at("301", "Relatie", Contact__Telefoon=None),
    ],
    "TR018": [at("307", "StopProduct", Einddatum="2025-04-02")],
    "TR061": [at("301", "Contact", Soort="04")],
    "TR101": [
        records("301", a_relation("1"), a_relation("1"), a_contact(), an_allocation()),
        records("301", a_contact(), a_contact(), an_allocation()),
        records(
            "301",
            a_contact(),
            an_allocation("7", Einddatum="2025-01-31"),
            an_allocation("007", Ingangsdatum="2025-02-01"),
        ),
        *(with_records(sound(number), *(sound(number).root.records[:1] * 2)) for number in ("305", "307")),
        records("315", a_request("V1"), a_request("V1", **{"Product/Code": "01A04"})),
        records("317", unchanged(), unchanged(), to_change()),
        records("317", to_change(), to_change(), new()),
        records("317", unchanged(), new(Einddatum="2025-06-01"), new(Einddatum="2025-06-01")),
        with_records(sound("325"), *(sound("325").root.records * 2)),
        with_records(sound("323"), *(sound("323").root.records[:1] * 2)),
    ],
    "TR134": [
        *(born(number, "2025-05-07") for number in PEOPLE),
        at("301", "Relatie", Geboortedatum__Datum="2025-05-07", Geboortedatum__DatumGebruik=None),
        at("301", "ToegewezenProduct", Toewijzingsdatum="2025-05-07"),
        at("323", "Client/Prestatie", ProductPeriode__Begindatum="2025-05-07"),
        at("325", "Client/Prestatie", ProductPeriode__Begindatum="2025-05-07"),
    ],
    "TR137": [
        at("323", "Client/Prestatie", ProductPeriode__Einddatum="2025-05-07"),
        at("325", "Client/Prestatie", ProductPeriode__Einddatum="2025-05-07"),
        at("325", "Client/Prestatie", ProductPeriode__Einddatum="2025-03-31"),
    ],
    "TR302": [
        records("301", a_contact(), an_allocation("1"), an_allocation("2", Ingangsdatum="2025-06-30", Einddatum=None)),
    ],
    "TR315": [
        with_records(
            sound("323"),
            Record(
                "Client",
                {"Bsn": "999900006"},
                tuple(
                    replace(
                        a_refused_line(reference),
                        values={
                            key: value for key, value in a_refused_line(reference).values.items() if "Retour" not in key
                        }
                        | {"ProductReferentie/VorigReferentieNummer": "OUD", "IngediendBedrag/DebetCredit": "C"},
                    )
                    for reference in ("R8", "R9")
                ),
            ),
        )
    ],
    "TR316": [
        at("323", "Client/Prestatie", ProductReferentie__VorigReferentieNummer="R4", IngediendBedrag__DebetCredit="C")
    ],
    "TR335": [at("323", Declaratie__DeclaratieDagtekening="2030-05-01")],
    "TR342": [
        at("325", DeclaratieAntwoord__TotaalToegekendBedrag__TotaalBedrag="52999"),
        at("325", "Client/Prestatie", RetourCodes__RetourCode="0200"),
        at("325", DeclaratieAntwoord__RetourCodes__RetourCode="9333"),
        at(
            "325",
            DeclaratieAntwoord__RetourCodes__RetourCode="9333",
            DeclaratieAntwoord__TotaalToegekendBedrag__TotaalBedrag="0",
        ),
        with_records(at("325", DeclaratieAntwoord__RetourCodes__RetourCode="9333")),
    ],
    "TR352": [records("317", new())],
    "TR353": [records("317", unchanged())],
    "TR358": [at("323", Declaratie__TotaalIngediendBedrag__TotaalBedrag="57999")],
    "TR380": [at("317", "NieuwProduct", GewensteIngangsdatum="2025-05-06")],
    "TR383": [records("315", a_request("V1"), a_request("V1", **{"Product/Code": "01A04"}))],
    "TR386": [records("315", a_request("V1"), a_request("V2"))],
    "TR410": [records("317", unchanged(), new(), new(GewensteIngangsdatum="2025-07-01"))],
    "TR416": [at("323", "Client/Prestatie", ProductCode="01A04", ToewijzingNummer="102")],
}


NOT_BROKEN = {
    "a postcode may have a space or none": [
        at("301", "Contact", Adres__Postcode=postcode) for postcode in ("1761AB", "1761 ab", "9999XX")
    ],
    "another country has postcodes of its own": [
        at("301", "Contact", Adres__Postcode="B-1000", Adres__LandCode="BE", Adres__Huis=None, **PHONE)
    ],
    "a contact of any kind may be a telephone only": [
        at("301", "Contact", Soort=kind, Adres=None, **PHONE) for kind in ("01", "02", "03")
    ],
    "a postal address needs no postcode": [
        at("301", "Contact", Soort="02", Adres__Postcode=None, Adres__LandCode=None, **PHONE)
    ],
    "a temporary address has a period of any kind": [
        records("301", a_contact(), a_contact("04", **{"Periode/Begindatum": "2025-01-01"}), an_allocation())
    ],
    "somebody of 120 years": [born("305", "1905-05-06"), born("305", "1900-01-01", "3")],
    "what is unknown of a day of birth is written as 1": [
        born("307", "1953-01-01", "2"),
        born("307", "1949-09-01", "1"),
    ],
    "an allocation without an extent or code": [at("301", "ToegewezenProduct", Product__Code=None, Omvang=None)],
    "the default of taakgericht: a category and nothing else": [
        at("301", "ToegewezenProduct", Product__Code=None, Omvang=None, Einddatum=None)
    ],
    "a budget without a product": [at("301", "ToegewezenProduct", Product=None, Omvang=None, Budget="100")],
    "what ended in 2020 keeps to the old rules": [
        at("301", "ToegewezenProduct", Product__Code=None, Ingangsdatum="2020-01-01", Einddatum="2020-12-31"),
        at(
            "301",
            "ToegewezenProduct",
            Omvang__Eenheid="14",
            Omvang__Frequentie="1",
            Ingangsdatum="2020-01-01",
            Einddatum="2020-12-31",
        ),
    ],
    "an allocation that is deleted": [
        at("301", "ToegewezenProduct", RedenWijziging="13", Einddatum="2025-01-01"),
        records(
            "301",
            a_contact(),
            an_allocation("1"),
            an_allocation("2", RedenWijziging="13", Einddatum="2025-01-01"),
        ),
    ],
    "the same product after another": [
        records(
            "301",
            a_contact(),
            an_allocation("1"),
            an_allocation("2", Ingangsdatum="2025-07-01", Einddatum="2025-12-31"),
        ),
    ],
    "another code of the same category": [
        records("315", a_request("V1"), a_request("V2", **{"Product/Code": "01A04"})),
    ],
    "aids may overlap": [
        records("315", *(a_request(f"V{n}", **{"Product/Categorie": "11", "Product/Code": "11X01"}) for n in (1, 2))),
    ],
    "a referrer with a code": [
        at("315", "AangevraagdProduct", Verwijzer__Naam=None, Verwijzer__ZorgverlenerCode="01012345")
    ],
    "a request is being looked into": [at("319", Antwoord__VerzoekAntwoord="2", Antwoord__RedenAfwijzingVerzoek=None)],
    "a start of tomorrow": [at("305", "StartProduct", Begindatum="2025-05-07")],
    "a stop on the day of the start": [at("307", "StopProduct", Einddatum="2025-04-03")],
    "a new product from the next day": [at("317", "NieuwProduct", GewensteIngangsdatum="2025-05-07")],
    "a declaration refused as a whole": [
        with_records(
            at(
                "325",
                DeclaratieAntwoord__RetourCodes__RetourCode="9333",
                DeclaratieAntwoord__TotaalToegekendBedrag__TotaalBedrag="0",
            )
        )
    ],
    "a client that is unknown, with lines that were not assessed": [
        changed(at("325", "Client", RetourCodes__RetourCode="8187"), "Client/Prestatie", RetourCodes__RetourCode="0233")
    ],
}

OVERLAPS = {
    "a category over a code of it": (("01", ""), ("01", "01A03")),
    "a code over its category": (("01", "01A03"), ("01", "")),
    "a category over itself": (("01", ""), ("01", "")),
    "everything over a code": (("", ""), ("01", "01A03")),
    "a code over everything": (("01", "01A03"), ("", "")),
}


@pytest.mark.parametrize("pair", OVERLAPS.values(), ids=OVERLAPS)
def test_tr302_without_a_code_the_category_counts_and_without_a_category_everything(pair):
    parts = []
    for number, (category, code) in enumerate(pair, start=1):
        values = {"Product/Categorie": category, "Product/Code": code}
        part = an_allocation(str(number), Budget="" if category else "100")
        kept = {key: value for key, value in (part.values | values).items() if value and not key.startswith("Omvang")}
        parts.append(
            replace(
                part,
                values=kept
                | ({"Omvang/Volume": "1", "Omvang/Eenheid": "04", "Omvang/Frequentie": "4"} if code else {}),
            )
        )
    assert told(records("301", a_contact(), *parts)) == ["TR302"]


@pytest.mark.parametrize("what", NOT_BROKEN)
def test_what_just_does_not_break_a_rule(what):
    for document in NOT_BROKEN[what]:
        assert told(document) == []


def test_a_fault_says_where_what_and_what_to_do():
    (fault,) = check_document(at("305", "StartProduct", StatusAanlevering="2"))
    assert fault.place == "Bericht/Client/StartProducten/StartProduct[1]/StatusAanlevering"
    assert (fault.rule, fault.level, fault.reference) == ("CS058", 2, "101")
    assert fault.message == "De status van de aanlevering is niet 1 of 3."
    assert fault.remedy == "Gebruik 1 om iets voor het eerst te melden en 3 om die melding in te trekken."


def test_a_message_with_a_wrong_structure_is_not_looked_at():
    assert check_document(read_document(b"<Bericht/>")) == ()


def test_many_products_are_compared_in_no_time():
    many = tuple(an_allocation(str(number)) for number in range(5_000))
    faults = check_document(records("301", a_contact(), *many))
    assert [fault.rule for fault in faults] == ["TR302"] * 100


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_told(rule):
    for document in BROKEN[rule]:
        assert rule in told(document), document


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_is_broken_on_every_message_it_holds_for(rule):
    (entry,) = (one for one in RULES if one.id == rule)
    assert {document.message.number for document in BROKEN[rule]} == set(entry.messages)


def test_no_rule_of_level_2_is_left_out():
    assert {rule.id for rule in RULES if rule.level == 2} == set(BROKEN)


@pytest.mark.parametrize("number", OUTGOING)
def test_a_sound_message_breaks_no_rule(number):
    assert told(sound(number)) == []


@pytest.mark.parametrize("number", [answer.number for answer in RETURNS.values()])
def test_a_return_message_has_no_rules_of_its_own(number):
    assert told(sound(number)) == []

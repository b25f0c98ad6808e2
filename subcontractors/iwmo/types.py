"""The simple types of iWmo 3.2, declared once: the form of every value that stands in a message.

Only facts of the standard stand here; names are those of its shared schema. A ``private`` value says something
about a person and is never repeated in a message about what is wrong.
"""

from __future__ import annotations

from subcontractors.iwmo.code_lists import COUNTRIES, RETURN_CODES
from subcontractors.iwmo.simple import Clock, Day, Text, Whole

# XML Schema's "." matches no line end and its "\s" only these four, unlike Python's
_NOT_BLANK = r"[^\n\r]*[^ \t\n\r][^\n\r]*"
_SOMETHING = r"(?s:.*)[^ \t\n\r](?s:.*)"

AGB = Text("LDT_AgbCode", "een AGB-code van 8 cijfers", 1, 8, "[0-9]{8}", digits=8, rule="RS036")
MUNICIPALITY = Text("LDT_Gemeente", "een gemeentecode van 4 cijfers", 1, None, "[0-9]{4}", digits=4, rule="RS035")
BSN = Text("LDT_BurgerServicenummer", "een BSN van 9 cijfers", 1, 9, "[0-9]{9}", digits=9, rule="RS037", private=True)
DAY = Day()
BIRTH_DAY = Day(private=True)
AMOUNT = Whole("LDT_Bedrag", 99_999_999, rule="RS005")
TOTAL = Whole("LDT_TotaalBedrag", 999_999_999_999, rule="RS040")
VOLUME = Whole("LDT_Volume", 99_999_999, rule="RS005")
NUMBER = Whole("LDT_Nummer", 999_999_999, rule="RS006")
DEBIT_CREDIT = Text("LDT_DebetCredit", "D of C", values=("C", "D"))
UNIT = Text("LDT_Eenheid", "een eenheid", values=("01", "04", "14", "16", "82", "83", "84"))
CATEGORY = Text("LDT_ProductCategorie", "een productcategorie", values=tuple(f"{n:02d}" for n in range(1, 19)))
PRODUCT_CODE = Text("LDT_ProductCode", "een productcode van 1 tot en met 5 tekens", 1, 5, _NOT_BLANK, rule="RS012")
REFERENCE = Text("LDT_ReferentieNummer", "een referentie van 1 tot en met 20 tekens", 1, 20, rule="RS019")
MESSAGE_ID = Text("LDT_IdentificatieBericht", "een kenmerk van 1 tot en met 12 tekens", 1, 12, _NOT_BLANK, rule="RS017")
DECLARATION_ID = Text(
    "LDT_IdentificatieDeclaratie", "1 tot en met 12 letters en cijfers", 1, 12, "[a-zA-Z0-9]+", rule="CS319"
)
DECLARATION_ID_ANSWERED = Text(
    "LDT_IdentificatieDeclaratie", "een nummer van 1 tot en met 12 tekens", 1, 12, rule="RS017"
)
VERSION = Text(
    "LDT_Versie",
    "een versie als 1.0.0",
    1,
    None,
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)",
    rule="RS048",
)
STATUS = Text("LDT_StatusAanlevering", "een status", values=("1", "2", "3", "9"))
STOP_REASON = Text(
    "LDT_RedenBeeindiging",
    "een reden",
    values=("02", "19", "20", "21", "22", "23", "31", "36", "37", "38", "39"),
)
SEX = Text("LDT_Geslacht", "een geslacht", values=("0", "1", "2"))
DATE_USE = Text("LDT_DatumGebruik", "een datumgebruik", values=("1", "2", "3"))
NAME = Text("LDT_Naam", "een naam van 1 tot en met 200 tekens", 1, 200, _NOT_BLANK, private=True)
NAME_PREFIX = Text("LDT_Voorvoegsel", "een voorvoegsel van 1 tot en met 10 tekens", 1, 10, _NOT_BLANK, private=True)
INITIALS = Text("LDT_Voorletters", "1 tot en met 6 letters", 1, 6, "[a-zA-ZÀ-ỳ]+", rule="RS045", private=True)
RETURN_CODE = Text("LDT_RetourCode", "een retourcode", values=RETURN_CODES)
PERSON_ID = Text("LDT_Persoonsid", "een nummer van 1 tot en met 20 tekens", 1, 20, _NOT_BLANK, rule="RS019")
ORDER = Whole("LDT_RelatieVolgorde", 99, rule="RS002")
RELATION = Text("LDT_SoortRelatie", "een soort relatie", values=tuple(f"{n:02d}" for n in range(3, 26)))
NAME_USE = Text("LDT_NaamGebruik", "een naamgebruik", values=("1", "2", "3", "4", "5", "6"))
SPOKEN_FORM = Text("LDT_Communicatievorm", "een communicatievorm", values=("1", "2", "3"))
LANGUAGE = Text("LDT_Taal", "een taal van 1 tot en met 25 tekens", 1, 25, _NOT_BLANK, rule="RS021")
LEGAL_STATUS = Text("LDT_JuridischeStatus", "een juridische status", values=("01", "02", "03", "04", "05", "11", "12"))
REPRESENTATION = Text(
    "LDT_WettelijkeVertegenwoordiging", "een vertegenwoordiging", values=("06", "07", "08", "09", "10")
)
COMMENT = Text("LDT_Commentaar", "tekst", 1, None, _SOMETHING, rule="RS031", private=True)
ADDRESS_KIND = Text("LDT_AdresSoort", "een soort adres", values=("01", "02", "03", "04"))
HOUSE_NUMBER = Whole("LDT_Huisnummer", 99_999, rule="RS004", private=True)
HOUSE_LETTER = Text("LDT_Huisletter", "één teken", 1, 1, _NOT_BLANK, rule="RS008", private=True)
HOUSE_SUFFIX = Text("LDT_HuisnummerToevoeging", "1 tot en met 4 tekens", 1, 4, _NOT_BLANK, rule="RS011", private=True)
HOUSE_MARK = Text("LDT_AanduidingWoonadres", "een aanduiding", values=("AB", "BY", "TO", "WW"))
POSTCODE = Text("LDT_Postcode", "een postcode van 1 tot en met 8 tekens", 1, 8, _NOT_BLANK, rule="RS014", private=True)
STREET = Text("LDT_Straatnaam", "een straat van 1 tot en met 24 tekens", 1, 24, _NOT_BLANK, rule="RS020", private=True)
TOWN = Text("LDT_Plaatsnaam", "een plaats van 1 tot en met 80 tekens", 1, 80, _NOT_BLANK, rule="RS026", private=True)
COUNTRY = Text("LDT_LandCode", "een landcode", values=COUNTRIES)
ORGANISATION = Text(
    "LDT_Organisatienaam", "een naam van 1 tot en met 35 tekens", 1, 35, _NOT_BLANK, rule="RS023", private=True
)
PHONE = Text("LDT_Telefoonnummer", "1 tot en met 15 cijfers", 1, 15, "[0-9]*", rule="RS046", private=True)
PHONE_COUNTRY = Text("LDT_Landnummer", "een landnummer van 1 tot en met 4 tekens", 1, 4, _NOT_BLANK, rule="RS011")
EMAIL = Text("LDT_Emailadres", "een adres van 1 tot en met 80 tekens", 1, 80, _NOT_BLANK, rule="RS026", private=True)
PROVIDER_REFERENCE = Text(
    "LDT_Referentie", "een referentie van 1 tot en met 36 tekens", 1, 36, _NOT_BLANK, rule="RS024"
)
TIME = Clock()
CHANGE_REASON = Text("LDT_RedenWijziging", "een reden", values=tuple(f"{n:02d}" for n in range(1, 15)))
FREQUENCY = Text("LDT_Frequentie", "een frequentie", values=("1", "2", "4", "6"))
BUDGET = Whole("LDT_Budget", 99_999_999, rule="RS005")
REFERRER = Text("LDT_TypeVerwijzer", "een soort verwijzer", values=("01", "02", "03", "04", "05", "06", "08"))
REFERRER_NAME = Text(
    "LDT_NaamVerwijzer", "een naam van 1 tot en met 64 tekens", 1, 64, _NOT_BLANK, rule="RS025", private=True
)
YES_NO = Text("LDT_JaNee", "1 (ja) of 2 (nee)", values=("1", "2"))
REQUEST_REASON = Text("LDT_RedenVerzoek", "een reden", values=("1", "2"))
REQUEST_ANSWER = Text("LDT_VerzoekAntwoord", "een antwoord", values=("1", "2"))
REFUSAL_REASON = Text("LDT_RedenAfwijzingVerzoek", "een reden", 0, 2, values=tuple(str(n) for n in range(1, 10)))

"""Level 1: the form of a message and of its values. A restriction of the standard is a form that types share.

On which classes a restriction stands follows from the declared structure: ``marks`` says of a simple type whether it
carries the restriction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from subcontractors.iwmo.messages import ALL
from subcontractors.iwmo.rules.model import Rule, Words
from subcontractors.iwmo.simple import LARGEST, LONGEST, Clock, Day, Simple, Text, Whole
from subcontractors.iwmo.structure import Node, compiled

LEVEL = 1

Marks = Callable[[Simple], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """A restriction: its id, which types carry it, and its words."""

    id: str
    marks: Marks
    words: Words


def _longest(rule: str, length: int) -> Form:
    def marks(kind: Simple) -> bool:
        return isinstance(kind, Text) and (kind.most or max(map(len, kind.values), default=0)) == length

    much = "1 teken" if length == 1 else f"{length} tekens"
    many = "1 character" if length == 1 else f"{length} characters"
    return Form(
        rule,
        marks,
        Words(
            f"De waarde is langer dan {much}.",
            "Kort de waarde in.",
            f"The value is longer than {many}.",
            "Shorten the value.",
        ),
    )


def _largest(rule: str, highest: int) -> Form:
    return Form(
        rule,
        lambda kind: isinstance(kind, Whole) and kind.high == highest,
        Words(
            f"Het getal is groter dan {highest}.",
            "Vul een kleiner getal, of splits het over meer onderdelen.",
            f"The number is larger than {highest}.",
            "Fill in a smaller number, or split it over more parts.",
        ),
    )


def _named(*names: str) -> Marks:
    return lambda kind: kind.name in names


_OTHERS = (
    Form(
        "RS001",
        lambda kind: isinstance(kind, Whole),
        Words(
            "Het getal is negatief.",
            "Vul nul of meer; bij bedragen draagt DebetCredit het teken.",
            "The number is negative.",
            "Fill in nothing or more; DebetCredit carries the sign of an amount.",
        ),
    ),
    Form(
        "RS031",
        _named("LDT_Commentaar"),
        Words(
            "Het commentaar is leeg.",
            "Vul een tekst, of laat het element weg.",
            "The comment is empty.",
            "Fill in a text, or leave the element out.",
        ),
    ),
    Form(
        "RS032",
        lambda kind: isinstance(kind, Day),
        Words(
            "Dit is geen datum als JJJJ-MM-DD, of er staat een tijdzone achter.",
            "Vul een bestaande datum als JJJJ-MM-DD.",
            "This is no date as YYYY-MM-DD, or a time zone follows it.",
            "Fill in an existing date as YYYY-MM-DD.",
        ),
    ),
    Form(
        "RS033",
        lambda kind: isinstance(kind, Text) and not kind.values and kind.least > 0 and kind.rule != "RS031",
        Words(
            "Het element is leeg.",
            "Vul een waarde, of laat het element weg waar dat mag.",
            "The element is empty.",
            "Fill in a value, or leave the element out where that is allowed.",
        ),
    ),
    Form(
        "RS034",
        lambda kind: isinstance(kind, Clock),
        Words(
            "Dit is geen tijd als UU:MM:SS, of er staat een tijdzone achter.",
            "Vul een tijd als UU:MM:SS.",
            "This is no time as HH:MM:SS, or a time zone follows it.",
            "Fill in a time as HH:MM:SS.",
        ),
    ),
    Form(
        "RS035",
        _named("LDT_Gemeente"),
        Words(
            "Een gemeentecode heeft vier cijfers.",
            "Vul de code met haar voorloopnullen.",
            "A municipality code has four digits.",
            "Fill in the code with its leading zeros.",
        ),
    ),
    Form(
        "RS036",
        _named("LDT_AgbCode"),
        Words(
            "Een AGB-code heeft acht cijfers.",
            "Vul de code met haar voorloopnullen.",
            "An AGB code has eight digits.",
            "Fill in the code with its leading zeros.",
        ),
    ),
    Form(
        "RS037",
        _named("LDT_BurgerServicenummer"),
        Words(
            "Een BSN heeft negen cijfers.",
            "Vul het BSN met zijn voorloopnul.",
            "A BSN has nine digits.",
            "Fill in the BSN with its leading zero.",
        ),
    ),
    Form(
        "RS045",
        _named("LDT_Voorletters"),
        Words(
            "Voorletters zijn alleen letters.",
            "Laat punten en spaties weg.",
            "Initials are letters only.",
            "Leave out dots and spaces.",
        ),
    ),
    Form(
        "RS046",
        _named("LDT_Telefoonnummer"),
        Words(
            "Een telefoonnummer bestaat uit cijfers.",
            "Laat streepjes en spaties weg.",
            "A telephone number consists of digits.",
            "Leave out dashes and spaces.",
        ),
    ),
    Form(
        "RS047",
        _named("LDT_BerichtCode"),
        Words(
            "De berichtcode is niet die van dit bericht.",
            "Vul de code die bij de soort bericht hoort.",
            "The message code is not that of this message.",
            "Fill in the code that goes with the kind of message.",
        ),
    ),
    Form(
        "RS048",
        _named("LDT_Versie"),
        Words(
            "Dit is geen versie van drie getallen met punten ertussen.",
            "Neem de versie over uit het schema, zoals 1.0.0.",
            "This is no version of three numbers with dots between them.",
            "Copy the version from the schema, such as 1.0.0.",
        ),
    ),
    Form(
        "CS015",
        _named("LDT_BerichtSubversie"),
        Words(
            "De subversie van het bericht is niet 2.",
            "Maak het bericht volgens release 3.2.",
            "The sub-version of the message is not 2.",
            "Make the message by release 3.2.",
        ),
    ),
    Form(
        "CS025",
        _named("LDT_BerichtVersie"),
        Words(
            "De versie van het bericht is niet 3.",
            "Maak het bericht volgens release 3.2.",
            "The version of the message is not 3.",
            "Make the message by release 3.2.",
        ),
    ),
    Form(
        "CS319",
        lambda kind: kind.rule == "CS319",
        Words(
            "Een declaratienummer bestaat uit letters en cijfers.",
            "Laat streepjes, spaties en andere tekens weg.",
            "A declaration number consists of letters and digits.",
            "Leave out dashes, spaces and other marks.",
        ),
    ),
)
FORMS: tuple[Form, ...] = tuple(
    sorted(
        (
            *(_longest(rule, length) for length, rule in LONGEST.items()),
            *(_largest(rule, highest) for highest, rule in LARGEST.items()),
            *_OTHERS,
        ),
        key=lambda form: form.id,
    )
)
"""The restrictions of the standard, in the order of their ids."""


def _walks(node: Node, owner: str) -> Iterator[tuple[str, Simple]]:
    own = node.name if node.own and any(child.simple is not None for child in node.children) else owner
    if node.simple is not None:
        yield owner, node.simple
    for child in node.children:
        yield from _walks(child, own)


def _on(marks: Marks) -> tuple[str, ...]:
    found = {
        f"{message.number}/{owner}": None
        for message in ALL
        for owner, kind in _walks(compiled(message), "Header")
        if marks(kind)
    }
    return tuple(found)


_NOTES = {
    "RS032": (
        "Strenger dan het schema: een jaar vóór 0001 of na 9999 wordt geweigerd, want zo'n dag bestaat in geen agenda."
    )
}
_EVERYWHERE = tuple(f"{message.number}/Bericht" for message in ALL)


def _whole(rule: str, *words: str) -> Rule:
    return Rule(rule, LEVEL, _EVERYWHERE, "", Words(*words))


RULES: tuple[Rule, ...] = (
    *(Rule(form.id, LEVEL, _on(form.marks), "", form.words, _NOTES.get(form.id, "")) for form in FORMS),
    _whole(
        "XML",
        "Het bestand is geen welgevormde XML, of het heeft een DOCTYPE.",
        "Maak het bericht opnieuw aan en controleer of het helemaal is verzonden.",
        "The file is no well-formed XML, or it has a DOCTYPE.",
        "Make the message again and check that it was sent completely.",
    ),
    _whole(
        "XSD",
        "De opbouw, de namespace of een code uit een codelijst is niet die van de standaard.",
        "Houd de volgorde, de namen en de codelijsten van de standaard aan.",
        "The structure, the namespace or a code of a list is not that of the standard.",
        "Keep to the order, the names and the code lists of the standard.",
    ),
    _whole(
        "OP179",
        "Het bestand is groter dan 25 MB.",
        "Splits het over meer berichten.",
        "The file is larger than 25 MB.",
        "Split it over more messages.",
    ),
    _whole(
        "OP192",
        "Het bestand is niet in UTF-8 opgeslagen.",
        "Sla het op als UTF-8, zonder byte order mark.",
        "The file is not stored as UTF-8.",
        "Store it as UTF-8, without byte order mark.",
    ),
)
"""The rules of level 1; there is no return code, because nothing is returned."""

"""What the interface says when something is not possible: title and detail per problem, Dutch and English.

A problem is known by its slug, which is the end of its ``type`` (RFC 9457) and never changes.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE = "urn:hoofdsom:problem:"


class Kind(NamedTuple):
    """One kind of problem: its HTTP status, and title and detail in two languages."""

    status: int
    title_nl: str
    detail_nl: str
    title_en: str
    detail_en: str


KINDS: dict[str, Kind] = {
    "bad-request": Kind(
        400,
        "Dat is niet goed doorgekomen",
        "De aanvraag is niet te lezen. Controleer kop en inhoud en stuur haar opnieuw.",
        "That did not come through",
        "The request cannot be read. Check its headers and content and send it again.",
    ),
    "key-missing": Kind(
        400,
        "De kop Idempotency-Key ontbreekt",
        "Dit bericht draagt zelf geen kenmerk. Stuur een kop Idempotency-Key mee met een eigen, unieke waarde.",
        "The Idempotency-Key header is missing",
        "This message carries no identification. Send an Idempotency-Key header with a unique value of your own.",
    ),
    "key-wrong": Kind(
        400,
        "De kop Idempotency-Key is niet bruikbaar",
        "Gebruik 1 tot 200 letters, cijfers en leestekens zonder spaties, bijvoorbeeld een UUID.",
        "The Idempotency-Key header cannot be used",
        "Use 1 to 200 letters, digits and punctuation marks without spaces, for example a UUID.",
    ),
    "no-token": Kind(
        401,
        "Geen geldig token",
        "Stuur een geldig token mee: Authorization: Bearer hs_… Maak zo nodig een nieuw token aan.",
        "No valid token",
        "Send a valid token: Authorization: Bearer hs_… Make a new token if need be.",
    ),
    "no-scope": Kind(
        403,
        "Dit mag dit token niet",
        "Het token heeft het recht {scope} niet. Maak een token met dat recht.",
        "This token may not do this",
        "The token lacks the scope {scope}. Make a token with that scope.",
    ),
    "not-allowed": Kind(
        403,
        "Dit mag niet",
        "Met dit token is dit niet toegankelijk.",
        "Not allowed",
        "This is not accessible with this token.",
    ),
    "foreign-sender": Kind(
        403,
        "Een andere afzender",
        "Het bericht noemt afzender {named}; dit token is van een ander. Stuur alleen eigen berichten.",
        "Another sender",
        "The message names sender {named}; this token belongs to another. Send only messages of your own.",
    ),
    "not-found": Kind(
        404,
        "Dit is er niet",
        "Wat u vraagt bestaat niet, of niet voor dit token.",
        "Not there",
        "What you ask for does not exist, or not for this token.",
    ),
    "wrong-method": Kind(
        405,
        "Zo kan dat hier niet",
        "Dit adres kent deze methode niet. De kop Allow noemt welke wel.",
        "Not this way",
        "This address does not know this method. The Allow header names those it does.",
    ),
    "conflict": Kind(
        409,
        "Er staat iets in de weg",
        "Dit is intussen veranderd of afgesloten.",
        "Something stands in the way",
        "This has changed or was closed in the meantime.",
    ),
    "key-used": Kind(
        409,
        "Deze sleutel hoort bij een andere inhoud",
        "De sleutel is op {first_at} gebruikt voor een andere inhoud dan die van {now_at}. Geef een nieuwe inhoud een "
        "nieuwe sleutel.",
        "This key belongs to other content",
        "The key was used at {first_at} for other content than that of {now_at}. Give new content a new key.",
    ),
    "identification-used": Kind(
        409,
        "Dit kenmerk of nummer was al gebruikt",
        "Onder dit kenmerk of declaratienummer is eerder iets anders ingediend. Er is niets toegekend; het antwoord "
        "staat erbij.",
        "This identification or number was used before",
        "Something else was sent under this identification or declaration number. Nothing was granted; the answer is "
        "included.",
    ),
    "year-closed": Kind(
        409,
        "Dit jaar is afgerekend",
        "Het contractjaar is definitief afgerekend: er wordt niets meer aangenomen.",
        "This year is settled",
        "The contract year is settled for good: nothing more is taken in.",
    ),
    "too-large": Kind(
        413,
        "Te groot",
        "Een bericht mag ten hoogste 25 MB zijn. Splits het en stuur de delen na elkaar.",
        "Too large",
        "A message may have at most 25 MB. Split it and send the parts one after another.",
    ),
    "wrong-media-type": Kind(
        415,
        "Dit soort inhoud wordt hier niet gelezen",
        "Stuur een van: {accepted}; de kop Content-Type zegt welke.",
        "This kind of content is not read here",
        "Send one of: {accepted}; the Content-Type header says which.",
    ),
    "invalid": Kind(
        422,
        "De gegevens kloppen niet",
        "Herstel wat onder errors staat en stuur het opnieuw. Er is niets opgeslagen.",
        "The data are not right",
        "Repair what stands under errors and send it again. Nothing was stored.",
    ),
    "message-refused": Kind(
        422,
        "Het bericht is in zijn geheel geweigerd",
        "Het bericht klopt in zichzelf niet. Herstel wat onder errors staat. Er is niets opgeslagen.",
        "The message was refused as a whole",
        "The message contradicts itself. Repair what stands under errors. Nothing was stored.",
    ),
    "contract-needed": Kind(
        422,
        "Welk contractjaar?",
        "Noem het contractjaar in de parameter contract. U doet mee in: {codes}.",
        "Which contract year?",
        "Name the contract year in the parameter contract. You take part in: {codes}.",
    ),
    "wrong-kind": Kind(
        422,
        "Dit bericht hoort op een ander adres",
        "Declaraties gaan naar /declarations, start- en stopberichten naar /reports. Er is niets opgeslagen.",
        "This message belongs at another address",
        "Declarations go to /declarations, start and stop messages to /reports. Nothing was stored.",
    ),
    "too-often": Kind(
        429,
        "Even wachten",
        "Dit token vraagt te vaak. De kop Retry-After zegt na hoeveel seconden het weer kan.",
        "Wait a moment",
        "This token asks too often. The Retry-After header says after how many seconds it may again.",
    ),
    "unforeseen": Kind(
        500,
        "Er ging iets mis",
        "Dat ligt aan ons. Er is niets half opgeslagen. Probeer het nog eens, of meld het kenmerk {reference}.",
        "Something went wrong",
        "That is our fault. Nothing was half stored. Try again, or report reference {reference}.",
    ),
    "unavailable": Kind(
        503,
        "Even niet bereikbaar",
        "De gegevens zijn even niet bereikbaar of bezet. Er is niets half opgeslagen. Stuur hetzelfde straks opnieuw, "
        "met dezelfde sleutel.",
        "Not available for a moment",
        "The data cannot be reached or are busy. Nothing was half stored. Send the same again shortly, with the same "
        "key.",
    ),
}

BY_STATUS = {
    400: "bad-request",
    401: "no-token",
    403: "not-allowed",
    404: "not-found",
    405: "wrong-method",
    409: "conflict",
    413: "too-large",
    415: "wrong-media-type",
    422: "invalid",
    429: "too-often",
    500: "unforeseen",
    503: "unavailable",
}
"""What a bare HTTP status comes down to."""


class Fault(NamedTuple):
    """What is wrong with one value, and the remedy, in two languages."""

    detail_nl: str
    remedy_nl: str
    detail_en: str
    remedy_en: str


FAULTS: dict[str, Fault] = {
    "required": Fault("Dit veld ontbreekt.", "Vul het in.", "This field is missing.", "Fill it in."),
    "null": Fault(
        "Dit veld mag niet leeg zijn.", "Vul het in of laat het weg.", "This field cannot be empty.", "Fill or omit it."
    ),
    "unknown": Fault(
        "Dit veld bestaat niet.",
        "Haal het weg of verbeter de spelling.",
        "This field does not exist.",
        "Remove it or correct its spelling.",
    ),
    "integer": Fault(
        "Dit is geen geheel getal binnen de grenzen.",
        "Schrijf bedragen in hele centen en aantallen in hele eenheden, zonder punt of komma.",
        "This is not a whole number within the bounds.",
        "Write amounts in whole cents and quantities in whole units, without point or comma.",
    ),
    "date": Fault("Dit is geen datum.", "Schrijf 2025-03-31.", "This is not a date.", "Write 2025-03-31."),
    "month": Fault("Dit is geen maand.", "Schrijf 2025-03.", "This is not a month.", "Write 2025-03."),
    "boolean": Fault("Dit is geen ja of nee.", "Schrijf true of false.", "Not a yes or no.", "Write true or false."),
    "text": Fault(
        "Deze waarde heeft niet de vorm die hier hoort.",
        "Kijk in /api/v1/openapi.json welke tekens en lengte mogen.",
        "This value does not have the form that belongs here.",
        "See /api/v1/openapi.json for the signs and length allowed.",
    ),
    "choice": Fault(
        "Deze waarde bestaat niet.",
        "Kies een van de waarden in /api/v1/openapi.json.",
        "This value does not exist.",
        "Choose one of the values in /api/v1/openapi.json.",
    ),
    "list": Fault(
        "Hier hoort een lijst met ten minste één deel.",
        "Schrijf [ … ].",
        "A list with at least one part belongs here.",
        "Write [ … ].",
    ),
    "object": Fault(
        "Hier hoort een object met velden.", "Schrijf { … }.", "An object with fields belongs here.", "Write { … }."
    ),
    "number": Fault(
        "Dit is geen getal binnen de grenzen.",
        'Schrijf het als tekst met een decimale punt, bijvoorbeeld "6.4".',
        "This is not a number within the bounds.",
        'Write it as text with a decimal point, for example "6.4".',
    ),
    "json": Fault(
        "Dit is geen JSON.", "Stuur UTF-8 en één JSON-object.", "This is not JSON.", "Send UTF-8 and one JSON object."
    ),
}  # fmt: skip
"""What can be wrong with a value; the keys are what the schemas raise."""

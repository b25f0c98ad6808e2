"""Rules of level 2, inside the message: technical rules (TR). What they stand on and tell people."""

from __future__ import annotations

from subcontractors.iwmo.rules.model import Rule, Words, places

LEVEL = 2


def _rule(rule: str, on: str, *words: str, note: str = "") -> Rule:
    return Rule(rule, LEVEL, places(on), "0001", Words(*words), note)


RULES: tuple[Rule, ...] = (
    _rule(
        "TR002",
        "301/Client 305/Client 307/Client 315/Client",
        "De persoon zou ouder dan 120 jaar zijn.",
        "Controleer de geboortedatum; is zij onbekend, vul dan 1900-01-01 met datumgebruik 3.",
        "The person would be older than 120 years.",
        "Check the day of birth; if unknown, fill in 1900-01-01 with use 3.",
    ),
    _rule(
        "TR006",
        "301/Contact",
        "Dit contact heeft geen telefoon en geen huisnummer met postcode.",
        "Vul een telefoonnummer, of huisnummer en postcode.",
        "This contact has no telephone and no house number with postcode.",
        "Fill in a telephone number, or house number and postcode.",
    ),
    _rule(
        "TR018",
        "307/StopProduct",
        "De einddatum ligt vóór de begindatum.",
        "Vul als einddatum de laatste dag van de levering.",
        "The last day lies before the first.",
        "Fill in the last day of the delivery.",
    ),
    _rule(
        "TR061",
        "301/Client",
        "De cliënt heeft geen BRP-, correspondentie- of verblijfadres.",
        "Voeg een adres van soort 01, 02 of 03 toe.",
        "The client has no registered, postal or stay address.",
        "Add an address of kind 01, 02 or 03.",
        note="Geteld worden de contacten van de cliënt zelf, naar hun soort; of zij te bereiken zijn, bewaakt TR006.",
    ),
    _rule(
        "TR101",
        "301/Header 305/Header 307/Header 315/Header 317/Header 323/Client+Prestatie 325/Header",
        "Hetzelfde onderdeel staat meer dan eens in het bericht.",
        "Stuur elk onderdeel één keer; intrekken en opnieuw sturen met dezelfde sleutel vraagt twee berichten.",
        "The same part stands in the message more than once.",
        "Send every part once; to delete it and send it again under the same key takes two messages.",
        note=(
            "De sleutels staan bij de opbouw van het bericht; van elke herhaalde klasse wordt de sleutel "
            "vergeleken binnen de klasse erboven."
        ),
    ),
    _rule(
        "TR134",
        "301/Client+Relatie+ToegewezenProduct 305/Client 307/Client 315/Client 323/Declaratie+Prestatie 325/Prestatie",
        "De datum ligt na de dagtekening van het bericht.",
        "Verbeter de datum, of de dagtekening.",
        "The day lies after the day the message is dated.",
        "Correct the day, or the date of the message.",
        note=(
            "De gepubliceerde regels noemen de elementen niet. Gelezen als: geboortedatums, Toewijzingsdatum "
            "en het begin van declaratie- en productperioden. Begin en einde van een levering en de ingang "
            "van een beschikking mogen in de toekomst liggen."
        ),
    ),
    _rule(
        "TR137",
        "323/Declaratie+Prestatie 325/Prestatie",
        "De periode eindigt vóór zij begint, of na de dagtekening van het bericht.",
        "Declareer een maand pas als zij voorbij is, en verbeter de periode.",
        "The period ends before it begins, or after the day the message is dated.",
        "Declare a month once it is over, and correct the period.",
    ),
    _rule(
        "TR302",
        "301/ToegewezenProduct",
        "Hetzelfde product is over dezelfde dagen meer dan eens toegewezen.",
        "Laat de perioden op elkaar aansluiten.",
        "The same product is allocated more than once on the same days.",
        "Let the periods follow each other.",
    ),
    _rule(
        "TR315",
        "323/Prestatie",
        "Dezelfde regel wordt in dit bericht meer dan eens teruggenomen.",
        "Crediteer elke regel één keer.",
        "The same line is taken back more than once in this message.",
        "Credit every line once.",
    ),
    _rule(
        "TR316",
        "323/Prestatie",
        "Een regel uit dit bericht wordt in hetzelfde bericht teruggenomen.",
        "Crediteer een regel pas in een later bericht, als zij is goedgekeurd.",
        "A line of this message is taken back in the same message.",
        "Credit a line in a later message, once it was approved.",
    ),
    _rule(
        "TR335",
        "323/Prestatie",
        "De productperiode eindigt meer dan vijf jaar vóór de dagtekening van de declaratie.",
        "Deze periode kan niet meer worden gedeclareerd; laat de regel weg.",
        "The product period ends more than five years before the declaration is dated.",
        "This period can no longer be declared; leave the line out.",
    ),
    _rule(
        "TR342",
        "325/DeclaratieAntwoord",
        "De genoemde regels verklaren niet wat er minder is toegekend, of er staan regels bij die niet zijn afgewezen.",
        (
            "Noem alleen de afgewezen regels, en maak toegekend gelijk aan ingediend min afgewezen; nul als "
            "de declaratie zelf is afgewezen."
        ),
        "The lines named do not explain what was granted less, or there are lines that were not refused.",
        (
            "Name only the refused lines and let granted be submitted less refused; nothing where the "
            "declaration itself was refused."
        ),
    ),
    _rule(
        "TR352",
        "317/Verzoek",
        "Het verzoek noemt geen enkele lopende toewijzing.",
        (
            "Noem ten minste één ongewijzigd of te wijzigen product; zonder lopende toewijzing past een "
            "verzoek om toewijzing."
        ),
        "The request names no running allocation at all.",
        (
            "Name at least one unchanged product or one to be changed; without a running allocation a "
            "request for allocation fits."
        ),
    ),
    _rule(
        "TR353",
        "317/Verzoek",
        "Het verzoek vraagt geen enkele wijziging.",
        "Noem ten minste één te wijzigen of nieuw product.",
        "The request asks for no change at all.",
        "Name at least one product to be changed or new.",
    ),
    _rule(
        "TR358",
        "323/Declaratie",
        "Het totaal is niet wat de regels optellen.",
        "Maak het totaal gelijk aan de debetregels min de creditregels.",
        "The total is not what the lines add up to.",
        "Make the total equal to the debits less the credits.",
    ),
    _rule(
        "TR380",
        "317/NieuwProduct",
        "Het nieuwe product gaat niet in de toekomst in.",
        "Laat het product ten vroegste ingaan op de dag nadat u het bericht dateert.",
        "The new product does not begin in the future.",
        "Let the product begin no sooner than the day after you date the message.",
        note=(
            "De gepubliceerde regels noemen het element niet. Gelezen als GewensteIngangsdatum van een nieuw "
            "product; voor een te wijzigen product geldt TR357, die een dag tot en met de dagtekening juist toelaat "
            "en op dat element dus niet naast deze regel kan staan."
        ),
    ),
    _rule(
        "TR383",
        "315/Client",
        "Twee aangevraagde producten hebben dezelfde referentie.",
        "Geef elk aangevraagd product een eigen referentie.",
        "Two requested products have the same reference.",
        "Give every requested product a reference of its own.",
    ),
    _rule(
        "TR386",
        "315/AangevraagdProduct",
        "Hetzelfde product wordt over dezelfde dagen meer dan eens aangevraagd.",
        "Laat de perioden op elkaar aansluiten.",
        "The same product is asked for more than once on the same days.",
        "Let the periods follow each other.",
    ),
    _rule(
        "TR410",
        "317/NieuwProduct",
        "Hetzelfde nieuwe product wordt over dezelfde dagen meer dan eens gevraagd.",
        "Laat de perioden op elkaar aansluiten.",
        "The same new product is asked for more than once on the same days.",
        "Let the periods follow each other.",
    ),
    _rule(
        "TR416",
        "323/Prestatie",
        "Voor dezelfde toewijzing, hetzelfde product en dezelfde periode staan er twee debetregels.",
        "Tel ze op tot één regel.",
        "There are two debits for the same allocation, product and period.",
        "Add them up to one line.",
    ),
)
"""In the order of their ids; every one refuses the whole message (0001)."""

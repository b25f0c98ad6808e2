"""The four return codes that stand for no rule of their own."""

from __future__ import annotations

from subcontractors.iwmo.rules.model import Words

GENERAL: tuple[tuple[int, str, Words], ...] = (
    (
        2,
        "0001",
        Words(
            "Het bericht klopt in zichzelf niet en is in zijn geheel niet verwerkt.",
            "Herstel wat bij de regels staat en stuur het hele bericht opnieuw met een nieuw kenmerk.",
            "The message contradicts itself and was not processed at all.",
            "Repair what the rules name and send the whole message again under a new identification.",
        ),
    ),
    (
        3,
        "0200",
        Words(
            "Op dit onderdeel is niets aan te merken.",
            "U hoeft niets te doen.",
            "There is nothing to remark on this part.",
            "There is nothing to do.",
        ),
    ),
    (
        3,
        "0233",
        Words(
            "Deze regel is niet beoordeeld, omdat er iets mis is met de cliënt erboven.",
            "Los eerst de fout bij de cliënt op en dien de regel dan opnieuw in.",
            "This line was not assessed because something is wrong with the client above it.",
            "Solve the client's error first, then submit the line again.",
        ),
    ),
    (
        3,
        "8001",
        Words(
            "De hele declaratie is toegekend.",
            "U hoeft niets te doen.",
            "The whole declaration is granted.",
            "There is nothing to do.",
        ),
    ),
)
"""Level, code and words."""

"""Worklists in words: per kind a title and what to do, in Dutch and in English."""

from __future__ import annotations

from dataclasses import dataclass

from subcontractors.clocks.model import Kind, Why


@dataclass(frozen=True, slots=True)
class Words:
    """Title and remedy of a list in one language."""

    title: str
    todo: str


DUTCH = {
    Kind.ANSWER_DUE: Words("Declaraties zonder antwoord", "Beantwoord binnen tien werkdagen na ontvangst."),
    Kind.REQUEST_OPEN: Words(
        "Verzoeken zonder antwoord",
        "Wijs toe of wijs af binnen vijf werkdagen; bij onderzoek binnen acht weken na de dagtekening.",
    ),
    Kind.RETURN_MESSAGE_DUE: Words("Retourberichten te versturen", "Verstuur ze binnen drie werkdagen na ontvangst."),
    Kind.RETURN_MESSAGE_AWAITED: Words(
        "Retourberichten niet ontvangen", "De ontvanger stuurt ze binnen drie werkdagen; vraag ernaar."
    ),
    Kind.DECLARATION_MISSING: Words(
        "Maanden zonder declaratie", "Declareer uiterlijk op de laatste dag van de volgende maand."
    ),
    Kind.RETURN_MISSING: Words("Maandopgaven die ontbreken", "Geef fte, uren of bezetting van de maand op."),
    Kind.REFUSED_OPEN: Words(
        "Afgewezen regels die nog niet verbeterd zijn",
        "Dien ze verbeterd opnieuw in, in dezelfde of de volgende declaratieperiode.",
    ),
    Kind.START_MISSING: Words(
        "Starts die ontbreken", "Er is gedeclareerd maar geen start gemeld: stuur het startbericht (305)."
    ),
    Kind.STOP_MISSING: Words(
        "Stops die ontbreken",
        "De toewijzing is geëindigd, of er komen geen regels meer: stuur het stopbericht (307) of neem contact op.",
    ),
    Kind.TAKE_BACK: Words(
        "Terug te nemen regels",
        "De toewijzing is na goedkeuring ingetrokken of ingekort: crediteer deze regels.",
    ),
    Kind.START_LATE: Words("Starts die te laat zijn gemeld", "Een start hoort binnen vijf werkdagen gemeld te zijn."),
    Kind.STOP_LATE: Words("Stops die te laat zijn gemeld", "Een stop hoort binnen vijf werkdagen gemeld te zijn."),
    Kind.DECLARATION_LATE: Words(
        "Declaraties die te laat kwamen", "Een declaratie komt uiterlijk op de laatste dag van de volgende maand."
    ),
    Kind.OUTSIDE_WINDOW: Words(
        "Correcties buiten de termijn",
        "Een goedgekeurde regel wordt uiterlijk twee maanden na goedkeuring gecorrigeerd, en niet na de laatste "
        "correctiedag van het contract.",
    ),
}

ENGLISH = {
    Kind.ANSWER_DUE: Words("Declarations without an answer", "Answer within ten working days after receipt."),
    Kind.REQUEST_OPEN: Words(
        "Requests without an answer",
        "Allocate or reject within five working days; under investigation within eight weeks after its date.",
    ),
    Kind.RETURN_MESSAGE_DUE: Words("Return messages to send", "Send them within three working days after receipt."),
    Kind.RETURN_MESSAGE_AWAITED: Words(
        "Return messages not received", "The receiver sends them within three working days; ask for them."
    ),
    Kind.DECLARATION_MISSING: Words(
        "Months without a declaration", "Declare by the last day of the following month at the latest."
    ),
    Kind.RETURN_MISSING: Words("Monthly returns that are missing", "Report FTE, hours or occupancy of the month."),
    Kind.REFUSED_OPEN: Words(
        "Refused lines not mended yet", "Submit them again, mended, in the same or the next declaration period."
    ),
    Kind.START_MISSING: Words(
        "Starts that are missing", "Lines were declared but no start was reported: send the start message (305)."
    ),
    Kind.STOP_MISSING: Words(
        "Stops that are missing",
        "The allocation has ended, or no lines come any more: send the stop message (307) or get in touch.",
    ),
    Kind.TAKE_BACK: Words(
        "Lines to take back", "The allocation was withdrawn or shortened after approval: credit these lines."
    ),
    Kind.START_LATE: Words("Starts reported late", "A start is to be reported within five working days."),
    Kind.STOP_LATE: Words("Stops reported late", "A stop is to be reported within five working days."),
    Kind.DECLARATION_LATE: Words(
        "Declarations that came late", "A declaration comes by the last day of the following month at the latest."
    ),
    Kind.OUTSIDE_WINDOW: Words(
        "Corrections outside the term",
        "An approved line is corrected within two months after its approval, and not after the contract's last day "
        "for corrections.",
    ),
}

WHY_DUTCH = {
    Why.ENDED: "toewijzing geëindigd",
    Why.QUIET: "geen regels meer",
    Why.WITHDRAWN: "toewijzing ingetrokken",
    Why.SHORTENED: "toewijzing ingekort",
    Why.TWO_MONTHS: "meer dan twee maanden na goedkeuring",
    Why.YEAR_CLOSED: "na de laatste correctiedag van het contract; telt niet mee in de afrekening",
    Why.INVESTIGATED: "in onderzoek",
}

WHY_ENGLISH = {
    Why.ENDED: "allocation ended",
    Why.QUIET: "no lines any more",
    Why.WITHDRAWN: "allocation withdrawn",
    Why.SHORTENED: "allocation shortened",
    Why.TWO_MONTHS: "more than two months after approval",
    Why.YEAR_CLOSED: "after the contract's last day for corrections; counts in no settlement",
    Why.INVESTIGATED: "under investigation",
}


def words(kind: Kind, language: str) -> Words:
    """Title and remedy of a list; Dutch unless ``language`` is ``en``."""
    return (ENGLISH if language == "en" else DUTCH)[kind]


def why_words(why: Why, language: str) -> str:
    """A reason in words; Dutch unless ``language`` is ``en``."""
    return (WHY_ENGLISH if language == "en" else WHY_DUTCH)[why]

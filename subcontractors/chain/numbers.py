"""Numbers of our own: allocation numbers in a range that was agreed, and identifications of messages."""

from __future__ import annotations

from collections.abc import Sequence

from lead_contractor.kernel.refusals import Refusal
from subcontractors.chain.terms import ChainTerms

LAST_NUMBER = 999_999_999
"""ToewijzingNummer has at most nine digits."""
_PREFIX = 4
_LENGTH = 12


def next_number(first: int, used: Sequence[int], last: int = LAST_NUMBER) -> int:
    """The next free number of the range ``first`` to ``last``: one above the highest in use, else the lowest gap.

    ``used`` holds the numbers in use, in any order, whoever gave them out.

    Raises:
        Refusal: the range is full.
    """
    taken = {number for number in used if first <= number <= last}
    highest = max(taken, default=first - 1)
    if highest < last:
        return highest + 1
    for number in range(first, last + 1):
        if number not in taken:
            return number
    raise Refusal(
        f"De nummers {first} tot en met {last} zijn op. Kies in contract.toml een ander messages.first_number."
    )


def sent_name(terms: ChainTerms, number: int) -> str:
    """The identification of the so many-th message that we send."""
    return _name(terms, "T", number)


def return_name(terms: ChainTerms, message_id: int) -> str:
    """The identification of our return on a message."""
    return _name(terms, "R", message_id)


def _name(terms: ChainTerms, letter: str, number: int) -> str:
    """Twelve signs at most; in the dialect with the last digits of our AGB code, since the sender's code is shared."""
    start = f"{letter}{terms.lead_agb[-_PREFIX:]}" if terms.dialect.names_lead_contractor else letter
    return f"{start}{number:0{_LENGTH - len(start)}d}"

"""Dialect or strict: where the messages between lead contractor and subcontractor differ from the national standard.

Nothing in iWmo describes that chain; ``docs/iwmo-dialect.md`` does. Every difference is one named switch here, true in
the dialect and false in strict mode, which is the standard to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from lead_contractor.contract.model import MessageMode


@dataclass(frozen=True, slots=True)
class Dialect:
    """The switches of a mode.

    Attributes:
        mode: which mode this is.
        reads_other_municipality: a message with another municipality's code in its header is read, with a warning;
            strict: it is refused as not meant for us, and gets no return message.
        trusts_own_municipality: the municipality code that the contract itself names is good, whatever the list of CBS
            says (invented data, a code that is about to be); strict: S300 (TR378).
        names_lead_contractor: our message identifications begin with four digits of our AGB code, since several lead
            contractors write under one municipality's code; strict: a bare number.
        sender_is_partner_too: what is unique per sender is unique per municipality code and lead contractor together,
            at the subcontractor's side; strict: per municipality code (TR056, TR332).
        numbers_allocations: the lead contractor numbers allocations itself, in a range of its own; strict: the number
            is the municipality's and has to be given.
        matches_without_number: a start or stop without allocation number is matched on client, product and begin;
            strict: without number it has no allocation (TR019, IV096).
        number_is_whole_key: with an allocation, number and begin are the key of a start; strict: product too (IV008).
        stop_may_come_alone: a stop where no start at all was reported is accepted with a remark; strict: 9069.
        keeps_refused_reports: starts and stops count as evidence for trajectories even when their message came back
            with codes; strict: such a message counts as never sent (OP286).
        reads_future_declarations: a declaration dated in the future, or with an unknown municipality code, gets a
            remark; strict: 8848 or S300 on the header.
        remarks_misfit: a declared line whose code stands under another category than the product list has it gets a
            remark; strict: S329 on the line (TR381).
        remarks_skipped_month: a skipped declaration month gets a remark; strict: 8214 on the declaration (TR318).
        declares_any_form: a subcontractor may send declarations under every form of agreement, as production at nil
            cost; strict: who has only task-oriented agreements sends none.
        references_per_contract: a reference of a request is unique per sender and contract year; strict: per sender
            over all contract years (TR347).
    """

    mode: MessageMode
    reads_other_municipality: bool
    trusts_own_municipality: bool
    names_lead_contractor: bool
    sender_is_partner_too: bool
    numbers_allocations: bool
    matches_without_number: bool
    number_is_whole_key: bool
    stop_may_come_alone: bool
    keeps_refused_reports: bool
    reads_future_declarations: bool
    remarks_misfit: bool
    remarks_skipped_month: bool
    declares_any_form: bool
    references_per_contract: bool


def dialect_of(mode: MessageMode) -> Dialect:
    """The switches of a mode."""
    return DIALECT if mode is MessageMode.DIALECT else STRICT


def _all(mode: MessageMode, *, on: bool) -> Dialect:
    return Dialect(mode, *(on,) * 14)


DIALECT = _all(MessageMode.DIALECT, on=True)
STRICT = _all(MessageMode.STRICT, on=False)


def sender_key(dialect: Dialect, municipality: str, lead_agb: str) -> tuple[str, str]:
    """Within what identifications and allocation numbers are unique, seen by a subcontractor that receives them."""
    return (municipality, lead_agb if dialect.sender_is_partner_too else "")

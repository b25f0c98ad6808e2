"""What declarations and reports look like in the interface: what comes in, and what goes out.

Amounts are whole euro cents, days ``2025-03-31``, months ``2025-03``. Forms and code lists are those of iWmo 3.2.
"""

from __future__ import annotations

from marshmallow import Schema, fields

from lead_contractor.kernel.json_fields import (
    AGB,
    ContractArgs,
    PageSchema,
    Strict,
    choice,
    day,
    listed,
    month,
    nested,
    text,
    whole,
    yes_or_no,
)
from subcontractors.declarations.model import Status

MOST_LINES = 20_000
_LARGEST = 99_999_999
_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
_UNITS = ("01", "04", "14", "16", "82", "83", "84")
_CATEGORIES = tuple(f"{number:02d}" for number in range(1, 19))
_STOP_REASONS = ("02", "19", "20", "21", "22", "23", "31", "36", "37", "38", "39")


class LineIn(Strict):
    """A declared line."""

    reference = text(_PRINTABLE, 20, required=True)
    previous_reference = text(
        _PRINTABLE, 20, load_default="", metadata={"description": "Of a credit: the line that it takes back."}
    )
    bsn = text(r"^[0-9]{9}$", 9, required=True)
    allocation = text(r"^[0-9]{1,9}$", 9, required=True)
    category = choice(*_CATEGORIES, required=True)
    product_code = text(r"^[0-9A-Za-z]{1,5}$", 5, required=True)
    period_from = day(required=True)
    period_to = day(required=True, metadata={"description": "Inclusive."})
    volume = whole(0, _LARGEST, required=True, metadata={"description": "Whole units; cents where the unit is 83."})
    unit = choice(*_UNITS, required=True)
    tariff_cents = whole(0, _LARGEST, load_default=None, allow_none=True)
    amount_cents = whole(0, _LARGEST, required=True)
    debit_credit = choice("D", "C", load_default="D")


class DeclarationIn(Strict):
    """A declaration of one month, as lines."""

    number = text(r"^[a-zA-Z0-9]{1,12}$", 12, required=True, metadata={"description": "Your number, used once."})
    period = month(required=True)
    lines = listed(LineIn, MOST_LINES, required=True)


class ListArgs(ContractArgs):
    """Which declarations."""

    period = month(load_default=None)
    status = choice(*(str(one) for one in Status), load_default=None)


class LeadListArgs(ListArgs):
    """Which declarations of which subcontractor."""

    subcontractor = text(AGB, 8, load_default=None, metadata={"description": "AGB code."})


class ReasonSchema(Schema):
    """Why a line was not accepted, and what to do."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    remedy = fields.String(required=True)


class SuggestionSchema(Schema):
    """What a value should have been, where that can be known. Nothing is changed until you send it so."""

    field = fields.String(required=True)
    value = fields.String(required=True)
    why = fields.String(required=True)
    in_bulk = fields.Boolean(
        required=True, metadata={"description": "Whether it may be taken over for many lines together."}
    )


class LineOut(Schema):
    """A declared line with its answer."""

    reference = fields.String(required=True)
    previous_reference = fields.String(required=True)
    bsn = fields.String(required=True, metadata={"description": "To the lead contractor only its last three digits."})
    allocation = fields.String(required=True)
    category = fields.String(required=True)
    product_code = fields.String(required=True)
    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)
    volume = fields.Integer(required=True)
    unit = fields.String(required=True)
    tariff_cents = fields.Integer(required=True, allow_none=True)
    amount_cents = fields.Integer(required=True)
    debit_credit = fields.String(required=True)
    accepted = fields.Boolean(required=True)
    codes = fields.List(fields.String(), required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)


class HeadOut(Schema):
    """A message in short."""

    id = fields.Integer(required=True, allow_none=True, metadata={"description": "Absent in a voorcontrole."})
    contract = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "323, 305 or 307."})
    channel = fields.String(required=True)
    sender = fields.String(required=True, allow_none=True)
    identification = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    period = fields.String(required=True, allow_none=True)
    received = fields.Date(required=True, allow_none=True)
    status = fields.String(required=True)
    submitted_cents = fields.Integer(required=True)
    granted_cents = fields.Integer(required=True)
    lines_count = fields.Integer(required=True)


class VerdictOut(Schema):
    """Whether a start or stop stands; a refused one counts as never sent."""

    accepted = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True, metadata={"description": "Why not."})
    remarks = fields.List(
        fields.Nested(ReasonSchema), required=True, metadata={"description": "What was noticed, and refuses nothing."}
    )


class JudgedOut(VerdictOut):
    """A start or stop as it was delivered, with its verdict."""

    kind = fields.String(required=True)
    allocation = fields.String(required=True)
    category = fields.String(required=True)
    product_code = fields.String(required=True)
    begin = fields.Date(required=True)
    end = fields.Date(required=True, allow_none=True)


class MessageOut(HeadOut):
    """A message with its whole answer."""

    message_codes = fields.List(fields.Nested(ReasonSchema), required=True)
    declaration_codes = fields.List(fields.Nested(ReasonSchema), required=True)
    faults = fields.List(fields.String(), required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)
    reports = fields.List(fields.Nested(JudgedOut), required=True)


class DeliveredOut(Schema):
    """What became of what was sent."""

    dry_run = fields.Boolean(required=True)
    contract = fields.String(required=True)
    messages = fields.List(fields.Nested(MessageOut), required=True)


class HeadsOut(PageSchema):
    """A page of messages, newest first."""

    declarations = fields.List(fields.Nested(HeadOut), required=True)


class PersonIn(Strict):
    """Who a report is about."""

    bsn = text(r"^[0-9]{9}$", 9, required=True)
    birth_date = day(required=True)
    sex = choice("0", "1", "2", required=True)
    surname = text(_PRINTABLE, 200, required=True)
    surname_prefix = text(_PRINTABLE, 10, load_default="")
    first_names = text(_PRINTABLE, 200, load_default="")
    initials = text(r"^[a-zA-Z]{1,6}$", 6, load_default="")


class ReportIn(Strict):
    """The start or the stop of care; it goes in as a WMO305 or WMO307."""

    kind = choice("start", "stop", required=True)
    identification = text(
        r"^[a-zA-Z0-9]{1,12}$", 12, required=True, metadata={"description": "Your id of this report, used once."}
    )
    client = nested(PersonIn, required=True)
    allocation = text(r"^[0-9]{1,9}$", 9, required=True)
    category = choice(*_CATEGORIES, load_default="")
    product_code = text(r"^[0-9A-Za-z]{1,5}$", 5, load_default="")
    begin = day(required=True)
    end = day(load_default=None, metadata={"description": "Of a stop: the last day."})
    reason = choice(*_STOP_REASONS, load_default="", metadata={"description": "Of a stop: RedenBeeindiging."})
    withdraws = yes_or_no(load_default=False, metadata={"description": "Takes an earlier report back."})


class ReportOut(VerdictOut):
    """A start or stop that came in."""

    kind = fields.String(required=True)
    contract = fields.String(required=True)
    bsn = fields.String(required=True)
    allocation = fields.String(required=True)
    category = fields.String(required=True)
    product_code = fields.String(required=True)
    begin = fields.Date(required=True)
    end = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True)
    withdraws = fields.Boolean(required=True)
    received = fields.Date(required=True)


class ReportsOut(PageSchema):
    """A page of reports, newest first."""

    reports = fields.List(fields.Nested(ReportOut), required=True)


class CauseOut(Schema):
    """Lines that were refused for one cause."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    remedy = fields.String(required=True)
    lines = fields.Integer(required=True)
    subcontractors = fields.Integer(required=True)
    amount_cents = fields.Integer(required=True)


class CausesOut(Schema):
    """Exceptions by cause, the largest first."""

    causes = fields.List(fields.Nested(CauseOut), required=True)

"""Tables of the messages around a declaration.

Starts and stops with their verdict, requests with their answers, allocations in every version, the messages we sent
with what came back, and the return messages that we owe.

``decided`` is Toewijzingsdatum and Toewijzingstijd as the messages have them (``2025-04-01T09:30:00``, local time by
the standard): as text it is in order of time. ``codes`` of a return are by the class of the message they belong to.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lead_contractor.kernel.database import METADATA, Id, Moment
from lead_contractor.kernel.json_text import JsonText
from lead_contractor.kernel.tenancy import TENANT, tenant_columns


def _sizes() -> list[Column[object]]:
    """What an allocation or a wish grants: product, term, size and budget."""
    return [
        Column("category", String(2), nullable=False),
        Column("product_code", String(5), nullable=False),
        Column("start_date", Date),
        Column("end_date", Date),
        Column("volume", BigInteger),
        Column("unit", String(2), nullable=False),
        Column("frequency", String(1), nullable=False),
        Column("budget_cents", BigInteger),
    ]


judged_report = Table(
    "judged_report",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(5), nullable=False),
    Column("sender", String(8), nullable=False),
    Column("client_id", Id, nullable=False),
    Column("allocation_number", String(20), nullable=False),
    Column("matched_number", String(20), nullable=False),
    Column("category", String(2), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("begin_date", Date, nullable=False),
    Column("end_date", Date),
    Column("reason", String(2), nullable=False),
    Column("status", String(1), nullable=False),
    Column("received", Date, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("codes", JsonText),
    Column("remarks", JsonText),
    UniqueConstraint(TENANT, "contract_id", "message_id", "position"),
    Index("ix_judged_report_client", TENANT, "contract_id", "sender", "client_id"),
)
"""Each start and stop as delivered, by id in the order in which it was judged; a refused one counts as never sent."""

return_message = Table(
    "return_message",
    METADATA,
    *tenant_columns(),
    Column("message_id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(3), nullable=False),
    Column("receiver", String(8), nullable=False),
    Column("identification", String(12), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("header_codes", JsonText),
    Column("codes", JsonText),
    Column("written_on", Date),
    UniqueConstraint(TENANT, "contract_id", "kind", "identification"),
    Index("ix_return_message_due", TENANT, "contract_id", "due_on"),
)
"""The return (WMO306, 308, 316, 318) that we owe on a message, with its codes; made of the original on demand."""

message_remark = Table(
    "message_remark",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("code", String(4), nullable=False),
    Column("about", String(200), nullable=False),
    Index("ix_message_remark_message", TENANT, "contract_id", "message_id"),
)
"""What a message broke without being refused for it: for the worklist."""

request = Table(
    "request",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("kind", String(3), nullable=False),
    Column("sender", String(8), nullable=False),
    Column("client_id", Id, nullable=False),
    Column("reference", String(36), nullable=False),
    Column("reason", String(1), nullable=False),
    Column("dated", Date, nullable=False),
    Column("received", Date, nullable=False),
    Column("status", String(12), nullable=False),
    CheckConstraint("status IN ('open', 'in_onderzoek', 'toegewezen', 'afgewezen')", name="status"),
    UniqueConstraint(TENANT, "contract_id", "sender", "reference"),
    Index("ix_request_status", TENANT, "contract_id", "status"),
)
"""A request that was accepted: one row per reference, so one per product of a WMO315 and one for a WMO317."""

request_product = Table(
    "request_product",
    METADATA,
    *tenant_columns(),
    Column("request_id", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("asked", String(10), nullable=False),
    Column("allocation_number", String(20), nullable=False),
    *_sizes(),
)

request_answer = Table(
    "request_answer",
    METADATA,
    *tenant_columns(),
    Column("request_id", Id, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("status", String(12), nullable=False),
    Column("reason", String(2), nullable=False),
    Column("note", Text, nullable=False),
    Column("answered_by", String(254), nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("sent_message_id", Id),
)
"""What was answered, in order; a row is never changed."""

allocation_version = Table(
    "allocation_version",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("number_key", String(20), nullable=False),
    Column("decided", String(19), nullable=False),
    Column("client_id", Id, nullable=False),
    Column("subcontractor", String(8), nullable=False),
    *_sizes(),
    Column("reason_change", String(2), nullable=False),
    Column("reference", String(36), nullable=False),
    Column("request_id", Id),
    Column("loaded", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint(TENANT, "contract_id", "number_key", "decided"),
)
"""Every version of an allocation that we changed or made; the latest ``decided`` holds (IV013).

``loaded`` marks the first version of one that came with the year: the subcontractor knew it already.
"""

sent_message = Table(
    "sent_message",
    METADATA,
    *tenant_columns(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("kind", String(3), nullable=False),
    Column("receiver", String(8), nullable=False),
    Column("client_id", Id),
    Column("identification", String(12), nullable=False),
    Column("dated", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("return_due_on", Date, nullable=False),
    Column("content_encrypted", LargeBinary, nullable=False),
    Column("returned_on", Date),
    Column("approved", Boolean),
    Column("return_codes", JsonText),
    UniqueConstraint(TENANT, "kind", "identification"),
    Index("ix_sent_message_receiver", TENANT, "contract_id", "receiver"),
)
"""A WMO301 or WMO319 that we made, to the byte (encrypted), and what its return (WMO302, WMO320) said."""

allocation_sent = Table(
    "allocation_sent",
    METADATA,
    *tenant_columns(),
    Column("sent_message_id", Id, primary_key=True, autoincrement=False),
    Column("number_key", String(20), primary_key=True),
    Column("contract_id", Id, nullable=False),
    Column("decided", String(19), nullable=False),
    *_sizes(),
    Column("reason_change", String(2), nullable=False),
    Column("reference", String(36), nullable=False),
    Index("ix_allocation_sent_number", TENANT, "contract_id", "number_key"),
)
"""What stood in each WMO301: what the subcontractor has, unless it refused the message."""

client_card = Table(
    "client_card",
    METADATA,
    *tenant_columns(),
    Column("client_id", Id, primary_key=True, autoincrement=False),
    Column("card_encrypted", LargeBinary, nullable=False),
)
"""Name, day of birth and address of a client, encrypted: only a WMO301 asks for them."""

"""Tables of the budget and of what is known beside the books: earlier years and the waiting list."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, String

from lead_contractor.kernel.columns import Exact
from lead_contractor.kernel.tenancy import numbered_table

budget_line = numbered_table(
    "budget_line",
    Column("product_code", String(5), nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("month", String(7), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
)

history_row = numbered_table(
    "history_row",
    Column("service_month", String(7), nullable=False),
    Column("received_month", String(7), nullable=False),
    Column("subcontractor", String(8), nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
)

waiting_row = numbered_table(
    "waiting_row",
    Column("date", Date, nullable=False),
    Column("product_code", String(5), nullable=False),
    Column("area", String(80), nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("added", Integer),
    Column("median_days", Exact),
)

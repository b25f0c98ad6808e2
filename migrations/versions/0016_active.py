"""In which months a person's lines came to show, kept beside who was served."""

from __future__ import annotations

import tomllib

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_RECEIVED = "SUBSTR(CAST(m.received AS VARCHAR(10)), 1, 7)"
_NUMBER = "(12 * (CAST(SUBSTR({month}, 1, 4) AS INTEGER) - c.year) + CAST(SUBSTR({month}, 6, 2) AS INTEGER) - 1)"
_SERVICE = _NUMBER.format(month="l.service_month")
_FIRST = _NUMBER.format(month="f.first_month")
_AFTER = f"CASE WHEN {_SERVICE} <= {_FIRST} THEN {_FIRST} ELSE {_SERVICE} + 1 END"
_SHOWN = (
    f"CASE WHEN {_NUMBER.format(month=_RECEIVED)} > {_AFTER} THEN {_NUMBER.format(month=_RECEIVED)} ELSE {_AFTER} END"
)

_BEGINS = (
    "CREATE TEMPORARY TABLE contract_begins (lead_contractor_id BIGINT, contract_id BIGINT, first_month VARCHAR(7))"
)
_TERMS = "SELECT lead_contractor_id, id, year, terms FROM contract"

_FILL = f"""
UPDATE served SET active = lines.bits FROM (
    SELECT lead_contractor_id, contract_id, sender, agreement, product_code, client_id,
        SUM(DISTINCT CAST(1 AS BIGINT) << CASE WHEN shown > 60 THEN 60 ELSE shown END) AS bits
    FROM (
        SELECT l.lead_contractor_id, l.contract_id, l.sender, l.agreement, l.product_code, l.client_id, {_SHOWN} AS shown
        FROM declaration_line AS l
        JOIN message AS m ON m.lead_contractor_id = l.lead_contractor_id AND m.id = l.message_id
        JOIN contract AS c ON c.lead_contractor_id = l.lead_contractor_id AND c.id = l.contract_id
        JOIN contract_begins AS f ON f.lead_contractor_id = c.lead_contractor_id AND f.contract_id = c.id
        WHERE l.assessed AND l.codes = 0 AND l.in_time AND SUBSTR(l.service_month, 1, 4) = CAST(c.year AS VARCHAR(4))
    ) AS each_line
    GROUP BY lead_contractor_id, contract_id, sender, agreement, product_code, client_id
) AS lines
WHERE served.lead_contractor_id = lines.lead_contractor_id AND served.contract_id = lines.contract_id
    AND served.subcontractor = lines.sender AND served.agreement = lines.agreement
    AND served.product_code = lines.product_code AND served.client_id = lines.client_id
"""


def upgrade() -> None:
    """Apply: the column, filled from the lines that are there."""
    with op.batch_alter_table("served", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """The months of each person, from the lines that are there; the month in which a contract begins is in its terms."""
    connection.execute(sa.text(_BEGINS))
    for lead, contract, year, terms in connection.execute(sa.text(_TERMS)).all():
        first = int(tomllib.loads(terms)["lump_sum"].get("first_month", 1))
        begins = {"lead": lead, "contract": contract, "first": f"{year}-{first:02}"}
        connection.execute(sa.text("INSERT INTO contract_begins VALUES (:lead, :contract, :first)"), begins)
    connection.execute(sa.text(_FILL))
    connection.execute(sa.text("DROP TABLE contract_begins"))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("served", schema=None) as batch_op:
        batch_op.drop_column("active")

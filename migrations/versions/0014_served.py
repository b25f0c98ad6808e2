"""Who was served, kept beside the lines so that no screen has to count them."""

from __future__ import annotations

import tomllib

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SEEN = """CASE WHEN SUBSTR(CAST(m.received AS VARCHAR(10)), 1, 7) > {after}
    THEN SUBSTR(CAST(m.received AS VARCHAR(10)), 1, 7) ELSE {after} END"""
_AFTER = """CASE WHEN l.service_month <= f.first_month THEN f.first_month
    WHEN SUBSTR(l.service_month, 6, 2) = '12' THEN CAST(c.year + 1 AS VARCHAR(4)) || '-01'
    WHEN SUBSTR(l.service_month, 6, 2) IN ('09', '10', '11')
        THEN SUBSTR(l.service_month, 1, 5) || CAST(CAST(SUBSTR(l.service_month, 6, 2) AS INTEGER) + 1 AS VARCHAR(2))
    ELSE SUBSTR(l.service_month, 1, 6) || CAST(CAST(SUBSTR(l.service_month, 6, 2) AS INTEGER) + 1 AS VARCHAR(2)) END"""
_KEY = "lead_contractor_id, contract_id, sender, agreement, product_code, client_id"

_BEGINS = (
    "CREATE TEMPORARY TABLE contract_begins (lead_contractor_id BIGINT, contract_id BIGINT, first_month VARCHAR(7))"
)
_TERMS = "SELECT lead_contractor_id, id, year, terms FROM contract"

_FILL = f"""
INSERT INTO served (lead_contractor_id, contract_id, subcontractor, agreement, product_code, client_id, number,
    seen_from, seen_until)
WITH counted AS (
    SELECT l.lead_contractor_id, l.contract_id, l.sender, l.agreement, l.product_code, l.client_id,
        {_SEEN.format(after=_AFTER)} AS seen, SUM(CASE WHEN l.credit THEN -1 ELSE 1 END) AS lines
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = l.lead_contractor_id AND m.id = l.message_id
    JOIN contract AS c ON c.lead_contractor_id = l.lead_contractor_id AND c.id = l.contract_id
    JOIN contract_begins AS f ON f.lead_contractor_id = c.lead_contractor_id AND f.contract_id = c.id
    WHERE l.assessed AND l.codes = 0 AND l.in_time AND SUBSTR(l.service_month, 1, 4) = CAST(c.year AS VARCHAR(4))
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), running AS (
    SELECT {_KEY}, seen, SUM(lines) OVER (PARTITION BY {_KEY} ORDER BY seen) AS net FROM counted
), turned AS (
    SELECT {_KEY}, seen, net, COALESCE(LAG(net) OVER (PARTITION BY {_KEY} ORDER BY seen), 0) AS before FROM running
), spans AS (
    SELECT {_KEY}, seen, net, LEAD(seen) OVER (PARTITION BY {_KEY} ORDER BY seen) AS until
    FROM turned WHERE (net > 0 AND before <= 0) OR (net <= 0 AND before > 0)
)
SELECT {_KEY}, ROW_NUMBER() OVER (PARTITION BY {_KEY} ORDER BY seen) - 1, seen, COALESCE(until, '9999-99')
FROM spans WHERE net > 0
"""


def upgrade() -> None:
    """Apply: the table, filled from the lines that are there."""
    op.create_table(
        "served",
        sa.Column("lead_contractor_id", _id(), autoincrement=False, nullable=False),
        sa.Column("contract_id", _id(), autoincrement=False, nullable=False),
        sa.Column("subcontractor", sa.String(length=8), nullable=False),
        sa.Column("agreement", sa.String(length=60), nullable=False),
        sa.Column("product_code", sa.String(length=5), nullable=False),
        sa.Column("client_id", _id(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_from", sa.String(length=7), nullable=False),
        sa.Column("seen_until", sa.String(length=7), nullable=False),
        sa.CheckConstraint("seen_from < seen_until", name=op.f("ck_served_seen_forward")),
        sa.ForeignKeyConstraint(
            ["lead_contractor_id"], ["lead_contractor.id"], name=op.f("fk_served_lead_contractor_id")
        ),
        sa.PrimaryKeyConstraint(
            "lead_contractor_id",
            "contract_id",
            "subcontractor",
            "agreement",
            "product_code",
            "client_id",
            "number",
            name=op.f("pk_served"),
        ),
    )
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """Who was served, from the lines that are there; the month in which a contract begins stands in its terms."""
    connection.execute(sa.text(_BEGINS))
    for lead, contract, year, terms in connection.execute(sa.text(_TERMS)).all():
        first = int(tomllib.loads(terms)["lump_sum"].get("first_month", 1))
        begins = {"lead": lead, "contract": contract, "first": f"{year}-{first:02}"}
        connection.execute(sa.text("INSERT INTO contract_begins VALUES (:lead, :contract, :first)"), begins)
    connection.execute(sa.text(_FILL))
    connection.execute(sa.text("DROP TABLE contract_begins"))


def downgrade() -> None:
    """Undo."""
    op.drop_table("served")


def _id() -> sa.types.TypeEngine[int]:
    """A key: BIGINT, but INTEGER on SQLite."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")

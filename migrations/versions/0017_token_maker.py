"""Who made a token, so that it stops when that person no longer acts for its party."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_FILL = """
UPDATE api_token SET made_by_user = COALESCE((
    SELECT MIN(u.id) FROM app_user AS u
    JOIN membership AS m ON m.user_id = u.id
    WHERE u.name = api_token.made_by AND m.lead_contractor_id = api_token.lead_contractor_id
        AND m.role = api_token.role AND m.party = api_token.party
    HAVING COUNT(*) = 1
), 0)
"""


def upgrade() -> None:
    """Apply: the column, filled where the name of the maker is that of one person who acts for the party."""
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by_user", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute(_FILL)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_column("made_by_user")

"""What the check engine needs to be fast: to know a message again without reading all that came before."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_number", ["lead_contractor_id", "contract_id", "sender", "number"], unique=False
        )
        batch_op.create_index("ix_message_content", ["lead_contractor_id", "contract_id", "content_hash"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_content")
        batch_op.drop_index("ix_message_number")

"""claims in the place of locks, and work that stays in the outbox until it is done

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("name", name=op.f("uq_claims_name")),
        sqlite_autoincrement=True,
    )
    # What an older version of the shop adds meanwhile has neither: it is due at once, and was never tried.
    op.add_column("outbox_messages", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_messages", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("outbox_messages", "tries")
    op.drop_column("outbox_messages", "due_at")
    op.drop_table("claims")

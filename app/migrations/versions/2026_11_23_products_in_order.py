"""products in the order in which the shop shows them

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_products_in_order", "products", [sa.text("lower(name)"), "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_products_in_order", table_name="products")

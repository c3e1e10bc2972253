"""The first tables. Made from the definitions themselves until a release has to be kept up."""

from __future__ import annotations

from alembic import op

from kinema.serve.store.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    """Drop every table."""
    METADATA.drop_all(op.get_bind())

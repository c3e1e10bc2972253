"""Tables of storyboards, in a database that was made before there were any."""

from __future__ import annotations

from typing import Final

from alembic import op

from kinema.serve.store.tables import (
    exports,
    shot_clips,
    storyboard_files,
    storyboard_steps,
    storyboard_takes,
    storyboards,
)

revision = "0002"
down_revision = "0001"

_TABLES: Final = (
    storyboards,
    storyboard_steps,
    storyboard_files,
    storyboard_takes,
    shot_clips,
    exports,
)


def upgrade() -> None:
    """Create what is not there."""
    for table in _TABLES:
        table.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Drop the tables of storyboards."""
    for table in reversed(_TABLES):
        table.drop(op.get_bind(), checkfirst=True)

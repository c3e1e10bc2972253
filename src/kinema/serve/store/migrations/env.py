"""Alembic runs this to bring a database up to date, on the connection that it is given."""

from __future__ import annotations

from alembic import context

from kinema.serve.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Cards of the models that workers run, as the workers wrote them down."""

from __future__ import annotations

from sqlalchemy import Connection, select

from kinema.serve.store.tables import cards
from kinema.types import ModelCard, from_builtins


def published(connection: Connection) -> dict[str, ModelCard]:
    """The card of each model that a worker runs or has lately run, by name."""
    rows = connection.scalars(select(cards.c.card).order_by(cards.c.name))
    return {one.name: one for one in (from_builtins(row, ModelCard) for row in rows)}

"""What workers write down of the models that they run: their cards, and how fast they are."""

from __future__ import annotations

from sqlalchemy import Connection, select

from kinema.serve.store.paces import Past, remembered
from kinema.serve.store.tables import cards
from kinema.types import ModelCard, from_builtins


def published(connection: Connection) -> dict[str, tuple[ModelCard, tuple[Past, ...]]]:
    """The card of each model that a worker runs or has lately run, and its last jobs, by name."""
    rows = connection.execute(select(cards.c.card, cards.c.calibration).order_by(cards.c.name))
    known = [(from_builtins(row.card, ModelCard), remembered(row.calibration)) for row in rows]
    return {card.name: (card, jobs) for card, jobs in known}

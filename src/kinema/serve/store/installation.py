"""What belongs to the whole installation: the tokens of its workers, and whose turn it is."""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from kinema.serve.store.database import inserting
from kinema.serve.store.projects import hash_of
from kinema.serve.store.tables import installation

_TOKEN: Final = "token:"
_TURN: Final = "turn:"


def trust(connection: Connection, place: str, token: str | None) -> None:
    """Let workers in that show the token, and no longer those that show the earlier one.

    Args:
        connection: Of a transaction.
        place: Where the token is kept: each place has one.
        token: None for none any more.
    """
    name = f"{_TOKEN}{place}"[:200]
    connection.execute(delete(installation).where(installation.c.name == name))
    if token is not None:
        row = {"name": name, "value": hash_of(token), "at": time.time()}
        connection.execute(insert(installation).values(row))


def is_trusted(connection: Connection, token: str) -> bool:
    """Whether a worker that shows the token may take jobs. Tokens are kept as hashes."""
    good = (installation.c.name.startswith(_TOKEN), installation.c.value == hash_of(token))
    return connection.execute(select(installation.c.name).where(*good)).first() is not None


def take_turn(connection: Connection, work: str, every: float) -> bool:
    """Whether to do a work that one process at a time does, once in ``every`` seconds."""
    name, now = f"{_TURN}{work}", time.time()
    mine = installation.c.name == name
    due = update(installation).where(mine, installation.c.at <= now - every).values(at=now)
    if connection.execute(due).rowcount:
        return True
    first = inserting(connection, installation).values(name=name, at=now)
    taken = first.on_conflict_do_nothing().returning(installation.c.name)
    return connection.execute(taken).first() is not None

"""What happened, in order: written in the transaction that made it happen, read by who watches.

The log is a hint for windows and caches; the tables are the truth.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, text

from kinema.serve.store.tables import events
from kinema.types import Json

KEPT: Final = 24 * 3600.0
"""Seconds after which an event is forgotten; who was away longer asks for the lists again."""

_LOCK: Final = 0x6B696E65  # any number that nobody else locks in this database


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. ``number`` rises; some numbers are never used."""

    number: int
    project: str
    type: str
    clip: str | None
    data: Json
    at: float


def one_at_a_time(connection: Connection) -> None:
    """Wait for the other transactions that came here; those that come later wait for this one.

    SQLite has one writer at a time anyway; on Postgres a lock sees to it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def append(
    connection: Connection, project: str, kind: str, data: Json, *, clip: str | None = None
) -> None:
    """Write an event down as part of a transaction.

    Events become visible in the order of their numbers, so that who has read up to a number has
    missed none below it.
    """
    one_at_a_time(connection)
    row = {"project": project, "type": kind, "clip": clip, "data": data, "at": time.time()}
    connection.execute(insert(events), row)


def after(connection: Connection, number: int, *, limit: int = 500) -> list[Event]:
    """The events behind that one, oldest first."""
    rows = connection.execute(
        select(events).where(events.c.number > number).order_by(events.c.number).limit(limit)
    )
    return [Event(r.number, r.project, r.type, r.clip, r.data, r.at) for r in rows]


def newest(connection: Connection) -> int:
    """The number of the newest event, 0 where there is none."""
    return connection.execute(select(func.max(events.c.number))).scalar() or 0


def oldest(connection: Connection) -> int | None:
    """The number of the oldest event that is kept, None where there is none."""
    return connection.execute(select(func.min(events.c.number))).scalar()


def forget(connection: Connection, before: float) -> None:
    """Drop the events from before that time."""
    connection.execute(delete(events).where(events.c.at < before))

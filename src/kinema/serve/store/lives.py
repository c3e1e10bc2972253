"""Live streams: which there are, who draws them, what was said in them.

A stream lives in one worker. The row says which, so that whoever asks finds it, and keeps the reel
when the worker is gone.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, insert, select, update
from sqlalchemy import delete as drop

from kinema.serve.ids import Kind, is_id
from kinema.serve.store.database import Database
from kinema.serve.store.events import append
from kinema.serve.store.tables import lives, workers
from kinema.types import Json

SILENT: Final = 60.0
"""Seconds without a sign of life after which the streams of a worker are over."""


class LiveState(StrEnum):
    """Where a stream stands: open, put on hold, without a worker's slot, over."""

    OPEN = "open"
    HELD = "held"
    IDLE = "idle"
    ENDED = "ended"


class Reason(StrEnum):
    """Why a stream ended."""

    ENDED = "ended"
    LEFT = "left"
    REPLACED = "replaced"
    FAILED = "failed"
    WORKER_GONE = "worker_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """A row of `tables.lives`; what each column means stands there."""

    id: str
    project: str
    worker: str
    since: float
    alias: str
    model: str
    prompt: str
    request: Json
    state: str = LiveState.OPEN
    viewers: int = 0
    reason: str | None = None
    reel: list[Json] = field(default_factory=list["Json"])
    created_at: float = field(default_factory=time.time)
    ended_at: float | None = None


def add(connection: Connection, row: LiveRow) -> None:
    """Write a new stream down."""
    connection.execute(insert(lives).values(asdict(row)))


def strike(connection: Connection, live: str) -> None:
    """Forget a stream that no worker began."""
    connection.execute(drop(lives).where(lives.c.id == live))


def get(connection: Connection, live: str, project: str | None = None) -> LiveRow | None:
    """The stream of that id; None where there is none, or where it is another project's."""
    if not is_id(live, Kind.LIVE):
        return None
    query = select(lives).where(lives.c.id == live)
    if project is not None:
        query = query.where(lives.c.project == project)
    found = connection.execute(query).mappings().first()
    return None if found is None else _row(found)


def going_on(connection: Connection, project: str) -> list[LiveRow]:
    """The project's streams that have not ended, newest first."""
    mine = (lives.c.project == project, lives.c.state != LiveState.ENDED)
    query = select(lives).where(*mine).order_by(lives.c.created_at.desc())
    return [_row(row) for row in connection.execute(query).mappings()]


def note(connection: Connection, live: str, **values: Any) -> None:
    """Change what is written of a stream that goes on."""
    mine = (lives.c.id == live, lives.c.state != LiveState.ENDED)
    connection.execute(update(lives).where(*mine).values(values))


def note_reel(connection: Connection, live: str, reel: list[Json]) -> None:
    """Write down what was said in a stream and kept of it, also when it is over."""
    connection.execute(update(lives).where(lives.c.id == live).values(reel=reel))


def end(connection: Connection, live: str, reason: Reason) -> bool:
    """The stream is over; False where it was already."""
    values = {
        "state": LiveState.ENDED, "reason": reason, "viewers": 0, "ended_at": time.time(),
    }  # fmt: skip
    mine = (lives.c.id == live, lives.c.state != LiveState.ENDED)
    project = connection.execute(
        update(lives).where(*mine).values(values).returning(lives.c.project)
    ).scalar()
    if project is None:
        return False
    append(connection, project, "live.ended", {"live": live, "reason": reason})
    return True


def end_orphans(database: Database) -> None:
    """End the streams whose worker is there no more, or is another process by now."""
    same = and_(workers.c.id == lives.c.worker, workers.c.since == lives.c.since)
    recent = workers.c.seen_at > time.time() - SILENT
    there = select(workers.c.id).where(same, workers.c.state == "online", recent).exists()
    query = select(lives.c.id).where(lives.c.state != LiveState.ENDED, ~there)
    with database.read() as connection:
        orphans = connection.scalars(query).all()
    if orphans:
        with database.write() as connection:
            for live in orphans:
                end(connection, live, Reason.WORKER_GONE)


def forget(connection: Connection, before: float) -> None:
    """Drop the streams that ended before that time."""
    connection.execute(drop(lives).where(lives.c.ended_at < before))


def _row(found: RowMapping) -> LiveRow:
    return LiveRow(**{str(column): value for column, value in found.items()})

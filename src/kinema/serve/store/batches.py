"""Batches: many requests of one file, each line of which becomes a clip.

validating --> in_progress --> finalizing --> completed
     |              |--> cancelling --> cancelled
     `--> failed    `--> expired
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from kinema.serve.ids import is_id
from kinema.serve.store.clips import OPEN, State
from kinema.serve.store.deliveries import announce
from kinema.serve.store.pages import page_of
from kinema.serve.store.tables import batch_lines, batches, clips
from kinema.types import Json


class BatchStatus(StrEnum):
    """Where a batch stands."""

    VALIDATING = "validating"
    FAILED = "failed"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


GOING: Final = (
    BatchStatus.VALIDATING,
    BatchStatus.IN_PROGRESS,
    BatchStatus.FINALIZING,
    BatchStatus.CANCELLING,
)
"""States that something still follows on."""


def add(connection: Connection, row: Json) -> RowMapping:
    """Write a new batch down."""
    connection.execute(insert(batches).values(row))
    found = get(connection, row["project"], row["id"])
    if found is None:
        raise KeyError(row["id"])
    return found


def get(connection: Connection, project: str, batch: str) -> RowMapping | None:
    """The project's batch of that id."""
    if not is_id(batch):
        return None
    mine = (batches.c.id == batch, batches.c.project == project)
    return connection.execute(select(batches).where(*mine)).mappings().first()


def page(
    connection: Connection, project: str, *, limit: int, after: str | None
) -> tuple[Sequence[RowMapping], bool]:
    """Some of the project's batches, newest first, and whether there are more."""
    mine = batches.c.project == project
    return page_of(connection, batches, mine, limit=limit, after=after)


def going(connection: Connection) -> list[RowMapping]:
    """The batches of all projects that have not ended, oldest first."""
    query = select(batches).where(batches.c.status.in_(GOING)).order_by(batches.c.number)
    return list(connection.execute(query).mappings())


def reach(
    connection: Connection,
    batch: RowMapping,
    status: BatchStatus,
    *,
    before: Iterable[BatchStatus],
    **values: Any,
) -> bool:
    """Bring a batch into a state, from one of those ``before``; False where it is in another.

    Webhooks are told of the states that it ends in.
    """
    now = time.time()
    query = select(batches.c.times).where(batches.c.id == batch["id"]).with_for_update()
    times = connection.execute(query).scalar() or {}
    mine = (batches.c.id == batch["id"], batches.c.status.in_(tuple(before)))
    new = {"status": status, "times": {**times, status: now}, **values}
    if not connection.execute(update(batches).where(*mine).values(**new)).rowcount:
        return False
    if status not in GOING:
        announce(connection, batch["project"], f"batch.{status}", batch["id"])
    return True


def waiting(connection: Connection, batch: str, *, limit: int) -> list[RowMapping]:
    """The lines whose turn is yet to come, in order."""
    mine = (
        batch_lines.c.batch == batch,
        batch_lines.c.clip.is_(None),
        batch_lines.c.answer.is_(None),
    )
    query = select(batch_lines).where(*mine).order_by(batch_lines.c.line)
    return list(connection.execute(query.limit(limit)).mappings())


def lines(connection: Connection, batch: str, *, after: int, limit: int) -> list[RowMapping]:
    """The lines behind that one, in order."""
    mine = (batch_lines.c.batch == batch, batch_lines.c.line > after)
    query = select(batch_lines).where(*mine).order_by(batch_lines.c.line)
    return list(connection.execute(query.limit(limit)).mappings())


def settle(connection: Connection, batch: str, line: int, **values: Any) -> bool:
    """Give a line its clip or its answer; False where it has one, or the batch feeds no more."""
    feeds = select(batches.c.id).where(batches.c.status == BatchStatus.IN_PROGRESS)
    mine = (
        batch_lines.c.batch == batch,
        batch_lines.c.batch.in_(feeds),
        batch_lines.c.line == line,
        batch_lines.c.clip.is_(None),
        batch_lines.c.answer.is_(None),
    )
    return bool(connection.execute(update(batch_lines).where(*mine).values(**values)).rowcount)


def open_clips(connection: Connection, batch: str) -> list[str]:
    """The clips of a batch that wait or are being made."""
    query = select(clips.c.id).where(clips.c.batch == batch, clips.c.state.in_(OPEN))
    return list(connection.scalars(query))


def counted(connection: Connection, batch: str) -> dict[str, int]:
    """How many lines a batch has, and how many have ended well and badly."""
    mine = batch_lines.c.batch == batch
    total = connection.execute(select(func.count()).where(mine)).scalar_one()
    bare = batch_lines.c.clip.is_(None) & batch_lines.c.answer.is_(None)
    left = connection.execute(select(func.count()).where(mine, bare)).scalar_one()
    here = clips.c.batch == batch
    well = clips.c.state.in_((State.COMPLETED, State.EXPIRED))
    completed = connection.execute(select(func.count()).where(here, well)).scalar_one()
    running = len(open_clips(connection, batch))
    return {"total": total, "completed": completed, "failed": total - left - running - completed}

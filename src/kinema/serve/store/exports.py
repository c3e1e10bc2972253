"""Exports of storyboards: films, cuts and captions that are made, one row each.

    waiting --> queued --> running --> completed
       |           |          |
       `-----------+----------+--> failed, cancelled

It waits for the clips of its shots; then a worker joins them. As with clips, what a run may change
it may change only while the row names that run.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from kinema.serve.ids import is_id
from kinema.serve.store.events import append
from kinema.serve.store.tables import exports
from kinema.types import Json


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


GOING: Final = (ExportState.WAITING, ExportState.QUEUED, ExportState.RUNNING)
"""States that something still follows on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A row of `tables.exports`."""

    id: str
    project: str
    board: str
    version: int
    kind: str
    film: str
    key: str
    state: str
    document: Json
    takes: Json
    created_at: float
    progress: int = 0
    run: int = 0
    result: Json | None = None
    error: Json | None = None
    completed_at: float | None = None
    number: int | None = None


def add(connection: Connection, row: ExportRow) -> None:
    """Write a new export down."""
    values = {name: getattr(row, name) for name in _COLUMNS}
    connection.execute(insert(exports).values(values))
    _tell(connection, row, ExportState(row.state), row.progress)


def get(connection: Connection, export: str, project: str | None = None) -> ExportRow | None:
    """The export of that id, in that project where one is named."""
    if not is_id(export):
        return None
    query = select(exports).where(exports.c.id == export)
    if project is not None:
        query = query.where(exports.c.project == project)
    found = connection.execute(query).mappings().first()
    return None if found is None else _row(found)


def of_board(connection: Connection, board: str) -> list[ExportRow]:
    """The exports of a storyboard, newest first."""
    mine = select(exports).where(exports.c.board == board).order_by(exports.c.number.desc())
    return [_row(row) for row in connection.execute(mine).mappings()]


def same(connection: Connection, board: str, key: str) -> ExportRow | None:
    """The newest export of the same thing that has not failed."""
    fine = (*GOING, ExportState.COMPLETED)
    query = select(exports).where(
        exports.c.board == board, exports.c.key == key, exports.c.state.in_(fine)
    )
    found = connection.execute(query.order_by(exports.c.number.desc())).mappings().first()
    return None if found is None else _row(found)


def waiting(connection: Connection) -> list[ExportRow]:
    """The exports of all projects that wait for clips, oldest first."""
    query = select(exports).where(exports.c.state == ExportState.WAITING)
    return [_row(row) for row in connection.execute(query.order_by(exports.c.number)).mappings()]


def known_ids(connection: Connection) -> set[str]:
    """The ids of all exports there are."""
    return set(connection.scalars(select(exports.c.id)))


def reach(
    connection: Connection, row: ExportRow, state: ExportState, *before: ExportState, **values: Any
) -> bool:
    """Bring an export into a state, from one of those ``before``; False where it is in another."""
    if state not in GOING:
        values["completed_at"] = time.time()
    mine = (exports.c.id == row.id, exports.c.run == row.run, exports.c.state.in_(before))
    changed = connection.execute(update(exports).where(*mine).values(state=state, **values))
    if not changed.rowcount:
        return False
    _tell(connection, row, state, values.get("progress", row.progress))
    return True


def advance(connection: Connection, row: ExportRow, progress: int) -> None:
    """Say how far a running export is, in percent."""
    mine = (exports.c.id == row.id, exports.c.run == row.run)
    running = exports.c.state == ExportState.RUNNING
    changed = update(exports).where(*mine, running).values(progress=progress)
    if connection.execute(changed).rowcount:
        _tell(connection, row, ExportState.RUNNING, progress)


def is_wanted(connection: Connection, row: ExportRow) -> bool:
    """Whether a run is still to go on."""
    mine = (exports.c.id == row.id, exports.c.run == row.run)
    running = exports.c.state == ExportState.RUNNING
    return connection.execute(select(exports.c.id).where(*mine, running)).first() is not None


def forget(connection: Connection, before: float) -> list[str]:
    """Drop the exports that ended before that time; returns their ids."""
    old = (exports.c.completed_at < before,)
    gone = list(connection.scalars(select(exports.c.id).where(*old)))
    connection.execute(delete(exports).where(exports.c.id.in_(gone)))
    return gone


_COLUMNS: Final = (
    "id", "project", "board", "version", "kind", "film", "key", "state", "progress", "run",
    "document", "takes", "result", "error", "created_at", "completed_at",
)  # fmt: skip


def _tell(connection: Connection, row: ExportRow, state: ExportState, progress: int) -> None:
    data = {"export": row.id, "state": state, "progress": progress}
    append(connection, row.project, "export.changed", data, clip=row.board)


def _row(found: RowMapping) -> ExportRow:
    return ExportRow(**{str(name): value for name, value in found.items()})

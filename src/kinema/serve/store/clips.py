"""Clips and the jobs that make them: one row, from the wish to the finished file.

    queued --> running --> completed
      |  ^       |  |
      v  |       v  `----> failed
     paused <----'        completed --> expired
      |
      `--> cancelled      (also from queued and running)

A clip that was put aside goes on as another run. What a run may change, it may change only while
the row names that run and the worker that made it: who lost a job without noticing changes nothing.

Every change asks for the state that it starts from, in the same statement, so that of two that race
one changes the row and the other is told that it came too late. Every change writes its event in
the same transaction.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, insert, select, update
from sqlalchemy import delete as drop

from kinema.serve.ids import is_id
from kinema.serve.store.events import append
from kinema.serve.store.pages import page_of
from kinema.serve.store.tables import clips
from kinema.types import Json


class State(StrEnum):
    """Where a clip stands, in our words."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN: Final = (State.QUEUED, State.RUNNING, State.PAUSED)
"""States that something still follows on."""

STATUS: Final = {
    State.QUEUED: "queued",
    State.RUNNING: "in_progress",
    State.PAUSED: "queued",
    State.COMPLETED: "completed",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
    State.EXPIRED: "completed",
}
"""The same in the four words of the Videos API, which is all that its clients know."""


_TITLE: Final = 120  # characters of a prompt that stand for it


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRow:
    """A row of `tables.clips`; what each column means stands there."""

    id: str
    project: str
    kind: str
    alias: str
    model: str
    prompt: str
    seconds: str
    size: str
    request: Json
    inputs: dict[str, Json] = field(default_factory=dict[str, Json])
    status: str = STATUS[State.QUEUED]
    state: str = State.QUEUED
    progress: int = 0
    phase: str = ""
    source: str | None = None
    spread: str | None = None
    extensions: int = 0
    batch: str | None = None
    priority: int = 0
    created_at: float = 0.0
    started_at: float | None = None
    completed_at: float | None = None
    expires_at: float | None = None
    promised: float | None = None
    remaining: float | None = None
    poll_after: int = 1000
    worker: str | None = None
    run: int = 0
    error: Json | None = None
    assets: Json | None = None
    facts: Json | None = None
    favourite: bool = False
    title: str = ""
    tags: list[str] = field(default_factory=list[str])
    number: int | None = None


def add(connection: Connection, row: ClipRow) -> int:
    """Write a new clip down; returns the `ClipRow.number` that the database gives it."""
    values = asdict(row)
    del values["number"]
    position, starts_in = _before(connection, row)
    number = connection.execute(insert(clips).returning(clips.c.number), values).scalar_one()
    data: Json = {
        "kind": row.kind,
        "title": row.prompt[:_TITLE],
        "position": position,
        "starts_in": starts_in,
        "eta_s": row.promised,
    }
    _tell(connection, row.id, row.project, "job.queued", data)
    return number


def add_finished(connection: Connection, row: ClipRow) -> None:
    """Write a clip down that no job made, and that is published already."""
    values = asdict(row)
    del values["number"]
    connection.execute(insert(clips).values(values))
    _tell(connection, row.id, row.project, "clip.created", {"clip": row.id})


def get(connection: Connection, clip: str, project: str | None = None) -> ClipRow | None:
    """The clip of that id; None where there is none, or where it is another project's."""
    if not is_id(clip):
        return None
    query = select(clips).where(clips.c.id == clip)
    if project is not None:
        query = query.where(clips.c.project == project)
    found = connection.execute(query).mappings().first()
    return None if found is None else _row(found)


def page(
    connection: Connection,
    project: str,
    *conditions: ColumnElement[bool],
    limit: int,
    after: str | None = None,
    newest_first: bool = True,
) -> tuple[list[ClipRow], bool]:
    """Some clips of a project in the order of their arrival, and whether there are more."""
    mine = (clips.c.project == project, *conditions)
    found, more = page_of(
        connection, clips, *mine, limit=limit, after=after, newest_first=newest_first
    )
    return [_row(row) for row in found], more


def queued(connection: Connection) -> list[ClipRow]:
    """Every clip that waits or runs, of all projects, in the order in which they will be made."""
    first = case((clips.c.state == State.RUNNING, 0), (clips.c.state == State.QUEUED, 1), else_=2)
    query = select(clips).where(clips.c.state.in_(OPEN))
    order = query.order_by(first, clips.c.priority, clips.c.number)
    return [_row(row) for row in connection.execute(order).mappings()]


def lined_up(connection: Connection, project: str) -> list[ClipRow]:
    """The project's clips that wait for a worker, in the order in which they will be made.

    They stay locked for the transaction: who changes several of them locks them before anything
    else, as who changes one does.
    """
    mine = (clips.c.project == project, clips.c.state == State.QUEUED)
    order = select(clips).where(*mine).order_by(clips.c.priority, clips.c.number)
    return [_row(row) for row in connection.execute(order.with_for_update()).mappings()]


def delete(connection: Connection, clip: str) -> None:
    """Forget a clip, once its job has ended."""
    statement = drop(clips).where(clips.c.id == clip).returning(clips.c.project)
    project = connection.execute(statement).scalar()
    if project is not None:
        _tell(connection, clip, project, "clip.deleted", {})


def waiting(connection: Connection, project: str | None = None) -> int:
    """How many clips wait or run."""
    query = select(func.count()).select_from(clips).where(clips.c.state.in_(OPEN))
    if project is not None:
        query = query.where(clips.c.project == project)
    return connection.execute(query).scalar_one()


@dataclass(frozen=True, slots=True)
class Turn:
    """A worker's turn at a clip: the run that it was given, and its name."""

    clip: str
    run: int
    worker: str


def start(connection: Connection, turn: Turn) -> bool:
    """A worker takes the clip up, or goes on with one that it or another had left."""
    began = func.coalesce(clips.c.started_at, time.time())
    values = {**_state(State.RUNNING), "worker": turn.worker, "started_at": began}
    this_run = clips.c.run == turn.run
    data = {"worker": turn.worker}
    before = (State.QUEUED, State.RUNNING)
    return _change(connection, turn.clip, before, values, "job.started", data, this_run)


def advance(
    connection: Connection, turn: Turn, *, progress: int, phase: str, remaining: float | None
) -> bool:
    """How far a running clip is: ``progress`` in percent, never back; ``remaining`` in seconds."""
    values = {"progress": progress, "phase": phase, "remaining": remaining}
    data = {"pct": progress, "phase": phase, "eta_s": remaining}
    conditions = (*_held(turn), clips.c.progress <= progress)
    before = (State.RUNNING,)
    return _change(connection, turn.clip, before, values, "job.progress", data, *conditions)


def finished(assets: Json, facts: Json, expires_at: float | None) -> dict[str, Any]:
    """The values of a row whose clip is published."""
    return {
        **_state(State.COMPLETED),
        "progress": 100,
        "phase": "",
        "remaining": 0.0,
        "completed_at": time.time(),
        "expires_at": expires_at,
        "assets": assets,
        "facts": facts,
    }


def complete(
    connection: Connection, turn: Turn, *, assets: Json, facts: Json, expires_at: float | None
) -> bool:
    """The clip is published: its files lie where ``assets`` says."""
    values = finished(assets, facts, expires_at)
    row = get(connection, turn.clip)
    began = row.started_at if row is not None else None
    took = None if began is None else round(time.time() - began, 2)
    said = row.promised if row is not None else None
    data = {"clip": turn.clip, "took_s": took, "said_s": said}
    before = (State.RUNNING,)
    done = _change(connection, turn.clip, before, values, "job.completed", data, *_held(turn))
    if row is not None and done:
        _tell(connection, turn.clip, row.project, "clip.created", {"clip": turn.clip})
    return done


def fail(connection: Connection, clip: str, run: int, error: Json) -> bool:
    """The clip cannot be made; ``error`` is {code, message} and what else helps."""
    values = {**_state(State.FAILED), "error": error, "completed_at": time.time()}
    before = (State.QUEUED, State.RUNNING)
    return _change(connection, clip, before, values, "job.failed", error, clips.c.run == run)


def cancel(connection: Connection, clip: str) -> bool:
    """Somebody wants it no more."""
    error = {"code": "cancelled", "message": "The video was cancelled."}
    values = {**_state(State.CANCELLED), "error": error, "completed_at": time.time()}
    return _change(connection, clip, OPEN, values, "job.cancelled", {})


def pause(connection: Connection, clip: str) -> bool:
    """Put it aside with what is done of it."""
    values = _state(State.PAUSED)
    return _change(connection, clip, (State.QUEUED, State.RUNNING), values, "job.paused", {})


def resume(connection: Connection, clip: str, priority: int) -> bool:
    """Let a paused clip wait for a worker again, as a new run with its time before it."""
    values = {
        **_state(State.QUEUED),
        "run": clips.c.run + 1,
        "priority": priority,
        "started_at": None,
    }
    return _change(connection, clip, (State.PAUSED,), values, "job.resumed", {})


def move(connection: Connection, clip: str, priority: int) -> bool:
    """Give a waiting clip another place, as a new run."""
    values = {"run": clips.c.run + 1, "priority": priority}
    return _change(connection, clip, (State.QUEUED,), values, "job.moved", {})


def expire(connection: Connection, clip: str) -> bool:
    """Its time is over: who asks for its files is told so from now on."""
    values = {**_state(State.EXPIRED), "assets": None}
    return _change(
        connection, clip, (State.COMPLETED,), values, "clip.updated", {"state": "expired"}
    )


def is_held(connection: Connection, turn: Turn) -> bool:
    """Whether the clip is still wanted, from that worker and in that run."""
    query = select(clips.c.id).where(
        clips.c.id == turn.clip, clips.c.state == State.RUNNING, *_held(turn)
    )
    return connection.execute(query).first() is not None


def state_of(connection: Connection, clip: str) -> State | None:
    """The state alone."""
    found = connection.execute(select(clips.c.state).where(clips.c.id == clip)).scalar()
    return None if found is None else State(found)


def _before(connection: Connection, row: ClipRow) -> tuple[int, float]:
    """The place of a new clip in the queue, 1 for the next, and the seconds of work before it."""
    first = (clips.c.state == State.RUNNING) | (clips.c.priority <= row.priority)
    ahead = (clips.c.state.in_((State.QUEUED, State.RUNNING)), first)
    queued = func.count().filter(clips.c.state == State.QUEUED)
    work = func.sum(func.coalesce(clips.c.remaining, clips.c.promised, 0.0))
    found = connection.execute(select(queued, work).where(*ahead)).one()
    return 1 + found[0], round(found[1] or 0.0, 1)


def _held(turn: Turn) -> tuple[ColumnElement[bool], ...]:
    return (clips.c.run == turn.run, clips.c.worker == turn.worker)


def _state(state: State) -> dict[str, Any]:
    return {"state": state, "status": STATUS[state]}


def _change(
    connection: Connection,
    clip: str,
    before: Collection[State],
    values: Mapping[str, Any],
    kind: str,
    data: Json,
    *conditions: ColumnElement[bool],
) -> bool:
    """Change the row if it is in one of those states, and say what happened."""
    statement = (
        update(clips)
        .where(clips.c.id == clip, clips.c.state.in_(before), *conditions)
        .values(**values)
        .returning(clips.c.project)
    )
    project = connection.execute(statement).scalar()
    if project is None:
        return False
    _tell(connection, clip, project, kind, data)
    return True


def _tell(connection: Connection, clip: str, project: str, kind: str, data: Json) -> None:
    append(connection, project, kind, data, clip=clip)


def _row(found: RowMapping) -> ClipRow:
    return ClipRow(**{str(column): value for column, value in found.items()})

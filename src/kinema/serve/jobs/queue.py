"""The queue as its clients see it: put in, take out, put aside. It holds no model.

A job is accepted in one transaction with everything else that its acceptance writes, so that there
is no moment at which a clip is known and nobody will make it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dbos import DBOSClient
from sqlalchemy import Connection, func, select

from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow, State
from kinema.serve.store.database import Database
from kinema.serve.store.tables import clips, projects

APPLICATION: Final = "kinema"
VERSION: Final = "1"
"""Changes when jobs begun by an older program cannot be gone on with."""
WORKFLOW: Final = "make_clip"
FILM_WORKFLOW: Final = "make_film"
FILMS: Final = "films"
"""The queue of exports, of which every worker takes some."""

_TICKS: Final = 1000  # of virtual time that one job of a project with share 1 takes
_BATCH_SHARE: Final = 0.25  # of the project's share
_LAST: Final = 2**31 - 1  # the largest priority that the queue knows


def queue_of(model: str) -> str:
    """Each model has its queue, so that a worker takes only what it can make."""
    return f"clips:{model}"


def run_id(clip: str, run: int) -> str:
    """The durable run that makes a clip, for the first or the ``run``-th time."""
    return f"{clip}.{run}"


def clip_of(run: str) -> tuple[str, int]:
    """The clip of a durable run, and the number of the run."""
    clip, _, number = run.rpartition(".")
    return clip, int(number)


class Queue:
    """Accepts jobs. Shared by threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._client = DBOSClient(
            system_database_url=database.url, application_name=APPLICATION, lazy=True
        )

    def accept(self, connection: Connection, row: ClipRow) -> ClipRow:
        """Write the clip down and enqueue its job: part of the caller's transaction.

        Returns:
            The row with the number that the database gave it.
        """
        row = replace(row, number=store.add(connection, row))
        self._enqueue(connection, row)
        return row

    def accept_film(self, connection: Connection, export: str) -> None:
        """Enqueue the job of an export: part of the caller's transaction."""
        self._client.enqueue_in_transaction(
            connection,
            {
                "queue_name": FILMS,
                "workflow_name": FILM_WORKFLOW,
                "workflow_id": export,
                "app_version": VERSION,
            },
            export,
        )

    def cancel(self, clip: str) -> bool:
        """Stop a job within one step; False where it had ended already.

        A worker that has begun looks at the clip's row and tidies up itself.
        """
        with self.database.write() as connection:
            row, done = store.get(connection, clip), store.cancel(connection, clip)
        if row is not None and done:
            self._take_out(row)
        return done

    def pause(self, clip: str) -> bool:
        """Put a job aside with what is done of it; False where it waits or runs no more."""
        with self.database.write() as connection:
            row, done = store.get(connection, clip), store.pause(connection, clip)
        if row is not None and done:
            self._take_out(row)
        return done

    def resume(self, clip: str) -> bool:
        """Let a paused job go on where it was; False where it is not paused."""
        with self.database.write() as connection:
            row = store.get(connection, clip)
            if row is None:
                return False
            priority = fair_priority(connection, row.project, batch=row.batch is not None)
            done = store.resume(connection, clip, priority)
            row = store.get(connection, clip)
            if row is not None and done:
                self._enqueue(connection, row)
        return done

    def move(self, clip: str, before: str | None = None) -> bool:
        """Let a waiting job be made before another of its project, or as the project's next.

        The project's jobs change places among themselves, so that nobody else waits longer for it.

        Args:
            clip: The job.
            before: The job that it comes before; the project's first that waits where not given.

        Returns:
            False where either does not wait (any more), or they are of two projects.
        """
        moved: list[ClipRow] = []
        with self.database.write() as connection:
            row = store.get(connection, clip)
            waiting = store.lined_up(connection, row.project) if row is not None else []
            order = [one.id for one in waiting]
            if clip not in order or (before is not None and before not in order):
                return False
            by_id = {one.id: one for one in waiting}
            if before != clip:
                order.remove(clip)
                order.insert(0 if before is None else order.index(before), clip)
            places = sorted(one.priority for one in waiting)
            for name, place in zip(order, places, strict=True):
                if place != by_id[name].priority and store.move(connection, name, place):
                    moved.append(by_id[name])
                    again = store.get(connection, name)
                    if again is not None:
                        self._enqueue(connection, again)
        for one in moved:
            self._take_out(one)
        return True

    def close(self) -> None:
        """Give the connections back."""
        self._client.destroy()

    def _take_out(self, row: ClipRow) -> None:
        """Take a run out that waited. One that is missed here finds that it is wanted no more."""
        if row.state == State.QUEUED:
            self._client.cancel_workflow(run_id(row.id, row.run))

    def _enqueue(self, connection: Connection, row: ClipRow) -> None:
        self._client.enqueue_in_transaction(
            connection,
            {
                "queue_name": queue_of(row.model),
                "workflow_name": WORKFLOW,
                "workflow_id": run_id(row.id, row.run),
                "app_version": VERSION,
                "priority": row.priority,
            },
            row.id,
            row.run,
        )


def fair_priority(connection: Connection, project: str, *, batch: bool = False) -> int:
    """The place of a project's next job among everybody's: smaller comes first.

    Each project has a virtual clock that its jobs push on, slower for a larger share; the job whose
    clock is lowest comes next. A project that was away starts at the clock of those that wait, not
    at zero, so that it cannot save up. Batches have a clock of their own, pushed on faster: they
    fill the gaps, and a single wish passes them.

    Args:
        connection: Of the transaction that accepts the job.
        project: Whose job.
        batch: It is one of a batch.

    Source:
        Start-time fair queueing: Goyal, Vin and Cheng 1996.
    """
    open_ = clips.c.state.in_((State.QUEUED, State.RUNNING))
    same = clips.c.batch.is_not(None) if batch else clips.c.batch.is_(None)
    lowest = select(func.min(clips.c.priority)).where(open_)
    own = select(func.max(clips.c.priority)).where(open_, clips.c.project == project, same)
    share = connection.execute(select(projects.c.share).where(projects.c.id == project)).scalar()
    ticks = round(_TICKS / ((share or 1.0) * (_BATCH_SHARE if batch else 1.0)))
    now = connection.execute(lowest).scalar() or _TICKS
    last = connection.execute(own).scalar()
    return min(now if last is None else max(now, last + ticks), _LAST)

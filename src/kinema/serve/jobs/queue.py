"""The queue as its clients see it: put in, take out, put aside. It holds no model.

A job is accepted in one transaction with everything else that its acceptance writes, so that there
is no moment at which a clip is known and nobody will make it.
"""

from __future__ import annotations

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

_TICKS: Final = 1000  # of virtual time that one job of a project with share 1 takes


def queue_of(model: str) -> str:
    """Each model has its queue, so that a worker takes only what it can make."""
    return f"clips:{model}"


def run_id(clip: str, run: int) -> str:
    """The durable run that makes a clip, for the first or the ``run``-th time."""
    return f"{clip}.{run}"


class Queue:
    """Accepts jobs. Shared by threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._client = DBOSClient(
            system_database_url=database.url, application_name=APPLICATION, lazy=True
        )

    def accept(self, connection: Connection, row: ClipRow) -> None:
        """Write the clip down and enqueue its job: part of the caller's transaction."""
        store.add(connection, row)
        self._enqueue(connection, row)

    def cancel(self, clip: str) -> bool:
        """Stop a job within one step; False where it had ended already.

        A worker that has begun looks at the clip's state and tidies up itself.
        """
        with self.database.write() as connection:
            row, done = store.get(connection, clip), store.cancel(connection, clip)
        if row is not None and done and row.state == State.QUEUED:
            self._client.cancel_workflow(run_id(clip, row.run))
        return done

    def pause(self, clip: str) -> bool:
        """Put a job aside with what is done of it; False where it waits or runs no more."""
        with self.database.write() as connection:
            row, done = store.get(connection, clip), store.pause(connection, clip)
        if row is not None and done and row.state == State.QUEUED:
            self._client.cancel_workflow(run_id(clip, row.run))
        return done

    def resume(self, clip: str) -> bool:
        """Let a paused job go on where it was; False where it is not paused."""
        with self.database.write() as connection:
            done = store.resume(connection, clip)
            row = store.get(connection, clip)
            if row is not None and done:
                self._enqueue(connection, row)
        return done

    def close(self) -> None:
        """Give the connections back."""
        self._client.destroy()

    def _enqueue(self, connection: Connection, row: ClipRow) -> None:
        self._client.enqueue_in_transaction(
            connection,
            {
                "queue_name": queue_of(row.model),
                "workflow_name": WORKFLOW,
                "workflow_id": run_id(row.id, row.run),
                "app_version": VERSION,
                "priority": max(1, row.priority),
            },
            row.id,
        )


def fair_priority(connection: Connection, project: str, *, urgency: int = 0) -> int:
    """The place of a project's next job among everybody's: smaller comes first.

    Each project has a virtual clock that its jobs push on, slower for a larger share; the job whose
    clock is lowest comes next. A project that was away starts at the clock of those that wait, not
    at zero, so that it cannot save up.

    Args:
        connection: Of the transaction that accepts the job.
        project: Whose job.
        urgency: Jobs that this one overtakes, of all that wait; below 0 lets as many pass.

    Source:
        Start-time fair queueing: Goyal, Vin and Cheng 1996.
    """
    open_ = clips.c.state.in_((State.QUEUED, State.RUNNING))
    lowest = select(func.min(clips.c.priority)).where(open_)
    own = select(func.max(clips.c.priority)).where(open_, clips.c.project == project)
    share = connection.execute(select(projects.c.share).where(projects.c.id == project)).scalar()
    now = connection.execute(lowest).scalar() or _TICKS
    last = connection.execute(own).scalar()
    start = now if last is None else max(now, last + round(_TICKS / (share or 1.0)))
    return max(1, start - urgency * _TICKS)

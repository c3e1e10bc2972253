"""Jobs of workers that never came back are given to others.

DBOS lets a worker go on with its own jobs when it returns under its name. One that does not return
would keep them for ever; any other worker that is alive does this for it.
"""

from __future__ import annotations

import time
from typing import Final

from dbos import DBOS
from sqlalchemy import select, update

from kinema.serve.jobs.queue import queue_of
from kinema.serve.store import clips as store
from kinema.serve.store.database import Database
from kinema.serve.store.deliveries import announce
from kinema.serve.store.tables import workers

SILENT: Final = 20.0
"""Seconds without a sign of life after which a worker counts as gone."""

_ATTEMPTS_SPENT: Final = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


def reap(database: Database, worker: str) -> None:
    """Let others go on with the jobs of every worker that is gone.

    Args:
        database: The shared one.
        worker: Who does this; its own jobs are its own.
    """
    with database.read() as connection:
        gone = connection.scalars(
            select(workers.c.id).where(
                workers.c.id != worker,
                workers.c.state != "gone",
                workers.c.seen_at < time.time() - SILENT,
            )
        ).all()
    for other in gone:
        for run in DBOS.list_workflows(status="PENDING", executor_id=other):
            DBOS.resume_workflow(run.workflow_id, queue_name=run.queue_name or queue_of("animatic"))
        with database.write() as connection:
            connection.execute(update(workers).where(workers.c.id == other).values(state="gone"))
    for run in DBOS.list_workflows(status=_ATTEMPTS_SPENT):
        _give_up(database, run.workflow_id.partition(".")[0])


def _give_up(database: Database, clip: str) -> None:
    message = "The worker died each time it tried to make this video."
    with database.write() as connection:
        row = store.get(connection, clip)
        if row and store.fail(connection, clip, {"code": "internal_error", "message": message}):
            announce(connection, row.project, "video.failed", clip)

"""Jobs of workers that never came back are given to others.

DBOS lets a worker go on with its own jobs when it returns under its name. One that does not return
would keep them for ever; any other worker that is alive does this for it.
"""

from __future__ import annotations

from typing import Final

from dbos import DBOS

from kinema.serve.jobs.films import FilmMaker
from kinema.serve.jobs.make import Maker, give_up
from kinema.serve.jobs.queue import FILM_WORKFLOW, clip_of
from kinema.serve.jobs.roster import bury, gone

_ATTEMPTS_SPENT: Final = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


def reap(maker: Maker) -> None:
    """Let others go on with the jobs of every worker that is gone, and end those that kill workers.

    Args:
        maker: That of the worker that does this; its own jobs are its own.
    """
    database = maker.database
    with database.read() as connection:
        lost = gone(connection, but=maker.worker)
    for other in lost:
        for run in DBOS.list_workflows(status="PENDING", executor_id=other, load_output=False):
            if run.queue_name is not None:  # it is in none when it was cancelled meanwhile
                DBOS.resume_workflow(run.workflow_id, queue_name=run.queue_name)
        with database.write() as connection:
            bury(connection, other)
    for run in DBOS.list_workflows(status=_ATTEMPTS_SPENT, load_output=False):
        if run.name == FILM_WORKFLOW:
            films = FilmMaker(database, maker.objects, maker.config.worker.timeout)
            films.give_up(run.workflow_id, "internal_error")
            DBOS.delete_workflows([run.workflow_id])
            continue
        clip, number = clip_of(run.workflow_id)
        message = "The worker died each time it tried to make this video."
        give_up(database, clip, number, {"code": "internal_error", "message": message})
        maker.tidy(clip)
        DBOS.delete_workflows([run.workflow_id])

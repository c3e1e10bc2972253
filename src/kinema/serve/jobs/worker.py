"""The worker: takes jobs from the queues of its models and makes the clips.

What is durable lies in the database: a worker that dies in a step does that step again when it
comes back under its name, and `reaper` gives its jobs to others when it does not.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dbos import DBOS
from dbos._core import StepOptions
from dbos._error import DBOSException, DBOSMaxStepRetriesExceeded
from sqlalchemy import Connection, insert, update

from kinema.config import Config
from kinema.engine.cards import cards as known_cards
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.queue import APPLICATION, VERSION, WORKFLOW, queue_of
from kinema.serve.jobs.reaper import reap
from kinema.serve.store.database import Database
from kinema.serve.store.events import append
from kinema.serve.store.objects import Objects
from kinema.serve.store.tables import cards, projects, workers
from kinema.types import Json, to_builtins

_LOG: Final = logging.getLogger(__name__)

POLL: Final = 0.05
"""Seconds between two looks at a queue."""
BEAT: Final = 2.0
"""Seconds between two signs of life."""
_ATTEMPTS: Final = 20  # deaths in one job after which it, and not the worker, is to blame
_TRIES: Final = 8  # of a step whose place to write to or to read from fails; 127 seconds in all


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a worker is: a name that stays over restarts, and the machine it is on."""

    name: str
    host: str = socket.gethostname()


class Worker:
    """One worker process. Only one lives in a process, as only one DBOS does.

    Args:
        database: Shared with the API and other workers.
        objects: Likewise.
        config: Which models, how many jobs at once, how long each may take.
        identity: Its name.
    """

    def __init__(
        self, database: Database, objects: Objects, config: Config, identity: Identity
    ) -> None:
        self.database, self.config, self.identity = database, config, identity
        wanted = config.worker.models
        self.models = [one.name for one in known_cards() if not wanted or one.name in wanted]
        self._maker = Maker(database, objects, config, identity.name)
        self._slots = threading.BoundedSemaphore(config.worker.jobs)
        self._ends = threading.Event()

    def run(self) -> None:
        """Work until the process is asked to end (SIGTERM, SIGINT).

        It ends as if it were killed: what is half done is gone on with later, and there is one
        road back, not two, of which one is hardly ever tried.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._ends.set())
        self._launch()
        self._announce()
        while not self._ends.wait(BEAT):
            self._beat("online")
            reap(self.database, self.identity.name)
        self._beat("offline")
        os._exit(0)

    def _launch(self) -> None:
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self.database.url,
                "executor_id": self.identity.name,
                "application_version": VERSION,
                "log_level": "WARNING",
            }
        )
        self._register()
        DBOS.listen_queues([queue_of(name) for name in self.models])
        DBOS.launch()
        for name in self.models:
            jobs = self.config.worker.jobs
            DBOS.register_queue(queue_of(name), worker_concurrency=jobs, polling_interval_sec=POLL)

    def _register(self) -> None:
        maker, slots = self._maker, self._slots

        def make_clip(clip: str) -> str:
            steps = (maker.start, maker.condition, maker.sample, maker.render, maker.publish)
            with slots:
                for work in steps:
                    problem = _durable(work, clip)
                    if problem is not None:
                        DBOS.run_step({"name": "fail"}, maker.fail, clip, problem)
                        return problem["code"]
            return "completed"

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_ATTEMPTS)(make_clip)

    def _announce(self) -> None:
        now = time.time()
        with self.database.write() as connection:
            row = {
                "host": self.identity.host,
                "models": self.models,
                "state": "online",
                "memory": {"pid": os.getpid()},
                "since": now,
                "seen_at": now,
            }
            changed = connection.execute(
                update(workers).where(workers.c.id == self.identity.name).values(row)
            )
            if not changed.rowcount:
                connection.execute(insert(workers).values(id=self.identity.name, **row))
            for one in known_cards():
                if one.name in self.models:
                    _publish_card(connection, self.identity.name, to_builtins(one))
            for (project,) in connection.execute(
                projects.select().with_only_columns(projects.c.id)
            ):
                data = {"name": self.identity.name, "models": self.models, "since": now}
                append(connection, project, "worker.online", data)

    def _beat(self, state: str) -> None:
        with self.database.write() as connection:
            connection.execute(
                update(workers)
                .where(workers.c.id == self.identity.name)
                .values(seen_at=time.time(), state=state)
            )


def _durable(work: Callable[[str], Json | None], clip: str) -> Json | None:
    """Do a step, or take what it gave when it was done before; what breaks it is its outcome."""
    options: StepOptions = {
        "name": work.__name__,
        "retries_allowed": True,
        "interval_seconds": 1.0,
        "max_attempts": _TRIES,
        "should_retry": lambda error: isinstance(error, OSError),
    }
    try:
        return DBOS.run_step(options, work, clip)
    except DBOSMaxStepRetriesExceeded as error:
        _LOG.exception("%s of %s: given up", work.__name__, clip)
        return {"code": "storage_unavailable", "message": f"Files cannot be kept: {error}"}
    except DBOSException:
        raise
    except Exception:  # noqa: BLE001 - the clip must end, whatever a step stumbles over
        _LOG.exception("%s of %s", work.__name__, clip)
        return {"code": "internal_error", "message": "Something broke while making this video."}


def _publish_card(connection: Connection, worker: str, card: Json) -> None:
    values = {"card": card, "worker": worker, "at": time.time()}
    named = cards.c.name == card["name"]
    if not connection.execute(update(cards).where(named).values(values)).rowcount:
        connection.execute(insert(cards).values(name=card["name"], **values))

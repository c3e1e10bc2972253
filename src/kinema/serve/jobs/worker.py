"""The worker: takes jobs from the queues of its models and makes the clips.

What is durable lies in the database: a worker that dies in a step does that step again when it
comes back under its name, and `reaper` gives its jobs to others when it does not.
"""

from __future__ import annotations

import logging
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from dbos import DBOS

from kinema.config import Config
from kinema.serve.jobs.films import FilmMaker
from kinema.serve.jobs.housekeeping import keep_house
from kinema.serve.jobs.make import STOPPED, Maker, give_up
from kinema.serve.jobs.models import runnable
from kinema.serve.jobs.patience import may_pass, patiently
from kinema.serve.jobs.queue import (
    APPLICATION,
    FILM_WORKFLOW,
    FILMS,
    VERSION,
    WORKFLOW,
    queue_of,
    run_id,
)
from kinema.serve.jobs.reaper import reap
from kinema.serve.jobs.roster import Seat
from kinema.serve.observe.logs import JOB, about
from kinema.serve.observe.metrics import Measures
from kinema.serve.observe.traces import Traces
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects
from kinema.serve.store.paces import learn
from kinema.types import Json, Request, from_builtins

_LOG: Final = logging.getLogger(__name__)

POLL: Final = 0.05
"""Seconds between two looks at a queue."""
BEAT: Final = 2.0
"""Seconds between two signs of life."""
_ATTEMPTS: Final = 20  # deaths in one job after which it, and not the worker, is to blame
_AT_ONCE: Final = 1.0  # seconds from the first beginning of a job in which it was begun here
_FILM_POLL: Final = 0.25  # seconds between two looks for exports
_GRACE: Final = 120.0  # seconds beyond its time after which a job that does not stop is stuck

_BROKEN: Final[Json] = {
    "code": "internal_error",
    "message": "Something broke while making this video.",
}


class Worker:
    """One worker process. Only one lives in a process, as only one DBOS does.

    Args:
        database: Shared with the API and other workers.
        objects: Likewise.
        config: Which models, how many jobs at once, how long each may take.
        name: Stays over restarts.
        road: Opens the fast road beside the queue, and says its address and token.

    Raises:
        RequestError: There is no model that it can run, or the address of its road is not here.
    """

    def __init__(
        self,
        database: Database,
        objects: Objects,
        config: Config,
        name: str,
        road: Callable[[Maker], tuple[str, str]] | None = None,
    ) -> None:
        self._database, self._config = database, config
        self._models = runnable(config.worker)
        self._maker = Maker(database, objects, config, self._models, name)
        address, token = (None, None) if road is None else road(self._maker)
        self._films = FilmMaker(database, objects, config.worker.timeout)
        self._seat = Seat(database, name, address, token)
        self._measures, self._traces = Measures(), Traces("kinema-worker")
        self._slots = threading.BoundedSemaphore(config.worker.jobs)
        self._ends = threading.Event()
        self._until: dict[str, float] = {}  # run -> when its time is over, on the monotonic clock

    def run(self) -> None:
        """Work until the process is asked to end (SIGTERM, SIGINT).

        It ends as if it were killed: what is half done is gone on with later, and there is one
        road back, not two, of which one is hardly ever tried.

        Raises:
            RequestError: Another worker of that name is at work.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._ends.set())
        self._seat.take(self._models)
        self._launch()
        while not self._ends.wait(BEAT):
            self._look_after()
        try:
            self._seat.beat("offline")
            self._traces.close()
        finally:
            _end(0)

    def _launch(self) -> None:
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._database.url,
                "system_database_engine": self._database.engine_of_jobs(),
                "executor_id": self._seat.name,
                "application_version": VERSION,
                "log_level": "WARNING",
            }
        )

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_ATTEMPTS)
        def make_clip(clip: str, run: int) -> str:
            return self._make_clip(clip, run)

        @DBOS.workflow(name=FILM_WORKFLOW, max_recovery_attempts=_ATTEMPTS)
        def make_film(export: str) -> str:
            return self._make_film(export)

        DBOS.listen_queues([FILMS, *(queue_of(name) for name in self._models)])
        DBOS.launch()
        DBOS.register_queue(FILMS, worker_concurrency=1, polling_interval_sec=_FILM_POLL)
        for name in self._models:
            jobs = self._config.worker.jobs
            DBOS.register_queue(queue_of(name), worker_concurrency=jobs, polling_interval_sec=POLL)

    def _make_clip(self, clip: str, run: int) -> str:
        with about(JOB, clip), self._slots:
            model = self._claim(clip, run)
            if model is None:
                return STOPPED["code"]
            _LOG.info("begun", extra={"fields": {"model": model, "run": run}})
            with self._traces.job(clip, model):
                outcome = self._do_steps(clip, run, model)
            self._measures.ended(model, outcome)
            _LOG.info("ended", extra={"fields": {"outcome": outcome}})
            return outcome

    def _make_film(self, export: str) -> str:
        with about(JOB, export), self._slots:
            return DBOS.run_step({"name": "film"}, self._film, export)

    def _film(self, export: str) -> str:
        """Make an export; what breaks it is its outcome."""
        try:
            return patiently(self._films.make, self._config.worker.timeout, export)
        except Exception as error:  # noqa: BLE001 - the export must end, whatever breaks
            _LOG.exception("cannot be made")
            code = "storage_unavailable" if may_pass(error) else "internal_error"
            return patiently(self._films.give_up, math.inf, export, code)

    def _do_steps(self, clip: str, run: int, model: str) -> str:
        maker, name = self._maker, run_id(clip, run)
        came, start = time.time(), time.monotonic()
        self._until[name] = time.monotonic() + self._config.worker.timeout
        try:
            for work in (maker.condition, maker.sample, maker.render, maker.publish):
                left = self._until[name] - time.monotonic()
                step, began = work.__name__, time.monotonic()
                with self._traces.step(step):
                    problem = DBOS.run_step({"name": step}, _tried, work, left, clip, run)
                self._measures.step(model, step, time.monotonic() - began)
                if problem is not None:
                    DBOS.run_step({"name": "fail"}, self._fail, clip, run, problem)
                    return problem["code"]
        finally:
            del self._until[name]
        row = patiently(maker.row, math.inf, clip)
        if row is not None and row.completed_at is not None and row.started_at is not None:
            self._measures.promised(model, row.promised, row.completed_at - row.started_at)
            if came - row.started_at < _AT_ONCE:  # else somebody has done a part of it before
                self._learn(row, time.monotonic() - start)
        return "completed"

    def _learn(self, row: ClipRow, took: float) -> None:
        """Remember how long a job took that was made in one go."""
        request, model = from_builtins(row.request, Request), self._models[row.model].card
        try:
            with self._database.write() as connection:
                learn(connection, request, model, took)
        except Exception as error:
            if not may_pass(error):
                raise
            _LOG.warning("what a job took is not remembered: %s", error)

    def _claim(self, clip: str, run: int) -> str | None:
        """Take the job up; the model that makes it, or None where it is wanted no more.

        No step: whoever goes on with the job has to do it anew.
        """
        try:
            if patiently(self._maker.claim, math.inf, clip, run):
                row = patiently(self._maker.row, math.inf, clip)
                return None if row is None else row.model
            patiently(self._maker.tidy, math.inf, clip)
        except Exception:  # noqa: BLE001 - the clip must end, whatever breaks
            _LOG.exception("cannot be taken up")
            patiently(give_up, math.inf, self._database, clip, run, _BROKEN)
        return None

    def _fail(self, clip: str, run: int, problem: Json) -> None:
        patiently(self._maker.fail, math.inf, clip, run, problem)

    def _look_after(self) -> None:
        """Give a sign of life, and do what some worker has to do for all."""
        late = time.monotonic() - _GRACE
        stuck = [name for name, until in list(self._until.items()) if until < late]
        if stuck:
            _LOG.error("%s does not stop; this worker starts anew", ", ".join(stuck))
            _end(1)
        try:
            if not self._seat.beat(measures=self._measures.text()):
                _LOG.error("another worker has taken the name %s", self._seat.name)
                _end(1)
            reap(self._maker)
            keep_house(self._maker)
        except Exception as error:  # noqa: BLE001 - no trouble here may stop the jobs
            if not may_pass(error):
                _LOG.exception("cannot keep house")
            else:
                _LOG.warning("the database or the storage is away: %s", error)


def _tried(
    work: Callable[[str, int], Json | None], left: float, clip: str, run: int
) -> Json | None:
    """Do a step; what breaks it is its outcome."""
    try:
        return patiently(work, left, clip, run)
    except Exception as error:  # noqa: BLE001 - the clip must end, whatever a step stumbles over
        _LOG.exception("%s: given up", work.__name__)
        if may_pass(error):
            return {"code": "storage_unavailable", "message": f"Files cannot be kept: {error}"}
        return _BROKEN


def _end(code: int) -> None:
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)

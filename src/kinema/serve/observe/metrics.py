"""Numbers that Prometheus collects.

Workers listen to nobody, so each writes what it measures beside its sign of life, as the text that
Prometheus reads, and the server puts those texts together with its own numbers when it is asked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from kinema.serve.store.clips import OPEN
from kinema.serve.store.database import Database
from kinema.serve.store.tables import clips, workers

_ANSWERS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_STEPS: Final = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0)
_ERRORS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_HEARD: Final = 20.0  # seconds after its last sign of life in which a worker's numbers are current


class Measures:
    """What one worker measures. Shared by threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._steps = Histogram(
            "kinema_step_seconds",
            "Time of one step of a job.",
            ("model", "step"),
            buckets=_STEPS,
            registry=self._registry,
        )
        self._errors = Histogram(
            "kinema_eta_error",
            "How far the time promised at submit was off, as a share of what the job took.",
            ("model",),
            buckets=_ERRORS,
            registry=self._registry,
        )
        self._jobs = Counter(
            "kinema_jobs", "Jobs that ended.", ("model", "outcome"), registry=self._registry
        )
        memory = Gauge(
            "kinema_worker_memory_bytes", "Memory that it holds.", registry=self._registry
        )
        memory.set_function(resident)

    def step(self, model: str, step: str, seconds: float) -> None:
        """A step was done, or ended with what is wrong."""
        self._steps.labels(model, step).observe(seconds)

    def ended(self, model: str, outcome: str) -> None:
        """A job ended: "completed", or the code of what was wrong."""
        self._jobs.labels(model, outcome).inc()

    def promised(self, model: str, promised: float | None, took: float) -> None:
        """A job took so many seconds of work after so many were promised."""
        if promised is not None and took > 0:
            self._errors.labels(model).observe(abs(promised - took) / took)

    def text(self) -> str:
        """All of it, in the format of Prometheus."""
        return generate_latest(self._registry).decode()


class Metrics:
    """What the server measures, and where it gets the rest from. Shared by threads."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Installation(database))
        ProcessCollector(registry=self._registry)
        self._answers = Histogram(
            "kinema_request_seconds",
            "Time from a request to the end of its answer.",
            ("method", "route", "status"),
            buckets=_ANSWERS,
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request to a route (``/v1/videos/{video_id}``) was answered."""
        self._answers.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """All of it, in the format of Prometheus.

        Cost:
            Two short queries.
        """
        return generate_latest(self._registry)


class _Installation(Collector):
    """The queue, and what the workers have written down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        """Nothing in advance: which metrics there are depends on the workers."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Ask the database."""
        count = select(clips.c.model, clips.c.state, func.count()).where(clips.c.state.in_(OPEN))
        there = select(workers.c.id, workers.c.measures).where(
            workers.c.state == "online", workers.c.seen_at > time.time() - _HEARD
        )
        with self._database.read() as connection:
            depths = connection.execute(count.group_by(clips.c.model, clips.c.state)).all()
            found = connection.execute(there.order_by(workers.c.id)).all()
        depth = GaugeMetricFamily(
            "kinema_queue_depth", "Jobs that wait, run or are put aside.", labels=("model", "state")
        )
        for model, state, number in depths:
            depth.add_metric((model, state), number)
        yield depth
        yield GaugeMetricFamily("kinema_workers", "Workers that are there.", value=len(found))
        yield from together({name: text for name, text in found if text})


def together(texts: dict[str, str]) -> Iterator[Metric]:
    """The numbers of several workers, each with its name as the label ``worker``."""
    families: dict[str, Metric] = {}
    for worker, text in texts.items():
        for family in text_string_to_metric_families(text):
            known = families.setdefault(
                family.name, Metric(family.name, family.documentation, family.type)
            )
            for sample in family.samples:
                if not sample.name.endswith("_created"):
                    known.add_sample(sample.name, {**sample.labels, "worker": worker}, sample.value)
    for family in families.values():
        if family.samples:
            yield family


def resident() -> float:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return float(pages * os.sysconf("SC_PAGE_SIZE"))

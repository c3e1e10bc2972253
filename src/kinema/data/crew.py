"""Processes that draw clips: jobs in order, deaths survived, none left behind.

A job is a function of its arguments. So a process that was killed (by the kernel, for memory, or by
hand) costs the time of its jobs and changes nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from kinema.errors import KinemaError

DEATHS: Final = 3
"""So many times in a row processes may die before a run is given up."""


@dataclass(slots=True)
class Job:
    """Work under way; its answer comes from `Crew.answer`."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    future: Future[Any] | None = None
    crew: int = 0


class Crew:
    """So many processes; none: jobs are done when their answers are asked for.

    Closed like a file. The processes end with their parent, whatever ends it.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._number, self._deaths = 0, 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._processes:
            self._hire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Job:
        """Begin a job; the function and its arguments must be of a kind that can be pickled."""
        job = Job(function, arguments)
        self._submit(job)
        return job

    def answer(self, job: Job) -> Any:
        """The job's answer, as soon as it is there.

        Raises:
            KinemaError: The processes die again and again.
        """
        if self._pool is None:
            return job.function(*job.arguments)
        while True:
            assert job.future is not None
            try:
                found = job.future.result()
            except BrokenProcessPool as error:
                self._replace(job.crew, error)
                self._submit(job)
            else:
                self._deaths = 0
                return found

    def _hire(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._number += 1
        self._pool = ProcessPoolExecutor(
            self._processes, mp_context=context, initializer=_end_with_parent
        )

    def _submit(self, job: Job) -> None:
        while self._pool is not None:
            job.crew = self._number
            try:
                job.future = self._pool.submit(job.function, *job.arguments)
            except BrokenProcessPool as error:
                self._replace(job.crew, error)
            else:
                return

    def _replace(self, crew: int, error: BrokenProcessPool) -> None:
        """New processes for the crew of that number, unless it has been replaced already."""
        if crew != self._number:
            return
        self._deaths += 1
        if self._deaths > DEATHS:
            problem = "the processes that draw clips die again and again"
            raise KinemaError(f"{problem}; fewer of them need less memory") from error
        assert self._pool is not None
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._hire()


def _end_with_parent() -> None:
    """A parent that is killed says nothing; without this its processes would wait for ever."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()

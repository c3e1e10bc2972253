"""A worker that dies: ``kinema work`` that kills itself at its n-th write, again and again.

    python -m tests.serve.jobs.mortal DATABASE STORAGE NAME LOG LIVES

Each life is a process of its own, ended by SIGKILL at the write whose number the list ``LIVES``
(``7,12,3``) says, counted from its first job on; the one after the last lives on. A write is an
object put, replaced or removed, or a transaction committed, the queue's own included. Even numbers
kill before the write is done, odd ones right behind it.

Its animatic samples in chunks, as a latent model does, and says in LOG which it makes.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import event

from kinema.config import Config
from kinema.engine.adapters import Conditioning, Latent, Run
from kinema.engine.animatic import Animatic
from kinema.serve.jobs import make
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.worker import Worker
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects
from kinema.types import Request

CHUNKS = 4


class Chunked(Animatic):
    """The animatic, whose sampling takes several steps and keeps each."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def sample(self, request: Request, conditioning: Conditioning, run: Run) -> Latent:
        """Make chunk after chunk; those that were made stay."""
        assert run.checkpoint is not None
        kept = run.checkpoint.load("chunks")
        done, value = (0, np.zeros(1)) if kept is None else (kept[0], kept[1]["value"])
        for chunk in range(done, CHUNKS):
            with self._log.open("a") as log:
                log.write(f"{request.seed} {chunk}\n")
            value = value + chunk
            run.checkpoint.save("chunks", chunk + 1, {"value": value})
        assert value[0] == sum(range(CHUNKS))
        return super().sample(request, conditioning, run)


class Fate:
    """Counts writes from the first job on, and kills at one of them."""

    def __init__(self, write: int) -> None:
        self._write = write
        self._count = 0
        self._lock = threading.Lock()
        self.begun = False

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The work, which may be the last."""

        def done(*arguments: Any, **named: Any) -> Any:
            last = self._is_last()
            if last and self._write % 2 == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            result = work(*arguments, **named)
            if last:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return done

    def before_commit(self, _connection: object) -> None:
        """A transaction that ends here, or is never seen."""
        if self._is_last():
            os.kill(os.getpid(), signal.SIGKILL)

    def _is_last(self) -> bool:
        with self._lock:
            self._count += self.begun
            return self.begun and self._count == self._write


def live(database: str, storage: str, name: str, log: Path, write: int) -> None:
    """One life; 0 is without end."""
    fate, here, objects = Fate(write), Database(database), Objects(storage)
    engine = here.engine_of_jobs()
    for one in (here.engine, engine):
        event.listen(one, "commit", fate.before_commit)
    here.engine_of_jobs = lambda: engine
    for method in ("_put", "remove", "remove_all"):
        setattr(objects, method, fate.around(getattr(objects, method)))
    claim = Maker.claim

    def first(self: Maker, clip: str, run: int) -> bool:
        fate.begun = True
        return claim(self, clip, run)

    Maker.claim = first
    chunked = Chunked(log)
    make.stages.load = lambda _request, _run: chunked
    Worker(here, objects, Config(), name).run()


def main() -> None:
    """One life after the other."""
    faulthandler.enable()
    database, storage, name, log, lives = sys.argv[1:]
    for write in (int(number) for number in lives.split(",") if number):
        life = os.fork()
        if life == 0:
            live(database, storage, name, Path(log), write)
        _, status = os.waitpid(life, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, status
    live(database, storage, name, Path(log), 0)


if __name__ == "__main__":
    main()

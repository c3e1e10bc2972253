"""Jobs without HTTP: a database, a place for files, a queue, and workers in processes of their own.

The same tests run on SQLite with a folder and on Postgres with an S3 server.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS
from sqlalchemy import select, text

from kinema import media
from kinema.config import Config, WorkerConfig
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.models import runnable
from kinema.serve.jobs.queue import Queue, fair_priority
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow, State
from kinema.serve.store.database import Database
from kinema.serve.store.installation import trust
from kinema.serve.store.objects import Objects
from kinema.serve.store.projects import ensure_project
from kinema.serve.store.tables import workers
from kinema.types import Request, Size, to_builtins
from tests.conftest import ROOT
from tests.serve.conftest import both_elsewhere

PATIENCE = 120.0
"""Seconds in which anything here has happened, on a busy machine too."""

TOKEN = "token-of-the-tests"


class Installation:
    """What a server and its workers share, and what can be done to it."""

    def __init__(self, url: str, place: str, folder: Path) -> None:
        self.url, self.place, self.folder = url, place, folder
        self.database = Database(url)
        self.database.migrate()
        DBOS.migrate(self.database.url)
        self.objects = Objects(place)
        self.queue = Queue(self.database)
        self.processes: list[subprocess.Popen[bytes]] = []
        with self.database.write() as connection:
            trust(connection, "environment", TOKEN)
        self.project("default")

    def project(self, name: str, share: float = 1.0) -> None:
        """Make a project."""
        with self.database.write() as connection:
            ensure_project(connection, name, name)
            connection.execute(
                text("UPDATE projects SET share = :share WHERE id = :id"),
                {"share": share, "id": name},
            )

    def accept(self, prompt: str = "a red fox runs", **given: Any) -> str:
        """Accept a job as the API does; ``frames`` and ``size`` decide how long it takes."""
        project, batch = given.pop("project", "default"), given.pop("batch", None)
        inputs = given.pop("inputs", {})
        usual = {"size": Size(width=160, height=128), "frames": 6, "fps": Fraction(12), "seed": 5}
        request = Request(**{"prompt": prompt, **usual, **given})
        row = ClipRow(
            id=new_id(Kind.CLIP),
            project=project,
            kind=request.task,
            alias="sora-2",
            model=request.model,
            prompt=prompt,
            seconds="1",
            size=str(request.size),
            request=to_builtins(request),
            inputs=inputs,
            batch=batch,
            created_at=time.time(),
        )
        with self.database.write() as connection:
            place = fair_priority(connection, project, batch=batch is not None)
            self.queue.accept(connection, replace(row, priority=place))
        return row.id

    def accept_slow(self, **given: Any) -> str:
        """A job of some seconds."""
        slow = {"size": Size(width=960, height=544), "frames": 24}
        return self.accept(**{**slow, **given})

    def row(self, clip: str) -> ClipRow:
        """What is known of a clip."""
        with self.database.read() as connection:
            found = store.get(connection, clip)
        assert found is not None
        return found

    def reach(self, clip: str, *states: State, progress: int = 0) -> ClipRow:
        """Wait until a clip is in one of the states, and so far."""
        until = time.monotonic() + PATIENCE
        while (row := self.row(clip)).state not in states or row.progress < progress:
            assert row.state != State.FAILED, row.error
            assert time.monotonic() < until, f"{row.state} {row.phase} {row.progress} {row.error}"
            time.sleep(0.02)
        return row

    def finish(self, clip: str) -> ClipRow:
        """Wait until a clip is published."""
        return self.reach(clip, State.COMPLETED)

    def fingerprint(self, clip: str) -> str:
        """Of the published file itself."""
        row = self.row(clip)
        assert row.assets is not None
        film = self.folder / f"{clip}.mp4"
        self.objects.fetch(row.assets["video"]["key"], film)
        return media.fingerprint(film)

    def worker(self, name: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start ``kinema work``."""
        command = ["kinema", "work", "--database", self.url, "--storage", self.place]
        return self.start([*command, "--name", name, *arguments], **environment)

    def worker_on(self, cluster: str) -> subprocess.Popen[bytes]:
        """Start ``kinema work`` for a Ray cluster."""
        command = ["kinema", "work", "--database", self.url, "--storage", self.place]
        return self.start([*command, "--ray", cluster])

    def pids(self) -> dict[str, int]:
        """The processes of the workers that are there, by their names."""
        with self.database.read() as connection:
            there = select(workers.c.id, workers.c.memory).where(workers.c.state == "online")
            return {row.id: row.memory["pid"] for row in connection.execute(there)}

    def start(self, module: list[str], **environment: str) -> subprocess.Popen[bytes]:
        """Start a module in a process of its own, with the workers' token."""
        known = {**os.environ, "OMP_NUM_THREADS": "1", "KINEMA_WORKER_TOKEN": TOKEN}
        with (self.folder / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**known, **environment},
            )
        self.processes.append(process)
        return process

    def log(self) -> str:
        """What all workers have said."""
        return (self.folder / "workers.log").read_text("utf-8")

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for it."""
        until = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < until, self.log()
            time.sleep(0.02)

    def maker(self, config: Config | None = None, worker: str = "here") -> Maker:
        """A maker in this process."""
        models = runnable(WorkerConfig())
        return Maker(self.database, self.objects, config or Config(), models, worker)

    def left_over(self, clip: str) -> list[str]:
        """What lies about that is no published file of the clip."""
        found = [f"work/{name}" for name in self.objects.folders(f"work/{clip}")]
        found += [name for name in self.objects.folders("previews") if name == clip]
        kept = self.row(clip).assets or {}
        published = {asset["key"].split("/")[2] for asset in kept.values()}
        attempts = self.objects.folders(f"clips/{clip}")
        return found + [f"clips/{name}" for name in attempts if name not in published]

    def close(self) -> None:
        """End all processes."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
        self.queue.close()
        self.database.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Installation]:
    """SQLite and a folder."""
    url = f"sqlite:///{tmp_path / 'kinema.db'}"
    made = Installation(url, str(tmp_path / "objects"), tmp_path)
    yield made
    made.close()


@pytest.fixture
def on_postgres(
    postgres: str, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """Postgres and S3."""
    url, place = both_elsewhere(postgres, s3, monkeypatch)
    made = Installation(url, place, tmp_path)
    yield made
    made.close()


@pytest.fixture(
    params=[
        "on_sqlite",
        pytest.param("on_postgres", marks=pytest.mark.requires("postgres")),
    ]
)
def installation(request: pytest.FixtureRequest) -> Installation:
    """The same test on both."""
    return request.getfixturevalue(request.param)

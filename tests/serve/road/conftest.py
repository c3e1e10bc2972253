"""A real server whose streams grow tired soon, and two projects that do not know each other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from kinema.serve.store.database import Database
from kinema.serve.store.projects import ensure_project, new_key
from kinema.serve.store.tables import workers
from tests.serve.conftest import RunningServer
from tests.serve.road.watching import PATIENCE

SETTINGS = """
single_user = {single_user}
[policy]
live_idle = {idle}
live_kept = 6
"""

SMALL = {"prompt": "a red fox runs through a snowy forest", "size": "160x128", "fps": 12}


def started(folder: Path, *, single_user: bool = True, idle: int = 120) -> RunningServer:
    """A server with these settings, and its worker at work."""
    said = SETTINGS.format(single_user=str(single_user).lower(), idle=idle)
    (folder / "kinema.toml").write_text(said)
    running = RunningServer(folder, "--config", str(folder / "kinema.toml"))
    wait_for_worker(running)
    return running


def wait_for_worker(server: RunningServer) -> None:
    """Wait until a worker is there that can be called."""
    until, found = time.monotonic() + PATIENCE, None
    database = Database.in_folder(server.data)
    while found is None:
        assert time.monotonic() < until, "no worker came"
        time.sleep(0.1)
        with database.read() as connection:
            found = connection.execute(select(workers.c.id)).first()
    database.close()


def key_of(server: RunningServer, project: str) -> str:
    """A new key of a project."""
    database = Database.in_folder(server.data)
    with database.write() as connection:
        ensure_project(connection, project, project)
        _, key = new_key(connection, project, "test", admin=False)
    database.close()
    return key


def begun(client: httpx.Client, **more: object) -> str:
    """A new stream."""
    answer = client.post("/v1/kinema/live", json={**SMALL, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests of a module that leave it running."""
    running = started(tmp_path_factory.mktemp("road"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def tired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose streams are idle after two seconds."""
    running = started(tmp_path_factory.mktemp("tired"), idle=2)
    yield running
    running.stop()


@pytest.fixture
def walled(tmp_path: Path) -> Iterator[RunningServer]:
    """A server where every project has keys of its own."""
    running = started(tmp_path, single_user=False)
    yield running
    running.stop()

"""A real server in a process of its own, with its worker, over a data folder of the test's."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

PATIENCE = 30.0
"""Seconds in which anything here has happened, on a busy machine too."""


class RunningServer:
    """``kinema serve`` on a free port."""

    def __init__(self, data: Path, *arguments: str, environment: dict[str, str] | None = None):
        self.data = data
        self._arguments = arguments
        self._environment = {**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        port = self.url.rpartition(":")[2] or "0"
        command = [sys.executable, "-m", "kinema", "serve", "--port", port]
        said = self.data / "server.out"
        with said.open("w") as out, (self.data / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(self.data), *self._arguments],
                stdout=out,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not said.read_text().endswith("\n"):
            assert self._process.poll() is None, (self.data / "server.log").read_text()
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.02)
        self.url = said.read_text().split()[2]

    def worker_pids(self) -> list[int]:
        """Processes that make clips for this server."""
        command = ["pgrep", "-f", f"kinema work --data {self.data}( |$)"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def kill_worker(self) -> None:
        """Kill the worker at once; the server starts another."""
        for pid in self.worker_pids():
            os.kill(pid, signal.SIGKILL)

    def kill_api(self) -> None:
        """Kill the process that answers HTTP at once."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def limit_files(self, length: int) -> None:
        """Let the process that answers HTTP write no file beyond this length."""
        assert self._process is not None
        limits = (length, resource.RLIM_INFINITY)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, limits)

    def stop(self) -> None:
        """End all of it, as gently as it allows."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self.kill_worker()

    def client(self, **options: Any) -> httpx.Client:
        """A client that shows a key."""
        headers = {"authorization": "Bearer any", **options.pop("headers", {})}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, **options)


def finished(client: httpx.Client, video: str) -> dict[str, Any]:
    """Wait for a video to end, and return what the server says of it."""
    until = time.monotonic() + 2 * PATIENCE
    while (found := client.get(f"/v1/videos/{video}").json())["status"] not in (
        "completed",
        "failed",
    ):
        assert time.monotonic() < until, f"{video} did not end: {found}"
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all tests of a module that leave it running."""
    running = RunningServer(tmp_path_factory.mktemp("data"))
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that the test may break."""
    running = RunningServer(tmp_path)
    yield running
    running.stop()


def both_elsewhere(postgres: str, s3: str, patch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The URLs of a new database and of a new bucket; the environment says how to get in."""
    name = f"kinema_{time.time_ns()}"
    engine = create_engine(postgres.replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    patch.setenv("AWS_ENDPOINT_URL", s3)
    patch.setenv("AWS_REGION", "us-east-1")
    patch.setenv("KINEMA_OBJECT_KEY_ID", "key")
    patch.setenv("KINEMA_OBJECT_KEY", "secret")
    bucket = name.replace("_", "-")
    assert httpx.put(f"{s3}/{bucket}").is_success
    return postgres.rpartition("/")[0] + f"/{name}", f"s3://{bucket}/inside"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A cluster of Postgres for all tests; the URL of the database that it comes with."""
    found = shutil.which("pg_ctl") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))
    programs = Path(found).resolve().parent
    # Not among the folders of pytest, which nobody but the user of the tests may look into.
    folder = Path(tempfile.mkdtemp(prefix="kinema-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None  # it does not run as root
    if user is not None:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        ended = subprocess.run(
            command, user=user, cwd="/", capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr

    data, port = folder / "data", free_port()
    run(
        *(str(programs / "initdb"), "--pgdata", str(data), "--username", "kinema"),
        *("--auth", "trust", "--no-sync", "--encoding", "UTF8"),
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    log = str(folder / "log")
    run(str(programs / "pg_ctl"), "--pgdata", str(data), "-w", "-l", log, "-o", options, "start")
    yield f"postgresql://kinema@127.0.0.1:{port}/postgres"
    run(str(programs / "pg_ctl"), "--pgdata", str(data), "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of an S3 server in this process."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]

"""A server to measure: `kinema serve` on a free port over a folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

KEY = {"authorization": "Bearer any"}
PATIENCE = 600.0
"""Seconds after which a job counts as lost."""


class Server:
    """One installation, which may be killed and started again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "kinema", "serve", "--port", str(self.port)]
        with (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(self.data)], stdout=subprocess.DEVNULL, stderr=log
            )
        with self.client() as client:
            until = time.monotonic() + 60
            while not _answers(client):
                assert time.monotonic() < until, (self.data / "server.log").read_text()
                time.sleep(0.05)

    def client(self) -> httpx.Client:
        """A client that shows a key."""
        return httpx.Client(base_url=self.url, headers=KEY, timeout=60)

    @property
    def api(self) -> int:
        """The process that answers."""
        assert self._process is not None
        return self._process.pid

    def workers(self) -> list[int]:
        """The processes that make clips."""
        command = ["pgrep", "-P", str(self.api)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def kill_worker(self) -> None:
        """Kill the worker; the server starts another."""
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill all of it."""
        workers = self.workers()
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """End it as it is meant to end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def rows(self, *names: str) -> Iterator[dict[str, Any]]:
        """The clips as they stand in the database, whose times are exact; all, or those named."""
        with contextlib.closing(sqlite3.connect(self.data / "kinema.db", timeout=30)) as base:
            base.row_factory = sqlite3.Row
            for row in base.execute("SELECT * FROM clips ORDER BY number").fetchall():
                if not names or row["id"] in names:
                    yield dict(row)

    def make(self, client: httpx.Client, **wish: Any) -> str:
        """Ask for a clip; its id."""
        wish = {"prompt": "a red fox runs through snow", **wish}
        made = client.post("/kinema/generations", json=wish).raise_for_status().json()
        return made["data"][0]["id"]

    def finished(self, name: str) -> dict[str, Any]:
        """Wait until a clip is there; its row."""
        until = time.monotonic() + PATIENCE
        while True:
            (row,) = self.rows(name)
            if row["state"] == "completed":
                return row
            assert row["state"] in ("queued", "running"), row["error"]
            assert time.monotonic() < until, f"{name} is lost"
            time.sleep(0.02)


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server that has made its first clip."""
    with tempfile.TemporaryDirectory(prefix="kinema-benchmark-") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            with server.client() as client:
                server.finished(server.make(client, size="128x128", seconds=1, fps=8))
            yield server
        finally:
            server.stop()


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(lines: list[str], results: Path | None, missed: list[str]) -> None:
    """Print Markdown with the verdict, write it where a path is given, and fail where it is bad."""
    verdict = f"missed: {', '.join(missed)}" if missed else "met"
    text = "\n".join([*lines, "", f"**Goal {verdict}.**"]) + "\n"
    print(text)
    if results is not None:
        results.write_text(text, encoding="utf-8")
    if missed:
        sys.exit(1)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/videos").is_success
    except httpx.TransportError:
        return False

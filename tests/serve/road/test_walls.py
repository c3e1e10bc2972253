"""Streams of one project are no other project's."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.serve.conftest import PATIENCE, RunningServer
from tests.serve.road.conftest import SMALL, key_of
from tests.serve.road.watching import watching

pytestmark = pytest.mark.slow


def test_a_stream_is_its_projects_own(walled: RunningServer):
    mine, theirs = key_of(walled, "mine"), key_of(walled, "theirs")
    with httpx.Client(base_url=walled.url, timeout=60) as client:
        shown = {"authorization": f"Bearer {mine}"}
        live = client.post("/v1/kinema/live", json=SMALL, headers=shown).json()["id"]
        foreign = {"authorization": f"Bearer {theirs}"}
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/reel")):
            answer = client.request(method, f"/v1/kinema/live/{live}{path}", headers=foreign)
            assert answer.status_code == 404
        assert client.get("/v1/kinema/live", headers=foreign).json()["data"] == []
        for key, status in ((theirs, 404), ("sk-none", 401), ("", 401)):
            with pytest.raises(InvalidStatus) as refused, watching(walled.url, live, key):
                pass
            assert refused.value.response.status_code == status
        with watching(walled.url, live, mine) as viewer:
            viewer.watch(2)
        # The worker has one slot, and it is taken.
        with watching(walled.url, live, mine):
            answer = client.post("/v1/kinema/live", json=SMALL, headers=foreign)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
            assert int(answer.headers["retry-after"]) > 0
            # A second worker has another.
            with beside(walled, "second"):
                until = time.monotonic() + PATIENCE
                while (
                    answer := client.post("/v1/kinema/live", json=SMALL, headers=foreign)
                ).is_error:
                    assert time.monotonic() < until, answer.text
                    time.sleep(0.2)
                assert answer.json()["worker"] == "second"
                with watching(walled.url, answer.json()["id"], theirs) as viewer:
                    viewer.watch(2)


@contextmanager
def beside(server: RunningServer, name: str) -> Iterator[None]:
    """Another worker of a server."""
    settings = ["--config", str(server.data / "kinema.toml")]
    command = ["work", "--data", str(server.data), *settings, "--name", name]
    with (server.data / f"{name}.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "kinema", *command], stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()

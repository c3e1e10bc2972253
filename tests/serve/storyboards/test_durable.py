"""Storyboards on a real server: deaths in the middle, restarts, and two browsers at once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from kinema import media
from tests.serve.conftest import PATIENCE, RunningServer
from tests.serve.storyboards.conftest import BOARD, wait_for

LONGER = BOARD.replace('"160x128"', '"320x192"').replace("seconds = 1\n", "seconds = 2\n")


class Events:
    """What a window hears."""

    def __init__(self, server: RunningServer) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._server = server
        self._over = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def _listen(self) -> None:
        with (
            suppress(httpx.HTTPError),  # the server ends first
            self._server.client() as client,
            client.stream("GET", "/v1/kinema/events") as answer,
        ):
            self._ready.set()
            kind = ""
            for row in answer.iter_lines():
                if row.startswith("event: "):
                    kind = row.removeprefix("event: ")
                elif row.startswith("data: "):
                    self.heard.append((kind, json.loads(row.removeprefix("data: "))))
                if self._over.is_set():
                    return

    def wait(self, kind: str) -> dict[str, Any]:
        """What was heard of that kind first."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for said, data in list(self.heard):
                if said == kind:
                    return data
            time.sleep(0.02)
        raise AssertionError(f"{kind} was not heard: {[said for said, _ in self.heard]}")

    def close(self) -> None:
        self._over.set()


@pytest.fixture
def client(own_server: RunningServer) -> Iterator[httpx.Client]:
    with own_server.client() as found:
        yield found


def create(client: httpx.Client, script: str = BOARD) -> str:
    answer = client.post("/v1/kinema/storyboards", json={"script": script})
    assert answer.status_code == 200, answer.text
    return f"/v1/kinema/storyboards/{answer.json()['id']}"


def wait_until_made(client: httpx.Client, path: str) -> dict[str, Any]:
    until = time.monotonic() + 2 * PATIENCE
    while True:
        found = client.get(path).json()
        if all(card["state"] == "ready" for card in found["cards"].values()):
            return found
        assert time.monotonic() < until, found["cards"]
        time.sleep(0.1)


def running(client: httpx.Client) -> list[str]:
    jobs = client.get("/v1/videos").json()["data"]
    return [job["id"] for job in jobs if job["status"] == "in_progress"]


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_makes_nothing_twice(
    own_server: RunningServer, client: httpx.Client, tmp_path: Path
) -> None:
    path = create(client, LONGER)
    started = client.post(f"{path}/make", json={}).json()["started"]
    until = time.monotonic() + PATIENCE
    while not running(client) and time.monotonic() < until:
        time.sleep(0.02)
    own_server.kill_worker()
    assert client.post(f"{path}/make", json={}).json()["started"] == []
    board = wait_until_made(client, path)
    assert sorted(card["clip"] for card in board["cards"].values()) == sorted(started)
    own_server.kill_api()
    own_server.kill_worker()
    own_server.start()
    with own_server.client() as again:
        assert again.post(f"{path}/make", json={}).json()["started"] == []
        assert len(again.get("/v1/videos").json()["data"]) == 2
        assert again.get(path).json()["document"] == board["document"]
        export = again.post(f"{path}/export", json={"as": "mp4"}).json()
        found = f"{path}/exports/{export['id']}"
        until = time.monotonic() + PATIENCE
        while again.get(found).json()["state"] != "running" and time.monotonic() < until:
            time.sleep(0.01)
        own_server.kill_worker()
        done = wait_for(again, found, "completed", "failed")
        assert done["state"] == "completed", done
        film = tmp_path / "film.mp4"
        film.write_bytes(again.get(done["url"]).content)
        kept = list((own_server.data / "objects" / "exports" / export["id"]).glob("*/*.mp4"))
    assert media.probe(film).frames == 48 + 48
    assert len(kept) == 1


@pytest.mark.slow
def test_an_export_makes_what_is_missing_and_goes_on_after_a_restart(
    own_server: RunningServer, client: httpx.Client
) -> None:
    path = create(client)
    export = client.post(f"{path}/export", json={"as": "zip"}).json()
    assert len(export["waits_for"]) == 2
    own_server.kill_api()
    own_server.kill_worker()
    own_server.start()
    with own_server.client() as again:
        done = wait_for(again, f"{path}/exports/{export['id']}", "completed", "failed")
        assert done["state"] == "completed", done
        assert len(again.get("/v1/videos").json()["data"]) == 2


def test_two_browsers_on_one_storyboard_hear_of_each_other(
    own_server: RunningServer, client: httpx.Client
) -> None:
    path = create(client)
    first, second = client.get(path).json()["cards"]
    window = Events(own_server)

    def step(who: httpx.Client, shot: str, words: str, name: str) -> int:
        operations = [{"op": "set", "at": f"shots/{shot}/prompt", "now": words}]
        body = {"version": 0, "operations": operations, "by": name, "key": name}
        return who.post(f"{path}/operations", json=body).status_code

    with own_server.client() as other:
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda who, *rest: answers.append(step(who, *rest)), args=each)
            for each in ((client, first, "a dog runs", "a"), (other, second, "a hen sits", "b"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200, 200]
        assert step(other, first, "a cow runs", "c") == 409
        assert client.get(path).json()["document"] == other.get(path).json()["document"]
    heard = window.wait("storyboard.changed")
    assert (heard["id"], heard["version"]) == (path.rpartition("/")[2], 1)
    client.post(f"{path}/make", json={})
    assert window.wait("card.changed")["shots"] == [first, second]
    client.post(f"{path}/export", json={"as": "vtt"})
    assert window.wait("export.changed")["state"] == "waiting"
    client.delete(path)
    assert window.wait("storyboard.deleted")["id"] == path.rpartition("/")[2]
    window.close()

"""The stream of events: what comes, in which order, and what happens after a gap."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from kinema.serve.jobs.roster import Seat, bury
from kinema.serve.store.database import Database
from kinema.serve.store.events import after
from kinema.serve.store.projects import ensure_project
from kinema.serve.store.tables import workers
from tests.serve.api.conftest import SMALL
from tests.serve.beyond.conftest import PATIENCE, until
from tests.serve.conftest import RunningServer, finished

Event = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    running = RunningServer(tmp_path_factory.mktemp("events"))
    yield running
    running.stop()


def heard(client: httpx.Client, last: str | None = None) -> Generator[Event, None, None]:
    """(number, kind, data) of each event."""
    headers = {} if last is None else {"last-event-id": last}
    with client.stream("GET", "/v1/kinema/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        said: dict[str, str] = {}
        for line in answer.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                said[name] = value
            elif "event" in said:
                yield said.get("id", ""), said["event"], json.loads(said["data"])
                said = {}


def test_a_video_is_followed_from_the_queue_to_the_library(server: RunningServer) -> None:
    came: list[Event] = []
    with server.client() as client:

        def listen() -> None:
            with closing(heard(client, "0")) as events:
                for event in events:
                    came.append(event)
                    if event[1] == "clip.deleted":
                        return

        listener = threading.Thread(target=listen)
        listener.start()
        video = client.post("/v1/videos", json=SMALL).json()["id"]
        assert finished(client, video)["status"] == "completed"
        until(lambda: any(kind == "queue.changed" for _, kind, _ in came))
        client.patch(f"/v1/kinema/clips/{video}", json={"title": "fox"})
        client.delete(f"/v1/videos/{video}")
        listener.join(PATIENCE)
    mine = [(kind, data) for _, kind, data in came if data.get("id") == video]
    kinds = [kind for kind, _ in mine if kind not in ("job.progress", "job.preview")]
    assert kinds == [
        "job.queued",
        "job.started",
        "job.completed",
        "clip.created",
        "clip.updated",
        "clip.deleted",
    ]
    about = dict(mine)
    assert about["job.queued"]["position"] == 1
    assert about["job.queued"]["starts_in"] == 0.0
    assert about["job.queued"]["title"] == SMALL["prompt"]
    assert about["job.queued"]["eta_s"] > 0
    assert about["job.completed"]["took_s"] > 0
    assert about["job.completed"]["said_s"] == about["job.queued"]["eta_s"]
    counts = [data for _, kind, data in came if kind == "queue.changed"]
    assert set(counts[-1]["counts"]) == {"queued", "running", "paused"}
    numbers = [int(number) for number, _, _ in came if number]
    assert numbers == sorted(set(numbers))


def test_a_window_that_was_away_gets_what_it_missed(server: RunningServer) -> None:
    with server.client() as client:
        with closing(heard(client, "0")) as events:
            number = next(number for number, _, _ in events)
        video = client.post("/v1/videos", json=SMALL).json()["id"]
        with closing(heard(client, number)) as events:
            first = next(event for event in events if event[2].get("id") == video)
    assert first[1] == "job.queued"
    assert int(first[0]) > int(number)


def test_after_a_gap_a_window_is_told_to_ask_for_the_lists(server: RunningServer) -> None:
    with server.client() as client, closing(heard(client, "999999999")) as events:
        assert next(events)[1:] == ("reset", {})


def test_workers_that_come_and_go_are_told_of(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    database.migrate()
    with database.write() as connection:
        ensure_project(connection, "default", "Default")
    for name in ("polite", "killed"):
        Seat(database, name).take({})
    with database.read() as connection:
        since = connection.execute(select(workers.c.since).where(workers.c.id == "polite")).scalar()
    assert since is not None
    Seat(database, "polite", since=since).beat("offline")
    with database.write() as connection:
        connection.execute(update(workers).values(seen_at=0.0))
        for name in ("polite", "killed"):
            bury(connection, name)
        told = [(one.type, one.data["name"]) for one in after(connection, 0)]
    database.close()
    assert told == [
        ("worker.online", "polite"),
        ("worker.online", "killed"),
        ("worker.offline", "polite"),
        ("worker.offline", "killed"),
    ]

"""Streams as they are written down: found by their project, over when their worker is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from kinema.serve.ids import Kind, new_id
from kinema.serve.store import events
from kinema.serve.store import lives as store
from kinema.serve.store.database import Database
from kinema.serve.store.lives import LiveRow, LiveState, Reason
from kinema.serve.store.projects import ensure_project
from kinema.serve.store.tables import workers


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.in_folder(tmp_path)
    database.migrate()
    row = {"host": "here", "models": [], "state": "online", "since": 1.0, "seen_at": time.time()}
    with database.write() as connection:
        for project in ("mine", "theirs"):
            ensure_project(connection, project, project)
        connection.execute(insert(workers).values(id="worker", **row))
    yield database
    database.close()


def add(database: Database, project: str = "mine", worker: str = "worker") -> str:
    live = new_id(Kind.LIVE)
    row = LiveRow(
        id=live, project=project, worker=worker, since=1.0, alias="a", model="m", prompt="p",
        request={},
    )  # fmt: skip
    with database.write() as connection:
        store.add(connection, row)
    return live


def get(database: Database, live: str) -> LiveRow:
    with database.read() as connection:
        row = store.get(connection, live)
    assert row is not None
    return row


def test_a_stream_is_found_by_its_project_alone(database: Database):
    live = add(database)
    with database.read() as connection:
        assert store.get(connection, live, "mine") is not None
        assert store.get(connection, live, "theirs") is None
        assert store.get(connection, "live_1", "mine") is None
        assert [row.id for row in store.going_on(connection, "mine")] == [live]
        assert store.going_on(connection, "theirs") == []


def test_a_stream_ends_once_and_says_why(database: Database):
    live = add(database)
    with database.write() as connection:
        assert store.end(connection, live, Reason.LEFT)
        assert not store.end(connection, live, Reason.FAILED)
        store.note(connection, live, state=LiveState.OPEN)
        store.note_reel(connection, live, [{"prompt": "p"}])
    row = get(database, live)
    assert (row.state, row.reason, row.reel) == ("ended", "left", [{"prompt": "p"}])
    with database.read() as connection:
        assert [event.data for event in events.after(connection, 0)] == [
            {"live": live, "reason": "left"}
        ]


@pytest.mark.parametrize(
    "change", [{"since": 2.0}, {"state": "offline"}, {"state": "gone"}, {"seen_at": 1.0}]
)
def test_a_stream_is_over_when_its_worker_is(database: Database, change: dict[str, object]):
    live, nobodys = add(database), add(database, worker="nobody")
    store.end_orphans(database)
    assert get(database, live).state == LiveState.OPEN
    assert get(database, nobodys).reason == Reason.WORKER_GONE
    with database.write() as connection:
        connection.execute(update(workers).values(**change))
    store.end_orphans(database)
    assert get(database, live).reason == Reason.WORKER_GONE


def test_streams_of_old_are_forgotten(database: Database):
    old, new = add(database), add(database)
    with database.write() as connection:
        store.end(connection, old, Reason.ENDED)
        store.forget(connection, time.time() + 1)
        assert store.get(connection, old) is None
        assert store.get(connection, new) is not None

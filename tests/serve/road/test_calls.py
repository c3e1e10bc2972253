"""Which worker is called: one that is there, that runs the model, and that can be reached."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from kinema.serve.road.calls import lane_of, lanes, was_seen
from kinema.serve.store.database import Database
from kinema.serve.store.tables import workers


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.in_folder(tmp_path)
    database.migrate()
    yield database
    database.close()


def add(database: Database, name: str, **more: Any) -> None:
    row = {
        "id": name, "host": socket.gethostname(), "models": ["animatic"], "state": "online",
        "address": "ws://127.0.0.1:1", "token": "t", "since": 1.0, "seen_at": time.time(),
    }  # fmt: skip
    with database.write() as connection:
        connection.execute(insert(workers).values({**row, **more}))


def found(database: Database, model: str = "animatic") -> list[str]:
    with database.read() as connection:
        return [lane.worker for lane in lanes(connection, model)]


def test_the_freshest_sign_of_life_comes_first(database: Database):
    add(database, "older", seen_at=time.time() - 3)
    add(database, "newer")
    assert found(database) == ["newer", "older"]


@pytest.mark.parametrize(
    "more",
    [
        {"state": "offline"},
        {"seen_at": time.time() - 60},
        {"address": None, "token": None},
        {"models": ["storybook"]},
        {"host": "another machine"},
        {"host": "another machine", "address": "ws://[::1]:1"},
    ],
)
def test_one_that_cannot_answer_is_not_called(database: Database, more: dict[str, Any]):
    add(database, "here", **more)
    assert found(database) == []


def test_one_of_another_machine_is_called_where_it_listens_to_the_network(database: Database):
    add(database, "far", host="another machine", address="ws://10.0.0.7:1")
    assert found(database) == ["far"]


def test_a_worker_that_was_started_anew_is_another(database: Database):
    add(database, "here")
    with database.read() as connection:
        assert lane_of(connection, "here", 1.0) is not None
        assert lane_of(connection, "here", 0.5) is None
        assert lane_of(connection, "there", 1.0) is None


def test_a_worker_that_was_there_a_moment_ago_may_come_back(database: Database):
    add(database, "here", state="offline", seen_at=time.time() - 20)
    with database.read() as connection:
        assert was_seen(connection, time.time() - 30)
        assert not was_seen(connection, time.time() - 10)

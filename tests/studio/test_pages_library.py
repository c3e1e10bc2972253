"""The pages in a real browser, against a real server with its worker."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import drive, needs_browser
from tests.serve.conftest import RunningServer, finished

from kinema.serve.ids import Kind, new_id
from kinema.serve.store import clips
from kinema.serve.store.database import Database

pytestmark = [needs_browser, pytest.mark.slow]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that the test may break."""
    running = RunningServer(tmp_path)
    yield running
    running.stop()


@pytest.mark.parametrize("script", ["library", "queue", "tabs", "settings", "live", "look"])
def test_a_person_does_in_the_browser(own_server: RunningServer, script: str) -> None:
    drive(own_server, script)


def test_two_thousand_clips_are_smooth(own_server: RunningServer) -> None:
    fill(own_server, 2000)
    drive(own_server, "many")


def fill(server: RunningServer, count: int) -> None:
    """Let the library hold so many clips, all of them rows about the files of one."""
    with server.client() as client:
        body = {"prompt": "A fox waves", "model": "animatic", "size": "320x180", "seconds": "1"}
        first = client.post("/v1/videos", json=body).json()["id"]
        finished(client, first)
    database = Database.in_folder(server.data)
    with database.read() as connection:
        made = clips.get(connection, first)
    assert made is not None
    with database.write() as connection:
        for number in range(2, count + 1):
            row = dataclasses.replace(
                made,
                id=new_id(Kind.CLIP),
                prompt=f"A fox waves, number {number}",
                size=("320x180", "180x320", "240x240")[number % 3],
                created_at=made.created_at - 3600.0 * (count - number),
            )
            clips.add(connection, row)
    database.close()

"""Jobs outlive the processes that make them."""

from __future__ import annotations

import random
import resource
import threading
import time
from pathlib import Path

import httpx
import pytest

from kinema import media
from tests.serve.conftest import RunningServer, finished

SLOW = {"prompt": "a red fox runs through a snowy forest", "size": "1280x720", "seed": 3}

SMALL = {"prompt": "a fox", "model": "animatic", "size": "160x128", "seconds": "1"}


def fingerprint_of(server: RunningServer, video: str, folder: Path) -> str:
    film = folder / f"{video}.mp4"
    with server.client() as client:
        film.write_bytes(client.get(f"/v1/videos/{video}/content").content)
    return media.fingerprint(film)


def begun(server: RunningServer, video: str, percent: int) -> None:
    with server.client() as client:
        while client.get(f"/v1/videos/{video}").json()["progress"] < percent:
            time.sleep(0.02)


@pytest.mark.parametrize("victims", ["worker", "server", "both"])
def test_a_job_ends_with_the_same_clip_whoever_is_killed(
    own_server: RunningServer, tmp_path: Path, victims: str
) -> None:
    with own_server.client() as client:
        calm = client.post("/v1/videos", json=SLOW).json()["id"]
        assert finished(client, calm)["status"] == "completed"
        hunted = client.post("/v1/videos", json=SLOW).json()["id"]
    begun(own_server, hunted, 20)
    if victims in ("server", "both"):
        own_server.kill_api()
    if victims in ("worker", "both"):
        own_server.kill_worker()
    if victims in ("server", "both"):
        own_server.start()
    with own_server.client() as client:
        found = finished(client, hunted)
    assert found["status"] == "completed", found
    assert fingerprint_of(own_server, hunted, tmp_path) == fingerprint_of(
        own_server, calm, tmp_path
    )
    assert found["kinema"]["fingerprint"] == fingerprint_of(own_server, calm, tmp_path)


def test_who_asks_while_the_server_is_killed_gets_each_job_once(
    own_server: RunningServer,
) -> None:
    body = {"model": "animatic", "size": "160x128", "seconds": "1"}
    got: dict[str, str] = {}
    ends = threading.Event()

    def ask() -> None:
        """Ask as clients do: again and again with the same body until there is an answer."""
        number = 0
        while not ends.is_set():
            prompt, tries = f"a fox with {number} birds", 0
            while prompt not in got:
                try:
                    with own_server.client(headers={"x-stainless-retry-count": str(tries)}) as one:
                        answer = one.post("/v1/videos", json={"prompt": prompt, **body})
                    assert answer.status_code in (200, 500, 503), answer.text
                    if answer.status_code == 200:
                        got[prompt] = answer.json()["id"]
                except httpx.TransportError:
                    time.sleep(0.05)
                tries += 1
            number += 1

    asking = threading.Thread(target=ask)
    asking.start()
    draw = random.Random(7)
    try:
        for _ in range(3):
            before = len(got)
            while len(got) < before + 2:
                time.sleep(0.01)
            time.sleep(draw.uniform(0.0, 0.05))
            own_server.kill_api()
            own_server.start()
    finally:
        ends.set()
        asking.join()
    with own_server.client() as client:
        found = list(client.get("/v1/videos?limit=100").json()["data"])
        assert sorted(one["prompt"] for one in found) == sorted(got)
        assert {one["prompt"]: one["id"] for one in found} == got
        assert {finished(client, video)["status"] for video in got.values()} == {"completed"}


def test_a_full_disk_is_said_and_is_over_when_there_is_room(own_server: RunningServer) -> None:
    with own_server.client() as client:
        assert finished(client, client.post("/v1/videos", json=SMALL).json()["id"])
        own_server.limit_files(0)  # the same errors as on a full disk, for this process alone
        for _ in range(2):
            answer = client.post("/v1/videos", json=SMALL)
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "storage_unavailable"
            assert answer.headers["retry-after"] == "5"
        assert len(client.get("/v1/videos").json()["data"]) == 1
        own_server.limit_files(resource.RLIM_INFINITY)
        video = client.post("/v1/videos", json=SMALL).json()["id"]
        assert finished(client, video)["status"] == "completed"
        assert len(client.get("/v1/videos").json()["data"]) == 2


def test_deleting_a_running_video_stops_it_and_leaves_nothing(own_server: RunningServer) -> None:
    with own_server.client() as client:
        video = client.post("/v1/videos", json={**SLOW, "seconds": "20"}).json()["id"]
        begun(own_server, video, 5)
        assert client.delete(f"/v1/videos/{video}").json()["deleted"] is True
        assert client.get(f"/v1/videos/{video}").status_code == 404
        other = client.post("/v1/videos", json={**SLOW, "seed": 4}).json()["id"]
        assert finished(client, other)["status"] == "completed"
    left = [path.name for path in own_server.data.rglob("*") if video in str(path)]
    assert left == []

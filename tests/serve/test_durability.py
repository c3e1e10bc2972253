"""Jobs outlive the processes that make them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kinema import media
from tests.serve.conftest import RunningServer, finished

SLOW = {"prompt": "a red fox runs through a snowy forest", "size": "1280x720", "seed": 3}


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

"""Previews and drafts: pictures and small films without a job, stopped when nobody waits."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from tests.serve.conftest import PATIENCE, RunningServer, finished
from tests.serve.road.watching import boxes, decoded

FOX = {"prompt": "a red fox runs through a snowy forest", "seconds": 2, "size": "640x480"}
LONG = {
    "task": "storyboard",
    "cards": [{"prompt": f"{number + 2} cats", "seconds": 20} for number in range(20)],
    "pictures": 8,
}
"""More than a minute of work."""


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def picture(said: dict[str, str]) -> np.ndarray:
    data = np.frombuffer(base64.b64decode(said["data"]), np.uint8)
    found = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert found is not None
    return found


def test_the_first_picture_comes_without_a_job(client: httpx.Client):
    found = client.post("/v1/kinema/preview", json=FOX).json()
    assert (found["model"], found["quality"], found["size"]) == ("animatic", "draft", "640x480")
    (only,) = found["pictures"]
    assert only["at"] == 0.0
    assert picture(only).shape == (240, 320, 3)
    assert client.get("/v1/videos").json()["data"] == []


def test_pictures_lie_along_the_whole_clip(client: httpx.Client):
    found = client.post("/v1/kinema/preview", json={**FOX, "pictures": 4}).json()["pictures"]
    assert [one["at"] for one in found] == [0.0, 0.5, 1.0, 1.5]
    pictures = [picture(one).astype(int) for one in found]
    assert np.abs(pictures[0] - pictures[3]).mean() > 1


def test_a_preview_of_a_change_shows_the_changed_clip(client: httpx.Client):
    job = {"prompt": "a fox in the snow", "model": "animatic", "size": "160x128", "seconds": "1"}
    video = client.post("/v1/videos", json=job).json()["id"]
    assert finished(client, video)["status"] == "completed"
    body = {"task": "remix", "video": {"id": video}, "prompt": "a fox in the desert", "strength": 1}
    (found,) = client.post("/v1/kinema/preview", json=body).json()["pictures"]
    first = decoded(client.get(f"/v1/videos/{video}/content").content)[1][0]
    shown = cv2.resize(picture(found)[..., ::-1].copy(), (160, 128))
    assert np.abs(shown.astype(int).mean(axis=(0, 1)) - first.mean(axis=(0, 1))).max() > 15


def test_a_draft_is_a_small_film_that_comes_while_it_is_made(client: httpx.Client):
    pieces: list[bytes] = []
    with client.stream("POST", "/v1/kinema/draft", json=FOX) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "video/mp4"
        pieces.extend(answer.iter_raw())
    film = b"".join(pieces)
    assert boxes(film)[:4] == ["ftyp", "moov", "moof", "mdat"]
    times, pictures = decoded(film)
    assert len(times) == 24
    assert pictures[0].shape == (360, 480, 3)


@pytest.mark.parametrize("path", ["preview", "draft"])
@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": "xqzy blorp"}, "prompt"),
        ({"prompt": "a cat", "colour": "red"}, "colour"),
        ({"prompt": "a cat", "task": "remix"}, "video"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(
    client: httpx.Client, path: str, body: dict[str, object], param: str
):
    answer = client.post(f"/v1/kinema/{path}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_a_preview_stops_when_its_client_hangs_up(server: RunningServer, client: httpx.Client):
    log = Path(server.data) / "worker.log"
    before = log.read_text().count("a preview was stopped")
    with pytest.raises(httpx.ReadTimeout):
        client.post("/v1/kinema/preview", json=LONG, timeout=1.0)
    until = time.monotonic() + PATIENCE
    while log.read_text().count("a preview was stopped") == before:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert client.post("/v1/kinema/preview", json=FOX).status_code == 200


def test_a_draft_stops_when_its_client_hangs_up(server: RunningServer, client: httpx.Client):
    log = Path(server.data) / "worker.log"
    before = log.read_text().count("a preview was stopped")
    body = {name: LONG[name] for name in ("task", "cards")}
    with client.stream("POST", "/v1/kinema/draft", json=body) as answer:
        next(answer.iter_raw())
    until = time.monotonic() + PATIENCE
    while log.read_text().count("a preview was stopped") == before:
        assert time.monotonic() < until
        time.sleep(0.05)

"""Live streams over a real server and its worker: watched, steered, held, kept, lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from kinema import media
from tests.serve.conftest import RunningServer, finished
from tests.serve.road.conftest import SMALL, begun
from tests.serve.road.watching import Viewer, boxes, decoded, is_even, watching

pytestmark = pytest.mark.slow


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def colour(pictures: list[np.ndarray]) -> np.ndarray:
    return np.mean([one.mean(axis=(0, 1)) for one in pictures], axis=0)


def kept(viewer: Viewer, **stretch: float) -> dict[str, object]:
    viewer.say("keep", **stretch)
    viewer.until("keeping")
    return viewer.until("kept")


def test_film_comes_as_soon_as_somebody_watches(server: RunningServer, client: httpx.Client):
    live = begun(client)
    with watching(server.url, live) as viewer:
        ready = viewer.until("ready")
        assert (ready["id"], ready["at"], ready["state"]) == (live, 0.0, "open")
        assert (ready["size"], ready["fps"], ready["model"]) == ("160x128", 12.0, "animatic")
        viewer.watch(7)
        assert boxes(viewer.pieces[0]) == ["ftyp", "moov"]
        assert all(set(boxes(piece)) == {"moof", "mdat"} for piece in viewer.pieces[1:])
        times, pictures = viewer.film()
        assert times[0] == 0
        assert is_even(times)
        assert pictures[0].shape == (128, 160, 3)
        assert np.abs(pictures[0].astype(int) - pictures[-1]).mean() > 0.5, "nothing moves"
        assert client.get(f"/v1/kinema/live/{live}").json()["viewers"] == 1


def test_words_change_the_picture(server: RunningServer, client: httpx.Client):
    with watching(server.url, begun(client, prompt="a fox in the snow")) as viewer:
        viewer.until("scene")
        viewer.watch(4)
        viewer.say("steer", prompt="a lion in the desert at night")
        scene = viewer.until("scene")
        assert scene["prompt"] == "a lion in the desert at night"
        assert scene["answer_ms"] > 0
        viewer.watch(12)
        times, pictures = viewer.film()
        edge = times.index(round(scene["at"] * 12) * (times[1] - times[0]))
        before, after = colour(pictures[:edge]), colour(pictures[edge + 6 :])
        assert np.abs(before - after).max() > 30
        assert scene["at"] == int(scene["at"]), "not at the edge of a chunk"


def test_words_that_cannot_be_read_change_nothing(server: RunningServer, client: httpx.Client):
    with watching(server.url, begun(client)) as viewer:
        viewer.until("scene")
        viewer.say("steer", prompt="xqzy blorp")
        refused = viewer.until("refused")
        assert refused["prompt"] == "xqzy blorp"
        assert "no word of it can be read" in refused["message"]
        viewer.say("restart", prompt="blorp xqzy")
        assert viewer.until("refused")["prompt"] == "blorp xqzy"
        viewer.say("dance")
        assert "dance" in viewer.until("refused")["message"]
        viewer.watch(4)


def test_hold_stands_and_play_goes_on_from_there(server: RunningServer, client: httpx.Client):
    live = begun(client)
    with watching(server.url, live) as viewer:
        viewer.watch(4)
        viewer.say("hold")
        at = viewer.until("held")["at"]
        shown = len(viewer.pieces)
        viewer.listen(1.5)
        assert len(viewer.pieces) == shown
        assert client.get(f"/v1/kinema/live/{live}").json()["state"] == "held"
        viewer.say("play")
        assert viewer.until("playing")["at"] == at
        viewer.watch(4)
        times, _ = viewer.film()
        assert is_even(times)


def test_a_kept_piece_is_a_clip_like_any_other(
    server: RunningServer, client: httpx.Client, tmp_path: Path
):
    live = begun(client, seed=7)
    with watching(server.url, live) as viewer:
        viewer.until("scene")
        viewer.until("stats")
        viewer.until("stats")
        made = kept(viewer, seconds=2)
        first = str(made["clip"])
        viewer.say("steer", prompt="a lion in the desert")
        viewer.until("scene")
        viewer.until("stats")
        second = str(kept(viewer, start=0, end=60)["clip"])
        viewer.say("end")
        viewer.until("ended")
    video = client.get(f"/v1/videos/{first}").json()
    assert (video["status"], video["seconds"], video["size"]) == ("completed", "2", "160x128")
    assert (video["kinema"]["task"], video["kinema"]["seed"]) == ("stream", 7)
    film = tmp_path / "kept.mp4"
    film.write_bytes(client.get(f"/v1/videos/{first}/content").content)
    assert media.fingerprint(film) == video["kinema"]["fingerprint"]
    assert media.probe(film).frames == 24
    assert media.labels(film) is not None
    assert (media.facts(film) or {})["id"] == first
    assert "fox" not in json.dumps(media.facts(film)), "the prompt is not for everybody"
    for variant in ("thumbnail", "spritesheet"):
        assert client.get(f"/v1/videos/{first}/content?variant={variant}").status_code == 200
    # Both prompts and the way from one to the other are in the second, which follows the first.
    longer = client.get(f"/v1/videos/{second}").json()
    assert longer["prompt"] == f"{SMALL['prompt']}\na lion in the desert"
    assert longer["remixed_from_video_id"] == first
    shown = decoded(client.get(f"/v1/videos/{second}/content").content)[1]
    assert np.abs(colour(shown[:12]) - colour(shown[-6:])).max() > 20
    reel = client.get(f"/v1/kinema/live/{live}/reel").json()["data"]
    assert [one["prompt"] for one in reel] == [SMALL["prompt"], "a lion in the desert"]
    assert reel[0]["clips"] == [first, second]
    assert reel[1]["clips"] == [second]
    assert reel[0]["end"] == reel[1]["start"]
    # It can be changed like any.
    answer = client.post(f"/v1/videos/{first}/remix", json={"prompt": "a blue fox"}).json()
    assert finished(client, answer["id"])["status"] == "completed"


def test_only_what_is_still_there_can_be_kept(server: RunningServer, client: httpx.Client):
    with watching(server.url, begun(client)) as viewer:
        viewer.until("stats")
        for stretch in ({"start": 900, "end": 950}, {}):
            viewer.say("keep", **stretch)
            assert "stretch" in viewer.until("keep_failed")["message"]


def test_a_new_beginning_is_on_the_same_clock(server: RunningServer, client: httpx.Client):
    with watching(server.url, begun(client)) as viewer:
        viewer.watch(5)
        viewer.say("restart", prompt="a robot in the city", seed=3)
        again = viewer.until("restarted")
        assert again["at"] > 0
        assert viewer.until("scene")["at"] == again["at"]
        viewer.watch(4)
        times, _ = viewer.film()
        assert is_even(times)


def test_a_second_window_joins_in_the_middle(server: RunningServer, client: httpx.Client):
    live = begun(client)
    with watching(server.url, live) as one:
        one.until("stats")
        one.until("stats")
        with watching(server.url, live) as other:
            other.watch(6)
            times, pictures = other.film()
            assert times[0] > 0
            assert pictures
            other.say("steer", prompt="a lion in the desert")
            one.until("scene")
            other.until("scene")


def test_a_viewer_that_leaves_finds_it_where_it_was(server: RunningServer, client: httpx.Client):
    live = begun(client)
    with watching(server.url, live) as viewer:
        viewer.until("stats")
    with watching(server.url, live) as viewer:
        at = viewer.until("ready")["at"]
        assert 0 < at < 10
        viewer.watch(6)


def test_one_at_a_time_unless_nobody_watches(server: RunningServer, client: httpx.Client):
    live = begun(client)
    with watching(server.url, live) as viewer:
        viewer.watch(3)
        answer = client.post("/v1/kinema/live", json=SMALL)
        assert answer.status_code == 429
        assert answer.json()["error"]["code"] == "live_limit"
        assert live in answer.json()["error"]["message"]
    other = begun(client)
    assert client.get(f"/v1/kinema/live/{live}").json()["reason"] == "replaced"
    assert [one["id"] for one in client.get("/v1/kinema/live").json()["data"]] == [other]
    ended = client.delete(f"/v1/kinema/live/{other}").json()
    assert (ended["state"], ended["reason"]) == ("ended", "ended")
    with watching(server.url, other) as viewer:
        assert viewer.until("ended")["reason"] == "ended"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "prompt"),
        ({"prompt": "xqzy blorp"}, "prompt"),
        ({"prompt": "a cat", "fps": 100}, "fps"),
        ({"prompt": "a cat", "size": "1x1"}, "size"),
        ({"prompt": "a cat", "model": "none"}, "model"),
        ({"prompt": "a cat", "seconds": 4}, "seconds"),
    ],
)
def test_what_cannot_be_streamed_is_refused_by_name(
    client: httpx.Client, body: dict[str, object], param: str
):
    answer = client.post("/v1/kinema/live", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
    assert client.get("/v1/kinema/live").json()["data"] == []


def test_jobs_go_on_beside_it(server: RunningServer, client: httpx.Client):
    with watching(server.url, begun(client)) as viewer:
        viewer.watch(3)
        job = {"prompt": "a cat", "model": "animatic", "size": "160x128", "seconds": "2"}
        video = client.post("/v1/videos", json=job).json()["id"]
        viewer.watch(8)
        assert finished(client, video)["status"] == "completed"
        viewer.watch(8)


def test_a_worker_that_dies_ends_the_stream_and_the_next_one_plays(
    server: RunningServer, client: httpx.Client
):
    live = begun(client)
    with watching(server.url, live) as viewer:
        viewer.watch(3)
        server.kill_worker()
        assert viewer.until("ended")["reason"] == "worker_gone"
        assert viewer.next(10) is None
        assert viewer.code == 1012
    assert client.get(f"/v1/kinema/live/{live}").json()["reason"] == "worker_gone"
    assert client.get(f"/v1/kinema/live/{live}/reel").json()["data"][0]["prompt"] == SMALL["prompt"]
    answer = client.post("/v1/kinema/live", json=SMALL)
    while answer.status_code == 503:  # a worker takes some seconds to start
        answer = client.post("/v1/kinema/live", json=SMALL)
    with watching(server.url, answer.json()["id"]) as viewer:
        viewer.watch(3)


def test_pages_elsewhere_may_not_watch(server: RunningServer, client: httpx.Client):
    live = begun(client)
    address = f"{server.url.replace('http', 'ws', 1)}/v1/kinema/live/{live}"
    headers = {"authorization": "Bearer any"}
    with pytest.raises(InvalidStatus) as refused:
        connect(
            address, additional_headers=headers, origin=Origin("https://evil.example"), proxy=None
        )
    assert refused.value.response.status_code == 403

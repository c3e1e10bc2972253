"""A stream gives its worker back when nobody speaks, and ends when nobody watches."""

from __future__ import annotations

import time

import pytest

from tests.serve.conftest import PATIENCE, RunningServer
from tests.serve.road.conftest import begun
from tests.serve.road.watching import watching

pytestmark = pytest.mark.slow


def test_a_stream_that_nobody_speaks_to_gives_its_worker_back(tired: RunningServer):
    with tired.client() as client, watching(tired.url, begun(client)) as viewer:
        viewer.until("stats")
        assert viewer.until("idle")["after"] == 2
        shown = len(viewer.pieces)
        viewer.listen(1.0)
        assert len(viewer.pieces) == shown
        assert client.get(f"/v1/kinema/live/{viewer.events[0]['id']}").json()["state"] == "idle"
        # The slot is free for another stream, and while that has it this one cannot go on.
        with watching(tired.url, begun(client, prompt="a cat")) as other:
            other.watch(3)
        assert viewer.until("ended")["reason"] == "replaced"


def test_an_idle_stream_wakes_when_somebody_speaks(tired: RunningServer):
    with tired.client() as client, watching(tired.url, begun(client)) as viewer:
        viewer.until("idle")
        viewer.say("steer", prompt="a lion in the desert")
        viewer.until("playing")
        assert viewer.until("scene")["prompt"] == "a lion in the desert"


def test_a_stream_that_nobody_watches_ends(tired: RunningServer):
    with tired.client() as client:
        live = begun(client)
        with watching(tired.url, live) as viewer:
            viewer.watch(2)
        until = time.monotonic() + PATIENCE
        while (found := client.get(f"/v1/kinema/live/{live}").json())["state"] != "ended":
            assert time.monotonic() < until
            time.sleep(0.1)
        assert found["reason"] == "left"

"""A stream of a network: the same road, steered in its latent, kept as it was shown."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from kinema import media
from kinema.config import Config, PolicyConfig
from kinema.engine.cards import card
from kinema.errors import Cancelled
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.models import Runnable
from kinema.serve.road.live import Live
from kinema.serve.road.previews import looks
from kinema.serve.road.viewers import Viewer
from kinema.serve.store import clips, lives
from kinema.serve.store.database import Database
from kinema.serve.store.lives import LiveRow, Reason
from kinema.serve.store.objects import Objects
from kinema.serve.store.projects import ensure_project
from kinema.types import Quality, Request, Size, Task, to_builtins
from tests.engine.latent import small_own
from tests.serve.road.watching import PATIENCE, decoded, is_even

pytestmark = pytest.mark.requires("torch")

REQUEST = Request(
    task=Task.STREAM,
    prompt="a fox in the snow",
    model="storybook",
    size=Size(width=128, height=128),
    fps=Fraction(8),
    frames=8,
    quality=Quality.DRAFT,
)


@pytest.fixture
def maker(tmp_path: Path) -> Iterator[Maker]:
    database = Database.in_folder(tmp_path)
    database.migrate()
    with database.write() as connection:
        ensure_project(connection, "default", "Default")
    model = Runnable(card("storybook"), small_own.folder(tmp_path / "weights"))
    objects = Objects(str(tmp_path / "objects"))
    config = Config(policy=PolicyConfig(live_idle=60))
    yield Maker(database, objects, config, {"storybook": model}, "here")
    database.close()


def begun(maker: Maker, slot: threading.Semaphore) -> Live:
    row = LiveRow(
        id=new_id(Kind.LIVE),
        project="default",
        worker="here",
        since=0.0,
        alias="storybook",
        model="storybook",
        prompt=REQUEST.prompt,
        request=to_builtins(REQUEST),
    )
    with maker.database.write() as connection:
        lives.add(connection, row)
    slot.acquire()
    live = Live(maker, row, slot, lambda _: None)
    live.start()
    return live


class Watch:
    """A viewer of a stream in this process."""

    def __init__(self, live: Live) -> None:
        self.viewer, self.film, self.events = Viewer(), list[bytes](), list[dict[str, object]]()
        live.join(self.viewer)

    async def until(self, event: str) -> dict[str, object]:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self.viewer.get()
                assert message is not None, self.events
                if isinstance(message, bytes):
                    self.film.append(message)
                    continue
                self.events.append(json.loads(message))
                if self.events[-1]["event"] == event:
                    return self.events[-1]


def test_a_network_is_streamed_steered_and_kept(maker: Maker, tmp_path: Path):
    slot = threading.Semaphore(1)

    async def play() -> tuple[list[bytes], dict[str, object]]:
        live = begun(maker, slot)
        watch = Watch(live)
        await watch.until("stats")
        live.hear('{"do":"steer","prompt":"a red car"}')
        scene = await watch.until("scene")
        while scene["prompt"] != "a red car":
            scene = await watch.until("scene")
        await watch.until("stats")
        live.hear('{"do":"keep","start":0,"end":99}')
        kept = await watch.until("kept")
        live.end(Reason.ENDED)
        await watch.until("ended")
        return watch.film, kept

    film, kept = asyncio.run(play())
    times, pictures = decoded(b"".join(film))
    assert is_even(times)
    assert np.abs(pictures[-1].astype(int) - pictures[0]).mean() > 0.5
    with maker.database.read() as connection:
        row = clips.get(connection, str(kept["clip"]))
    assert row is not None
    assert row.prompt == "a fox in the snow\na red car"
    path = tmp_path / "kept.mp4"
    maker.objects.fetch((row.assets or {})["video"]["key"], path)
    assert (row.facts or {})["fingerprint"] == media.fingerprint(path)
    # What was kept is what was shown, but for what the encoders make of it.
    again = [np.asarray(one) for one in media.frames(path)]
    shown = pictures[: len(again)]
    assert len(shown) >= 15  # the newest picture leaves with the next one
    differences = [np.abs(a.astype(int) - b).mean() for a, b in zip(again, shown, strict=False)]
    assert max(differences) < 6
    assert slot.acquire(timeout=PATIENCE)


def test_a_preview_of_a_network_stops_between_its_steps(maker: Maker):
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 4

    request = replace(REQUEST, task=Task.TEXT_TO_VIDEO, frames=17)
    with pytest.raises(Cancelled):
        list(looks(maker, request, {}, 1, cancelled))
    assert len(asked) == 5, "it went on after it was told to stop"
    assert len(list(looks(maker, request, {}, 3, lambda: False))) == 3

"""A stream runs on, hears new prompts, and can be kept as a clip like any other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, repeat
from pathlib import Path

import msgspec
import numpy as np
import pytest
from small_clips import FOX

from kinema import media
from kinema.engine.facts import read_scene
from kinema.engine.generate import generate
from kinema.engine.stream import record, stream
from kinema.errors import Cancelled
from kinema.storybook.timeline import moment
from kinema.types import Event, Log, Task

MEADOW = msgspec.structs.replace(FOX, task=Task.STREAM, prompt="a fox walks in a meadow at noon")


def test_a_stream_without_new_prompts_shows_what_a_clip_of_that_prompt_shows(tmp_path: Path):
    live = list(islice(stream(MEADOW, repeat(None)), 12))
    pattern = tmp_path / "clip" / "%05d.png"
    generate(msgspec.structs.replace(MEADOW, task=Task.TEXT_TO_VIDEO, frames=12), pattern)
    clip = [media.still(pattern.with_name(f"{index:05d}.png")) for index in range(12)]
    assert all(np.array_equal(a, b) for a, b in zip(live, clip, strict=True))


def test_a_new_prompt_changes_the_running_scene_at_the_next_second(tmp_path: Path):
    out = tmp_path / "live.mp4"
    clip = record(MEADOW, iter([None, "it is night", None]), out)
    timeline = read_scene(out)
    assert clip.request.frames == 32
    assert media.probe(out).frames == 32
    assert timeline.seconds == 4
    assert moment(timeline, Fraction(2)).main[0].time == "noon"
    assert moment(timeline, Fraction(3)).main[0].time == "night"
    assert moment(timeline, Fraction(7, 2)).main[1] == Fraction(7, 2)


def test_a_prompt_that_cannot_be_read_is_told_and_changes_nothing():
    told: list[Event] = []
    prompts = iter(["qqq zzz", "a\x00b"])
    frames = list(stream(MEADOW, prompts, on_event=told.append))
    assert len(frames) == 24
    messages = [event.message for event in told if isinstance(event, Log)]
    assert sum("the scene runs on" in message for message in messages) == 2


def test_only_what_is_taken_is_drawn():
    asked = 0

    def prompts() -> Iterator[None]:
        nonlocal asked
        while True:
            asked += 1
            yield None

    frames = stream(MEADOW, prompts())
    assert len(list(islice(frames, 8))) == 8
    assert asked == 0
    next(frames)
    assert asked == 1


def test_cancelling_a_recording_leaves_nothing(tmp_path: Path):
    asked = iter([False] * 12)
    with pytest.raises(Cancelled):
        record(MEADOW, repeat(None), tmp_path / "live.mp4", cancelled=lambda: next(asked, True))
    assert list(tmp_path.iterdir()) == []

"""A forecast is made before anything runs, from a card or from an architecture and a pace."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from kinema.engine.estimate import check_memory, estimate
from kinema.engine.latent.pace import Pace, keep, key
from kinema.errors import TooLittleMemory
from kinema.models.registry import model
from kinema.types import Quality, Request, Sampling, Size

SMALL, LARGE = "wan2.1-t2v-1.3b", "wan2.1-t2v-14b"
GIB = 1 << 30
CLIP = Request(model=SMALL, prompt="a fox", size=Size(width=832, height=480), frames=81)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path))


def learnt(name: str, budget: int = 80 * GIB) -> None:
    """As if the model had run here, on a machine of 100 TFLOP/s."""
    keep(
        Pace(
            model=key(model(name)), machine="a machine", itemsize=2, budget=budget, products=1e14,
            attention=5e13, decoding=2e13, reading=1e10,
        )
    )  # fmt: skip


def test_a_model_that_never_ran_here_has_no_time_but_a_size():
    said = estimate(CLIP)
    assert (said.seconds, said.measured, said.problem) == (None, "", "")
    assert said.megabytes > 1000


def test_time_grows_with_steps_length_size_and_guidance():
    learnt(SMALL)

    def seconds(**fields: object) -> float:
        said = estimate(msgspec.structs.replace(CLIP, **fields)).seconds
        assert said is not None
        return said

    plain = seconds()
    assert seconds(quality=Quality.DRAFT) < plain < seconds(quality=Quality.HIGH)
    assert seconds(frames=161) > 1.5 * plain
    assert seconds(size=Size(width=1280, height=720)) > 2 * plain
    assert seconds(sampling=Sampling(guidance=1.0)) < 0.7 * plain
    assert seconds(sampling=Sampling(steps=100)) > 1.8 * plain


def test_what_does_not_fit_is_said_with_what_it_would_need():
    learnt(LARGE, budget=2 * GIB)
    large = msgspec.structs.replace(CLIP, model=LARGE)
    said = estimate(large)
    assert said.seconds is None and re.search(r"needs \d+\.\d GB of memory", said.problem)
    with pytest.raises(TooLittleMemory) as caught:
        check_memory(large)
    assert caught.value.problem == said.problem and caught.value.allowed
    learnt(LARGE)
    assert estimate(large).problem == ""
    check_memory(large)


def test_the_length_of_a_clip_that_passes_in_windows_does_not_count_against_it():
    learnt(SMALL, budget=10 * GIB)
    for frames in (81, 8001):
        check_memory(msgspec.structs.replace(CLIP, frames=frames))


def test_the_estimate_of_a_card_grows_with_length_in_time_and_with_size_in_memory():
    short = estimate(Request(frames=24))
    long = estimate(Request(frames=240))
    large = estimate(Request(frames=24, size=Size(width=1920, height=1080)))
    assert (short.seconds or 0.0) < (long.seconds or 0.0)
    assert short.megabytes == long.megabytes
    assert short.megabytes < large.megabytes


def test_a_model_without_steps_takes_no_longer_for_more_of_them():
    plain = estimate(Request())
    assert estimate(Request(sampling=Sampling(steps=50))) == plain

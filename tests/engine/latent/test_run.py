"""Sampling a plan: told and shown, stopped and gone on with, by one expert or two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.engine.latent.bench import FOX, FRAMES, Bench, Benches, Notes, moving

from kinema.engine.latent import halfway
from kinema.engine.latent.plan import Plan
from kinema.engine.latent.run import level_at, levels
from kinema.errors import Cancelled, LatentError
from kinema.sample.schedule import Table, schedule
from kinema.types import ImageInput, Preview, Progress, Request, Sampling, Task

pytestmark = pytest.mark.requires("torch")

KINDS = ("words", "experts", "by frame")


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is written down."""
    monkeypatch.setattr(halfway, "KEEP_EVERY", 0.0)
    monkeypatch.setattr(halfway, "_WRITING", 1e9)


def _stop_after(steps: int) -> Any:
    asked = iter(range(steps))
    return lambda: next(asked, None) is None


def _requests(bench: Bench) -> dict[str, Request]:
    how = Sampling(steps=6)
    image, clip = bench.image(moving(1)[0]), bench.video(moving(9), FOX)
    return {
        "words": bench.request(frames=9, sampling=how),
        "picture": bench.request(
            Task.IMAGE_TO_VIDEO, images=(ImageInput(file=image),), frames=9, sampling=how
        ),
        "edit": bench.request(Task.EDIT, prompt="snow", clip=clip, frames=9, sampling=how),
        "loop": bench.request(Task.LOOP, clip=clip, frames=8, sampling=how),
    }


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("stop", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_was_stopped_goes_on_bit_for_bit(kind: str, stop: int, benches: Benches):
    bench = benches(kind)
    for name, request in _requests(bench).items():
        expected, notes, events = bench.sampled(request), Notes(), []
        with pytest.raises(Cancelled):
            bench.sampled(request, cancelled=_stop_after(stop), checkpoint=notes)
        assert notes.steps[-1] == stop
        made = bench.sampled(request, checkpoint=notes, on_event=events.append)
        assert made.tobytes() == expected.tobytes(), name
        told = [one for one in events if isinstance(one, Progress) and one.eta is not None]
        assert told[0].done == stop + 1
        assert told[-1].done == told[-1].total


def test_a_run_that_is_stopped_keeps_its_newest_step(benches: Benches):
    """Even where it was not yet time to write one."""
    bench, notes = benches("words"), Notes()
    request = bench.request(frames=9, sampling=Sampling(steps=5))
    with pytest.raises(Cancelled):
        bench.sampled(request, cancelled=_stop_after(4), checkpoint=notes)
    assert notes.steps == [4]
    bench.watched.asked.clear()
    bench.sampled(request, checkpoint=notes)
    assert len(bench.watched.asked) == 1


@pytest.mark.usefixtures("often")
def test_a_half_done_latent_of_another_request_is_not_gone_on_with(benches: Benches):
    bench, notes = benches("words"), Notes()
    request = bench.request(frames=9, sampling=Sampling(steps=5))
    with pytest.raises(Cancelled):
        bench.sampled(request, cancelled=_stop_after(3), checkpoint=notes)
    other = bench.request(frames=9, sampling=Sampling(steps=5), seed=6)
    assert np.array_equal(bench.sampled(other, checkpoint=notes), bench.sampled(other))


def test_a_run_stops_within_one_step(benches: Benches):
    bench = benches("words")
    bench.watched.asked.clear()
    with pytest.raises(Cancelled):
        bench.sampled(bench.request(sampling=Sampling(steps=9)), cancelled=_stop_after(2))
    assert len(bench.watched.asked) == 2


def test_the_steps_are_told_and_shown(benches: Benches):
    bench, events = benches("words"), []
    bench.sampled(bench.request(sampling=Sampling(steps=3)), on_event=events.append)
    told = [one.done for one in events if isinstance(one, Progress)]
    shown = [one for one in events if isinstance(one, Preview)]
    assert told == [0, 1, 2, 3]
    assert shown and shown[0].media_type == "image/jpeg"


def test_numbers_that_break_down_are_named(benches: Benches):
    bench = benches("words")
    request = bench.request(sampling=Sampling(steps=3))
    plan = bench.plan(request)
    broken = {name: np.full_like(array, np.nan) for name, array in plan.prompts[0].items()}
    with pytest.raises(LatentError):
        bench.sampled(request, replace(plan, prompts=(broken,)))


@pytest.mark.parametrize("task", [Task.TEXT_TO_VIDEO, Task.EDIT, Task.LOOP, Task.IMAGE_TO_VIDEO])
def test_a_plan_goes_through_a_checkpoint(task: Task, benches: Benches):
    bench = benches("words")
    clip, image = bench.video(moving(FRAMES), FOX), bench.image(moving(1)[0])
    fields: dict[str, Any] = {
        Task.EDIT: {"clip": clip},
        Task.LOOP: {"clip": clip, "frames": 16},
        Task.IMAGE_TO_VIDEO: {"images": (ImageInput(file=image),)},
    }.get(task, {})
    first = bench.plan(bench.request(task, **fields))
    again = Plan.restore(first.arrays())
    one, other = first.arrays(), again.arrays()
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_the_second_expert_takes_over_below_the_boundary(benches: Benches):
    bench = benches("experts")
    request = bench.request(sampling=Sampling(steps=6))
    bench.watched.asked.clear()
    bench.sampled(request)
    boundary = bench.model.recipe.boundary
    assert boundary is not None
    high = [one["level"] >= boundary for one in bench.watched.asked]
    assert high == sorted(high, reverse=True) and len(set(high)) == 2


def test_distilled_weights_are_asked_at_their_own_levels_alone(benches: Benches):
    bench = benches("words").with_recipe(timesteps=(1000, 750, 500, 250), shift=1.0)
    bench = bench.with_recipe(solver="renoise")
    clip = bench.video(moving(9))
    bench.watched.asked.clear()
    bench.sampled(bench.request(frames=9, sampling=Sampling(guidance=1.0)))
    assert [one["level"] for one in bench.watched.asked] == [1.0, 0.75, 0.5, 0.25]
    bench.watched.asked.clear()
    how = Sampling(guidance=1.0)
    bench.sampled(bench.request(Task.REMIX, clip=clip, frames=9, strength=0.55, sampling=how))
    assert [one["level"] for one in bench.watched.asked] == [0.5, 0.25]


def test_a_strength_is_a_share_of_the_steps():
    steps = schedule(Table.LINEAR, 10, 5.0)
    assert level_at(steps, 0.0) == 0.0 and level_at(steps, 1.0) == 1.0
    assert level_at(steps, 0.5) == steps.sigmas[5] > 0.8
    assert steps.sigmas[5] > level_at(steps, 0.45) > steps.sigmas[6]


def test_a_model_says_its_own_levels(benches: Benches):
    bench = benches("words")
    recipe = replace(bench.model.recipe, levels=lambda steps, _: schedule(Table.LINEAR, steps))
    asked = bench.request(sampling=Sampling(steps=4))
    assert levels(recipe, asked, (16, 5, 8, 8)).sigmas == (1.0, 0.75, 0.5, 0.25, 0.0)

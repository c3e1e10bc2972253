"""A clip made anew, all of it or a part: what each task promises, on small real networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.engine.latent.bench import DUCK, FOX, FRAMES, Bench, Benches, drifting, moving

from kinema.sample.constraints import latent_mask
from kinema.types import Sampling, Size, Task

pytestmark = pytest.mark.requires("torch")

KINDS = ("words", "by frame")
WIDE = Size(width=192, height=128)


def _corner() -> np.ndarray:
    """Bright in the upper left quarter."""
    mask = np.zeros((128, 128, 3), np.uint8)
    mask[:64, :64] = 255
    return mask


@pytest.mark.parametrize("kind", KINDS)
def test_a_remix_keeps_all_at_strength_0_and_nothing_at_strength_1(kind: str, benches: Benches):
    bench = benches(kind)
    clip = bench.video(moving(FRAMES), prompt=FOX)
    request = {"prompt": DUCK, "clip": clip}
    kept, some, never = (
        bench.sampled(bench.request(Task.REMIX, strength=strength, **request))
        for strength in (0.0, 0.5, 1.0)
    )
    source = bench.encoded(bench.read(clip, FRAMES))
    assert np.array_equal(kept, source)
    assert np.array_equal(never, bench.sampled(bench.request(prompt=f"{FOX}. {DUCK}")))
    assert np.abs(some - source).mean() > 1e-3 and np.abs(some - never).mean() > 1e-3


def test_half_a_remix_takes_half_of_the_steps(benches: Benches):
    """A strength is a share of the run, whatever noise levels the model spends it at."""
    bench = benches("words")
    clip = bench.video(moving(FRAMES))
    for strength, calls in ((0.25, 5), (0.5, 10), (0.75, 15)):
        bench.watched.asked.clear()
        how = Sampling(steps=20, guidance=1.0)
        bench.sampled(bench.request(Task.REMIX, clip=clip, strength=strength, sampling=how))
        assert abs(len(bench.watched.asked) - calls) <= 1


@pytest.mark.parametrize("kind", [*KINDS, "experts"])
def test_an_edit_that_asks_for_what_is_there_changes_not_a_bit(kind: str, benches: Benches):
    bench = benches(kind)
    clip = bench.video(moving(FRAMES), prompt=FOX)
    request = bench.request(Task.EDIT, prompt=DUCK, clip=clip, sampling=Sampling(steps=5))
    plan = bench.plan(request)
    source = bench.encoded(bench.read(clip, FRAMES))
    assert plan.source is not None
    assert np.array_equal(bench.sampled(request, replace(plan, prompts=(plan.source,))), source)
    assert np.abs(bench.sampled(request, plan) - source).mean() > 1e-3


def test_an_edit_changes_more_the_more_it_may(benches: Benches):
    bench = benches("words")
    clip = bench.video(moving(FRAMES), prompt=FOX)
    source = bench.encoded(bench.read(clip, FRAMES))
    away = [
        np.abs(
            bench.sampled(
                bench.request(
                    Task.EDIT, prompt=DUCK, clip=clip, strength=s, sampling=Sampling(steps=8)
                )
            )
            - source
        ).mean()
        for s in (0.0, 0.4, 0.9)
    ]
    assert away[0] == 0.0 and away[0] < away[1] < away[2]


def test_an_edit_moves_towards_its_prompt_and_keeps_the_movement(likely: Bench):
    """In closed form the edit is a shift of every colour by the difference of the two prompts."""
    clip = likely.video(drifting(FRAMES, seed=1), prompt=FOX)
    request = likely.request(Task.EDIT, prompt=DUCK, clip=clip)
    source, made = likely.encoded(likely.read(clip, FRAMES)), likely.sampled(request)
    shift = (made - source).mean((0, 2, 3, 4))
    plan = likely.plan(request)
    assert plan.source is not None
    wanted = np.tile(plan.prompts[0]["text"] - plan.source["text"], 4)
    assert np.dot(shift, wanted) > 0.5 * np.linalg.norm(shift) * np.linalg.norm(wanted) > 0.0
    assert np.abs((made - source) - shift[:, None, None, None]).mean() < 0.25 * np.abs(shift).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_outside_the_mask_nothing_changes(kind: str, benches: Benches):
    bench = benches(kind)
    clip, mask = bench.video(moving(FRAMES), prompt=FOX), bench.image(_corner())
    request = bench.request(Task.REGION_EDIT, prompt=DUCK, clip=clip, mask=mask)
    cell = bench.model.codec.cell
    free = latent_mask(np.ones((1, 128, 128), bool) & (_corner()[..., 0] > 0), (4, cell, cell))[0]
    latent, source = bench.sampled(request), bench.encoded(bench.read(clip, FRAMES))
    assert np.array_equal(latent[..., free == 0], source[..., free == 0])
    assert np.abs(latent[..., free == 1] - source[..., free == 1]).mean() > 0.01
    pictures, originals = bench.pictures(request), np.stack(bench.read(clip, FRAMES))
    outside = _corner()[..., 0] == 0
    assert np.array_equal(pictures[:, outside], originals[:, outside])
    assert (pictures[:, ~outside] != originals[:, ~outside]).mean() > 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_outpainting_keeps_the_clip_in_the_middle(kind: str, benches: Benches):
    bench = benches(kind)
    clip = bench.video(moving(FRAMES), prompt=FOX)
    pictures = bench.pictures(bench.request(Task.OUTPAINT, prompt="", clip=clip, size=WIDE))
    assert pictures.shape == (FRAMES, 128, 192, 3)
    originals = np.stack(bench.read(clip, FRAMES))
    assert np.array_equal(pictures[:, :, 32:160], originals)
    rim = np.concatenate([pictures[:, :, :32], pictures[:, :, 160:]], 2)
    assert len(np.unique(rim.reshape(-1, 3), axis=0)) > 50


def test_a_model_that_must_see_a_picture_is_shown_the_first_of_the_clip(benches: Benches):
    bench = benches("channels")
    clip = bench.video(moving(FRAMES))
    for task in (Task.REMIX, Task.EDIT):
        bench.watched.asked.clear()
        bench.sampled(bench.request(task, clip=clip))
        first = _beside(bench)
        assert first[:4, 0].mean() == 1.0 and first[:4, 1:].mean() == 0.0, task


def _beside(bench: Bench) -> Any:
    asked = bench.watched.asked
    assert asked and all(np.array_equal(one["beside"], asked[0]["beside"]) for one in asked)
    return asked[0]["beside"][0]

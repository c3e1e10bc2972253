from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.sample.edit import flow_edit, slerp, start, vary
from kinema.sample.loop import integrate
from kinema.sample.schedule import Table, schedule
from kinema.sample.solvers import Euler, UniPC
from tests.sample.toys import (
    LEVELS,
    NOISE,
    SHAPE,
    both_kinds,
    curved,
    every_solver,
    far,
    gaussian,
    same,
    values,
)

CLIP, START = values(2, *SHAPE, seed=4), NOISE.start()
FRAMES = SHAPE[1]


def remixed(strength, solver, table=LEVELS, clip=CLIP, kind=np.asarray):
    first, rest = start(kind(clip), kind(START), table, strength)
    return integrate(curved, first, rest.sigmas, solver=solver)


@both_kinds
@every_solver
def test_a_remix_of_no_strength_is_the_clip(solver, kind):
    assert same(remixed(0.0, solver, kind=kind), CLIP)


@every_solver
@pytest.mark.parametrize("table", Table)
def test_a_remix_of_full_strength_never_saw_the_clip(solver, table):
    made = schedule(table, 5, 3.0)
    fresh = integrate(curved, START, made.sigmas, solver=solver)
    assert far(remixed(1.0, solver, made), fresh) == 0.0
    assert far(remixed(1.0, solver, made, 100 * CLIP), fresh) == 0.0


def test_more_strength_leaves_less_of_the_clip():
    clip = np.full_like(CLIP, 5.0)
    model = gaussian(0.0, 1.0)
    left = []
    for strength in (0.0, 0.25, 0.5, 0.75, 1.0):
        first, rest = start(clip, START, LEVELS, strength)
        left.append(integrate(model, first, rest.sigmas, solver=UniPC()).mean())
    assert left[0] == 5.0
    assert all(a > b + 0.05 for a, b in pairwise(left))


@given(st.floats(0.01, 0.99))
def test_a_remix_starts_under_as_much_noise_as_its_strength(strength):
    first, rest = start(CLIP, START, LEVELS, strength)
    assert rest.sigmas[0] == strength
    assert far(first, (1 - strength) * CLIP + strength * START) < 1e-6


def edited(source, target, table=LEVELS, solver=None, kind=np.asarray, **options):
    velocity = flow_edit(source, target, kind(CLIP), NOISE, **options)
    return integrate(velocity, kind(CLIP), table.last(4).sigmas, solver=solver or Euler())


@both_kinds
@pytest.mark.parametrize("averages", [1, 3])
def test_an_edit_between_equal_prompts_returns_the_clip_bit_for_bit(averages, kind):
    assert same(edited(curved, curved, kind=kind, averages=averages), CLIP)


def test_an_edit_moves_the_clip_by_what_differs_between_the_prompts():
    result = edited(gaussian(0.0, 1.0), gaussian(2.0, 1.0), schedule(Table.LINEAR, 4))
    # Only the mean differs, so every cell moves by it and keeps its own value.
    assert far(result, CLIP + 2.0) < 1e-5


def test_an_edit_leaves_alone_what_both_prompts_agree_on():
    def with_left_at(value):
        mean = np.zeros(SHAPE[1:], np.float32)
        mean[..., :3] = value
        return gaussian(mean, 0.5)

    result = edited(with_left_at(0.0), with_left_at(2.0))
    assert same(result[..., 3:], CLIP[..., 3:])
    assert far(result[..., :3], CLIP[..., :3]) > 0.5


def test_below_its_limit_an_edit_is_ordinary_sampling_of_the_target():
    table, limit = schedule(Table.LINEAR, 4), 0.5
    result = edited(curved, gaussian(1.0, 0.3), table, free_below=limit)
    # The same written as the paper does: edit down to the limit, add noise, sample.
    clip = CLIP
    for sigma, lower in ((1.0, 0.75), (0.75, 0.5)):
        noised = (1 - sigma) * CLIP + sigma * NOISE.fresh(sigma)
        push = gaussian(1.0, 0.3)(noised + clip - CLIP, sigma) - curved(noised, sigma)
        clip = clip + (lower - sigma) * push
    latent = clip + ((1 - limit) * CLIP + limit * NOISE.fresh(limit)) - CLIP
    expected = integrate(gaussian(1.0, 0.3), latent, [0.5, 0.25, 0.0], solver=Euler())
    assert far(result, expected) < 2e-6


def test_averaging_draws_noise_of_its_own_for_each():
    seen = []

    def watched(latent, sigma):
        seen.append(latent)
        return curved(latent, sigma)

    flow_edit(watched, curved, CLIP, NOISE, averages=2)(CLIP, 0.5)
    assert far(*seen) > 0.5


@given(st.floats(0.0, math.pi / 2))
def test_varied_noise_is_still_noise(angle):
    noise, other = values(1, 16, 4, 16, 16, seed=1), values(1, 16, 4, 16, 16, seed=2)
    assert abs(vary(noise, other, angle).std() - 1.0) < 0.02


def test_no_variation_is_the_noise_itself():
    assert same(vary(START, CLIP, 0.0), START)


weights = st.lists(st.floats(0.0, 1.0), min_size=FRAMES, max_size=FRAMES)


@given(weights)
def test_a_blend_keeps_the_length_of_what_it_blends(shares):
    first = CLIP / np.sqrt((CLIP**2).sum((1, 3, 4), keepdims=True))
    second = START / np.sqrt((START**2).sum((1, 3, 4), keepdims=True))
    blend = slerp(first, second, np.array(shares))
    assert np.abs(np.sqrt((blend**2).sum((1, 3, 4))) - 1.0).max() < 1e-5


def test_a_blend_runs_frame_by_frame_from_one_clip_to_the_other():
    blend = slerp(CLIP, START, np.linspace(0, 1, FRAMES))
    assert far(blend[:, :, 0], CLIP[:, :, 0]) < 1e-6
    assert far(blend[:, :, -1], START[:, :, -1]) < 1e-6
    near = [
        np.corrcoef(blend[:, :, t].ravel(), START[:, :, t].ravel())[0, 1] for t in range(FRAMES)
    ]
    assert all(a < b for a, b in pairwise(near))


@given(weights, st.sampled_from([0.0, 1e-5, 1e-3]))
def test_a_blend_of_a_clip_with_nearly_itself_is_that_clip(shares, apart):
    other = CLIP + np.float32(apart) * START
    assert far(slerp(CLIP, other, np.array(shares)), CLIP) <= apart * 5 + 1e-6

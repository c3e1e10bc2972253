from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.sample.constraints import (
    Known,
    hold,
    hold_by_frame,
    known_frames,
    known_inside,
    known_outside,
    latent_mask,
    settle,
)
from kinema.sample.edit import start
from kinema.sample.loop import integrate
from kinema.sample.solvers import Euler, Renoise, UniPC
from tests.sample.toys import (
    LEVELS,
    NOISE,
    SHAPE,
    curved,
    every_flow,
    every_solver,
    far,
    gaussian,
    same,
    values,
)

CLIP, START = values(2, *SHAPE, seed=4), NOISE.start()
CHANNELS, FRAMES, ROWS, COLUMNS = SHAPE


def block(count: int, at: int = 0) -> np.ndarray:
    return CLIP[:, :, at : at + count]


GIVEN = {
    "first": {0: block(1)},
    "first and last": {0: block(1), -1: block(1, 4)},
    "a key frame": {2: block(1, 2)},
    "forward": {0: block(3)},
    "backward": {2: block(3)},
}


@every_solver
@pytest.mark.parametrize("blocks", GIVEN.values(), ids=GIVEN.keys())
def test_given_frames_are_kept_exactly(solver, blocks):
    known = known_frames(blocks, FRAMES)
    result = integrate(hold(curved, known), START, LEVELS.sigmas, solver=solver)
    kept = np.broadcast_to(known.keep == 1.0, result.shape)
    assert np.abs(result - known.latent)[kept].max() < 5e-6
    result = settle(result, known)
    for index, frames in blocks.items():
        at = index % FRAMES
        assert same(result[:, :, at : at + frames.shape[2]], frames)
    assert np.abs(result - known.latent)[~kept].min() > 0.0


@every_flow
def test_the_model_always_sees_what_is_given_at_the_noise_level_of_the_rest(solver):
    known = known_frames({0: block(2)}, FRAMES)
    seen = []

    def watched(latent, sigma):
        seen.append((latent[:, :, :2], sigma))
        return curved(latent, sigma)

    integrate(hold(watched, known), START, [1.0, *LEVELS.sigmas[1:]], solver=solver)
    assert len(seen) >= 6
    for latent, sigma in seen:
        assert far(latent, (1 - sigma) * block(2) + sigma * START[:, :, :2]) < 5e-6


def test_renoised_steps_put_what_is_given_under_the_fresh_noise():
    known = known_frames({0: block(2)}, FRAMES)
    seen = []

    def watched(latent, sigma):
        seen.append((latent[:, :, :2], sigma))
        return curved(latent, sigma)

    integrate(hold(watched, known), START, [1.0, 0.6, 0.3, 0.0], solver=Renoise(NOISE))
    for latent, sigma in seen[1:]:
        assert far(latent, (1 - sigma) * block(2) + sigma * NOISE.fresh(sigma)[:, :, :2]) < 5e-6


def test_what_is_given_reaches_the_rest_through_the_model():
    one, other = (known_frames({0: frame}, FRAMES) for frame in (block(1), block(1) + 2.0))
    results = [
        integrate(hold(curved, known), START, LEVELS.sigmas, solver=UniPC())
        for known in (one, other)
    ]
    assert far(results[0][:, :, 1:], results[1][:, :, 1:]) > 0.01


@every_solver
def test_outside_the_mask_the_clip_is_unchanged_and_inside_it_is_new(solver):
    mask = np.zeros((FRAMES, ROWS, COLUMNS), np.float32)
    mask[:, 1:3, 2:4] = 1.0
    known = known_outside(CLIP, mask)
    first, rest = start(CLIP, START, LEVELS, 0.9)
    result = settle(integrate(hold(curved, known), first, rest.sigmas, solver=solver), known)
    inside = np.broadcast_to(mask == 1.0, CLIP.shape)
    assert (result == CLIP)[~inside].all()
    assert (np.abs(result - CLIP)[inside] > 1e-3).mean() > 0.95


def test_an_outpainted_clip_lies_unchanged_in_a_larger_one():
    known = known_inside(CLIP, (1, 2, 0, 3))
    assert known.latent.shape == (2, CHANNELS, FRAMES, ROWS + 3, COLUMNS + 3)
    noise = values(*known.latent.shape, seed=9)
    result = settle(integrate(hold(curved, known), noise, LEVELS.sigmas, solver=UniPC()), known)
    assert same(np.ascontiguousarray(result[..., 1 : 1 + ROWS, :COLUMNS]), CLIP)
    assert np.abs(result).min() > 0.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_firmer_hold_draws_the_result_nearer_to_what_is_given(a, b):
    soft, firm = sorted((a, b))
    given = np.full_like(block(1), 3.0)
    errors = [
        far(
            integrate(
                hold(gaussian(-1.0, 0.3), known_frames({1: given}, FRAMES, firmness)),
                START, LEVELS.sigmas, solver=Euler(),
            )[:, :, 1:2],
            given,
        )
        for firmness in (soft, firm)
    ]  # fmt: skip
    assert errors[1] <= errors[0] + 1e-5


def test_no_firmness_is_no_hold():
    known = known_frames({0: block(2)}, FRAMES, firmness=0.0)
    held = integrate(hold(curved, known), START, LEVELS.sigmas, solver=UniPC())
    assert far(held, integrate(curved, START, LEVELS.sigmas, solver=UniPC())) == 0.0


class ByFrame:
    """Takes a level for each frame, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[np.ndarray, np.ndarray]] = []

    def __call__(self, latent, levels):
        self.shown.append((latent, levels))
        return curved(latent, levels[:, None, :, None, None])


@every_solver
@pytest.mark.parametrize("blocks", GIVEN.values(), ids=GIVEN.keys())
def test_a_model_with_a_level_for_each_frame_sees_given_frames_clean(solver, blocks):
    known, model = known_frames(blocks, FRAMES), ByFrame()
    result = integrate(hold_by_frame(model, known), START, LEVELS.sigmas, solver=solver)
    kept = known.keep[0, 0, :, 0, 0] == 1.0
    for latent, levels in model.shown:
        assert same(latent[:, :, kept], known.latent[:, :, kept])
        assert not levels[:, kept].any()
        assert levels.shape == (2, FRAMES)
        assert len(set(levels[:, ~kept].ravel())) == 1
    assert far(result[:, :, kept], known.latent[:, :, kept]) < 5e-6
    assert same(settle(result, known)[:, :, kept], known.latent[:, :, kept])


def test_with_nothing_given_a_level_for_each_frame_changes_nothing():
    known = known_frames({0: block(1)}, FRAMES, firmness=0.0)
    held = integrate(hold_by_frame(ByFrame(), known), START, LEVELS.sigmas, solver=UniPC())
    plain = integrate(curved, START, LEVELS.sigmas, solver=UniPC())
    assert far(held, plain) < 1e-6


def test_a_soft_key_frame_is_shown_at_its_share_of_the_noise_and_may_change():
    known, model = known_frames({2: block(1, 2)}, FRAMES, firmness=0.75), ByFrame()
    result = integrate(hold_by_frame(model, known), START, LEVELS.sigmas, solver=Euler())
    for (_, levels), sigma in zip(model.shown, LEVELS.sigmas, strict=False):
        assert levels[0] == pytest.approx([sigma, sigma, 0.25 * sigma, sigma, sigma])
    assert 0.0 < far(result[:, :, 2:3], block(1, 2)) < far(START[:, :, 2:3], block(1, 2))


def test_a_noised_context_is_shown_with_a_little_noise_and_still_kept():
    known, model = known_frames({0: block(2)}, FRAMES), ByFrame()
    held = hold_by_frame(model, known, level=0.1)
    result = integrate(held, START, [1.0, 0.5, 0.05, 0.0], solver=Euler())
    shown = [levels[0, 0] for _, levels in model.shown]
    assert shown == pytest.approx([0.1, 0.1, 0.05])
    expected = 0.9 * block(2) + 0.1 * START[:, :, :2]
    assert far(model.shown[1][0][:, :, :2], expected) < 1e-5
    assert far(result[:, :, :2], block(2)) < 5e-6


def test_shares_that_differ_within_a_frame_need_another_way():
    mask = np.zeros((1, ROWS, COLUMNS), np.float32)
    with pytest.raises(ValueError, match="the same within a frame"):
        hold_by_frame(ByFrame(), known_outside(CLIP, mask))


@pytest.mark.parametrize(
    "blocks", [{}, {5: block(1)}, {-6: block(1)}, {3: block(3)}, {0: block(2), 1: block(1)}]
)
def test_frames_that_do_not_fit_are_refused(blocks):
    with pytest.raises(ValueError, match=r"no frames are given|do not fit into 5 frames"):
        known_frames(blocks, FRAMES)


@given(st.integers(0, 3), st.integers(1, 3), st.integers(1, 4), st.integers(0, 2), st.data())
def test_a_mask_covers_at_least_its_pixels_and_no_cell_far_from_them(
    late, rows, columns, grow, data
):
    shape = (1 + 4 * late, 8 * rows, 8 * columns)
    mask = np.zeros(shape, bool)
    pixel = tuple(data.draw(st.integers(0, side - 1)) for side in shape)
    mask[pixel] = True
    cells = latent_mask(mask, grow=grow)
    assert cells.shape == (1 + late, rows, columns)
    time, row, column = (pixel[0] + 3) // 4, pixel[1] // 8, pixel[2] // 8
    for at in np.ndindex(cells.shape):
        near = abs(at[1] - row) <= grow and abs(at[2] - column) <= grow and at[0] == time
        assert cells[at] == near


def test_a_mask_that_fits_no_cells_is_refused():
    for shape in ((4, 8, 8), (5, 9, 8), (5, 8, 12)):
        with pytest.raises(ValueError, match="does not fit latent cells"):
            latent_mask(np.zeros(shape, bool))


def test_what_is_known_can_be_put_together_by_hand():
    keep = np.zeros((1, 1, 1, 1, COLUMNS), np.float32)
    keep[..., 0] = 1.0
    known = Known(CLIP, keep)
    result = settle(integrate(hold(curved, known), START, LEVELS.sigmas, solver=UniPC()), known)
    assert (result[..., 0] == CLIP[..., 0]).all()

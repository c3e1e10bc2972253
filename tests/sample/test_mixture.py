from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kinema.sample.loop import integrate
from kinema.sample.mixture import Box, mixed, moving_mask, region_weights, segment_weights
from kinema.sample.solvers import UniPC
from kinema.sample.windows import Windows, windowed
from tests.sample.toys import LEVELS, far, gaussian, same, values

cards = st.lists(st.integers(1, 8), min_size=1, max_size=6)
shares = st.floats(0.0, 1.0, width=32)


@given(cards, st.data())
def test_the_cards_of_a_storyboard_share_every_frame_out(lengths, data):
    ramp = data.draw(st.integers(0, min(lengths)))
    weights = segment_weights(lengths, ramp)
    assert weights.shape == (len(lengths), sum(lengths), 1, 1)
    assert weights.min() >= 0.0
    assert np.abs(weights.sum(0) - 1.0).max() < 1e-6


@given(cards)
def test_without_a_ramp_cards_switch_exactly_at_their_cuts(lengths):
    weights = segment_weights(lengths)
    assert weights[:, :, 0, 0].argmax(0).tolist() == [
        card for card, length in enumerate(lengths) for _ in range(length)
    ]
    assert set(np.unique(weights)) <= {0.0, 1.0}


def test_a_cross_fade_lies_half_before_the_cut_and_half_after():
    first, second = segment_weights([4, 4], ramp=2)[:, :, 0, 0]
    assert first == pytest.approx([1, 1, 1, 0.75, 0.25, 0, 0, 0])
    assert second == pytest.approx(1 - first)


@given(hnp.arrays(np.float32, (3, 2, 2, 3), elements=shares), shares)
def test_regions_and_background_share_every_cell_out(masks, background):
    weights = region_weights(masks, background)
    assert weights.shape == (4, 2, 2, 3)
    assert weights.min() >= 0.0
    assert np.abs(weights.sum(0) - 1.0).max() < 1e-6
    assert (weights[0] >= background - 1e-6).all()


def test_a_region_alone_leaves_the_background_its_share():
    mask = np.zeros((1, 1, 1, 3), np.float32)
    mask[..., 0] = 1.0
    weights = region_weights(mask, 0.25)[:, 0, 0]
    assert weights.tolist() == [[0.25, 1.0, 1.0], [0.75, 0.0, 0.0]]


def prompts(*means: float):
    """Models that make clips near a mean, and the frames each was asked about."""
    asked: list[list[range | None]] = [[] for _ in means]

    def make(index: int):
        model = gaussian(means[index], 0.05)

        def velocity(latent, sigma, frames=None):
            asked[index].append(frames)
            return model(latent, sigma)

        return velocity

    return [make(index) for index in range(len(means))], asked


def test_a_clip_follows_its_cards():
    models, _ = prompts(-2.0, 0.0, 2.0)
    mix = mixed(models, segment_weights([3, 2, 3], ramp=1))
    result = integrate(mix, values(1, 2, 8, 2, 2), LEVELS.sigmas, solver=UniPC())
    means = result.mean((0, 1, 3, 4))
    assert means == pytest.approx([-2] * 3 + [0] * 2 + [2] * 3, abs=0.2)


def test_a_picture_follows_its_regions():
    models, _ = prompts(0.0, 4.0)
    mask = np.zeros((1, 1, 2, 4), np.float32)
    mask[..., 2:] = 1.0
    mix = mixed(models, region_weights(mask, 0.25))
    result = integrate(mix, values(1, 2, 3, 2, 4), LEVELS.sigmas, solver=UniPC())
    assert result[..., :2].mean() == pytest.approx(0.0, abs=0.2)
    assert result[..., 2:].mean() == pytest.approx(3.0, abs=0.2)


def test_a_prompt_is_only_asked_about_windows_where_it_has_weight():
    models, asked = prompts(-1.0, 1.0)
    velocity = windowed(mixed(models, segment_weights([8, 8])), Windows(4, 0), [1.0, 0.0])
    velocity(values(1, 1, 16, 1, 1), 0.5)
    assert asked == [[range(4), range(4, 8)], [range(8, 12), range(12, 16)]]


def test_windows_that_run_past_the_end_of_a_ring_read_the_weights_from_its_start():
    models, _ = prompts(-1.0, 1.0)
    weights = segment_weights([8, 8])
    latent = values(1, 1, 16, 1, 1)
    plain = mixed(models, weights)(latent, 0.5)
    ring = Windows(16, 0, ring=True, seed=4)
    turned = windowed(mixed(models, weights), ring, [1.0, 0.0])(latent, 0.5)
    assert far(turned, plain) < 1e-6


def test_one_prompt_is_the_model_itself():
    models, _ = prompts(1.0)
    latent = values(1, 2, 4, 2, 2)
    mix = mixed(models, segment_weights([4]))
    assert same(mix(latent, 0.5), gaussian(1.0, 0.05)(latent, 0.5).astype(np.float32))


def test_a_box_covers_its_share_of_each_cell():
    mask = moving_mask({0: Box(0.25, 0.0, 0.625, 1.0)}, (2, 1, 4))
    assert mask.tolist() == [[[0.0, 1.0, 0.5, 0.0]]] * 2


def test_a_box_moves_evenly_between_its_key_frames_and_rests_outside_them():
    keys = {1: Box(0.0, 0.0, 0.25, 0.5), 5: Box(0.5, 0.5, 0.75, 1.0)}
    mask = moving_mask(keys, (8, 8, 8))
    assert mask.sum((1, 2)) == pytest.approx([8.0] * 8)
    rows, columns = np.mgrid[:8, :8] + 0.5
    across = (mask * columns).sum((1, 2)) / 8
    down = (mask * rows).sum((1, 2)) / 8
    assert across == pytest.approx([1, 1, 2, 3, 4, 5, 5, 5])
    assert down == pytest.approx([2, 2, 3, 4, 5, 6, 6, 6])


def test_mixtures_that_do_not_add_up_are_refused():
    models, _ = prompts(0.0, 1.0)
    with pytest.raises(ValueError, match="2 velocities, but 3 sets"):
        mixed(models, segment_weights([1, 1, 1]))
    with pytest.raises(ValueError, match="add up to 1"):
        mixed(models, np.ones((2, 3, 1, 1), np.float32))
    with pytest.raises(ValueError, match="add up to 1"):
        mixed(models, np.stack([np.full((1, 1, 1), 2.0), np.full((1, 1, 1), -1.0)]).astype("f4"))
    with pytest.raises(ValueError, match="ramp must be 0 to the shortest"):
        segment_weights([2, 5], ramp=3)
    with pytest.raises(ValueError, match="ramp must be"):
        segment_weights([])
    with pytest.raises(ValueError, match=r"must be in \[0, 1\]"):
        region_weights(np.zeros((1, 1, 1, 1), np.float32), 1.5)

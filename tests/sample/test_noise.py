from __future__ import annotations

import hashlib
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.sample.noise import Noise, choice, normal
from tests.sample.toys import same

seeds = st.integers(0, 2**63 - 1)
WORDS = np.random.default_rng(5).integers(0, 2**64, 20_000, dtype=np.uint64)


@given(seeds, st.integers(1, 6), st.integers(0, 3))
def test_the_noise_of_a_frame_does_not_depend_on_the_length_of_the_clip(seed, frames, more):
    short, long = Noise((seed,), (2, frames, 3, 4)), Noise((seed,), (2, frames + more, 3, 4))
    assert same(short.start(), long.start()[:, :, :frames])
    assert same(short.fresh(0.5), long.fresh(0.5)[:, :, :frames])


@given(st.lists(seeds, min_size=1, max_size=4))
def test_the_noise_of_a_clip_does_not_depend_on_its_neighbours_in_the_batch(batch):
    together = Noise(tuple(batch), (2, 3, 2, 2)).start()
    assert same(together, np.concatenate([Noise((s,), (2, 3, 2, 2)).start() for s in batch]))


def test_a_clip_extended_backward_keeps_the_noise_of_its_frames():
    clip = Noise((3,), (2, 4, 3, 3)).start()
    longer = Noise((3,), (2, 9, 3, 3), first_frame=-5).start()
    assert same(clip, longer[:, :, 5:])


def test_seeds_frames_levels_and_draws_all_have_noise_of_their_own():
    noise, other = Noise((1,), (4, 2, 8, 8)), Noise((2,), (4, 2, 8, 8))
    draws = [
        noise.start()[:, :, 0],
        noise.start()[:, :, 1],
        other.start()[:, :, 0],
        noise.fresh(1.0)[:, :, 0],
        noise.fresh(0.5)[:, :, 0],
        noise.fresh(0.5, draw=1)[:, :, 0],
    ]
    likeness = np.corrcoef([draw.ravel() for draw in draws])
    assert np.abs(likeness - np.eye(len(draws))).max() < 0.25  # 4 deviations at 256 values


def test_noise_is_standard_normal_and_float32():
    noise = Noise((9,), (16, 4, 32, 32)).start()
    assert noise.dtype == np.float32
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1.0) < 0.01
    for share in (0.001, 0.05, 0.5, 0.99):
        below = (noise < NormalDist().inv_cdf(share)).mean()
        assert abs(below - share) < 4 * (share * (1 - share) / noise.size) ** 0.5


def test_every_value_is_the_quantile_of_its_bits():
    words = np.concatenate([WORDS[:2000], np.array([0, 1 << 12, 2**64 - 1, 2**63], np.uint64)])
    shares = ((words >> np.uint64(12)).astype(float) + 0.5) / 2**52
    exact = np.array([NormalDist().inv_cdf(share) for share in shares])
    assert np.abs(normal(words) - exact).max() < 1e-6
    assert (np.abs(normal(words) / exact - 1.0)[np.abs(exact) > 1e-6] < 3e-7).all()


def test_a_seed_means_these_bits_on_every_machine():
    noise = Noise((20260426,), (4, 3, 16, 16))
    digest = hashlib.sha256(noise.start().tobytes() + noise.fresh(0.625, 1).tobytes()).hexdigest()
    assert digest == "720114af8034a05264e41dfaa83d981e5db33b642f881941966247bcc839ca19"


@given(seeds, st.integers(1, 100))
def test_a_choice_is_within_its_count_and_always_the_same(seed, count):
    assert choice(seed, count) in range(count)
    assert choice(seed, count) == choice(seed, count)


def test_seeds_choose_differently():
    assert len({choice(seed, 1000) for seed in range(50)}) > 40


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="at least 0 and below"):
        Noise((seed,), (1, 1, 1, 1))

"""Clips that stay and what grows beside them: what each task promises."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.engine.latent.bench import (
    DUCK,
    FOX,
    FRAMES,
    Bench,
    Benches,
    drifting,
    moving,
    smooth,
    steps,
)

from kinema.engine.latent.order import CONTEXT
from kinema.errors import RequestError
from kinema.types import Curve, Direction, Request, Span, Task

pytestmark = pytest.mark.requires("torch")

KINDS = ("words", "by frame")
EVERY = (*KINDS, "channels")
SEEDS = range(4)


def _extension(bench: Bench, clip: str, backward: bool = False, **fields: object) -> Request:
    direction = Direction.BACKWARD if backward else Direction.FORWARD
    return bench.request(Task.EXTEND, clip=clip, direction=direction, **fields)


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("kind", EVERY)
def test_what_an_extension_goes_on_from_is_kept_bit_for_bit(
    kind: str, backward: bool, benches: Benches
):
    bench = benches(kind)
    clip = bench.video(moving(FRAMES), prompt=FOX)
    request = _extension(bench, clip, backward, frames=FRAMES + 8)
    plan, latent = bench.plan(request), bench.sampled(request)
    assert plan.keep_11THW is not None and plan.known_1CTHW is not None
    held = plan.keep_11THW[0, 0, :, 0, 0] == 1.0
    expected = np.zeros(len(held), bool)
    expected[slice(-held.sum(), None) if backward else slice(None, held.sum())] = True
    assert held.sum() >= 3 and np.array_equal(held, expected)
    assert np.array_equal(latent[:, :, held], plan.known_1CTHW[:, :, held])
    if not backward:
        own = bench.encoded(bench.read(clip, FRAMES))
        assert np.array_equal(latent[:, :, :CONTEXT], own)


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("length", [1, 2, 3, 4, 6, 10, 17, 30])
def test_a_clip_of_any_length_grows_by_as_much_as_was_asked(
    length: int, backward: bool, likely: Bench
):
    clip = likely.video(drifting(length))
    total = length + 7
    made = likely.pictures(_extension(likely, clip, backward, frames=total))
    own = np.stack(likely.read(clip, length))
    spared = max(0, length - 4)
    assert len(made) == total
    if backward:
        assert np.array_equal(made[total - spared :], own[length - spared :])
    else:
        assert np.array_equal(made[:spared], own[:spared])


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_an_extension_goes_on_without_a_jump(backward: bool, tmp_path: Path):
    """Of a model with one noise level for all frames nobody can promise that."""
    likely = smooth(tmp_path, by_frame=True)
    for seed in SEEDS:
        clip = likely.video(drifting(FRAMES, seed))
        request = _extension(likely, clip, backward, frames=FRAMES + 16, seed=seed)
        made = likely.pictures(request)
        moved = steps(made)
        joint = 15 if backward else FRAMES - 1
        # A latent frame of this model holds four pictures that may differ freely.
        around = moved[max(0, joint - 4) : joint + 5]
        assert around.max() < 2.0 * moved.max(initial=0, where=_away(len(moved), joint))


def _away(count: int, joint: int) -> np.ndarray:
    """Where no joint is near."""
    return np.abs(np.arange(count) - joint) > 4


def test_other_pictures_at_the_end_of_a_clip_make_others_after_it(benches: Benches):
    bench = benches("words")
    first, second = (
        bench.sampled(_extension(bench, bench.video(moving(9, seed)), frames=17)) for seed in (0, 3)
    )
    assert np.abs(first - second)[:, :, 3:].mean() > 1e-3


def test_a_clip_cannot_grow_shorter(likely: Bench):
    clip = likely.video(drifting(9))
    with pytest.raises(RequestError) as refused:
        likely.plan(_extension(likely, clip, frames=9))
    assert refused.value.field == "frames"


def test_a_models_first_frames_are_those_of_the_clip_where_it_must_see_some(benches: Benches):
    bench = benches("channels")
    clip = bench.video(moving(FRAMES))
    bench.watched.asked.clear()
    bench.sampled(_extension(bench, clip, frames=FRAMES + 8))
    beside = bench.watched.asked[0]["beside"][0]
    mask = beside[:4].mean((0, 2, 3))
    assert mask.tolist() == [1.0] * CONTEXT + [0.0] * (len(mask) - CONTEXT)
    own = bench.encoded(bench.read(clip, FRAMES))
    assert np.array_equal(beside[4:, :CONTEXT], own[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_loop_keeps_the_middle_of_the_clip_and_has_whole_latent_frames(
    kind: str, benches: Benches
):
    bench = benches(kind)
    clip = bench.video(moving(32), prompt=FOX)
    request = bench.request(Task.LOOP, prompt="", clip=clip, frames=32)
    plan, latent = bench.plan(request), bench.sampled(request)
    assert plan.keep_11THW is not None and plan.known_1CTHW is not None
    held = plan.keep_11THW[0, 0, :, 0, 0] == 1.0
    assert latent.shape[2] == 8 and 4 <= held.sum() < 8 and not held[-1]
    assert np.array_equal(latent[:, :, held], plan.known_1CTHW[:, :, held])
    assert len(bench.pictures(request)) == 32


def test_the_windows_of_a_loop_turn_and_cross_its_seam(benches: Benches):
    bench = benches("words").with_recipe(window=3)
    clip = bench.video(moving(32))
    bench.watched.asked.clear()
    bench.sampled(bench.request(Task.LOOP, clip=clip, frames=32))
    spans = [one["frames"] for one in bench.watched.asked]
    assert len({span.start for span in spans}) > 3
    assert any(span.stop > 8 for span in spans)


def test_the_seam_of_a_loop_is_no_larger_than_its_usual_step(likely: Bench):
    for seed in SEEDS:
        clip = likely.video(drifting(48, seed, period=32))
        own = np.stack(likely.read(clip, 48))
        looped = likely.pictures(likely.request(Task.LOOP, clip=clip, frames=48, seed=seed))
        assert _seam(own) > 5.0
        assert _seam(looped) <= 1.2


def _seam(pictures: np.ndarray) -> float:
    """From the last picture to the first, in steps between pictures, which have a median of 1."""
    around = np.concatenate([pictures[-1:], pictures[:1]])
    return float(steps(around)[0] / np.median(steps(pictures)))


def test_a_loop_is_decoded_with_its_end_before_its_beginning(benches: Benches):
    bench = benches("words")
    clip = bench.video(moving(32))
    request = bench.request(Task.LOOP, clip=clip, frames=32)
    latent, pictures = bench.sampled(request), bench.pictures(request).astype(float)
    alone = bench.decoded(latent).astype(float)
    twice = bench.decoded(np.concatenate([latent] * 2, 2))[29:61].astype(float)
    assert len(pictures) == 32 and len(alone) == 29
    # The rest of the difference is a memory of random weights longer than that of trained ones.
    assert np.abs(pictures - twice).mean() < 0.4 * np.abs(alone - twice[3:]).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_the_ends_of_a_blend_are_the_two_clips(kind: str, benches: Benches):
    bench = benches(kind)
    first, second = (
        bench.video(moving(33, seed), prompt) for seed, prompt in ((1, FOX), (2, DUCK))
    )
    request = bench.request(Task.BLEND, prompt="", clip=first, second=second, frames=33)
    latent = bench.sampled(request)
    one, other = (bench.encoded(bench.read(clip, 33)) for clip in (first, second))
    assert np.array_equal(latent[:, :, :2], one[:, :, :2])
    assert np.array_equal(latent[:, :, -2:], other[:, :, -2:])
    middle = latent[:, :, 4]
    assert np.abs(middle - one[:, :, 4]).mean() > 0.01
    assert np.abs(middle - other[:, :, 4]).mean() > 0.01


def test_a_dip_returns_and_a_mix_shows_half_of_each_throughout(likely: Bench):
    first, second = likely.video(drifting(33, 1), FOX), likely.video(drifting(33, 2), DUCK)

    def weights(curve: Curve) -> np.ndarray:
        request = likely.request(
            Task.BLEND, prompt="", clip=first, second=second, frames=33, curve=curve
        )
        found = likely.plan(request).weights_KTHW
        assert found is not None
        return found[1, :, 0, 0]

    dip = weights(Curve.DIP)
    assert dip[0] == dip[-1] == 0.0 and dip.max() > 0.9
    assert np.allclose(weights(Curve.MIX), 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_recut_keeps_the_stretch_bit_for_bit(kind: str, benches: Benches):
    bench = benches(kind)
    clip = bench.video(moving(33), prompt=FOX)
    keep = Span(start=Fraction(1), end=Fraction(3))
    request = bench.request(Task.RECUT, prompt=DUCK, clip=clip, keep=keep, frames=33)
    latent, pictures = bench.sampled(request), bench.pictures(request)
    own = np.stack(bench.read(clip, 33))
    assert np.array_equal(pictures[8:24], own[8:24])
    assert (pictures[:4] != own[:4]).mean() > 0.5 and (pictures[-4:] != own[-4:]).mean() > 0.5
    # Pictures 9 to 20 are latent frames 3 to 5.
    assert np.array_equal(latent[:, :, 3:6], bench.encoded(own)[:, :, 3:6])
    assert np.abs(latent[:, :, 0] - bench.encoded(own)[:, :, 0]).mean() > 0.01


@pytest.mark.parametrize("keep", [(0, 17), (0, 3), (5, 6), (14, 17)])
def test_any_stretch_can_be_kept(keep: tuple[int, int], likely: Bench):
    clip = likely.video(drifting(FRAMES))
    start, end = (Fraction(at, 8) for at in keep)
    request = likely.request(Task.RECUT, clip=clip, keep=Span(start=start, end=end))
    kept = slice(*keep)
    made = likely.pictures(request)
    assert len(made) == FRAMES
    assert np.array_equal(made[kept], np.stack(likely.read(clip, FRAMES))[kept])


def test_what_grows_around_a_kept_stretch_joins_it_without_a_jump(tmp_path: Path):
    likely = smooth(tmp_path, by_frame=True)
    for seed in SEEDS:
        clip = likely.video(drifting(49, seed))
        keep = Span(start=Fraction(2), end=Fraction(4))
        request = likely.request(Task.RECUT, clip=clip, keep=keep, frames=49, seed=seed)
        moved = steps(likely.pictures(request))
        near = np.minimum(np.abs(np.arange(48) - 15), np.abs(np.arange(48) - 31)) <= 4
        assert moved[near].max() < 2.0 * moved[~near].max()


def test_a_stretch_outside_the_clip_is_refused(likely: Bench):
    clip = likely.video(drifting(9))
    keep = Span(start=Fraction(1), end=Fraction(9))
    with pytest.raises(RequestError) as refused:
        likely.plan(likely.request(Task.RECUT, clip=clip, keep=keep))
    assert refused.value.field == "keep"

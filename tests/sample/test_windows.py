from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.sample.loop import integrate
from kinema.sample.noise import Noise
from kinema.sample.schedule import Table, schedule
from kinema.sample.solvers import UniPC
from kinema.sample.windows import Windows, fades, take, windowed
from tests.sample.toys import far, gaussian, same, values

SIGMAS = schedule(Table.LINEAR, 61).sigmas

seeds = st.none() | st.integers(0, 2**63 - 1)
steps = st.integers(0, 60)


@st.composite
def cuts(draw: st.DrawFn, ring: bool | None = None) -> Windows:
    length = draw(st.integers(1, 12))
    overlap = draw(st.integers(0, length - 1))
    round_ = draw(st.booleans()) if ring is None else ring
    return Windows(length, overlap, round_, draw(seeds))


@given(cuts(), st.integers(1, 60), steps)
def test_windows_cover_every_frame_and_their_weights_add_up_to_one(windows, total, step):
    spans = windows.spans(total, step)
    sums = np.zeros(total)
    for span, fade in zip(spans, fades(spans, total), strict=True):
        assert len(span) == len(fade) == min(windows.length, total)
        assert (fade > 0.0).all()
        sums[np.arange(span.start, span.stop) % total] += fade
    assert np.abs(sums - 1.0).max() < 1e-6


@settings(max_examples=200)
@given(cuts(), st.integers(1, 60), steps)
def test_neighbouring_windows_overlap_as_much_as_they_were_told_to(windows, total, step):
    spans = windows.spans(total, step)
    starts = [span.start for span in spans]
    if windows.ring and len(spans) > 1:
        starts.append(starts[0] + total)
    gaps = np.diff(starts)
    assert (gaps > 0).all()
    assert (gaps <= windows.length - windows.overlap).all()


def test_a_long_clip_is_cut_evenly():
    spans = Windows(8, 4).spans(21, 0)
    assert spans == (range(8), range(3, 11), range(6, 14), range(9, 17), range(13, 21))


@given(cuts(ring=False), st.integers(1, 60), steps)
def test_windows_of_a_clip_with_ends_stay_inside_it(windows, total, step):
    spans = windows.spans(total, step)
    assert spans[0].start == 0
    assert spans[-1].stop == total


@given(cuts(), st.integers(1, 60), steps)
def test_a_model_that_sees_cells_alone_is_not_changed_by_windows(windows, total, step):
    latent = values(1, 2, total, 1, 2)

    def alone(latent, sigma, frames=None):
        return 0.5 * latent + np.float32(sigma)

    sigma = SIGMAS[step]
    assert far(windowed(alone, windows, SIGMAS)(latent, sigma), alone(latent, sigma)) < 1e-6


@given(cuts(), st.integers(1, 60), steps)
def test_each_window_is_told_which_frames_it_sees(windows, total, step):
    latent = np.arange(total, dtype=np.float32).reshape(1, 1, total, 1, 1)
    seen = []

    def watched(latent, sigma, frames=None):
        assert frames is not None
        assert latent.ravel().tolist() == [frame % total for frame in frames]
        seen.append(frames)
        return latent

    assert far(windowed(watched, windows, SIGMAS)(latent, SIGMAS[step]), latent) < 1e-5
    assert tuple(seen) == windows.spans(total, step)


def test_a_clip_within_one_window_costs_one_call_and_changes_nothing():
    calls = []

    def watched(latent, sigma, frames=None):
        calls.append(frames)
        return 2 * latent

    latent = values(1, 2, 7, 2, 2)
    assert same(windowed(watched, Windows(8, 4), SIGMAS)(latent, 0.5), 2 * latent)
    assert calls == [range(7)]


def test_shifted_windows_move_at_every_step_and_others_stay():
    moving, still = Windows(8, 4, seed=3), Windows(8, 4)
    assert moving.spans(30, 7) == moving.spans(30, 7)
    assert all(moving.spans(30, step) != moving.spans(30, step + 1) for step in range(20))
    assert len({still.spans(30, step) for step in range(20)}) == 1


@given(st.integers(2, 40), st.integers(0, 2**63 - 1))
def test_the_edge_of_a_ring_visits_all_places_equally_often(total, seed):
    windows, rounds = Windows(total, 0, ring=True, seed=seed), 4
    places = [windows.spans(total, step)[0].start for step in range(rounds * total)]
    counts = np.bincount(places, minlength=total)
    assert counts.min() >= rounds - 2
    assert counts.max() <= rounds + 2


def ramp(latent, sigma, frames=None):
    """A model whose clips always rise from -1 to 1: as a loop they would jump."""
    count = latent.shape[2]
    mean = np.linspace(-1, 1, count, dtype=np.float32).reshape(1, 1, count, 1, 1)
    return gaussian(mean, 1.0)(latent, sigma)


def jumps(latent: np.ndarray) -> np.ndarray:
    """How far each frame is from the next; the last entry is the seam."""
    return np.abs(np.roll(latent, -1, 2) - latent).mean((0, 1, 3, 4))


@given(st.integers(0, 2**63 - 1))
@settings(max_examples=15)
@pytest.mark.parametrize(("length", "overlap"), [(16, 0), (8, 4), (6, 2)])
def test_a_loop_jumps_nowhere(length, overlap, seed):
    start = np.repeat(Noise((1,), (2, 1, 3, 3)).start(), 16, 2)
    sigmas = schedule(Table.LINEAR, 30, 3.0).sigmas
    open_ended = jumps(integrate(ramp, start, sigmas, solver=UniPC()))
    assert open_ended[-1] > 5 * np.median(open_ended[:-1])
    ring = windowed(ramp, Windows(length, overlap, ring=True, seed=seed), sigmas)
    closed = jumps(integrate(ring, start, sigmas, solver=UniPC()))
    assert closed.max() < open_ended[-1] / 3


def test_a_ring_is_asked_across_its_seam():
    spans = Windows(6, 2, ring=True).spans(16, 0)
    assert any(span.stop > 16 for span in spans)


@given(st.integers(1, 9), st.integers(-12, 12), st.integers(1, 20))
def test_frames_taken_past_the_end_go_on_from_the_start(total, first, count):
    latent = np.arange(total, dtype=np.float32).reshape(1, 1, total, 1, 1)
    taken = take(latent, range(first, first + count))
    assert taken.ravel().tolist() == [frame % total for frame in range(first, first + count)]


@pytest.mark.parametrize(("length", "overlap"), [(4, 4), (4, -1), (0, 0)])
def test_windows_that_cannot_be_are_refused(length, overlap):
    with pytest.raises(ValueError, match="overlap must be"):
        Windows(length, overlap)

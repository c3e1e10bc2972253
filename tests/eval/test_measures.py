"""Measures without a learned judge, on pictures whose answers are known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kinema.eval.measures import (
    MOVES,
    camera_flow,
    flicker,
    flows,
    frechet,
    goes_as_told,
    motion,
    nearest,
    psnr,
    seam,
)


def picture(size: int = 160) -> np.ndarray:
    noise = np.random.default_rng(3).integers(0, 255, (size // 8, size // 8, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC))


def shifted(across: int, down: int, frames: int = 5) -> np.ndarray:
    """The picture runs so many pixels right and down in each frame."""
    whole = picture()
    starts = [(40 - i * down, 40 - i * across) for i in range(frames)]
    return np.stack([whole[y : y + 64, x : x + 64] for y, x in starts])


def zoomed(growth: float, frames: int = 5) -> np.ndarray:
    whole = picture()
    found = []
    for i in range(frames):
        scale = growth**i
        matrix = np.array([[scale, 0, 32 - 80 * scale], [0, scale, 32 - 80 * scale]])
        found.append(cv2.warpAffine(whole, matrix, (64, 64)))
    return np.stack(found)


def test_a_picture_that_runs_right_is_a_camera_that_pans_left():
    flow = flows(shifted(3, 0))
    assert camera_flow(flow)[0] == pytest.approx(4 * 3 / 64, rel=0.15)
    assert goes_as_told(flow, "pan_left")
    assert not goes_as_told(flow, "truck_right")


def test_tilts_and_zooms_are_told_apart_from_their_opposites():
    up, closer, further = flows(shifted(0, 2)), flows(zoomed(1.05)), flows(zoomed(0.95))
    assert goes_as_told(up, "tilt_up")
    assert not goes_as_told(up, "tilt_down")
    assert goes_as_told(closer, "push_in")
    assert goes_as_told(further, "zoom_out")
    assert not goes_as_told(further, "zoom_in")
    assert set(MOVES.values()) == {(n, sign) for n in range(3) for sign in (1, -1)}


def test_motion_is_sides_a_second_and_nothing_where_nothing_moves():
    assert motion(flows(shifted(2, 0)), 6.0) == pytest.approx(6 * 2 / 64, rel=0.2)
    assert motion(flows(shifted(0, 0)), 6.0) == pytest.approx(0, abs=1e-3)
    assert motion(flows(shifted(2, 0, frames=1)), 6.0) == 0.0


def test_what_only_moves_does_not_flicker():
    moving = shifted(2, 0)
    dimmed = moving.copy()
    dimmed[1::2] = (dimmed[1::2] * 0.8).astype(np.uint8)
    assert flicker(moving, flows(moving)) < 0.02
    assert flicker(dimmed, flows(dimmed)) > 3 * flicker(moving, flows(moving))


def test_a_loop_that_closes_has_no_seam():
    turn = [shifted(2, 0)[i] for i in (0, 1, 2, 1)]
    assert seam(np.stack(turn)) == pytest.approx(1.0, abs=0.3)
    assert seam(shifted(3, 3, frames=8)) > 1.2


def test_psnr_of_known_errors():
    a = np.full((4, 4, 3), 100, np.uint8)
    assert psnr(a, a) == 99.0
    assert psnr(a, a + 1) == pytest.approx(48.13, abs=0.01)


def test_the_frechet_distance_of_shifted_features_is_the_shift_squared():
    a = np.random.default_rng(1).normal(size=(4000, 6))
    assert frechet(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet(a, a + 2.0) == pytest.approx(6 * 4.0)
    assert frechet(a, 3.0 * a) == pytest.approx(6 * 4.0, rel=0.1)


def test_the_nearest_of_others_is_found():
    others = np.array([[0.0, 0.0], [3.0, 4.0]])
    assert nearest(np.array([[3.0, 4.0], [0.0, 1.0]]), others) == pytest.approx([0.0, 1.0])

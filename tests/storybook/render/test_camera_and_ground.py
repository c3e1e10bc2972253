"""The arithmetic of pictures: camera, ground plane, shadows, laying one picture over another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.storybook.camera import MOVES, Camera, View, camera_at, mix
from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import CAMERA_REST, Clock
from kinema.storybook.figures import Cutout, prop
from kinema.storybook.render import paint
from kinema.storybook.render.cards import Stand, placed, shadow_matrix, silhouette_scale
from kinema.storybook.render.ground import paint_ground, plane_of
from kinema.storybook.render.light import light_of

cameras = st.builds(
    Camera,
    x=st.floats(-12, 12),
    y=st.floats(0.8, 3),
    z=st.floats(-1.6, 1.6),
    focal=st.floats(1, 1.8),
    horizon=st.floats(-0.3, 0.1),
    pan=st.floats(-0.4, 0.4),
)


@given(cameras, st.floats(-6, 6), st.floats(3, 60))
def test_the_ground_plane_undoes_the_projection(camera: Camera, x: float, z: float) -> None:
    view = View(640, 360, camera)
    u, v = view.project(x, 0.0, z)
    at = plane_of(view) @ (u, v, 1.0)
    assert at[0] / at[2] == pytest.approx(x, abs=1e-6)
    assert at[1] / at[2] == pytest.approx(z, abs=1e-6)


@given(cameras, st.floats(-6, 6), st.floats(0, 3), st.floats(3, 60))
def test_the_same_point_falls_on_the_same_place_at_every_size(
    camera: Camera, x: float, y: float, z: float
) -> None:
    small, large = View(256, 144, camera), View(1280, 720, camera)
    (u1, v1), (u2, v2) = small.project(x, y, z), large.project(x, y, z)
    assert (u1 * 5, v1 * 5) == pytest.approx((u2, v2), abs=1e-6)


@pytest.mark.parametrize("move", [move for move in MOVES if move != "handheld"])
def test_a_camera_move_comes_to_rest_within_four_seconds(move: str) -> None:
    at_rest = camera_at(move, Clock(CAMERA_REST), target_x=0.5)
    assert camera_at(move, Clock(CAMERA_REST + 3), target_x=0.5) == at_rest


@pytest.mark.parametrize("move", MOVES)
def test_a_camera_move_in_a_loop_returns(move: str) -> None:
    start, end = (camera_at(move, Clock(t, 3.0), target_x=0.5, shake=0.3) for t in (0.4, 3.4))
    for name in Camera.__slots__:
        assert getattr(start, name) == pytest.approx(getattr(end, name), abs=1e-9)


@given(cameras, cameras)
def test_a_mix_of_cameras_begins_and_ends_with_them(a: Camera, b: Camera) -> None:
    assert mix(a, b, 0.0) == a
    for name in Camera.__slots__:
        assert getattr(mix(a, b, 1.0), name) == pytest.approx(getattr(b, name), abs=1e-12)


@given(st.floats(-3, 3), st.floats(4, 12), st.floats(-4, 4), st.floats(2, 11))
def test_a_shadow_falls_where_the_ray_to_the_sun_meets_the_card(
    x: float, z: float, ground_x: float, ground_z: float
) -> None:
    light = light_of(catalogue().settings["meadow"], "morning", "clear", 1)
    cutout, stand = prop("deciduous-tree", 64), Stand(x, 0.0, z, 1.0)
    lx, ly, lz = light.towards_sun
    t = (z - ground_z) / lz
    # The ray from the ground point meets the card's plane here, in metres from the card's foot.
    across, up = ground_x + t * lx - x, t * ly
    column, row, _ = shadow_matrix(cutout, stand, light) @ (ground_x, ground_z, 1.0)
    scale = silhouette_scale(cutout) * cutout.metre
    assert column == pytest.approx(cutout.anchor[0] * silhouette_scale(cutout) + 4 + across * scale)
    assert row == pytest.approx(cutout.anchor[1] * silhouette_scale(cutout) + 4 - up * scale)


def test_a_card_stands_with_its_foot_on_the_ground() -> None:
    cutout = prop("deciduous-tree", 64)
    view = View(640, 360, Camera(x=0.3, pan=0.05))
    for mirror in (-1.0, 0.4, 1.0):
        stand = Stand(1.2, 0.0, 7.0, 1.0, mirror=mirror, roll=0.2, stretch_x=1.1, stretch_y=0.8)
        matrix = placed(cutout, stand, view)
        foot = matrix[:, :2] @ cutout.anchor + matrix[:, 2]
        assert tuple(foot) == pytest.approx(view.project(1.2, 0.0, 7.0))


def test_a_reflection_shares_its_foot_and_hangs_below() -> None:
    cutout: Cutout = prop("deciduous-tree", 64)
    view, stand = View(640, 360, Camera()), Stand(0.4, 0.0, 7.0, 1.0)
    up, down = (placed(cutout, stand, view, reflected=r) for r in (False, True))
    head = np.array((cutout.anchor[0], 0.0))
    foot_row = view.project(0.4, 0.0, 7.0)[1]
    above = (up[:, :2] @ head + up[:, 2])[1]
    below = (down[:, :2] @ head + down[:, 2])[1]
    assert above < foot_row < below
    assert foot_row - above == pytest.approx(below - foot_row)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_laying_bytes_over_bytes_agrees_with_real_numbers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 256, (9, 11, 3), np.uint8)
    alpha = rng.integers(0, 256, (9, 11, 1), np.uint8)
    layer = np.dstack(((rng.random((9, 11, 3)) * alpha).astype(np.uint8), alpha))
    exact = target * (1 - alpha / 255) + layer[..., :3]
    paint.over(target, layer)
    assert np.abs(target - exact).max() <= 1.0


def test_banded_ramps_agree_with_haze_row_by_row() -> None:
    setting = catalogue().settings["meadow"]
    light = light_of(setting, "sunset", "fog", 1)
    ground, view = paint_ground(setting, light, (320, 240)), View(320, 240, Camera())
    frame = np.zeros((240, 320, 3), np.uint8)
    ground.draw(frame, view, Clock(0.0))
    first = int(np.ceil(view.horizon + 0.4))
    index = ground.index(view, Clock(0.0), first)
    rows = np.arange(first + 1, 240)
    depth = view.focal * view.camera.y / (rows + 0.5 - view.horizon)
    haze = light.haze_at(depth.astype(np.float32))[:, None, None]
    bare = ground.ramp[index[1:]]
    exact = np.clip(bare + (light.haze - bare) * haze, 0, 1) * 255
    error = np.abs(frame[first + 1 :] - exact)
    assert error.max() < 6
    assert error.mean() < 1.5


def test_dither_changes_no_level_by_more_than_one_and_keeps_the_mean() -> None:
    ramp = np.repeat(np.linspace(0.2, 0.23, 64, dtype=np.float32)[:, None, None], 64, 1)
    picture = np.repeat(ramp, 3, 2)
    out = paint.to_bytes(picture)
    assert np.abs(out - picture * 255).max() <= 1.0
    assert out.mean() == pytest.approx(float(picture.mean()) * 255, abs=0.1)

"""Region edits: who stands inside the mask changes, who stands outside does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.engine.region import COLUMNS, ROWS, Mask, change_inside, read_mask, view_at
from kinema.media.picture import encode
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.remix import remix
from kinema.storybook.scene import Scene
from kinema.types import Size

SIZE = Size(width=320, height=180)
PAIR = stage(read("a fox to the left of a duck in a meadow, static camera", seed=4).scene)


def half(side: str) -> Mask:
    cells = np.zeros((18, 32), np.uint8)
    cells[:, np.s_[:16] if side == "left" else np.s_[16:]] = 255
    return Mask(cells)


def subjects(scene: Scene) -> list[str]:
    return [actor.subject for actor in scene.actors]


@pytest.mark.parametrize(
    ("side", "expected"), [("left", ["pig", "duck"]), ("right", ["fox", "pig"])]
)
def test_only_who_is_inside_is_replaced(side: str, expected: list[str]):
    words = "fox" if side == "left" else "duck"
    changed = remix(PAIR, f"replace the {words} with a pig").scene
    assert subjects(change_inside(PAIR, changed, half(side), SIZE, 0.0)) == expected
    other = half("right" if side == "left" else "left")
    assert change_inside(PAIR, changed, other, SIZE, 0.0) == PAIR


def test_who_is_removed_inside_leaves_and_outside_stays():
    changed = remix(PAIR, "remove the fox").scene
    assert subjects(change_inside(PAIR, changed, half("left"), SIZE, 0.0)) == ["duck"]
    assert subjects(change_inside(PAIR, changed, half("right"), SIZE, 0.0)) == ["fox", "duck"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_who_is_added_stands_inside_the_mask_away_from_the_others(side: str):
    changed = remix(PAIR, "add a pig").scene
    scene = change_inside(PAIR, changed, half(side), SIZE, 0.0)
    pig = next(actor for actor in scene.actors if actor.subject == "pig")
    assert pig.place is not None
    column, _ = view_at(scene, SIZE, 0.0).project(pig.place.x, 0.0, pig.place.z)
    assert (column < 160) == (side == "left")
    others = [actor.place.x for actor in PAIR.actors if actor.place is not None]
    assert min(abs(pig.place.x - x) for x in others) > 0.5


def test_light_weather_and_camera_stay_and_the_ground_takes_the_new_place():
    changed = remix(PAIR, "a beach at night in the rain, push in").scene
    scene = change_inside(PAIR, changed, half("left"), SIZE, 0.0)
    assert (scene.time, scene.weather, scene.camera) == (PAIR.time, PAIR.weather, PAIR.camera)
    (region,) = scene.regions
    assert (region.setting, region.columns, region.rows) == ("beach", 32, 18)
    assert region.mask == half("left").cells.tobytes()


def test_a_large_mask_becomes_a_small_one_of_the_same_shape(tmp_path):
    picture = np.zeros((1080, 1920, 3), np.uint8)
    picture[:, 960:] = 255
    (tmp_path / "mask.png").write_bytes(encode(picture, ".png"))
    mask = read_mask(tmp_path / "mask.png")
    assert mask.cells.shape == (ROWS, COLUMNS)
    assert mask.covers(0.75, 0.5) and not mask.covers(0.25, 0.5)


@given(st.floats(-2, 3, allow_nan=False), st.floats(-2, 3, allow_nan=False))
def test_outside_the_frame_nothing_is_covered(across: float, down: float):
    inside = 0 <= across < 1 and 0 <= down < 1
    assert Mask(np.full((3, 5), 255, np.uint8)).covers(across, down) == inside

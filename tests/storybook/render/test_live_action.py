"""The live-action style: real places behind the same actors."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from kinema.storybook.camera import Camera as Lens
from kinema.storybook.camera import View
from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import Clock
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.render import frame
from kinema.storybook.render.panorama import PhotoGround, paint_place
from kinema.storybook.render.photographs import location, panoramas, picture_of
from kinema.storybook.scene import Scene
from kinema.storybook.timeline import single
from kinema.types import Size

SMALL = Size(width=128, height=128)
PAINTED = {"outer_space"}


def scene_of(prompt: str, **changes: object) -> Scene:
    scene = msgspec.structs.replace(read(prompt, seed=3).scene, style="live_action", **changes)
    return stage(scene)


def still(scene: Scene, at: Fraction = Fraction(1), size: Size = SMALL) -> NDArray[np.uint8]:
    return frame(single(scene, Fraction(60)), size, at)


def test_panoramas_are_small_and_can_be_decoded() -> None:
    assert sum(len(one.picture) for one in panoramas().values()) < 600_000
    for name, one in panoramas().items():
        assert picture_of(name).shape == (256, 512, 3)
        assert max(one.ambient) == pytest.approx(1.0, abs=0.01)
        assert 0.0 <= one.hard <= 1.0


@pytest.mark.parametrize("setting", sorted(catalogue().settings))
def test_every_setting_has_a_place_at_every_hour(setting: str) -> None:
    for time in catalogue().times:
        spot = location(setting, time)
        assert (spot is None) == (setting in PAINTED)
        if spot is not None:
            assert spot.panorama in panoramas()
            assert spot.soil in ("", *panoramas())


@pytest.mark.parametrize("setting", sorted(catalogue().settings))
def test_every_setting_can_be_filmed_at_every_hour(setting: str) -> None:
    for time, move in product(("noon", "night"), ("tracking", "crane_up")):
        scene = scene_of("a fox walks", setting=setting, time=time)
        camera = msgspec.structs.replace(scene.camera, move=move)
        picture = still(msgspec.structs.replace(scene, camera=camera), Fraction(3))
        assert picture.std() > 8, "an empty picture"
        assert 12 < picture.mean() < 245, "a picture nobody can read"
        assert (picture.max(2) > 0).mean() > 0.97, "a hole in the picture"


def test_night_falls_in_a_photograph_too() -> None:
    day, night = (still(scene_of("a dog in a park", time=time)) for time in ("noon", "night"))
    assert night.mean() < 0.6 * day.mean()


def test_fog_hides_what_is_far_in_a_photograph() -> None:
    clear, fog = (still(scene_of("a dog in a forest", weather=w)) for w in ("clear", "fog"))
    far = slice(20, 50)
    assert fog[far].astype(float).std() < 0.5 * clear[far].astype(float).std()


def test_ground_and_distance_meet_without_a_step() -> None:
    setting = catalogue().settings["desert"]
    place = paint_place(setting, "noon", "clear", 1, (256, 256))
    assert place is not None
    assert isinstance(place.ground, PhotoGround)
    view = View(256, 256, Lens())
    drawn = np.zeros((256, 256, 3), np.uint8)
    place.ground.draw(drawn, view, Clock(0.0))
    seam = place.wall.rows(view)
    ground = drawn.astype(int)
    place.wall.draw(drawn, view)
    middle = slice(64, 192)
    assert np.abs(drawn[seam - 1, middle].astype(int) - ground[seam - 1, middle]).mean() < 14


def test_the_same_place_is_filmed_at_every_size() -> None:
    scene = scene_of("a bear dances in a park at noon")
    small = still(scene, size=Size(width=256, height=256)).astype(float)
    large = still(scene, size=Size(width=512, height=512)).astype(float)
    reduced = large.reshape(256, 2, 256, 2, 3).mean((1, 3))
    assert np.abs(small - reduced).mean() < 6.0


def test_a_real_place_goes_on_sideways_without_end() -> None:
    place = paint_place(catalogue().settings["meadow"], "noon", "clear", 1, (128, 128))
    assert place is not None
    # Once around the panorama, what is far looks as it did.
    lap = place.wall.plate.picture.shape[1] / place.wall.plate.scale
    metres = lap * place.wall.distance / Lens().focal
    seen = []
    for x in (0.3, 0.3 + metres):
        drawn = np.zeros((128, 128, 3), np.uint8)
        place.wall.draw(drawn, View(128, 128, Lens(x=x)))
        seen.append(drawn[:50].astype(int))
    assert np.abs(seen[0] - seen[1]).mean() < 1.0
    assert seen[0].std() > 10

"""Frames as users get them: exact in time, the same at every size, whatever drew them."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from itertools import product

import cv2
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.storybook.strategies import scenes

from kinema.storybook.catalogue import catalogue
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.render import frame, frames, styles
from kinema.storybook.scene import CurvePoint, Mix, Picture, Place, Region, Scene, Shot, Timeline
from kinema.storybook.timeline import single
from kinema.types import Size, from_json, to_json

SMALL = Size(width=160, height=128)


def scene_of(prompt: str, seed: int = 3) -> Scene:
    return stage(read(prompt, seed=seed).scene)


def still(scene: Scene, at: str = "1", size: Size = SMALL) -> NDArray[np.uint8]:
    return frame(single(scene, Fraction(60)), size, Fraction(at))


@pytest.mark.parametrize("setting", sorted(catalogue().settings))
def test_every_place_can_be_drawn_at_every_hour(setting: str) -> None:
    for time, move in product(catalogue().times, ("pan_left", "crane_up")):
        scene = scene_of("a fox walks")
        scene = msgspec.structs.replace(scene, setting=setting, time=time)
        scene = msgspec.structs.replace(
            scene, camera=msgspec.structs.replace(scene.camera, move=move)
        )
        picture = still(scene, size=Size(width=128, height=128))
        assert picture.shape == (128, 128, 3)
        assert picture.std() > 8, "an empty picture"
        assert 20 < picture.mean() < 245, "a picture nobody can read"


@pytest.mark.parametrize("weather", sorted(catalogue().weathers))
def test_every_weather_can_be_seen(weather: str) -> None:
    clear = scene_of("a fox stands in a meadow at noon")
    other = msgspec.structs.replace(clear, weather=weather)
    difference = np.abs(still(clear).astype(int) - still(other)).mean()
    assert (difference > 0.15) == (weather != "clear")


@pytest.mark.parametrize("style", styles())
def test_every_style_keeps_the_size_and_changes_the_look(style: str) -> None:
    plain = scene_of("a cat runs on the beach")
    styled = msgspec.structs.replace(plain, style=style)
    for size in (SMALL, Size(width=131, height=135)):
        picture = still(styled, size=size)
        assert picture.shape == (size.height, size.width, 3)
        assert np.array_equal(picture, still(plain, size=size)) == (style == "storybook")


def test_every_style_of_the_catalogue_can_be_drawn() -> None:
    assert set(catalogue().styles) == set(styles())


def test_the_same_scene_is_drawn_at_every_size() -> None:
    scene = scene_of("a panda dances in a forest at noon")
    small = still(scene, size=Size(width=320, height=240)).astype(float)
    large = still(scene, size=Size(width=1280, height=960))
    reduced = cv2.resize(large, (320, 240), interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(small - reduced).mean() < 5.0


def test_a_longer_clip_begins_with_the_shorter_one() -> None:
    scene = scene_of("a dog runs, then sleeps, in the rain")
    short, long = single(scene, Fraction(5)), single(scene, Fraction(7))
    for at in ("0", "2", "37/8"):
        assert np.array_equal(frame(short, SMALL, Fraction(at)), frame(long, SMALL, Fraction(at)))


@pytest.mark.parametrize(
    "prompt",
    [
        "a fox walks in a snowy field while snow falls",
        "a fish swims under the sea",
        "a sailboat on a lake at sunset, wind",
        "a bird flies above the clouds",
        "two dogs dance on stage in a rain of confetti",
        "a cat shivers in a forest full of fireflies at night, handheld camera",
        "a crab on the beach, orbit shot",
    ],
)
def test_a_loop_closes_without_a_seam(prompt: str) -> None:
    scene = msgspec.structs.replace(scene_of(prompt), loop=Fraction(3))
    scene = stage(scene)
    for at in (Fraction(0), Fraction(5, 4)):
        first, again = (frame(single(scene, Fraction(9)), SMALL, t) for t in (at, at + 3))
        # Sines of t and t + T differ in their last bits; a pixel may round the other way.
        assert np.abs(first.astype(int) - again).mean() < 0.02


def test_threads_do_not_change_a_frame_and_frames_come_in_order() -> None:
    timeline = single(scene_of("a taxi drives down a city street in a storm"), Fraction(2))
    one = list(frames(timeline, SMALL, Fraction(12), 10, threads=1))
    four = list(frames(timeline, SMALL, Fraction(12), 10, threads=4))
    alone = [frame(timeline, SMALL, Fraction(i, 12)) for i in range(10)]
    assert all(np.array_equal(a, b) for a, b in zip(one, four, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(one, alone, strict=True))


def test_frames_can_start_anywhere_and_stop_early() -> None:
    timeline = single(scene_of("a lion walks"), Fraction(4))
    stream = frames(timeline, SMALL, Fraction(12), 10_000, first=5)
    assert np.array_equal(next(stream), frame(timeline, SMALL, Fraction(5, 12)))
    assert isinstance(stream, Generator)
    stream.close()


def test_a_mix_begins_with_one_scene_and_ends_with_the_other() -> None:
    a, b = scene_of("a fox walks in a meadow"), scene_of("an owl flies in a forest at night")
    curve = (
        CurvePoint(at=Fraction(0), weight=0.0),
        CurvePoint(at=Fraction(2), weight=1.0),
    )
    shot = Shot(scene=a, seconds=Fraction(4), mix=Mix(scene=b, start=Fraction(0), curve=curve))
    mixed = Timeline(shots=(shot,))
    assert np.array_equal(frame(mixed, SMALL, Fraction(0)), still(a, "0"))
    assert np.array_equal(frame(mixed, SMALL, Fraction(3)), still(b, "3"))
    middle = frame(mixed, SMALL, Fraction(1)).astype(int)
    assert np.abs(middle - still(a, "1")).mean() > 3
    assert np.abs(middle - still(b, "1")).mean() > 3


def test_a_region_changes_only_what_lies_inside_its_mask() -> None:
    scene = msgspec.structs.replace(scene_of("a fox in a meadow, static shot"), actors=())
    mask = np.zeros((8, 10), np.uint8)
    mask[:, 6:] = 255
    region = Region(setting="beach", columns=10, rows=8, mask=mask.tobytes())
    changed = still(msgspec.structs.replace(scene, regions=(region,))).astype(int)
    plain = still(scene)
    assert np.abs(changed[:, :64] - plain[:, :64]).max() <= 12
    assert np.abs(changed[:, 120:] - plain[:, 120:]).mean() > 8


@pytest.mark.parametrize("role", ["backdrop", "poster", "prop"])
def test_a_users_picture_is_in_the_scene(role: str) -> None:
    picture = np.zeros((60, 80, 4), np.uint8)
    picture[...] = (255, 0, 255, 255)
    file = "sha256:" + "0" * 64
    scene = msgspec.structs.replace(scene_of("a fox in a meadow"), actors=())
    hung = Picture(file=file, role=role, aspect=4 / 3, place=Place(x=0.0, z=6.0), height=2.0)
    scene = msgspec.structs.replace(scene, pictures=(hung,))
    drawn = frame(single(scene, Fraction(1)), SMALL, Fraction(0), {file: picture})
    magenta = (drawn[..., 0] > 150) & (drawn[..., 1] < 90) & (drawn[..., 2] > 150)
    share = magenta.mean()
    assert share > 0.9 if role == "backdrop" else 0.02 < share < 0.4


@settings(max_examples=25, deadline=None)
@given(scenes(most=3), st.fractions(-3, 12, max_denominator=60))
def test_any_scene_can_be_drawn_and_comes_back_from_json(drawn: Scene, at: Fraction) -> None:
    staged = stage(drawn)
    assert from_json(to_json(staged), Scene) == staged
    picture = still(staged, str(at), Size(width=128, height=160))
    assert picture.shape == (160, 128, 3)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize(("width", "height"), [(1920, 128), (128, 1920), (129, 131), (1920, 1080)])
def test_every_size_and_aspect_can_be_drawn(width: int, height: int) -> None:
    for prompt in (
        "a fox walks through a village at night",
        "a cat in a kitchen",
        "a ufo in space",
    ):
        picture = still(scene_of(prompt), size=Size(width=width, height=height))
        assert picture.shape == (height, width, 3)
        assert picture.std() > 8

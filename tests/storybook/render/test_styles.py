"""Styles: each keeps the size of frames, is still where they are still, and is repeatable."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kinema.engine.cards import cards
from kinema.storybook.clock import Clock
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.render import frame, styles
from kinema.storybook.render.styles import apply_style, held
from kinema.storybook.scene import Camera, Scene
from kinema.storybook.timeline import single
from kinema.types import Size

SMALL = Size(width=160, height=128)
FILM = ("black_and_white", "vintage", "live_action")
STYLED = tuple(name for name in styles() if name != "storybook")


def scene_of(prompt: str, style: str = "storybook") -> Scene:
    scene = msgspec.structs.replace(read(prompt, seed=3).scene, style=style)
    return stage(scene)


def still(scene: Scene, at: Fraction = Fraction(1), size: Size = SMALL) -> NDArray[np.uint8]:
    return frame(single(scene, Fraction(60)), size, at)


@pytest.fixture(scope="module")
def plain() -> NDArray[np.uint8]:
    return still(scene_of("a fox in a meadow at noon"), size=Size(width=320, height=180))


@pytest.mark.parametrize("style", STYLED)
@pytest.mark.parametrize("shape", [(64, 64), (97, 131), (180, 101)])
def test_any_shape_of_frame_comes_back_in_that_shape(style: str, shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    styled = apply_style(style, picture, Clock(1.0), (0.4, 0.8))
    assert styled.shape == picture.shape
    assert styled.dtype == np.uint8


@pytest.mark.parametrize("style", STYLED)
def test_the_same_frame_is_styled_the_same_and_left_as_it_was(
    style: str, plain: NDArray[np.uint8]
) -> None:
    before = plain.copy()
    first = apply_style(style, plain, Clock(2.25), (0.4, 0.8))
    again = apply_style(style, plain, Clock(2.25), (0.4, 0.8))
    assert np.array_equal(first, again)
    assert np.array_equal(plain, before)


@pytest.mark.parametrize("style", STYLED)
def test_what_is_still_stays_still(style: str, plain: NDArray[np.uint8]) -> None:
    """Only film grain and clay may change from picture to picture, and only a little."""
    first, second = (apply_style(style, plain, Clock(t), (0.4, 0.8)) for t in (1.0, 1.0 + 1 / 12))
    change = np.abs(first.astype(int) - second).mean()
    assert change < (8.0 if style in FILM else 4.0 if style == "claymation" else 0.01)


@pytest.mark.parametrize("style", STYLED)
def test_a_little_noise_in_a_frame_does_not_make_a_style_flicker(
    style: str, plain: NDArray[np.uint8]
) -> None:
    noise = np.random.default_rng(2).integers(-1, 2, plain.shape)
    disturbed = np.clip(plain.astype(int) + noise, 0, 255).astype(np.uint8)
    first, second = (apply_style(style, f, Clock(1.0), (0.4, 0.8)) for f in (plain, disturbed))
    assert np.abs(first.astype(int) - second).mean() < 6.0


@pytest.mark.parametrize("style", STYLED)
@pytest.mark.parametrize("prompt", ["a fox in a meadow at noon", "a taxi in a city at night"])
def test_a_style_keeps_light_and_contrast_to_see_by(style: str, prompt: str) -> None:
    picture = still(scene_of(prompt, style), size=Size(width=256, height=256))
    assert 15 < picture.mean() < 240
    assert picture.std() > 14


def test_clay_is_moved_twelve_times_a_second() -> None:
    scene = scene_of("a dog runs in a meadow", "claymation")
    ticks = [still(scene, Fraction(i, 24)) for i in range(24, 30)]
    for even, odd in zip(ticks[::2], ticks[1::2], strict=True):
        assert np.array_equal(even, odd)
    assert not np.array_equal(ticks[0], ticks[2])


@given(
    t=st.fractions(-20, 20, max_denominator=48),
    loop=st.none() | st.fractions(1, 9, max_denominator=10),
)
@settings(max_examples=60, deadline=None)
def test_a_held_picture_is_never_late_and_at_most_a_twelfth_old(
    t: Fraction, loop: Fraction | None
) -> None:
    shown = held("claymation", t, loop)
    assert Fraction(0) <= t - shown < Fraction(1, 12)
    assert held("claymation", shown, loop) == shown
    assert held("anime", t, loop) == t
    if loop is not None:
        assert held("claymation", t + loop, loop) == shown + loop


def test_a_loop_of_clay_closes() -> None:
    scene = scene_of("a cat dances on stage", "claymation")
    scene = stage(msgspec.structs.replace(scene, loop=Fraction(31, 10)))
    first, again = still(scene, Fraction(1, 4)), still(scene, Fraction(1, 4) + Fraction(31, 10))
    assert np.abs(first.astype(int) - again).mean() < 0.02


def test_a_miniature_is_sharp_where_its_lead_stands() -> None:
    size = Size(width=320, height=320)
    scene = scene_of("a cat in a village at noon")
    scene = msgspec.structs.replace(scene, camera=Camera(move="static"))
    sharp = still(scene, size=size)
    tilted = still(msgspec.structs.replace(scene, style="tilt_shift"), size=size)

    def detail(picture: NDArray[np.uint8], rows: slice) -> float:
        return float(np.abs(np.diff(picture[rows].astype(int), axis=0)).mean())

    feet, ground = slice(200, 225), slice(285, 320)
    assert detail(tilted, feet) > 0.8 * detail(sharp, feet)
    assert detail(tilted, ground) < 0.8 * detail(sharp, ground)


def test_the_animatic_model_offers_every_style() -> None:
    assert set(cards()[0].styles) == set(styles())

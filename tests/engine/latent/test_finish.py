"""The far end of a latent model: what is cut, laid over and joined, and what stays untouched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.engine.adapters import Picture
from kinema.engine.latent.cover import covering, inside, left_by_crop
from kinema.engine.latent.finish import composited, fitted, joined
from kinema.engine.latent.inputs import Canvas
from kinema.types import Size

SIDES = st.integers(16, 96)
SIZES = st.builds(Size, width=SIDES, height=SIDES)


def noise(size: Size, seed: int = 0) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (size.height, size.width, 3), np.uint8)


def made_on(size: Size, shown: Size) -> Canvas:
    return Canvas(size, 5, (16, 2, size.height // 8, size.width // 8), shown)


def disc(size: Size) -> Picture:
    rows, columns = np.mgrid[: size.height, : size.width]
    middle = (size.height - 1) / 2, (size.width - 1) / 2
    far = np.hypot(rows - middle[0], columns - middle[1])
    grey = np.where(far < min(size.width, size.height) / 4, 255, 0).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def test_the_tail_is_cut_and_never_asked_for():
    asked: list[int] = []

    def pictures() -> Iterator[Picture]:
        for index in range(100):
            asked.append(index)
            yield noise(Size(width=32, height=32), index)

    size = Size(width=32, height=32)
    assert len([*fitted(pictures(), made_on(size, size), size, 6)]) == 6
    assert asked == [*range(6)]


def test_equal_sizes_give_the_same_arrays():
    size = Size(width=48, height=32)
    picture = noise(size)
    (result,) = fitted([picture], made_on(size, size), size, 1)
    assert result is picture


@given(SIZES, SIZES)
def test_a_circle_stays_round_in_the_middle_of_any_size(source: Size, size: Size):
    (result,) = fitted([disc(source)], made_on(source, size), size, 1)
    assert result.shape == (size.height, size.width, 3)
    scale = max(size.width / source.width, size.height / source.height)
    diameter = min(source.width, source.height) / 2 * scale
    bright = result[..., 0] >= 128
    for across, side in ((bright.any(0), size.width), (bright.any(1), size.height)):
        assert abs(across.sum() - min(diameter, side)) <= 2 + scale
        assert abs(np.flatnonzero(across).mean() - (side - 1) / 2) <= 1 + scale


@given(SIZES, SIZES, SIZES)
def test_both_sides_of_any_picture_are_scaled_by_one_factor(source: Size, canvas: Size, size: Size):
    shown = left_by_crop(canvas, size)
    assert shown.width <= canvas.width and shown.height <= canvas.height
    assert canvas.width == shown.width or canvas.height == shown.height
    for placement in (covering(source, canvas, shown), inside(source, canvas, shown)):
        scale = placement.scaled.width / source.width, placement.scaled.height / source.height
        assert abs(scale[0] - scale[1]) <= 0.5 / source.width + 0.5 / source.height + 1e-9


@given(st.integers(0, 40), st.integers(0, 40), SIZES, SIZES)
def test_cutting_a_larger_canvas_undoes_laying_onto_it(
    more_width: int, more_height: int, source: Size, size: Size
):
    canvas = Size(width=size.width + more_width, height=size.height)
    if more_width == 0:
        canvas = Size(width=size.width, height=size.height + more_height)
    shown = left_by_crop(canvas, size)
    assert shown == size
    picture = noise(source)
    on_canvas = covering(source, canvas, shown).place(picture)
    assert on_canvas.shape == (canvas.height, canvas.width, 3)
    (back,) = fitted([on_canvas], made_on(canvas, shown), size, 1)
    np.testing.assert_array_equal(back, covering(source, size).place(picture))


def test_beyond_the_picture_the_canvas_mirrors_it_and_says_so():
    picture = noise(Size(width=20, height=20))
    placement = inside(Size(width=20, height=20), Size(width=32, height=20))
    result, bare = placement.place(picture), placement.beyond()
    np.testing.assert_array_equal(result[:, 6:26], picture)
    np.testing.assert_array_equal(result[:, :6], picture[:, 6:0:-1])
    assert bare[:, :6].all() and bare[:, 26:].all() and not bare[:, 6:26].any()


@given(st.integers(0, 12), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_outside_the_mask_every_pixel_is_the_original_bit_for_bit(feather: int, seed: int):
    size = Size(width=40, height=30)
    source = np.random.default_rng(seed)
    mask = np.zeros((30, 40), np.float32)
    top, left = source.integers(0, 20, 2)
    mask[top : top + 10, left : left + 15] = source.random() * 0.9 + 0.1
    made, original = noise(size, 1), noise(size, 2)
    (result,) = composited([made], [original], mask, feather)
    np.testing.assert_array_equal(result[mask == 0], original[mask == 0])
    assert (result[mask > 0] != original[mask > 0]).any()


def test_deep_inside_the_mask_every_pixel_is_what_was_made():
    size = Size(width=40, height=30)
    mask = np.zeros((30, 40), np.float32)
    mask[5:25, 5:35] = 1.0
    made, original = noise(size, 1), noise(size, 2)
    (result,) = composited([made], [original], mask, 4)
    np.testing.assert_array_equal(result[9:21, 9:31], made[9:21, 9:31])
    (hard,) = composited([made], [original], mask, 0)
    np.testing.assert_array_equal(hard[5:25, 5:35], made[5:25, 5:35])


def test_the_seam_rises_evenly_inwards_and_the_edge_of_the_frame_is_no_seam():
    made, original = np.full((20, 20, 3), 250, np.uint8), np.zeros((20, 20, 3), np.uint8)
    mask = np.zeros((20, 20), np.float32)
    mask[:, 8:] = 1.0
    (result,) = composited([made], [original], mask, 4)
    assert result[10, 6:14, 0].tolist() == [0, 0, 50, 100, 150, 200, 250, 250]
    assert (result[:, 19] == 250).all()


def test_a_spot_thinner_than_the_seam_still_changes_fully_beside_a_large_one():
    made, original = np.full((60, 60, 3), 250, np.uint8), np.zeros((60, 60, 3), np.uint8)
    mask = np.zeros((60, 60), np.float32)
    mask[2:5, 5:55] = 1.0
    mask[20:58, 5:55] = 1.0
    (result,) = composited([made], [original], mask, 8)
    assert (result[3, 20:40] == 250).all() and (result[35:40, 20:40] == 250).all()


def test_a_mask_that_is_full_or_empty_takes_one_of_the_two():
    size = Size(width=16, height=16)
    made, original = noise(size, 1), noise(size, 2)
    full, empty = np.ones((16, 16), np.float32), np.zeros((16, 16), np.float32)
    (result,) = composited([made], [original], full, 5)
    np.testing.assert_array_equal(result, made)
    (result,) = composited([made], [original], empty, 5)
    np.testing.assert_array_equal(result, original)


def test_pictures_and_originals_of_other_sizes_or_numbers_are_misuse():
    small, large = noise(Size(width=16, height=16)), noise(Size(width=20, height=16))
    mask = np.ones((16, 16), np.float32)
    with pytest.raises(ValueError, match="differ in size"):
        next(composited([small], [large], mask, 0))
    with pytest.raises(ValueError, match="shorter"):
        list(composited([small, small], [small], mask, 0))


@given(st.integers(0, 6), st.integers(1, 6), st.integers(0, 6), st.integers(0, 4))
def test_own_pictures_stay_and_what_lies_far_from_them_too(
    before: int, count: int, after: int, ease: int
):
    size = Size(width=8, height=8)
    made = [noise(size, k) for k in range(before + count + after)]
    own = [noise(size, 50 + k) for k in range(count)]
    pictures = [*joined(iter(made), iter(own), before, ease)]
    assert len(pictures) == len(made)
    for index, picture in enumerate(pictures):
        if before <= index < before + count:
            assert picture is own[index - before]
        elif index < before - ease or index >= before + count + ease:
            assert picture is made[index]


def test_what_a_codec_loses_comes_and_goes_evenly():
    dark, bright = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 200, np.uint8)
    pictures = joined([dark] * 10, [bright] * 2, 4, 3)
    shades = [int(picture[0, 0, 0]) for picture in pictures]
    assert shades == [0, 50, 100, 150, 200, 200, 150, 100, 50, 0]


def test_pictures_are_joined_only_as_they_are_needed():
    picture = np.zeros((4, 4, 3), np.uint8)
    endless = joined(repeat(picture), repeat(picture), 2, 3)
    assert len([next(endless) for _ in range(50)]) == 50

"""Cuts are found; pans, fast motion and flashes are none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from kinema.data.cuts import cuts
from kinema.storybook import render
from kinema.storybook.sampler import sample
from kinema.types import Size
from tests.dataset.small import scene


def test_the_first_frame_of_a_new_scene_is_a_cut():
    assert cuts([*scene(1, 9), *scene(2, 7), *scene(3, 12)]) == [9, 16]


@pytest.mark.parametrize("across", [0, 2, 5])
def test_a_pan_is_no_cut(across: int):
    assert cuts(scene(4, 20, across=across)) == []


def test_a_flash_is_no_cut():
    frames = scene(5, 20)
    for number in (8, 9):
        frames[number] = np.full_like(frames[number], 250)
    assert cuts(frames) == []


def test_one_frame_or_none_has_no_cut():
    assert cuts([]) == []
    assert cuts(scene(1, 1)) == []


def test_drawn_clips_cut_where_they_were_joined():
    def drawn(seed: int) -> list:
        timeline = sample(seed).timeline
        return list(render.frames(timeline, Size(width=96, height=96), Fraction(12), 12))

    found = [cuts([*drawn(a), *drawn(b)]) for a, b in ((0, 1), (2, 3))]
    assert found == [[12], [12]]

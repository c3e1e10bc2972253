"""Clips as the referee looks at them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from kinema import media
from kinema.eval.watching import drawn, fitted, moments, watched
from kinema.storybook import render
from tests.eval.small import CONFIG, SHAPE, case


def test_so_many_frames_a_second_and_the_last_again_where_a_clip_is_short():
    assert moments(CONFIG, Fraction(4), 5) == [0, 2, 4]
    assert moments(CONFIG, Fraction(4), 4) == [0, 2, 3]
    assert moments(CONFIG, Fraction(24), 99) == [0, 12, 24]


def test_the_middle_square_is_kept():
    wide = np.zeros((8, 16, 3), np.uint8)
    wide[:, 4:12] = 200
    assert (fitted([wide], 4) == 200).all()


def test_a_file_looks_like_what_was_drawn(tmp_path: Path):
    one = case("desert", 3).sample
    path = tmp_path / "clip.mp4"
    frames = render.frames(one.timeline, SHAPE.size, SHAPE.fps, SHAPE.frames)
    media.write(path, frames, size=SHAPE.size, fps=SHAPE.fps)
    real = drawn(one, CONFIG, SHAPE.size, SHAPE.fps, SHAPE.frames).astype(int)
    assert np.abs(watched(path, CONFIG) - real).mean() < 4

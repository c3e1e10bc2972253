"""Trimmed art: painted ground is gone, and what was drawn at an angle is level or upright."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.storybook import atlas
from kinema.storybook.figures import figure
from kinema.storybook.figures.trim import AS_DRAWN, Trim, Trimmed
from kinema.storybook.pose import Pose
from kinema.storybook.scene import Actor


def trimmed(sprite: str, trim: Trim) -> Trimmed:
    return Trimmed(atlas.concepts()[sprite], trim, lambda index: atlas.load(sprite)[index])


def picture(subject: str, loop: float = 0.0) -> np.ndarray:
    at_rest = Pose(actor="shown", x=0.0, y=0.0, z=6.0, height=1.5, loop=loop)
    return figure(Actor(id="shown", subject=subject, beats=())).cutout(at_rest, 200).image


def lean(alpha: np.ndarray) -> float:
    """Degrees by which the longest axis of a shape leaves the horizontal, 0 to 90."""
    rows, columns = np.nonzero(alpha > 128)
    spread = np.cov(np.stack([columns, rows]))
    along = np.linalg.eigh(spread)[1][:, 1]
    return float(np.degrees(np.arctan2(abs(along[1]), abs(along[0]))))


def test_art_as_drawn_is_left_alone():
    art, concept = trimmed("rocket", AS_DRAWN), atlas.concepts()["rocket"]
    assert (art.box, art.baseline, art.height) == (concept.box, concept.baseline, concept.height)
    assert np.array_equal(art.frame(3), atlas.load("rocket")[3])


def test_a_rocket_stands_upright_on_its_flame():
    image = picture("rocket")
    assert lean(image[..., 3]) > 85
    bottom = image[-image.shape[0] // 6 :]
    glow = bottom[bottom[..., 3] > 200].astype(int)
    assert (glow[:, 0] > glow[:, 2] + 80).mean() > 0.5  # orange


@pytest.mark.parametrize("subject", ["airplane", "spaceship"])
def test_what_flies_lies_almost_level(subject):
    assert lean(picture(subject)[..., 3]) < 30


def test_the_nose_of_an_airplane_leads_to_the_left_as_all_art_does():
    image = picture("airplane").astype(int)
    window = (image[..., 0] < 170) & (image[..., 1] > 205) & (image[..., 3] > 250)  # turquoise
    columns = np.nonzero(window)[1]
    assert np.median(columns) < 0.35 * image.shape[1]


def test_no_runway_is_left_under_an_airplane():
    for loop in np.arange(24) / 24:
        rows = picture("airplane", loop)[-12:, :, 3] > 128
        assert rows.mean() < 0.35


@settings(max_examples=12, deadline=None)
@given(tilt=st.floats(-180, 180), sprite=st.sampled_from(["airplane", "comet", "satellite"]))
def test_turned_art_is_whole_premultiplied_and_stands_on_its_baseline(tilt, sprite):
    art = trimmed(sprite, Trim(tilt=tilt))
    concept = atlas.concepts()[sprite]
    x0, y0, x1, y1 = art.box
    assert 0 <= x0 < x1 <= atlas.SIZE
    assert 0 <= y0 < y1 <= atlas.SIZE
    assert y0 < art.baseline <= y1
    assert 0 < art.height <= y1 - y0
    frame = art.frame(concept.count - 1)
    assert (frame[..., :3] <= frame[..., 3:]).all()
    border = np.concatenate([frame[[0, -1], :, 3].ravel(), frame[:, [0, -1], 3].ravel()])
    assert not border.any()

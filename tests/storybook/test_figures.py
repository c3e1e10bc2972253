"""Figures: what the renderer may rely on in a cut-out picture."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.storybook.bodies import swings_legs
from kinema.storybook.catalogue import catalogue
from kinema.storybook.figures import Cutout, art, figure, plush, prop, rig
from kinema.storybook.figures.cache import PictureCache
from kinema.storybook.figures.layer import lay, placement
from kinema.storybook.figures.recolour import COLOURS, Recolour
from kinema.storybook.pose import Pose
from kinema.storybook.scene import Actor

PLUSH = ("fox", "bear", "smiley", "robot", "wizard")
SPRITES = ("dog", "car", "sailboat", "running woman")


def actor(subject: str, **looks: Any) -> Actor:
    return Actor(id="actor-1", subject=subject, beats=(), **looks)


def pose(**changes: Any) -> Pose:
    at_rest = {"actor": "actor-1", "x": 0.0, "y": 0.0, "z": 6.0, "height": 1.5, "facing": 1.0}
    return Pose(**{**at_rest, **changes})


def lowest_row(cutout: Cutout) -> int:
    return int(np.flatnonzero((cutout.image[..., 3] > 50).any(1))[-1]) + 1


def forget_pictures() -> None:
    for cache in (art._PICTURES, plush._POSES):
        cache._pictures.clear()
        cache.held = 0
    plush._body.cache_clear()


@pytest.mark.parametrize("subject", PLUSH + SPRITES)
@pytest.mark.parametrize("pixels", [30, 90, 200])
def test_an_image_is_at_least_as_large_as_wanted_and_at_most_twice(subject, pixels):
    cutout = figure(actor(subject)).cutout(pose(), pixels)
    drawn = cutout.metre * 1.5
    assert pixels <= drawn + 1e-6
    assert drawn <= max(2 * pixels, 48) + 1e-6


@pytest.mark.parametrize("subject", PLUSH + SPRITES)
def test_every_picture_is_premultiplied_and_read_only(subject):
    walker = figure(actor(subject, holds="balloon", wears="crown", colour="blue"))
    for pixels in (40, 300, 500):
        image = walker.cutout(pose(swing=0.3, stride=1.0, arms="swing", mouth=0.7), pixels).image
        assert (image[..., :3] <= image[..., 3:]).all()
        assert not image.flags.writeable


@pytest.mark.parametrize("subject", ["fox", "robot", "running woman", "car"])
def test_a_picture_drawn_again_from_nothing_is_the_same_to_the_byte(subject):
    looks = pose(swing=0.37, stride=0.8, arms="swing", loop=0.4, mouth=0.5)
    first = figure(actor(subject, colour="green")).cutout(looks, 120)
    forget_pictures()
    again = figure(actor(subject, colour="green")).cutout(looks, 120)
    assert first.key == again.key
    assert again.image is not first.image
    assert np.array_equal(first.image, again.image)


def test_equal_keys_mean_equal_pictures_and_unequal_pictures_unequal_keys():
    poses = [
        pose(swing=swing, stride=stride, arms=arms, mouth=mouth, emotion=emotion)
        for swing in (0.0, 0.001, 0.4)
        for stride in (0.0, 1.0)
        for arms in ("rest", "swing", "up")
        for mouth in (0.0, 0.6)
        for emotion in (None, "sad", "no such emotion")
    ]
    smiley = figure(actor("smiley"))
    by_key: dict[object, bytes] = {}
    for cutout in (smiley.cutout(each, 60) for each in poses):
        assert by_key.setdefault(cutout.key, cutout.image.tobytes()) == cutout.image.tobytes()
    # What rests looks the same at every phase, whatever the phase is.
    assert smiley.cutout(poses[0], 60).key == smiley.cutout(pose(swing=0.4), 60).key
    seen = set(by_key.values())
    assert len(seen) >= 30
    other = {figure(actor(name)).cutout(pose(), 60).key for name in PLUSH + SPRITES}
    assert len(other) == len(PLUSH + SPRITES)


@pytest.mark.parametrize("subject", (*PLUSH, "dog", "car"))
def test_resting_feet_touch_the_anchor_row(subject):
    cutout = figure(actor(subject)).cutout(pose(), 250)
    assert lowest_row(cutout) == pytest.approx(cutout.anchor[1], abs=0.03 * cutout.image.shape[0])
    assert 0 < cutout.anchor[0] < cutout.image.shape[1]


@pytest.mark.parametrize("facing", [-1.0, 1.0])
def test_a_foot_on_the_ground_stays_where_it_is_while_the_body_advances(facing):
    places = []
    for turn in rig.LANDING + np.linspace(0.02, 0.48, 24):
        near_side = -1 if facing >= 0 else 1
        stance = rig.stance(turn, 1.0, facing, "swing", height=240.0)
        # The left foot of the screen is on the ground for half a turn after it lands.
        foot = stance.feet[1] if near_side < 0 else stance.feet[0]
        places.append(foot.x + facing * 4 * rig.REACH * 240.0 * turn)
        assert foot.turn == 0.0
    assert np.ptp(places) < 1e-6


def test_a_foot_in_the_air_meets_the_ground_without_a_jerk():
    before, after = rig.step(0.9999)[0], rig.step(0.0001)[0]
    assert before == pytest.approx(after, abs=1e-3)
    assert (rig.step(1.0 - 1e-4)[0] - rig.step(1.0 - 2e-4)[0]) / 1e-4 == pytest.approx(-4, abs=0.02)
    assert max(rig.step(phase)[1] for phase in np.linspace(0.5, 1, 50)) > 0.99


def test_limbs_move_evenly_between_close_phases():
    fox = figure(actor("fox"))
    images = [
        fox.cutout(pose(swing=phase / 128, stride=1.0, arms="swing"), 128).image.astype(int)
        for phase in range(129)
    ]
    changes = [np.abs(b - a).mean() for a, b in pairwise(images)]
    assert min(changes) > 0
    assert max(changes) < 6 * np.median(changes)
    assert np.array_equal(images[0], images[128])


@pytest.mark.parametrize("arms", ["up", "hold", "play"])
def test_arms_show_what_they_do(arms):
    bear = figure(actor("bear"))
    resting, busy = (bear.cutout(pose(arms=each, swing=0.2), 128).image for each in ("rest", arms))
    assert (resting != busy).any(2).mean() > 0.02


def test_a_plush_figure_turns_by_itself_and_a_sprite_is_mirrored():
    fox = figure(actor("fox"))
    assert not fox.flips
    left, right = (fox.cutout(pose(facing=facing), 128).image for facing in (-1.0, 1.0))
    assert not np.array_equal(left, right)
    assert figure(actor("dog")).flips
    assert (
        figure(actor("dog")).cutout(pose(facing=1.0), 100).key
        == figure(actor("dog")).cutout(pose(facing=-1.0), 100).key
    )


@pytest.mark.parametrize("subject", ["fox", "frog", "robot", "smiley", "dog"])
def test_an_open_mouth_changes_the_mouth_alone(subject):
    speaker = figure(actor(subject))
    shut, nearly, wide = (speaker.cutout(pose(mouth=m), 200) for m in (0.0, 0.01, 1.0))
    assert shut.key == nearly.key
    changed = np.argwhere((shut.image != wide.image).any(2))
    height, width = np.ptp(changed, axis=0) + 1
    row = catalogue().subjects[subject]
    assert row.mouth is not None
    scale = shut.metre * 1.5 / 200
    assert 0 < width <= 1.1 * row.mouth[2] * scale
    assert 0 < height <= 0.9 * row.mouth[2] * scale
    assert np.array_equal(shut.image[..., 3], wide.image[..., 3])


@pytest.mark.parametrize("colour", ["red", "orange", "yellow", "green", "blue", "purple", "pink"])
@pytest.mark.parametrize("subject", ["taxi", "elephant", "fox"])
def test_a_colour_that_was_asked_for_is_the_one_that_is_seen(subject, colour):
    image = figure(actor(subject, colour=colour)).cutout(pose(), 200).image
    wanted = Recolour.fit(np.full((4, 4, 4), (*COLOURS[colour], 255), np.uint8), colour).wanted[2]
    found = Recolour.fit(image, colour).dominant[2]
    off = np.rad2deg(abs((found - wanted + np.pi) % (2 * np.pi) - np.pi))
    assert off < 15


@pytest.mark.parametrize(("colour", "low", "high"), [("white", 190, 256), ("black", 0, 110)])
def test_white_and_black_go_by_lightness(colour, low, high):
    image = figure(actor("fox", colour=colour)).cutout(pose(), 200).image
    solid = image[image[..., 3] > 250][:, :3]
    assert low <= np.median(solid) < high


def test_a_colour_that_a_subject_has_anyway_changes_nothing():
    rows = catalogue().subjects.values()
    row = next(row for row in rows if row.own_colour and row.colours)
    assert figure(actor(row.name, colour=row.own_colour)) is figure(actor(row.name))


def test_what_is_unknown_is_named():
    with pytest.raises(KeyError, match="mauve"):
        figure(actor("fox", colour="mauve"))
    with pytest.raises(KeyError, match="no such thing"):
        figure(actor("fox", holds="no such thing"))


def test_a_boat_has_no_water_of_its_own():
    boat = figure(actor("sailboat"))
    for loop in (0.0, 0.3, 0.7):
        image = boat.cutout(pose(loop=loop), 200).image.astype(int)
        lower = image[image.shape[0] // 2 :]
        blue = (lower[..., 2] > lower[..., 0] + 60) & (lower[..., 3] > 200)
        assert blue.mean() < 0.002


@pytest.mark.parametrize("subject", ["bear", "dog"])
@pytest.mark.parametrize("thing", ["balloon", "doughnut", "guitar", "umbrella"])
def test_a_held_thing_is_whole_and_in_the_picture(subject, thing):
    empty = figure(actor(subject)).cutout(pose(arms="hold"), 120)
    full = figure(actor(subject, holds=thing)).cutout(pose(arms="hold"), 120)
    assert full.metre == empty.metre
    assert (full.image[..., 3] > 0).sum() > 0.9 * (empty.image[..., 3] > 0).sum()
    border = np.concatenate([full.image[0, :, 3], full.image[:, 0, 3], full.image[:, -1, 3]])
    assert not border.any()


def test_a_prop_counts_its_height_as_a_metre_and_loops():
    star = prop("star", 50)
    assert 50 <= star.metre <= 100
    assert lowest_row(star) == pytest.approx(star.anchor[1], abs=2)
    assert prop("fox", 60, 0.25).key == prop("fox", 60, 3.25).key != prop("fox", 60, 0.5).key
    assert prop("star", 50, colour="blue").key != star.key


def test_pictures_kept_never_pass_the_limit():
    cache = PictureCache(1000)
    for number in range(50):
        cache.get(number % 7, lambda: np.zeros((10, 10, 3), np.uint8))
        assert cache.held <= 1000
    assert cache.held == 900


@settings(max_examples=40, deadline=None)
@given(
    swing=st.floats(-1e4, 1e4),
    stride=st.floats(0, 1),
    facing=st.floats(-1, 1),
    loop=st.floats(-1e4, 1e4),
    mouth=st.floats(0, 1),
    arms=st.sampled_from(["swing", "up", "hold", "play", "rest"]),
    pixels=st.floats(1, 700),
)
def test_any_pose_can_be_drawn(swing, stride, facing, loop, mouth, arms, pixels):
    moment = pose(swing=swing, stride=stride, facing=facing, loop=loop, mouth=mouth, arms=arms)
    image = figure(actor("bear", holds="balloon")).cutout(moment, pixels).image
    assert (image[..., :3] <= image[..., 3:]).all()
    assert (image[..., 3] == 255).mean() > 0.1


@settings(max_examples=40, deadline=None)
@given(x=st.floats(-60, 60), y=st.floats(-60, 60), scale=st.floats(0.05, 3), turn=st.floats(-7, 7))
def test_laying_a_picture_touches_only_where_it_lands(x, y, scale, turn):
    lower = np.full((40, 40, 4), 100, np.uint8)
    upper = np.full((12, 16, 4), 200, np.uint8)
    affine = placement((8.0, 6.0), (x, y), scale, turn)
    lay(lower, upper, affine)
    rows, columns = np.nonzero((lower != 100).any(2))
    reach = scale * 10 + 2
    assert (np.hypot(columns + 0.5 - x, rows + 0.5 - y) <= reach).all()
    assert (lower[..., :3] <= lower[..., 3:]).all()


def test_a_picture_laid_without_a_turn_lands_on_whole_pixels():
    lower, upper = np.zeros((20, 20, 4), np.uint8), np.full((4, 6, 4), 255, np.uint8)
    lay(lower, upper, placement((0.0, 0.0), (5.0, 7.0)))
    assert cv2.countNonZero(lower[..., 3]) == 24
    assert (lower[7:11, 5:11] == 255).all()


@pytest.mark.parametrize("subject", ["dog", "elephant", "zebra", "goose", "spider"])
def test_legs_swing_where_the_art_has_none_that_move(subject: str):
    figures = figure(actor(subject))
    still = figures.cutout(pose(), 120)
    steps = [figures.cutout(pose(swing=n / 4, stride=0.62), 120) for n in range(4)]
    assert all(one.image.shape == still.image.shape for one in steps)
    assert all(one.anchor == still.anchor for one in steps)
    rows = int(0.45 * still.image.shape[0])
    for one in steps:
        assert (one.image[:rows] == still.image[:rows]).mean() > 0.9  # what is above stays
    feet = [one.image[rows:].astype(int) for one in steps]
    assert all(np.abs(a - b).mean() > 1 for a, b in pairwise(feet))


@pytest.mark.parametrize("name", [n for n, s in catalogue().subjects.items() if swings_legs(s)])
def test_everybody_who_is_said_to_swing_legs_has_some(name: str):
    figures = figure(actor(name))
    walking, still = figures.cutout(pose(swing=0.25, stride=0.62), 60), figures.cutout(pose(), 60)
    assert (walking.image != still.image).any()

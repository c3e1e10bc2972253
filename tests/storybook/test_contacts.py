from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.storybook.blocking import block
from kinema.storybook.clock import Clock
from kinema.storybook.contacts import contacts, flash_strength, flashes
from kinema.storybook.director import stage
from kinema.storybook.motion import poses
from kinema.storybook.scene import Actor, Beat, Scene
from tests.storybook.strategies import scenes

MODEST = settings(max_examples=25, deadline=None)
NOW = Fraction(0)


def lone(subject: str, *beats: Beat | str, **extra) -> Scene:
    made = tuple(beat if isinstance(beat, Beat) else Beat(action=beat) for beat in beats)
    return stage(Scene(actors=(Actor(id="one", subject=subject, beats=made),), **extra))


def times(scene: Scene, kind: str, seconds: int = 5) -> list[Fraction]:
    return [one.at for one in contacts(scene, NOW, Fraction(seconds)) if one.kind == kind]


@MODEST
@given(scenes(), st.sampled_from((Fraction(-2), Fraction(0), Fraction(1, 3))))
def test_a_shorter_shot_has_the_beginning_of_a_longer_one(drawn: Scene, start: Fraction):
    staged = stage(drawn)
    short, long = contacts(staged, start, Fraction(2)), contacts(staged, start, Fraction(3))
    assert short == tuple(one for one in long if one.at < 2)


@MODEST
@given(scenes(), st.booleans())
def test_contacts_lie_on_samples_of_sound_inside_the_shot(drawn: Scene, starts_late: bool):
    found = contacts(stage(drawn), Fraction(5, 3) if starts_late else NOW, Fraction(3, 2))
    for one in found:
        assert 48_000 % one.at.denominator == 0
        assert 0 <= one.at < Fraction(3, 2)
        assert -1.0 <= one.pan <= 1.0
        assert 0.0 <= one.weight <= 1.0
    assert list(found) == sorted(found, key=lambda one: one.at)


@MODEST
@given(scenes(loops=True))
def test_a_loop_sounds_the_same_in_every_period(drawn: Scene):
    staged = stage(drawn)
    assert staged.loop is not None
    first = contacts(staged, NOW, staged.loop)
    second = contacts(staged, staged.loop, staged.loop)
    assert [(one.actor, one.kind, one.at) for one in first] == [
        (one.actor, one.kind, one.at) for one in second
    ]


@pytest.mark.parametrize(("subject", "steps"), [("fox", (0.25, 0.75)), ("man", (0.25, 0.75))])
def test_steps_are_where_the_phase_says(subject: str, steps: tuple[float, ...]):
    staged = lone(subject, "walk")
    found = times(staged, "step")
    assert len(found) >= 6
    for at in found:
        swing = poses(staged, Clock(float(at)))[0].swing
        assert min(abs(swing - step) for step in steps) < 1e-3


def test_every_step_is_found():
    staged = lone("fox", "walk")
    turns = [block(staged, None)["one"].ground(t).turns for t in (0.0, 5.0)]
    expected = sum(
        math.floor(turns[1] - offset) - math.floor(turns[0] - offset) for offset in (0.25, 0.75)
    )
    assert len(times(staged, "step")) == expected


@pytest.mark.parametrize(
    ("subject", "action"),
    [("rabbit", "hop"), ("fox", "jump"), ("fox", "cheer"), ("cat", "jump_over")],
)
def test_landings_are_on_the_ground(subject: str, action: str):
    staged = lone(subject, action)
    found = [at for at in times(staged, "landing") if at > 0]
    assert found
    for at in found:
        assert poses(staged, Clock(float(at)))[0].y == pytest.approx(0.0, abs=0.01)
        assert poses(staged, Clock(float(at) - 0.06))[0].y > 0.02


def test_a_fall_lands_with_its_bounces():
    staged = lone("hamburger", "fall")
    found = times(staged, "landing")
    assert len(found) == 3
    for at in found:
        assert poses(staged, Clock(float(at)))[0].y == pytest.approx(0.0, abs=0.01)


def test_wheels_turn_once_a_circumference():
    staged = lone("car", Beat(action="drive", direction="right"))
    first, second = times(staged, "wheel")[:2]
    moved = [poses(staged, Clock(float(at)))[0].x for at in (first, second)]
    assert moved[1] - moved[0] == pytest.approx(block(staged, None)["one"].subject.stride, rel=0.02)


def test_wings_beat_as_often_as_the_art_shows():
    assert times(lone("bee", "fly"), "flap")
    assert not times(lone("fox", "look_around"), "flap")


def test_who_stands_still_makes_no_sound():
    assert contacts(lone("fox", "look_around"), NOW, Fraction(5)) == ()


def test_a_contact_is_heard_where_it_is_seen():
    staged = lone("fox", Beat(action="walk", direction="right"))
    found = contacts(staged, NOW, Fraction(3))
    assert found[0].pan < -0.3
    assert found[-1].pan > found[0].pan
    assert found[0].surface == "grass"


def test_the_heavy_sound_heavier():
    heavy = contacts(lone("elephant", "walk"), NOW, Fraction(3))[0].weight
    light = contacts(lone("mouse", "walk"), NOW, Fraction(3))[0].weight
    assert heavy > 0.7 > 0.4 > light


@pytest.mark.parametrize("seed", range(8))
def test_lightning_strikes_early_and_then_now_and_again(seed: int):
    storm = Scene(weather="storm", seed=seed)
    found = flashes(storm, NOW, Fraction(30))
    assert Fraction(8, 10) <= found[0] <= Fraction(16, 10)
    gaps = [float(b - a) for a, b in pairwise(found)]
    assert all(2.49 <= gap <= 4.51 for gap in gaps)
    assert flashes(storm, NOW, Fraction(10)) == tuple(at for at in found if at < 10)
    assert flashes(storm, Fraction(-10), Fraction(10))


def test_a_flash_is_bright_at_once_and_then_dies_away():
    storm = Scene(weather="storm", seed=3)
    at = float(flashes(storm, NOW, Fraction(3))[0])
    assert flash_strength(storm, Clock(at - 0.01)) < 0.05
    assert flash_strength(storm, Clock(at + 1e-4)) > 0.9
    assert flash_strength(storm, Clock(at + 1.0)) < 0.05
    assert flash_strength(Scene(weather="clear", seed=3), Clock(at + 1e-4)) == 0.0


def test_flashes_of_a_loop_repeat():
    storm = Scene(weather="storm", loop=Fraction(3))
    assert flashes(storm, NOW, Fraction(3)) == tuple(
        at - 3 for at in flashes(storm, Fraction(3), Fraction(3))
    )
    for t in (0.1, 1.0, 2.9):
        strength = flash_strength(storm, Clock(t, 3.0))
        assert strength == pytest.approx(flash_strength(storm, Clock(t + 3.0, 3.0)), abs=1e-9)


def test_storms_list_their_flashes_among_the_contacts():
    staged = lone("fox", "look_around", weather="storm")
    assert [one.at for one in contacts(staged, NOW, Fraction(6))] == list(
        flashes(staged, NOW, Fraction(6))
    )


def test_a_contact_on_the_seam_of_a_loop_is_heard_once():
    for subject in ("fox", "man", "car", "dove"):
        action = {"car": "drive", "dove": "fly"}.get(subject, "walk")
        one = Actor(id="one", subject=subject, beats=(Beat(action=action),))
        staged = stage(Scene(actors=(one,), loop=Fraction(3)))
        heard = [(c.kind, c.at) for c in contacts(staged, Fraction(0), Fraction(9))]
        assert len(heard) == len(set(heard)) > 0
        lap = [c for c in heard if c[1] < 3]
        assert len(heard) == 3 * len(lap)

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kinema.storybook import bodies
from kinema.storybook.bodies import drawn_width
from kinema.storybook.camera import camera_at
from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import Clock
from kinema.storybook.director import stage
from kinema.storybook.gestures import landings
from kinema.storybook.motion import pose, poses
from kinema.storybook.pose import Pose
from kinema.storybook.scene import Actor, Beat, Camera, Relation, Scene
from kinema.types import MouthKey
from tests.storybook.strategies import scenes

MODEST = settings(max_examples=40, deadline=None)
STEP = 1 / 96
# The fastest that anything moves, a second: a fall ends at 6 m/s, a leap over a house is faster.
LIMITS = {"x": 6.5, "y": 16.0, "z": 6.5, "height": 4.0, "facing": 14.0,
          "stretch_y": 8.0, "stride": 6.0, "mouth": 8.0}  # fmt: skip
TURNING = {"loop": 12.0, "swing": 9.0}


def lone(subject: str, *beats: Beat | str, **extra) -> Scene:
    made = tuple(beat if isinstance(beat, Beat) else Beat(action=beat) for beat in beats)
    return stage(Scene(actors=(Actor(id="one", subject=subject, beats=made),), **extra))


def at(scene: Scene, t: float, index: int = 0) -> Pose:
    return poses(scene, Clock(t, None if scene.loop is None else float(scene.loop)))[index]


def apart(a: float, b: float) -> float:
    """Distance of two phases on the circle, in turns."""
    return abs((a - b + 0.5) % 1.0 - 0.5)


def assert_close(a: Pose, b: Pose, seconds: float = 0.0) -> None:
    for name, limit in LIMITS.items():
        assert abs(getattr(a, name) - getattr(b, name)) <= limit * seconds + 1e-6, name
    assert apart(a.roll / math.tau, b.roll / math.tau) <= 2.3 * seconds + 1e-6, "roll"
    if a.subject == b.subject:
        for name, limit in TURNING.items():
            assert apart(getattr(a, name), getattr(b, name)) <= limit * seconds + 1e-6, name


@settings(MODEST, max_examples=60)
@given(scenes(), st.floats(-3.0, 9.0))
def test_nothing_jumps(drawn: Scene, start: float):
    staged = stage(drawn)
    before = poses(staged, Clock(start))
    for step in range(1, 25):
        after = poses(staged, Clock(start + step * STEP))
        for a, b in zip(before, after, strict=True):
            assert_close(a, b, STEP)
        before = after


@settings(MODEST, max_examples=60)
@given(scenes(), st.sampled_from((Fraction(1, 2), Fraction(2), Fraction(7, 3), Fraction(4))))
def test_nothing_jumps_when_the_next_beat_begins(drawn: Scene, change: Fraction):
    staged = stage(drawn)
    now = float(change)
    for a, b in zip(
        poses(staged, Clock(now - 1e-5)), poses(staged, Clock(now + 1e-5)), strict=True
    ):
        assert_close(a, b, 2e-5)


@settings(MODEST, max_examples=60)
@given(scenes(loops=True), st.floats(-5.0, 9.0))
def test_a_loop_is_the_same_after_its_period(drawn: Scene, t: float):
    staged = stage(drawn)
    period = float(staged.loop or 0)
    for a, b in zip(
        poses(staged, Clock(t, period)), poses(staged, Clock(t + period, period)), strict=True
    ):
        assert_close(a, b, 1e-7)


@settings(MODEST, max_examples=60)
@given(scenes(loops=True))
def test_a_loop_has_no_seam(drawn: Scene):
    staged = stage(drawn)
    period = float(staged.loop or 0)
    last, first = Clock(period - 1e-5, period), Clock(0.0, period)
    for a, b in zip(poses(staged, last), poses(staged, first), strict=True):
        assert_close(a, b, 2e-5 * max(1.0, 8.0 / period))


@MODEST
@given(scenes(most=3, most_beats=1, related=False), st.floats(0.0, 6.0))
def test_the_main_actor_is_in_the_square_frame_for_six_seconds(drawn: Scene, t: float):
    staged = stage(drawn)
    main = at(staged, t)
    lens = camera_at(staged.camera.move, Clock(t), target_x=main.x)
    u, v = lens.project(main.x, main.y, main.z)
    scale = lens.scale(main.z)
    half, tall = drawn_width(staged.actors[0]) / 2 * scale, main.height * scale
    if main.pivot == "foot" and abs(main.roll) > 1.0:  # lies on its side
        u, half, tall = u + math.sin(main.roll) * tall / 2, tall / 2, 2 * half
    across = (min(u + half, 0.5) - max(u - half, -0.5)) / (2 * half)
    down = (min(v, 0.5) - max(v - tall, -0.5)) / tall
    assert across * down >= 0.85


@MODEST
@given(
    st.sampled_from([name for name, row in catalogue().subjects.items() if row.loop == "gait"]),
    st.sampled_from(("walk", "run")),
    st.floats(0.0, 8.0),
)
def test_feet_do_not_slide(subject: str, action: str, t: float):
    staged = lone(subject, action)
    actor = staged.actors[0]
    way = bodies.manner(staged, actor, action)
    stride = bodies.stride(actor, action, way)
    a, b = at(staged, t), at(staged, t + 0.01)
    if way in ("walk", "run") and abs(a.facing) == abs(b.facing) == 1.0:
        moved = abs(b.x - a.x)
        assert apart(a.swing, b.swing) * stride == pytest.approx(moved, abs=1e-9)
        cycles = bodies.shown(actor, action).cycles
        assert apart(a.loop, b.loop) * cycles * stride == pytest.approx(moved, abs=1e-9)


def test_a_walker_turns_before_it_leaves_the_frame():
    staged = lone("fox", Beat(action="walk", direction="right"))
    xs = [at(staged, frame / 12).x for frame in range(240)]
    assert max(xs) < 2.54 - drawn_width(staged.actors[0]) / 2
    assert min(xs) > -2.54 + drawn_width(staged.actors[0]) / 2
    assert {at(staged, frame / 12).facing for frame in range(240)} >= {-1.0, 1.0}


def test_a_turn_is_thin_in_its_middle_and_the_feet_are_slow_there():
    staged = lone("fox", Beat(action="walk", direction="right"))
    fine = [at(staged, frame / 480) for frame in range(4800)]
    thin = [i for i, one in enumerate(fine) if abs(one.facing) < 0.1]
    assert thin
    assert all(abs(fine[i + 1].x - fine[i].x) * 480 < 0.2 for i in thin[:-1])


@pytest.mark.parametrize("subject", ["fox", "car", "elephant", "snail", "man"])
def test_nobody_crosses_the_frame_in_under_two_and_a_half_seconds(subject: str):
    staged = lone(subject, Beat(action="run", direction="right", pace=4.0))
    speeds = [abs(at(staged, n / 12 + 1 / 12).x - at(staged, n / 12).x) * 12 for n in range(96)]
    assert max(speeds) <= 2 * 3.4 / 2.5


def test_a_tracking_camera_lets_its_actor_go_far():
    staged = lone("fox", "walk", camera=Camera(move="tracking"))
    xs = [at(staged, frame / 2).x for frame in range(30)]
    assert max(xs) - min(xs) > 6.0


def test_coming_and_going_change_the_depth_alone():
    for direction, sign in (("toward", -1), ("away", 1)):
        staged = lone("man", Beat(action="walk", direction=direction))
        first, last = at(staged, 0.0), at(staged, 3.0)
        assert (last.z - first.z) * sign > 1.0
        assert last.x == first.x


def test_the_phase_goes_on_when_walking_becomes_running():
    staged = lone("fox", "walk", Beat(action="run", at=Fraction(2)))
    a, b = at(staged, 2.0 - 1e-6), at(staged, 2.0 + 1e-6)
    assert apart(a.swing, b.swing) < 1e-4
    assert abs(a.x - b.x) < 1e-4


def test_who_stops_finishes_the_step():
    staged = lone("fox", "walk", Beat(action="look_around", at=Fraction(2)))
    rest = at(staged, 5.0).swing * 2
    assert apart(rest, 0.0) < 1e-3


def test_a_plush_body_touches_the_ground_when_a_foot_is_in_front():
    staged = lone("fox", "run")
    heights = {round(at(staged, n / 960).swing, 2): at(staged, n / 960).y for n in range(960)}
    assert heights[0.25] == pytest.approx(min(heights.values()), abs=2e-3)
    assert heights[0.75] == pytest.approx(min(heights.values()), abs=2e-3)


def test_a_fall_lands_when_gravity_says():
    staged = lone("hamburger", "fall")
    first = landings(at(staged, 0.0).y)[0]
    assert at(staged, first).y == pytest.approx(0.0, abs=1e-6)
    assert at(staged, first - 0.1).y > 0.2
    assert at(staged, first + 0.1).y > 0.02


def test_a_ball_rolls_as_far_as_it_goes():
    staged = lone("soccer ball" if "soccer ball" in catalogue().subjects else "hamburger", "roll")
    a, b = at(staged, 0.5), at(staged, 1.0)
    assert b.roll - a.roll == pytest.approx((b.x - a.x) / (a.height / 2))
    assert a.pivot == "centre"


def test_growing_ends_bigger_and_stays_in_the_frame():
    staged = lone("giraffe", "grow")
    assert at(staged, 4.0).height > at(staged, 0.0).height
    assert at(staged, 5.0).height == pytest.approx(at(staged, 9.0).height)


def test_a_leap_over_somebody_clears_it():
    actors = (
        Actor(id="cat", subject="cat", beats=(Beat(action="jump_over", target="burger"),)),
        Actor(id="burger", subject="hamburger", beats=(Beat(action="look_around"),)),
    )
    staged = stage(Scene(actors=actors))
    over = [poses(staged, Clock(n / 48)) for n in range(240)]
    above = [cat.y > burger.height for cat, burger in over if abs(cat.x - burger.x) < 0.15]
    assert above
    assert all(above)


def test_one_who_circles_goes_all_the_way_round():
    bee = Actor(id="bee", subject="bee", beats=(Beat(action="circle", target="fox"),))
    fox = Actor(id="fox", subject="fox", beats=(Beat(action="look_around"),))
    staged = stage(Scene(actors=(bee, fox)))
    angles = set()
    for n in range(120):
        a, b = poses(staged, Clock(n / 12))
        angles.add(round(math.atan2(a.z - b.z, a.x - b.x) / (math.pi / 4)))
    assert len(angles) >= 8


def test_a_chase_keeps_its_distance():
    dog = Actor(
        id="dog", subject="dog", beats=(Beat(action="chase", target="cat", direction="right"),)
    )
    cat = Actor(id="cat", subject="cat", beats=(Beat(action="flee", direction="right"),))
    staged = stage(
        Scene(actors=(dog, cat), relations=(Relation(kind="chasing", subject="dog", object="cat"),))
    )
    gaps = [b.x - a.x for a, b in (poses(staged, Clock(n / 12)) for n in range(6))]
    assert all(gap > 0.5 for gap in gaps)
    assert max(gaps) - min(gaps) < 0.2


@pytest.mark.parametrize(("hunter", "prey"), [("dog", "cat"), ("fox", "rabbit"), ("lion", "mouse")])
def test_who_is_chased_to_and_fro_is_never_run_through(hunter: str, prey: str):
    one = Actor(id="one", subject=hunter, beats=(Beat(action="chase", target="two"),))
    two = Actor(id="two", subject=prey, beats=(Beat(action="flee", target="one"),))
    staged = stage(
        Scene(actors=(one, two), relations=(Relation(kind="chasing", subject="one", object="two"),))
    )
    turned = set()
    for n in range(120):
        a, b = poses(staged, Clock(n / 12))
        turned.add(round(b.facing))
        assert abs(a.x - b.x) > 0.4 or abs(a.z - b.z) > 0.4
    assert turned >= {-1, 1}


def test_a_chase_round_an_oval_closes_in_a_loop():
    one = Actor(id="one", subject="dog", beats=(Beat(action="chase", target="two"),))
    two = Actor(id="two", subject="cat", beats=(Beat(action="flee", target="one"),))
    staged = stage(Scene(actors=(one, two), loop=Fraction(5)))
    for start in (0.0, 1.3):
        for before, after in zip(
            poses(staged, Clock(start, 5.0)), poses(staged, Clock(start + 5.0, 5.0)), strict=True
        ):
            assert (after.x, after.z, after.facing) == pytest.approx(
                (before.x, before.z, before.facing)
            )


def test_a_crowd_stands_in_two_rows():
    crowd = tuple(
        Actor(id=f"d{n}", subject="duck", group="ducks", beats=(Beat(action="look_around"),))
        for n in range(8)
    )
    places = [actor.place for actor in stage(Scene(setting="meadow", actors=crowd)).actors]
    depths = [place.z for place in places if place is not None]
    front = [z for z in depths if z < min(depths) + 0.6]
    assert len(front) == 4
    assert max(depths) - min(depths) > 1.0


def test_two_who_walk_together_keep_together():
    pair = tuple(
        Actor(id=name, subject=name, beats=(Beat(action="walk"),)) for name in ("fox", "panda")
    )
    staged = stage(Scene(actors=pair))
    gaps = [b.x - a.x for a, b in (poses(staged, Clock(n / 6)) for n in range(60))]
    assert max(gaps) - min(gaps) < 1e-9


def test_a_hare_does_not_wait_for_a_tortoise():
    pair = (
        Actor(id="turtle", subject="turtle", beats=(Beat(action="walk"),)),
        Actor(id="rabbit", subject="rabbit", beats=(Beat(action="run"),)),
    )
    staged = stage(Scene(actors=pair))
    (slow, fast), (slow_later, fast_later) = (poses(staged, Clock(t)) for t in (0.0, 0.75))
    assert abs(fast_later.x - fast.x) > 1.5 * abs(slow_later.x - slow.x)


def test_those_who_meet_stop_face_to_face():
    pair = tuple(
        Actor(id=name, subject=name, beats=(Beat(action="walk"),)) for name in ("fox", "panda")
    )
    staged = stage(
        Scene(actors=pair, relations=(Relation(kind="meeting", subject="fox", object="panda"),))
    )
    fox, panda = poses(staged, Clock(5.0))
    assert 0.5 < panda.x - fox.x < 2.2
    assert (fox.facing, panda.facing) == (1.0, -1.0)
    assert poses(staged, Clock(6.0))[0].x == fox.x


def test_a_mouth_moves_evenly_between_its_keys():
    keys = (MouthKey(at=Fraction(1), open=0.0), MouthKey(at=Fraction(2), open=1.0))
    staged = lone("fox", "look_around")
    staged = replace(staged, actors=(replace(staged.actors[0], mouth=keys),))
    assert [round(at(staged, t).mouth, 6) for t in (0.5, 1.0, 1.25, 2.0, 2.5)] == [0, 0, 0.25, 1, 0]


def test_what_is_felt_is_seen():
    assert (
        at(lone("fox", Beat(action="walk", emotion="love_struck")), 1.0).emotes[0].sprite
        == "red-heart"
    )
    assert at(lone("fox", "sleep"), 1.0).emotes[0].sprite == "zzz"
    assert at(lone("fox", Beat(action="walk", emotion="sad")), 1.0).emotion == "sad"


def test_a_man_who_runs_is_shown_by_the_art_of_a_running_man():
    staged = lone("man", "walk", Beat(action="run", at=Fraction(2)))
    assert (at(staged, 1.0).subject, at(staged, 3.0).subject) == ("man", "running man")


@pytest.mark.parametrize("action", sorted(catalogue().actions))
def test_every_action_moves(action: str):
    staged = lone("fox", action)
    first = at(staged, 0.3)
    later = [at(staged, 0.3 + n / 7) for n in range(1, 12)]
    assert any(replace_emotes(one) != replace_emotes(first) for one in later)


def replace_emotes(one: Pose) -> tuple[float, ...]:
    return (one.x, one.y, one.z, one.height, one.facing, one.roll, one.stretch_y, one.mouth)


def test_one_actor_is_asked_as_all_are():
    staged = stage(
        Scene(
            actors=tuple(
                Actor(id=n, subject=n, beats=(Beat(action="walk"),)) for n in ("fox", "dog")
            )
        )
    )
    assert pose(staged, staged.actors[1], Clock(1.5)) == poses(staged, Clock(1.5))[1]


def test_a_scene_that_nobody_staged_is_refused():
    with pytest.raises(ValueError, match="stage"):
        poses(Scene(actors=(Actor(id="fox", subject="fox", beats=()),)), Clock(0.0))

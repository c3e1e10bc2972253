from __future__ import annotations

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from kinema.storybook.bodies import drawn_height, drawn_width
from kinema.storybook.camera import Camera as Lens
from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import Clock
from kinema.storybook.director import stage
from kinema.storybook.motion import poses
from kinema.storybook.scene import Actor, Beat, Place, Relation, Scene
from tests.storybook.strategies import scenes

MODEST = settings(max_examples=60, deadline=None)


def actor(name: str, subject: str, action: str = "look_around", **extra) -> Actor:
    return Actor(id=name, subject=subject, beats=(Beat(action=action),), **extra)


def scene(*actors: Actor, **extra) -> Scene:
    return Scene(actors=actors, **extra)


def related(kind: str, a: Actor, b: Actor) -> Scene:
    return stage(scene(a, b, relations=(Relation(kind=kind, subject=a.id, object=b.id),)))


def places(staged: Scene) -> list[Place]:
    return [one.place for one in staged.actors if one.place is not None]


def box(staged: Scene, index: int) -> tuple[float, float, float, float, float]:
    """Left, right, bottom, top (shorter sides) and depth of an actor in the first frame at rest."""
    pose, body = poses(staged, Clock(0.0))[index], staged.actors[index]
    lens = Lens()
    u, v = lens.project(pose.x, pose.y, pose.z)
    half = drawn_width(body) / 2 * lens.scale(pose.z)
    return u - half, u + half, v, v - pose.height * lens.scale(pose.z), pose.z


def hidden(staged: Scene, index: int) -> float:
    """Largest share of an actor's box that one nearer actor covers."""
    left, right, bottom, top, z = box(staged, index)
    worst = 0.0
    for other in range(len(staged.actors)):
        a, b, low, high, depth = box(staged, other)
        if other == index or depth >= z:
            continue
        across = max(0.0, min(right, b) - max(left, a))
        down = max(0.0, min(bottom, low) - max(top, high))
        worst = max(worst, across * down / ((right - left) * (bottom - top)))
    return worst


@MODEST
@given(scenes())
def test_staging_a_staged_scene_changes_nothing(drawn: Scene):
    staged = stage(drawn)
    assert stage(staged) == staged
    assert stage(drawn) == staged


@MODEST
@given(scenes())
def test_everybody_has_a_place_and_everything_that_moves_a_direction(drawn: Scene):
    for one in stage(drawn).actors:
        assert one.place is not None
        assert one.place.facing in (-1, 1)
        for beat in one.beats:
            if beat.action in ("walk", "run", "hop"):
                assert beat.direction in ("left", "right", "away", "toward")


@MODEST
@given(scenes(most=3, related=False))
def test_nobody_is_hidden_behind_another_when_the_shot_begins(drawn: Scene):
    drawn = replace(drawn, camera=replace(drawn.camera, move="static"))
    staged = stage(drawn)
    assert all(hidden(staged, index) <= 0.3 for index in range(len(staged.actors)))


def test_a_lone_actor_stands_in_the_middle():
    (place,) = places(stage(scene(actor("fox-1", "fox"))))
    assert (place.x, place.z, place.y) == (0.0, 6.0, 0.0)


def test_two_stand_side_by_side_and_look_at_each_other():
    left, right = places(stage(scene(actor("fox-1", "fox"), actor("panda-1", "panda"))))
    assert (left.x, right.x) == (-0.95, 0.95)
    assert (left.facing, right.facing) == (1, -1)


def test_a_big_body_stands_deeper():
    (place,) = places(stage(scene(actor("giraffe-1", "giraffe"))))
    assert 7.0 <= place.z <= 8.0


def test_a_walker_starts_where_it_has_a_way_to_go():
    staged = stage(
        scene(Actor(id="fox-1", subject="fox", beats=(Beat(action="walk", direction="right"),)))
    )
    assert places(staged)[0].x < -1.0
    assert places(staged)[0].facing == 1


def test_size_words_scale_the_drawn_height():
    height = catalogue().subjects["fox"].height
    sizes = ("tiny", "small", None, "big", "giant")
    heights = [drawn_height(actor("fox-1", "fox", size=size)) for size in sizes]
    assert heights == pytest.approx([height * factor for factor in (0.55, 0.75, 1.0, 1.25, 1.5)])


def test_left_and_right_are_as_the_relation_says():
    fox, dog = actor("fox-1", "fox"), actor("dog-1", "dog")
    a, b = places(related("left_of", fox, dog))
    assert a.x < b.x
    a, b = places(related("right_of", fox, dog))
    assert a.x > b.x


def test_a_walker_stays_on_its_side_of_a_tree():
    staged = related("left_of", actor("dog-1", "dog", "walk"), actor("tree-1", "tree"))
    for frame in range(90):
        dog, tree = poses(staged, Clock(frame / 12))
        assert dog.x < tree.x


def test_behind_is_deeper_and_still_seen():
    staged = related("behind", actor("fox-1", "fox"), actor("elephant-1", "elephant"))
    fox, elephant = places(staged)
    assert fox.z > elephant.z
    assert hidden(staged, 0) <= 0.3


def test_a_rider_stands_on_its_mount():
    staged = related("on_top_of", actor("fox-1", "fox"), actor("car-1", "car", "drive"))
    fox, car = places(staged)
    assert fox.y == pytest.approx(car.y + drawn_height(staged.actors[1]), abs=1e-3)
    for frame in range(48):
        rider, mount = poses(staged, Clock(frame / 12))
        assert abs(rider.x - mount.x) < 0.3
        assert rider.y > 0.8 * mount.height


def test_who_is_chased_runs_ahead_of_the_chaser():
    staged = related("chasing", actor("dog-1", "dog", "chase"), actor("cat-1", "cat"))
    dog, cat = staged.actors
    assert cat.beats[0].action == "flee"
    assert cat.beats[0].direction == dog.beats[0].direction
    forward = 1 if cat.beats[0].direction == "right" else -1
    assert (places(staged)[1].x - places(staged)[0].x) * forward > 0.5


def test_a_group_spreads_out_at_slightly_different_depths():
    ducks = tuple(actor(f"duck-{n}", "duck", "swim", group="ducks") for n in range(4))
    staged = stage(scene(*ducks, setting="lake"))
    assert len({place.z for place in places(staged)}) == 4
    assert all(hidden(staged, index) <= 0.3 for index in range(4))


def test_newcomers_leave_those_who_are_there_where_they_are():
    staged = stage(scene(actor("fox-1", "fox")))
    more = stage(replace(staged, actors=(*staged.actors, actor("panda-1", "panda"))))
    assert more.actors[0] == staged.actors[0]
    assert abs(places(more)[1].x - places(more)[0].x) > 1.0


def test_space_and_sea_hold_bodies_up():
    (floating,) = places(stage(scene(actor("robot-1", "robot", "float"), setting="outer_space")))
    (fish,) = places(stage(scene(actor("fish-1", "fish", "swim"), setting="underwater")))
    (boat,) = places(stage(scene(actor("boat-1", "sailboat", "sail"), setting="ocean")))
    assert floating.y + drawn_height(actor("robot-1", "robot")) / 2 == pytest.approx(1.5, abs=0.4)
    assert 0.3 <= fish.y <= 1.6
    assert boat.y == -0.05

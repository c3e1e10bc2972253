"""Exact truths agree with the pictures, with geometry, and with each other."""

from __future__ import annotations

import runpy
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from kinema.media import picture as pictures
from kinema.storybook.camera import MOVES, View
from kinema.storybook.catalogue import catalogue
from kinema.storybook.contacts import contacts
from kinema.storybook.director import stage
from kinema.storybook.render import frame
from kinema.storybook.render.scenery import place_scenery
from kinema.storybook.scene import (
    Actor,
    Beat,
    Camera,
    CurvePoint,
    Mix,
    Picture,
    Place,
    Region,
    Scene,
    Shot,
    Timeline,
)
from kinema.storybook.timeline import single
from kinema.storybook.truth import (
    ACTORS,
    CARDS,
    EMOTE,
    FAR,
    GROUND,
    PICTURE,
    REGION,
    SKY,
    WALL,
    Flow,
    Truth,
    camera_path,
    clip_contacts,
    flow,
    truth,
)
from kinema.types import Size
from tests.storybook.strategies import scenes

ROOT = Path(__file__).resolve().parents[2]
SIZE = Size(width=192, height=160)
SMALL = Size(width=112, height=96)
STEP = Fraction(1, 12)
NOW = Fraction(3, 2)


def actor(subject: str, x: float, z: float = 6.0, **known: object) -> Actor:
    beats = (Beat(action="look_around"),)
    place = Place(x=x, z=z)
    return replace(Actor(id=f"{subject}-1", subject=subject, beats=beats, place=place), **known)


def clip(setting: str, *actors: Actor, move: str = "static", **known: object) -> Timeline:
    scene = Scene(setting=setting, time="noon", camera=Camera(move=move), actors=actors, seed=5)
    return single(stage(replace(scene, **known)), Fraction(9))


def seen(timeline: Timeline, at: Fraction = NOW, size: Size = SIZE) -> Truth:
    return truth(timeline, size, at)


def carried(picture: NDArray[np.uint8], back: Flow, dx: float = 0.0) -> NDArray[np.integer]:
    """The earlier picture where the later one's flow says that its points come from."""
    rows, columns = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    vectors = np.nan_to_num(back.vectors)
    return cv2.remap(
        picture, columns + vectors[..., 0] + np.float32(dx), rows + vectors[..., 1],
        cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    ).astype(int)  # fmt: skip


@pytest.mark.parametrize("setting", ["village", "bedroom"])
@pytest.mark.parametrize("move", MOVES)
def test_flow_carries_one_frame_onto_the_next(setting: str, move: str) -> None:
    timeline = clip(setting, actor("tree", 0.3), move=move)
    later = NOW + 3 * STEP
    first, second = (frame(timeline, SIZE, at) for at in (NOW, later))
    back, shown = flow(timeline, SIZE, later, NOW), seen(timeline, later)
    # Softened a little, or it would be sampling that is compared: joints are thinner than pixels.
    wrong, still = (
        np.abs(cv2.blur(other.astype(float), (3, 3)) - cv2.blur(second.astype(float), (3, 3)))
        for other in (carried(first, back), first)
    )
    wrong, still = wrong.mean(2), still.mean(2)
    visible = ~back.occluded
    assert visible.mean() > 0.85
    assert wrong[visible].mean() < 2.5
    if still[visible].mean() > 1.5:
        assert wrong[visible].mean() < 0.4 * still[visible].mean()
    for owner in np.unique(shown.owner):
        # Edges mix what moves differently.
        part = cv2.erode((visible & (shown.owner == owner)).astype(np.uint8), np.ones((5, 5))) > 0
        if part.sum() > 200:
            assert wrong[part].mean() < 3.5, f"what belongs to {owner} does not follow its flow"


def test_flow_is_right_to_a_part_of_a_pixel() -> None:
    timeline = clip("village", actor("tree", 0.3), move="truck_right")
    first, second = (frame(timeline, SIZE, at) for at in (NOW, NOW + STEP))
    back = flow(timeline, SIZE, NOW + STEP, NOW)
    wrong = {
        dx: np.abs(carried(first, back, dx) - second)[~back.occluded].mean()
        for dx in (-0.25, 0.0, 0.25)
    }
    assert wrong[0.0] == min(wrong.values())


def test_what_does_not_move_has_no_flow() -> None:
    timeline = clip("bedroom", move="static")
    still = flow(timeline, SIZE, NOW, NOW + STEP)
    assert not still.occluded.any()
    assert np.abs(still.vectors).max() < 1e-4


def test_a_body_that_leaps_is_followed() -> None:
    jumper = actor("fox", 0.0, beats=(Beat(action="jump"),))
    timeline = clip("desert", jumper)
    before, moved = (
        seen(timeline, Fraction(1)),
        flow(timeline, SIZE, Fraction(1), Fraction(1) + STEP),
    )
    after = seen(timeline, Fraction(1) + STEP)
    inside = (before.owner == ACTORS) & ~moved.occluded
    rows, columns = np.nonzero(inside)
    landed = np.floor(moved.vectors[inside] + np.stack((columns, rows), 1) + 0.5).astype(int)
    assert np.abs(moved.vectors[inside]).max() > 1.0
    assert (after.owner[landed[:, 1], landed[:, 0]] == ACTORS).mean() > 0.9


def test_flow_there_and_back_returns() -> None:
    timeline = clip("forest", actor("fox", -0.5), actor("tree", 0.6, 8.0), move="push_in")
    there, back = flow(timeline, SIZE, NOW, NOW + STEP), flow(timeline, SIZE, NOW + STEP, NOW)
    shown, later = seen(timeline), seen(timeline, NOW + STEP)
    rows, columns = np.nonzero(~there.occluded)
    vectors = there.vectors[rows, columns]
    x, y = (columns + 0.5 + vectors[:, 0]).astype(int), (rows + 0.5 + vectors[:, 1]).astype(int)
    same = shown.owner[rows, columns] == later.owner[y, x]
    assert same.mean() > 0.95
    round_trip = np.abs(vectors + back.vectors[y, x])[same].max(1)
    assert np.quantile(round_trip, 0.99) < 0.2


def test_what_somebody_walks_in_front_of_becomes_occluded() -> None:
    walker = actor("elephant", 0.0, beats=(Beat(action="walk", direction="right"),))
    timeline = clip("bedroom", walker)  # no clouds that move as well
    moved = flow(timeline, SIZE, NOW, NOW + 4 * STEP)
    before, after = seen(timeline), seen(timeline, NOW + 4 * STEP)
    background = before.owner < CARDS
    covered = background & (after.owner == ACTORS)
    assert covered.sum() > 50
    assert np.array_equal(moved.occluded[background], covered[background])


def test_rows_of_clouds_flow_on_where_their_pattern_begins_anew() -> None:
    timeline = clip("sky", move="static")
    for tick in range(0, 90, 3):
        at = Fraction(tick, 12)
        moved = flow(timeline, SMALL, at, at + STEP)
        assert np.nanmax(np.abs(moved.vectors)) < 4.0


def test_a_cut_to_another_place_carries_only_who_is_in_both() -> None:
    fox = actor("fox", 0.0)
    first, second = clip("meadow", fox), clip("bedroom", fox, actor("tree", 1.5))
    cut = Timeline(shots=(*(replace(s, seconds=Fraction(1)) for s in first.shots), *second.shots))
    moved = flow(cut, SIZE, Fraction(11, 12), Fraction(1))
    owners = seen(cut, Fraction(11, 12)).owner
    assert np.isfinite(moved.vectors[owners == ACTORS]).all()
    assert np.isnan(moved.vectors[owners != ACTORS]).all()
    assert moved.occluded[owners != ACTORS].all()


@pytest.mark.parametrize("subject", ["fox", "tree", "girl"])
def test_a_mask_is_where_the_actor_changes_the_picture(subject: str) -> None:
    timeline, empty = clip("beach", actor(subject, 0.2)), clip("beach")
    mask = seen(timeline).masks[f"{subject}-1"]
    changed = (frame(timeline, SIZE, NOW) != frame(empty, SIZE, NOW)).any(2)
    # Its shadow lies on the ground alone.
    beyond = (seen(empty).owner != GROUND) & (mask == 0)
    assert beyond.sum() > 1000
    assert not changed[beyond].any()
    assert (mask >= 128).sum() > 200
    assert changed[mask >= 128].mean() > 0.97


def test_a_mask_loses_what_a_nearer_actor_covers() -> None:
    far, near = actor("elephant", 0.0, 8.0), actor("tree", 0.3, 5.0)
    both, alone = seen(clip("desert", far, near)), seen(clip("desert", far))
    assert np.array_equal(both.whole["elephant-1"], alone.masks["elephant-1"])
    kept = 1 - both.masks["tree-1"] / 255.0
    hidden = both.whole["elephant-1"] * kept
    assert np.abs(hidden - both.masks["elephant-1"]).max() <= 1.0
    assert both.boxes["elephant-1"].unoccluded < 0.9 < alone.boxes["elephant-1"].unoccluded
    assert both.boxes["tree-1"].unoccluded == 1.0


def test_boxes_fit_their_masks() -> None:
    shown = seen(clip("desert", actor("fox", -0.6), actor("tree", 0.8)))
    for name, box in shown.boxes.items():
        rows, columns = np.nonzero(shown.masks[name] >= 128)
        tight = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert box.visible == pytest.approx(tight, abs=0)
        assert box.whole == pytest.approx(tight, abs=1.5)
        assert box.in_frame == 1.0


def test_who_stands_across_the_edge_is_partly_in_the_frame() -> None:
    tree = actor("tree", 0.0)
    box = seen(clip("desert", tree)).boxes["tree-1"]
    assert box.whole is not None
    view = View(SIZE.width, SIZE.height, seen(clip("desert")).camera)
    edge = view.half_width_at(6.0)
    half = seen(clip("desert", actor("tree", edge))).boxes["tree-1"]
    assert half.in_frame == pytest.approx(0.5, abs=0.06)
    assert half.whole is not None
    assert half.visible is not None
    assert half.whole[2] > SIZE.width == half.visible[2]
    gone = seen(clip("desert", actor("tree", 3 * edge))).boxes["tree-1"]
    assert (gone.visible, gone.in_frame, gone.unoccluded) == (None, 0.0, 0.0)


@pytest.mark.parametrize("move", ["static", "crane_up", "tilt_down", "zoom_in"])
def test_the_depth_of_the_ground_is_that_of_the_plane(move: str) -> None:
    shown = seen(clip("desert", actor("fox", 0.0), move=move))
    view = View(SIZE.width, SIZE.height, shown.camera)
    rows, columns = np.nonzero(shown.owner == GROUND)
    assert rows.size > 2000
    for row, depth in {(r, float(shown.depth[r, c])) for r, c in zip(rows, columns, strict=True)}:
        assert view.project(0.0, 0.0, depth + shown.camera.z)[1] == pytest.approx(
            row + 0.5, abs=0.01
        )


def test_sky_is_infinitely_far_and_things_stand_at_their_depth() -> None:
    shown = seen(clip("desert", actor("fox", 0.0, 7.0), move="push_in"))
    assert np.isinf(shown.depth[shown.owner == SKY]).all()
    assert shown.depth[shown.owner == ACTORS] == pytest.approx(7.0 - shown.camera.z, abs=1e-4)
    assert np.isfinite(shown.depth[shown.owner == FAR]).all()
    room = seen(clip("bedroom"))
    assert len(np.unique(room.depth[room.owner == WALL])) == 1
    assert (room.depth[room.owner >= CARDS] < room.depth[room.owner == WALL].max()).all()


def test_hearts_belong_to_nobody() -> None:
    fox = actor("fox", 0.0, beats=(Beat(action="look_around", emotion="love_struck"),))
    shown = seen(clip("desert", fox))
    hearts = shown.owner == EMOTE
    assert hearts.sum() > 10
    assert shown.masks["fox-1"][hearts].max() < 128
    assert shown.depth[hearts] == pytest.approx(6.0, abs=1e-4)


@pytest.mark.parametrize("role", ["backdrop", "poster", "prop"])
def test_a_users_picture_has_an_owner_and_flows(role: str) -> None:
    picture = np.full((60, 80, 4), (255, 0, 255, 255), np.uint8)
    file = "sha256:" + "0" * 64
    hung = Picture(file=file, role=role, aspect=4 / 3, place=Place(x=0.0, z=6.0), height=2.0)
    timeline = clip("desert", move="zoom_in", pictures=(hung,))
    held = {file: picture}
    shown = truth(timeline, SIZE, NOW, held)
    drawn = frame(timeline, SIZE, NOW, held)
    magenta = (drawn[..., 0] > 150) & (drawn[..., 1] < 60) & (drawn[..., 2] > 150)
    assert (shown.owner[magenta] == PICTURE).mean() > 0.98
    moved = flow(timeline, SIZE, NOW, NOW + STEP, held)
    away = moved.vectors[shown.owner == PICTURE]
    assert np.isfinite(away).all()
    assert 0.3 < np.abs(away).max() < 20


def test_a_region_shows_its_own_setting() -> None:
    mask = np.zeros((8, 10), np.uint8)
    mask[:, 6:] = 255
    region = Region(setting="moon", columns=10, rows=8, mask=mask.tobytes())
    mixed = seen(clip("bedroom", regions=(region,)))
    plain, inside = seen(clip("bedroom")), seen(clip("moon"))
    left, right = np.s_[:, :90], np.s_[:, 130:]
    far = plain.depth[left] > 6.5
    assert np.array_equal(mixed.owner[left][far], plain.owner[left][far])
    background = (inside.owner[right] < CARDS) & (mixed.owner[right] < CARDS)
    background &= mixed.owner[right] != REGION
    assert background.mean() > 0.8
    assert np.array_equal(mixed.owner[right][background], inside.owner[right][background])
    moved = flow(clip("bedroom", regions=(region,), move="truck_right"), SIZE, NOW, NOW + STEP)
    assert np.nanmax(np.abs(moved.vectors[right])) < 20


def dissolve() -> Timeline:
    fox = actor("fox", 0.0, beats=(Beat(action="walk", direction="right"),))
    a = clip("meadow", fox, move="truck_left").shots[0].scene
    b = clip("bedroom", fox, actor("tree", 1.0), move="zoom_in").shots[0].scene
    curve = (CurvePoint(at=Fraction(0), weight=0.0), CurvePoint(at=Fraction(2), weight=1.0))
    mix = Mix(scene=b, start=Fraction(1), curve=curve)
    return Timeline(shots=(Shot(scene=a, seconds=Fraction(4), mix=mix), *clip("beach").shots))


def test_a_dissolve_has_the_truth_of_the_weightier_scene() -> None:
    timeline = dissolve()
    assert set(seen(timeline, Fraction(1, 2)).masks) == {"fox-1"}
    assert set(seen(timeline, Fraction(3, 2)).masks) == {"fox-1", "tree-1"}
    assert WALL in np.unique(seen(timeline, Fraction(3, 2)).owner)


def test_the_camera_path_is_that_of_the_frames() -> None:
    timeline = dissolve()
    path = camera_path(timeline, Fraction(4), 20)
    assert len(path) == 20
    for index in range(0, 20, 3):
        assert path[index] == truth(timeline, SMALL, Fraction(index, 4)).camera


def test_contacts_of_a_clip_are_those_of_its_scenes_in_turn() -> None:
    timeline = dissolve()
    first, mix = timeline.shots[0].scene, timeline.shots[0].mix
    assert mix is not None
    found = clip_contacts(timeline)
    assert [one.at for one in found] == sorted(one.at for one in found)
    expected = contacts(first, Fraction(0), Fraction(1))
    assert found[: len(expected)] == expected
    later = {one.at for one in found if one.at >= 1}
    assert later == {one.at + 1 for one in contacts(mix.scene, Fraction(2), Fraction(3))}
    assert later


def test_no_setting_has_so_much_scenery_that_its_numbers_reach_the_actors() -> None:
    for setting in catalogue().settings.values():
        assert len(place_scenery(setting, 0)) <= ACTORS - CARDS, setting


@settings(max_examples=25)
@given(st.data())
def test_truths_of_any_scene_agree_with_each_other(data: st.DataObject) -> None:
    scene = stage(data.draw(scenes(most=3, most_beats=2)))
    at = data.draw(st.sampled_from((Fraction(0), Fraction(5, 4), Fraction(4))))
    timeline = single(scene, Fraction(5))
    shown = truth(timeline, SMALL, at)
    assert shown.owner.shape == shown.depth.shape == (SMALL.height, SMALL.width)
    assert (shown.depth > 0).all()
    assert set(shown.masks) == set(shown.whole) == set(shown.boxes) == {a.id for a in scene.actors}
    for index, one in enumerate(scene.actors):
        mask, whole, box = shown.masks[one.id], shown.whole[one.id], shown.boxes[one.id]
        assert (mask <= whole).all()
        assert 0.0 <= box.in_frame <= 1.0
        assert 0.0 <= box.unoccluded <= 1.0
        own = shown.owner == ACTORS + index
        # Bytes round: a mask of just over one half may have been just under it.
        assert own[mask >= 130].all()
        assert (whole[own] >= 128).all()
        if own.any():
            # Nothing that is seen through its body lies behind it.
            assert (shown.depth[whole >= 128] <= shown.depth[own].max() + 1e-4).all()
        if box.visible is not None:
            assert box.visible[0] < box.visible[2] <= SMALL.width
            assert box.visible[1] < box.visible[3] <= SMALL.height
            assert box.in_frame > 0
    same = flow(timeline, SMALL, at, at)
    assert np.abs(same.vectors).max() < 1e-3
    assert not same.occluded.any()


@settings(max_examples=15)
@given(st.data())
def test_a_flow_without_a_place_to_go_is_occluded(data: st.DataObject) -> None:
    scene = stage(data.draw(scenes(most=2, loops=data.draw(st.booleans()))))
    moved = flow(single(scene, Fraction(5)), SMALL, Fraction(1), Fraction(1) + STEP)
    rows, columns = np.mgrid[0 : SMALL.height, 0 : SMALL.width] + 0.5
    x, y = columns + moved.vectors[..., 0], rows + moved.vectors[..., 1]
    inside = (x >= 0) & (x < SMALL.width) & (y >= 0) & (y < SMALL.height)
    assert moved.occluded[~inside].all()


def test_the_example_writes_its_pictures(tmp_path: Path) -> None:
    example = runpy.run_path(str(ROOT / "examples" / "truths.py"))
    example["main"]("a fox walks behind a tree", tmp_path / "truths")
    found = {path.stem: pictures.still(path) for path in (tmp_path / "truths").iterdir()}
    assert set(found) == {"picture", "depth", "owners", "flow"}
    assert all(picture.shape == (360, 640, 3) and picture.std() > 5 for picture in found.values())

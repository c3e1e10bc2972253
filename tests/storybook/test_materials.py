"""Materials: what is of gold, glass, clay or chrome is read, told, drawn and remixed as such."""

from __future__ import annotations

from fractions import Fraction
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from kinema.storybook.captions import describe
from kinema.storybook.catalogue import catalogue
from kinema.storybook.director import stage
from kinema.storybook.figures import Cutout, figure
from kinema.storybook.figures.material import FINISHES, coated, surface, swollen
from kinema.storybook.pose import Pose
from kinema.storybook.reader import read
from kinema.storybook.remix import remix
from kinema.storybook.render import frame, styles
from kinema.storybook.scene import Actor, Beat, Scene
from kinema.storybook.splits import cell_is_held_out, split_of
from kinema.storybook.timeline import single
from kinema.storybook.truth import truth
from kinema.types import CharacterRef, Size, from_json, to_json
from tests.storybook.drawn_samples import drawn

EVERY = tuple(catalogue().materials)
SIZE = Size(width=192, height=128)
FOX_AND_BALL = read("a blue fox and a ball in a park").scene


def looks(prompt: str) -> list[tuple[str, str | None, str | None]]:
    return [(a.subject, a.colour, a.material) for a in read(prompt).scene.actors]


def cutout(subject: str, material: str | None = None, pixels: float = 128, **own: Any) -> Cutout:
    shown = Actor(id="shown", subject=subject, beats=(), material=material, **own)
    pose = Pose(actor="shown", x=0, y=0, z=6, height=1.5, facing=0.3)
    return figure(shown).cutout(pose, pixels)


def still(scene: Scene) -> NDArray[np.uint8]:
    return frame(single(scene, Fraction(60)), SIZE, Fraction(0))


def of(scene: Scene, material: str | None, colour: str | None = None) -> Scene:
    return replace(
        scene, actors=tuple(replace(a, material=material, colour=colour) for a in scene.actors)
    )


# Reading


@pytest.mark.parametrize(
    ("prompt", "subject", "colour", "material"),
    [
        ("a golden statue of a fox", "fox", None, "gold"),
        ("a gold figurine of the dragon in a kitchen", "dragon", None, "gold"),
        ("a fox made of solid gold", "fox", None, "gold"),
        ("a gold ball rolls", "soccer ball", None, "gold"),
        ("a golden car drives by the sea", "car", None, "gold"),
        ("a golden dog runs", "dog", "gold", None),
        ("a golden retriever runs", "guide dog", None, None),
        ("a glass ball", "soccer ball", None, "glass"),
        ("a small blue glass dragon flies", "dragon", "blue", "glass"),
        ("the robot is made of glass", "robot", None, "glass"),
        ("a glass of milk on a table", "glass of milk", None, None),
        ("a clay elephant", "elephant", None, "clay"),
        ("an elephant made out of clay walks", "elephant", None, "clay"),
        ("a chrome robot", "robot", None, "chrome"),
        ("a steel ball", "soccer ball", None, "chrome"),
    ],
)
def test_a_material_is_read(prompt: str, subject: str, colour: str | None, material: str | None):
    assert looks(prompt) == [(subject, colour, material)]


@pytest.mark.parametrize(
    "prompt", ["clay, a fox", "a fox in clay style", "everything is made of clay, a fox walks"]
)
def test_clay_that_nobody_is_made_of_is_a_style(prompt: str):
    scene = read(prompt).scene
    assert scene.style == "claymation" and scene.actors[0].material is None


def test_parts_of_a_group_are_of_materials_of_their_own():
    assert looks("two cars, one gold and one glass") == [
        ("car", None, "gold"), ("car", None, "glass"),
    ]  # fmt: skip


def test_a_colour_that_a_material_does_not_take_is_left_out_with_a_note():
    reading = read("a red chrome car")
    assert reading.scene.actors[0].colour is None
    assert any("red is left out" in note for note in reading.notes)


def test_a_character_keeps_the_material_of_its_looks():
    mia = CharacterRef(name="Mia", looks="a small glass fox")
    (actor,) = read("Mia sleeps on a beach", characters=(mia,)).scene.actors
    assert (actor.subject, actor.size, actor.material) == ("fox", "small", "glass")


# Remix


@pytest.mark.parametrize(
    ("prompt", "index", "colour", "material"),
    [
        ("make the ball chrome", 1, None, "chrome"),
        ("make the ball gold", 1, None, "gold"),
        ("turn the fox into gold", 0, None, "gold"),
        ("turn the fox into glass", 0, "blue", "glass"),
        ("the fox is made of clay", 0, None, "clay"),
    ],
)
def test_only_the_material_named_changes(
    prompt: str, index: int, colour: str | None, material: str
):
    changed = remix(FOX_AND_BALL, prompt).scene
    expected = list(FOX_AND_BALL.actors)
    expected[index] = replace(expected[index], colour=colour, material=material)
    assert changed == replace(FOX_AND_BALL, actors=tuple(expected))


def test_a_new_colour_tints_glass_and_takes_the_place_of_metal():
    glass, metal = of(FOX_AND_BALL, "glass"), of(FOX_AND_BALL, "chrome")
    for scene, left in ((glass, "glass"), (metal, None)):
        fox = remix(scene, "make the fox pink").scene.actors[0]
        assert (fox.colour, fox.material) == ("pink", left)


def test_a_material_can_be_taken_away():
    changed = remix(of(FOX_AND_BALL, "glass"), "no glass").scene
    assert [actor.material for actor in changed.actors] == [None, None]


# Captions, samples and splits


@pytest.mark.parametrize("material", EVERY)
@pytest.mark.parametrize("subject", ["fox", "car", "coin"])
def test_captions_tell_the_material_and_read_back(subject: str, material: str):
    walker = Actor(id="a", subject=subject, material=material, beats=(Beat(action="spin"),))
    for seed in range(40):
        said = describe(Scene(actors=(walker,)), seed=seed, length="dense")
        if not {"material", "subject"} <= said.told:
            continue
        back = [
            actor.material for actor in read(said.text).scene.actors if actor.subject == subject
        ]
        assert back == [material], said.text


def test_a_material_is_not_told_where_no_colour_shows():
    gold = Actor(id="a", subject="fox", material="gold", beats=(Beat(action="walk"),))
    for seed in range(40):
        said = describe(Scene(actors=(gold,), style="pencil"), seed=seed)
        assert "material" not in said.told and "gold" not in said.text.lower()


def test_samples_of_a_material_are_told_truly():
    told = [one for one in drawn(2000) if {"material", "subject"} <= one.caption.told]
    right = 0
    for one in told:
        made = {(a.subject, a.material) for a in read(one.caption.text).scene.actors if a.material}
        right += made <= {(a.subject, a.material) for a in one.scene.actors}
    assert len(told) > 20
    assert right >= 0.95 * len(told)


def test_gold_is_held_out_where_the_colour_gold_is():
    held = next(s for s in catalogue().subjects if cell_is_held_out("D", "gold", s))
    plain = Scene(actors=(Actor(id="a", subject=held, beats=()),))
    assert "D" not in split_of(plain)
    assert "D" in split_of(of(plain, None, "gold")) & split_of(of(plain, "gold"))


# Drawing


def test_every_material_has_its_picture_and_they_are_small():
    folder = files("kinema.storybook").joinpath("data", "materials")
    stored = {entry.name: len(entry.read_bytes()) for entry in folder.iterdir()}
    assert stored.keys() == {f"{name}.webp" for name in EVERY}
    assert set(FINISHES) == set(EVERY)
    assert max(stored.values()) < 8_000


def test_a_swollen_disc_is_a_sphere():
    disc = np.zeros((129, 129), np.uint8)
    cv2.circle(disc, (64, 64), 50, 255, -1, cv2.LINE_AA)
    depth = 2 * np.sqrt(np.maximum(swollen(disc), 0))
    away = np.hypot(*(np.mgrid[0:129, 0:129] - 64))
    inside = away < 45
    assert np.abs(depth - np.sqrt(np.maximum(50.5**2 - away**2, 0)))[inside].max() < 4


@pytest.mark.parametrize("material", EVERY)
@pytest.mark.parametrize("subject", ["fox", "elephant", "soccer ball", "woman"])
@pytest.mark.parametrize("pixels", [30, 128])
def test_a_material_changes_the_look_and_not_the_silhouette(
    subject: str, material: str, pixels: float
):
    plain, made = cutout(subject, pixels=pixels), cutout(subject, material, pixels)
    assert np.array_equal(plain.image[..., 3], made.image[..., 3])
    assert made.anchor == plain.anchor and made.key != plain.key
    assert (made.image[..., :3] <= made.image[..., 3:]).all()
    solid = plain.image[..., 3] > 250
    change = np.abs(plain.image[solid][:, :3].astype(int) - made.image[solid][:, :3])
    assert change.mean() > 20


def test_gold_is_golden_and_chrome_is_grey():
    gold, chrome = (
        np.median(made.image[made.image[..., 3] > 250][:, :3], axis=0).astype(int)
        for made in (cutout("elephant", "gold"), cutout("elephant", "chrome"))
    )
    assert gold[0] > gold[1] + 20 > gold[2] + 60
    assert np.ptp(chrome) < 25


def test_marks_of_the_art_stay_visible():
    eyes = cutout("panda").image[..., :3].mean(2)
    for material in ("gold", "clay", "chrome"):
        made = cutout("panda", material)
        solid = made.image[..., 3] > 250
        both = np.corrcoef(eyes[solid], made.image[..., :3].mean(2)[solid])
        assert both[0, 1] > 0.15, material


def test_only_glass_takes_a_tint():
    assert not np.array_equal(surface("glass", _ahead(), "red"), surface("glass", _ahead(), "blue"))
    for material in ("gold", "clay", "chrome"):
        painted = cutout("soccer ball", material, colour="red")
        assert np.array_equal(painted.image, cutout("soccer ball", material).image)


def _ahead() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return np.zeros((1, 1), np.float32), np.zeros((1, 1), np.float32)


def test_nothing_is_made_of_an_unknown_material():
    with pytest.raises(KeyError):
        coated(np.zeros((8, 8, 4), np.uint8), "cheese")


def test_only_glass_lets_the_background_through():
    """Two places behind one elephant: where it stands, only glass shows which one it is."""
    elephant = stage(read("an elephant in a meadow", seed=3).scene)
    shine = {}
    for material in EVERY:
        green = still(of(elephant, material)).astype(int)
        sand = still(replace(of(elephant, material), setting="desert")).astype(int)
        covered = _inside(elephant)
        shine[material] = np.abs(green - sand)[covered].mean()
    assert shine["glass"] > 3 * max(shine[name] for name in EVERY if name != "glass")


def _inside(scene: Scene) -> NDArray[np.bool_]:
    """Where somebody stands for sure: gold and clay differ, and so do their neighbours."""
    gold, clay = still(of(scene, "gold")).astype(int), still(of(scene, "clay")).astype(int)
    different = (np.abs(gold - clay).max(2) > 12).astype(np.uint8)
    return cv2.erode(different, np.ones((3, 3), np.uint8)) > 0


def test_what_is_held_before_glass_hides_what_is_behind_it():
    bare, dressed = cutout("fox", "glass"), cutout("fox", "glass", wears="crown")
    assert bare.lens is not None and dressed.lens is not None
    opaque = (dressed.image[..., 3] == 255) & (dressed.lens.clear == 0).all(2)
    assert opaque.sum() > 50
    assert cutout("fox", "gold").lens is None


@pytest.mark.parametrize("material", EVERY)
def test_truths_do_not_depend_on_the_material(material: str):
    scene = stage(read("a fox walks in a forest", seed=3).scene)
    plain, made = (
        truth(single(one, Fraction(2)), SIZE, Fraction(1)) for one in (scene, of(scene, material))
    )
    assert np.array_equal(plain.owner, made.owner)
    assert np.array_equal(plain.depth, made.depth)
    assert np.array_equal(plain.masks["fox-1"], made.masks["fox-1"])
    assert plain.boxes == made.boxes


@pytest.mark.parametrize("style", styles())
def test_every_style_shows_materials_apart(style: str):
    scene = stage(read("a big fox on the beach", seed=3, style=style).scene)
    seen = [still(of(scene, material)).astype(int) for material in EVERY]
    for number, one in enumerate(seen):
        for other in seen[number + 1 :]:
            assert np.abs(one - other).max() > 40


def test_clips_of_before_there_were_materials_still_read():
    scene = stage(read("a fox").scene)
    old = to_json(scene).replace(b'"material":null,', b"").replace(b',"material":null', b"")
    assert b"material" not in old
    assert from_json(old, Scene) == scene

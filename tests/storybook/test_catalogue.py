"""The subjects of the catalogue: every row is drawn, named, sized and moved by what exists."""

from __future__ import annotations

import importlib.util
import tomllib
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from kinema.errors import RequestError
from kinema.storybook import atlas
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.figures import figure
from kinema.storybook.inflection import plural_of
from kinema.storybook.pose import Pose
from kinema.storybook.scene import Actor
from kinema.types import from_builtins

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = tuple(catalogue().subjects.values())
TABLES = files("kinema.storybook").joinpath("data", "subjects")

ALLOWED = {
    "group": {"animal", "person", "character", "vehicle", "food", "object", "plant"},
    "body": {"sprite", "plush", "person"},
    "faces": {"left", "right", "front"},
    "loop": {"gait", "flap", "swim", "wheels", "gesture", "blink", "still"},
    "gait": {"biped", "quadruped", "hop", "slither", "wheels", "wings", "fins", "hull", "none"},
}
MEDIA = {"land", "air", "water", "underwater", "space"}


def table(name: str) -> dict[str, Any]:
    return tomllib.loads(TABLES.joinpath(name).read_text(encoding="utf-8"))


def group_tables() -> list[str]:
    return sorted(path.name for path in TABLES.iterdir() if path.name != "kinds.toml")


def sheet_script() -> ModuleType:
    path = ROOT / "scripts" / "catalogue_sheets.py"
    spec = importlib.util.spec_from_file_location("catalogue_sheets", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def called(subject: Subject) -> list[str]:
    """Everything that means the subject, in lower case."""
    names = [subject.name, *subject.words, *([subject.plural] if subject.plural else [])]
    return [name.lower() for name in names]


def each_subject() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


def test_there_are_subjects_of_every_kind() -> None:
    count = Counter(subject.group for subject in SUBJECTS)
    assert set(count) == ALLOWED["group"]
    assert min(count.values()) >= 20
    assert len(SUBJECTS) >= 420
    homes = {subject.medium[0] for subject in SUBJECTS}
    assert homes == MEDIA
    assert any(subject.body == "plush" and len(subject.emotions) == 12 for subject in SUBJECTS)


def test_rows_stand_in_order_of_group_and_name() -> None:
    keys = [(subject.group, subject.name) for subject in SUBJECTS]
    assert all(first < second for first, second in pairwise(keys))


def test_a_word_means_only_one_subject() -> None:
    owners = Counter(word for subject in SUBJECTS for word in set(called(subject)))
    assert [word for word, count in owners.items() if count > 1] == []


def test_a_word_or_plural_means_only_one_subject() -> None:
    owners: dict[str, set[str]] = {}
    for subject in SUBJECTS:
        for word in (subject.name, *subject.words):
            many = subject.plural if word == subject.name and subject.plural else plural_of(word)
            for form in (word, many):
                owners.setdefault(form.lower(), set()).add(subject.name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


def test_words_kept_for_the_held_out_test_are_not_listed() -> None:
    assert "hound" not in {word for subject in SUBJECTS for word in called(subject)}


def test_names_are_plain_lower_case_words_listed_once() -> None:
    for subject in SUBJECTS:
        listed = [subject.name, *subject.words]
        assert len(listed) == len(set(listed))
        for word in called(subject):
            assert word.isascii()
            assert word == " ".join(word.split())
    assert all(subject.name == subject.name.lower() for subject in SUBJECTS)


def test_an_unknown_key_in_a_row_is_named() -> None:
    row = {"name": "fox", "sprite": "fox", "group": "animal", "medium": ["land"]}
    with pytest.raises(RequestError, match="weight"):
        from_builtins({**row, "height": 1.0, "metres": 1.0, "weight": 3}, Subject)


@each_subject()
def test_every_picture_is_in_the_atlas(subject: Subject) -> None:
    known = atlas.concepts()
    assert {subject.sprite, *subject.emotions.values()} <= set(known)
    assert (known[subject.sprite].count == 1) == (subject.loop == "still")
    if subject.tones:
        assert known[subject.sprite].tones


@each_subject()
def test_every_value_is_one_that_exists(subject: Subject) -> None:
    for field, allowed in ALLOWED.items():
        assert getattr(subject, field) in allowed, field
    assert subject.medium
    assert set(subject.medium) <= MEDIA
    assert set(subject.surfaces) <= set(catalogue().settings)
    assert set(subject.emotions) <= set(catalogue().emotions)
    if subject.own_colour is not None:
        terms = [phrase for term in catalogue().colours.values() for phrase in term.phrases]
        near = [p for row in catalogue().stand_ins if row.slot == "colour" for p in row.phrases]
        assert subject.own_colour in {*terms, *near}


@each_subject()
def test_actions_exist_and_none_is_also_excluded(subject: Subject) -> None:
    actions = set(catalogue().actions)
    assert subject.actions
    assert {*subject.actions, *subject.excludes, *subject.variants} <= actions
    assert not set(subject.actions) & set(subject.excludes)
    assert len(set(subject.actions)) == len(subject.actions)


@each_subject()
def test_nobody_is_kept_from_a_gesture_of_the_whole_body(subject: Subject) -> None:
    gestures = {
        "bounce", "bow", "hug", "nod", "rock", "sit", "sneak", "stumble", "wave", "wink",
    }  # fmt: skip
    assert not gestures & set(subject.excludes)
    if subject.gait in ("biped", "quadruped") and subject.group == "animal":
        assert not {"fly", "swim"} & set(subject.excludes)


@each_subject()
def test_a_variant_can_do_what_it_stands_in_for(subject: Subject) -> None:
    for action, name in subject.variants.items():
        variant = catalogue().subjects[name]
        assert action in variant.actions
        assert not variant.variants
        assert action not in subject.excludes


@each_subject()
def test_sizes_are_within_range(subject: Subject) -> None:
    assert 0.6 <= subject.height <= 2.6
    assert 0.01 <= subject.metres <= 40.0
    assert 0.0 <= subject.waterline < 0.75
    assert subject.waterline == 0.0 or (subject.gait == "hull" and "water" in subject.medium)


@each_subject()
def test_feet_and_wheels_cover_ground(subject: Subject) -> None:
    assert subject.cycles > 0
    if subject.loop in ("gait", "wheels"):
        assert subject.stride > 0
        assert subject.gait != "none"
        assert subject.cycles == int(subject.cycles)
    if subject.loop == "gesture":
        assert subject.gesture
    if subject.hurries:
        assert subject.loop == "gesture"


@each_subject()
def test_mouth_and_colours_lie_within_the_art(subject: Subject) -> None:
    if subject.mouth is not None:
        x, y, width = subject.mouth
        left, top, right, bottom = atlas.concepts()[subject.sprite].box
        assert left <= x - width / 2
        assert x + width / 2 <= right
        assert top < y < bottom
    for colour in (subject.tint, subject.limbs):
        assert colour is None or (len(colour) == 3 and all(0 <= part <= 255 for part in colour))
    if subject.body == "plush":
        assert subject.tint is not None
        assert subject.faces in ("front", "left")
    else:
        assert subject.tint is None
        assert not subject.emotions


@pytest.mark.parametrize(
    "subject",
    [row for row in SUBJECTS if row.tilt or row.floor or row.share < 1],
    ids=lambda row: row.name,
)
def test_the_shape_of_turned_and_cut_art_is_known(subject: Subject) -> None:
    drawn = figure(Actor(id="shown", subject=subject.name, beats=()))
    assert subject.aspect == pytest.approx(drawn.width, rel=0.02)
    assert subject.body != "plush"
    assert subject.mouth is None
    assert -180 < subject.tilt <= 180
    assert 0 < subject.share <= 1


def test_the_shape_of_other_art_is_left_to_the_atlas() -> None:
    whole = [row for row in SUBJECTS if not row.tilt and not row.floor and row.share == 1]
    assert all(row.aspect == 0.0 for row in whole)


@pytest.mark.parametrize("name", ["kneeling man", "meditating woman"])
def test_art_of_a_part_of_the_body_is_drawn_as_high_as_that_part(name: str) -> None:
    subject = catalogue().subjects[name]
    pose = Pose(actor="shown", x=0.0, y=0.0, z=6.0, height=subject.height)
    cutout = figure(Actor(id="shown", subject=name, beats=())).cutout(pose, 200)
    rows = np.flatnonzero((cutout.image[..., 3] > 128).any(1))
    drawn = (cutout.anchor[1] - rows[0]) / cutout.metre
    assert drawn == pytest.approx(subject.share * subject.height, rel=0.1)


@pytest.mark.parametrize("name", group_tables())
def test_a_row_is_one_line_of_its_table(name: str) -> None:
    text = TABLES.joinpath(name).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("    { name = ")]
    assert len(rows) == len(table(name)["subject"])


@pytest.mark.parametrize("name", group_tables())
def test_a_row_does_not_repeat_its_kind(name: str) -> None:
    kinds = table("kinds.toml")
    for row in table(name)["subject"]:
        kind = kinds[row["kind"]]
        assert [key for key in row if key in kind and row[key] == kind[key]] == [], row["name"]


def test_every_kind_has_subjects() -> None:
    used = {row["kind"] for name in group_tables() for row in table(name)["subject"]}
    assert used == set(table("kinds.toml"))


def test_every_subject_is_on_a_contact_sheet_once_and_in_order() -> None:
    laid = sheet_script().sheets()
    shown = [name for names in laid.values() for name in names]
    assert shown == [subject.name for subject in SUBJECTS]
    drawn = {path.name: path.stat().st_size for path in (ROOT / "docs" / "catalogue").iterdir()}
    assert set(drawn) == {*laid, "materials.webp"}
    assert sum(drawn.values()) < 3 * 2**20


def test_a_tile_shows_its_subject_and_which_way_it_looks() -> None:
    script = sheet_script()
    snake, dog = (script.tile(catalogue().subjects[name]) for name in ("snake", "dog"))
    assert snake.shape == dog.shape == (script.HEIGHT, script.WIDTH, 3)
    corner = (slice(-18, None), slice(-36, None))
    tips = [tile[corner].min(2) < 128 for tile in (snake, dog)]
    assert [int(tip[:, 18:].sum() > tip[:, :18].sum()) for tip in tips] == [1, 0]

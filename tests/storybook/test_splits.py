"""The held-out splits: fixed for ever, and never trained on."""

from __future__ import annotations

import re
from hashlib import blake2b
from itertools import islice, product

import pytest

from kinema.storybook.captions import RESERVED_TEMPLATES
from kinema.storybook.captions.sentences import TEMPLATES
from kinema.storybook.catalogue import catalogue
from kinema.storybook.lexicon import lexicon, phrase_key
from kinema.storybook.pairs import KINDS, minimal_pair
from kinema.storybook.sampler import sample
from kinema.storybook.scene import Actor, Beat, Camera, Scene
from kinema.storybook.splits import (
    BY_SCENE,
    RESERVED_NOUNS,
    RESERVED_VERBS,
    cell_is_held_out,
    held_out,
    is_reserved,
    reserved_words,
    split_of,
    unseen_subjects,
)
from tests.storybook.drawn_samples import drawn

SUBJECTS = ("fox", "car", "dog", "woman", "whale", "apple", "tree", "robot", "sailboat", "bee")
ACTIONS = ("walk", "run", "fly", "swim", "dance", "sleep", "jump", "drive", "sail", "look_around")
SETTINGS = ("meadow", "beach", "city_street", "underwater", "bedroom", "moon", "lake", "forest")
CAMERAS = ("static", "pan_left", "push_in", "tracking", "orbit", "zoom_out")
COLOURS = ("red", "blue", "green", "pink", "2", "3", "4")


def cells(split: str) -> list[tuple[str, ...]]:
    return {
        "B1": list(product(SUBJECTS, ACTIONS)),
        "B2": list(product(SUBJECTS, SETTINGS)),
        "B3": list(product(ACTIONS, CAMERAS)),
        "C": list(product(SUBJECTS, ACTIONS, SETTINGS)),
        "D": list(product(COLOURS, SUBJECTS)),
    }[split]


def fingerprint(split: str) -> str:
    held = "".join("1" if cell_is_held_out(split, *cell) else "0" for cell in cells(split))
    return blake2b(held.encode(), digest_size=6).hexdigest()


def test_what_is_held_out_is_fixed_for_ever():
    # Another value here makes every model that was trained before incomparable.
    assert {split: fingerprint(split) for split in BY_SCENE} == {
        "B1": "3b9a4cfd261e", "B2": "d6809a602baa", "B3": "7979f8ed42eb",
        "C": "f3ab48e41586", "D": "9a038e07ad37",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("split", "share"), [("B1", 0.10), ("B2", 0.10), ("B3", 0.10), ("D", 0.12)]
)
def test_each_split_holds_out_its_share_of_pairs(split: str, share: float):
    world = catalogue()
    tables = {
        "B1": (world.subjects, world.actions), "B2": (world.subjects, world.settings),
        "B3": (world.actions, world.cameras), "D": (world.colours, world.subjects),
    }[split]  # fmt: skip
    held = [cell_is_held_out(split, *cell) for cell in islice(product(*tables), 6000)]
    assert sum(held) / len(held) == pytest.approx(share, abs=0.035)


def test_triples_are_held_out_only_where_their_pairs_are_seen():
    held = [cell for cell in cells("C") if cell_is_held_out("C", *cell)]
    assert len(held) / len(cells("C")) == pytest.approx(0.08, abs=0.03)
    for subject, action, setting in held:
        assert not cell_is_held_out("B1", subject, action)
        assert not cell_is_held_out("B2", subject, setting)


def test_a_scene_is_held_out_by_any_of_its_actors():
    subject, action = next(cell for cell in cells("B1") if cell_is_held_out("B1", *cell))
    seen = next(
        (s, a) for s, a in cells("B1")
        if not held_out(Scene(actors=(Actor(id="a", subject=s, beats=(Beat(action=a),)),)))
    )  # fmt: skip
    good = Actor(id="a", subject=seen[0], beats=(Beat(action=seen[1]),))
    bad = Actor(id="b", subject=subject, beats=(Beat(action=action),))
    scene = Scene(actors=(good,))
    assert split_of(scene) == {"A"}
    assert "B1" in split_of(Scene(actors=(good, bad)))


def test_counts_and_colours_are_cells_of_their_own():
    count, subject = next(
        cell for cell in cells("D") if cell[0] in "23" and cell_is_held_out("D", *cell)
    )
    group = tuple(Actor(id=str(i), subject=subject, beats=(), group="g") for i in range(int(count)))
    assert "D" in split_of(Scene(actors=group))
    assert "D" not in split_of(Scene(actors=group[:1]))


def test_nothing_held_out_is_ever_trained_on():
    assert [s.seed for s in drawn(2000) if held_out(s.scene)] == []


def test_no_reserved_word_is_ever_trained_on():
    found = []
    for one in drawn(2000):
        text = f" {re.sub('[^a-z -]', ' ', one.caption.text.lower())} "
        found += [(one.seed, word) for word in reserved_words() if f" {word} " in text]
    assert found == []


def test_no_reserved_template_is_ever_trained_on():
    assert not {one.caption.template for one in drawn(2000)} & set(RESERVED_TEMPLATES)
    assert not set(TEMPLATES) & set(RESERVED_TEMPLATES)


@pytest.mark.parametrize("split", BY_SCENE)
def test_a_split_of_scenes_yields_only_its_own(split: str):
    assert {split_of(sample(seed, split=split).scene) for seed in range(12)} == {
        frozenset((split,))
    }


def test_split_a_is_the_training_distribution_from_other_draws():
    train, other = sample(3), sample(3, split="A")
    assert not held_out(other.scene)
    assert train.scene != other.scene


def test_split_f_says_reserved_words_every_time():
    assert all(
        is_reserved(re.sub("[^a-z -]", "", sample(seed, split="F").caption.text.lower()))
        for seed in range(25)
    )


def test_split_g_uses_reserved_templates_every_time():
    templates = {sample(seed, split="G").caption.template for seed in range(40)}
    assert templates <= set(RESERVED_TEMPLATES)
    assert len(templates) >= 4


def test_split_h_names_what_the_world_does_not_have():
    for seed in range(8):
        text = sample(seed, split="H").caption.text.lower()
        assert any(noun in text for noun in unseen_subjects()), text


@pytest.mark.parametrize("split", ["E", "everything"])
def test_other_splits_are_refused(split: str):
    with pytest.raises(ValueError, match="cannot sample split"):
        sample(0, split=split)


def test_every_reserved_word_is_read_as_what_it_is_reserved_for():
    senses = lexicon().senses
    wrong = [
        (name, word)
        for slot, table in (("subject", RESERVED_NOUNS), ("action", RESERVED_VERBS))
        for name, words in table.items()
        for word in words
        if name not in {s.value for s in senses.get(phrase_key(word), ()) if s.slot == slot}
    ]
    assert wrong == []


def test_no_subject_is_called_by_a_reserved_word_alone():
    assert [name for name in catalogue().subjects if is_reserved(name)] == []


def test_unseen_subjects_are_not_in_the_catalogue():
    assert len(unseen_subjects()) >= 25
    assert not set(unseen_subjects()) & set(catalogue().subjects)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_minimal_pair_differs_in_one_thing_only(kind: str):
    one, two = minimal_pair(kind, 1)
    assert one.caption.text != two.caption.text
    assert not held_out(one.scene)
    assert not held_out(two.scene)
    assert one.scene.seed == two.scene.seed
    for slot in ("setting", "time", "weather", "style"):
        assert getattr(one.scene, slot) == getattr(two.scene, slot)
    if kind != "count":
        assert len(one.caption.text.split()) == len(two.caption.text.split())


def test_a_pair_of_roles_swaps_who_does_it():
    one, two = minimal_pair("roles", 2)
    assert [a.subject for a in one.scene.actors] == [a.subject for a in two.scene.actors][::-1]


def test_a_pair_of_pans_moves_the_camera_the_other_way():
    moves = [one.scene.camera for one in minimal_pair("pan", 2)]
    assert [camera.move for camera in moves] == ["pan_left", "pan_right"]
    assert moves[0] == Camera(move="pan_left", target=moves[1].target)

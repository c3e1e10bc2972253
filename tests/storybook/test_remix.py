from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kinema.errors import PromptError, RequestError
from kinema.storybook.lexicon import lexicon, nearest_spelling, phrase_key
from kinema.storybook.reader import read
from kinema.storybook.remix import remix
from kinema.storybook.scene import Place, Scene
from kinema.types import CharacterRef, from_json, to_json

SOUP = st.lists(st.sampled_from(sorted(lexicon().senses)), min_size=1, max_size=8).map(" ".join)


def placed(prompt: str) -> Scene:
    """The scene of a prompt with every actor placed."""
    scene = read(prompt, seed=11).scene
    actors = tuple(
        msgspec.structs.replace(actor, place=Place(x=float(n), z=6.0))
        for n, actor in enumerate(scene.actors)
    )
    return msgspec.structs.replace(scene, actors=actors)


FOX = placed("a red fox with a balloon walks through a forest in the rain, then sleeps")


def differences(a: Scene, b: Scene) -> set[str]:
    return {name for name in Scene.__struct_fields__ if getattr(a, name) != getattr(b, name)}


@pytest.mark.parametrize(
    ("prompt", "slot", "value"),
    [
        ("make it night", "time", "night"),
        ("snow instead of rain", "weather", "snow"),
        ("no rain", "weather", "clear"),
        ("watercolour", "style", "watercolour"),
        ("on a beach", "setting", "beach"),
    ],
)
def test_only_the_named_slot_of_the_scene_changes(prompt: str, slot: str, value: str):
    scene = remix(FOX, prompt).scene
    assert getattr(scene, slot) == value
    assert differences(scene, FOX) == {slot}


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [
        ("make the fox blue", "colour", "blue"),
        ("make it tiny", "size", "tiny"),
        ("the fox wears a crown", "wears", "crown"),
        ("the fox holds an umbrella", "holds", "umbrella"),
        ("without the balloon", "holds", None),
        ("replace the fox with a dragon", "subject", "dragon"),
        ("turn the fox into a cat", "subject", "cat"),
        ("a cat instead of the fox", "subject", "cat"),
        ("a cat", "subject", "cat"),
    ],
)
def test_only_the_named_part_of_an_actor_changes(prompt: str, field: str, value: str | None):
    scene = remix(FOX, prompt).scene
    assert differences(scene, FOX) == {"actors"}
    (before,), (after,) = FOX.actors, scene.actors
    assert getattr(after, field) == value
    allowed = {field} | ({"colour", "beats"} if field == "subject" else set())
    for name in before.__struct_fields__:
        assert name in allowed or getattr(after, name) == getattr(before, name)


@pytest.mark.parametrize(
    ("prompt", "beats"),
    [
        ("it runs", ["run", "sleep"]),
        ("then it dances", ["walk", "dance"]),
        ("the fox jumps, then waves", ["jump", "wave"]),
    ],
)
def test_the_named_event_changes(prompt: str, beats: list[str]):
    scene = remix(FOX, prompt).scene
    assert [beat.action for beat in scene.actors[0].beats] == beats
    assert scene.actors[0].place == FOX.actors[0].place


def test_several_changes_can_be_asked_for_at_once():
    scene = remix(FOX, "remove the balloon, make it night and let the fox dance").scene
    assert differences(scene, FOX) == {"time", "actors"}
    assert (scene.time, scene.actors[0].holds) == ("night", None)
    assert [beat.action for beat in scene.actors[0].beats] == ["dance", "sleep"]


@given(st.text("bcdfghjklmnpqrstvwxz", min_size=3, max_size=9))
@settings(max_examples=60, deadline=None)
def test_an_unknown_word_changes_nothing_else(word: str):
    assume(phrase_key(word) not in lexicon().senses and nearest_spelling(word) is None)
    reading = remix(FOX, f"night {word}")
    assert differences(reading.scene, FOX) == {"time"}
    assert any(word in note for note in reading.notes)


def test_a_new_emotion_lasts_into_the_next_beat():
    beats = remix(FOX, "make the fox happy").scene.actors[0].beats
    assert [beat.emotion for beat in beats] == ["happy", "happy"]


@pytest.mark.parametrize(
    "prompt", ["add a dog", "another dog", "a dog joins", "a dog next to the fox"]
)
def test_an_added_subject_joins_the_others(prompt: str):
    scene = remix(FOX, prompt).scene
    assert [actor.id for actor in scene.actors] == ["fox-1", "dog-1"]
    assert scene.actors[0] == FOX.actors[0]
    assert scene.actors[1].place is None


def test_a_new_subject_can_be_after_one_who_is_there():
    scene = remix(FOX, "a bear chases the fox").scene
    fox, bear = scene.actors
    assert (bear.beats[0].action, bear.beats[0].target) == ("chase", "fox-1")
    assert (fox.beats[0].action, fox.beats[0].target) == ("flee", "bear-1")


def test_who_leaves_takes_relations_and_targets_along():
    chase = placed("a dog chases a cat")
    scene = remix(chase, "remove the cat").scene
    (dog,) = scene.actors
    assert (dog.beats[0].action, dog.beats[0].target) == ("run", None)
    assert scene.relations == ()


@pytest.mark.parametrize(("prompt", "count"), [("three foxes", 3), ("one fox", 1)])
def test_a_new_count_keeps_the_first_ones(prompt: str, count: int):
    two = placed("two foxes in a forest")
    scene = remix(two, prompt).scene
    assert len(scene.actors) == count
    assert scene.actors[: min(count, 2)] == two.actors[: min(count, 2)]


def test_a_strong_remix_draws_scenery_anew_and_keeps_the_rest():
    scene = remix(FOX, "make it night", strength=0.9).scene
    assert differences(scene, FOX) == {"time", "seed", "actors"}
    (fox,) = scene.actors
    assert fox.place is None
    assert msgspec.structs.replace(fox, place=FOX.actors[0].place) == FOX.actors[0]
    assert remix(FOX, "make it night", strength=0.9).scene == scene


def test_a_place_in_another_medium_changes_what_cannot_go_on_there():
    reading = remix(FOX, "under water")
    (fox,) = reading.scene.actors
    assert reading.scene.setting == "underwater"
    assert fox.beats[0].action != "walk" and fox.place is None
    assert any("fox" in note for note in reading.notes)


def test_a_character_can_be_meant_by_name():
    pip = CharacterRef(name="Pip", looks="a robot")
    scene = read("Pip and a dog in a meadow", characters=(pip,)).scene
    changed = remix(scene, "Pip sleeps", characters=(pip,)).scene
    assert changed.actors[0].beats[0].action == "sleep"
    assert changed.actors[1] == scene.actors[1]


def test_nonsense_and_strengths_out_of_range_are_refused():
    with pytest.raises(PromptError):
        remix(FOX, "qwrtp")
    with pytest.raises(RequestError) as refusal:
        remix(FOX, "night", strength=1.5)
    assert refusal.value.field == "strength"


@given(SOUP, SOUP, st.sampled_from([0.25, 0.5, 0.75]))
@settings(max_examples=150, deadline=None)
def test_any_remix_gives_a_scene_that_holds_together(first: str, second: str, strength: float):
    try:
        scene = remix(read(first).scene, second, strength=strength).scene
    except PromptError:
        return
    assert from_json(to_json(scene), Scene) == scene
    ids = {actor.id for actor in scene.actors}
    assert len(ids) == len(scene.actors) <= 8
    assert scene.camera.target in (None, *ids)
    assert all({r.subject, r.object} <= ids for r in scene.relations)
    assert all(beat.target in (None, *ids) for actor in scene.actors for beat in actor.beats)

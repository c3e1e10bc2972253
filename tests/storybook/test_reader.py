from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.errors import PromptError, RequestError
from kinema.storybook.camera import MOVES
from kinema.storybook.catalogue import catalogue
from kinema.storybook.lexicon import lexicon, nearest_noun, tokenise
from kinema.storybook.reader import read
from kinema.storybook.reading import check_strict
from kinema.storybook.scene import SECOND_BEAT, Actor, Scene
from kinema.types import CharacterRef, from_json, to_json

PROMPTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "prompts_read.toml").read_text(encoding="utf-8")
)["prompt"]
SOUP = st.lists(st.sampled_from(sorted(lexicon().senses)), max_size=14).map(" ".join)
SCENE_SLOTS = ("setting", "time", "weather", "style")
FIRST_ACTOR = ("holds", "wears")
EVERY_ACTOR = {"colours": "colour", "sizes": "size", "tones": "tone"}


def pairs(scene: Scene) -> list[str]:
    """Relations by subject: "chasing dog cat"."""
    return [
        f"{r.kind} {scene.actor(r.subject).subject} {scene.actor(r.object).subject}"
        for r in scene.relations
    ]


def beat(actors: tuple[Actor, ...], actor: int, index: int) -> Any:
    return actors[actor].beats[index]


def heard(row: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """What the scene says about every slot that the row names."""
    actors = scene.actors
    said: dict[str, Any] = {slot: getattr(scene, slot) for slot in SCENE_SLOTS}
    said |= {"camera": scene.camera.move, "subjects": [actor.subject for actor in actors]}
    said |= {key: [getattr(a, slot) or "" for a in actors] for key, slot in EVERY_ACTOR.items()}
    said["emotions"] = [actor.beats[0].emotion or "" for actor in actors]
    if actors:
        first = beat(actors, 0, 0)
        said |= {slot: getattr(actors[0], slot) for slot in FIRST_ACTOR}
        said |= {"action": first.action, "direction": first.direction}
        said["pace"] = "slow" if first.pace < 1 else "fast" if first.pace > 1 else "usual"
    if "then" in row:
        said["then"] = beat(actors, 0, 1).action
    if "later_emotion" in row:
        said["later_emotion"] = beat(actors, 0, 1).emotion
    if "second" in row:
        said["second"] = beat(actors, 1, 0).action
    if "second_then" in row:
        said["second_then"] = beat(actors, 1, 1).action
    return said


@pytest.mark.parametrize("row", PROMPTS, ids=[row["text"] for row in PROMPTS])
def test_a_prompt_as_people_type_it_is_read_right(row: dict[str, Any]):
    reading = read(row["text"])
    said = heard(row, reading.scene)
    wanted = {k: v for k, v in row.items() if k not in ("text", "relation", "notes")}
    assert {key: said[key] for key in wanted} == wanted
    if "relation" in row:
        assert row["relation"] in pairs(reading.scene)
    for word in row.get("notes", ()):
        assert any(word in note for note in reading.notes)


@given(st.text(max_size=60) | SOUP)
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused_and_its_scene_round_trips(prompt: str):
    try:
        reading = read(prompt)
    except PromptError:
        return
    assert from_json(to_json(reading.scene), Scene) == reading.scene
    assert from_json(to_json(reading), type(reading)) == reading


@given(SOUP)
@settings(max_examples=150, deadline=None)
def test_every_scene_uses_keys_of_the_catalogue_and_ids_of_its_own(prompt: str):
    try:
        scene = read(prompt, seed=7).scene
    except PromptError:
        return
    world, ids = catalogue(), {actor.id for actor in scene.actors}
    assert len(ids) == len(scene.actors) <= 8
    assert scene.setting in world.settings
    assert scene.weather in world.settings[scene.setting].weathers
    assert scene.time in world.times and scene.style in world.styles
    assert scene.camera.move in MOVES and scene.camera.target in (None, *ids)
    for actor in scene.actors:
        assert actor.place is None
        assert actor.subject in world.subjects
        assert [b.at for b in actor.beats] == sorted({b.at for b in actor.beats})
        assert actor.beats[0].at == 0
        assert all(b.action in world.actions and b.target in (None, *ids) for b in actor.beats)
    assert all({r.subject, r.object} <= ids and r.subject != r.object for r in scene.relations)


@given(st.text(max_size=60) | SOUP)
@settings(max_examples=150, deadline=None)
def test_tokens_tile_the_prompt(prompt: str):
    end = 0
    for token in tokenise(prompt):
        assert prompt[end : token.start].isspace() or end == token.start
        assert token.start < token.end
        end = token.end
    assert prompt[end:] == "" or prompt[end:].isspace()


@given(SOUP.filter(bool))
@settings(max_examples=100, deadline=None)
def test_words_cover_every_token_once(prompt: str):
    try:
        words = read(prompt).words
    except PromptError:
        return
    assert all(prompt[word.start : word.end] == word.text for word in words)
    tokens = [(token.start, token.end) for token in tokenise(prompt)]
    covered = [
        token
        for word in words
        for token in tokens
        if word.start <= token[0] and token[1] <= word.end
    ]
    assert covered == tokens


def test_reading_is_the_same_every_time_and_the_seed_only_chooses_what_is_open():
    assert read("a fox in a forest", seed=3) == read("a fox in a forest", seed=3)
    moves = {read("a sleeping fox", seed=seed).scene.camera.move for seed in range(30)}
    assert len(moves) > 1
    fixed = {read("a sleeping fox, zoom out", seed=seed).scene.camera.move for seed in range(30)}
    assert fixed == {"zoom_out"}


@pytest.mark.parametrize("prompt", ["", "   ", "?!", "xyzzy qwrtp", "the of and"])
def test_a_prompt_that_says_nothing_is_refused_with_examples(prompt: str):
    with pytest.raises(PromptError) as refusal:
        read(prompt)
    assert "fox" in refusal.value.allowed or "cat" in refusal.value.allowed


def test_one_readable_word_is_enough():
    reading = read("zzyzx blorp fox")
    assert [actor.subject for actor in reading.scene.actors] == ["fox"]
    assert {word.how for word in reading.words} == {"unknown", "exact"}
    assert any("'blorp'" in note for note in reading.notes)


def test_an_unknown_noun_gets_a_stand_in_and_says_so():
    reading = read("a wug flies over the ocean")
    (actor,) = reading.scene.actors
    assert catalogue().subjects[actor.subject].medium[0] == "air"
    assert any("'wug'" in note and actor.subject in note for note in reading.notes)
    assert next(word for word in reading.words if word.text == "wug").how == "nearest"


@pytest.mark.parametrize(
    ("prompt", "noun", "subject"),
    [
        ("a numbat hops over a meadow", "numbat", "kangaroo"),
        ("a sloop sails over the ocean", "sloop", "sailboat"),
        ("three caracals run through a desert", "caracals", "tiger"),
    ],
)
def test_a_noun_the_tables_lack_is_read_as_its_nearest_kin(prompt: str, noun: str, subject: str):
    reading = read(prompt)
    assert {actor.subject for actor in reading.scene.actors} == {subject}
    assert any(repr(noun) in note and subject in note for note in reading.notes)
    (word,) = (word for word in reading.words if word.text == noun)
    assert (word.how, word.value) == ("nearest", subject)
    with pytest.raises(PromptError, match=noun):
        check_strict(reading)


@pytest.mark.parametrize("noun", ["paradox", "kindness", "elbow", "humanity"])
def test_what_is_no_thing_of_its_own_has_no_kin(noun: str):
    assert nearest_noun(noun) is None
    assert next(word for word in read(f"a fox and {noun}").words if word.text == noun).value == ""


def test_every_noun_with_kin_is_new_and_its_kin_is_a_subject():
    text = files("kinema.storybook").joinpath("data", "nearest.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        subject, nouns = line.split(": ")
        assert subject in catalogue().subjects
        assert not set(nouns.split()) & lexicon().senses.keys()


def test_strict_lists_what_was_replaced_and_what_is_unknown():
    check_strict(read("a fox walks through a forest"))
    with pytest.raises(PromptError) as refusal:
        check_strict(read("a wolfhound and a quixotic fox"))
    assert "wolfhound" in str(refusal.value) and "quixotic" in str(refusal.value)


def test_case_punctuation_and_spelling_do_not_matter():
    plain = read("a grey wolf walks in a forest, watercolour").scene
    assert read("A GRAY WOLF WALKS in a forest -- Watercolor!").scene == plain


def test_a_misspelt_word_is_read_and_reported():
    reading = read("a girafe dancing in a medow")
    assert reading.scene.actors[0].subject == "giraffe"
    assert reading.scene.setting == "meadow"
    assert any("'girafe' is read as 'giraffe'" in note for note in reading.notes)


@pytest.mark.parametrize("word", ["place", "thing", "things", "stick", "block"])
def test_ordinary_words_are_no_misspellings(word: str):
    reading = read(f"a fox {word}")
    assert next(w for w in reading.words if w.text == word).how == "unknown"


@pytest.mark.parametrize(
    ("prompt", "actions"),
    [
        ("a fox walks, then runs", ["walk", "run"]),
        ("a fox walks and then it runs", ["walk", "run"]),
        ("a fox walks. Suddenly it runs.", ["walk", "run"]),
        ("before running, a fox walks", ["walk", "run"]),
        ("after walking, a fox runs", ["walk", "run"]),
        ("a fox runs after walking", ["walk", "run"]),
        ("a fox is walking until it starts to run", ["walk", "run"]),
        ("a fox walked, ran and slept", ["walk", "run", "sleep"]),
    ],
)
def test_events_in_a_row_become_beats(prompt: str, actions: list[str]):
    beats = read(prompt).scene.actors[0].beats
    assert [b.action for b in beats] == actions
    assert [b.at for b in beats] == [SECOND_BEAT * n for n in range(len(actions))]


@pytest.mark.parametrize(
    ("prompt", "weather"),
    [
        ("a fox, no rain", "clear"),
        ("a fox in the rain", "rain"),
        ("a fox without any rain or snow", "clear"),
        ("a fox. It isn't snowing.", "clear"),
        ("a fox in the snow, not raining", "clear"),
        ("no clouds, a fox in the rain", "rain"),
    ],
)
def test_negation_takes_weather_away(prompt: str, weather: str):
    assert read(prompt).scene.weather == weather


def test_the_negative_prompt_takes_things_away():
    scene = read("a cat with a balloon and a dog in the rain", negative="rain, dog, balloon").scene
    assert [(actor.subject, actor.holds) for actor in scene.actors] == [("cat", None)]
    assert scene.weather == "clear"


def test_the_style_option_goes_before_the_prompt():
    assert read("a fox, pixel art", style="watercolor").scene.style == "watercolour"
    with pytest.raises(RequestError) as refusal:
        read("a fox", style="cubist nonsense")
    assert refusal.value.field == "style" and "watercolour" in refusal.value.allowed


def test_a_character_looks_as_described_and_keeps_its_name():
    pip = CharacterRef(name="Pip", looks="a small blue robot with an umbrella")
    scene = read("Pip waves at a dog. Then Pip dances.", characters=(pip,)).scene
    robot, dog = scene.actors
    assert (robot.name, robot.subject, robot.colour, robot.size) == (
        "Pip",
        "robot",
        "blue",
        "small",
    )
    assert robot.holds == "umbrella"
    assert [b.action for b in robot.beats] == ["wave", "dance"]
    assert dog.subject == "dog" and dog.name is None


def test_people_have_skin_tones_where_things_have_colours():
    assert read("a black woman walking").scene.actors[0].tone == "dark"
    assert read("a blue car").scene.actors[0].colour == "blue"


def test_brown_is_a_colour():
    reading = read("a brown horse and a brown car")
    assert [actor.colour for actor in reading.scene.actors] == ["brown", "brown"]
    assert reading.notes == ()


def test_each_other_is_done_by_both():
    first, second = read("two cats chase each other").scene.actors
    assert (first.beats[0].action, first.beats[0].target) == ("chase", second.id)
    assert (second.beats[0].action, second.beats[0].target) == ("flee", first.id)


@pytest.mark.parametrize(
    "prompt",
    ["a bear rides a bicycle fast", "a man in a car drives fast", "a man drives a car fast"],
)
def test_who_rides_sits_still_and_is_carried(prompt: str):
    scene = read(prompt).scene
    man, vehicle = scene.actors
    assert (man.beats[0].action, vehicle.beats[0].action) == ("look_around", "drive")
    assert [relation.kind for relation in scene.relations] == ["riding"]


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("a man rides a bicycle fast", "man"),
        ("a woman on a red bike", "woman"),
        ("a cyclist on a bicycle", "cyclist"),
    ],
)
def test_who_is_drawn_with_the_bicycle_is_one_actor(prompt: str, subject: str):
    (rider,) = read(prompt).scene.actors
    assert (rider.subject, rider.beats[0].action) == (subject, "drive")


@pytest.mark.parametrize(
    ("prompt", "relations"),
    [
        ("two pandas hug", ["hugging panda panda"]),
        ("a bear hugs a wolf", ["hugging bear wolf"]),
        ("a wolf is hugged by a bear", ["hugging bear wolf"]),
        ("a dog sits between a cat and a pig", ["between dog cat", "between dog pig"]),
        ("a girl rides a horse", ["riding girl horse"]),
        ("a horse ridden by a girl", ["riding girl horse"]),
        ("an old man on a horse riding across the desert", ["riding old man horse"]),
        ("a man walks past a house", ["passing man house"]),
        ("a fox and a dog meet", ["meeting fox dog"]),
        ("a rabbit runs as a fox chases it", ["chasing fox rabbit"]),
        ("On the left a cat sleeps, on the right a dog sits", ["left_of cat dog"]),
        ("The cat isn't chasing the dog; the dog chases the cat", ["chasing dog cat"]),
    ],
)
def test_who_does_what_to_whom(prompt: str, relations: list[str]):
    assert pairs(read(prompt).scene) == relations


@pytest.mark.parametrize(
    "action", ["sit", "bow", "nod", "sneak", "stumble", "rock", "bounce", "wink", "wave"]
)
def test_whoever_is_asked_to_can_move_its_whole_body(action: str):
    verb = catalogue().actions[action].verbs[0]
    assert read(f"an owl can {verb}").scene.actors[0].beats[0].action == action


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("a fox stands as the first snow slowly falls", "look_around"),
        ("a fox runs while rain begins to fall", "run"),
        ("a fox in the snow is falling", "fall"),
        ("a fox falls in the rain", "fall"),
    ],
)
def test_the_weather_falls_and_nobody_with_it(prompt: str, action: str):
    (fox,) = read(prompt).scene.actors
    assert [beat.action for beat in fox.beats] == [action]


def test_what_falls_like_rain_is_the_weather():
    assert read("a rain of confetti over a dancing fox").scene.weather == "confetti"
    assert read("a fox in a shower of petals").scene.weather == "petals"


@pytest.mark.parametrize("word", ["corals", "planets", "frame", "grainy", "paper", "puddles"])
def test_a_real_word_is_never_taken_for_another(word: str):
    reading = read(f"a fox, {word}")
    assert not any("is read as" in note for note in reading.notes)


def test_an_adjective_of_light_or_weather_is_nobodys_mood_or_colour():
    fox = read("a fox in a gentle breeze under a golden sunset").scene.actors[0]
    assert (fox.colour, fox.beats[0].emotion) == (None, None)


def test_parts_of_a_group_have_looks_of_their_own():
    scene = read("two robots, one gold and one black, bow on a stage").scene
    assert [robot.colour for robot in scene.actors] == ["gold", "black"]
    assert [robot.beats[0].action for robot in scene.actors] == ["bow", "bow"]


def test_nobody_changes_into_another_and_a_note_says_so():
    reading = read("a frog turns into a prince")
    assert [actor.subject for actor in reading.scene.actors] == ["frog"]
    assert any("turns into" in note for note in reading.notes)


def test_a_third_event_is_announced():
    assert not any("third" in note for note in read("a fox walks, then runs").notes)
    assert any("4 s" in note for note in read("a fox walks, then runs, then sleeps").notes)


def test_the_camera_watches_whom_the_prompt_names():
    scene = read("a dog and a cat run, the camera follows the cat").scene
    assert scene.camera.target == scene.actors[1].id


def test_she_and_he_are_whom_they_can_be():
    scene = read("A girl looks at a man. She dances. He sleeps.").scene
    girl, man = scene.actors
    assert "dance" in [b.action for b in girl.beats] and "sleep" in [b.action for b in man.beats]


def test_a_relative_clause_is_about_the_noun_before_it():
    assert pairs(read("a bear follows a fox who follows a rabbit").scene) == [
        "following bear fox",
        "following fox rabbit",
    ]


def test_a_group_is_counted_together():
    ducks = read("three ducks").scene.actors
    assert len({duck.group for duck in ducks}) == 1 and ducks[0].group is not None
    assert len({duck.phase for duck in ducks}) == 3
    assert read("a duck").scene.actors[0].group is None


@pytest.mark.parametrize(
    ("prompt", "setting"),
    [
        ("a sailboat", "lake"),
        ("a shark", "underwater"),
        ("an airplane", "sky"),
        ("a bus", "city_street"),
    ],
)
def test_without_a_place_a_subject_is_at_home(prompt: str, setting: str):
    assert read(prompt).scene.setting == setting


@pytest.mark.parametrize(
    "prompt", ["a dog " * 5300, "orange " * 4500, "and then " * 3500, "é" * 31_000]
)
def test_the_longest_prompts_are_read_or_refused(prompt: str):
    try:
        assert len(read(prompt[:32_000]).scene.actors) <= 8
    except PromptError as refusal:
        assert refusal.field == "prompt"


def test_what_can_be_seen_in_the_background_does_not_act():
    reading = read("Two dogs run in a park. Chairs and a cake can be seen in the background.")
    assert [actor.subject for actor in reading.scene.actors] == ["dog", "dog"]
    assert {word.how for word in reading.words if word.slot == "scenery"} == {"understood"}
    alone = read("A castle can be seen in the distance")
    assert [actor.subject for actor in alone.scene.actors] == ["castle"]

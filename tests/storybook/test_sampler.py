"""The sampler: everything comes up, nothing clashes, and what is told can be seen."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from msgspec.structs import replace

from kinema.storybook import sanity
from kinema.storybook.catalogue import catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.director import stage
from kinema.storybook.invention import PLAIN_STYLE, gender, invent
from kinema.storybook.sampler import CLIP, Sample, is_seen, sample, samples
from kinema.storybook.scene import SECOND_BEAT, Scene
from kinema.storybook.truth import truth
from kinema.storybook.visibility import FRAMED, OPEN, look
from kinema.types import Size
from tests.storybook.drawn_samples import drawn


@cache
def invented(count: int = 15_000) -> tuple[Scene, ...]:
    return tuple(invent(Dice(seed, ("test",))) for seed in range(count))


# Dice


def test_draws_do_not_disturb_each_other():
    dice = Dice(5)
    before = dice.roll("colour")
    dice.roll("size")
    assert dice.roll("colour") == before
    assert dice.within("a").roll("colour") != before
    assert Dice(6).roll("colour") != before


def test_weights_are_kept():
    found = Counter(Dice(seed).weigh("way", {"a": 3.0, "b": 1.0, "c": 0.0}) for seed in range(2000))
    assert found["c"] == 0
    assert found["a"] / 2000 == pytest.approx(0.75, abs=0.04)


def test_a_choice_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing to choose"):
        Dice(1).weigh("way", {"a": 0.0})


def test_a_shuffle_keeps_everything():
    assert sorted(Dice(4).shuffle("order", "abcdefg")) == list("abcdefg")
    assert len({tuple(Dice(seed).shuffle("order", "abcd")) for seed in range(200)}) == 24


# What comes up


@pytest.mark.parametrize("table", ["subjects", "actions", "settings", "cameras", "styles"])
def test_everything_of_the_catalogue_comes_up(table: str):
    actors = [actor for scene in invented() for actor in scene.actors]
    found = {
        "subjects": {actor.subject for actor in actors},
        "actions": {beat.action for actor in actors for beat in actor.beats},
        "settings": {scene.setting for scene in invented()},
        "cameras": {scene.camera.move for scene in invented()},
        "styles": {scene.style for scene in invented()},
    }[table]
    unsampled = {name for name, row in catalogue().subjects.items() if not row.sampled}
    assert set(getattr(catalogue(), table)) - found == (unsampled if table == "subjects" else set())


@pytest.mark.parametrize(
    "table", ["times", "weathers", "relations", "colours", "sizes", "emotions", "materials"]
)
def test_every_light_relation_and_look_comes_up(table: str):
    actors = [actor for scene in invented() for actor in scene.actors]
    found = {
        "times": {scene.time for scene in invented()},
        "weathers": {scene.weather for scene in invented()},
        "relations": {relation.kind for scene in invented() for relation in scene.relations},
        "colours": {actor.colour for actor in actors},
        "sizes": {actor.size for actor in actors},
        "materials": {actor.material for actor in actors},
        "emotions": {beat.emotion for actor in actors for beat in actor.beats},
    }[table]
    assert set(getattr(catalogue(), table)) - found == set()


def test_skin_tones_come_up_evenly():
    tones = Counter(a.tone for scene in invented() for a in scene.actors if a.tone)
    mean = sum(tones.values()) / len(catalogue().tones)
    assert set(tones) == set(catalogue().tones)
    assert all(count == pytest.approx(mean, rel=0.15) for count in tones.values())


def test_nobody_with_a_skin_tone_is_left_without_one():
    for scene in invented()[:3000]:
        for actor in scene.actors:
            assert (actor.tone is not None) == catalogue().subjects[actor.subject].tones


def test_genders_are_balanced():
    people = [
        gender(scene.actors[0].subject) for scene in invented()
        if scene.actors and catalogue().subjects[scene.actors[0].subject].group == "person"
    ]  # fmt: skip
    shares = {kind: count / len(people) for kind, count in Counter(people).items()}
    assert shares["female"] == pytest.approx(shares["male"], abs=0.07)
    assert shares["neutral"] > 0.2


def test_the_plain_look_is_the_most_frequent_and_the_others_are_even():
    styles = Counter(scene.style for scene in invented())
    assert styles.most_common(1)[0][0] == PLAIN_STYLE
    others = [count for style, count in styles.items() if style != PLAIN_STYLE]
    assert max(others) < 1.3 * min(others)


def test_settings_come_up_evenly():
    settings = Counter(scene.setting for scene in invented())
    assert min(settings.values()) > 0.3 * max(settings.values())


# What goes together


def test_no_looks_clash():
    for scene in invented():
        for actor in scene.actors:
            subject = catalogue().subjects[actor.subject]
            if actor.colour is not None:
                assert subject.colours
                assert scene.style not in sanity.COLOURLESS
            if actor.material is not None:
                assert actor.colour is None or actor.material == "glass"
                assert scene.style not in sanity.COLOURLESS
                assert not (actor.material == "glass" and scene.style in sanity.COARSE)
            if actor.holds is not None or actor.wears is not None:
                assert subject.body == "plush"
            for beat in actor.beats:
                assert beat.action not in subject.excludes, (actor.subject, beat.action)


def test_everybody_is_at_home_and_does_what_can_be_done_there():
    for scene in invented():
        where = catalogue().settings[scene.setting]
        for actor in scene.actors:
            subject = catalogue().subjects[actor.subject]
            assert where.medium in subject.medium
            assert not subject.surfaces or scene.setting in subject.surfaces
            for beat in actor.beats:
                media = catalogue().actions[beat.action].media
                assert not media or where.medium in media, (scene.setting, beat.action)


def test_no_light_clashes():
    for scene in invented():
        where = catalogue().settings[scene.setting]
        assert scene.weather in where.weathers
        if scene.weather == "rainbow":
            assert scene.time not in ("dusk", "night", "sunset")
        if scene.weather == "fireflies":
            assert scene.time in ("dusk", "night")
            assert where.ground != "snow"
        if where.fixed_light:
            assert scene.time == sanity.ANY_TIME


def test_the_camera_follows_only_who_goes_somewhere():
    for scene in invented():
        if scene.camera.move == "tracking":
            for beat in scene.actors[0].beats:
                assert catalogue().actions[beat.action].locomotion
                assert beat.direction in ("left", "right")


def test_nothing_big_is_taken_into_a_room():
    for scene in invented():
        if sanity.indoors(catalogue().settings[scene.setting]):
            for actor in scene.actors:
                subject = catalogue().subjects[actor.subject]
                assert subject.metres <= 3.3
                assert subject.group != "vehicle" or subject.metres <= 1.3


def test_who_acts_on_another_names_somebody_who_is_there():
    for scene in invented():
        ids = {actor.id for actor in scene.actors}
        assert len(ids) == len(scene.actors)
        for actor in scene.actors:
            for beat in actor.beats:
                assert beat.target is None or beat.target in ids - {actor.id}
                if catalogue().actions[beat.action].needs_target:
                    assert beat.target is not None, (actor.subject, beat.action)
        for relation in scene.relations:
            assert {relation.subject, relation.object} <= ids


# The samples


def test_a_seed_is_a_sample_for_ever():
    assert sample(11) == sample(11)
    assert sample(11) != sample(12)
    assert list(samples(3, 2)) == [sample(3), sample(4)]


def test_every_actor_is_seen_well_in_every_sample():
    for one in drawn():
        assert is_seen(one.scene, one.visible), one.seed
        if one.scene.actors and not any(r.kind == "hugging" for r in one.scene.relations):
            lead = one.visible.actors[one.scene.actors[0].id]
            assert lead.framed >= FRAMED
            assert lead.unhidden >= OPEN


def test_samples_are_staged():
    for one in drawn()[:200]:
        assert stage(one.scene) == one.scene
        assert all(actor.place is not None for actor in one.scene.actors)


def test_second_events_and_camera_moves_happen_inside_the_clip():
    for one in drawn():
        end = one.start + one.seconds
        if any(len(actor.beats) > 1 for actor in one.scene.actors):
            assert one.start < SECOND_BEAT < end
        assert one.start >= 0


def test_longer_clips_are_sampled_as_well():
    seconds = Fraction(33, 12)
    for seed in range(12):
        one = sample(seed, seconds=seconds)
        assert one.seconds == seconds
        assert one.timeline.seconds == seconds


def boxes(one: Sample, moments: int = 3) -> dict[str, tuple[float, float]]:
    """Least shares of every actor in the frame and unhidden, from exact masks."""
    size = Size(width=96, height=96)
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(moments):
        at = CLIP * number / (moments - 1) * Fraction(99, 100)
        for name, box in truth(one.timeline, size, at).boxes.items():
            found.setdefault(name, []).append((box.in_frame, box.unoccluded))
    return {
        name: (min(f for f, _ in seen), min(u for _, u in seen)) for name, seen in found.items()
    }


def test_what_boxes_say_of_visibility_is_what_masks_say():
    errors = []
    for one in drawn()[:30]:
        exact = boxes(one)
        for actor in one.scene.actors:
            seen = one.visible.actors[actor.id]
            errors.append(np.subtract((seen.framed, seen.unhidden), exact[actor.id]))
            if actor is one.scene.actors[0]:
                assert exact[actor.id][0] >= 0.8, one.seed
                assert exact[actor.id][1] >= 0.55, one.seed
    assert np.abs(errors).mean() < 0.05


def test_who_stands_outside_the_frame_is_noticed():
    one = next(s for s in drawn() if len(s.scene.actors) == 1)
    actor = one.scene.actors[0]
    place = actor.place
    assert place is not None
    far = replace(actor, place=replace(place, x=40.0))
    seen = look(replace(one.scene, actors=(far,)), 0.0, 1.0)
    assert not seen.shows(actor.id)


def test_who_stands_behind_another_is_noticed():
    one = next(s for s in drawn() if len(s.scene.actors) == 1 and s.scene.camera.move == "static")
    actor = one.scene.actors[0]
    assert actor.place is not None
    wall = replace(actor, id="wall", place=replace(actor.place, z=actor.place.z - 0.4))
    seen = look(replace(one.scene, actors=(actor, wall)), float(one.start), 1.0)
    assert not seen.shows(actor.id)

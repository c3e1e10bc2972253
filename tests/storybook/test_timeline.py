"""Timeline operations: lengths are exact, prefixes stay, slices add up, loops close."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.storybook import timeline as tl
from kinema.storybook.scene import Actor, Beat, CurvePoint, Mix, Scene, Shot, Timeline
from kinema.storybook.timeline import Moment, Panel, moment
from kinema.types import Curve, Direction, Span, from_json, to_json

quick = settings(max_examples=25, deadline=None)

SCENES = tuple(
    Scene(setting=setting, time=time, seed=seed)
    for seed, (setting, time) in enumerate(
        [("meadow", "noon"), ("beach", "night"), ("snow", "morning"), ("forest", "dusk")]
    )
)
scenes = st.sampled_from(SCENES)
times = st.integers(0, 240).map(lambda n: Fraction(n, 24))
lengths = st.integers(1, 210).map(lambda n: Fraction(n, 21))
clocks = st.integers(-100, 200).map(lambda n: Fraction(n, 25))


def any_timeline(draw: Random) -> Timeline:
    """One to four shots with all kinds of mixes (quicker to make than strategies inside others)."""

    def mix() -> Mix:
        ats = sorted(draw.sample(range(240), draw.randint(1, 4)))
        return Mix(
            scene=draw.choice(SCENES),
            start=Fraction(draw.randint(-100, 200), 25),
            curve=tuple(
                CurvePoint(at=Fraction(at, 24), weight=draw.choice((0.0, 0.25, 0.5, 0.75, 1.0)))
                for at in ats
            ),
        )

    return Timeline(
        shots=tuple(
            Shot(
                scene=draw.choice(SCENES),
                seconds=Fraction(draw.randint(1, 240), draw.choice((24, 30, 7))),
                start=Fraction(draw.randint(-100, 200), 25),
                mix=mix() if draw.random() < 0.6 else None,
            )
            for _ in range(draw.randint(1, 4))
        )
    )


timelines = st.integers(0, 2**32).map(lambda seed: any_timeline(Random(seed)))
plain = timelines.map(tl.without_mixes)


def seen(timeline: Timeline, at: Fraction) -> Moment:
    """The moment in its simplest form: a scene that is not seen does not count."""
    now = moment(timeline, at)
    if now.other is None or now.weight == 0.0:
        return Moment(now.scene, now.clock)
    if now.weight == 1.0:
        return Moment(now.other, now.other_clock)
    return Moment(now.scene, now.clock, now.other, now.other_clock, round(now.weight, 9))


def steps(seconds: Fraction) -> list[Fraction]:
    return [seconds * i / 23 for i in range(23)]


@quick
@given(timelines, st.data())
def test_two_slices_add_up_to_the_whole(timeline, data):
    cut = timeline.seconds * data.draw(st.integers(1, 99)) / 100
    whole = tl.join(
        tl.excerpt(timeline, Fraction(0), cut), tl.excerpt(timeline, cut, timeline.seconds)
    )
    assert whole.seconds == timeline.seconds
    assert all(seen(whole, at) == seen(timeline, at) for at in steps(timeline.seconds))


@quick
@given(timelines, lengths, times)
def test_a_slice_shows_what_was_there(timeline, seconds, start):
    part = tl.excerpt(timeline, start - 2, start - 2 + seconds)
    assert part.seconds == seconds
    assert all(seen(part, at) == seen(timeline, start - 2 + at) for at in steps(seconds))


@quick
@given(timelines, lengths, st.one_of(st.none(), scenes))
def test_extending_forward_leaves_the_beginning_as_it_was(timeline, seconds, into):
    longer = tl.extend(timeline, seconds, into=into)
    assert longer.seconds == timeline.seconds + seconds
    assert all(seen(longer, at) == seen(timeline, at) for at in steps(timeline.seconds))
    if into is not None and seconds >= 1:
        assert seen(longer, longer.seconds).scene == into


@quick
@given(timelines, lengths, st.one_of(st.none(), scenes))
def test_extending_backward_leaves_the_end_as_it_was(timeline, seconds, into):
    longer = tl.extend(timeline, seconds, direction=Direction.BACKWARD, into=into)
    assert longer.seconds == timeline.seconds + seconds
    assert all(seen(longer, seconds + at) == seen(timeline, at) for at in steps(timeline.seconds))
    if into is not None and seconds >= 1:
        assert seen(longer, Fraction(0)).scene == into


@quick
@given(timelines, lengths)
def test_a_short_clip_is_the_exact_beginning_of_a_long_one(timeline, seconds):
    short, long = tl.fit(timeline, seconds), tl.fit(timeline, seconds + 3)
    assert (short.seconds, long.seconds) == (seconds, seconds + 3)
    assert all(seen(short, at) == seen(long, at) for at in steps(seconds))


@quick
@given(scenes, lengths, clocks)
def test_a_single_scene_loops_with_its_length_as_period(scene, seconds, start):
    looped = tl.loop(Timeline(shots=(Shot(scene=scene, seconds=seconds, start=start),)))
    assert looped.seconds == seconds
    assert [shot.scene.loop for shot in looped.shots] == [seconds]


@quick
@given(st.lists(st.builds(Panel, scene=scenes, seconds=lengths), min_size=2, max_size=4))
def test_a_loop_of_several_shots_ends_where_it_began(panels):
    timeline = tl.storyboard(tuple(panels))
    looped = tl.loop(timeline)
    assert looped.seconds == timeline.seconds
    if len(timeline.shots) > 1:
        end, start = seen(looped, looped.seconds), seen(looped, Fraction(0))
        assert (end.scene, end.clock) == (start.scene, start.clock)


@quick
@given(timelines, timelines, st.sampled_from(list(Curve)))
def test_a_blend_is_as_long_as_the_longer_clip(a, b, curve):
    both = tl.blend(a, b, curve)
    assert both.seconds == max(a.seconds, b.seconds)


@quick
@given(plain, plain)
def test_a_transition_begins_in_the_first_clip_and_ends_in_the_second(a, b):
    both = tl.blend(a, b, Curve.TRANSITION)
    assert seen(both, Fraction(0)) == seen(a, Fraction(0))
    assert seen(both, both.seconds) == seen(b, both.seconds)


@quick
@given(plain, plain)
def test_a_dip_returns_to_the_first_clip(a, b):
    both = tl.blend(a, b, Curve.DIP)
    assert seen(both, Fraction(0)) == seen(a, Fraction(0))
    assert seen(both, both.seconds / 2) == seen(b, both.seconds / 2)
    assert seen(both, both.seconds) == seen(a, both.seconds)


@quick
@given(plain, plain)
def test_a_mix_shows_half_of_each_throughout(a, b):
    both = tl.blend(a, b, Curve.MIX)
    assert {moment(both, at).weight for at in steps(both.seconds)} == {0.5}


@quick
@given(timelines, st.integers(0, 40), st.integers(1, 60), st.one_of(st.none(), scenes), times)
def test_a_recut_keeps_its_stretch_where_it_was(timeline, low, width, regrown, more):
    keep = Span(start=timeline.seconds * low / 100, end=timeline.seconds * (low + width) / 100)
    seconds = keep.end + more
    cut = tl.recut(timeline, keep, seconds, regrown=regrown)
    assert cut.seconds == seconds
    kept = [keep.start + (keep.end - keep.start) * i / 11 for i in range(11)]
    assert all(seen(cut, at) == seen(timeline, at) for at in kept)
    if regrown is not None and keep.start > 1:
        assert seen(cut, Fraction(0)).scene == regrown


def test_a_recut_outside_the_clip_is_refused():
    timeline = tl.single(SCENES[0], Fraction(4))
    for start, end in ((-1, 2), (2, 2), (3, 5)):
        with pytest.raises(ValueError, match="cannot keep"):
            tl.recut(timeline, Span(start=Fraction(start), end=Fraction(end)), Fraction(6))


@quick
@given(st.lists(st.tuples(scenes, lengths, st.integers(0, 4)), min_size=1, max_size=5))
def test_a_storyboard_is_as_long_as_its_cards_and_ends_each_in_its_own_scene(rows):
    panels = tuple(Panel(scene, seconds, seconds * part / 4) for scene, seconds, part in rows)
    timeline = tl.storyboard(panels)
    assert timeline.seconds == sum(panel.seconds for panel in panels)
    at = Fraction(0)
    for panel in panels:
        at += panel.seconds
        now = tl.excerpt(timeline, at - panel.seconds / 1000, at)
        assert moment(now, panel.seconds / 1000).main[0] == panel.scene


def test_a_transition_longer_than_its_card_is_refused():
    first, second = (Panel(scene, Fraction(2)) for scene in SCENES[:2])
    late = Panel(second.scene, Fraction(2), Fraction(3))
    with pytest.raises(ValueError, match="does not fit"):
        tl.storyboard((first, late))
    with pytest.raises(ValueError, match="at least one"):
        tl.storyboard(())


@quick
@given(timelines, lengths, st.one_of(st.none(), scenes))
def test_what_follows_is_the_tail_of_an_extension(timeline, seconds, into):
    longer = tl.extend(timeline, seconds, into=into)
    tail = tl.follow(timeline, seconds, into)
    assert tail.seconds == seconds
    assert all(seen(tail, at) == seen(longer, timeline.seconds + at) for at in steps(seconds))


@quick
@given(timelines)
def test_without_mixes_every_moment_shows_one_scene_for_as_long(timeline):
    alone = tl.without_mixes(timeline)
    assert alone.seconds == timeline.seconds
    assert all(shot.mix is None for shot in alone.shots)


@quick
@given(timelines)
def test_changing_every_scene_keeps_all_times(timeline):
    asked: list[Scene] = []

    def darker(scene: Scene) -> Scene:
        asked.append(scene)
        return Scene(setting=scene.setting, time="night", seed=scene.seed)

    changed = tl.map_scenes(timeline, darker)
    assert [shot.seconds for shot in changed.shots] == [shot.seconds for shot in timeline.shots]
    assert {shot.scene.time for shot in changed.shots} == {"night"}
    assert len({to_json(scene) for scene in asked}) == len(asked)


def test_an_excerpt_must_start_before_it_ends():
    with pytest.raises(ValueError, match="start before it ends"):
        tl.excerpt(tl.single(SCENES[0], Fraction(4)), Fraction(2), Fraction(2))


def test_an_empty_curve_shows_nothing_of_the_second_scene():
    mix = Mix(scene=SCENES[1], start=Fraction(0), curve=())
    shot = Shot(scene=SCENES[0], seconds=Fraction(2), mix=mix)
    assert moment(Timeline(shots=(shot,)), Fraction(1)).weight == 0.0
    assert tl.excerpt(Timeline(shots=(shot,)), Fraction(0), Fraction(1)).shots[0].mix is None


def walker(*beats: Beat, colour: str | None = None) -> Scene:
    return Scene(actors=(Actor(id="fox-1", subject="fox", beats=beats, colour=colour),))


WALK, JUMP = Beat(action="walk"), Beat(action="jump")


def test_what_is_new_to_do_begins_at_the_seam_without_a_dissolve():
    walking = tl.single(walker(WALK), Fraction(3))
    longer = tl.extend(walking, Fraction(2), into=walker(JUMP))
    jumping = Beat(action="jump", at=Fraction(3))
    assert longer.shots[-1].scene == walker(WALK, jumping)
    assert [shot.mix for shot in longer.shots] == [None, None]


def test_a_change_of_looks_dissolves_and_keeps_what_was_done_before():
    walking = tl.single(walker(WALK), Fraction(3))
    longer = tl.extend(walking, Fraction(2), into=walker(JUMP, colour="blue"))
    jumping = Beat(action="jump", at=Fraction(3))
    assert longer.shots[-1].scene == walker(WALK, jumping, colour="blue")
    assert longer.shots[1].mix is not None


def test_a_loop_and_a_start_have_nothing_to_go_on_from():
    looped = tl.loop(tl.single(walker(JUMP), Fraction(3))).shots[0].scene
    assert tl.onward(walker(WALK), looped, Fraction(3)) == looped
    assert tl.onward(walker(WALK), walker(JUMP), Fraction(0)) == walker(JUMP)


@quick
@given(timelines)
def test_a_timeline_passes_through_json_unchanged(timeline):
    assert from_json(to_json(timeline), Timeline) == timeline

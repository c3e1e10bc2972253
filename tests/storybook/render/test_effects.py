"""Traces on the ground and lights of the night: functions of the clock, tied to what happens."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import Clock
from kinema.storybook.director import stage
from kinema.storybook.reader import read
from kinema.storybook.render import frame
from kinema.storybook.render.effects import DUST_SECONDS, PRINT_SECONDS, traces_at
from kinema.storybook.render.lamps import LAMP, bake_pools, lamp_posts
from kinema.storybook.render.light import light_of
from kinema.storybook.render.scenery import PERIOD
from kinema.storybook.render.world import world_of
from kinema.storybook.scene import Scene
from kinema.storybook.timeline import single
from kinema.types import Size

SMALL = Size(width=192, height=160)


def scene_of(prompt: str, **changes: object) -> Scene:
    return stage(msgspec.structs.replace(read(prompt, seed=3).scene, **changes))


def still(scene: Scene, at: Fraction) -> NDArray[np.uint8]:
    return frame(single(scene, Fraction(60)), SMALL, at)


def test_footprints_stay_behind_whoever_walks_on_snow() -> None:
    traces = traces_at(scene_of("a penguin walks in a snowy field"), Clock(3.0))
    assert traces is not None
    assert len(traces.prints) > 4
    ages = [age for _, age in traces.prints]
    assert 0.0 <= min(ages) <= max(ages) < PRINT_SECONDS
    by_age = sorted(traces.prints, key=lambda pair: pair[1])
    xs = [touch.x for touch, _ in by_age]
    assert abs(xs[0] - xs[-1]) > 0.5


@pytest.mark.parametrize(
    ("prompt", "dusty"),
    [
        ("a horse runs across the desert", True),
        ("a jeep drives in the desert", True),
        ("a cat walks in a meadow", False),
        ("a cat sleeps in the desert", False),
    ],
)
def test_only_what_is_fast_raises_dust(prompt: str, dusty: bool) -> None:
    traces = traces_at(scene_of(prompt), Clock(2.0))
    assert traces is not None
    assert bool(traces.puffs) == dusty
    assert all(age < DUST_SECONDS for _, age in traces.puffs)


def test_swimmers_make_rings_and_floors_show_nothing() -> None:
    scene = scene_of("a duck swims on a lake")
    times = [traces_at(scene, Clock(t)) for t in (1.0, 1.7, 2.4, 3.1)]
    assert any(traces is not None and traces.rings for traces in times)
    assert traces_at(scene_of("a dog runs in the bedroom"), Clock(1.0)) is None


def test_who_comes_down_on_water_throws_up_drops() -> None:
    leaping, swimming = scene_of("a dolphin jumps in the ocean"), scene_of("a dolphin in the ocean")
    times = [n / 8 for n in range(16)]
    shown = [traces_at(leaping, Clock(t)) for t in times]
    assert any(traces is not None and traces.drops for traces in shown)
    assert all(
        traces is None or not traces.drops
        for traces in (traces_at(swimming, Clock(t)) for t in times)
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "a dog runs on the beach",
        "a rabbit hops in a snowy field",
        "a jeep drives in the desert",
        "a swan swims on a lake in the rain",
        "a fox runs through a village at night",
    ],
)
def test_traces_close_in_a_loop(prompt: str) -> None:
    scene = scene_of(prompt, loop=Fraction(13, 4))
    for at in (Fraction(0), Fraction(5, 4)):
        first, again = still(scene, at).astype(int), still(scene, at + Fraction(13, 4))
        assert np.abs(first - again).mean() < 0.02


def test_traces_of_a_longer_clip_begin_as_those_of_a_shorter_one() -> None:
    scene = scene_of("a dog runs on the beach")
    short, long = single(scene, Fraction(2)), single(scene, Fraction(8))
    for at in (Fraction(0), Fraction(3, 2)):
        assert np.array_equal(frame(short, SMALL, at), frame(long, SMALL, at))


def test_windows_shine_by_night_as_nothing_else_does() -> None:
    world = world_of(scene_of("a cat in a village", time="night"), (256, 256))

    def amber(sprite: str) -> float:
        card = next(card for card in world.cards if card.standing.sprite == sprite)
        pixels = card.cutout.image[card.cutout.image[..., 3] > 200].astype(int)
        return float(((pixels[:, 0] > 215) & (pixels[:, 2] < 170)).mean())

    assert amber("house") > 0.01
    assert amber(LAMP) > 0.01
    assert amber("deciduous-tree") == 0.0


def test_lamps_stand_by_day_and_shine_by_night() -> None:
    posts = lamp_posts("city_street")
    assert posts
    assert all(abs(post.x) <= PERIOD / 2 and post.sprite == LAMP for post in posts)
    assert lamp_posts("ocean") == ()
    setting = catalogue().settings["city_street"]
    lit = {t: bake_pools(posts, light_of(setting, t, "clear", 1), (256, 256)) for t in
           ("noon", "night")}  # fmt: skip
    assert lit["noon"] is None
    assert lit["night"] is not None
    assert lit["night"].samples.max() > 60


def test_the_same_windows_are_lit_at_every_size() -> None:
    scene = scene_of("a taxi drives in a city at night")
    small, large = world_of(scene, (160, 160)), world_of(scene, (480, 480))
    assert len(small.cards) == len(large.cards)
    for a, b in zip(small.cards, large.cards, strict=True):
        if a.standing.sprite != "office-building":
            continue
        share = []
        for card in (a, b):
            picture = card.cutout.image.astype(int)
            warm = (picture[..., 0] - picture[..., 2] > 60) & (picture[..., 3] > 200)
            share.append(warm.sum() / (picture[..., 3] > 200).sum())
        assert share[0] == pytest.approx(share[1], abs=0.035)

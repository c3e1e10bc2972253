"""Minimal pairs: two clips of one seed that differ in one thing, with captions (split E).

A model that only counts words cannot tell the captions of a pair apart, and chance is one half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from kinema.storybook import sanity
from kinema.storybook.captions import describe
from kinema.storybook.catalogue import catalogue
from kinema.storybook.companions import actor_id
from kinema.storybook.dice import Dice
from kinema.storybook.director import stage
from kinema.storybook.invention import invent
from kinema.storybook.sampler import CLIP, Sample, clip_starts, is_seen
from kinema.storybook.scene import Actor, Scene
from kinema.storybook.splits import held_out
from kinema.storybook.visibility import look

_ATTEMPTS = 6000
_SIDES = {"left_of": "right_of", "right_of": "left_of"}
_Twins = tuple[Scene, Scene]


def minimal_pair(kind: str, seed: int, *, seconds: Fraction = CLIP) -> tuple[Sample, Sample]:
    """Two samples that differ in one thing.

    Args:
        kind: sides (left and right), roles (who chases or follows whom), colours (swapped between
            two), pan (left and right), count (two and three).
        seed: Chooses the pair.
        seconds: Length of the clips.

    Returns:
        The pair. Scenes, wording and everything else are the same; neither scene is held out.

    Raises:
        KeyError: There is no such kind.
        ValueError: No pair of that kind can be shown.

    Cost:
        About 20 ms.
    """
    twins = KINDS[kind]
    for attempt in range(_ATTEMPTS):
        dice = Dice(seed, ("pair", kind, str(attempt)))
        scenes = twins(invent(dice), dice)
        if scenes is None or any(held_out(scene) for scene in scenes):
            continue
        found = [_shown(scene, seed, seconds, dice) for scene in scenes]
        first, second = found[0], found[1]
        if first is None or second is None or first.caption.text == second.caption.text:
            continue
        if _told(kind) <= first.caption.told & second.caption.told:
            return first, second
    raise ValueError(f"no pair of {kind} can be shown")


def _told(kind: str) -> set[str]:
    """The slot that captions of a pair must tell."""
    return {"sides": {"relation"}, "roles": {"relation"}, "colours": {"colour"},
            "pan": {"camera"}, "count": {"count"}}[kind]  # fmt: skip


def _shown(scene: Scene, seed: int, seconds: Fraction, dice: Dice) -> Sample | None:
    staged = stage(scene)
    start = clip_starts(staged, seconds, dice)[0]
    visible = look(staged, float(start), float(seconds))
    if not is_seen(staged, visible):
        return None
    words = int(dice.roll("caption") * 2**53)
    said = describe(staged, seed=words, length="medium", visible=visible, split="E")
    return Sample(seed, "E", staged, start, seconds, visible, said)


def _sides(scene: Scene, dice: Dice) -> _Twins | None:
    del dice
    if not scene.relations or scene.relations[0].kind not in _SIDES:
        return None
    relation = scene.relations[0]
    other = replace(relation, kind=_SIDES[relation.kind])
    return scene, replace(scene, relations=(other,))


def _roles(scene: Scene, dice: Dice) -> _Twins | None:
    del dice
    if not scene.relations or scene.relations[0].kind not in ("chasing", "following"):
        return None
    one, two = scene.actors
    where = catalogue().settings[scene.setting]
    subjects = catalogue().subjects
    for actor, beat in ((two, one.beats[0]), (one, two.beats[0])):
        if not sanity.possible(subjects[actor.subject], beat.action, where):
            return None
    first, second = _cast(one, like=one, target=two.id), _cast(two, like=two, target=one.id)
    scene = replace(scene, actors=(first, second))
    first, second = _cast(two, like=one, target=one.id), _cast(one, like=two, target=two.id)
    relation = replace(scene.relations[0], subject=first.id, object=second.id)
    camera = replace(scene.camera, target=first.id)
    return scene, replace(scene, actors=(first, second), relations=(relation,), camera=camera)


def _cast(actor: Actor, *, like: Actor, target: str) -> Actor:
    """An actor in the part of another: its own looks, the other's deeds, nobody's feelings."""
    beats = tuple(
        replace(beat, target=target if beat.target else None, emotion=None) for beat in like.beats
    )
    return replace(actor, beats=beats, phase=like.phase)


def _colours(scene: Scene, dice: Dice) -> _Twins | None:
    if len(scene.actors) != 2 or not scene.relations or scene.style in sanity.COLOURLESS:
        return None
    if not all(catalogue().subjects[actor.subject].colours for actor in scene.actors):
        return None
    a, b = dice.shuffle("colours", tuple(catalogue().colours))[:2]
    one, two = scene.actors
    one, two = replace(one, material=None), replace(two, material=None)
    first = replace(scene, actors=(replace(one, colour=a), replace(two, colour=b)))
    return first, replace(scene, actors=(replace(one, colour=b), replace(two, colour=a)))


def _pan(scene: Scene, dice: Dice) -> _Twins | None:
    del dice
    if not scene.actors:
        return None
    left, right = (
        replace(scene, camera=replace(scene.camera, move=move))
        for move in ("pan_left", "pan_right")
    )
    return left, right


def _count(scene: Scene, dice: Dice) -> _Twins | None:
    del dice
    actors = scene.actors
    if len(actors) < 2 or actors[0].group is None:
        return None
    three = [*actors, *actors][:3]
    subject = actors[0].subject
    numbered = tuple(
        replace(actor, id=actor_id(subject, i + 1), phase=round(i * 0.381966 % 1.0, 4))
        for i, actor in enumerate(three)
    )
    return replace(scene, actors=numbered[:2]), replace(scene, actors=numbered)


KINDS: Final[Mapping[str, Callable[[Scene, Dice], _Twins | None]]] = MappingProxyType(
    {"sides": _sides, "roles": _roles, "colours": _colours, "pan": _pan, "count": _count}
)
"""What the two of a pair differ in."""

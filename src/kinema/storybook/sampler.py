"""The sampler: from a seed to a staged scene, the stretch of it that is a clip, and a true caption.

What `splits` holds out never comes out of the training stream; what a clip does not show well is
drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from kinema.storybook import sanity
from kinema.storybook.captions import RESERVED_TEMPLATES, Caption, describe
from kinema.storybook.catalogue import catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.director import stage
from kinema.storybook.invention import invent
from kinema.storybook.languages import say
from kinema.storybook.languages.tables import LANGUAGES
from kinema.storybook.scene import SECOND_BEAT, Actor, Scene, Shot, Timeline
from kinema.storybook.splits import BY_SCENE, held_out, is_reserved, split_of
from kinema.storybook.visibility import FRAMED, Visible, look

CLIP: Final = Fraction(17, 12)
"""Seconds of the clips that training starts with: 17 frames at 12 a second."""
SAMPLED: Final = ("train", "A", *BY_SCENE, "F", "G", "H", "I")
"""What can be sampled; E comes from `pairs`."""

# Shorter sides of the frame that the first actor must be high, in most and in coarse styles.
_LEAST_HEIGHT, _COARSE_HEIGHT, _FAINT_HEIGHT = 0.145, 0.21, 0.27
_SECOND = 0.75  # of that for the others
_EMBRACED = 0.45  # share of who is hugged that must be seen
_ATTEMPTS = 4000  # scenes drawn before giving up; a split of scenes takes some forty
_OFF_CENTRE = Fraction(1, 4)  # seconds by which clips begin sooner or later than the middle
_SOONER = Fraction(2, 3)  # and by which they are moved where somebody is not seen well
_STEADY = ("static", "handheld", "tracking")
_AT_ONCE = frozenset(("angry", "scared", "surprised"))  # signs of these show in the first second


@dataclass(frozen=True, slots=True)
class Sample:
    """A training or evaluation clip before it is drawn.

    The clip shows ``seconds`` of the staged ``scene`` from ``start`` on its clock; ``visible`` is
    what can be seen in it, ``caption`` what is said of it.
    """

    seed: int
    split: str
    scene: Scene
    start: Fraction
    seconds: Fraction
    visible: Visible
    caption: Caption

    @property
    def timeline(self) -> Timeline:
        """The clip as the renderer takes it."""
        return Timeline(shots=(Shot(scene=self.scene, seconds=self.seconds, start=self.start),))


def sample(
    seed: int, *, split: str = "train", seconds: Fraction = CLIP, length: str | None = None
) -> Sample:
    """Draw the sample of a seed.

    Args:
        seed: Any number from 0 on. Splits share no samples, whatever their seeds.
        split: "train": everything but what is held out. "A": the same, from other draws. "B1",
            "B2", "B3", "C", "D": scenes of that split and no other. "F", "G", "H": scenes as in
            training, captions with reserved words, reserved templates, or nouns for which the
            world has no subject (another one stands in for it in the scene). "I": scenes as in
            training that a plain sentence can tell, said in one of nine languages.
        seconds: Length of the clip; the stretch of the scene is chosen so that what the caption
            tells happens in it.
        length: Of the caption: short, medium, dense; None for any. "I" has one length.

    Returns:
        The sample. Every actor of its scene is seen well during the whole clip.

    Raises:
        ValueError: There is no such split, or none whose samples are single scenes.

    Cost:
        About 3 ms for training, 10 ms for a split of scenes.
    """
    if split not in SAMPLED:
        raise ValueError(f"cannot sample split {split!r}; allowed: {', '.join(SAMPLED)}")
    for attempt in range(_ATTEMPTS):
        dice = Dice(seed, ("sample", split, str(attempt)))
        scene = invent(dice)
        if not _belongs(scene, split) or (split == "I" and say(scene, _language(dice)) is None):
            continue
        found = _framed(scene, split, clip_starts(scene, seconds, dice), seconds)
        if found is None:
            continue
        scene, start, visible = found
        if split == "I":
            return Sample(seed, split, scene, start, seconds, visible, _foreign(scene, dice))
        said = describe(
            scene, seed=int(dice.roll("caption") * 2**53), length=length, visible=visible,
            split=split,
        )  # fmt: skip
        if split in ("train", "A", *BY_SCENE) or _tests(split, said):
            return Sample(seed, split, scene, start, seconds, visible, said)
    raise ValueError(f"split {split!r} has no scene that can be shown")


def samples(
    first: int, count: int, *, split: str = "train", seconds: Fraction = CLIP
) -> Iterator[Sample]:
    """The samples of ``count`` seeds from ``first`` on, in order."""
    for seed in range(first, first + count):
        yield sample(seed, split=split, seconds=seconds)


def _language(dice: Dice) -> str:
    return dice.pick("language", LANGUAGES)


def _foreign(scene: Scene, dice: Dice) -> Caption:
    """The scene said in another language; the template of the caption is the language's code."""
    code = _language(dice)
    said = say(scene, code)
    assert said is not None
    return Caption(text=said.text, length="medium", template=code, told=said.told)


def _belongs(scene: Scene, split: str) -> bool:
    if split in BY_SCENE:
        return split_of(scene) == {split}
    return not held_out(scene)


def _tests(split: str, said: Caption) -> bool:
    """True where a caption has what its split is about."""
    if split == "F":
        return is_reserved(re.sub(r"[^a-z' -]", "", said.text.lower()))
    if split == "G":
        return said.template in RESERVED_TEMPLATES
    return "unseen" in said.told


def _framed(
    scene: Scene, split: str, starts: tuple[Fraction, ...], seconds: Fraction
) -> tuple[Scene, Fraction, Visible] | None:
    """The scene staged, and a stretch in which it is seen well; else None.

    Where there is no such stretch the camera may rest instead of moving.
    """
    framings = [scene]
    if scene.camera.move != "static":
        still = replace(scene, camera=replace(scene.camera, move="static"))
        framings += [still] if _belongs(still, split) else []
    for framing in framings:
        staged = stage(framing)
        for start in starts:
            visible = look(staged, float(start), float(seconds))
            if is_seen(staged, visible):
                return staged, start, visible
    return None


def is_seen(scene: Scene, visible: Visible) -> bool:
    """True where all actors are seen well, large enough to be recognised, and never edge-on."""
    least = _COARSE_HEIGHT if scene.style in sanity.COARSE else _LEAST_HEIGHT
    least = _FAINT_HEIGHT if scene.style in sanity.FAINT else least
    hugging = any(relation.kind == "hugging" for relation in scene.relations)
    for number, actor in enumerate(scene.actors):
        seen = visible.actors[actor.id]
        well = seen.well or (hugging and seen.framed >= FRAMED and seen.unhidden >= _EMBRACED)
        if not well or seen.height < least * (_SECOND if number else 1.0):
            return False
        if seen.edge_on and not _turns(actor):
            return False
    return True


def _turns(actor: Actor) -> bool:
    """True for who turns round by doing what the caption says."""
    return any(beat.action in ("spin", "circle", "dance") for beat in actor.beats)


def clip_starts(scene: Scene, seconds: Fraction, dice: Dice) -> tuple[Fraction, ...]:
    """When the clip may begin, the best first: events and camera moves must happen inside it."""
    beats = [beat for actor in scene.actors for beat in actor.beats]
    middle = max(SECOND_BEAT - seconds / 2, Fraction(0))
    if len(beats) > len(scene.actors):
        return (middle,)
    if any(beat.action == "fall" or _is_sign(scene, beat.emotion) for beat in beats):
        return (Fraction(0),)
    spread = middle if scene.camera.move in _STEADY else min(middle, _OFF_CENTRE)
    best = middle + Fraction(round(24 * (2 * dice.roll("start") - 1) * float(spread)), 24)
    if not any(catalogue().actions[beat.action].locomotion for beat in beats):
        return (best,)
    # Who goes may turn round in some of them.
    others = (best - _SOONER, best + _SOONER, best - 2 * _SOONER)
    return (best, *(max(other, Fraction(0)) for other in others))


def _is_sign(scene: Scene, emotion: str | None) -> bool:
    """True for feelings that show only as a sign over a head without a face for them."""
    if emotion not in _AT_ONCE:
        return False
    return not all(catalogue().subjects[a.subject].emotions for a in scene.actors)

"""How big actors are, how they get about, and how fast: facts of a body, apart from any moment.

A manner is how a body covers ground when it does an action: a car that "runs" drives, a fish that
"walks" swims. One turn of an actor's phase is one stride cycle (two steps of a biped, one hop, one
revolution of a wheel).
"""

from __future__ import annotations

import math
from typing import Final

from kinema.storybook.atlas import concepts
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.relations import partner
from kinema.storybook.scene import Actor, Scene

SIZES: Final = {"tiny": 0.55, "small": 0.75, "big": 1.25, "giant": 1.5}
"""What a size word makes of a subject's drawn height."""

PLUSH_WIDTH: Final = 0.74
"""Width over height of a plush body: its head is the widest part."""
PLUSH_STRIDE: Final = 0.76
"""Metres of ground in one turn of a plush body's legs at full swing, over its height."""

FULL_STRIDE: Final = 0.62
"""Swing of a plush body's legs in a walk; others swing theirs as far as they do at all by then."""
_SWING: Final = {"walk": FULL_STRIDE, "run": 1.0}
_BY_GAIT: Final = {"hop": "hop", "wheels": "drive", "fins": "swim", "hull": "sail"}
_QUICKEST: Final = {"walk": 2.6, "run": 3.4, "hop": 2.6}  # turns a second; else legs are a blur
_SNEAKING: Final = 0.6  # share of walking speed
_GLIDE: Final = 0.9  # metres a turn where no feet or wheels say
_ON_LAND: Final = {"swim": "hop", "sail": "glide"}  # fish flop, boats slide
_ON_FOOT: Final = {
    "walk": "walk", "follow": "walk", "circle": "walk", "sneak": "walk", "meet": "walk",
    "run": "run", "chase": "run", "flee": "run", "jump_over": "run",
}  # fmt: skip
_OTHERWISE: Final = ("hop", "fly", "swim", "sail", "drive", "roll")

LYING: Final = 1.1
"""Width over height of a plush body that lies on its side."""
AIRBORNE: Final = ("fly", "float", "rise")
"""Manners and actions that keep a body off the ground."""


def subject_of(actor: Actor) -> Subject:
    """The catalogue's row for the actor; `KeyError` where there is none."""
    return catalogue().subjects[actor.subject]


def drawn_height(actor: Actor) -> float:
    """Height in metres at which the actor is drawn when it neither grows nor shrinks."""
    return subject_of(actor).height * SIZES.get(actor.size or "", 1.0)


def drawn_width(actor: Actor) -> float:
    """Width in metres of all that is ever visible of the actor, limbs and tail included.

    Where another subject's art shows one of its actions, the widest counts.
    """
    arts = [shown(actor, beat.action) for beat in actor.beats] or [subject_of(actor)]
    widest = max(_slenderness(art) for art in arts)
    if any(b.action == "sleep" and shown(actor, "sleep").body == "plush" for b in actor.beats):
        widest = max(widest, LYING)
    return widest * drawn_height(actor)


def _slenderness(subject: Subject) -> float:
    """Width of the art over its height."""
    if subject.body == "plush":
        return PLUSH_WIDTH
    if subject.aspect:
        return subject.aspect
    concept = concepts()[subject.sprite]
    return (concept.box[2] - concept.box[0]) / concept.height


def shown(actor: Actor, action: str) -> Subject:
    """The subject whose art shows the actor in that action: its own, or a variant of it."""
    own = subject_of(actor)
    return catalogue().subjects.get(own.variants.get(action, ""), own)


def manner(scene: Scene, actor: Actor, action: str) -> str:
    """How the actor covers ground in that action.

    Walk, run, hop, fly, swim, sail, drive, roll, glide, or rest where it stays on the spot.
    """
    if action == "jump_over" and partner(scene, actor, ("jumping_over",), action) is None:
        return "rest"  # nobody to run at: it jumps on the spot
    way, subject = _manner(shown(actor, action), action), subject_of(actor)
    if catalogue().settings[scene.setting].medium == "land" and subject.gait in ("fins", "hull"):
        return _ON_LAND.get(way, way)
    return way


def _manner(subject: Subject, action: str) -> str:
    if action not in _ON_FOOT:
        return action if action in _OTHERWISE else "rest"
    if subject.gait == "wings" and subject.medium[0] == "air":
        return "fly"
    if subject.gait == "none" and subject.body == "person":
        return "glide"
    return _BY_GAIT.get(subject.gait, _ON_FOOT[action])


def swings_legs(subject: Subject) -> bool:
    """True for a whole body whose legs the figure swings, because its art does not."""
    return (
        subject.body == "sprite"
        and subject.gait in ("quadruped", "biped")
        and subject.loop != "gait"
        and not subject.stiff
    )


def swing_amount(way: str) -> float:
    """How far a plush body swings its legs in that manner, 0 to 1."""
    return _SWING.get(way, 0.0)


def stride(actor: Actor, action: str, way: str) -> float:
    """Metres of ground that one turn of the actor's phase covers in that action and manner."""
    subject, height = shown(actor, action), drawn_height(actor)
    if way == "hop":
        return min(max(0.55 * height, 0.25), 1.0)
    if subject.body == "plush" and way in _SWING:
        return PLUSH_STRIDE * height * _SWING[way]
    if way not in _QUICKEST and subject.gait != "wheels":
        return max(subject.stride, _GLIDE) * height / subject.height
    longer = 1.25 if way == "run" and subject is subject_of(actor) else 1.0
    return subject.stride * height / subject.height * longer


def speed(actor: Actor, action: str, way: str, pace: float = 1.0) -> float:
    """Metres a second at which the actor likes to move in that action and manner.

    On foot it is a natural cadence (one cycle a second at 1.7 m, slower for the tall, faster for
    the small, as pendulums are) times the stride.
    """
    height = drawn_height(actor)
    if action == "sneak":
        pace = min(pace, 1.0) * _SNEAKING
    natural = min(max(math.sqrt(1.7 / height), 0.7), 1.7)
    cadence = {"walk": natural, "run": 1.8 * natural, "hop": 1.35 * natural}
    if way in cadence:
        return min(cadence[way] * pace, _QUICKEST[way]) * stride(actor, action, way)
    glide = {"drive": 1.4, "glide": 1.2, "roll": 1.1, "sail": 0.55, "fly": 0.6 + 0.3 * height}
    return glide.get(way, 0.45 + 0.25 * height) * pace

"""Dressing: what an actor looks like, how it feels, and what it holds or wears."""

from __future__ import annotations

from functools import cache

from msgspec.structs import replace

from kinema.storybook import sanity
from kinema.storybook.bodies import SIZES
from kinema.storybook.casting import GILDED
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.scene import Actor, Scene

_LEAST, _MOST = 0.75, 3.1  # metres, as drawn: smaller is lost in the frame, larger does not fit
_DULL_COLOURS = {"black": 0.25, "white": 0.4, "grey": 0.4, "brown": 0.5}
_EMOTES = ("celebrating", "love_struck", "sleepy")  # feelings that float above any head
_SHINING = {"object": 0.16, "vehicle": 0.07, "character": 0.07, "animal": 0.07, "plant": 0.04}
_TINTED = 0.4  # share of glass
_UNTINTED = frozenset(("black", "brown", "gold", "grey", "white"))
# What has no solid body, or a material in its name.
_UNSUITED = frozenset(
    ("bubbles", "cloud", "crystal", "fire", "ghost", "glass", "hourglass", "mirror", "moon",
     "rainbow", "star", "sun", "tornado")
)  # fmt: skip
_EXCITING = ("angry", "scared", "surprised")
_INSTRUMENTS = (
    "guitar", "violin", "drum", "trumpet", "saxophone", "accordion", "banjo", "flute",
    "musical-keyboard", "microphone",
)  # fmt: skip
_CARRIED = (
    "umbrella", "balloon", "bouquet", "rose", "sunflower", "wrapped-gift", "magic-wand",
    "teddy-bear", "kite", "red-paper-lantern", "trophy", "red-heart", "chequered-flag", "lollipop",
    "hot-beverage",
)  # fmt: skip
_EATEN = ("ice-cream", "carrot", "lollipop")
_HANDS_FREE = frozenset(("look_around", "walk", "run", "hop", "sit", "sneak"))
_AIRY = frozenset(("balloon", "kite", "umbrella"))  # of the open air, not of rooms and space


def dressed(dice: Dice, actor: Actor, scene: Scene, *, alone: bool) -> Actor:
    """Give the actor colour or material, size, skin tone, a feeling, a thing to hold or wear."""
    subject = catalogue().subjects[actor.subject]
    size = None
    if dice.happens("sized", 0.2):
        fitting = {
            n: 1.0 for n, scale in SIZES.items() if _LEAST <= scale * subject.height <= _MOST
        }
        size = dice.weigh("size", fitting) if fitting else None
    colour, material = _surface(dice, subject, scene)
    actor = replace(
        actor,
        colour=colour,
        material=material,
        size=size,
        tone=dice.pick("tone", tuple(catalogue().tones)) if subject.tones else None,
    )
    feeling = _feeling(dice, subject, actor)
    beats = tuple(replace(beat, emotion=feeling) for beat in actor.beats)
    actor = replace(actor, beats=beats)
    return _equipped(dice, actor, subject, scene, alone=alone)


def _surface(dice: Dice, subject: Subject, scene: Scene) -> tuple[str | None, str | None]:
    """Colour and material: what is golden is of gold, and only glass has a colour besides."""
    colour, material = _colour(dice, subject, scene), _material(dice, subject, scene)
    if material is None:
        return (None, "gold") if colour == "gold" and subject.group in GILDED else (colour, None)
    if material == "glass" and colour not in _UNTINTED and dice.happens("tinted", _TINTED):
        return colour, material
    return None, material


def _material(dice: Dice, subject: Subject, scene: Scene) -> str | None:
    named = set(subject.name.replace("-", " ").split())
    if scene.style in sanity.COLOURLESS or named & (_UNSUITED | catalogue().colours.keys()):
        return None
    if not dice.happens("of a material", _SHINING.get(subject.group, 0.0)):
        return None
    fitting = [
        name for name in catalogue().materials
        if not (name == "glass" and scene.style in sanity.COARSE)
        and not (name == "clay" and scene.style == "claymation")
    ]  # fmt: skip
    return dice.pick("material", fitting)


def _colour(dice: Dice, subject: Subject, scene: Scene) -> str | None:
    named = set(subject.name.replace("-", " ").split()) & catalogue().colours.keys()
    if not subject.colours or named or subject.group == "food":
        return None
    if scene.style in sanity.COLOURLESS:
        return None
    share = 0.15 if subject.group == "plant" else 0.35
    if not dice.happens("coloured", share):
        return None
    weights = {name: _DULL_COLOURS.get(name, 1.0) for name in catalogue().colours}
    return dice.weigh("colour", weights)


def _feeling(dice: Dice, subject: Subject, actor: Actor) -> str | None:
    if actor.beats[0].action == "sleep":
        return None
    if subject.emotions:
        faces = [name for name in subject.emotions if name in catalogue().emotions]
        return dice.pick("face", faces) if dice.happens("feels", 0.75) and faces else None
    alive = subject.group in ("animal", "character", "person")
    if not alive or not dice.happens("feels", 0.06):
        return None
    # Signs of excitement are over before a second event begins.
    signs = _EMOTES if len(actor.beats) > 1 else (*_EMOTES, *_EXCITING)
    return dice.pick("feeling", signs)


def _equipped(dice: Dice, actor: Actor, subject: Subject, scene: Scene, *, alone: bool) -> Actor:
    """What the action needs in its hands, or something carried or worn."""
    action = actor.beats[0].action
    if action in sanity.HANDLED:
        return replace(actor, holds=dice.pick(f"{action} with", _things_to(action)))
    if subject.body != "plush" or not alone:
        return actor
    room = sanity.indoors(catalogue().settings[scene.setting])
    outdoors = catalogue().settings[scene.setting].medium == "land" and not room
    if {beat.action for beat in actor.beats} <= _HANDS_FREE and dice.happens("carries", 0.2):
        things = [t for t in _known(_CARRIED) if outdoors or t not in _AIRY]
        return replace(actor, holds=dice.pick("carried", things)) if things else actor
    if dice.happens("clothed", 0.1):
        worn = [name for name, thing in catalogue().accessories.items() if thing.worn]
        return replace(actor, wears=dice.pick("worn", worn)) if worn else actor
    return actor


@cache
def _things_to(action: str) -> tuple[str, ...]:
    """What can be eaten, played on or read."""
    if action == "read":
        return _known(("open-book",))
    if action == "play":
        return _known(_INSTRUMENTS)
    food = tuple(
        name
        for name, subject in catalogue().subjects.items()
        if subject.group == "food" and subject.metres <= 0.3
    )
    return (*food, *_known(_EATEN))


@cache
def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in catalogue().accessories)

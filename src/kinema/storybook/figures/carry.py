"""What is held and worn, and where it goes.

Places of held things: "mouth" (in the near paw, at the face), "chest" (in the near paw, before
the chest), "belly" (across the belly: strings and drums), "lips" (its mouthpiece at the lips:
horns), "aside" (by its grip, in a paw held out in front), "over" (the same, behind the body:
umbrellas).
Places of worn things: "head" (on its top), "eyes", "neck", "back".
"""

from __future__ import annotations

from dataclasses import dataclass

from kinema.storybook import atlas
from kinema.storybook.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Carried:
    """One thing: its sprite, its place, its height in heights of its bearer, where it is gripped.

    ``grip`` is a column and row of the 256-pixel art: what lies on the paw, or, worn, on the crown
    of the head. ``turn`` is its own turn, clockwise radians, for a bearer that faces right.
    ``looks`` says which way its bearer looks in the art as it is (-1 left, 1 right): for one who
    looks the
    other way it is mirrored; 0 is for things that are never mirrored.
    """

    sprite: str
    place: str
    height: float
    grip: tuple[float, float] = (128.0, 128.0)
    turn: float = 0.0
    looks: int = 0


_HELD = {
    thing.sprite: thing
    for thing in (
        Carried("balloon", "aside", 0.60, (57, 236), looks=1),
        Carried("kite", "aside", 0.60, (225, 225), looks=-1),
        Carried("umbrella", "over", 1.15, (128, 205), turn=-0.36, looks=1),
        Carried("umbrella-with-rain-drops", "over", 1.15, (128, 205), turn=-0.36, looks=1),
        Carried("bouquet", "aside", 0.44, (195, 205), turn=0.6),
        Carried("rose", "aside", 0.48, (128, 215)),
        Carried("tulip", "aside", 0.48, (128, 215)),
        Carried("sunflower", "aside", 0.46, (128, 215)),
        Carried("triangular-flag", "aside", 0.46, (48, 215), looks=1),
        Carried("chequered-flag", "aside", 0.46, (48, 215), looks=1),
        Carried("magic-wand", "aside", 0.42, (40, 225), looks=1),
        Carried("candle", "aside", 0.34, (128, 200)),
        Carried("red-paper-lantern", "aside", 0.40, (128, 24)),
        Carried("flashlight", "aside", 0.38, (210, 215), looks=-1),
        Carried("fishing-pole", "aside", 0.60, (215, 225), looks=-1),
        Carried("broom", "aside", 0.60, (150, 105), looks=1),
        Carried("bucket", "aside", 0.34, (128, 40)),
        Carried("basket", "aside", 0.36, (128, 40)),
        Carried("lollipop", "mouth", 0.30, (110, 110)),
        Carried("microphone", "mouth", 0.30, turn=-0.5),
        Carried("guitar", "belly", 0.52, (120, 150), looks=1),
        Carried("banjo", "belly", 0.50, (140, 130), looks=1),
        Carried("violin", "belly", 0.48, (120, 150), looks=1),
        Carried("saxophone", "lips", 0.46, (238, 28), looks=-1),
        Carried("trumpet", "lips", 0.40, (20, 205), turn=0.3, looks=1),
        Carried("flute", "lips", 0.42, (215, 45), looks=-1),
        Carried("accordion", "belly", 0.40),
        Carried("drum", "belly", 0.36),
        Carried("long-drum", "belly", 0.38),
        Carried("maracas", "belly", 0.38),
        Carried("musical-keyboard", "belly", 0.34),
        Carried("open-book", "belly", 0.38),
    )
}

HELD_OUT = ("aside", "over")
"""Places of things that are held out in front."""

_WORN = {
    thing.sprite: thing
    for thing in (
        Carried("top-hat", "head", 0.32, (128, 222)),
        Carried("crown", "head", 0.26, (128, 215)),
        Carried("graduation-cap", "head", 0.34, (128, 185)),
        Carried("womans-hat", "head", 0.30, (128, 190)),
        Carried("billed-cap", "head", 0.32, (128, 195)),
        Carried("rescue-workers-helmet", "head", 0.34, (128, 190)),
        Carried("military-helmet", "head", 0.32, (128, 190)),
        Carried("ribbon", "head", 0.22, (128, 190)),
        Carried("headphone", "head", 0.72, (128, 38)),
        Carried("glasses", "eyes", 0.18),
        Carried("sunglasses", "eyes", 0.19),
        Carried("scarf", "neck", 0.30, (128, 60)),
        Carried("backpack", "back", 0.46),
        Carried("goggles", "eyes", 0.28),
    )
}


def held(name: str) -> Carried:
    """How a thing is held: ``name`` is a subject of the catalogue or a concept of the atlas.

    Raises:
        KeyError: It is neither.
    """
    sprite = _sprite(name)
    if sprite in _HELD:
        return _HELD[sprite]
    if atlas.concepts()[sprite].group == "food":
        return Carried(sprite, "mouth", 0.25)
    return Carried(sprite, "chest", 0.30)


def worn(name: str) -> Carried:
    """How a thing is worn; what is no garment is balanced on the head. As `held` otherwise."""
    sprite = _sprite(name)
    return _WORN.get(
        sprite, Carried(sprite, "head", 0.26, (128, atlas.concepts()[sprite].baseline))
    )


def _sprite(name: str) -> str:
    if name in atlas.concepts():
        return name
    subject = catalogue().subjects.get(name)
    if subject is not None:
        return subject.sprite
    slug = name.lower().replace(" ", "-")
    if slug not in atlas.concepts():
        raise KeyError(f"nothing that can be held or worn is called {name!r}")
    return slug

"""From an actor of the scene to its figure, and from a sprite's name to a prop."""

from __future__ import annotations

from functools import lru_cache

from kinema.storybook import atlas
from kinema.storybook.catalogue import catalogue
from kinema.storybook.figures.art import Art, keep_pictures
from kinema.storybook.figures.carry import held, worn
from kinema.storybook.figures.cutout import Cutout, Figure
from kinema.storybook.figures.plush import PlushFigure
from kinema.storybook.figures.sprite import SpriteFigure
from kinema.storybook.scene import Actor


def figure(actor: Actor) -> Figure:
    """The figure of an actor, by its subject, its looks and what it holds and wears.

    A colour that the subject cannot take, or has anyway, is left alone. A material takes the place
    of colour and tone; glass keeps its colour as a tint.

    Raises:
        KeyError: The subject, the colour, or a thing that it carries is unknown.

    Cost:
        Up to 0.1 s for the first of a kind (its art is decoded), then nothing; 64 are kept, a few
        kilobytes each, and their pictures in caches of 110 MiB together.
    """
    subject = catalogue().subjects[actor.subject]
    if actor.material is None:
        coloured = subject.colours and actor.colour != subject.own_colour
    else:
        coloured = actor.material == "glass"
    return _figure(
        actor.subject,
        actor.colour if coloured else None,
        actor.tone if subject.tones and actor.material is None else None,
        actor.holds,
        actor.wears,
        actor.material,
    )


def keep_more(figures: int = 4096, megabytes: int = 400) -> None:
    """Keep more figures and pictures in this process than a studio needs.

    Art is decoded when its figure is first seen, which takes longer than to draw a small clip. A
    stream of thousands of small scenes meets the same figures again and again; a clip does not.

    Args:
        figures: How many to keep (64 where this is never called).
        megabytes: Of their pictures (32 where this is never called). At 128x128 all of the
            catalogue fits into the default.

    Cost:
        What was kept so far is made again. Call it before the first figure, not from two threads.
    """
    global _figure
    _figure = lru_cache(maxsize=figures)(_figure.__wrapped__)
    keep_pictures(megabytes << 20)


def prop(sprite: str, pixels: float, turn: float = 0.0, colour: str | None = None) -> Cutout:
    """A picture of the atlas: scenery, an emote, a particle.

    Args:
        sprite: Concept of the atlas.
        pixels: Height on screen; the image is at least that and at most twice that large (see
            ``Figure.cutout``).
        turn: Place in the sprite's own loop, in turns.
        colour: A colour to give it, or none.

    Returns:
        A cutout whose ``metre`` is its drawn height in pixels: as if it were one metre high. Its
        centre lies half of that above its anchor.

    Raises:
        KeyError: There is no such sprite or colour.
    """
    art = _prop(sprite, colour)
    level, index = art.level(pixels), art.frame_index(turn)
    return Cutout(
        image=art.picture(index, level),
        anchor=art.at(*art.foot, level),
        metre=art.height * level / atlas.SIZE,
        key=("prop", art.key, level, index),
    )


@lru_cache(maxsize=64)
def _figure(
    name: str,
    colour: str | None,
    tone: str | None,
    holds: str | None,
    wears: str | None,
    material: str | None,
) -> Figure:
    subject = catalogue().subjects[name]
    in_paw, on_head = held(holds) if holds else None, worn(wears) if wears else None
    if subject.body == "plush":
        return PlushFigure(subject, colour, tone, in_paw, on_head, material)
    return SpriteFigure(subject, colour, tone, in_paw, on_head, material)


@lru_cache(maxsize=256)
def _prop(sprite: str, colour: str | None) -> Art:
    return Art(sprite, colour=colour)

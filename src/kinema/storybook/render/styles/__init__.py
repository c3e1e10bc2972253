"""Styles: what is done to a finished frame. Storybook, the look of the world itself, does nothing.

Each style takes the frame (H, W, 3) bytes and gives one of the same size. What moves in it (grain,
dust, finger prints) is a function of the clock. Heavy filters work on small pictures: what they
leave is soft anyway. No style takes more than about 25 ms at 1280x720.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kinema.storybook.clock import Clock
from kinema.storybook.render.paint import Image
from kinema.storybook.render.styles.drawn import anime, comic, pencil
from kinema.storybook.render.styles.film import (
    black_and_white,
    live_action,
    neon,
    tilt_shift,
    vintage,
)
from kinema.storybook.render.styles.painted import claymation, paper_cutout, watercolour
from kinema.storybook.render.styles.pixel import pixel_art

Focus = tuple[float, float]
"""First and last row that are in focus, as shares of the frame's height."""


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style does, and how many pictures a second it takes (None: every frame is one)."""

    paint: Callable[[Image, Clock, Focus], Image]
    cadence: int | None = None


_STYLES = {
    "watercolour": _Style(lambda frame, _clock, _focus: watercolour(frame)),
    "pixel_art": _Style(lambda frame, _clock, _focus: pixel_art(frame)),
    "black_and_white": _Style(lambda frame, clock, _focus: black_and_white(frame, clock)),
    "pencil": _Style(lambda frame, _clock, _focus: pencil(frame)),
    "vintage": _Style(lambda frame, clock, _focus: vintage(frame, clock)),
    "neon": _Style(lambda frame, _clock, _focus: neon(frame)),
    "paper_cutout": _Style(lambda frame, _clock, _focus: paper_cutout(frame)),
    "anime": _Style(lambda frame, _clock, _focus: anime(frame)),
    "claymation": _Style(lambda frame, clock, _focus: claymation(frame, clock), 12),
    "tilt_shift": _Style(lambda frame, _clock, focus: tilt_shift(frame, focus)),
    "comic": _Style(lambda frame, _clock, _focus: comic(frame)),
    "live_action": _Style(lambda frame, clock, _focus: live_action(frame, clock)),
}


def apply_style(name: str, frame: Image, clock: Clock, focus: Focus) -> Image:
    """The frame in that style; ``focus`` is where the lead stands."""
    return frame if name == "storybook" else _STYLES[name].paint(frame, clock, focus)


def styles() -> tuple[str, ...]:
    """Names of all styles."""
    return ("storybook", *_STYLES)


def held(style: str, t: Fraction, loop: Fraction | None) -> Fraction:
    """The time of the picture that a style shows at ``t``: clay is moved twelve times a second.

    In a loop the count of pictures begins anew with every lap, so that it closes at any period.
    """
    cadence = _STYLES[style].cadence if style in _STYLES else None
    if cadence is None:
        return t
    begun = Fraction(0) if loop is None else t // loop * loop
    return begun + Fraction((t - begun) * cadence // 1, cadence)

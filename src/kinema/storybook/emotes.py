"""Emotes: the small sprites that rise from actors, when they love, sleep, play or are startled."""

from __future__ import annotations

import math
from typing import Final

from kinema.storybook.clock import Clock
from kinema.storybook.pose import Emote
from kinema.storybook.scene import Actor, Beat

INSTRUMENTS: Final = (
    "guitar", "violin", "banjo", "drum", "long_drum", "maracas", "flute", "saxophone", "trumpet",
    "accordion", "piano", "keyboard", "microphone",
)  # fmt: skip
"""What makes music when it is played."""

_BY_EMOTION: Final = {
    "love_struck": "red-heart",
    "sleepy": "zzz",
    "angry": "anger-symbol",
    "scared": "sweat-droplets",
    "surprised": "red-exclamation-mark",
    "celebrating": "sparkles",
}
_BY_ACTION: Final = {"sleep": "zzz", "hug": "red-heart", "wink": "sparkles"}
_POPS: Final = ("red-exclamation-mark", "anger-symbol", "sweat-droplets")
"""These pop up beside the head; the others rise."""
_FADE: Final = 0.4


def emotes(actor: Actor, beat: Beat, clock: Clock, height: float) -> tuple[Emote, ...]:
    """The small sprites around the actor at that moment.

    Args:
        actor: Whose they are.
        beat: What it does now.
        clock: Time since the beat began, closed over a loop.
        height: Its height now, metres.
    """
    sprite = _sprite(actor, beat)
    if sprite is None:
        return ()
    fade = 1.0 if beat.at == 0 or clock.loop is not None else min(max(clock.t / _FADE, 0.0), 1.0)
    if sprite in _POPS:
        return _popping(sprite, clock, height, fade)
    return tuple(_rising(sprite, index, clock, height, actor.phase, fade) for index in range(3))


def _sprite(actor: Actor, beat: Beat) -> str | None:
    if beat.action in _BY_ACTION:
        return _BY_ACTION[beat.action]
    if beat.action == "play" and (actor.holds or "").replace("-", "_") in INSTRUMENTS:
        return "musical-note"
    return _BY_EMOTION.get(beat.emotion or "")


def _rising(
    sprite: str, index: int, clock: Clock, height: float, phase: float, fade: float
) -> Emote:
    q = clock.turns(0.32, index / 3 + phase)
    q -= math.floor(q)
    side = 1.0 if index % 2 else -1.0
    size = 0.24 + 0.07 * height
    return Emote(
        sprite=sprite,
        dx=side * (0.12 + 0.1 * index + 0.12 * q) * height + 0.04 * math.sin(math.tau * (2 * q)),
        dy=height * 0.86 + (0.15 + 0.5 * q) * max(height, 0.8) * 0.7,
        height=size * (0.65 + 0.35 * q) if sprite != "zzz" else size * (0.5 + 0.6 * q),
        roll=0.15 * math.sin(math.tau * q + index),
        opacity=fade * math.sin(math.pi * q) ** 0.7,
    )


def _popping(sprite: str, clock: Clock, height: float, fade: float) -> tuple[Emote, ...]:
    q = clock.turns(0.4, 0.02)
    q -= math.floor(q)
    shown = min(1.0, q / 0.06) * (1.0 if q < 0.5 else max(0.0, 1.0 - (q - 0.5) / 0.08))
    if shown <= 0.0:
        return ()
    size = (0.22 + 0.07 * height) * (0.7 + 0.3 * shown)
    side = 0.0 if sprite == "red-exclamation-mark" else 0.34 * height
    up = height * (1.12 if side == 0.0 else 0.92) + 0.03 * math.sin(math.tau * 3 * q)
    return (Emote(sprite=sprite, dx=side, dy=up, height=size, opacity=shown * fade),)

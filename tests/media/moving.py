"""Small moving pictures that every media test can write and look for again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from kinema.media.colour import Rgb
from kinema.types import Size

SIZE = Size(width=160, height=128)

FORMATS = ("clip.mp4", "clip.webm", "clip.gif", "clip.webp", "frames/%04d.png")
STILLS = ("still.png", "still.jpg", "still.webp")

Write = Callable[..., Path]


def picture(number: int, size: Size = SIZE) -> Rgb:
    """A coloured ground, a bar whose height tells the number, and a square that moves."""
    frame = np.zeros((size.height, size.width, 3), np.uint8)
    frame[:] = (40, 120, 200)
    frame[: 4 * (number % 32) + 2, :24] = (250, 220, 60)
    left = 32 + 3 * number % (size.width - 64)
    frame[60:92, left : left + 32] = (220, 40, 30)
    return frame


def pictures(count: int, size: Size = SIZE) -> list[Rgb]:
    return [picture(number, size) for number in range(count)]


def number_of(frame: Rgb) -> int:
    """The number that the bar of a decoded picture tells."""
    bar = frame[:, 8:16].astype(int).mean(axis=1)
    return round((int((bar[:, 0] > bar[:, 2]).sum()) - 2) / 4)

"""An open mouth, drawn on a face: a soft dark hollow with a tongue in it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.figures.layer import atop

_HOLLOW = np.array([88, 14, 44], np.float32)
_DEEP = np.array([52, 6, 30], np.float32)
_TONGUE = np.array([236, 92, 112], np.float32)
SHUT = 0.02  # below this nothing is drawn
_GRADES = 24  # distinct openings


def grade(opening: float) -> int:
    """Return the opening (0 to 1) as one of 24 grades, 0 for a shut mouth."""
    return 0 if opening < SHUT else max(1, min(_GRADES, round(opening * _GRADES)))


def draw_mouth(
    image: NDArray[np.uint8], centre: tuple[float, float], width: float, opened: int
) -> None:
    """Draw a mouth on a premultiplied picture, in place, and only where it is opaque already.

    Args:
        image: (H, W, 4) uint8.
        centre: Column and row of the middle of the shut mouth, in pixels, edges at whole numbers.
        width: Width of the mouth in pixels.
        opened: A grade above 0.
    """
    opening = opened / _GRADES
    # A mouth that opens wide gets a little narrower; it opens downwards, as jaws do.
    half_width = 0.5 * width * (0.86 - 0.12 * opening)
    half_height = 0.5 * max(0.62 * width * opening, 1.2)
    x, y = centre[0], centre[1] + 0.45 * half_height
    x0, x1 = (
        max(0, math.floor(x - half_width - 2)),
        min(image.shape[1], math.ceil(x + half_width + 2)),
    )
    y0, y1 = (
        max(0, math.floor(y - half_height - 2)),
        min(image.shape[0], math.ceil(y + half_height + 2)),
    )
    if x0 >= x1 or y0 >= y1:
        return
    rows, columns = np.mgrid[y0:y1, x0:x1].astype(np.float32) + 0.5
    u, v = (columns - x) / half_width, (rows - y) / half_height
    # Flat above, round below: a squarer curve in the upper half.
    power = np.where(v < 0, 2.8, 2.1)
    radius = (np.abs(u) ** 2.3 + np.abs(v) ** power) ** (1 / 2.2)
    cover = np.clip((1 - radius) * min(half_width, half_height) + 0.5, 0, 1)
    depth = np.clip(0.5 - 0.6 * v, 0, 1)[..., None]
    rgb = _HOLLOW + (_DEEP - _HOLLOW) * depth
    tongue_radius = np.hypot(u / 0.66, (v - 0.86) / 0.78)
    tongue = np.clip((1 - tongue_radius) * half_height * 0.8 + 0.5, 0, 1)[..., None]
    lit = _TONGUE * (1.06 - 0.22 * np.clip(tongue_radius, 0, 1))[..., None]
    rgb += tongue * min(1.0, opening * 2.5) * (lit - rgb)
    # A thin lit lip at the lower rim, so that the hollow lies in the face.
    lip = np.clip(1 - np.abs(radius - 0.97) / 0.12, 0, 1) * np.clip(v, 0, 1) * 0.35
    rgb += lip[..., None] * (255 - rgb) * np.array([0.9, 0.55, 0.55], np.float32)
    patch = np.dstack([np.clip(rgb, 0, 255), np.full_like(cover, 255.0)]) * cover[..., None]
    atop(image[y0:y1, x0:x1], (patch + 0.5).astype(np.uint8))

"""Pixel art: fat pixels, one palette, a pattern of dots between its colours."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.render.paint import Image
from kinema.storybook.render.styles.working import ink, luma, multiplied, saturated

ACROSS = 88
"""Fat pixels in the shorter side, about."""
_BITS = 5


def pixel_art(frame: Image) -> Image:
    """Fat pixels in the colours of a game of the sixteen-bit age."""
    height, width = frame.shape[:2]
    cell = max(2, round(min(height, width) / ACROSS))
    size = (-(-width // cell), -(-height // cell))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    small = cv2.addWeighted(small, 1.5, cv2.GaussianBlur(small, (0, 0), 1.0), -0.5, 0)
    small = saturated(small, 1.25, 1.02)
    small = multiplied(small, ink(luma(small), 1.0, 12, 52))
    rows, columns = small.shape[:2]
    dots = np.tile(_DOTS, (-(-rows // 2), -(-columns // 2), 1))[:rows, :columns]
    spread = cv2.subtract(cv2.add(small, np.ascontiguousarray(dots)), np.full_like(small, 8))
    index = (spread >> (8 - _BITS)).astype(np.int32)
    flat = _nearest()[index[..., 0], index[..., 1], index[..., 2]]
    big = np.repeat(np.repeat(flat, cell, 0), cell, 1)
    return np.ascontiguousarray(big[:height, :width])


_RAMP = (
    (0.18, 0.60), (0.30, 0.70), (0.44, 0.76), (0.60, 0.78), (0.76, 0.76), (0.90, 0.66),
    (0.97, 0.44), (1.0, 0.22), (0.62, 0.44), (0.82, 0.36),
)  # fmt: skip
"""Brightness and clearness of a hue's shades."""
_DOTS = np.array([[5, 9], [11, 7]], np.uint8)[..., None].repeat(3, 2)


def _palette() -> NDArray[np.floating]:
    """Colours in [0, 1]: ramps of clear hues, shades drawn to blue and lights to yellow; greys."""
    colours = []
    for hue in range(0, 360, 24):
        for level, clearness in _RAMP:
            lean = 18 * (0.55 - level)
            towards = 250 if lean > 0 else 60
            turn = (towards - hue + 180) % 360 - 180
            shifted = (hue + np.sign(turn) * min(abs(lean), abs(turn))) % 360
            colours.append(_hsv(shifted, clearness, level))
    greys = [(v, v * 0.99, min(1, v * 1.03 + 0.015)) for v in np.linspace(0.04, 1.0, 12)]
    muted = [
        _hsv(hue, 0.24, level)
        for hue in (24, 90, 200, 260, 330)
        for level in (0.32, 0.50, 0.68, 0.86, 0.97)
    ]
    return np.array([*colours, *greys, *muted], np.float32)


def _hsv(hue: float, saturation: float, value: float) -> tuple[float, float, float]:
    pixel = np.array([[[hue, saturation, value]]], np.float32)
    red, green, blue = cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0]
    return float(red), float(green), float(blue)


@cache
def _nearest() -> NDArray[np.uint8]:
    """The palette's colour nearest to each of 32 x 32 x 32 colours, by the eye's distances."""
    steps = 1 << _BITS
    axis = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    cube = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 1, 3)
    palette = _palette()
    seen = cv2.cvtColor(cube, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    have = cv2.cvtColor(palette[:, None], cv2.COLOR_RGB2LAB).reshape(-1, 3)
    nearest = ((seen[:, None] - have[None]) ** 2).sum(-1).argmin(1)
    return (palette[nearest] * 255 + 0.5).astype(np.uint8).reshape(steps, steps, steps, 3)

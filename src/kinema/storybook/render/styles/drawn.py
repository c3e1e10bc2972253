"""Drawn styles: pencil, comic, anime."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.render.noise import FINE, N
from kinema.storybook.render.paint import Image
from kinema.storybook.render.styles.working import (
    bloom,
    curve,
    enlarged,
    ink,
    luma,
    multiplied,
    paper,
    reduced,
    saturated,
    unit_of,
)

_GRAPHITE = curve(lambda v: 0.30 + 0.70 * v**0.7)
_OUTLINE = curve(lambda v: 0.10 + 0.90 * np.clip((v - 0.62) / 0.33, 0, 1) ** 1.4)
_FIRST = curve(lambda v: 0.62 + 0.38 * np.clip((v - 0.44) / 0.40, 0, 1))
_SECOND = curve(lambda v: 0.56 + 0.44 * np.clip((v - 0.34) / 0.30, 0, 1))
_WARM = np.dstack(
    [
        curve(lambda v, top=top, low=low: low + (top - low) * v)
        for top, low in ((252 / 255, 0.10), (250 / 255, 0.10), (244 / 255, 0.12))
    ]
).reshape(1, 256, 3)


def pencil(frame: Image) -> Image:
    """Graphite: firm outlines, two layers of strokes in the shade, white paper in the light."""
    small = reduced(frame, 512)
    unit, shape = unit_of(small), frame.shape[:2]
    calm = cv2.bilateralFilter(cv2.medianBlur(small, 5), 5, 30, 4)
    # A line wherever one of the three colours is darker than its surroundings.
    around = cv2.GaussianBlur(calm, (0, 0), 0.011 * unit)
    dodged = cv2.divide(calm, around, scale=255)
    darkest = cv2.min(cv2.min(dodged[..., 0], dodged[..., 1]), dodged[..., 2])
    outlines = enlarged(cv2.LUT(darkest, _OUTLINE), frame)
    tone = enlarged(cv2.LUT(cv2.GaussianBlur(luma(calm), (0, 0), 1.0), _GRAPHITE), frame)
    strokes = cv2.multiply(
        cv2.LUT(cv2.addWeighted(tone, 1.0, _strokes(shape, 0), 1.0, -128), _FIRST),
        cv2.LUT(cv2.addWeighted(tone, 1.0, _strokes(shape, 1), 1.0, -128), _SECOND),
        scale=1 / 255,
    )
    drawn = cv2.multiply(cv2.addWeighted(tone, 0.30, strokes, 0.70, 6), outlines, scale=1 / 255)
    drawn = cv2.multiply(drawn, paper(shape, FINE, 2.0, 420), scale=1 / 128)
    return cv2.LUT(cv2.cvtColor(drawn, cv2.COLOR_GRAY2RGB), _WARM)


@lru_cache(maxsize=8)
def _strokes(shape: tuple[int, int], layer: int) -> Image:
    """Noise around 128 drawn out along one direction: the strokes of a pencil."""
    rng = np.random.default_rng([layer, 19])
    noise = rng.standard_normal((N, N)).astype(np.float32)
    noise = np.tile(noise, (2, 2))
    length = np.zeros((25, 25), np.float32)
    slope = 0.75 if layer == 0 else -0.45
    for i in np.linspace(-12, 12, 97):
        length[12 + round(i * slope * 0.8), 12 + round(i)] = 1
    drawn = cv2.GaussianBlur(cv2.filter2D(noise, -1, length / length.sum()), (0, 0), 0.6)
    drawn = drawn[64 : 64 + N, 64 : 64 + N] / drawn.std()
    values = np.clip(128 + 20 * drawn, 0, 255).astype(np.uint8)
    scale = max(1.0, min(shape) / 460)
    rows, columns = round(shape[0] / scale) + 1, round(shape[1] / scale) + 1
    whole = np.tile(values, (-(-rows // N), -(-columns // N)))[:rows, :columns]
    return cv2.resize(whole, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def comic(frame: Image) -> Image:
    """Flat printed colours, dots in the half tones, black lines."""
    small = reduced(frame)
    flat = cv2.bilateralFilter(cv2.medianBlur(small, 5), 7, 46, 6)
    flat = cv2.LUT(saturated(flat, 1.42, 1.06, 4), _INKS)
    whole = enlarged(flat, frame)
    unit, shape = unit_of(frame), frame.shape[:2]
    grey = luma(whole)
    # Dots grow as it gets darker, up to a third of the surface.
    dots = cv2.LUT(cv2.addWeighted(grey, 1.0, _screen(shape), 1.0, -128), _DOT)
    whole = multiplied(whole, dots)
    lines = ink(luma(frame), 0.0062 * unit, 7, 20)
    # Contours between colours of one brightness.
    lines = cv2.min(lines, ink(cv2.extractChannel(frame, 0), 0.0062 * unit, 10, 24))
    return cv2.LUT(multiplied(whole, lines), _PRINT)


_DOT = curve(lambda v: 0.78 + 0.22 * np.clip((v - 0.36) / 0.07, 0, 1))
_PRINT = np.dstack(
    [
        curve(lambda v, top=top, low=low: low + (top - low) * v)
        for top, low in ((1.0, 0.05), (0.985, 0.045), (0.945, 0.08))
    ]
).reshape(1, 256, 3)


def _stairs(levels: int, softness: float, strength: float) -> Image:
    def tone(v: NDArray[np.floating]) -> NDArray[np.floating]:
        scaled = v * levels
        whole = np.floor(scaled)
        ramp = np.clip((scaled - whole - 0.5) / softness + 0.5, 0, 1)
        return v + ((whole + ramp) / levels - v) * strength

    return curve(tone)


_INKS = _stairs(5, 0.3, 0.85)
_CELS = _stairs(5, 0.28, 0.62)


@lru_cache(maxsize=4)
def _screen(shape: tuple[int, int]) -> Image:
    """A screen of dots at 45 degrees around 128: low in their middles."""
    cell = max(4.0, min(shape) / 84)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    u, v = (x + y) / cell * np.float32(4.4429), (x - y) / cell * np.float32(4.4429)
    wave = (np.cos(u) + np.cos(v)) / 2
    return np.clip(128 - 92 * wave, 0, 255).astype(np.uint8)


def anime(frame: Image) -> Image:
    """Cels: two or three tones a colour, fine dark lines, clear colours, light that blooms."""
    small = reduced(frame)
    calm = cv2.bilateralFilter(cv2.medianBlur(small, 5), 7, 38, 6)
    ycc = cv2.cvtColor(calm, cv2.COLOR_RGB2YCrCb)
    ycc[..., 0] = cv2.LUT(np.ascontiguousarray(ycc[..., 0]), _CELS)
    cel = saturated(cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB), 1.30, 1.03, 5)
    whole = enlarged(cel, frame)
    unit = unit_of(frame)
    # A little of the frame itself keeps faces crisp.
    whole = cv2.addWeighted(whole, 0.72, saturated(frame, 1.2, 1.02, 4), 0.28, 0)
    lines = ink(luma(frame), 0.0040 * unit, 10, 34)
    whole = multiplied(whole, cv2.addWeighted(lines, 0.72, lines, 0.0, 0.28 * 255))
    return bloom(whole, 212, 0.035, 0.6)

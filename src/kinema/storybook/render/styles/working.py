"""What styles draw with: smaller working pictures, ink lines, grain, paper, tone curves.

Everything works on bytes. Lengths are shares of the frame's shorter side, so that a style looks the
same at every size.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.clock import Clock
from kinema.storybook.render.noise import Grain, N, tile
from kinema.storybook.render.paint import Image

WORKING_SIDE = 384
"""Shorter side at which what is soft anyway is painted."""


def unit_of(picture: Image) -> int:
    """Pixels in the shorter side."""
    return min(picture.shape[:2])


def tick_of(clock: Clock, rate: float) -> int:
    """Number of the picture that is shown, at ``rate`` a second; in a loop the same every lap."""
    pictures = 1 << 30 if clock.loop is None else max(1, round(rate * clock.loop))
    # A hair later, so that a picture begins exactly when it is due.
    return math.floor(clock.turns(rate) + 1e-6) % pictures


def reduced(frame: Image, side: int = WORKING_SIDE) -> Image:
    """The frame with at most ``side`` pixels a shorter side."""
    height, width = frame.shape[:2]
    scale = side / min(height, width)
    if scale >= 1:
        return frame
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA)


def enlarged(picture: Image, like: Image) -> Image:
    """The picture at the size of another."""
    if picture.shape[:2] == like.shape[:2]:
        return picture
    size = (like.shape[1], like.shape[0])
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)


def luma(frame: Image) -> Image:
    """Brightness as bytes."""
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)


def curve(tone: Callable[[NDArray[np.floating]], NDArray[np.floating]]) -> Image:
    """A table of 256 bytes for `cv2.LUT` from a function of [0, 1]."""
    levels = np.linspace(0, 1, 256, dtype=np.float32)
    return (np.clip(tone(levels), 0, 1) * 255 + 0.5).astype(np.uint8)


def multiplied(frame: Image, mask: Image) -> Image:
    """The frame darkened by one byte a pixel, 255 leaving it as it is."""
    return cv2.multiply(frame, cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB), scale=1 / 255)


def saturated(frame: Image, amount: float, gain: float = 1.0, lift: float = 0.0) -> Image:
    """The frame with its colours ``amount`` times as far from grey, times ``gain``, plus ``lift``.

    ``lift`` is in bytes.
    """
    grey = np.array([[0.299, 0.587, 0.114]], np.float32).repeat(3, 0)
    matrix = (np.eye(3, dtype=np.float32) * amount + grey * (1 - amount)) * gain
    return cv2.transform(frame, np.column_stack((matrix, np.full(3, lift, np.float32))))


def ink(grey: Image, width: float, low: int, high: int) -> Image:
    """Dark lines where a surface is darker than what is around it: 255 on paper, 0 in full ink.

    Args:
        grey: Brightness as bytes.
        width: Of a line, in pixels.
        low: Difference in bytes at which ink begins.
        high: Difference at which it is full.
    """
    fine = cv2.GaussianBlur(grey, (0, 0), max(0.5, width * 0.5))
    wide = _blurred(grey, max(0.9, width * 1.6))
    return cv2.LUT(cv2.subtract(wide, fine), _ink_table(low, high))


def _blurred(grey: Image, sigma: float) -> Image:
    """A Gaussian blur; a wide one at half the size, where it looks the same."""
    if sigma < 3:
        return cv2.GaussianBlur(grey, (0, 0), sigma)
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return enlarged(cv2.GaussianBlur(half, (0, 0), sigma / 2), grey)


@lru_cache(maxsize=32)
def _ink_table(low: int, high: int) -> Image:
    t = np.clip((np.arange(256) - low) / (high - low), 0, 1)
    return (255 * (1 - t * t * (3 - 2 * t)) + 0.5).astype(np.uint8)


@lru_cache(maxsize=24)
def paper(shape: tuple[int, int], grain: Grain, strength: float, side: int) -> Image:
    """Noise around 128 that fills a (rows, columns) picture, the tile drawn for ``side`` pixels.

    Where the shorter side of the picture is longer than ``side``, the noise grows with it.
    """
    values = np.clip(tile(grain) * np.float32(strength) + 128, 0, 255).astype(np.uint8)
    scale = max(1.0, min(shape) / side)
    rows, columns = round(shape[0] / scale) + 1, round(shape[1] / scale) + 1
    whole = np.tile(values, (-(-rows // N), -(-columns // N)))[:rows, :columns]
    return cv2.resize(whole, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def textured(frame: Image, noise: Image) -> Image:
    """The frame brightened and darkened by noise around 128."""
    return cv2.multiply(frame, cv2.cvtColor(noise, cv2.COLOR_GRAY2RGB), scale=1 / 128)


def film_grain(frame: Image, tick: int, strength: float) -> Image:
    """The frame (one channel or three) with the grain of picture ``tick`` of a film."""
    rows, columns = frame.shape[:2]
    coarse = max(1.0, min(rows, columns) / 400)
    rng = np.random.default_rng([tick, 3])
    small = (round(rows / coarse), round(columns / coarse))
    y, x = (int(v) for v in rng.integers(0, _GRAIN - 1, 2))
    repeats = (-(-(small[0] + y) // _GRAIN), -(-(small[1] + x) // _GRAIN))
    noise = np.tile(_grain_tile(round(strength * 1000)), repeats)[
        y : y + small[0], x : x + small[1]
    ]
    noise = cv2.resize(noise, (columns, rows), interpolation=cv2.INTER_LINEAR)
    if frame.ndim == 3:
        noise = cv2.cvtColor(noise, cv2.COLOR_GRAY2RGB)
    return cv2.addWeighted(frame, 1.0, noise, 1.0, -128.0)


_GRAIN = 512


@lru_cache(maxsize=4)
def _grain_tile(thousandths: int) -> Image:
    rng = np.random.default_rng(8)
    noise = rng.standard_normal((_GRAIN, _GRAIN), np.float32)
    noise = noise + 1.4 * cv2.GaussianBlur(noise, (0, 0), 0.9)
    noise *= np.float32(thousandths * 0.255) / noise.std()
    return np.clip(noise + 128, 0, 255).astype(np.uint8)


def bloom(frame: Image, floor: int, reach: float, strength: float) -> Image:
    """The frame with the light of what is brighter than ``floor`` spilling over its surroundings.

    ``reach`` is in shorter sides.
    """
    small = reduced(frame, 120)
    bright = cv2.subtract(small, (floor, floor, floor, 0))
    glow = cv2.GaussianBlur(bright, (0, 0), max(0.8, reach * unit_of(small)))
    glow = cv2.multiply(glow, (strength,) * 3 + (0.0,))
    return cv2.add(frame, enlarged(glow, frame))


@lru_cache(maxsize=8)
def vignette(shape: tuple[int, int], depth: float, power: float) -> Image:
    """A map of brightness, 255 in the middle, darker by ``depth`` in the corners."""
    rows, columns = shape
    y = ((np.arange(rows, dtype=np.float32) + 0.5) / rows - 0.5)[:, None]
    x = ((np.arange(columns, dtype=np.float32) + 0.5) / columns - 0.5)[None]
    away = (x * x + y * y) * 2
    return (255 * (1 - depth * away**power) + 0.5).astype(np.uint8)

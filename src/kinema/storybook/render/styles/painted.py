"""Painted and built styles: watercolour, cut paper, clay."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.clock import Clock
from kinema.storybook.render.noise import BLOTCH, CLOUDY, FINE, SOFT, N, spread, tile
from kinema.storybook.render.paint import Image
from kinema.storybook.render.sky import smoothstep
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
    textured,
    tick_of,
    unit_of,
)

CLAY_RATE = 12.0
"""Pictures a second for which clay is moved."""

_WASH = curve(lambda v: 0.10 + 0.90 * v**0.82)
_PAPER = (252, 249, 240)


def watercolour(frame: Image) -> Image:
    """Luminous washes that wander over their outlines, pigment at their rims, a painted border."""
    small = reduced(frame)
    wash = cv2.bilateralFilter(cv2.medianBlur(small, 5), 5, 34, 5)
    across, down = _wander(wash.shape[:2])
    wash = cv2.remap(wash, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    wash = cv2.LUT(saturated(wash, 1.28), _WASH)
    grey = luma(wash)
    unit = unit_of(wash)
    rims = ink(grey, 0.006 * unit, 3, 60)
    wash = multiplied(wash, cv2.addWeighted(rims, 0.55, rims, 0.0, 0.45 * 255))
    wash = textured(wash, paper(wash.shape[:2], CLOUDY, 7.0, 384))
    whole = enlarged(wash, frame)
    lines = ink(luma(frame), 0.0042 * unit_of(frame), 9, 42)
    whole = multiplied(whole, cv2.addWeighted(lines, 0.62, lines, 0.0, 0.38 * 255))
    whole = textured(whole, paper(frame.shape[:2], FINE, 3.2, 512))
    inside = _border(frame.shape[:2])
    kept = cv2.multiply(whole, inside, scale=1 / 255)
    return cv2.add(kept, cv2.multiply(255 - inside, (*_PAPER, 0.0), scale=1 / 255))


@lru_cache(maxsize=4)
def _wander(shape: tuple[int, int]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Where each pixel of a wash takes its colour: a hand is never quite steady."""
    rows, columns = shape
    reach = 0.0030 * min(shape)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    scale = min(shape) / 384
    noise = _grown(shape, scale)
    return x + noise * np.float32(reach), y + np.roll(noise, 71, 1) * np.float32(reach)


def _grown(shape: tuple[int, int], scale: float) -> NDArray[np.floating]:
    """Blotches of the size that they have at a shorter side of 384."""
    rows, columns = (max(2, round(n / scale)) for n in shape)
    noise = spread(BLOTCH, (rows, columns)).copy()
    return cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


@lru_cache(maxsize=4)
def _border(shape: tuple[int, int]) -> Image:
    """0 on the paper's margin, 255 inside, with a painted edge between; three channels."""
    rows, columns = shape
    unit = min(shape)
    grain = min(1.0, 384 / unit)
    size = (round(rows * grain), round(columns * grain))
    y = (np.minimum(np.arange(size[0]), np.arange(size[0])[::-1]) / min(size))[:, None]
    x = (np.minimum(np.arange(size[1]), np.arange(size[1])[::-1]) / min(size))[None]
    inside = np.minimum(x, y) + spread(SOFT, size) * 0.006 + spread(CLOUDY, size) * 0.0035
    weight = smoothstep(0.012, 0.042, inside.astype(np.float32))
    full = cv2.resize(weight, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return cv2.cvtColor((full * 255 + 0.5).astype(np.uint8), cv2.COLOR_GRAY2RGB)


def paper_cutout(frame: Image) -> Image:
    """Layers of coloured card: flat colours, a pale cut edge, a soft shadow below and beside."""
    small = reduced(frame, 320)
    flat = cv2.bilateralFilter(cv2.medianBlur(small, 5), 7, 44, 5)
    flat = enlarged(saturated(flat, 1.25, 1.03), frame)
    # Steps of brightness cut after enlarging have crisp edges.
    ycc = cv2.cvtColor(flat, cv2.COLOR_RGB2YCrCb)
    tone = cv2.LUT(cv2.extractChannel(ycc, 0), _CARD)
    card = cv2.cvtColor(cv2.insertChannel(tone, ycc, 0), cv2.COLOR_YCrCb2RGB)
    edges = _steps(reduced(card, 320))
    unit = unit_of(edges)
    step = 0.0055 * unit
    # The same edges moved down and to the right, blurred, are the shadow that a layer throws.
    move = np.array([[1, 0, step], [0, 1, 1.5 * step]], np.float32)
    cast = cv2.warpAffine(edges, move, (edges.shape[1], edges.shape[0]))
    cast = cv2.GaussianBlur(cv2.dilate(cast, np.ones((3, 3), np.uint8)), (0, 0), 0.006 * unit)
    relief = cv2.addWeighted(cast, -0.26, cv2.GaussianBlur(edges, (0, 0), 0.6), 0.13, 128)
    card = textured(card, enlarged(relief, frame))
    # Eyes and mouths are cut out too.
    holes = ink(luma(frame), 0.005 * unit_of(frame), 14, 46)
    card = multiplied(card, cv2.addWeighted(holes, 0.6, holes, 0.0, 0.4 * 255))
    return textured(card, paper(frame.shape[:2], FINE, 2.6, 420))


def _stairs(levels: int, softness: float) -> Image:
    """A tone curve of ``levels`` flat steps with short ramps between, so that nothing flickers."""

    def tone(v: NDArray[np.floating]) -> NDArray[np.floating]:
        scaled = v * levels
        whole = np.floor(scaled)
        ramp = np.clip((scaled - whole - 0.5) / softness + 0.5, 0, 1)
        return (whole + ramp) / levels * 0.9 + 0.1 * v

    return curve(tone)


_CARD = _stairs(8, 0.16)


def _steps(card: Image) -> Image:
    """Where the card's colour changes within a pixel or two, one byte a pixel."""
    change = cv2.morphologyEx(card, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    most = cv2.max(cv2.max(change[..., 0], change[..., 1]), change[..., 2])
    return cv2.LUT(most, _STEP)


_STEP = curve(lambda v: (v - 0.05) / 0.22)


def claymation(frame: Image, clock: Clock) -> Image:
    """Modelling clay: soft swellings that catch the light, finger prints new in every picture."""
    small = reduced(frame)
    unit = unit_of(small)
    clay = cv2.bilateralFilter(cv2.medianBlur(small, 5), 5, 26, 4)
    height = cv2.GaussianBlur(luma(clay), (0, 0), 0.0052 * unit)
    step = max(1, round(0.0052 * unit))
    # Light from the upper left: what rises towards it is bright.
    move = np.array([[1, 0, step], [0, 1, step]], np.float32)
    behind = cv2.warpAffine(
        height, move, (height.shape[1], height.shape[0]), borderMode=cv2.BORDER_REPLICATE
    )
    relief = cv2.addWeighted(height, 1.5, behind, -1.5, 128)
    clay = textured(saturated(clay, 1.12, 0.97, 6), relief)
    whole = enlarged(clay, frame)
    detail = cv2.addWeighted(whole, 0.35, cv2.medianBlur(frame, 5), 0.65, 0)
    whole = cv2.addWeighted(whole, 0.55, textured(detail, enlarged(relief, frame)), 0.45, 0)
    return bloom(
        textured(whole, _prints(frame.shape[:2], tick_of(clock, CLAY_RATE) % 4)), 205, 0.02, 0.5
    )


@lru_cache(maxsize=8)
def _prints(shape: tuple[int, int], kind: int) -> Image:
    """Finger prints and unevenness around 128, (rows, columns); four kinds take turns."""
    values = np.rot90(_print_tile(), kind)
    scale = max(1.0, min(shape) / 300)
    rows, columns = round(shape[0] / scale) + 1, round(shape[1] / scale) + 1
    whole = np.tile(values, (-(-rows // N), -(-columns // N)))[:rows, :columns]
    return cv2.resize(whole, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


@lru_cache(maxsize=1)
def _print_tile() -> Image:
    """A tile of finger prints that repeats without a seam."""
    rng = np.random.default_rng(77)
    reach = 28
    v, u = np.mgrid[-reach:reach, -reach:reach].astype(np.float32)
    prints = np.zeros((N, N), np.float32)
    for row, column, angle in rng.random((26, 3)):
        c, s = np.cos(angle * 6.283), np.sin(angle * 6.283)
        across, along = c * u + s * v, c * v - s * u
        ridges = np.sin(np.hypot(across * 0.8, along + 14) * 2.1)
        print_ = ridges * np.exp(-((across / 11) ** 2) - (along / 8) ** 2)
        rows = (np.arange(2 * reach) + int(row * N)) % N
        columns = (np.arange(2 * reach) + int(column * N)) % N
        prints[np.ix_(rows, columns)] += print_
    uneven = tile(BLOTCH) * np.float32(2.2) + tile(FINE)
    return np.clip(128 + prints * 8.5 + uneven, 0, 255).astype(np.uint8)

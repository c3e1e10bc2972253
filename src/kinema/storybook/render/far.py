"""Silhouettes on the horizon: mountains, hills, tree lines, dunes, mesas, skylines, reefs.

Each layer is a periodic height profile, shaded once into a strip of premultiplied RGBA at half the
frame's resolution; each frame shifts and scales the strip by the layer's distance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import FOCAL, View
from kinema.storybook.catalogue import FarLayer
from kinema.storybook.render.light import Light, lerp, rgb
from kinema.storybook.render.noise import CLOUDY, FINE, SOFT, tile
from kinema.storybook.render.paint import Image, warp_over
from kinema.storybook.render.sky import smoothstep

SAMPLES = 1024
"""Columns of a height profile."""
SPAN = 4.0
"""Width of a profile in multiples of its distance; it repeats beyond."""

Profile = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class FarStrip:
    """A painted layer: RGBA strip, its pixels a metre, metres of distance, row of the horizon."""

    strip: Image
    scale: float
    distance: float
    horizon: float
    period: float

    def draw(self, frame: Image, view: View) -> None:
        """Lay the strip over the frame along the horizon."""
        piece, matrix, _ = self.placed(view)
        warp_over(frame, piece, matrix)

    def placed(self, view: View) -> tuple[Image, NDArray[np.floating], float]:
        """The part of the strip that the frame sees, its 2x3 matrix, and where it begins.

        It begins so many columns right of x = 0, laps of the strip counted.
        """
        zoom = view.scale(self.distance) / self.scale
        left = view.camera.x - view.centre / view.scale(self.distance)
        laps, rest = divmod(left, self.period)
        first = rest * self.scale
        shown = int(view.width / zoom) + 3
        start = int(first)
        piece = self.strip[:, start : start + shown]
        matrix = np.array(
            [[zoom, 0, (start - first) * zoom], [0, zoom, view.horizon - self.horizon * zoom]]
        )
        return piece, matrix, start + laps * self.period * self.scale


def paint_far(layer: FarLayer, light: Light, size: tuple[int, int], seed: int) -> FarStrip:
    """Shade one layer for a frame of (width, height)."""
    rng = np.random.default_rng([seed, 23, int(layer.distance)])
    heights = (
        _PROFILES[layer.kind](rng, np.linspace(0, 1, SAMPLES, endpoint=False)) * layer.distance
    )
    heights = heights.astype(np.float32)
    unit = min(size)
    pixels = FOCAL * (unit / 2 if unit >= 240 else unit) / layer.distance
    period = SPAN * layer.distance
    columns = round(period * pixels)
    at = np.arange(columns) * SAMPLES / columns
    order = at.astype(int)
    if layer.kind == "city":
        top = heights[order]
    else:
        top = np.interp(at, np.arange(SAMPLES + 1), np.append(heights, heights[0])).astype(
            np.float32
        )
    horizon = float(np.ceil(top.max() * pixels) + 2)
    rows = int(horizon) + 3
    y = np.arange(rows, dtype=np.float32)[:, None] + 0.5
    cover = np.clip(y - (horizon - top[None] * pixels) + 0.5, 0, 1)
    up = np.clip((horizon - y) / np.maximum(top[None] * pixels, 1), 0, 1)
    colour = _shade(layer, light, heights, order, up)
    if layer.kind == "city":
        x = np.arange(columns, dtype=np.float32)[None] / pixels
        colour = _windows(colour, layer, light, x, (horizon - y) / pixels, up)
    haze = 1 - np.exp(-layer.distance / (light.haze_depth * 3.7))
    # Haze lies low, so that tops stand out of it; fog swallows them as well.
    share = np.clip(haze * (1.15 - 0.55 * up * (1 - light.fog)), 0, 0.97)[..., None]
    colour = np.clip(colour + (light.haze - colour) * share, 0, 1)
    strip = (np.dstack((colour * cover[..., None], cover)) * 255 + 0.5).astype(np.uint8)
    strip = cv2.copyMakeBorder(strip, 0, 0, 0, columns + 4 + size[0], cv2.BORDER_WRAP)
    # Blurred across the seam as well, since the far distance is out of focus.
    strip = cv2.GaussianBlur(strip, (0, 0), max(0.45, 0.003 * pixels * layer.distance / FOCAL))
    return FarStrip(strip, pixels, layer.distance, horizon, period)


def _shade(
    layer: FarLayer,
    light: Light,
    heights: Profile,
    order: NDArray[np.int_],
    up: NDArray[np.floating],
) -> NDArray[np.floating]:
    """Colours (rows, columns, 3): slopes towards the sun are lighter, tops lighter than feet."""
    smooth = cv2.GaussianBlur(heights[None], (0, 0), 6, borderType=cv2.BORDER_REPLICATE)[0]
    slope = (np.gradient(smooth) * SAMPLES / (SPAN * layer.distance)).astype(np.float32)
    dark = np.float32(1 - 0.38 * light.darkness)
    if layer.kind in ("mountain", "snow_mountain", "moon_hill"):
        # Ridges lean: the slope is read further along, the further down the face we are.
        lean = (1 - up) * (26 + 10 * tile(SOFT)[order % 256, 3][None])
        lean += tile(CLOUDY)[(order % 256)[None], (up * 90).astype(int) % 256] * 3
        facing = slope[(order[None] + lean.astype(int)) % SAMPLES]
    else:
        facing = slope[order][None] * np.clip(up * 1.2, 0, 1)
    lit = np.clip(0.5 - light.side * facing * 1.3, 0, 1).astype(np.float32)
    lit = cv2.GaussianBlur(lit, (0, 0), 1.2)
    tone = ((0.80 + 0.32 * lit) * (0.93 + 0.15 * up))[..., None]
    base = rgb(*layer.colour) * light.ambient * dark
    colour = base * tone
    if layer.kind == "snow_mountain":
        snow = smoothstep(0.52, 0.66, up + tile(FINE)[order % 256, 20][None] * 0.05)
        colour += (rgb(246, 250, 255) * light.ambient * dark * tone - colour) * snow[..., None]
    elif layer.kind == "pines":
        snow = smoothstep(0.35, 0.9, up) * 0.7
        colour += (rgb(240, 248, 255) * light.ambient * dark - colour) * snow[..., None]
    elif layer.kind == "mesa":
        colour = colour * (1 + 0.08 * np.sin(up * 22))[..., None]
    return colour


def _windows(
    colour: NDArray[np.floating],
    layer: FarLayer,
    light: Light,
    x: NDArray[np.floating],
    height: NDArray[np.floating],
    up: NDArray[np.floating],
) -> NDArray[np.floating]:
    """A grid of windows; by night some of them are lit."""
    across, floors = x / (SPAN * layer.distance / SAMPLES * 3.0), height / (layer.distance * 0.018)
    pane = (across % 1 > 0.35) & (floors % 1 > 0.4) & (up < 0.94)
    chance = np.sin(np.floor(across) * 12.98 + np.floor(floors) * 78.2) * 43758.5
    lit = (chance % 1 < 0.12 + 0.55 * light.darkness) & (light.night > 0.2)
    dull = rgb(*layer.colour) * light.ambient * np.float32(0.8) + np.float32(0.18) * light.horizon
    glass = np.where(lit[..., None], rgb(255, 216, 130), dull * np.float32(1 - 0.4 * light.night))
    return np.where(pane[..., None], lerp(colour, glass, 0.75), colour)


def _bumps(
    rng: np.random.Generator, x: NDArray[np.floating], count: int,
    width: tuple[float, float], low: float,
    form: Callable[[NDArray[np.floating]], NDArray[np.floating]],
) -> NDArray[np.floating]:  # fmt: skip
    """The upper envelope of ``count`` bumps; ``form``: height from middle (0) to edge (1)."""
    height = np.zeros_like(x)
    for centre in rng.random(count):
        away = np.abs((x - centre + 0.5) % 1 - 0.5) / rng.uniform(*width)
        height = np.maximum(height, rng.uniform(low, 1) * form(np.minimum(away, 1)))
    return height


def _soft(profile: NDArray[np.floating], sigma: float) -> NDArray[np.floating]:
    """Smoothed along the horizon, periodically."""
    wrapped = np.concatenate((profile[-64:], profile, profile[:64])).astype(np.float32)[None]
    return cv2.GaussianBlur(wrapped, (0, 0), sigma)[0, 64:-64].astype(np.float64)


def _hills(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    return _soft(_bumps(rng, x, 16, (0.05, 0.13), 0.5, lambda d: 1 - d**2), 14) * 0.11 + 0.02


def _mountains(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    peaks = _bumps(rng, x, 22, (0.05, 0.12), 0.45, lambda d: 1 - d)
    jags = sum(np.sin(2 * np.pi * (k * x + rng.random())) * 0.017 for k in (31, 47, 83))
    return _soft(peaks + jags * (peaks > 0), 2) * 0.26 + 0.02


def _moon_hills(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    return _mountains(rng, x) * 0.6


def _mesas(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    return (
        _bumps(rng, x, 9, (0.02, 0.05), 0.5, lambda d: np.clip((1 - d) / 0.2, 0, 1)) * 0.13 + 0.012
    )


def _row_of(
    rng: np.random.Generator,
    x: NDArray[np.floating],
    form: Callable[[NDArray[np.floating]], NDArray[np.floating]],
) -> NDArray[np.floating]:
    """A tree line: crowns shoulder to shoulder."""
    height = np.zeros_like(x)
    for centre in np.arange(0, 1, 0.012):
        away = np.abs((x - centre - rng.uniform(-0.004, 0.004) + 0.5) % 1 - 0.5) / rng.uniform(
            0.007, 0.011
        )
        height = np.maximum(height, rng.uniform(0.6, 1) * form(np.minimum(away, 1)))
    return height * 0.10 + 0.025


def _trees(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    return _row_of(rng, x, lambda d: np.sqrt(1 - d**2))


def _pines(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    return _row_of(rng, x, lambda d: 1 - d)


def _reef(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    return (
        _soft(_bumps(rng, x, 30, (0.015, 0.04), 0.2, lambda d: np.sqrt(1 - d**2)), 3) * 0.2 + 0.02
    )


def _city(rng: np.random.Generator, x: NDArray[np.floating]) -> NDArray[np.floating]:
    height, at = np.zeros_like(x), 0.0
    while at < 1:
        width = rng.uniform(0.012, 0.03)
        height[int(at * x.size) : int((at + width) * x.size)] = rng.uniform(0.3, 1) ** 1.3
        at += width + rng.choice([0, 0.003, 0.01])
    return height * 0.36 + 0.02


_PROFILES: dict[
    str, Callable[[np.random.Generator, NDArray[np.floating]], NDArray[np.floating]]
] = {
    "hill": _hills,
    "dune": _hills,
    "mountain": _mountains,
    "snow_mountain": _mountains,
    "moon_hill": _moon_hills,
    "mesa": _mesas,
    "trees": _trees,
    "pines": _pines,
    "reef": _reef,
    "city": _city,
}

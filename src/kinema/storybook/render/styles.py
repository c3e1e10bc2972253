"""Styles: what is done to a finished frame. Storybook, the look of the world itself, does nothing.

Each takes the frame (H, W, 3) bytes, the clock and the shorter side in pixels, and gives a frame of
the same size. Heavy filters work at 384 pixels a shorter side: what they leave is soft anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.clock import Clock
from kinema.storybook.render.light import rgb
from kinema.storybook.render.noise import CLOUDY, FINE, SOFT, spread
from kinema.storybook.render.paint import Image
from kinema.storybook.render.sky import smoothstep

WORKING_SIDE = 384


def apply_style(name: str, frame: Image, clock: Clock) -> Image:
    """The frame in that style."""
    return frame if name == "storybook" else _STYLES[name](frame, clock)


def styles() -> tuple[str, ...]:
    """Names of all styles."""
    return ("storybook", *_STYLES)


def _grey(frame: Image) -> NDArray[np.floating]:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255


def _to_bytes(picture: NDArray[np.floating]) -> Image:
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def _at_working_size(frame: Image, paint: Callable[[Image], NDArray[np.floating]]) -> Image:
    """Paint a smaller copy and bring it back to the frame's size."""
    height, width = frame.shape[:2]
    scale = min(1.0, WORKING_SIDE / min(height, width))
    small = frame
    if scale < 1:
        size = (round(width * scale), round(height * scale))
        small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    painted = _to_bytes(paint(small))
    if scale < 1:
        painted = cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC)
    return painted


def _watercolour(frame: Image, clock: Clock) -> Image:
    """Flat washes, darker edges where pigment gathers, paper grain, a ragged white border."""
    del clock

    def paint(small: Image) -> NDArray[np.floating]:
        wash = cv2.bilateralFilter(cv2.bilateralFilter(small, 5, 30, 4), 5, 30, 4)
        picture = wash.astype(np.float32) / 255
        grey = picture.mean(2)
        edge = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 1.3), cv2.CV_32F))
        picture = picture * 0.86 + 0.14
        picture *= (1 - np.clip(edge * 2.2, 0, 0.35))[..., None]
        paper = spread(CLOUDY, grey.shape) * 0.05 + spread(FINE, grey.shape) * 0.02
        picture += (paper * (1 - grey))[..., None]
        white = _border(grey.shape)[..., None]
        return rgb(252, 249, 240) + (picture - rgb(252, 249, 240)) * white

    return _at_working_size(frame, paint)


@cache
def _border(shape: tuple[int, int]) -> NDArray[np.floating]:
    """0 on the paper's margin, 1 inside, with a painted edge between."""
    rows, columns = shape
    unit = min(shape)
    y = (np.minimum(np.arange(rows), np.arange(rows)[::-1]) / unit)[:, None]
    x = (np.minimum(np.arange(columns), np.arange(columns)[::-1]) / unit)[None]
    inside = np.minimum(x, y) + spread(SOFT, shape) * 0.010 + spread(CLOUDY, shape) * 0.004
    return smoothstep(0.0, 0.07, inside.astype(np.float32))


def _pixel_art(frame: Image, clock: Clock) -> Image:
    """Eighty fat pixels a shorter side, few colours."""
    del clock
    height, width = frame.shape[:2]
    cell = max(2, round(min(height, width) / 80))
    small = cv2.resize(frame, (-(-width // cell), -(-height // cell)), interpolation=cv2.INTER_AREA)
    vivid = cv2.addWeighted(small, 1.25, cv2.blur(small, (3, 3)), -0.25, 0)
    few = (np.round(vivid.astype(np.float32) / 255 * 9) / 9 * 255 + 0.5).astype(np.uint8)
    big = np.repeat(np.repeat(few, cell, 0), cell, 1)
    return np.ascontiguousarray(big[:height, :width])


def _black_and_white(frame: Image, clock: Clock) -> Image:
    """Old film: high contrast, grain and a little flicker at 24 pictures a second."""
    tick = int(np.floor(clock.turns(24.0))) % (1 << 30)
    rng = np.random.default_rng([tick, 3])
    grey = np.clip((_grey(frame) - 0.5) * 1.15 + 0.5 + rng.normal(0, 0.012), 0, 1)
    shape = (-(-frame.shape[0] // 2), -(-frame.shape[1] // 2))
    grain = cv2.resize(rng.standard_normal(shape, np.float32), (frame.shape[1], frame.shape[0]))
    grey += grain * np.float32(0.035)
    return cv2.cvtColor((np.clip(grey, 0, 1) * 255).astype(np.uint8), cv2.COLOR_GRAY2RGB)


def _pencil(frame: Image, clock: Clock) -> Image:
    """Graphite lines where brightness changes, hatching in the shade, warm paper."""
    del clock
    grey = _grey(frame)
    unit = min(grey.shape)
    # Grain of the ground would be drawn as dirt.
    grey = cv2.GaussianBlur(grey, (0, 0), 0.0035 * unit)
    soft = cv2.GaussianBlur(grey, (0, 0), 0.0175 * unit)
    lines = np.clip(grey / (soft + 1e-3), 0, 1) ** 3.2
    scale = max(1, round(unit / 256))
    hatch = spread(FINE, (-(-grey.shape[0] // scale), -(-grey.shape[1] // scale)))
    hatch = np.repeat(np.repeat(hatch, scale, 0), scale, 1)[: grey.shape[0], : grey.shape[1]]
    tone = np.clip(lines * 0.82 + 0.18 * grey + hatch * 0.035 * (1.1 - grey) + 0.06, 0, 1)
    return (tone[..., None] * rgb(252, 250, 244) * 255).astype(np.uint8)


_STYLES: dict[str, Callable[[Image, Clock], Image]] = {
    "watercolour": _watercolour,
    "pixel_art": _pixel_art,
    "black_and_white": _black_and_white,
    "pencil": _pencil,
}

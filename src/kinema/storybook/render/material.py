"""What materials do in the picture: glass shows what is behind it, metal and glass sparkle."""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.clock import Clock
from kinema.storybook.figures import Cutout
from kinema.storybook.figures.glass import Lens
from kinema.storybook.render.light import Light
from kinema.storybook.render.paint import (
    Image,
    brighten,
    clip_box,
    over,
    warped,
    warped_into,
)

BENDS = 0.4
"""How far glass bends light: from 1 on, what is seen through a ball stands on its head."""
SPARKLING = frozenset(("gold", "glass", "chrome"))
"""Materials that sparkle."""
_FROST = 0.10  # share by which what is seen through glass is brighter than beside it
_TWINKLE = 0.3  # sparkles a second
_RAY = 0.09  # length of a ray, in heights of the body
_HIGH, _ASIDE = 0.24, 0.32  # where it sparkles: that far below the top, and from the left edge


def lay_glass(
    frame: Image,
    image: Image,
    lens: Lens,
    matrix: NDArray[np.floating],
    *,
    smooth: bool = False,
    opacity: float = 1.0,
) -> None:
    """Lay a glass body over the frame: what is behind it shows bent, tinted and a little brighter.

    Args:
        frame: (H, W, 3) bytes, changed in place.
        image: What the body adds, premultiplied RGBA, in its light; dimmed by ``opacity`` already.
        lens: Of the body.
        matrix: 2x3, from pixels of ``image`` to those of the frame.
        smooth: Whether the picture grows by it.
        opacity: 0 to 1.

    Cost:
        About 1 ms for 250 x 250 pixels.
    """
    laid = warped(image, matrix, (frame.shape[1], frame.shape[0]), smooth=smooth)
    if laid is None:
        return
    box, seen = laid
    x0, y0, x1, y1 = box
    clear = warped_into(box, lens.clear, matrix)
    rows, columns = image.shape[:2]
    wide, tall = columns / lens.bend.shape[1], rows / lens.bend.shape[0]
    stretched = np.array(matrix, np.float64)
    stretched[:, 0] *= wide
    stretched[:, 1] *= tall
    turned = cv2.transform(lens.bend, np.float32(BENDS) * matrix[:, :2].astype(np.float32))
    bend = warped_into(box, np.asarray(turned, np.float32), stretched)
    across = bend[..., 0] + np.arange(x0, x1, dtype=np.float32)[None]
    down = bend[..., 1] + np.arange(y0, y1, dtype=np.float32)[:, None]
    behind = cv2.remap(frame, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    through = cv2.multiply(behind, clear, scale=(1 + _FROST) * opacity / 255)
    if smooth:
        seen[..., :3] = np.minimum(seen[..., :3], seen[..., 3:])
    target = frame[y0:y1, x0:x1]
    over(target, seen)
    target[...] = cv2.add(target, through)


def sparkle(
    frame: Image,
    cutout: Cutout,
    matrix: NDArray[np.floating],
    light: Light,
    *,
    clock: Clock,
    phase: float,
) -> None:
    """Let a body of metal or glass sparkle now and then: a small star on its bright side.

    ``matrix`` leads from pixels of the cut-out to those of the frame; ``phase`` (turns) keeps two
    bodies from sparkling together.
    """
    strength = max(0.0, clock.wave(_TWINKLE, phase - 0.2)) ** 8
    if cutout.material not in SPARKLING or strength < 0.05:
        return
    alpha = cutout.image[..., 3]
    solid = np.flatnonzero(alpha.max(1) > 128)
    if len(solid) < 8:
        return
    tall = int(solid[-1] - solid[0])
    row = int(solid[0] + _HIGH * tall)
    columns = np.flatnonzero(alpha[row] > 200)
    if not len(columns):
        return
    left, right = float(columns[0]), float(columns[-1])
    # A body that is mirrored sparkles on the same side of the picture as any other.
    aside = _ASIDE if matrix[0, 0] >= 0 else 1 - _ASIDE
    u, v = matrix[:, :2] @ (left + aside * (right - left), row) + matrix[:, 2]
    reach = _RAY * tall * math.hypot(matrix[0, 1], matrix[1, 1]) * (0.6 + 0.4 * strength)
    _star(frame, (u, v), reach, strength * (1 - 0.35 * light.night))


def _star(frame: Image, at: tuple[float, float], reach: float, strength: float) -> None:
    """Brighten a four-pointed star of that reach, in pixels."""
    x0, y0 = math.floor(at[0] - reach), math.floor(at[1] - reach)
    side = math.ceil(2 * reach) + 2
    box = clip_box((x0, y0, x0 + side, y0 + side), (frame.shape[1], frame.shape[0]))
    if box is None or reach < 1.5:
        return
    scale = 2 * reach / _rays().shape[0]
    matrix = np.array([[scale, 0, at[0] - reach], [0, scale, at[1] - reach]])
    glow = cv2.multiply(warped_into(box, _rays(), matrix), strength)
    left, top, right, bottom = box
    brighten(frame[top:bottom, left:right], glow, np.ones(3, np.float32))


@cache
def _rays() -> Image:
    """A four-pointed star, (96, 96) bytes."""
    y, x = np.abs((np.mgrid[0:96, 0:96] + 0.5 - 48) / 48)
    fade = np.clip(1 - np.maximum(x, y), 0, 1)
    thin = np.exp(-((x / 0.055) ** 2)) + np.exp(-((y / 0.055) ** 2))
    core = np.exp(-(x * x + y * y) / 0.012)
    return (np.clip(thin * fade**1.5 + core, 0, 1) * 255).astype(np.uint8)

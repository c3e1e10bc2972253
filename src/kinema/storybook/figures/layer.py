"""Laying premultiplied pictures over each other, moved by an affine map, in uint8.

Affine maps are (2, 3) float, from pixels of the upper picture to pixels of the lower one, with
pixel edges at whole numbers (so the centre of the first pixel is (0.5, 0.5)).
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Affine = NDArray[np.float64]


def placement(
    anchor: tuple[float, float],
    target: tuple[float, float],
    scale: float | tuple[float, float] = 1.0,
    turn: float = 0.0,
) -> Affine:
    """Map ``anchor`` of the upper picture onto ``target``, scaled, then turned clockwise."""
    scale_x, scale_y = scale if isinstance(scale, tuple) else (scale, scale)
    cos, sin = math.cos(turn), math.sin(turn)
    xx, xy, yx, yy = cos * scale_x, -sin * scale_y, sin * scale_x, cos * scale_y
    dx = target[0] - xx * anchor[0] - xy * anchor[1]
    dy = target[1] - yx * anchor[0] - yy * anchor[1]
    return np.array([[xx, xy, dx], [yx, yy, dy]])


def lay(
    lower: NDArray[np.uint8], upper: NDArray[np.uint8], affine: Affine, *, inside: bool = False
) -> None:
    """Warp ``upper`` by ``affine`` and put it over ``lower``, in place.

    With ``inside`` it shows only where ``lower`` is opaque already, as a shadow does.

    Only the part of ``lower`` that is touched is worked on. Both are premultiplied RGBA and stay
    so.

    Cost:
        About 0.15 ms for 160 x 160 pixels, 0.02 ms for 40 x 40.
    """
    (xx, xy, dx), (yx, yy, dy) = affine.tolist()
    height, width = upper.shape[:2]
    left = dx + min(0.0, xx * width) + min(0.0, xy * height)
    right = dx + max(0.0, xx * width) + max(0.0, xy * height)
    top = dy + min(0.0, yx * width) + min(0.0, yy * height)
    bottom = dy + max(0.0, yx * width) + max(0.0, yy * height)
    x0, x1 = max(0, math.floor(left)), min(lower.shape[1], math.ceil(right))
    y0, y1 = max(0, math.floor(top)), min(lower.shape[0], math.ceil(bottom))
    if x0 >= x1 or y0 >= y1:
        return
    # OpenCV counts from pixel centres; ours are edges, hence the halves.
    dx += 0.5 * (xx + xy) - 0.5 - x0
    dy += 0.5 * (yx + yy) - 0.5 - y0
    warped = cv2.warpAffine(upper, np.array([[xx, xy, dx], [yx, yy, dy]]), (x1 - x0, y1 - y0))
    region = lower[y0:y1, x0:x1]
    if inside:
        atop(region, warped)
    else:
        over(region, warped)


def over(lower: NDArray[np.uint8], upper: NDArray[np.uint8]) -> None:
    """Put ``upper`` over ``lower`` of the same shape, in place."""
    clear = cv2.bitwise_not(cv2.extractChannel(upper, 3))
    dimmed = cv2.multiply(lower, cv2.merge([clear, clear, clear, clear]), scale=1 / 255)
    lower[:] = cv2.add(dimmed, upper)


def atop(lower: NDArray[np.uint8], upper: NDArray[np.uint8]) -> None:
    """Put ``upper`` over ``lower`` of the same shape, in place, where it is opaque; alpha stays."""
    alpha = cv2.extractChannel(lower, 3)
    covers = cv2.merge([alpha, alpha, alpha, alpha])
    over(lower, cv2.multiply(upper, covers, scale=1 / 255))
    cv2.min(lower, covers, dst=covers)
    lower[..., :3] = covers[..., :3]
    lower[..., 3] = alpha


def moved(point: tuple[float, float], affine: Affine) -> tuple[float, float]:
    """Where an affine map takes a point."""
    x, y = affine[:, :2] @ point + affine[:, 2]
    return float(x), float(y)


def premultiplied(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Hold colours to alpha again after a cubic filter, whose weights can be negative."""
    alpha = cv2.extractChannel(picture, 3)
    return cv2.min(picture, cv2.merge([alpha, alpha, alpha, alpha]))

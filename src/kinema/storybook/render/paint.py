"""Painting on a frame: laying premultiplied cut-outs over uint8 RGB, only where they are.

Every function here changes the frame in place inside a box and works on bytes, since that is what
makes high definition possible on two cores.
"""

from __future__ import annotations

import math
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
_Number = TypeVar("_Number", np.uint8, np.float32)
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, the second corner outside."""


def affine_box(
    matrix: NDArray[np.floating], size: tuple[int, int], frame: tuple[int, int]
) -> Box | None:
    """Where a (width, height) image lands under a 2x3 matrix, clipped; None if outside."""
    # By hand: a frame asks for dozens of boxes, and arrays of four corners cost more than sums.
    (a, b, u), (c, d, v) = matrix.tolist()
    w, h = size
    left, top = min(0.0, a * w) + min(0.0, b * h) + u, min(0.0, c * w) + min(0.0, d * h) + v
    right, bottom = max(0.0, a * w) + max(0.0, b * h) + u, max(0.0, c * w) + max(0.0, d * h) + v
    if not math.isfinite(left + top + right + bottom):
        return None
    x0, y0 = math.floor(left) - 1, math.floor(top) - 1
    return clip_box((x0, y0, math.ceil(right) + 2, math.ceil(bottom) + 2), frame)


def clip_box(box: Box, frame: tuple[int, int]) -> Box | None:
    """The part of the box inside a (width, height) frame; None if less than two pixels remain."""
    x0, y0, x1, y1 = max(0, box[0]), max(0, box[1]), min(frame[0], box[2]), min(frame[1], box[3])
    return (x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


def over(target: Image, layer: Image) -> None:
    """Lay premultiplied RGBA over RGB of the same size, in place."""
    keep = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2RGB)
    below = cv2.multiply(target, keep, scale=1 / 255)
    target[...] = cv2.add(below, np.ascontiguousarray(layer[..., :3]))


def warped(
    layer: Image, matrix: NDArray[np.floating], size: tuple[int, int], *, smooth: bool = False
) -> tuple[Box, Image] | None:
    """A layer as it lies in a (width, height) frame through a 2x3 matrix: its box, and it there."""
    box = affine_box(matrix, (layer.shape[1], layer.shape[0]), size)
    if box is None:
        return None
    return box, warped_into(box, layer, matrix, smooth=smooth)


def warped_into(
    box: Box, layer: NDArray[_Number], matrix: NDArray[np.floating], *, smooth: bool = False
) -> NDArray[_Number]:
    """What a box of the frame shows of a layer through a 2x3 matrix; nothing around it."""
    x0, y0, x1, y1 = box
    (a, b, u), (c, d, v) = matrix.tolist()
    # Half a pixel: a matrix maps corners of pixels, OpenCV maps their centres.
    u, v = u - x0 + (0.5 * a + 0.5 * b - 0.5), v - y0 + (0.5 * c + 0.5 * d - 0.5)
    moved = np.array(((a, b, u), (c, d, v)))
    flags = cv2.INTER_CUBIC if smooth else cv2.INTER_LINEAR
    return cv2.warpAffine(layer, moved, (x1 - x0, y1 - y0), flags=flags)


def warp_over(
    frame: Image, layer: Image, matrix: NDArray[np.floating], *, smooth: bool = False
) -> None:
    """Lay a premultiplied RGBA layer over the frame through a 2x3 matrix."""
    laid = warped(layer, matrix, (frame.shape[1], frame.shape[0]), smooth=smooth)
    if laid is None:
        return
    (x0, y0, x1, y1), seen = laid
    if smooth:
        # A cubic kernel overshoots; colour must not exceed coverage.
        seen[..., :3] = np.minimum(seen[..., :3], seen[..., 3:])
    over(frame[y0:y1, x0:x1], seen)


def darken(target: Image, shade: Image, strength: NDArray[np.floating]) -> None:
    """Multiply the target by 1 - shade * strength; strength has one value a channel."""
    gain = cv2.cvtColor(shade, cv2.COLOR_GRAY2RGB)
    gain = cv2.multiply(gain, (*(float(s) for s in strength), 0.0))
    target[...] = cv2.multiply(target, 255 - gain, scale=1 / 255)


def brighten(target: Image, glow: Image, colour: NDArray[np.floating]) -> None:
    """Screen a coloured glow (one byte a pixel) onto the target: it moves towards the colour."""
    weight = cv2.cvtColor(glow, cv2.COLOR_GRAY2RGB)
    light = cv2.multiply(weight, (*(float(c) for c in colour), 0.0))
    below = cv2.multiply(target, 255 - weight, scale=1 / 255)
    target[...] = cv2.add(below, light)


def to_bytes(picture: NDArray[np.floating]) -> Image:
    """Float RGB in [0, 1] to bytes, with a fixed ordered dither so that soft skies do not band."""
    rows, columns = picture.shape[:2]
    dither = np.tile(_BAYER, (math.ceil(rows / 8), math.ceil(columns / 8)))[:rows, :columns]
    return np.clip(picture * 255 + dither[..., None], 0, 255).astype(np.uint8)


def _bayer(order: int) -> NDArray[np.floating]:
    """The 2^order threshold matrix, values in (0, 1)."""
    matrix = np.zeros((1, 1))
    for _ in range(order):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    return ((matrix + 0.5) / matrix.size).astype(np.float32)


_BAYER = _bayer(3)

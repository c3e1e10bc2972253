"""Standing cards: how cut-out figures and scenery are lit, placed, mirrored and shadowed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.figures import Cutout
from kinema.storybook.render.ground import Plane
from kinema.storybook.render.light import Light
from kinema.storybook.render.paint import Image, clip_box, darken

SHADOW_ROWS = 64
"""Height of the soft silhouette that shadows are cast from."""
_DAY_SHADE = np.array((0.775, 0.835, 0.5875), np.float32)
_NIGHT_SHADE = np.array((0.925, 0.925, 0.775), np.float32)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a card stands: feet and height in metres, mirror (-1 to 1, 0 edge-on), roll, stretch."""

    x: float
    y: float
    z: float
    height: float
    mirror: float = 1.0
    roll: float = 0.0
    stretch_x: float = 1.0
    stretch_y: float = 1.0
    about_centre: bool = False


def placed(
    cutout: Cutout, stand: Stand, view: View, *, reflected: bool = False
) -> NDArray[np.floating]:
    """The 2x3 matrix from cut-out pixels to frame pixels."""
    scale = view.scale(stand.z)
    u, v = view.project(stand.x, -stand.y if reflected else stand.y, stand.z)
    size = scale / cutout.metre
    mirror = math.copysign(max(abs(stand.mirror), 0.06), stand.mirror)
    c, s = math.cos(stand.roll), math.sin(stand.roll)
    wide, tall = size * stand.stretch_x * mirror, size * stand.stretch_y
    x, y = cutout.anchor
    down = v
    if stand.about_centre:
        y -= cutout.metre * stand.height / 2
        down = v - scale * stand.height * stand.stretch_y / 2
    across = (c * wide, -s * tall, u - (c * wide * x - s * tall * y))
    upright = (s * wide, c * tall, down - (s * wide * x + c * tall * y))
    if reflected:
        upright = (-upright[0], -upright[1], 2 * v - upright[2])
    return np.array((across, upright))


def tinted(
    image: Image, light: Light, haze: float, opacity: float = 1.0, *, glows: bool = False
) -> Image:
    """The cut-out in this light and this deep in haze, still premultiplied."""
    surface = np.ones(3, np.float32) if glows else light.surface
    matrix = np.zeros((4, 4), np.float32)
    matrix[[0, 1, 2], [0, 1, 2]] = surface * np.float32((1 - haze) * opacity)
    matrix[:3, 3] = light.haze * np.float32(haze * opacity)
    matrix[3, 3] = opacity
    return cv2.transform(image, matrix)


def rimmed(image: Image, light: Light, strength: float, mirror: float) -> Image:
    """The cut-out with a bright edge towards the sun (``mirror`` tells if it will be flipped)."""
    alpha = np.ascontiguousarray(image[..., 3])
    reach = max(1.0, image.shape[0] * 0.03)
    side = light.side * (1 if mirror >= 0 else -1)
    soft = cv2.GaussianBlur(alpha, (0, 0), reach * 0.8)
    shift = np.array([[1, 0, -side * 1.3 * reach], [0, 1, 0.6 * reach]])
    edge = cv2.subtract(alpha, cv2.warpAffine(soft, shift, (alpha.shape[1], alpha.shape[0])))
    edge = cv2.multiply(edge, strength)
    weight = cv2.cvtColor(edge, cv2.COLOR_GRAY2RGB)
    colour = cv2.multiply(
        np.ascontiguousarray(image[..., :3]), 255 - cv2.multiply(weight, 0.4), scale=1 / 255
    )
    sun = np.minimum(light.sun * np.float32(1.05), 1.0)
    lit = cv2.add(colour, cv2.multiply(weight, (*(float(c) for c in sun), 0.0)))
    return np.dstack((np.minimum(lit, alpha[..., None]), alpha))


def silhouette_scale(cutout: Cutout) -> float:
    """Pixels of the silhouette for each pixel of the cut-out."""
    return min(1.0, SHADOW_ROWS / cutout.image.shape[0])


def silhouette(cutout: Cutout) -> Image:
    """A small soft alpha for shadows, fading towards the head."""
    alpha = np.ascontiguousarray(cutout.image[..., 3])
    scale = silhouette_scale(cutout)
    size = (max(2, round(alpha.shape[1] * scale)), max(2, round(alpha.shape[0] * scale)))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    small = cv2.copyMakeBorder(small, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=0)
    fade = np.linspace(165, 255, small.shape[0]).astype(np.uint8)[:, None]
    soft = cv2.GaussianBlur(small, (0, 0), 1.4)
    return cv2.multiply(soft, np.repeat(fade, small.shape[1], 1), scale=1 / 255)


def shadow_matrix(cutout: Cutout, stand: Stand, light: Light) -> NDArray[np.floating]:
    """From ground metres (x, z, 1) to pixels of the silhouette that shades the point there.

    A ray from the ground point towards the sun meets the card's plane after t = (z0 - z) / lz, at
    height t * ly and x + t * lx: all linear, so a shadow is one warp.
    """
    lx, ly, lz = light.towards_sun
    scale = silhouette_scale(cutout)
    pixels = cutout.metre * scale
    mirror = math.copysign(max(abs(stand.mirror), 0.1), stand.mirror)
    across = pixels / (mirror * stand.stretch_x)
    up = pixels / stand.stretch_y
    ax, ay = cutout.anchor[0] * scale + 4, cutout.anchor[1] * scale + 4
    return np.array(
        [
            [across, -across * lx / lz, ax + across * (stand.z * lx / lz - stand.x)],
            [0.0, up * ly / lz, ay + up * (stand.y - stand.z * ly / lz)],
            [0.0, 0.0, 1.0],
        ]
    )


def cast_shadow(
    frame: Image, view: View, plane: Plane, cutout: Cutout, soft: Image, stand: Stand, light: Light
) -> None:
    """Darken the ground where the figure stands in its light, and where it touches the ground."""
    first = max(0, math.ceil(view.horizon) + 2)
    shade = shade_of(light)
    if light.shadow > 0.02:
        matrix = shadow_matrix(cutout, stand, light) @ plane
        _shade_through(
            frame,
            soft,
            matrix,
            first,
            shade * np.float32(light.cast_shadow),
        )
    width = cutout.image.shape[1] / cutout.metre * 0.30 * stand.stretch_x
    lift = math.exp(-max(stand.y, 0.0) * 1.1)
    blob = CONTACT_BLOB
    n = blob.shape[0]
    deep = width * 0.42 + 0.08
    to_blob = np.array(
        [
            [n / (5 * width), 0, n / 2 - stand.x * n / (5 * width)],
            [0, n / (5 * deep), n / 2 - (stand.z - 0.05) * n / (5 * deep)],
            [0, 0, 1],
        ]
    )
    _shade_through(frame, blob, to_blob @ plane, first, shade * np.float32(0.58 * lift))


def shade_of(light: Light) -> NDArray[np.floating]:
    """How much of each colour a full shadow takes: blue survives, so shade looks cool."""
    share = light.darkness
    return (_DAY_SHADE + (_NIGHT_SHADE - _DAY_SHADE) * np.float32(share)).astype(np.float32)


def _shade_through(
    frame: Image,
    alpha: Image,
    matrix: NDArray[np.floating],
    first: int,
    strength: NDArray[np.floating],
) -> None:
    """Darken the frame by ``alpha`` seen through ``matrix`` (frame pixels to alpha pixels)."""
    height, width = frame.shape[:2]
    rows, columns = alpha.shape
    corners = np.array([[0, 0, 1], [columns, 0, 1], [0, rows, 1], [columns, rows, 1]], np.float64).T
    try:
        onto = np.linalg.inv(matrix) @ corners
    except np.linalg.LinAlgError:
        return
    if not np.isfinite(onto).all() or (onto[2] * onto[2, 0] <= 0).any():
        return
    x, y = onto[0] / onto[2], onto[1] / onto[2]
    if max(abs(x).max(), abs(y).max()) > 1e6:
        return
    box = clip_box(
        (
            math.floor(x.min()),
            max(first, math.floor(y.min())),
            math.ceil(x.max()) + 1,
            math.ceil(y.max()) + 1,
        ),
        (width, height),
    )
    if box is None:
        return
    x0, y0, x1, y1 = box
    start = np.array([[1.0, 0, x0 + 0.5], [0, 1.0, y0 + 0.5], [0, 0, 1]])
    moved = matrix @ start
    moved[:2] -= 0.5 * moved[2]
    shade = cv2.warpPerspective(
        alpha,
        moved,
        (x1 - x0, y1 - y0),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=0,
    )
    darken(frame[y0:y1, x0:x1], shade, strength)


def _blob() -> Image:
    y, x = (np.mgrid[0:64, 0:64] + 0.5 - 32) / 32 * 2.5
    return (np.exp(-(x * x + y * y) * 1.25) * 255).astype(np.uint8)


CONTACT_BLOB = _blob()
"""A round soft spot, 64 x 64, for the dark place under anything that touches the ground."""

"""Materials: art and toy bodies as if they were made of gold, glass, clay or chrome.

A matcap is a picture of a lit sphere: it gives the colour of a surface by the way it faces. Toy
bodies know how they face; flat art is blown up like a balloon for it, and what is light and dark
in it becomes relief.

Glass is painted so that it can be seen through later: `CLEAR` lets light pass as it is, brighter
values shine, darker ones absorb (`glass` takes them apart).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.figures.recolour import COLOURS

CLEAR: Final = 128.0
"""The value of glass that light passes unchanged."""

_RIM = 0.9  # share of the sphere's radius that is used: its very edge is blurred
_SOLVED = 128  # pixels of the longer side at which a silhouette is blown up
_SHADE = 0.07  # marks of the art are told from its shading by a blur of that share of its side
_SMOOTH = (0.006, 0.010)  # the same for surface and relief, so that no pixel shows as a facet
_AROUND = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4

Samples = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Finish:
    """How art becomes a surface: height of its relief, and how much of its dark marks stays."""

    relief: float
    ink: float


FINISHES: Final = {
    "gold": Finish(relief=1.0, ink=0.7),
    "glass": Finish(relief=1.3, ink=0.5),
    "clay": Finish(relief=0.9, ink=0.8),
    "chrome": Finish(relief=1.0, ink=0.72),
}


def coated(
    picture: NDArray[np.uint8], material: str, colour: str | None = None
) -> NDArray[np.uint8]:
    """Art as if it were made of a material.

    Args:
        picture: (H, W, 4) uint8, premultiplied RGBA; the whole of a body.
        material: One of ``FINISHES``.
        colour: What glass is tinted with, one of ``recolour.COLOURS``, or none.

    Returns:
        A picture of the same shape and alpha.

    Raises:
        KeyError: There is no such material or colour.

    Cost:
        About 5 ms for 256 x 256 pixels.
    """
    finish = FINISHES[material]
    side = max(picture.shape[:2])
    alpha = np.ascontiguousarray(picture[..., 3])
    cover = alpha.astype(np.float32) / 255
    light = cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_RGB2GRAY)
    light = light.astype(np.float32) / 255
    wide, fine, marks = (
        _blurred(light, cover, side * share) for share in (_SHADE, _SMOOTH[1], 0.002)
    )
    height = swollen(alpha)
    deep = 2 * np.sqrt(np.maximum(height, 0))
    swelling = [_soft(slope, side * _SMOOTH[0]) for slope in slopes(height)]
    relief = slopes((fine - wide) * (0.05 * side * finish.relief))
    thick = np.maximum(deep, 0.02 * side)
    x, y = (-2 * slope - bump * thick for slope, bump in zip(swelling, relief, strict=True))
    length = np.sqrt(x * x + y * y + deep * deep + 1e-3)
    rgb = surface(material, (x / length, y / length), colour)
    ratio = np.clip(marks / np.maximum(wide, 0.05), 0.2, 1.25)
    rgb *= (1 - finish.ink + finish.ink * ratio)[..., None]
    out = np.empty_like(picture)
    out[..., :3] = np.minimum(rgb, 255) * cover[..., None] + 0.5
    out[..., 3] = alpha
    out[..., :3] = np.minimum(out[..., :3], alpha[..., None])
    return out


def surface(material: str, facing: tuple[Samples, Samples], colour: str | None = None) -> Samples:
    """The colour of a material, (H, W, 3) 0 to 255, by the way that it faces.

    ``facing`` are right and down parts of its normal, of length 1 at most, (H, W) each.
    """
    x, y = (np.asarray(part, np.float32) for part in facing)
    scale = 0.5 * _RIM * _matcap(material).shape[0]
    middle = 0.5 * (_matcap(material).shape[0] - 1)
    seen = cv2.remap(_matcap(material), x * scale + middle, y * scale + middle, cv2.INTER_LINEAR)
    if material != "glass":
        return seen
    edge = np.clip(x * x + y * y, 0, 1)[..., None] ** 2
    body = np.array((0.90, 0.95, 0.96) if colour is None else _tint(colour), np.float32)
    # A thick edge swallows more of what comes through, and mirrors more of what is around.
    return CLEAR * body * (1 - 0.3 * edge) + 0.55 * seen + 32 * edge


def swollen(alpha: NDArray[np.uint8]) -> Samples:
    """A silhouette blown up: the square of its depth, a quarter of it, in pixels; (H, W) float32.

    It solves Poisson's equation with 0 at the outline, whose solution over a disc is a sphere's.
    """
    rows, columns = alpha.shape
    longer = max(rows, columns)
    sides = [min(_SOLVED, longer)]
    while sides[-1] > 12:
        sides.append(sides[-1] // 2)
    height = np.zeros((1, 1), np.float32)
    for side, rounds in zip(reversed(sides), (60, 40, 24, 16, 12, 8), strict=False):
        size = (max(2, round(columns * side / longer)), max(2, round(rows * side / longer)))
        inside = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        height = cv2.resize(height, size, interpolation=cv2.INTER_LINEAR)
        pressed = np.float32(0.25 * (longer / side) ** 2)
        for _ in range(rounds):
            spread = cv2.filter2D(height, -1, _AROUND, borderType=cv2.BORDER_CONSTANT)
            height = (spread + pressed) * inside
    return cv2.resize(height, (columns, rows), interpolation=cv2.INTER_CUBIC)


def _tint(colour: str) -> tuple[float, float, float]:
    red, green, blue = (0.36 + 0.64 * value / 255 for value in COLOURS[colour])
    return red, green, blue


@cache
def _matcap(name: str) -> NDArray[np.float32]:
    """The lit sphere of a material, (128, 128, 3) RGB, 0 to 255."""
    folder = files("kinema.storybook").joinpath("data", "materials")
    stored = np.frombuffer(folder.joinpath(f"{name}.webp").read_bytes(), np.uint8)
    picture = cv2.cvtColor(cv2.imdecode(stored, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    return picture.astype(np.float32)


def slopes(height: Samples) -> tuple[Samples, Samples]:
    """How steeply something rises to the right and downwards."""
    return cv2.Sobel(height, -1, 1, 0, scale=1 / 8), cv2.Sobel(height, -1, 0, 1, scale=1 / 8)


def _soft(samples: Samples, sigma: float) -> Samples:
    return cv2.GaussianBlur(samples, (0, 0), max(0.5, sigma))


def _blurred(light: Samples, cover: Samples, sigma: float) -> Samples:
    """Premultiplied light blurred within the silhouette; wide blurs on a smaller picture."""
    share = min(1.0, 4.0 / sigma)
    if share == 1.0:
        return _soft(light, sigma) / np.maximum(_soft(cover, sigma), 1e-3)
    rows, columns = light.shape
    size = (max(2, round(columns * share)), max(2, round(rows * share)))
    small, under = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (light, cover))
    return cv2.resize(_blurred(small, under, sigma * share), (columns, rows))

"""Optical flow: where every visible point of one moment lies at another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.render.compose import Pictures, players_of
from kinema.storybook.scene import Timeline
from kinema.storybook.truth.canvas import Canvas, paint
from kinema.storybook.truth.layers import Layer, Matrix, layers_of
from kinema.storybook.truth.stills import weightiest
from kinema.types import Size


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Where the points of one frame lie in another.

    vectors: (H, W, 2) pixels right and down from a pixel's centre to where its point lies then;
        NaN where the thing is not drawn any more.
    occluded: (H, W), true where the point is hidden, out of the frame or gone then.
    """

    vectors: NDArray[np.float32]
    occluded: NDArray[np.bool_]


def flow(
    timeline: Timeline, size: Size, at: Fraction, to: Fraction, pictures: Pictures | None = None
) -> Flow:
    """The exact optical flow from the frame ``at`` one time to the frame at time ``to``.

    Every thing moves with the matrix that draws it: sky, clouds, silhouettes, wall, scenery and
    bodies as flat cards, the ground by its homography. A point is hidden where the other frame
    draws something else over its card there; this is the order of depth, with ties as drawn.

    What happens inside a card is no flow: legs, wings and faces that a sprite's own loop redraws
    are carried along by their body, and so is what slides over the ground (waves, caustics, light).
    Across a cut, and in a dissolve where the weightier scene changes, things that are in both
    scenes are followed: the same actors, the same place.

    Args:
        timeline: Shots whose scenes have been staged by the director.
        size: Of both frames in pixels.
        at: Seconds from the start of the timeline, of the frame whose pixels are followed.
        to: Seconds of the frame in which they are found; it may be the earlier one.
        pictures: Users' pictures that the scenes name, as for `render.frame`.

    Returns:
        The flow; exact to a thousandth of a pixel.

    Raises:
        ValueError: An actor has no place.

    Cost:
        About that of drawing both frames, half as much again at 1280x720.
    """
    held = pictures or {}
    before, after = (_canvas(timeline, size, when, held) for when in (at, to))
    later = {layer.key: layer for layer in after.layers}
    # A key's last layer: what comes after it is drawn over it.
    rank = {layer.key: index for index, layer in enumerate(after.layers)}
    vectors = np.full((size.height, size.width, 2), np.nan, np.float32)
    occluded = np.ones((size.height, size.width), np.bool_)
    for index, layer in enumerate(before.layers):
        if layer.box is None or layer.key not in later:
            continue
        x0, y0, x1, y1 = layer.box
        rows, columns = np.nonzero(before.top[y0:y1, x0:x1] == index)
        rows, columns = rows + y0, columns + x0
        points = np.stack((columns + 0.5, rows + 0.5, np.ones(rows.size)))
        target = later[layer.key]
        found = _carried(layer, target, size) @ points
        # What has come behind the lens is nowhere.
        found = found[:2] / np.where(found[2] > 1e-9, found[2], np.nan)
        vectors[rows, columns] = (found - points[:2]).T
        occluded[rows, columns] = _hidden(found, after, target, rank[layer.key])
    return Flow(vectors, occluded)


def _hidden(
    found: NDArray[np.floating], after: Canvas, layer: Layer, rank: int
) -> NDArray[np.bool_]:
    """Which points (2, N) of a layer are out of the frame or have something drawn over them."""
    height, width = after.top.shape
    inside = (found >= 0).all(0) & (found[0] < width) & (found[1] < height)
    columns, rows = found[:, inside].astype(np.intp)
    hidden = after.top[rows, columns] > rank
    if layer.clip is not None:
        hidden |= ~layer.clip[rows, columns]
    everywhere = ~inside
    everywhere[inside] = hidden
    return everywhere


def _canvas(timeline: Timeline, size: Size, at: Fraction, pictures: Pictures) -> Canvas:
    shot = weightiest(timeline, size, at)
    view = View(size.width, size.height, shot.camera)
    return paint(layers_of(shot, view, players_of(shot, view), pictures), (size.width, size.height))


def _carried(before: Layer, after: Layer, size: Size) -> Matrix:
    """The 3x3 matrix from pixels of the first frame to pixels of the second."""
    back = np.linalg.inv(before.surface)
    if not before.period:
        return after.surface @ back
    # Which repetition it has become cannot be told from looks: the one that has moved least.
    middle = np.array((size.width / 2, size.height / 2, 1.0))
    laps = (np.array([[1.0, 0, k * before.period], [0, 1, 0], [0, 0, 1]]) for k in (-1, 0, 1))
    return min(
        (after.surface @ lap @ back for lap in laps),
        key=lambda matrix: abs((matrix @ middle - middle)[0]),
    )

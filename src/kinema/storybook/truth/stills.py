"""The truth of one moment: owners, depth, masks and boxes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import Camera, View
from kinema.storybook.render.actors import Player
from kinema.storybook.render.compose import Pictures, Take, players_of
from kinema.storybook.render.frames import takes
from kinema.storybook.render.paint import Image
from kinema.storybook.scene import Timeline
from kinema.storybook.truth.canvas import OPAQUE, Canvas, paint
from kinema.storybook.truth.layers import SKY, alpha_of, layers_of
from kinema.types import Size

Corners = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels, edges of pixels at whole numbers."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where an actor is in the frame.

    visible: around the part of it that can be seen; None where nothing can.
    whole: around all of it, also what is hidden or outside; None where it is not drawn.
    in_frame: share of its area inside the frame, 0 to 1.
    unoccluded: share of that part which nothing hides, 0 to 1.
    """

    visible: Corners | None = None
    whole: Corners | None = None
    in_frame: float = 0.0
    unoccluded: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is to be seen at one moment, for every pixel of an (H, W) frame.

    depth: metres from the camera along z, infinite for the sky and what hangs in it.
    owner: instance ids: `SKY`, `GROUND` and the others below 10, `CARDS` + scenery card of the
        world, `ACTORS` + actor in the order of ``scene.actors``.
    masks: by actor id, how much of each pixel the actor covers, 0 to 255, and nothing hides.
    whole: the same as if nothing were in front of it.
    boxes: by actor id.
    camera: the camera that the moment is seen through.
    """

    depth: NDArray[np.float32]
    owner: NDArray[np.int16]
    masks: dict[str, Image]
    whole: dict[str, Image]
    boxes: dict[str, Box]
    camera: Camera


def truth(timeline: Timeline, size: Size, at: Fraction, pictures: Pictures | None = None) -> Truth:
    """Everything that is exactly known about one moment of a staged timeline.

    A pixel belongs to the nearest thing that covers at least half of it. In a dissolve the truth
    is that of the scene that outweighs the other (the first at one half), through the camera and
    in the poses of the dissolve. What leaves and flowers before the lens, and users' pictures as
    backdrops, have for a depth is a convention: 0.8 m and infinite.

    Args:
        timeline: Shots whose scenes have been staged by the director.
        size: Of the frame in pixels.
        at: Seconds from the start of the timeline.
        pictures: Users' pictures that the scenes name, as for `render.frame`.

    Returns:
        The truth; every actor of the scene has masks and a box, also where it is not to be seen.

    Raises:
        ValueError: An actor has no place.

    Cost:
        About half of that of drawing the frame; plates of a new place are painted once for both.
    """
    shot = weightiest(timeline, size, at)
    view = View(size.width, size.height, shot.camera)
    players = players_of(shot, view)
    canvas = paint(layers_of(shot, view, players, pictures or {}), (size.width, size.height))
    played = {who.actor.id: who for who in players}
    nothing = np.zeros((size.height, size.width), np.uint8)
    nothing.setflags(write=False)
    ids = [actor.id for actor in shot.scene.actors]
    return Truth(
        depth=_depth(canvas),
        owner=np.array([*(layer.owner for layer in canvas.layers), SKY], np.int16)[canvas.top],
        masks={name: canvas.visible.get(name, nothing) for name in ids},
        whole={name: canvas.whole.get(name, nothing) for name in ids},
        boxes={name: _box(played[name], view, canvas) if name in played else Box() for name in ids},
        camera=shot.camera,
    )


def weightiest(timeline: Timeline, size: Size, at: Fraction) -> Take:
    """The take that a moment shows, or shows more of."""
    return max(takes(timeline, size, at), key=lambda pair: pair[1])[0]


def _depth(canvas: Canvas) -> NDArray[np.float32]:
    flat = [0.0 if isinstance(layer.depth, np.ndarray) else layer.depth for layer in canvas.layers]
    depth = np.array([*flat, np.inf], np.float32)[canvas.top]
    for index, layer in enumerate(canvas.layers):
        if layer.box is not None and isinstance(layer.depth, np.ndarray):
            x0, y0, x1, y1 = layer.box
            part = np.s_[y0:y1, x0:x1]
            np.copyto(depth[part], layer.depth, where=canvas.top[part] == index)
    return depth


def _box(who: Player, view: View, canvas: Canvas) -> Box:
    alpha, (matrix, _) = alpha_of(who.cutout.image), who.placed(view)
    visible, whole = canvas.visible[who.actor.id], canvas.whole[who.actor.id]
    area = int(whole.sum())
    corners = _extent(alpha, matrix)
    return Box(
        visible=_around(visible >= OPAQUE * who.pose.opacity),
        whole=corners,
        in_frame=_in_frame(alpha, matrix, corners, view),
        unoccluded=int(visible.sum()) / area if area else 0.0,
    )


def _around(shown: NDArray[np.bool_]) -> Corners | None:
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    if not rows.size:
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def _extent(alpha: Image, matrix: NDArray[np.floating]) -> Corners | None:
    """Around the placed cut-out where it is opaque."""
    solid = alpha >= OPAQUE
    rows = np.flatnonzero(solid.any(1))
    if not rows.size:
        return None
    first = solid[rows].argmax(1)
    last = solid.shape[1] - solid[rows, ::-1].argmax(1)
    # The hull of what is opaque lies among the corners of each row's first and last pixels.
    columns, lines = np.concatenate((first, first, last, last)), np.tile((rows, rows + 1), 2)
    points = np.column_stack((columns, lines.ravel())) @ matrix[:, :2].T + matrix[:, 2]
    (x0, y0), (x1, y1) = points.min(0), points.max(0)
    return float(x0), float(y0), float(x1), float(y1)


def _in_frame(
    alpha: Image, matrix: NDArray[np.floating], corners: Corners | None, view: View
) -> float:
    """Share of the cut-out's coverage that lands inside the frame."""
    if corners is None:
        return 0.0
    x0, y0, x1, y1 = corners
    if x0 >= 0 and y0 >= 0 and x1 <= view.width and y1 <= view.height:
        return 1.0
    rows, columns = (np.arange(n, dtype=np.float32) + 0.5 for n in alpha.shape)
    a, b, c, d = (np.float32(k) for k in matrix[:, :2].ravel())
    x = a * columns + (b * rows + np.float32(matrix[0, 2]))[:, None]
    y = c * columns + (d * rows + np.float32(matrix[1, 2]))[:, None]
    inside = (x >= 0) & (x < view.width) & (y >= 0) & (y < view.height)
    return int(alpha[inside].sum()) / int(alpha.sum())

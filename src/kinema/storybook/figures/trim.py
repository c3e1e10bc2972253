"""What is cut away from every frame of a loop, and how far it is turned, before it is drawn.

Rows and columns are those of the 256-pixel art, as stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook import atlas
from kinema.storybook.figures.layer import Affine, premultiplied
from kinema.storybook.figures.water import remove_water

_EDGE = 4  # columns that turned art keeps free at either side
_SEEN, _SOLID = 20, 51  # alpha above 0.08 is visible, above 0.2 can be stood on: as in the atlas

Frame = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Trim:
    """How art is trimmed.

    waterline: share of the height below which painted water is taken away; 0 for none.
    floor: row from which painted ground is taken away; 0 for none.
    tilt: degrees by which it is turned clockwise.
    hemmed: whether the straight lower edge of a bust is cut to a soft curve.
    """

    waterline: float = 0.0
    floor: int = 0
    tilt: float = 0.0
    hemmed: bool = False


AS_DRAWN = Trim()


class Trimmed:
    """The frames of a loop after trimming, and where its body then lies.

    Attributes:
        box: (x0, y0, x1, y1), exclusive, of all that is ever visible.
        baseline: The contact line; ``height`` reaches up from it. Both as in `atlas.Concept`.
    """

    def __init__(self, concept: atlas.Concept, trim: Trim, load: Callable[[int], Frame]) -> None:
        self._load = load
        self._trim = trim
        self._visible = concept.box
        self._water_top = int(concept.baseline - trim.waterline * concept.height)
        self._hem = _hem(concept) if trim.hemmed else None
        self._turn: Affine | None = None
        self.box, self.baseline, self.height = concept.box, concept.baseline, concept.height
        if trim.tilt or trim.floor:
            alpha = np.stack([self.frame(index)[..., 3] for index in range(concept.count)])
            if trim.tilt:
                self._turn = _turned(alpha.max(0), trim.tilt)
                alpha = np.stack([self.frame(index)[..., 3] for index in range(concept.count)])
            self.box, self.baseline, self.height = _measured(alpha)
        elif trim.waterline:
            alpha = np.max([self.frame(i)[..., 3] for i in range(0, concept.count, 3)], axis=0)
            bottom = int(np.flatnonzero((alpha >= _SOLID).any(1))[-1]) + 1
            self.box = (*concept.box[:3], bottom)
            self.height += bottom - self.baseline
            self.baseline = float(bottom)

    def frame(self, index: int) -> Frame:
        """One frame, (256, 256, 4) uint8, premultiplied."""
        frame, trim = self._load(index), self._trim
        if trim.waterline:
            frame = remove_water(frame, self._visible, self._water_top)
        if trim.floor:
            frame = np.concatenate([frame[: trim.floor], np.zeros_like(frame[trim.floor :])])
        if self._hem is not None:
            frame = cv2.multiply(frame, self._hem, scale=1 / 255)
        if self._turn is None:
            return frame
        size = (atlas.SIZE, atlas.SIZE)
        return premultiplied(cv2.warpAffine(frame, self._turn, size, flags=cv2.INTER_CUBIC))


def _turned(alpha: NDArray[np.uint8], degrees: float) -> Affine:
    """The clockwise turn that keeps all that is visible, shrunk if need be, amid the frame."""
    rows, columns = np.nonzero(alpha > _SEEN)
    outline = cv2.convexHull(np.column_stack([columns, rows]).astype(np.float32))[:, 0]
    turn = cv2.getRotationMatrix2D((0, 0), -degrees, 1.0)[:, :2]
    turned = outline @ turn.T
    low, high = turned.min(0), turned.max(0)
    scale = min(1.0, (atlas.SIZE - 2 * _EDGE) / float((high - low).max()))
    return np.column_stack([scale * turn, 0.5 * (atlas.SIZE - scale * (low + high))])


def _measured(
    alpha: NDArray[np.uint8],
) -> tuple[tuple[int, int, int, int], float, float]:
    """Visible box, baseline and height of a loop; ``alpha`` is (T, 256, 256)."""
    seen = np.max(alpha, axis=0) > _SEEN
    rows, columns = np.flatnonzero(np.any(seen, axis=1)), np.flatnonzero(np.any(seen, axis=0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    solid = [np.flatnonzero(row >= _SOLID) for row in np.max(alpha, axis=2)]
    baseline = float(np.median([rows[-1] + 1 for rows in solid]))
    return box, baseline, baseline - float(np.median([rows[0] for rows in solid]))


def _hem(concept: atlas.Concept) -> NDArray[np.uint8]:
    """Opacity, (256, 256, 4) uint8, that ends in a soft curve, lowest in the middle of the box."""
    x0, _, x1, _ = concept.box
    rows, columns = np.mgrid[0 : atlas.SIZE, 0 : atlas.SIZE].astype(np.float32) + 0.5
    across = (columns - 0.5 * (x0 + x1)) / (0.5 * (x1 - x0))
    edge = concept.baseline - concept.height * (0.03 + 0.17 * across**2)
    cover = np.clip((edge - rows) / (0.05 * concept.height) + 0.5, 0, 1) * 255
    return np.repeat(cover.astype(np.uint8)[..., None], 4, axis=2)

"""One sprite's loop as pictures of every size: cropped, levelled, mirrored, recoloured.

A size is a level: the side of the whole 256-pixel art at that size.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook import atlas
from kinema.storybook.figures.cache import PictureCache
from kinema.storybook.figures.layer import Affine, lay, premultiplied
from kinema.storybook.figures.material import coated
from kinema.storybook.figures.mouth import draw_mouth
from kinema.storybook.figures.recolour import Recolour
from kinema.storybook.figures.trim import AS_DRAWN, Trim, Trimmed

LEVELS = (32, 64, 128, 256, 512)
_GRID = 8  # crops start and end on multiples of this, so that they are whole pixels at level 32
_FOOT = 0.06  # share of the height, from the contact line up, that counts as feet
_PICTURES = PictureCache(32 * 2**20)


def keep_pictures(limit: int) -> None:
    """Keep that many bytes of pictures, of all art together, from now on."""
    _PICTURES.limit = limit


class Art:
    """A loop of the atlas, measured once; its pictures are drawn when asked for.

    Args:
        sprite: Concept of the atlas.
        tone: Skin tone, or none; a tone that the art does not have is ignored.
        colour: One of ``recolour.COLOURS``, or none.
        material: One of ``material.FINISHES``, or none; of these only glass takes a colour.
        mirrored: Whether the art is turned to look the other way.
        trim: What is cut away from every frame, and how far it is turned.
        mouth: Column, row and width of the mouth in the art as stored, or none.

    Attributes:
        count: Frames in the loop.
        key: Equal keys mean equal art.
        box: (x0, y0, x1, y1) of the crop, in 256-pixel coordinates.
        foot: Column and row of the contact point, in 256-pixel coordinates.
        height: Drawn height above the contact line, in 256-pixel coordinates.
        width: Width of what is ever visible, in 256-pixel coordinates.
    """

    def __init__(
        self,
        sprite: str,
        tone: str | None = None,
        colour: str | None = None,
        *,
        material: str | None = None,
        mirrored: bool = False,
        trim: Trim = AS_DRAWN,
        mouth: tuple[float, float, float] | None = None,
    ) -> None:
        concept = atlas.concepts()[sprite]
        self.sprite = sprite
        self.count = concept.count
        self.tone = tone if tone in concept.tones else None
        self.mirrored = mirrored
        self.mouth = mouth
        self.key = (sprite, self.tone, colour, material, mirrored, trim, mouth)
        self._material, self._colour = material, colour
        self._trimmed = Trimmed(concept, trim, lambda index: atlas.load(sprite, self.tone)[index])
        self._recolour = None
        sample = [self._whole(index) for index in range(0, self.count, 3)]
        alpha = np.max([frame[..., 3] for frame in sample], axis=0)
        x0, y0, x1, y1 = self._trimmed.box
        baseline, self.height = self._trimmed.baseline, self._trimmed.height
        if mirrored:
            x0, x1 = atlas.SIZE - x1, atlas.SIZE - x0
        self.width = float(x1 - x0)
        self.foot = (_between_feet(alpha, baseline, self.height, (x0, x1)), float(baseline))
        self.box = (
            x0 // _GRID * _GRID,
            y0 // _GRID * _GRID,
            min(atlas.SIZE, -(-x1 // _GRID) * _GRID),
            min(atlas.SIZE, -(-y1 // _GRID) * _GRID),
        )
        if colour is not None and material is None:
            small = cv2.resize(sample[0], (64, 64), interpolation=cv2.INTER_AREA)
            self._recolour = Recolour.fit(small, colour)

    def frame_index(self, loop: float) -> int:
        """The frame at a place in the loop (turns); the loop repeats every whole turn."""
        return math.floor(loop * self.count) % self.count

    def level(self, pixels: float) -> int:
        """The smallest level at which the figure is at least ``pixels`` high; 512 at most."""
        wanted = pixels * atlas.SIZE / self.height
        return next((level for level in LEVELS if level >= wanted - 1e-6), LEVELS[-1])

    def at(self, column: float, row: float, level: int) -> tuple[float, float]:
        """Where a point of the 256-pixel art lies in the pictures of a level."""
        scale = level / atlas.SIZE
        return (column - self.box[0]) * scale, (row - self.box[1]) * scale

    def picture(self, index: int, level: int, opened: int = 0) -> NDArray[np.uint8]:
        """The crop of one frame at one level: read-only (H, W, 4) uint8, premultiplied.

        ``opened`` is a grade of ``mouth.grade``; it says nothing where the art has no mouth.
        """
        opened = opened if self.mouth else 0
        return _PICTURES.get(
            (*self.key, index, level, opened), lambda: self._draw(index, level, opened)
        )

    def lay_on(
        self, canvas: NDArray[np.uint8], index: int, affine: Affine, opened: int = 0
    ) -> None:
        """Lay a frame on a canvas, in place; ``affine`` maps 256-pixel coordinates there."""
        level = self.level(0.97 * math.hypot(affine[0, 0], affine[1, 0]) * self.height)
        own = affine.copy()
        own[:, :2] *= atlas.SIZE / level
        own[:, 2] += affine[:, :2] @ self.box[:2]
        lay(canvas, self.picture(index, level, opened), own)

    def top_between(self, left: float, right: float, index: int = 0) -> float:
        """The first row, in 256-pixel coordinates, that is solid in some column of those given.

        For a head with ears, ask for its middle: that is where a hat sits.
        """
        return self.box[1] + float(np.argmax(self._solid_between(left, right, index)))

    def bottom_between(self, left: float, right: float, index: int = 0) -> float:
        """The row below the last one that is solid between two columns, as `top_between`."""
        solid = self._solid_between(left, right, index)
        return self.box[1] + float(len(solid) - np.argmax(solid[::-1]))

    def _solid_between(self, left: float, right: float, index: int) -> NDArray[np.bool_]:
        """Which rows of the crop are solid in some column of those given."""
        x0, _, x1, _ = self.box
        columns = slice(max(0, int(left) - x0), max(1, min(int(right), x1) - x0))
        return np.max(self.picture(index, atlas.SIZE)[:, columns, 3], axis=1) > 200

    def _draw(self, index: int, level: int, opened: int) -> NDArray[np.uint8]:
        if opened and self.mouth:
            picture = self.picture(index, level).copy()
            column = atlas.SIZE - self.mouth[0] if self.mirrored else self.mouth[0]
            width = self.mouth[2] * level / atlas.SIZE
            draw_mouth(picture, self.at(column, self.mouth[1], level), width, opened)
            return picture
        x0, y0, x1, y1 = self.box
        picture = self._whole(index)[y0:y1, x0:x1]
        size = ((x1 - x0) * level // atlas.SIZE, (y1 - y0) * level // atlas.SIZE)
        if level < atlas.SIZE:
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        elif level > atlas.SIZE:
            picture = premultiplied(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC))
        if self._material is not None:
            return coated(picture, self._material, self._colour)
        return picture.copy() if self._recolour is None else self._recolour.apply(picture)

    def _whole(self, index: int) -> NDArray[np.uint8]:
        """One frame, 256 x 256, trimmed and mirrored but in its own colours."""
        frame = self._trimmed.frame(index)
        return np.ascontiguousarray(frame[:, ::-1]) if self.mirrored else frame


def _between_feet(
    alpha: NDArray[np.uint8], baseline: float, height: float, sides: tuple[int, int]
) -> float:
    """The column midway between all that ever touches the ground, not far from the middle."""
    middle, reach = 0.5 * (sides[0] + sides[1]), 0.15 * (sides[1] - sides[0])
    feet = alpha[max(0, int(baseline - _FOOT * height)) : int(baseline)]
    columns = np.flatnonzero((feet > 50).any(0))
    if not len(columns):
        return middle
    return float(np.clip(0.5 * (columns[0] + columns[-1] + 1), middle - reach, middle + reach))

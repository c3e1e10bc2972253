"""Sprite figures: the art is the whole body, with what it holds and wears laid on it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kinema.storybook import atlas
from kinema.storybook.bodies import FULL_STRIDE, swings_legs
from kinema.storybook.catalogue import Subject
from kinema.storybook.figures.art import Art
from kinema.storybook.figures.cache import PictureCache
from kinema.storybook.figures.carry import HELD_OUT, Carried
from kinema.storybook.figures.cutout import Cutout
from kinema.storybook.figures.glass import lens_of, shine
from kinema.storybook.figures.layer import over, placement
from kinema.storybook.figures.legs import GRADES, STEPS, Legs, find_legs, swung
from kinema.storybook.figures.mouth import grade
from kinema.storybook.figures.trim import Trim
from kinema.storybook.pose import Pose

_GRID = 8  # margins are multiples of this, as the crops of `art` are
_HAT = 0.72  # heads of whole bodies are smaller than plush heads
_DRESSED = PictureCache(12 * 2**20)
_SHINING = PictureCache(6 * 2**20)


class _Look(NamedTuple):
    """What a picture depends on: frame, level, grade of the mouth, step and swing of the legs."""

    frame: int
    level: int
    opened: int
    step: int
    swing: int


class SpriteFigure:
    """A figure whose art is its whole body.

    Args:
        subject: Row of the catalogue with ``body`` "sprite" or "person".
        colour: A colour that the prompt asked for, or none.
        tone: Skin tone, or none.
        holds: What it holds, or none.
        wears: What it wears, or none.
        material: What it is made of, or none.
    """

    def __init__(
        self,
        subject: Subject,
        colour: str | None = None,
        tone: str | None = None,
        holds: Carried | None = None,
        wears: Carried | None = None,
        material: str | None = None,
    ) -> None:
        self._art = Art(
            subject.sprite,
            tone,
            colour,
            material=material,
            mirrored=subject.faces == "right",
            trim=Trim(
                waterline=subject.waterline,
                floor=subject.floor,
                tilt=-subject.tilt if subject.faces == "left" else subject.tilt,
            ),
            mouth=subject.mouth,
        )
        self._share, self._material = subject.share, material
        self._ahead = 1 if subject.faces == "front" else -1  # where its hand is, once it looks left
        self._holds, self._wears = holds, wears
        self._things = {thing.sprite: Art(thing.sprite) for thing in (holds, wears) if thing}
        room = max((thing.height for thing in (holds, wears) if thing), default=0.0)
        self._legs = self._find_legs(subject)
        wide = room * self._art.height, self._legs.reach if self._legs else 0.0
        self._margin = -int(-max(wide) // _GRID) * _GRID
        self._key = ("sprite", self._art.key, self._ahead, holds, wears)

    @property
    def width(self) -> float:
        """Drawn width over drawn height."""
        return self._art.width / self._art.height * self._share

    @property
    def flips(self) -> bool:
        """Whether the renderer mirrors it to face right; not where it looks at the viewer."""
        return self._ahead < 0

    def cutout(self, pose: Pose, pixels: float) -> Cutout:
        """Draw the figure in ``pose``, ``pixels`` to twice that high (512 pixels of art at most).

        Cost:
            About 0.3 ms for a picture not drawn lately, 2 ms where it is recoloured at 256 pixels.
        """
        art = self._art
        level, index = art.level(pixels * self._share), art.frame_index(pose.loop)
        look = _Look(index, level, grade(pose.mouth) if art.mouth else 0, *self._gait(pose))
        key = (*self._key, look)
        column, row = art.at(*art.foot, level)
        margin = self._margin * level // atlas.SIZE
        bare = image = art.picture(index, level, look.opened)
        if margin:
            bare = image = _DRESSED.get((*key, "bare"), lambda: self._bare(look))
            column, row = column + margin, row + margin
        if self._things:
            image = _DRESSED.get(key, lambda: self._dressed(look))
        lens = None
        if self._material == "glass":
            whole = image
            image = _SHINING.get(key, lambda: shine(bare, whole))
            lens = lens_of(key, bare, whole)
        metre = art.height * level / atlas.SIZE / (pose.height * self._share)
        return Cutout(image, (column, row), metre, key, lens, self._material)

    def _find_legs(self, subject: Subject) -> Legs | None:
        """The legs that its art does not move by itself."""
        if not swings_legs(subject):
            return None
        art = self._art
        reach = subject.stride / 4 / subject.height * art.height  # so that feet do not slide
        alpha = art.picture(0, atlas.SIZE)[..., 3]
        return find_legs(alpha, art.foot[1] - art.box[1], art.height, reach)

    def _gait(self, pose: Pose) -> tuple[int, int]:
        """Step and grade of the swing of its legs; nothing but zeros where they stand still."""
        swing = round(min(pose.stride / FULL_STRIDE, 1.0) * GRADES) if self._legs else 0
        return (round(pose.swing * STEPS) % STEPS, swing) if swing else (0, 0)

    def _bare(self, look: _Look) -> NDArray[np.uint8]:
        """The art alone, its legs swung, with the margin around it."""
        margin = self._margin * look.level // atlas.SIZE
        padded = _padded(self._art.picture(look.frame, look.level, look.opened), margin)
        if self._legs is None or not look.swing:
            return padded
        legs = self._legs.at(look.level / atlas.SIZE, margin)
        return swung(padded, legs, look.step, look.swing / GRADES)

    def _dressed(self, look: _Look) -> NDArray[np.uint8]:
        """The same with what is held and worn."""
        picture = self._bare(look)
        level, index, holds, wears = look.level, look.frame, self._holds, self._wears
        canvas = np.zeros_like(picture)
        if holds and holds.place == "over":
            self._attach(canvas, holds, self._hand(holds), level, index)
        over(canvas, picture)
        if wears:
            self._attach(canvas, wears, self._seat(index, wears), level, 0)
        if holds and holds.place != "over":
            self._attach(canvas, holds, self._hand(holds), level, index)
        return canvas

    def _hand(self, thing: Carried) -> tuple[float, float]:
        """Where a thing is held: in front of the body, at the mouth or half-way up."""
        ahead = 0.36 if thing.place in HELD_OUT else 0.30
        up = 0.62 if thing.place in ("mouth", "lips") else 0.46
        foot, art = self._art.foot, self._art
        return foot[0] + self._ahead * ahead * art.width, foot[1] - up * art.height

    def _attach(
        self,
        canvas: NDArray[np.uint8],
        thing: Carried,
        target: tuple[float, float],
        level: int,
        index: int,
    ) -> None:
        """Lay a thing with its grip at ``target``, in 256-pixel coordinates of the art."""
        scale = level / atlas.SIZE
        x, y = self._art.at(*target, level)
        margin = self._margin * scale
        art = self._things[thing.sprite]
        share = thing.height * (_HAT if thing is self._wears else 1.0)
        size = share * self._art.height / art.height * scale
        flip = -1.0 if thing.looks == -self._ahead else 1.0
        turn = (self._ahead if thing.looks else 1) * thing.turn
        affine = placement(thing.grip, (x + margin, y + margin), (flip * size, size), turn)
        art.lay_on(canvas, index % art.count, affine)

    def _seat(self, index: int, thing: Carried) -> tuple[float, float]:
        """Where a thing is worn in this frame; a hat on the highest point of the front."""
        art = self._art
        if thing.place in ("neck", "back"):
            ahead, up = (0.2, 0.55) if thing.place == "neck" else (-0.15, 0.66)
            aside = ahead * art.width if self.flips else 0.0
            return art.foot[0] + self._ahead * aside, art.foot[1] - up * art.height
        x0, y0, x1, _ = art.box
        front = x1 if self._ahead > 0 else x0 + (x1 - x0) // 2
        alpha = art.picture(index, atlas.SIZE)[:, : front - x0, 3] > 200
        row = int(np.argmax(alpha.any(1)))
        columns = np.flatnonzero(alpha[row : row + max(2, int(0.04 * art.height))].any(0))
        column = float(columns.mean()) if len(columns) else 0.5 * (front - x0)
        sink = 0.045 if thing.place == "head" else 0.12
        return x0 + column, y0 + row + sink * art.height


def _padded(picture: NDArray[np.uint8], margin: int) -> NDArray[np.uint8]:
    """The picture with that many clear pixels on every side."""
    return np.pad(picture, ((margin, margin), (margin, margin), (0, 0)))

"""Plush figures: a head of the atlas on a toy body with arms and legs that really move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kinema.storybook import atlas
from kinema.storybook.catalogue import Subject
from kinema.storybook.figures import rig
from kinema.storybook.figures.art import Art
from kinema.storybook.figures.cache import PictureCache
from kinema.storybook.figures.carry import HELD_OUT, Carried
from kinema.storybook.figures.cloth import Cloth, Rgb, cast_in, cloth_for
from kinema.storybook.figures.cutout import Cutout
from kinema.storybook.figures.glass import lens_of, shine
from kinema.storybook.figures.layer import lay, moved, placement
from kinema.storybook.figures.mouth import grade
from kinema.storybook.figures.toy import Part, Stuff, limb, lump, shadow_of
from kinema.storybook.figures.trim import Trim
from kinema.storybook.pose import Pose

LEVELS = (48, 64, 96, 128, 192, 256, 384, 512)
"""Heights, in pixels, that a plush figure is drawn at."""

_HEAD = 0.64  # rig units for a pixel of the 256-pixel head
_CHIN = -91.0  # the row that the lowest part of a head lies on
_HEM = -46.0  # the same for a bust, which brings its own shoulders
_EYES, _BUST_EYES = 60.0, 26.0  # of the eyes above the mouth, in pixels of the 256-pixel head
_BUST_HEAD = 0.6  # how large the head of a bust is beside other heads
_SIDE = 96.0  # half the width of the canvas, in rig units
_ABOVE = 10.0  # of the canvas, over the head
_BELOW = 3.0  # of the canvas, under the ground
_PAIR = (0.88, 1.0)  # of a pair of limbs the far one is a little darker
_POSES = PictureCache(6 * 2**20)
_SHINING = PictureCache(6 * 2**20)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The pose that is drawn: rounded, but so finely that no step can be seen at its level."""

    level: int
    index: int
    opened: int
    emotion: str | None
    swing: float
    stride: float
    facing: float
    arms: str


@dataclass(frozen=True, slots=True)
class _Body:
    """The shaded parts of one toy at one size; of each pair the far one is a little darker."""

    trunk: Part
    belly: Part | None
    arms: tuple[Part, Part]
    arm_shadow: Part
    legs: tuple[Part, Part]
    feet: tuple[Part, Part]


class PlushFigure:
    """A head-only sprite with a toy body.

    A head that looks at the viewer turns by itself, and the renderer never mirrors it; one drawn
    in profile always looks left, and is mirrored.

    Args:
        subject: Row of the catalogue with ``body`` "plush".
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
        concept = atlas.concepts()[subject.sprite]
        x0, y0, x1, y1 = concept.box
        self.flips = subject.faces == "left"
        self._bust = concept.group == "people" and _is_bust(subject.sprite)
        self._subject, self._colour, self._tone = subject, colour, tone
        self._material = material
        self._heads: dict[str | None, Art] = {}
        head = self._head(None)
        self._holds, self._wears = holds, wears
        self._things = {thing.sprite: Art(thing.sprite) for thing in (holds, wears) if thing}
        middle = 0.5 * (x0 + x1)
        # In profile a jaw or a mane may reach lower than what sits on the neck.
        chin = head.bottom_between(middle - 12, middle + 12) if self.flips else concept.baseline
        self._chin = (middle, chin)
        self._neck = _HEM if self._bust else _CHIN
        self._mouth = subject.mouth[:2] if subject.mouth else (middle, y1 - 0.2 * (y1 - y0))
        self._crown = (middle, head.top_between(middle - 6, middle + 6) + 8)
        self._eyes = (middle, self._mouth[1] - (_BUST_EYES if self._bust else _EYES))
        self._height = (chin - y0) * _HEAD - self._neck
        self._cloth = (
            cast_in(material, colour, concept.group)
            if material
            else cloth_for(head, subject, concept.group, coloured=colour is not None)
        )
        self._side, above = _SIDE, _ABOVE
        if wears and wears.place == "head":
            above += wears.height * self._height
        if holds and holds.place in HELD_OUT:
            self._side += 0.62 * holds.height * self._height
            above = max(above, (holds.height - 0.5) * self._height)
        self._above = self._height + above
        self._key = ("plush", subject.name, head.key, self._cloth, holds, wears)

    @property
    def width(self) -> float:
        """Drawn width over drawn height of the resting figure."""
        return max(130.0, self._head(None).width * _HEAD) / self._height

    def cutout(self, pose: Pose, pixels: float) -> Cutout:
        """Draw the figure in ``pose``, ``pixels`` high or up to half as much again (512 at most).

        Cost:
            0.25 ms at 96 pixels and 0.7 ms at 256 for a pose not drawn lately; its parts are shaded
            once a level (11 ms at 256).
        """
        level = next((level for level in LEVELS if level >= pixels - 1e-6), LEVELS[-1])
        drawn = self._rounded(pose, level)
        key = (*self._key, drawn)
        image = _POSES.get(key, lambda: self._draw(drawn))
        lens = None
        if self._material == "glass":
            bare = whole = image
            if self._things:
                bare = _POSES.get((*key, "bare"), lambda: self._draw(drawn, bare=True))
            image = _SHINING.get(key, lambda: shine(bare, whole))
            lens = lens_of(key, bare, whole)
        scale = level / self._height
        anchor = (self._side * scale, self._above * scale)
        return Cutout(image, anchor, level / pose.height, key, lens, self._material)

    def _head(self, emotion: str | None) -> Art:
        """The head that shows an emotion, read from the atlas when it is first seen."""
        if emotion not in self._heads:
            subject = self._subject
            sprite = subject.sprite if emotion is None else subject.emotions[emotion]
            self._heads[emotion] = Art(
                sprite,
                self._tone,
                self._colour,
                material=self._material,
                mouth=subject.mouth,
                trim=Trim(hemmed=self._bust),
            )
        return self._heads[emotion]

    def _rounded(self, pose: Pose, level: int) -> _Drawn:
        emotion = pose.emotion if pose.emotion in self._subject.emotions else None
        head = self._head(emotion)
        stride = round(pose.stride * 32) / 32
        arms = self._arms(pose.arms, stride)
        moves = stride > 0 or arms in ("up", "hold", "play")
        facing = -1.0 if self.flips else max(-1.0, min(1.0, pose.facing))
        return _Drawn(
            level=level,
            index=head.frame_index(pose.loop),
            opened=grade(pose.mouth) if head.mouth else 0,
            emotion=emotion,
            # A foot covers 0.76 heights a turn: in ``level`` steps, each is less than a pixel.
            swing=round(pose.swing * level) % level / level if moves else 0.0,
            stride=stride,
            facing=round(facing * 16) / 16,
            arms=arms,
        )

    def _arms(self, arms: str, stride: float) -> str:
        """What the arms do: where something is held they hold, where nothing moves they rest."""
        if arms in ("rest", "swing"):
            return "hold" if self._holds else arms if stride else "rest"
        return arms

    def _draw(self, drawn: _Drawn, *, bare: bool = False) -> NDArray[np.uint8]:
        """Draw a pose; with ``bare`` without what is held and worn."""
        holds, wears = (None, None) if bare else (self._holds, self._wears)
        stance = rig.stance(
            drawn.swing,
            drawn.stride,
            drawn.facing,
            drawn.arms,
            height=self._height,
            place=self._holds.place if self._holds else "",
        )
        sheet = _Sheet(drawn.level / self._height, self._side, self._above)
        body = _body(self._cloth, sheet.scale)
        if wears and wears.place == "back":
            behind = sheet.at(-22 * drawn.facing, -66 - stance.rise)
            self._wear(sheet, wears, behind, stance.lean)
        if holds and holds.place == "over":
            self._hold(sheet, holds, stance, drawn)
        _put_arms(sheet, body, stance, 0)
        _put_legs(sheet, body, stance, drawn.facing)
        sheet.put(body.trunk, 0.0, rig.BODY - stance.rise, stance.lean)
        if body.belly and not self._bust:
            sheet.put(body.belly, 8 * drawn.facing, rig.BODY + 5 - stance.rise, stance.lean)
        _put_arms(sheet, body, stance, 1)
        self._put_head(sheet, stance, drawn, wears)
        if holds and holds.place != "over":
            self._hold(sheet, holds, stance, drawn)
        _put_arms(sheet, body, stance, 2)
        return sheet.canvas

    def _put_head(
        self, sheet: _Sheet, stance: rig.Stance, drawn: _Drawn, wears: Carried | None
    ) -> None:
        """Lay the head, and what it wears."""
        neck = sheet.at(0.05 * self._height * drawn.facing, self._neck - 1.15 * stance.rise)
        # From 256-pixel coordinates of the head to the canvas.
        whole = placement(self._chin, neck, _HEAD * sheet.scale, stance.tilt)
        if wears and wears.place == "neck" and not self._bust:
            self._wear(sheet, wears, neck, stance.tilt)
        self._head(drawn.emotion).lay_on(sheet.canvas, drawn.index, whole, drawn.opened)
        if wears and wears.place == "neck" and self._bust:
            throat = moved((self._mouth[0], self._mouth[1] + _BUST_EYES), whole)
            self._wear(sheet, wears, throat, stance.tilt)
        if wears and wears.place in ("head", "eyes"):
            point = self._crown if wears.place == "head" else self._eyes
            self._wear(sheet, wears, moved(point, whole), stance.tilt)

    def _wear(
        self, sheet: _Sheet, thing: Carried, target: tuple[float, float], turn: float
    ) -> None:
        """Lay what is worn with its grip at a pixel of the canvas."""
        art = self._things[thing.sprite]
        share = thing.height * (_BUST_HEAD if self._bust and thing.place != "back" else 1.0)
        size = share * self._height * sheet.scale / art.height
        art.lay_on(sheet.canvas, 0, placement(thing.grip, target, size, turn + thing.turn))

    def _hold(self, sheet: _Sheet, thing: Carried, stance: rig.Stance, drawn: _Drawn) -> None:
        """Lay what is held where its place says."""
        facing, (far, near) = drawn.facing, stance.arms
        if thing.place in HELD_OUT:
            x, y = far.paw
        elif thing.place == "belly":
            x, y = 8 * facing, rig.BODY + 2 - stance.rise
        elif thing.place == "lips":
            x = (0.05 * self._height + 6) * facing + (self._mouth[0] - self._chin[0]) * _HEAD
            y = self._neck - stance.rise + (self._mouth[1] - self._chin[1]) * _HEAD + 4
        else:
            x, y = near.paw[0] + 10 * facing, near.paw[1] - 12
        art = self._things[thing.sprite]
        size = thing.height * self._height * sheet.scale / art.height
        looks = 1 if facing >= 0 else -1
        flip = -1.0 if thing.looks == -looks else 1.0
        turn = (looks if thing.looks else 1) * thing.turn + 0.5 * stance.lean
        affine = placement(thing.grip, sheet.at(x, y), (flip * size, size), turn)
        art.lay_on(sheet.canvas, art.frame_index(drawn.swing), affine)


class _Sheet:
    """The canvas of one picture, and the way from rig units to its pixels."""

    def __init__(self, scale: float, side: float, above: float) -> None:
        self.scale, self._side, self._above = scale, side, above
        size = (math.ceil((above + _BELOW) * scale), math.ceil(2 * side * scale), 4)
        self.canvas = np.zeros(size, np.uint8)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a place of the rig."""
        return (x + self._side) * self.scale, (y + self._above) * self.scale

    def put(self, part: Part, x: float, y: float, turn: float = 0.0, longer: float = 1.0) -> None:
        """Lay a part with its anchor at a place of the rig, turned and lengthened."""
        affine = placement(part.anchor, self.at(x, y), (1.0, longer), turn)
        lay(self.canvas, part.image, affine)

    def shade(self, shadow: Part, x: float, y: float, turn: float) -> None:
        """Darken what lies there already."""
        lay(
            self.canvas,
            shadow.image,
            placement(shadow.anchor, self.at(x, y), 1.0, turn),
            inside=True,
        )


def _put_arms(sheet: _Sheet, body: _Body, stance: rig.Stance, layer: int) -> None:
    """Lay the arms of one layer; those before the body throw a shadow on it."""
    for part, arm in zip(body.arms, stance.arms, strict=True):
        if arm.layer == layer:
            x, y = arm.shoulder
            if layer:
                sheet.shade(body.arm_shadow, x, y + 3, arm.turn)
            sheet.put(part, x, y, arm.turn)


def _put_legs(sheet: _Sheet, body: _Body, stance: rig.Stance, facing: float) -> None:
    """Lay the far leg and foot, then the near ones."""
    sides = (1, -1) if facing >= 0 else (-1, 1)
    for leg, shoe, foot, side in zip(body.legs, body.feet, stance.feet, sides, strict=True):
        hip_x, hip_y = side * rig.HIP[0] * 0.8, rig.HIP[1] - stance.rise
        across, down = foot.x - 4 * facing - hip_x, foot.y + rig.ANKLE - rig.FOOT - hip_y
        sheet.put(leg, hip_x, hip_y, math.atan2(-across, down), math.hypot(across, down) / rig.LEG)
        sheet.put(shoe, foot.x + 5 * facing, foot.y, foot.turn)


def _is_bust(sprite: str) -> bool:
    """Whether the art ends below in a straight cut through the chest."""
    concept = atlas.concepts()[sprite]
    x0, _, x1, _ = concept.box
    row = atlas.load(sprite)[0, int(concept.baseline) - 4, :, 3]
    return int((row > 200).sum()) > 0.55 * (x1 - x0)


@lru_cache(maxsize=48)
def _body(cloth: Cloth, scale: float) -> _Body:
    """Shade the parts of a toy; 48 toys and sizes are kept, about 0.3 MB each at 256 pixels."""

    def stuff(colour: Rgb, share: float = 1.0) -> Stuff:
        dyed = np.array(colour, np.float32) * np.float32(share)
        return Stuff(dyed, cloth.fuzz, cloth.material, cloth.tint)

    belly = None
    if cloth.belly:
        belly = lump((31.0, 31.0), stuff(cloth.belly), scale, pear=0.06, seam=0.2, shadow=0.3)
    arms = [limb(rig.ARM, (11.0, 14.5), stuff(cloth.limbs, share), scale) for share in _PAIR]
    legs = [limb(rig.LEG, (17.0, 14.0), stuff(cloth.limbs, 0.93 * n), scale) for n in _PAIR]
    feet = [lump((24.0, 14.0), stuff(cloth.feet, share), scale, flat=0.15) for share in _PAIR]
    return _Body(
        trunk=lump((49.0, 46.0), stuff(cloth.body), scale, pear=0.1, shadow=0.55),
        belly=belly,
        arms=(arms[0], arms[1]),
        arm_shadow=shadow_of(arms[1], np.array(cloth.body, np.float32), scale),
        legs=(legs[0], legs[1]),
        feet=(feet[0], feet[1]),
    )

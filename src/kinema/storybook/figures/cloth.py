"""The colours of a plush body, taken from its head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.catalogue import Subject
from kinema.storybook.figures.art import Art
from kinema.storybook.figures.material import surface

Rgb = tuple[int, int, int]

_DARK = 90  # below this a pixel is an eye, a nose or an outline
_ALIKE = 50.0  # colours nearer than this count as one
_SHOES = (84, 68, 98)


@dataclass(frozen=True, slots=True)
class Cloth:
    """Colours of body, limbs, belly (none without a patch) and feet, 0 to 255; how woolly it is.

    With a ``material`` (and a ``tint`` for glass) the toy is made of that instead.
    """

    body: Rgb
    limbs: Rgb
    belly: Rgb | None
    feet: Rgb
    fuzz: float
    material: str | None = None
    tint: str | None = None


def cloth_for(head: Art, subject: Subject, group: str, *, coloured: bool) -> Cloth:
    """Choose the cloth for a head: the fur's main colour, and for the belly that of the muzzle.

    A subject's own tint and limbs are used unless the head was ``coloured``. ``group`` is that of
    the head in the atlas: animals are woolly, people have shoes and no belly patch.
    """
    picture = head.picture(0, 128)
    rows, columns = picture.shape[:2]
    body = np.asarray(_main(picture), float)
    muzzle = picture[int(rows * 0.66) : int(rows * 0.92), int(columns * 0.36) : int(columns * 0.64)]
    belly = np.asarray(_main(muzzle), float)
    if subject.tint is not None and not coloured:
        body = np.asarray(subject.tint, float)
    if np.abs(belly - body).max() < _ALIKE or belly.sum() < body.sum():
        belly = body
    belly = belly + (255 - belly) * 0.42
    limbs = subject.limbs if subject.limbs is not None and not coloured else _rgb(body * 0.96)
    if group == "people":
        return Cloth(body=_rgb(body), limbs=limbs, belly=None, feet=_SHOES, fuzz=0.0)
    fuzz = _fuzz(group)
    return Cloth(body=_rgb(body), limbs=limbs, belly=_rgb(belly), feet=limbs, fuzz=fuzz)


def cast_in(material: str, tint: str | None, group: str) -> Cloth:
    """A toy that is all of one material, in the outline of its cloth; only glass takes a tint."""
    zero = np.zeros((1, 1), np.float32)
    colour = _rgb(surface(material, (zero, zero), tint)[0, 0])
    return Cloth(colour, colour, None, colour, _fuzz(group), material, tint)


def _fuzz(group: str) -> float:
    return 0.4 if group == "animals" else 0.0


def _main(picture: NDArray[np.uint8]) -> Rgb:
    """The commonest bright colour: the fullest of 6^3 bins, then the mean of what is near it."""
    solid = picture[picture[..., 3] > 250][:, :3].astype(np.float32)
    bright = solid[solid.max(1, initial=0) > _DARK]
    if not len(bright):
        return (128, 128, 128)
    cells = (bright * (6 / 256)).astype(int)
    counts = np.bincount(cells @ (36, 6, 1), minlength=216)
    fullest = int(np.argmax(counts))
    centre = (np.array([fullest // 36, fullest // 6 % 6, fullest % 6]) + 0.5) * (256 / 6)
    for _ in range(3):
        near = np.abs(bright - centre).max(1) < _ALIKE
        if near.any():
            centre = bright[near].mean(0)
    return _rgb(centre)


def _rgb(colour: NDArray[np.floating]) -> Rgb:
    red, green, blue = (round(float(value)) for value in colour)
    return red, green, blue

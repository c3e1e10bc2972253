"""Shaded parts of a plush toy: lumps and limbs, lit softly from above, glowing faintly below.

Colours are (3,) float, 0 to 255. Parts are drawn once for each size and then only moved. A part's
``anchor`` is the point that it is placed by, in its own pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.figures.material import surface

Colour = NDArray[np.float32]
Samples = NDArray[np.floating[Any]]

_LIGHT = np.array([0.30, -0.78, 0.55], np.float32)  # towards the light: right, up, viewer
_FINE = 2  # samples a pixel in each direction while a part is drawn


@dataclass(frozen=True, slots=True, eq=False)
class Stuff:
    """What a part is made of: cloth of a colour in middling light, or a material.

    fuzz: how woolly it is: 0 for smooth vinyl, 1 for teddy cloth.
    material: one of ``material.FINISHES``, or none; tint: the colour of glass, or none.
    """

    colour: Colour
    fuzz: float = 0.5
    material: str | None = None
    tint: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A premultiplied RGBA picture, (H, W, 4) uint8, and the point that it is placed by."""

    image: NDArray[np.uint8]
    anchor: tuple[float, float]


def lump(
    radii: tuple[float, float],
    stuff: Stuff,
    scale: float,
    *,
    pear: float = 0.0,
    flat: float = 0.0,
    shadow: float = 0.0,
    seam: float = 0.0,
) -> Part:
    """Draw a rounded body, placed by its centre.

    Args:
        radii: Horizontal and vertical radius in rig units.
        stuff: What it is made of.
        scale: Pixels a rig unit.
        pear: How much wider it is below than above, 0 to 0.3.
        flat: How far its underside is pressed flat, 0 to 0.6.
        shadow: Darkness cast on its upper part by what lies above, 0 to 1.
        seam: Darkness of a stitched groove around it, 0 to 1.
    """
    radius_x, radius_y = radii[0] * scale, radii[1] * scale
    half_x, half_y = int(np.ceil(radius_x * (1 + pear) + 3)), int(np.ceil(radius_y + 3))
    u, v = _grid(2 * half_x, 2 * half_y)
    v = (v - half_y) / radius_y
    u = (u - half_x) / (radius_x * (1 + pear * np.clip(v, -1, 1)))
    pressed = np.where(v > 0, v / (1 - flat), v)
    radius = (np.abs(u) ** 2.2 + np.abs(pressed) ** 2.2) ** (1 / 2.2)
    grain = _grain(radius.shape, stuff.fuzz, scale)
    edge = (1 - radius) * min(radius_x, radius_y) + 0.35 * stuff.fuzz * scale * grain
    depth = np.sqrt(np.clip(1 - radius * radius, 0, 1))
    rgb = _shaded(stuff, (u, pressed, depth), grain)
    if shadow:
        rgb *= 1 - shadow * np.clip(-0.25 - v, 0, 0.6)[..., None] * np.array(
            [1.0, 1.2, 1.0], np.float32
        )
    if seam:
        groove = np.clip(1 - np.abs(radius - 0.95) / 0.05, 0, 1)
        rgb *= 1 - seam * groove[..., None]
    return Part(_finished(rgb, edge), (float(half_x), float(half_y)))


def limb(
    length: float,
    radii: tuple[float, float],
    stuff: Stuff,
    scale: float,
) -> Part:
    """Draw an arm or leg that hangs straight down, placed by the joint at its upper end.

    ``radii`` are those of its upper and lower end; both ends are round. Rig units as for ``lump``.
    """
    upper, lower, along = radii[0] * scale, radii[1] * scale, length * scale
    half_x, top = (
        int(np.ceil(max(upper, lower) + 3 + 3 * scale)),
        int(np.ceil(upper + 3 + 3 * scale)),
    )
    x, y = _grid(2 * half_x, top + int(np.ceil(along + lower + 3 + 3 * scale)))
    x, y = x - half_x, y - top
    share = np.clip(y / along, 0, 1)
    share = share * share * (3 - 2 * share)
    thick = upper + (lower - upper) * share
    beyond = y - np.clip(y, 0, along)
    u, v = x / thick, beyond / thick
    radius = np.hypot(u, v)
    grain = _grain(radius.shape, stuff.fuzz, scale)
    edge = (1 - radius) * thick + 0.35 * stuff.fuzz * scale * grain
    depth = np.sqrt(np.clip(1 - radius * radius, 0, 1))
    # A hanging limb turns its lower end a little towards the ground.
    slope = v * 0.8 + 0.25 * (share - 0.4)
    rgb = _shaded(stuff, (u, slope, depth), grain)
    return Part(_finished(rgb, edge), (float(half_x), float(top)))


def shadow_of(part: Part, colour: Colour, scale: float) -> Part:
    """The soft shadow that a part throws on what it lies on: wider than it by a few rig units."""
    soft = cv2.GaussianBlur(part.image[..., 3], (0, 0), 2.2 * scale).astype(np.float32)
    wide = np.clip(soft * 0.55, 0, 255)[..., None]
    tint = colour * np.array([0.42, 0.26, 0.40], np.float32) / 255
    image = (np.concatenate([wide * tint, wide], axis=2) + 0.5).astype(np.uint8)
    image.setflags(write=False)
    return Part(image, part.anchor)


def _grid(width: int, height: int) -> tuple[Samples, Samples]:
    """Columns and rows, in pixels, of the samples of a part."""
    y, x = np.mgrid[0 : height * _FINE, 0 : width * _FINE].astype(np.float32)
    return (x + 0.5) / _FINE, (y + 0.5) / _FINE


def _shaded(stuff: Stuff, normal: tuple[Samples, Samples, Samples], grain: Samples) -> Samples:
    """The colours of a part by the way that it faces, (H, W, 3) from 0 to 255."""
    if stuff.material is None:
        return _lit(stuff.colour, normal, grain, stuff.fuzz)
    x, y, z = normal
    length = np.sqrt(x * x + y * y + z * z + 1e-6)
    return surface(stuff.material, (x / length, y / length), stuff.tint)


def _lit(
    colour: Colour,
    normal: tuple[Samples, Samples, Samples],
    grain: Samples,
    fuzz: float,
) -> Samples:
    """Colour times light: wrapped diffuse, violet shade, a rosy glow below, a soft sheen above."""
    x, y, z = normal
    facing = x * _LIGHT[0] + y * _LIGHT[1] + z * _LIGHT[2]
    light = np.clip((facing + 0.55) / 1.45, 0, 1)[..., None]
    light = light * light * (3 - 2 * light)
    shade = colour * np.array([0.76, 0.62, 0.74], np.float32) + np.array([8, 0, 12], np.float32)
    bright = colour * 1.05 + (255 - colour) * 0.08
    rgb = shade + (colour - shade) * np.clip(light / 0.55, 0, 1)
    rgb += (bright - colour) * np.clip((light - 0.55) / 0.45, 0, 1)
    rim = (1 - z)[..., None] ** 2.5
    rgb += (
        rim * np.clip(y, 0, 1)[..., None] * (255 - rgb) * np.array([0.22, 0.03, 0.16], np.float32)
    )
    # Cloth scatters light at grazing angles: the pale edge that tells plush from clay.
    rgb += rim * np.clip(0.3 - y, 0, 1)[..., None] * (255 - rgb) * (0.04 + 0.08 * fuzz)
    return rgb * (1 + 0.03 * fuzz * grain[..., None])


def _grain(shape: tuple[int, ...], fuzz: float, scale: float) -> Samples:
    """Woolly noise with unit spread: the same for equal shapes."""
    if not fuzz:
        return np.zeros(shape, np.float32)
    noise = np.random.default_rng(shape).standard_normal(shape).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), max(0.5, 0.9 * scale * _FINE))
    return soft / max(float(soft.std()), 1e-6)


def _finished(rgb: Samples, edge: Samples) -> NDArray[np.uint8]:
    """Premultiply, cut at the edge (in pixels, positive inside) and reduce to whole pixels."""
    cover = np.clip(edge * _FINE + 0.5, 0, 1)[..., None]
    picture = np.concatenate([np.clip(rgb, 0, 255), np.full_like(cover, 255)], axis=2) * cover
    size = (picture.shape[1] // _FINE, picture.shape[0] // _FINE)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    image = (small + 0.5).astype(np.uint8)
    image[..., :3] = np.minimum(image[..., :3], image[..., 3:])
    image.setflags(write=False)
    return image

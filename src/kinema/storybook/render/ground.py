"""The ground plane: grass, sand, snow, road, planks, tiles, moon dust, seabed and water.

The ground is seen through a homography, so nothing is shaded per pixel: two one-byte textures lie
on the plane in metres (a coarse one for patches and markings, a fine one for grain), OpenCV warps
them onto the frame, their sum indexes a ramp of colours, and one ramp per band of rows brings
light and haze. Waves and caustics are the same textures, sliding.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.catalogue import Setting
from kinema.storybook.clock import Clock
from kinema.storybook.render.light import Light, rgb
from kinema.storybook.render.noise import BLOTCH, CLOUDY, FINE, SOFT, Grain, N, spread
from kinema.storybook.render.paint import Image
from kinema.storybook.render.sky import smoothstep

Plane = NDArray[np.floating]
"""A 3x3 matrix from frame pixels to metres on the ground, (x, z, 1) up to scale."""

LEVEL = 128
"""Byte of a texture that changes nothing."""
BANDS = 48
"""Ramps between the horizon and the lower edge; haze changes by less than a level inside one."""


def plane_of(view: View) -> Plane:
    """The homography from frame pixels (column, row) to ground metres (x, z)."""
    f, c = view.focal, view.camera
    return np.array(
        [
            [c.y, c.x, -c.x * view.horizon - c.y * view.centre],
            [0.0, c.z, f * c.y - c.z * view.horizon],
            [0.0, 1.0, -view.horizon],
        ]
    )


def first_row(view: View) -> int:
    """The frame's first row of ground; there is none where it is the last row or none."""
    return max(0, math.ceil(view.horizon + 0.4))


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """One byte a sample over a patch of ground: its near-left corner, and samples a metre.

    ``period`` is the distance in metres after which it repeats sideways (0: it does not); the
    patch is wide enough that a frame never sees past it once the camera is within a period.
    """

    samples: Image
    left: float
    near: float
    across: float
    along: float
    period: float
    outside: int = LEVEL

    @property
    def depth(self) -> float:
        """Metres after which a noise texture repeats away from the viewer."""
        return N / self.along

    def seen(
        self,
        plane: Plane,
        rows: tuple[int, int],
        width: int,
        *,
        slide: tuple[float, float] = (0, 0),
    ) -> Image:
        """The texture as the frame's rows show it, (rows, width) bytes, shifted by metres."""
        shift = slide[0]
        if self.period:
            # Bring the point straight ahead into the first period.
            shift += self.period * math.floor(plane[0, 1] / self.period)
        to_samples = np.array(
            [
                [self.across, 0, -(self.left + shift) * self.across],
                [0, self.along, -(self.near + slide[1]) * self.along],
                [0, 0, 1],
            ]
        )
        start = np.array([[1.0, 0, 0.5], [0, 1.0, rows[0] + 0.5], [0, 0, 1]])
        matrix = to_samples @ plane @ start
        matrix[:2] -= 0.5 * matrix[2]
        return cv2.warpPerspective(
            self.samples,
            matrix,
            (width, rows[1] - rows[0]),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=self.outside,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A painted ground: its textures, its ramp of 256 colours and how it meets haze."""

    coarse: Texture
    fine: Texture
    ramp: NDArray[np.floating]
    light: Light
    grain: float
    slides: tuple[tuple[float, float], tuple[float, float]] = ((0, 0), (0, 0))
    shine: float = 0.0

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Paint every row below the horizon."""
        first = first_row(view)
        if first >= view.height - 1:
            return
        index = self.index(view, clock, first)
        self._colour(frame, index, view, first)

    def index(self, view: View, clock: Clock, first: int) -> Image:
        """The sum of both textures from row ``first`` down, one byte a pixel."""
        plane, rows = plane_of(view), (first, view.height)
        slides = [
            (clock.slide(sx, texture.period), clock.slide(sz, texture.depth))
            for texture, (sx, sz) in zip((self.coarse, self.fine), self.slides, strict=True)
        ]
        coarse = self.coarse.seen(plane, rows, view.width, slide=slides[0])
        fine = self.fine.seen(plane, rows, view.width, slide=slides[1])
        # Grain fades where a sample gets smaller than a pixel, long before it could flicker.
        depth = view.focal * view.camera.y / (np.arange(first, view.height) + 0.5 - view.horizon)
        footprint = depth**2 / (view.focal * view.camera.y) * self.fine.along
        fade = (
            np.clip(1.6 / np.maximum(footprint, 0.1), 0, 1)
            * np.clip(9.0 / depth, 0, 1)
            * self.grain
        )
        # index = coarse + (fine - LEVEL) * fade, in two byte operations a row strip.
        weight = np.repeat((fade * 255).astype(np.uint8)[:, None], view.width, 1)
        raised = cv2.multiply(cv2.subtract(fine, LEVEL), weight, scale=1 / 255)
        lowered = cv2.multiply(cv2.subtract(np.full_like(fine, LEVEL), fine), weight, scale=1 / 255)
        return cv2.subtract(cv2.add(coarse, raised), lowered)

    def _colour(self, frame: Image, index: Image, view: View, first: int) -> None:
        """Look colours up, one hazed ramp per band of rows."""
        rows = np.arange(first, view.height)
        depth = view.focal * view.camera.y / (rows + 0.5 - view.horizon)
        haze = self.light.haze_at(depth.astype(np.float32))
        edges = _bands(haze, depth)
        middles = [(top + bottom - 1) // 2 for top, bottom in pairwise(edges)]
        ramps = self._ramps_at(depth[middles], haze[middles])
        for (top, bottom), ramp in zip(pairwise(edges), ramps, strict=True):
            frame[first + top : first + bottom] = cv2.applyColorMap(index[top:bottom], ramp)
        # One softened row hides the stair between ground and distance.
        if 0 < first < view.height and view.camera.focal > 0:
            share = float(np.clip(first + 0.4 - view.horizon, 0.0, 1.0)) * 0.5
            frame[first] = cv2.addWeighted(frame[first], 1 - share, frame[first - 1], share, 0)

    def _ramps_at(self, depth: NDArray[np.floating], haze: NDArray[np.floating]) -> Image:
        """The ramp of each depth and haze: (bands, 256, 1, 3)."""
        ramp = self.ramp[None]
        if self.shine:
            # Water mirrors the sky's haze the flatter we look at it (a cheap Fresnel).
            mirror = self.shine * np.clip(0.28 + 0.62 * (depth - 4) / 26, 0, 0.9)
            ramp = ramp + (self.light.haze - ramp) * mirror.astype(np.float32)[:, None, None]
        hazed = ramp + (self.light.haze - ramp) * haze.astype(np.float32)[:, None, None]
        return (np.clip(hazed, 0, 1) * 255 + 0.5).astype(np.uint8)[:, :, None, :]


def _bands(haze: NDArray[np.floating], depth: NDArray[np.floating]) -> list[int]:
    """Rows at which a new ramp begins: thin bands where haze or depth changes quickly."""
    measure = np.concatenate(
        ([0.0], np.cumsum(np.abs(np.diff(haze)) + 0.35 * np.abs(np.diff(np.log(depth)))))
    )
    steps = np.floor(measure / max(measure[-1], 1e-6) * (BANDS - 1)).astype(int)
    starts = np.flatnonzero(np.diff(steps)) + 1
    return [0, *(int(s) for s in starts), len(haze)]


def paint_ground(setting: Setting, light: Light, size: tuple[int, int]) -> Ground:
    """The ground of a setting in a light, for a frame of (width, height)."""
    kind = setting.ground or "grass"
    coarse, fine, grain = _TEXTURES[kind](size[0] / min(size))
    near, far = (rgb(*colour) for colour in setting.ground_colours)
    level = np.linspace(-0.5, 1.5, 256, dtype=np.float32)[:, None]
    # The middle half of the ramp runs from the second colour to the first; its ends go on beyond.
    ramp = far + (near - far) * level
    if kind in ("road", "tile", "wood", "pitch"):
        ramp = _material_ramp(kind, near, far)
    elif kind in ("water", "seabed"):
        ramp = ramp + np.clip(level - 0.85, 0, 1) * np.float32(0.5 if kind == "water" else 0.3)
    ramp = np.clip(ramp, 0, 1) * light.ground
    slides: tuple[tuple[float, float], tuple[float, float]] = ((0, 0), (0, 0))
    if kind == "water":
        slides = ((-0.20, 0.28), (0.25, 0.0))
    elif kind == "seabed":
        slides = ((0.0, 0.0), (-0.22, 0.15))
    return Ground(
        coarse,
        fine,
        ramp.astype(np.float32),
        light,
        grain,
        slides,
        0.72 if kind == "water" else 0.0,
    )


def _material_ramp(
    kind: str, near: NDArray[np.floating], far: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Ramps of made floors, whose bytes are materials: dark joints, bodies, light markings."""
    if kind == "road":
        stops = [
            (0, far * 0.6),
            (60, far),
            (104, near),
            (150, rgb(150, 148, 146)),
            (205, rgb(208, 202, 198)),
            (255, rgb(250, 242, 214)),
        ]
    elif kind == "pitch":
        stops = [
            (0, far * 0.7),
            (72, far),
            (150, near),
            (200, near * 1.06),
            (255, rgb(250, 250, 246)),
        ]
    else:
        stops = [
            (0, far * 0.45),
            (48, far * 0.72),
            (96, far),
            (176, near),
            (255, np.minimum(near * 1.18, 1)),
        ]
    at = np.array([s[0] for s in stops], np.float32)
    values = np.stack([s[1] for s in stops])
    levels = np.arange(256, dtype=np.float32)
    return np.stack([np.interp(levels, at, values[:, c]) for c in range(3)], 1).astype(np.float32)


def _noise(grain: Grain, shape: tuple[int, int], strength: float) -> NDArray[np.floating]:
    return spread(grain, shape) * np.float32(strength)


def _bytes(values: NDArray[np.floating]) -> Image:
    return np.clip(values + LEVEL, 0, 255).astype(np.uint8)


def _texture(
    values: NDArray[np.floating], across: float, along: float, wide: float, *, near: float = 0.5
) -> Texture:
    """Lay a periodic array (z, x) out so that it covers ``wide`` metres either side."""
    period = values.shape[1] / across
    columns = math.ceil((2 * wide + period) * across)
    repeats = -(-columns // values.shape[1]) + 1
    samples = np.tile(values, (1, repeats))
    left = -period * math.ceil(wide / period)
    return Texture(_bytes(samples), left, near, across, along, period)


@cache
def _patches(wide: float) -> Texture:
    """Large soft patches: the unevenness of any natural ground, 51 m a period."""
    values = _noise(BLOTCH, (1024, 256), 30) + np.repeat(_noise(SOFT, (1024, 256), 10), 1, 0)
    return _texture(values, 5.0, 5.0, 60 * max(1.0, wide))


def _far_reach(wide: float) -> float:
    """Metres either side that grain must cover: it fades out by 24 m."""
    return 13.0 * max(1.0, wide) + 3


@cache
def _grass(wide: float) -> tuple[Texture, Texture, float]:
    values = _noise(FINE, (512, 256), 26) + _noise(CLOUDY, (512, 256), 12)
    return _patches(wide), _texture(values, 38.0, 17.0, _far_reach(wide)), 1.0


@cache
def _sand(wide: float) -> tuple[Texture, Texture, float]:
    z = np.arange(1024, dtype=np.float32)[:, None] / 32
    wobble = spread(SOFT, (1024, 256)) * 1.2
    values = np.sin((z * 2.2 + wobble) * 3.1) * np.float32(20) + _noise(FINE, (1024, 256), 12)
    return _patches(wide), _texture(values, 32.0, 32.0, _far_reach(wide)), 0.9


@cache
def _snow(wide: float) -> tuple[Texture, Texture, float]:
    sparkle = (spread(FINE, (1024, 256)) > 2.5) * np.float32(110)
    values = _noise(CLOUDY, (1024, 256), 8) + sparkle
    return _patches(wide), _texture(values.astype(np.float32), 40.0, 40.0, _far_reach(wide)), 0.9


@cache
def _moon(wide: float) -> tuple[Texture, Texture, float]:
    bumps = np.gradient(spread(BLOTCH, (1024, 256)), axis=0).astype(np.float32) * 130
    values = np.clip(bumps, -70, 70) + _noise(FINE, (1024, 256), 12)
    return _patches(wide), _texture(values, 18.0, 18.0, _far_reach(wide)), 1.0


@cache
def _road(wide: float) -> tuple[Texture, Texture, float]:
    """Asphalt from 4.1 to 8.8 m, kerbs, pavements either side; dashes along the middle."""
    across, along = 20.0, 40.0
    z = np.arange(round(60 * along), dtype=np.float32)[:, None] / along + 0.5
    x = np.arange(80, dtype=np.float32)[None, :] / across
    from_middle = np.abs(z - 6.5)
    pavement = smoothstep(2.25, 2.33, from_middle)
    values = 96 + pavement * 108 + np.exp(-(((from_middle - 2.3) / 0.09) ** 2)) * 40 + 0 * x
    dash = np.abs(z - 6.9) < 0.06
    values = np.where(dash & (x % 4.0 < 2.2), 245, values)
    slabs = ((z * 0.7 % 1 > 0.93) | (x * 0.75 % 1 > 0.94)) & (pavement > 0.5)
    grain = _noise(FINE, (z.shape[0], x.shape[1]), 9) - slabs * np.float32(34)
    coarse = _texture((values - LEVEL).astype(np.float32), across, along, 60 * max(1.0, wide))
    return coarse, _texture(grain.astype(np.float32), across, along, _far_reach(wide)), 1.0


@cache
def _pitch(wide: float) -> tuple[Texture, Texture, float]:
    """Mown stripes across, and the white lines of a pitch: touchlines and the halfway line."""
    across, along = 16.0, 32.0
    z = np.arange(round(60 * along), dtype=np.float32)[:, None] / along + 0.5
    x = np.arange(round(24 * across), dtype=np.float32)[None, :] / across
    values = np.where(x % 6.0 < 3.0, 150.0, 84.0) + 0 * z
    line = (np.abs(z - 4.7) < 0.07) | (np.abs(z - 19.0) < 0.12) | (np.abs(x - 12.0) < 0.06)
    values = np.where(line & (z > 4.6) & (z < 19.2), 250.0, values)
    grain = _noise(FINE, (z.shape[0], x.shape[1]), 14)
    coarse = _texture((values - LEVEL).astype(np.float32), across, along, 60 * max(1.0, wide))
    return coarse, _texture(grain, across, along, _far_reach(wide)), 1.0


@cache
def _wood(wide: float) -> tuple[Texture, Texture, float]:
    """Planks that run away from us, each of its own shade."""
    across = 48.0
    plank = np.arange(480) // 30
    shade = np.random.default_rng(5).uniform(96, 176, 16)[plank]
    shade[np.arange(480) % 30 >= 28] = 30
    values = np.repeat(shade[None].astype(np.float32) - LEVEL, 320, 0)
    fibre = cv2.GaussianBlur(
        spread(CLOUDY, (320, 480)).copy(), (0, 0), sigmaX=0.8, sigmaY=14
    ) * np.float32(22)
    reach = 10.0 * max(1.0, wide)
    return _texture(values, across, 24.0, reach), _texture(fibre, across, 24.0, reach), 1.0


@cache
def _tile_floor(wide: float) -> tuple[Texture, Texture, float]:
    """A checkerboard with joints, two tiles to 1.7 m."""
    side = 40
    z, x = np.mgrid[0 : side * 14, 0 : side * 2]
    values = np.where((z // side + x // side) % 2 == 0, 176.0, 96.0)
    values[(z % side < 2) | (x % side < 2)] = 62
    grain = _noise(CLOUDY, (side * 14, side * 2), 4)
    reach = 10.0 * max(1.0, wide)
    scale = side / 0.84
    return (
        _texture(values.astype(np.float32) - LEVEL, scale, scale, reach),
        _texture(grain, scale, scale, reach),
        1.0,
    )


@cache
def _water(wide: float) -> tuple[Texture, Texture, float]:
    # Swell and ripples, long across and short along as water looks from low above it.
    swell = _noise(BLOTCH, (1024, 256), 26)
    ripples = np.clip(spread(CLOUDY, (1024, 256)), -2, 3) * np.float32(20)
    return (
        _texture(swell, 5.0, 12.0, 60 * max(1.0, wide), near=-6),
        _texture(ripples.astype(np.float32), 14.0, 30.0, _far_reach(wide) + 10, near=-6),
        1.0,
    )


@cache
def _seabed(wide: float) -> tuple[Texture, Texture, float]:
    ridges = np.abs(spread(BLOTCH, (1024, 256)))
    caustics = np.clip(0.5 - ridges, 0, 1) * np.float32(150) - 14
    return (
        _patches(wide),
        _texture(caustics.astype(np.float32), 9.0, 12.0, _far_reach(wide) + 6, near=-6),
        1.0,
    )


_TEXTURES: dict[str, Callable[[float], tuple[Texture, Texture, float]]] = {
    "grass": _grass,
    "sand": _sand,
    "snow": _snow,
    "moon": _moon,
    "road": _road,
    "pitch": _pitch,
    "wood": _wood,
    "tile": _tile_floor,
    "water": _water,
    "seabed": _seabed,
}

"""The sky: gradient, sun or moon, stars, rainbow on one plate; clouds that drift in front of it.

The plate is painted once for a scene and size, at half the frame's resolution (the far distance is
out of focus), wider and taller than the frame; each frame only shifts and scales it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import FOCAL, View
from kinema.storybook.clock import Clock
from kinema.storybook.render.light import Colour, Light, lerp, rgb
from kinema.storybook.render.noise import BLOTCH, CLOUDY, SOFT, spread
from kinema.storybook.render.paint import Image, to_bytes, warp_over

SIDE_MARGIN = 0.8
"""How far the plate reaches beyond the frame on each side, in shorter sides."""
TOP_MARGIN = 0.3
PARALLAX = 0.008
"""Shorter sides that the sky shifts for each metre that the camera trucks."""

_RAINBOW = (
    (150, 80, 220), (70, 120, 255), (80, 220, 120), (255, 230, 80), (255, 150, 60), (255, 80, 90),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """A painted plate: its pixels a shorter side, and where (0, horizon) lies in it."""

    plate: Image
    scale: float
    origin: tuple[float, float]
    clouds: tuple[Cloud, ...]
    twinkles: NDArray[np.floating]

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Fill the frame from its top to the horizon (all of it where the plate reaches so far)."""
        rows, matrix = self.rows(view), self.placed(view)
        matrix[:, 2] += (matrix[0, 0] - 1) / 2
        if rows:
            frame[:rows] = cv2.warpAffine(
                self.plate,
                matrix,
                (view.width, rows),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
        self._twinkle(frame, view, clock)
        for cloud in self.clouds:
            cloud.draw(frame, view, clock)

    def placed(self, view: View) -> NDArray[np.floating]:
        """The 2x3 matrix from the plate to the frame, pixel edges at whole numbers."""
        zoom = view.unit / self.scale * view.camera.focal / FOCAL
        return np.array(
            [
                [zoom, 0, view.centre + _shift(view) - self.origin[0] * zoom],
                [0, zoom, view.horizon - self.origin[1] * zoom],
            ]
        )

    def rows(self, view: View) -> int:
        """How many rows from the frame's top the sky fills."""
        if self.origin[1] < self.plate.shape[0] * 0.75:
            return view.height
        return min(view.height, max(0, math.ceil(view.horizon) + 3))

    def _twinkle(self, frame: Image, view: View, clock: Clock) -> None:
        """A few stars swell and fade; the others are part of the plate."""
        shift = _shift(view)
        reach = max(2, round(view.unit / 90))
        for u, v, phase in self.twinkles:
            x = round(view.centre + shift + float(u) * view.unit)
            y = round(view.horizon - float(v) * view.unit)
            strength = max(0.0, clock.wave(0.35, float(phase)))
            if (
                strength > 0
                and reach <= x < view.width - reach
                and reach <= y < view.height - reach
            ):
                spot = frame[y - reach : y + reach, x - reach : x + reach]
                spot[...] = cv2.add(spot, cv2.multiply(_twinkle(reach), (strength,) * 3 + (0.0,)))


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """One cloud, coloured: place across (turns of a band), height, width in shorter sides."""

    image: Image
    across: float
    up: float
    width: float
    speed: float
    band: float

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Lay the cloud over the sky; it drifts to the right and comes round again."""
        warp_over(frame, self.image, self.placed(view, clock))

    def placed(self, view: View, clock: Clock) -> NDArray[np.floating]:
        """The 2x3 matrix from the cloud's picture to the frame."""
        turn = clock.drift(self.speed, self.across) % 1.0
        zoom = view.camera.focal / FOCAL
        u = (turn - 0.5) * self.band * zoom - PARALLAX * 1.5 * view.camera.x
        size = self.width * zoom * view.unit / self.image.shape[1]
        x = view.centre + u * view.unit - size * self.image.shape[1] / 2
        y = view.horizon - self.up * zoom * view.unit - size * self.image.shape[0] / 2
        return np.array([[size, 0, x], [0, size, y]])


def _shift(view: View) -> float:
    """Pixels that the sky moves because the camera has trucked."""
    return -PARALLAX * view.camera.x * view.unit


def paint_sky(
    light: Light, weather: str, size: tuple[int, int], seed: int, *, whole: bool, clouds: bool
) -> Sky:
    """Paint the plate for a frame of (width, height).

    Args:
        light: Colours of sky and sun.
        weather: Its clouds, or a rainbow.
        size: Of the frame in pixels.
        seed: Of stars and clouds.
        whole: True where no ground hides the lower half (outer space).
        clouds: Whether there are clouds at all (not under water, nor where there is no air).
    """
    rng = np.random.default_rng([seed, 11])
    unit = min(size)
    scale = unit / 2 if unit >= 240 else float(unit)
    wide, tall = size[0] / unit, size[1] / unit
    above = tall / 2 + TOP_MARGIN
    below = tall / 2 + TOP_MARGIN if whole else 0.06
    columns = round((wide + 2 * SIDE_MARGIN) * scale)
    rows = round((above + below) * scale)
    origin = (columns / 2, above * scale)
    up = ((origin[1] - np.arange(rows, dtype=np.float32) - 0.5) / scale)[:, None]
    u = ((np.arange(columns, dtype=np.float32) + 0.5 - origin[0]) / scale)[None, :]
    reach = 0.47 * tall
    picture = np.repeat(_gradient(light, 1.0 - up / reach)[:, None, :], columns, 1)
    if not light.sun_shows and light.stars > 0:
        picture += _nebula(picture.shape[:2], scale, 0.75 if whole else 0.35)
    if light.stars > 0:
        _scatter_stars(
            picture, rng, light.stars, above if not whole else above + below, scale, whole
        )
    if light.sun_shows:
        sun_u = light.side * (0.27 if wide <= 1.2 else 0.36)
        _paint_sun(picture, u - sun_u, up - (0.78 * reach * light.elevation + 0.015), light)
    if weather == "rainbow":
        _paint_rainbow(picture, u, up)
    plate = cv2.GaussianBlur(to_bytes(picture), (0, 0), max(0.4, 0.0022 * scale))
    drifting = _clouds(light, weather, rng, size) if clouds else ()
    count = 22 if light.stars > 0.3 else 0
    twinkles = np.column_stack(
        (
            rng.uniform(-wide / 2, wide / 2, count),
            rng.uniform(0.12, above, count),
            rng.random(count),
        )
    ).astype(np.float32)
    return Sky(plate, scale, origin, drifting, twinkles)


def _gradient(light: Light, down: NDArray[np.floating]) -> NDArray[np.floating]:
    """Colours (rows, 3) from the zenith (down = 0) to the horizon (down = 1)."""
    down = np.clip(down, 0.0, 1.0)
    upper = light.zenith + (light.middle - light.zenith) * smoothstep(0.0, 0.62, down)
    lower = light.middle + (light.horizon - light.middle) * smoothstep(0.62, 1.0, down)
    return np.where(down < 0.62, upper, lower).astype(np.float32)


def _nebula(shape: tuple[int, int], scale: float, strength: float) -> NDArray[np.floating]:
    """Violet and blue veils of outer space."""
    small = (round(shape[0] * 110 / scale) + 1, round(shape[1] * 110 / scale) + 1)
    veil = smoothstep(0.1, 1.7, spread(SOFT, small) * 0.7 + spread(CLOUDY, small) * 0.45)
    hue = smoothstep(-1.0, 1.0, np.roll(spread(SOFT, small), 99, 1))
    colour = (
        lerp_map(rgb(120, 40, 170), rgb(20, 110, 190), hue) * veil[..., None] * np.float32(strength)
    )
    return cv2.resize(colour, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def _scatter_stars(
    picture: NDArray[np.floating],
    rng: np.random.Generator,
    strength: float,
    reach: float,
    scale: float,
    whole: bool,
) -> None:
    """Stars of many brightnesses, fading towards the horizon."""
    rows, columns = picture.shape[:2]
    for x, y, b in rng.random((int(150 * columns / scale * (1.6 if whole else 1.0)), 3)):
        bright = strength * (0.25 + 0.9 * b * b)
        if not whole:
            bright *= 1 - 0.9 * y**3
        px, py = x * (columns - 2), y * min(rows - 2, reach * scale)
        i, j = int(py), int(px)
        fy, fx = py - i, px - j
        spot = np.array(
            [[(1 - fy) * (1 - fx), (1 - fy) * fx], [fy * (1 - fx), fy * fx]], np.float32
        )
        picture[i : i + 2, j : j + 2] += spot[..., None] * np.float32(bright)


def _paint_sun(
    picture: NDArray[np.floating], du: NDArray[np.floating], dv: NDArray[np.floating], light: Light
) -> None:
    """Glow and disc; by night the disc is a moon with seas."""
    distance = np.hypot(du, dv)
    moon = light.night > 0.5
    glow = np.exp(-distance / 0.18) * (0.28 if moon else 0.5) + np.exp(-distance / 0.055) * 0.35
    picture += (light.sun - picture) * np.clip(glow, 0, 1)[..., None]
    radius = 0.052 if moon else 0.058
    edge = np.clip((radius - distance) * picture.shape[0] + 0.5, 0, 1)[..., None]
    if moon:
        seas = np.abs(spread(BLOTCH, (picture.shape[0], picture.shape[1])))[..., None] * np.float32(
            0.055
        )
        disc = rgb(250, 244, 220) * (1 - seas)
    else:
        disc = np.broadcast_to(np.clip(light.sun * 1.08, 0, 1), picture.shape)
    picture += (disc - picture) * edge * np.float32(0.96)


def _paint_rainbow(
    picture: NDArray[np.floating], u: NDArray[np.floating], up: NDArray[np.floating]
) -> None:
    """Six soft bands, violet inside, red outside."""
    ring = (np.hypot(u, up + 0.08) - 0.41) / 0.0625
    for i, band in enumerate(_RAINBOW):
        weight = np.exp(-(((ring * 6 - i) / 0.9) ** 2)) * 0.45
        picture += (rgb(*band) - picture) * weight[..., None]


def _clouds(
    light: Light, weather: str, rng: np.random.Generator, size: tuple[int, int]
) -> tuple[Cloud, ...]:
    """Clouds coloured by the light; more and darker in bad weather."""
    count = {"clear": 4, "overcast": 12, "rain": 11, "storm": 12, "snow": 9, "fog": 5}.get(
        weather, 5
    )
    wide, tall = size[0] / min(size), size[1] / min(size)
    count = round(count * max(1.0, wide * 0.8))
    white = np.ones(3, np.float32)
    bright = lerp(white, light.horizon, 0.25 + 0.35 * light.night) * np.float32(
        1 - 0.58 * light.night
    )
    shade = lerp(light.middle, light.zenith, 0.3) * np.float32(0.98 - 0.18 * light.night)
    if weather in ("rain", "storm", "overcast"):
        bright, shade = light.horizon * np.float32(1.12), light.zenith * np.float32(0.92)
    clouds = []
    for _ in range(count):
        height = rng.uniform(0.05, 0.9)
        width = 0.46 * rng.uniform(0.5, 1.3) * (1 - 0.45 * (1 - height)) * (0.75 + 0.25 * tall)
        shape = puff(int(rng.integers(6)))
        if rng.random() < 0.5:
            shape = shape[:, ::-1]
        pixels = max(24, round(width * min(size) / (2 if min(size) >= 240 else 1)))
        image = coloured(shape, shade, bright, 0.93, pixels)
        clouds.append(
            Cloud(
                image,
                rng.random(),
                (0.10 + 0.36 * height) * tall,
                width,
                0.009 * rng.uniform(0.6, 1.2),
                wide + 1.2,
            )
        )
    return tuple(sorted(clouds, key=lambda cloud: cloud.up, reverse=True))


def coloured(
    shape: NDArray[np.floating], shade: Colour, bright: Colour, opacity: float, width: int
) -> Image:
    """A puff (light, coverage) of that pixel width as premultiplied RGBA bytes."""
    height = max(2, round(width * shape.shape[0] / shape.shape[1]))
    small = cv2.resize(np.ascontiguousarray(shape), (width, height), interpolation=cv2.INTER_AREA)
    cover = small[..., 1:] * np.float32(opacity)
    colour = np.clip(lerp_map(shade, bright, small[..., 0]), 0, 1)
    return (np.dstack((colour * cover, cover)) * 255 + 0.5).astype(np.uint8)


@cache
def _twinkle(reach: int) -> Image:
    """A star with four short rays, (2 reach, 2 reach, 3) bytes."""
    y, x = (np.mgrid[-reach:reach, -reach:reach] + 0.5) / reach
    rays = 0.35 * np.exp(-np.abs(x * y) * 34 - 3.2 * np.hypot(x, y))
    glow = np.clip(1.05 * np.exp(-(x * x + y * y) * 11) + rays - 0.01, 0, 1)
    return (glow[..., None] * np.array((205, 214, 235))).astype(np.uint8)


@cache
def puff(kind: int) -> NDArray[np.floating]:
    """One of six cloud shapes: (120, 270, 2) float32, light from above and coverage."""
    rng = np.random.default_rng([kind, 10])
    rows, columns, floor = 120, 270, 98.0
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    count = int(rng.integers(5, 9))
    centres = np.linspace(65, 205, count) + rng.normal(0, 6, count)
    swell = np.sin(np.linspace(0.35, 2.8, count))
    height = np.full((rows, columns), -1.0, np.float32)
    for centre, s in zip(centres, swell, strict=True):
        radius = 18 + 26 * s * rng.uniform(0.75, 1.1)
        inside = radius * radius - (x - centre) ** 2 - (y - (96 - radius * 0.75)) ** 2
        height = np.maximum(height, np.sqrt(np.maximum(inside, 0)) - (inside <= 0))
    cover = ((height > 0) & (y < floor)).astype(np.float32)
    cover = cv2.GaussianBlur(cover, (0, 0), 2.2) * np.clip((floor + 6 - y) / 10, 0, 1)
    slope = np.gradient(cv2.GaussianBlur(np.maximum(height, 0), (0, 0), 3), axis=0)
    lit = cv2.GaussianBlur(np.clip(0.55 + slope * 0.28, 0, 1).astype(np.float32), (0, 0), 2)
    lit = lit * 0.75 + 0.25 * np.clip(1 - (y - 10) / 95, 0, 1)
    return np.dstack((lit, cover)).astype(np.float32)


def smoothstep(low: float, high: float, x: NDArray[np.floating]) -> NDArray[np.floating]:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def lerp_map(a: Colour, b: Colour, weight: NDArray[np.floating]) -> NDArray[np.floating]:
    """Colours or a picture (..., 3) moved from ``a`` towards ``b`` by a map of weights (...)."""
    return a + (b - a) * weight[..., None]

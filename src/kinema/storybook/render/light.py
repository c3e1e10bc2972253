"""Light: what time of day, weather and place do to every colour of the picture.

Colours are float32 RGB in [0, 1]. A `Light` is a plain value, so that a blend of two shots can ask
for both and mix the pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.catalogue import Setting

Colour = NDArray[np.floating]

DRY = ("clear", "wind", "petals", "confetti", "fireflies", "rainbow")
"""Weathers under which the sun shines and throws hard shadows."""


def rgb(red: int, green: int, blue: int) -> Colour:
    """A colour from 0-255 values."""
    return np.array((red, green, blue), np.float32) / np.float32(255)


def lerp(a: Colour, b: Colour, weight: float) -> Colour:
    """The colour at ``weight`` on the way from ``a`` to ``b``."""
    return a + (b - a) * np.float32(weight)


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """The light of a scene.

    zenith, middle, horizon: the sky from top to bottom. sun: colour of sun or moon; elevation: its
    height in the sky, 0 to 1; side: -1 left, 1 right. ambient: multiplies every surface. stars: how
    bright they are. night: 0 by day to 0.6 in the night. haze: colour of distance; haze_near and
    haze_depth: metres at which it begins and in which it grows by a factor of e; haze_most: its
    ceiling; fog: 1 in fog. shadow: strength of cast shadows. sun_shows: whether the disc is seen.
    """

    zenith: Colour
    middle: Colour
    horizon: Colour
    sun: Colour
    elevation: float
    ambient: Colour
    stars: float
    night: float
    side: int = 1
    haze: Colour = None  # type: ignore[assignment]
    haze_near: float = 6.0
    haze_depth: float = 70.0
    haze_most: float = 0.9
    fog: float = 0.0
    shadow: float = 0.42
    sun_shows: bool = True
    indoor: bool = False

    @property
    def darkness(self) -> float:
        """0 by day to 1 in the deepest night."""
        return min(self.night / 0.6, 1.0)

    @property
    def cast_shadow(self) -> float:
        """Strength of the shadows that things throw, 0 to 1: weaker by moonlight."""
        return self.shadow * (1 - 0.45 * self.darkness)

    @property
    def surface(self) -> Colour:
        """What the light makes of a white thing standing in the scene."""
        if self.indoor:
            return lerp(np.ones(3, np.float32), self.ambient, 0.5) * np.float32(
                1 - 0.16 * self.night
            )
        return self.ambient * np.float32(1 - 0.24 * self.night)

    @property
    def ground(self) -> Colour:
        """What the light makes of the ground, at night a little darker than standing things."""
        if self.indoor:
            return lerp(np.ones(3, np.float32), self.ambient, 0.5) * np.float32(
                1 - 0.22 * self.night
            )
        return self.ambient * np.float32(1 - 0.36 * self.night)

    @property
    def towards_sun(self) -> tuple[float, float, float]:
        """Direction to the sun (x, y, z), which stands behind the scene: shadows fall to us."""
        x = self.side * (1.0 - 0.65 * self.elevation)
        return x, 0.45 + 1.05 * self.elevation, 0.75

    def haze_at(self, depth: NDArray[np.floating] | float) -> NDArray[np.floating]:
        """Share of haze, 0 to 1, at distances from the camera in metres."""
        beyond = np.maximum(np.asarray(depth, np.float32) - self.haze_near, 0.0)
        return (1.0 - np.exp(-beyond / self.haze_depth)) * np.float32(self.haze_most)


_TIMES = {
    "morning": Light(
        rgb(96, 172, 240), rgb(164, 214, 252), rgb(255, 238, 212), rgb(255, 242, 205),
        0.55, rgb(255, 250, 240), 0.0, 0.0,
    ),
    "noon": Light(
        rgb(58, 146, 240), rgb(120, 194, 252), rgb(214, 240, 255), rgb(255, 250, 225),
        0.95, rgb(255, 255, 252), 0.0, 0.0,
    ),
    "golden_hour": Light(
        rgb(120, 160, 220), rgb(250, 206, 150), rgb(255, 226, 160), rgb(255, 226, 150),
        0.34, rgb(255, 232, 200), 0.0, 0.05,
    ),
    "sunset": Light(
        rgb(86, 80, 164), rgb(238, 124, 112), rgb(255, 206, 120), rgb(255, 190, 110),
        0.20, rgb(255, 206, 178), 0.05, 0.15,
    ),
    "dusk": Light(
        rgb(52, 52, 132), rgb(150, 104, 184), rgb(255, 170, 160), rgb(255, 160, 140),
        0.05, rgb(222, 196, 226), 0.4, 0.3,
    ),
    "night": Light(
        rgb(16, 22, 72), rgb(40, 56, 130), rgb(104, 116, 190), rgb(235, 240, 255),
        0.8, rgb(158, 172, 232), 1.0, 0.58,
    ),
}  # fmt: skip

# How far each weather pulls the sky to grey, and how much light it takes.
_GREY = {
    "rain": (0.5, 0.88), "storm": (0.75, 0.62), "fog": (0.65, 0.96),
    "overcast": (0.5, 0.9), "snow": (0.35, 0.97),
}  # fmt: skip


def light_of(setting: Setting, time: str, weather: str, side: int) -> Light:
    """The light of a place, time and weather; ``side`` is where the sun stands (-1, 1)."""
    light = replace(_TIMES[time], side=side, indoor=setting.wall is not None)
    if weather in _GREY:
        light = _overcast(light, weather)
    if setting.medium == "space" or setting.fixed_light:
        light = replace(
            light, zenith=rgb(6, 8, 24), middle=rgb(12, 14, 40), horizon=rgb(24, 24, 64), stars=1.0,
            ambient=rgb(250, 250, 255), night=0.0, elevation=0.6, sun_shows=False, haze_most=0.35,
        )  # fmt: skip
    if setting.name == "candy_land" and time in ("noon", "morning"):
        light = replace(
            light, zenith=rgb(130, 190, 255), middle=rgb(214, 190, 255), horizon=rgb(255, 220, 236)
        )
    light = replace(light, haze=lerp(light.horizon, light.middle, 0.25))
    if setting.medium == "underwater":
        light = _drowned(light)
    if weather == "fog" and setting.wall is None:
        light = replace(light, haze_near=4.0, haze_depth=13.0, haze_most=0.97, fog=1.0)
    if light.indoor:
        light = replace(light, haze_most=0.0, shadow=0.0)
    return light


def _overcast(light: Light, weather: str) -> Light:
    """Pull the sky towards a cool grey, flatten the light and soften shadows."""
    pull, dim = _GREY[weather]

    def grey(colour: Colour) -> Colour:
        mean = float(colour.mean())
        target = lerp(np.full(3, mean, np.float32), rgb(150, 160, 180) * max(0.25, mean * 1.2), 0.5)
        return lerp(colour, target, pull) * np.float32(dim)

    mean = np.full(3, light.ambient.mean(), np.float32)
    return replace(
        light,
        zenith=grey(light.zenith), middle=grey(light.middle), horizon=grey(light.horizon),
        ambient=lerp(light.ambient, mean, 0.4) * np.float32(1 - (1 - dim) * 0.35),
        stars=0.0, shadow=0.14, sun_shows=False,
    )  # fmt: skip


def _drowned(light: Light) -> Light:
    """Light under water: blue from above, thick haze, no hard shadows."""
    depth = np.float32(1 - 0.55 * min(light.night / 0.58, 1.0))
    return replace(
        light,
        zenith=rgb(40, 170, 220) * depth, middle=rgb(24, 128, 196) * depth,
        horizon=rgb(20, 96, 170) * depth, haze=rgb(24, 108, 178) * depth,
        ambient=lerp(rgb(200, 232, 250), rgb(120, 160, 220), light.night),
        stars=0.0, sun_shows=False, shadow=0.0, haze_near=4.0, haze_depth=12.0, haze_most=0.85,
    )  # fmt: skip


def sun_strength(weather: str) -> float:
    """How strongly the sun rims figures, 0 to 1."""
    return 0.55 if weather in DRY else 0.2

"""Weather in front of the lens: rain, snow, leaves, petals, fireflies, confetti, bubbles.

Particles are functions of the clock alone, so that any frame can be drawn by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.clock import Clock
from kinema.storybook.figures import prop
from kinema.storybook.render.cards import tinted
from kinema.storybook.render.light import Light, rgb
from kinema.storybook.render.paint import Image, brighten, warp_over

_SHIFT = 4
_FIXED = 1 << _SHIFT
_COUNTS = {
    "rain": 130, "storm": 180, "snow": 120, "petals": 30, "wind": 24, "fireflies": 30,
    "confetti": 80, "bubbles": 26,
}  # fmt: skip
_CONFETTI = (
    (255, 89, 102),
    (255, 204, 51),
    (77, 204, 128),
    (77, 153, 255),
    (204, 102, 255),
    (255, 153, 51),
)


@dataclass(frozen=True, slots=True, eq=False)
class Particles:
    """Where each particle starts (0 to 1 across, down), its nearness (0.35 to 1), its phase."""

    x: NDArray[np.floating]
    y: NDArray[np.floating]
    near: NDArray[np.floating]
    phase: NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """The weather of a scene, ready to draw."""

    kind: str
    particles: Particles
    light: Light

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Draw it over the finished picture."""
        _PAINTERS[self.kind](frame, view, clock, self)


def make_weather(kind: str, light: Light, size: tuple[int, int], seed: int) -> Weather | None:
    """The particles of a weather ("bubbles" under water); None where it has none."""
    if kind not in _COUNTS:
        return None
    rng = np.random.default_rng([seed, 53])
    count = round(_COUNTS[kind] * size[0] * size[1] / min(size) ** 2)
    drawn = rng.random((4, count))
    return Weather(kind, Particles(drawn[0], drawn[1], 0.35 + 0.65 * drawn[2], drawn[3]), light)


def _turns(
    clock: Clock, rate: NDArray[np.floating], phase: NDArray[np.floating]
) -> NDArray[np.floating]:
    """`Clock.turns` for many rhythms at once."""
    if clock.loop is None:
        return phase + rate * clock.t
    whole = np.maximum(1, np.round(np.abs(rate) * clock.loop)) * np.sign(rate)
    return phase + whole * clock.t / clock.loop


def _fall(
    clock: Clock, particles: Particles, down: float, across: float
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Positions (0 to 1 with a margin) of what falls: nearer ones faster."""
    y = _turns(clock, down * particles.near / 1.12, particles.y) % 1.0
    x = _turns(clock, across * particles.near / 1.12, particles.x) % 1.0 if across else particles.x
    return x * 1.12 - 0.06, y * 1.12 - 0.06


def _rain(frame: Image, view: View, clock: Clock, weather: Weather) -> None:
    slant, speed = (0.10, 1.7) if weather.kind == "rain" else (0.28, 2.1)
    x, y = _fall(clock, weather.particles, speed, slant)
    layer = np.zeros(frame.shape[:2], np.uint8)
    length = 0.058 * view.unit * weather.particles.near
    ends = np.stack(
        (
            x * view.width,
            y * view.height,
            x * view.width - slant * length,
            y * view.height - length,
        ),
        1,
    )
    thickness = max(1, round(view.unit / 300))
    for (x0, y0, x1, y1), near in zip(
        (ends * _FIXED).astype(int).tolist(), weather.particles.near, strict=True
    ):
        cv2.line(layer, (x0, y0), (x1, y1), int(135 * near), thickness, cv2.LINE_AA, _SHIFT)
    brighten(frame, layer, rgb(225, 235, 255) * np.float32(1 - 0.35 * weather.light.night))


def _snow(frame: Image, view: View, clock: Clock, weather: Weather) -> None:
    particles = weather.particles
    x, y = _fall(clock, particles, 0.24, 0.05)
    x = x + 0.02 * np.sin(math.tau * _turns(clock, np.full_like(x, 0.25), particles.phase))
    layer = np.zeros(frame.shape[:2], np.uint8)
    radius = (0.0028 + 0.0085 * particles.near**2) * view.unit
    points = np.stack((x * view.width, y * view.height, radius), 1) * _FIXED
    for (px, py, r), near in zip(points.astype(int).tolist(), particles.near, strict=True):
        cv2.circle(
            layer, (px, py), max(r, _FIXED // 2), int(140 + 100 * near), -1, cv2.LINE_AA, _SHIFT
        )
    brighten(
        frame,
        cv2.blur(layer, (3, 3)),
        rgb(255, 255, 255) * np.float32(1 - 0.25 * weather.light.night),
    )


def _leaves(frame: Image, view: View, clock: Clock, weather: Weather) -> None:
    petals = weather.kind == "petals"
    names = ("cherry-blossom",) if petals else ("maple-leaf", "fallen-leaf")
    particles = weather.particles
    x, y = _fall(clock, particles, 0.13 if petals else 0.10, 0.07 if petals else 0.30)
    y = y + 0.02 * np.sin(math.tau * _turns(clock, np.full_like(y, 0.3), particles.phase))
    roll = math.tau * _turns(clock, 0.22 + 0.16 * particles.near, particles.phase)
    turn = np.cos(math.tau * _turns(clock, np.full_like(y, 0.35), particles.phase))
    for i in range(x.size):
        size = (0.018 + 0.03 * particles.near[i]) * view.unit
        cutout = prop(names[i % len(names)], size)
        image = tinted(cutout.image, weather.light, 0.0)
        scale = size / image.shape[0]
        c, s = math.cos(roll[i]) * scale, math.sin(roll[i]) * scale
        narrow = 0.25 + 0.75 * abs(turn[i])
        matrix = np.array(
            [[c * narrow, -s, x[i] * view.width], [s * narrow, c, y[i] * view.height]]
        )
        matrix[:, 2] -= matrix[:, :2] @ (image.shape[1] / 2, image.shape[0] / 2)
        warp_over(frame, image, matrix)


def _fireflies(frame: Image, view: View, clock: Clock, weather: Weather) -> None:
    particles = weather.particles
    x = particles.x + 0.03 * np.sin(
        math.tau * _turns(clock, np.full_like(particles.x, 0.14), particles.phase)
    )
    y = (
        0.35
        + 0.6 * particles.y
        + 0.02 * np.cos(math.tau * _turns(clock, np.full_like(x, 0.2), particles.phase * 2))
    )
    glow = np.maximum(
        0, np.sin(math.tau * _turns(clock, np.full_like(x, 0.35), particles.phase * 3))
    )
    reach = max(4, round(0.036 * view.unit))
    for px, py, near, strength in zip(
        x * view.width, y * view.height, particles.near, glow, strict=True
    ):
        column, row = int(px), int(py)
        if strength < 0.05 or not (
            reach <= column < view.width - reach and reach <= row < view.height - reach
        ):
            continue
        spot = frame[row - reach : row + reach, column - reach : column + reach]
        brighten(spot, _spark(reach, float(near), float(strength)), rgb(255, 238, 140))


def _spark(reach: int, near: float, strength: float) -> Image:
    """A point of light in a soft halo, (2 reach, 2 reach) bytes."""
    y, x = (np.mgrid[-reach:reach, -reach:reach] + 0.5) / reach
    far = x * x + y * y
    light = np.exp(-far / (0.028 * near)) + 0.30 * np.exp(-far / 0.20)
    return np.clip(light * strength * 255, 0, 255).astype(np.uint8)


def _confetti(frame: Image, view: View, clock: Clock, weather: Weather) -> None:
    particles = weather.particles
    x, y = _fall(clock, particles, 0.2, 0.0)
    x = x + 0.02 * np.sin(math.tau * _turns(clock, np.full_like(x, 0.45), particles.phase))
    angle = math.tau * _turns(clock, np.full_like(x, 0.6), particles.phase)
    shade = weather.light.surface
    for i in range(x.size):
        wide = (0.0088 * particles.near[i] * abs(math.cos(angle[i] * 1.0)) + 0.002) * view.unit
        tall = 0.0102 * particles.near[i] * view.unit
        c, s = math.cos(angle[i]), math.sin(angle[i])
        corners = np.array([[-wide, -tall], [wide, -tall], [wide, tall], [-wide, tall]]) @ np.array(
            [[c, s], [-s, c]]
        )
        middle = np.array((x[i] * view.width, y[i] * view.height))
        points = ((corners + middle) * _FIXED).astype(np.int32)
        colour = [float(v) for v in np.array(_CONFETTI[i % 6]) * shade]
        cv2.fillConvexPoly(frame, points, colour, cv2.LINE_AA, _SHIFT)


def _bubbles(frame: Image, view: View, clock: Clock, weather: Weather) -> None:
    particles = weather.particles
    y = 1 - _turns(clock, 0.08 + 0.1 * particles.near, particles.y) % 1.0 * 1.1 + 0.05
    x = particles.x + 0.015 * np.sin(
        math.tau * _turns(clock, np.full_like(y, 0.32), particles.phase)
    )
    radius = (0.003 + 0.009 * particles.near**2) * view.unit
    layer = np.zeros(frame.shape[:2], np.uint8)
    thin = max(1, round(view.unit / 400))
    for px, py, r in (
        (np.stack((x * view.width, y * view.height, radius), 1) * _FIXED).astype(int).tolist()
    ):
        cv2.circle(layer, (px, py), r, 150, thin, cv2.LINE_AA, _SHIFT)
        cv2.circle(
            layer,
            (px - r // 3, py - r // 3),
            max(_FIXED // 2, r // 4),
            235,
            -1,
            cv2.LINE_AA,
            _SHIFT,
        )
    brighten(frame, layer, rgb(225, 246, 255))


def draw_rays(frame: Image, view: View, clock: Clock, light: Light) -> None:
    """Shafts of light that fall through the water's surface."""
    columns, rows = max(16, view.width // 8), max(16, view.height // 8)
    x = np.arange(columns, dtype=np.float32)[None] / columns * view.width / view.unit
    y = np.arange(rows, dtype=np.float32)[:, None] / rows
    slant = x + y * 0.45
    beams = np.sin(slant * 9 + math.tau * clock.turns(0.10)) + np.sin(
        slant * 15.7 - math.tau * clock.turns(0.07) + 1
    )
    glow = (
        np.clip(beams - 0.4, 0, 2)
        * np.clip(1 - y * 1.15, 0, 1)
        * np.float32(34 * (1 - light.night))
    )
    glow = cv2.resize(
        glow.astype(np.uint8), (view.width, view.height), interpolation=cv2.INTER_LINEAR
    )
    brighten(frame, glow, rgb(200, 250, 255))


_PAINTERS: dict[str, Callable[[Image, View, Clock, Weather], None]] = {
    "rain": _rain,
    "storm": _rain,
    "snow": _snow,
    "petals": _leaves,
    "wind": _leaves,
    "fireflies": _fireflies,
    "confetti": _confetti,
    "bubbles": _bubbles,
}

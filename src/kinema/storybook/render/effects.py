"""What feet, wheels and bodies do to the ground: dust, snow puffs, footprints, rings on water.

All follow from the exact times of contacts, so they belong to the moment they are drawn at, not to
the frames before it: any frame can be drawn alone, and a loop closes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import cv2
import numpy as np

from kinema.storybook.camera import View
from kinema.storybook.catalogue import catalogue
from kinema.storybook.chance import chance
from kinema.storybook.clock import Clock
from kinema.storybook.contacts import contacts
from kinema.storybook.motion import pose
from kinema.storybook.render.cards import CONTACT_BLOB, shade_of
from kinema.storybook.render.light import Colour, Light, lerp, rgb
from kinema.storybook.render.paint import Image, brighten, darken, warp_over, warped
from kinema.storybook.scene import Actor, Scene

DUST_SECONDS = 0.9
PRINT_SECONDS = 5.0
RING_SECONDS = 1.9
DROP_SECONDS = 0.75

_DUSTY = {"sand": 1.0, "snow": 1.0, "moon": 1.0, "grass": 0.55, "pitch": 0.45}
"""How much of it each ground gives off."""
_DROPS = 11
"""Drops of one splash."""
_SOFT = ("sand", "snow", "moon")
"""Grounds that keep footprints."""
_ROLL = Fraction(1, 6)
"""Seconds between the puffs that rolling wheels raise."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact, where it was: scene time, metres, speed in metres a second.

    ``ahead`` has the sign of its way; ``die`` is a number from 0 to 1 of its own.
    """

    actor: str
    kind: str
    at: float
    x: float
    z: float
    height: float
    speed: float
    ahead: float
    die: float


@dataclass(frozen=True, slots=True)
class Traces:
    """What is to be seen of contacts at one moment: each with its age in seconds."""

    prints: tuple[tuple[Touch, float], ...]
    rings: tuple[tuple[Touch, float], ...]
    drops: tuple[tuple[Touch, float], ...]
    puffs: tuple[tuple[Touch, float], ...]
    ground: str
    colour: Colour


def traces_at(scene: Scene, clock: Clock) -> Traces | None:
    """The traces of all actors; None on ground that shows none."""
    setting = catalogue().settings[scene.setting]
    ground = setting.ground or ""
    if ground not in (*_DUSTY, "water", "road"):
        return None
    longest = RING_SECONDS if ground == "water" else DUST_SECONDS
    if ground in _SOFT:
        longest = PRINT_SECONDS
    recent = [
        (touch, clock.t - touch.at)
        for second in range(math.floor(clock.t - longest), math.floor(clock.t) + 1)
        for touch in _touches(scene, second)
        if 0.0 <= clock.t - touch.at < longest
    ]
    met = ("splash", "landing") if ground == "water" else ("splash",)
    return Traces(
        prints=tuple(t for t in recent if ground in _SOFT and t[0].kind in ("step", "landing")),
        rings=tuple(t for t in recent if t[0].kind in met and t[1] < RING_SECONDS),
        drops=tuple(
            t
            for t in recent
            if ground == "water" and t[0].kind == "landing" and t[1] < DROP_SECONDS
        ),
        puffs=tuple(t for t in recent if t[1] < DUST_SECONDS and _raises_dust(t[0])),
        ground=ground,
        colour=rgb(*setting.ground_colours[0]),
    )


def _raises_dust(touch: Touch) -> bool:
    fast = {"step": 1.5, "wheel": 0.5}.get(touch.kind, math.inf)
    return touch.kind == "landing" or touch.speed > fast


@lru_cache(maxsize=512)
def _touches(scene: Scene, second: int) -> tuple[Touch, ...]:
    """Contacts in one second of a scene's clock, and where they were."""
    actors = {actor.id: actor for actor in scene.actors}
    found = [
        _touch(scene, actors[contact.actor], contact.kind, second + contact.at)
        for contact in contacts(scene, Fraction(second), Fraction(1))
        if contact.kind in ("step", "landing", "splash") and contact.actor in actors
    ]
    for actor in scene.actors:
        if catalogue().subjects[actor.subject].gait == "wheels":
            found += _rolling(scene, actor, second)
    # Where two laps of a loop meet, the end of one is the beginning of the next.
    return tuple(dict.fromkeys(found))


def _rolling(scene: Scene, actor: Actor, second: int) -> Iterator[Touch]:
    """Wheels touch all the time: moments at even steps, where the last wheel is."""
    step = _ROLL
    if scene.loop is not None:
        step = scene.loop / max(1, round(scene.loop / _ROLL))
    for index in range(math.ceil(second / step), math.ceil((second + 1) / step)):
        touch = _touch(scene, actor, "wheel", index * step)
        yield replace(touch, x=touch.x - math.copysign(0.45 * touch.height, touch.ahead))


def _touch(scene: Scene, actor: Actor, kind: str, at: Fraction) -> Touch:
    loop = None if scene.loop is None else float(scene.loop)
    before, here = (pose(scene, actor, Clock(float(at) - b, loop)) for b in (0.04, 0.0))
    # In a loop, the same contact in every lap throws the same die.
    lap = at if scene.loop is None else at % scene.loop
    die = chance(scene.seed, actor.id, f"{float(lap):.3f}")
    ahead = here.x - before.x
    speed = math.hypot(ahead, here.z - before.z) / 0.04
    return Touch(actor.id, kind, float(at), here.x, here.z, here.height, speed, ahead, die)


def draw_prints(frame: Image, view: View, traces: Traces, light: Light) -> None:
    """Footprints that fade, darker than the ground."""
    blob = CONTACT_BLOB
    side = blob.shape[0]
    for touch, age in traces.prints:
        depth = touch.z - view.camera.z
        if depth < 1.2:
            continue
        fade = min(1.0, age / 0.12) * min(1.0, (PRINT_SECONDS - age) / 2.0)
        z = touch.z + (0.055 if touch.die < 0.5 else -0.055) * touch.height
        u, v = view.project(touch.x, 0.0, z)
        wide = 0.085 * touch.height * view.scale(z)
        if touch.kind == "landing":
            wide *= 1.7
        # The spot covers a fifth of its picture.
        across = wide * 5 / side
        down = across * float(np.clip(view.camera.y / depth, 0.10, 0.6))
        matrix = np.array([[across, 0, u - across * side / 2], [0, down, v - down * side / 2]])
        laid = warped(blob, matrix, (view.width, view.height))
        if laid is not None and v > view.horizon + 1:
            (x0, y0, x1, y1), seen = laid
            darken(frame[y0:y1, x0:x1], seen, shade_of(light) * np.float32(0.5 * fade))


def draw_rings(frame: Image, view: View, traces: Traces, light: Light) -> None:
    """Rings that widen on the water where a swimmer's stroke or a bow met it."""
    for touch, age in traces.rings:
        share = age / RING_SECONDS
        u, v = view.project(touch.x, 0.0, touch.z)
        for delay in (0.0, 0.16):
            grown = share - delay
            if grown <= 0.0:
                continue
            wide = (0.30 + 0.85 * grown) * touch.height * view.scale(touch.z)
            strength = 105 * (1 - grown / (1 - delay)) ** 1.5 * min(1.0, grown / 0.1)
            _ring(frame, view, (u, v), wide, strength, light)


def _ring(
    frame: Image, view: View, at: tuple[float, float], wide: float, strength: float, light: Light
) -> None:
    tall = wide * 0.20
    pad = 3 + view.unit / 150
    x0, y0 = max(0, int(at[0] - wide - pad)), max(0, int(at[1] - tall - pad))
    x1 = min(view.width, int(at[0] + wide + pad) + 1)
    y1 = min(view.height, int(at[1] + tall + pad) + 1)
    if x1 - x0 < 3 or y1 - y0 < 3 or strength < 2:
        return
    layer = np.zeros((y1 - y0, x1 - x0), np.uint8)
    centre = (round((at[0] - x0) * 16), round((at[1] - y0) * 16))
    thick = max(1, round(view.unit / 240))
    cv2.ellipse(
        layer, centre, (round(wide * 16), round(tall * 16)), 0, 0, 360, round(strength), thick,
        cv2.LINE_AA, 4,
    )  # fmt: skip
    white = np.minimum(light.ambient * np.float32(1.02 - 0.4 * light.night), 1.0)
    brighten(frame[y0:y1, x0:x1], layer, white)


def draw_drops(frame: Image, view: View, traces: Traces, light: Light, actor: str) -> None:
    """Drops that fly up where somebody has just come down on the water, and fall back."""
    white = np.clip(light.ambient * np.float32(245 * (1 - 0.4 * light.night)), 0, 255)
    colour = tuple(float(value) for value in white)
    for touch, age in traces.drops:
        if touch.actor != actor or touch.z - view.camera.z < 1.0:
            continue
        for k in range(_DROPS):
            side = (k + 0.5) / _DROPS * 2 - 1 + 0.12 * math.sin(40 * touch.die + 7 * k)
            up = (2.1 - 1.1 * abs(side)) * (0.8 + 0.25 * math.sin(9 * touch.die + 5 * k))
            y = touch.height * 0.85 * (up * age - 2.9 * age * age)
            if y <= 0.0:
                continue
            x = touch.x + side * touch.height * (0.3 + 0.55 * age)
            u, v = view.project(x, y, touch.z)
            size = touch.height * (0.022 + 0.014 * (k % 3)) * view.scale(touch.z)
            if size > 0.4:
                centre = (round(u * 16), round(v * 16))
                cv2.circle(frame, centre, round(size * 16), colour, -1, cv2.LINE_AA, 4)


def draw_puffs(frame: Image, view: View, traces: Traces, light: Light, actor: str) -> None:
    """Dust and snow that an actor's feet and wheels have just raised."""
    amount = _DUSTY.get(traces.ground, 0.0)
    bright = lerp(traces.colour, np.ones(3, np.float32), 0.58)
    if traces.ground in ("grass", "pitch"):
        bright = rgb(214, 204, 160)
    colour = tuple(float(c) for c in np.clip(bright * light.surface, 0, 1))
    for touch, age in traces.puffs:
        if touch.actor != actor or touch.z - view.camera.z < 1.0:
            continue
        share = age / DUST_SECONDS
        force = 1.0 if touch.kind == "landing" else min(1.0, 0.35 + touch.speed / 4.5)
        if touch.kind == "wheel":
            force *= 0.6
        strength = amount * force * (1 - share) ** 1.25 * min(1.0, share / 0.06) * 0.95
        if strength < 0.02:
            continue
        for k in range(3):
            side = (k - 1) + 0.5 * (touch.die - 0.5)
            x = touch.x + side * (0.10 + 0.22 * share) * touch.height
            y = (0.05 + (0.14 + 0.10 * ((k * 5 + 2) % 3)) * share) * touch.height
            size = (0.20 + 0.30 * share) * touch.height * (0.8 + 0.2 * ((k + 1) % 3))
            u, v = view.project(x, y, touch.z)
            scale = size * view.scale(touch.z) / _PUFF
            half = scale * _PUFF / 2
            matrix = np.array([[scale, 0, u - half], [0, scale, v - half]])
            warp_over(frame, _cloud(colour, round(strength * 24)), matrix)


_PUFF = 32


@lru_cache(maxsize=128)
def _cloud(colour: tuple[float, float, float], strength: int) -> Image:
    """A soft ball of dust, premultiplied; ``strength`` in twenty-fourths."""
    y, x = (np.mgrid[0:_PUFF, 0:_PUFF].astype(np.float32) + 0.5 - _PUFF / 2) / (_PUFF / 2)
    cover = np.clip(1 - (x * x + y * y), 0, 1) ** 1.6 * np.float32(strength / 24)
    shade = 1.0 - 0.16 * np.clip(y + 0.2, 0, 1)
    layer = np.dstack((np.array(colour, np.float32) * (shade * cover)[..., None], cover))
    return (np.clip(layer, 0, 1) * 255 + 0.5).astype(np.uint8)


def rain_rings(frame: Image, view: View, clock: Clock, seed: int, light: Light) -> None:
    """Small rings where rain meets water or road."""
    rng = np.random.default_rng([seed, 71])
    count = round(26 * max(1.0, view.width / view.height))
    spots = rng.random((count, 3))
    for x, z, phase in spots.tolist():
        turns = clock.turns(1.25, phase)
        lap = math.floor(turns)
        if clock.loop is not None:
            lap %= max(1, round(1.25 * clock.loop))
        share = turns - math.floor(turns)
        # Each drop falls somewhere else.
        x, z = (x + 0.618 * lap) % 1.0, (z + 0.382 * lap) % 1.0
        depth = 3.2 + 12.0 * z * z
        across = view.camera.x + (2 * x - 1) * view.half_width_at(view.camera.z + depth)
        at = view.project(across, 0.0, view.camera.z + depth)
        wide = (0.05 + 0.16 * share) * view.scale(view.camera.z + depth)
        _ring(frame, view, at, wide, 130 * (1 - share) ** 1.3, light)

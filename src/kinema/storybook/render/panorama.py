"""Real places behind the same actors: what the live-action style puts in a world's stead.

A panorama is unrolled once onto a cylinder around the camera, so that it never ends sideways. What
is farther than the location's distance hangs there like a wall; what is nearer lies on the ground,
seen through the homography of the ground plane, mirrored where a long way leads out of the
photograph. At rest both are the photograph itself; when the camera moves, near ground moves faster
than the distance, as it should. The pictures are small, so
everything is a little out of focus; only the ground around the action gets crisp grain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import ACTION, EYE, FOCAL, View
from kinema.storybook.catalogue import Setting
from kinema.storybook.clock import Clock
from kinema.storybook.render.ground import Ground, Texture, first_row, paint_ground, plane_of
from kinema.storybook.render.lamps import DARK
from kinema.storybook.render.light import DRY, Colour, Light, lerp, light_of, rgb
from kinema.storybook.render.paint import Image
from kinema.storybook.render.photographs import Location, location, panoramas, picture_of
from kinema.storybook.render.sky import smoothstep

PLATE_SIDE = 256
"""Pixels a shorter side of an unrolled plate; the originals have fewer."""
MARGIN = 0.5
"""How far a plate reaches above and below the frame, in shorter sides."""
CARPET, NEAR, FAR, THREADS = 5.5, 1.6, 16.0, 24.0
"""Ground that is kept: metres to each side, nearest and farthest depth; pixels a metre."""
FEATHER = 0.04
"""Height of the soft seam between ground and distance, in shorter sides."""
CRISP = 2.4
"""Metres before and behind the action within which the ground is in focus."""

# What the light of an hour multiplies a picture by, against noon.
_HOURS = {
    "morning": (1.0, 0.98, 0.92), "noon": (1.0, 1.0, 1.0), "golden_hour": (1.06, 0.90, 0.66),
    "sunset": (0.98, 0.70, 0.58), "dusk": (0.56, 0.50, 0.74), "night": (0.24, 0.29, 0.50),
}  # fmt: skip

_LIVED_IN = ("castle_garden", "city_street", "harbour", "park", "village")
"""Places in which lights are seen far away at night."""
_LIGHTS = 260


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """An unrolled panorama: picture, pixels a shorter side, row of the horizon."""

    picture: Image
    scale: float
    horizon: float

    def seen(self, matrix: NDArray[np.floating], rows: tuple[int, int], width: int) -> Image:
        """Rows of a frame through a 3x3 matrix from frame to plate, pixel edges at whole numbers.

        The plate goes on sideways without end.
        """
        start = np.array([[1.0, 0, 0.5], [0, 1.0, rows[0] + 0.5], [0, 0, 1]])
        moved = matrix @ start
        moved[:2] -= 0.5 * moved[2]
        # Where the frame's middle falls is brought into the first lap.
        middle = moved @ (width / 2, rows[1] - rows[0], 1.0)
        laps = math.floor(middle[0] / middle[2] / self.picture.shape[1])
        moved[0] -= laps * self.picture.shape[1] * moved[2]
        return cv2.warpPerspective(
            self.picture,
            moved,
            (width, rows[1] - rows[0]),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_WRAP,
        )


@dataclass(frozen=True, slots=True, eq=False)
class PhotoWall:
    """What stands around: a plate at a distance in metres; ``whole`` where there is no ground."""

    plate: Plate
    distance: float
    whole: bool

    def draw(self, frame: Image, view: View) -> None:
        """Fill the frame above the line where the ground begins, with a soft seam."""
        rows = self.rows(view)
        if rows == 0:
            return
        matrix = np.linalg.inv(np.vstack((self.placed(view), (0.0, 0.0, 1.0))))
        picture = self.plate.seen(matrix, (0, rows), view.width)
        soft = min(rows, round(FEATHER * view.unit)) if rows < view.height else 0
        if soft > 1:
            share = np.linspace(1, 0, soft + 2, dtype=np.float32)[1:-1]
            weight = np.repeat(share[:, None], view.width, 1)
            below = frame[rows - soft : rows]
            picture[rows - soft :] = cv2.blendLinear(
                picture[rows - soft :], below, weight, 1 - weight
            )
        frame[:rows] = picture

    def placed(self, view: View) -> NDArray[np.floating]:
        """The 2x3 matrix from the plate to the frame, pixel edges at whole numbers."""
        u, v = view.project(0.0, EYE, self.distance)
        zoom = view.scale(self.distance) * self.distance / FOCAL / self.plate.scale
        return np.array([[zoom, 0, u], [0, zoom, v - self.plate.horizon * zoom]])

    def rows(self, view: View) -> int:
        """How many rows from the frame's top it fills."""
        if self.whole:
            return view.height
        return min(view.height, max(0, round(view.project(0.0, 0.0, self.distance)[1])))


@dataclass(frozen=True, slots=True, eq=False)
class PhotoGround:
    """A photographed ground as seen from above, mirrored at its sides, and its crisp grain."""

    carpet: Image
    grain: Texture
    strength: float

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Paint every row below the horizon."""
        del clock
        first = first_row(view)
        if first >= view.height - 1:
            return
        plane = plane_of(view)
        to_carpet = np.array(
            [[THREADS, 0.0, CARPET * THREADS], [0.0, THREADS, -NEAR * THREADS], [0.0, 0.0, 1.0]]
        )
        start = np.array([[1.0, 0, 0.5], [0, 1.0, first + 0.5], [0, 0, 1]])
        matrix = to_carpet @ plane @ start
        matrix[:2] -= 0.5 * matrix[2]
        frame[first:] = cv2.warpPerspective(
            self.carpet,
            matrix,
            (view.width, view.height - first),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REFLECT,
        )
        self._add_grain(frame, view, plane, first)

    def _add_grain(self, frame: Image, view: View, plane: NDArray[np.floating], first: int) -> None:
        """Crisp grain where the lens is focused."""
        depth = view.focal * view.camera.y / (np.arange(first, view.height) + 0.5 - view.horizon)
        near = np.exp(-(((depth + view.camera.z - ACTION) / CRISP) ** 2)) * self.strength
        # It fades where a sample gets smaller than a pixel.
        footprint = depth**2 / (view.focal * view.camera.y) * self.grain.along
        near *= np.clip(1.4 / footprint, 0, 1)
        shown = np.flatnonzero(near > 0.03)
        if shown.size < 2:
            return
        top, bottom = first + int(shown[0]), first + int(shown[-1]) + 1
        fine = self.grain.seen(plane, (top, bottom), view.width)
        weight = np.repeat(near[shown[0] : shown[-1] + 1, None].astype(np.float32), view.width, 1)
        level = np.full_like(fine, 128)
        noise = cv2.blendLinear(fine, level, weight, 1 - weight)
        part = frame[top:bottom]
        part[...] = cv2.multiply(part, cv2.cvtColor(noise, cv2.COLOR_GRAY2RGB), scale=1 / 128)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A real place made ready for one size of frame. ``ground`` is None where there is none."""

    wall: PhotoWall
    ground: PhotoGround | Ground | None
    light: Light
    props: bool


def paint_place(
    setting: Setting, time: str, weather: str, side: int, size: tuple[int, int]
) -> Place | None:
    """The real place that stands for a setting, for a frame of (width, height); None without one.

    ``side`` is where the sun stands (-1, 1) if the photograph does not say.
    """
    spot = location(setting.name, time)
    if spot is None:
        return None
    hour = spot.hour if setting.fixed_light else time
    picture = _graded(picture_of(spot.panorama), spot, hour, weather)
    light = _light(spot, setting, picture, (time, weather), side)
    if setting.name in _LIVED_IN and light.night >= DARK and not spot.indoor:
        picture = _with_lights(picture, picture_of(spot.panorama))
    if setting.medium == "underwater":
        picture = _sunk(picture, light)
    ground = None
    if spot.floor != "none":
        painted = paint_ground(setting, light, size)
        ground = painted
        if spot.floor != "painted":
            soil = picture
            if spot.floor == "tinted":
                soil = _tinted(picture_of(spot.soil or spot.panorama), setting, light)
            carpet = _carpet(_unrolled(soil, spot, light, size), spot.lens)
            ground = PhotoGround(carpet, painted.fine, 0.55 * painted.grain)
    # The distance is out of focus.
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6)
    wall = PhotoWall(_unrolled(picture, spot, light, size), spot.distance, ground is None)
    return Place(wall, ground, light, spot.props)


def _graded(picture: Image, spot: Location, time: str, weather: str) -> NDArray[np.floating]:
    """The photograph in the light of the scene's hour and weather, float RGB in [0, 1]."""
    wanted, shown = np.array(_HOURS[time]), np.array(_HOURS[spot.hour])
    gain = (wanted / shown * np.array(spot.gain)).astype(np.float32)
    colour = spot.colour * (0.72 if time == "night" and spot.hour != "night" else 1.0)
    if spot.indoor:
        gain = np.float32(0.45) + np.float32(0.55) * gain
    elif weather not in DRY:
        colour, gain = colour * 0.62, gain * np.float32(0.66 if weather == "storm" else 0.86)
    light = picture.astype(np.float32) / np.float32(255)
    grey = (light @ rgb(76, 150, 29))[..., None]
    light = np.clip(grey + (light - grey) * np.float32(colour), 0, 1)
    # What becomes brighter does so without burning out.
    return np.where(gain > 1, 1 - (1 - light) ** np.maximum(gain, 1), light * np.minimum(gain, 1))


def _with_lights(picture: NDArray[np.floating], day: Image) -> NDArray[np.floating]:
    """The graded photograph with lamps and windows far away, where by day there is no sky."""
    rng = np.random.default_rng(43)
    rows, columns = picture.shape[:2]
    dark = cv2.cvtColor(day, cv2.COLOR_RGB2GRAY) < 150
    glow = np.zeros((rows, columns, 3), np.float32)
    for _ in range(_LIGHTS):
        x, up = int(rng.integers(columns)), int(rows * abs(rng.normal(0.012, 0.03)))
        y, warmth, size = rows // 2 - up, float(rng.random()), float(rng.uniform(0.5, 1.1))
        if dark[y, x]:
            spot = np.zeros((rows, columns), np.float32)
            spot[y, x] = 1.0
            part = cv2.GaussianBlur(spot[max(y - 8, 0) : y + 9], (0, 0), size)
            colour = lerp(rgb(255, 176, 84), rgb(255, 236, 196), warmth)
            glow[max(y - 8, 0) : y + 9] += part[..., None] * (colour * np.float32(4.2 * size))
    return 1 - (1 - picture) * (1 - np.minimum(glow, 1))


def _tinted(picture: Image, setting: Setting, light: Light) -> NDArray[np.floating]:
    """The photograph's texture in the colours of the setting's ground."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[picture.shape[0] // 2 :].astype(np.float32)
    level = np.clip((grey - grey.mean()) / (3.2 * grey.std()) + 0.62, 0, 1.15)[..., None]
    near, far = (rgb(*colour) for colour in setting.ground_colours)
    lower = np.clip((far * np.float32(0.55) + (near - far * np.float32(0.55)) * level), 0, 1)
    return np.concatenate((lower[::-1], lower)) * light.ground


def _sunk(picture: NDArray[np.floating], light: Light) -> NDArray[np.floating]:
    """The photograph as if under water: only blue light is left, brighter from above."""
    grey = (picture @ rgb(76, 150, 29))[..., None]
    deep = np.linspace(1.15, 0.55, picture.shape[0], dtype=np.float32)[:, None, None]
    return np.clip(lerp(light.haze, light.zenith, 1.0) * (0.45 + 0.75 * grey) * deep, 0, 1)


def _light(
    spot: Location,
    setting: Setting,
    picture: NDArray[np.floating],
    hour: tuple[str, str],
    side: int,
) -> Light:
    """The light of the photograph: what figures, shadows and water take from it."""
    time, weather = hour
    shot = panoramas()[spot.panorama]
    turned = (shot.sun[0] - spot.heading + 180) % 360 - 180
    if abs(turned) > 8:
        side = 1 if turned > 0 else -1
    light = light_of(setting, time, weather, side)
    if setting.medium == "underwater":
        return light
    rows = picture.shape[0]

    def sky(low: float, high: float) -> Colour:
        band = picture[round((0.5 - high / 180) * rows) : round((0.5 - low / 180) * rows)]
        return band.mean((0, 1)).astype(np.float32)

    tint = np.array(shot.ambient, np.float32)
    tint = lerp(np.ones(3, np.float32), tint / tint.mean(), 0.16)
    strength = 0.24 + 0.9 * shot.hard if weather in DRY else 0.16
    return replace(
        light,
        zenith=sky(50, 80), middle=sky(20, 40), horizon=sky(1, 8), haze=sky(1, 14),
        ambient=np.minimum(light.ambient * tint, 1.0),
        elevation=float(np.clip(shot.sun[1] / 55, 0.12, 0.9)),
        shadow=0.16 if spot.indoor else min(strength, 0.44),
        haze_most=light.haze_most if weather == "fog" else 0.10,
        indoor=spot.indoor,
    )  # fmt: skip


def _carpet(plate: Plate, lens: float) -> Image:
    """The ground of a plate as seen from above.

    Photographed with a wider lens than the frame is seen with, the ground would be drawn out
    sideways. Near the action it is as it was in reality; towards the seam with the distance it
    comes to meet the distance.
    """
    columns, rows = round(2 * CARPET * THREADS), round((FAR - NEAR) * THREADS)
    x = ((np.arange(columns, dtype=np.float32) + 0.5) / THREADS - CARPET)[None]
    z = ((np.arange(rows, dtype=np.float32) + 0.5) / THREADS + NEAR)[:, None]
    meets = smoothstep(ACTION, 14.0, z)
    turn = np.arctan2(x, z) * (1 + (FOCAL / lens - 1) * meets)
    away = np.hypot(x * (1 - meets), z)
    across = (turn * np.float32(plate.scale * lens)) % plate.picture.shape[1]
    down = plate.horizon + plate.scale * FOCAL * EYE / away - 0.5
    return cv2.remap(
        plate.picture,
        across.astype(np.float32),
        down.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _unrolled(
    picture: NDArray[np.floating], spot: Location, light: Light, size: tuple[int, int]
) -> Plate:
    """Unroll an equirectangular picture onto a cylinder, once around, hazed by distance."""
    unit = min(size)
    columns = round(math.tau * spot.lens * min(unit, PLATE_SIDE))
    scale = columns / (math.tau * spot.lens)
    half = size[1] / unit / 2 + MARGIN
    rows = math.ceil(2 * half * scale)
    v = (np.arange(rows, dtype=np.float32) + 0.5) / np.float32(scale) - np.float32(half)
    height = np.arctan2(-v, np.float32(spot.lens)) + np.float32(math.radians(spot.pitch))
    # Column 0 of the plate is straight ahead.
    turn = (np.arange(columns, dtype=np.float32) + 0.5) / columns + np.float32(
        0.5 + spot.heading / 360
    )
    wide, tall = picture.shape[1], picture.shape[0]
    padded = np.concatenate((picture[:, -4:], picture, picture[:, :4]), 1).astype(np.float32)
    across = (turn % 1.0 * wide - 0.5 + 4)[None].repeat(rows, 0).astype(np.float32)
    down = ((0.5 - height / math.pi) * tall - 0.5)[:, None].repeat(columns, 1)
    seen = cv2.remap(
        padded, across, down.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    if light.fog:
        below = np.maximum(v, 1e-3) / np.float32(FOCAL)
        depth = np.minimum(np.float32(EYE) / below, spot.distance)
        fog = light.haze_at(depth)[:, None, None]
        seen = seen + (light.haze - seen) * fog
    return Plate((np.clip(seen, 0, 1) * 255 + 0.5).astype(np.uint8), scale, half * scale)

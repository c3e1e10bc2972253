"""A place made ready for one size of frame: everything about a scene that does not act.

Sky, silhouettes, ground, wall, scenery and weather are painted once into plates; drawing a frame
only warps them. Worlds are kept, since a stream of frames asks for the same one again and again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import FOCAL, View
from kinema.storybook.catalogue import Setting, catalogue
from kinema.storybook.clock import Clock
from kinema.storybook.figures import Cutout, prop
from kinema.storybook.figures.cache import PictureCache
from kinema.storybook.render.cards import (
    Stand,
    placed,
    rimmed,
    shade_of,
    shadow_matrix,
    silhouette,
    tinted,
)
from kinema.storybook.render.far import FarStrip, paint_far
from kinema.storybook.render.foreground import NearPlant, near_plants
from kinema.storybook.render.ground import Ground, Texture, paint_ground, plane_of
from kinema.storybook.render.lamps import (
    DARK,
    LAMP,
    bake_pools,
    draw_pools,
    lamp_post,
    lamp_posts,
    shining,
)
from kinema.storybook.render.light import Light, light_of, sun_strength
from kinema.storybook.render.paint import Image, darken, warp_over
from kinema.storybook.render.panorama import PhotoGround, PhotoWall, paint_place
from kinema.storybook.render.scenery import PERIOD, Standing, clearing, place_scenery
from kinema.storybook.render.sky import Sky, coloured, paint_sky, puff
from kinema.storybook.render.wall import Wall, paint_wall
from kinema.storybook.render.water import draw_shoreline, mirror_shore
from kinema.storybook.render.weather import Weather, make_weather
from kinema.storybook.scene import Scene

LIT_BYTES = 48
"""Bytes of lit pictures kept for each pixel of a square of the shorter side: two actors' loops."""
SHADOW_LEFT, SHADOW_NEAR, SHADOW_FAR = -PERIOD / 2, 2.0, 28.0


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A painted place. ``cards`` is the scenery, farthest first, lit and ready to be warped."""

    setting: Setting
    light: Light
    weather: str
    sky: Sky | None
    far: tuple[FarStrip, ...]
    ground: Ground | PhotoGround | None
    wall: Wall | PhotoWall | None
    cards: tuple[SceneryCard, ...]
    shadows: Texture | None
    pools: Texture | None
    banks: tuple[CloudBank, ...]
    particles: Weather | None
    foreground: tuple[NearPlant, ...]
    lit: PictureCache

    @property
    def rim(self) -> float:
        """Strength of the bright edge that the sun gives to figures."""
        return sun_strength(self.weather) * (0.4 if self.light.indoor else 1.0)

    @property
    def afloat(self) -> bool:
        """Whether actors stand on water, which mirrors them."""
        return self.setting.ground == "water"

    def draw_distance(self, frame: Image, view: View, clock: Clock) -> None:
        """Draw all that lies behind the first card: sky, silhouettes, ground, wall, shadows."""
        if self.sky is not None and self.wall is None:
            self.sky.draw(frame, view, clock)
            for strip in self.far:
                strip.draw(frame, view)
        if self.wall is not None and self.afloat:
            # The water mirrors it.
            self.wall.draw(frame, view)
        if self.ground is not None:
            self.ground.draw(frame, view, clock)
            if self.afloat:
                mirror_shore(frame, view, clock)
            if self.setting.shoreline:
                draw_shoreline(frame, view, clock, self.light)
        self._light_ground(frame, view)
        if self.wall is not None:
            self.wall.draw(frame, view)
        for bank in self.banks:
            bank.draw(frame, view, clock)

    def draw_foreground(self, frame: Image, view: View, clock: Clock) -> None:
        """Draw what stands right before the lens, out of focus."""
        for plant in self.foreground:
            plant.draw(frame, view, clock)

    def _light_ground(self, frame: Image, view: View) -> None:
        """Darken the ground by the shadows of all scenery, brighten it by its lamps."""
        if self.shadows is not None:
            self._shade_ground(frame, view, self.shadows)
        if self.pools is not None:
            draw_pools(frame, view, self.pools)

    def _shade_ground(self, frame: Image, view: View, shadows: Texture) -> None:
        """Darken the ground by the baked shadows of all scenery."""
        reach = view.focal * view.camera.y
        first = max(0, math.ceil(view.horizon + reach / (SHADOW_FAR - view.camera.z)))
        if first >= view.height - 1:
            return
        shade = shadows.seen(plane_of(view), (first, view.height), view.width)
        darken(frame[first:], shade, shade_of(self.light))


@dataclass(frozen=True, slots=True, eq=False)
class SceneryCard:
    """One piece of scenery with its picture, lit, and where it stands."""

    standing: Standing
    cutout: Cutout

    def draw(self, frame: Image, view: View, clock: Clock, *, storm: bool) -> None:
        """Lay every copy of the piece that the frame can show over it."""
        for _, matrix in self.placed(view, clock, storm=storm):
            warp_over(frame, self.cutout.image, matrix)

    def placed(
        self, view: View, clock: Clock, *, storm: bool
    ) -> Iterator[tuple[int, NDArray[np.floating]]]:
        """Number and 2x3 matrix (picture to frame) of every copy that the frame can show."""
        s = self.standing
        if s.sky:
            yield 0, self._placed_in_sky(view)
            return
        if s.z - view.camera.z < 0.9:
            return
        sway = 0.0
        if s.sways:
            sway = (0.054 if storm else 0.016) * clock.wave(0.32 + 0.08 * s.phase, s.phase)
        half = view.half_width_at(s.z) + s.height
        middle = view.camera.x - view.camera.pan / view.camera.scale(s.z)
        first = math.ceil((middle - half - s.x) / PERIOD)
        last = math.floor((middle + half - s.x) / PERIOD)
        for copy in range(first, last + 1):
            stand = Stand(
                s.x + copy * PERIOD, s.y, s.z, s.height, -1.0 if s.mirrored else 1.0, roll=sway
            )
            yield copy, placed(self.cutout, stand, view)

    def _placed_in_sky(self, view: View) -> NDArray[np.floating]:
        """Hang the piece far away: it moves with the gaze and a little with the camera."""
        s = self.standing
        zoom = view.camera.focal / FOCAL
        size = s.height * view.unit * zoom * (1 + 0.02 * view.camera.z) / self.cutout.image.shape[0]
        spread = min(view.width, view.height * 1.8) / view.unit
        u = view.centre + (s.x * zoom * spread - 0.03 * view.camera.x) * view.unit
        v = view.horizon + s.y * zoom * view.unit * (view.height / view.unit)
        matrix = np.array([[size, 0, u], [0, size, v]])
        matrix[:, 2] -= matrix[:, :2] @ (
            self.cutout.image.shape[1] / 2,
            self.cutout.image.shape[0] / 2,
        )
        return matrix


@dataclass(frozen=True, slots=True, eq=False)
class CloudBank:
    """A row of clouds seen from above, at a depth, drifting past."""

    pictures: tuple[Image, ...]
    z: float
    speed: float

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Lay the row over the frame; it goes on to both sides for ever."""
        for picture, matrix in self.placed(view, clock):
            warp_over(frame, picture, matrix)

    @property
    def step(self) -> float:
        """Metres from cloud to cloud."""
        return self.z * 0.36

    @property
    def period(self) -> float:
        """Metres after which the row repeats: pictures and heights do after three clouds."""
        return 3 * self.step

    def drift(self, clock: Clock) -> float:
        """Metres that the row has moved to the left, within a period."""
        return clock.slide(self.speed, self.period)

    def placed(self, view: View, clock: Clock) -> Iterator[tuple[Image, NDArray[np.floating]]]:
        """Picture and 2x3 matrix of every cloud that the frame can show."""
        step = self.step
        scale = view.scale(self.z)
        drift = self.drift(clock) / step
        first = math.floor((view.camera.x - view.half_width_at(self.z)) / step + drift) - 2
        last = math.ceil((view.camera.x + view.half_width_at(self.z)) / step + drift) + 2
        width = self.z * 0.8
        for i in range(first, last + 1):
            picture = self.pictures[i * 5 % len(self.pictures)]
            size = width * scale / picture.shape[1]
            u, v = view.project((i - drift) * step, -0.25 - 0.25 * (i * 7 % 3), self.z)
            x, y = u - size * picture.shape[1] / 2, v - size * picture.shape[0] * 0.55
            yield picture, np.array([[size, 0, x], [0, size, y]])


def world_of(scene: Scene, size: tuple[int, int]) -> World:
    """The world of a scene for a frame of (width, height); kept for the next frame."""
    paint = _photograph if scene.style == "live_action" else _paint
    return paint(scene.setting, scene.time, scene.weather, scene.seed, clearing(scene), size)


@lru_cache(maxsize=4)
def _photograph(
    setting_name: str, time: str, weather: str, seed: int, clear: float, size: tuple[int, int]
) -> World:
    """The real place that stands for a setting; its scenery, if any, stands in it as toys."""
    setting = catalogue().settings[setting_name]
    side = 1 if np.random.default_rng([seed, 5]).random() < 0.5 else -1
    place = paint_place(setting, time, weather, side, size)
    if place is None:
        return _paint(setting_name, time, weather, seed, clear, size)
    light = place.light
    scenery = place_scenery(setting, seed, clear) if place.props else ()
    if light.night >= DARK:
        scenery = tuple(sorted((*scenery, *lamp_posts(setting_name)), key=lambda piece: -piece.z))
    cards = tuple(_card(standing, light, weather, size) for standing in scenery)
    shaded = cards and place.ground is not None and setting.ground != "water"
    underwater = setting.medium == "underwater"
    return World(
        setting=setting,
        light=light,
        weather=weather,
        sky=None,
        far=(),
        ground=place.ground,
        wall=place.wall,
        cards=cards,
        shadows=_bake_shadows(cards, light, size) if shaded else None,
        pools=bake_pools(scenery, light, size) if shaded else None,
        banks=(),
        foreground=(),
        particles=make_weather("bubbles" if underwater else weather, light, size, seed),
        lit=PictureCache(LIT_BYTES * min(size) ** 2),
    )


@lru_cache(maxsize=6)
def _paint(
    setting_name: str, time: str, weather: str, seed: int, clear: float, size: tuple[int, int]
) -> World:
    setting = catalogue().settings[setting_name]
    rng = np.random.default_rng([seed, 5])
    light = light_of(setting, time, weather, 1 if rng.random() < 0.5 else -1)
    airy = setting.medium not in ("space", "underwater") and not setting.fixed_light
    underwater = setting.medium == "underwater"
    bottomless = setting.ground in (None, "clouds")
    scenery = (*place_scenery(setting, seed, clear), *lamp_posts(setting_name))
    scenery = tuple(sorted(scenery, key=lambda piece: -piece.z))
    cards = tuple(_card(standing, light, weather, size) for standing in scenery)
    ground = paint_ground(setting, light, size) if setting.ground not in (None, "clouds") else None
    shadows = (
        _bake_shadows(cards, light, size)
        if ground is not None and setting.ground != "water"
        else None
    )
    return World(
        setting=setting,
        light=light,
        weather=weather,
        sky=paint_sky(light, weather, size, seed, whole=bottomless, clouds=airy),
        far=tuple(paint_far(layer, light, size, seed + i) for i, layer in enumerate(setting.far)),
        ground=ground,
        wall=paint_wall(setting, light, size) if setting.wall else None,
        cards=cards,
        shadows=shadows,
        pools=bake_pools(scenery, light, size),
        banks=_cloud_banks(light, size) if setting.ground == "clouds" else (),
        foreground=near_plants(setting, light, size),
        particles=make_weather("bubbles" if underwater else weather, light, size, seed),
        lit=PictureCache(LIT_BYTES * min(size) ** 2),
    )


def _card(standing: Standing, light: Light, weather: str, size: tuple[int, int]) -> SceneryCard:
    """Cut, light, haze and, far away, blur one piece of scenery."""
    unit = min(size)
    pixels = standing.height * unit * (1.0 if standing.sky else FOCAL / standing.z)
    lamp = standing.sprite == LAMP
    cutout = lamp_post(round(pixels)) if lamp else prop(standing.sprite, pixels)
    image = cutout.image
    if standing.sky:
        image = tinted(image, replace(light, ambient=np.ones(3, np.float32)), 0.12)
        return SceneryCard(standing, replace(cutout, image=image))
    if pixels > 40:
        image = rimmed(
            image, light, sun_strength(weather) * 0.9, -1.0 if standing.mirrored else 1.0
        )
    haze = float(light.haze_at(standing.z))
    cutout = shining(standing, cutout, tinted(image, light, haze), light)
    image = cutout.image
    # Out of focus by up to two thousandths of the frame far away, four before the action.
    away = max(0.0022 * min(1.0, (standing.z - 11) / 8), 0.004 * min(1.0, 5.2 - standing.z))
    if away > 0:
        blur = away * unit * image.shape[0] / max(pixels, 1)
        pad = max(3, math.ceil(2.5 * blur))
        image = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
        image = cv2.GaussianBlur(image, (0, 0), max(blur, 0.3))
        anchor = (cutout.anchor[0] + pad, cutout.anchor[1] + pad)
        cutout = replace(cutout, anchor=anchor)
    # A prop's cut-out is one metre tall; it stands at its own height.
    return SceneryCard(standing, replace(cutout, image=image, metre=cutout.metre / standing.height))


def _bake_shadows(cards: tuple[SceneryCard, ...], light: Light, size: tuple[int, int]) -> Texture:
    """Contact and cast shadows of all scenery as one texture on the ground, one period wide."""
    scale = float(np.clip(min(size) / 18, 10, 32))
    columns, rows = round(PERIOD * scale), round((SHADOW_FAR - SHADOW_NEAR) * scale)
    shade = np.zeros((rows, columns), np.uint8)
    strength = light.cast_shadow
    to_ground = np.array([[1 / scale, 0, SHADOW_LEFT], [0, 1 / scale, SHADOW_NEAR], [0, 0, 1]])
    for card in cards:
        s = card.standing
        if s.sky or s.height < 0.25:
            continue
        stand = Stand(s.x, s.y, s.z, s.height, -1.0 if s.mirrored else 1.0)
        width = s.height * card.cutout.image.shape[1] / (card.cutout.metre * s.height) * 0.30
        _blot(shade, stand, width, scale)
        if strength > 0.02:
            soft = silhouette(card.cutout)
            matrix = shadow_matrix(card.cutout, stand, light)
            for shift in (0.0, -PERIOD, PERIOD):
                moved = to_ground.copy()
                moved[0, 2] += shift
                _lay_shadow(shade, soft, (matrix @ moved)[:2], strength)
    if light.indoor:
        return Texture(shade, SHADOW_LEFT, SHADOW_NEAR, scale, scale, 0.0, outside=0)
    repeated = np.tile(shade, (1, 3))
    return Texture(repeated, SHADOW_LEFT - PERIOD, SHADOW_NEAR, scale, scale, PERIOD, outside=0)


def _blot(shade: Image, stand: Stand, width: float, scale: float) -> None:
    """A soft dark spot where a piece of scenery touches the ground."""
    deep = width * 0.42 + 0.08
    x, z = (stand.x - SHADOW_LEFT) * scale, (stand.z - 0.05 - SHADOW_NEAR) * scale
    reach = (math.ceil(2.2 * width * scale), math.ceil(2.2 * deep * scale))
    x0, x1 = max(0, int(x) - reach[0]), min(shade.shape[1], int(x) + reach[0] + 1)
    z0, z1 = max(0, int(z) - reach[1]), min(shade.shape[0], int(z) + reach[1] + 1)
    if x1 <= x0 or z1 <= z0:
        return
    dx = ((np.arange(x0, x1) + 0.5 - x) / (width * scale))[None]
    dz = ((np.arange(z0, z1) + 0.5 - z) / (deep * scale))[:, None]
    spot = (np.exp(-(dx * dx + dz * dz) * 1.25) * 0.58 * 255).astype(np.uint8)
    shade[z0:z1, x0:x1] = np.maximum(shade[z0:z1, x0:x1], spot)


def _lay_shadow(shade: Image, soft: Image, matrix: NDArray[np.floating], strength: float) -> None:
    """Lay one cast shadow into the texture; ``matrix`` maps texture to silhouette."""
    back = cv2.invertAffineTransform(matrix)
    corners = np.array(
        [[0, 0], [soft.shape[1], 0], [0, soft.shape[0]], [soft.shape[1], soft.shape[0]]]
    )
    onto = corners @ back[:, :2].T + back[:, 2]
    x0, z0 = (max(0, int(v)) for v in np.floor(onto.min(0)))
    x1, z1 = int(np.ceil(onto[:, 0].max())) + 1, int(np.ceil(onto[:, 1].max())) + 1
    x1, z1 = min(shade.shape[1], x1), min(shade.shape[0], z1)
    if x1 - x0 < 2 or z1 - z0 < 2:
        return
    moved = matrix.copy()
    moved[:, 2] += moved[:, :2] @ (x0, z0)
    shadow = cv2.warpAffine(
        soft,
        moved,
        (x1 - x0, z1 - z0),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=0,
    )
    part = shade[z0:z1, x0:x1]
    np.maximum(part, cv2.multiply(shadow, strength), out=part)


def _cloud_banks(light: Light, size: tuple[int, int]) -> tuple[CloudBank, ...]:
    """Three rows of clouds below the camera, for scenes above the clouds."""
    white = np.ones(3, np.float32)
    bright = (white + (light.horizon - white) * np.float32(0.35)) * np.float32(
        1 - 0.5 * light.night
    )
    shade = light.middle + (light.zenith - light.middle) * np.float32(0.25)
    banks = []
    for i, (z, opacity) in enumerate(((30.0, 0.75), (18.0, 0.85), (11.0, 0.9))):
        width = round(0.8 * z * FOCAL * min(size) / z / 2) + 8
        pictures = tuple(
            coloured(puff((i * 3 + k) % 6), shade, bright, opacity, width) for k in range(3)
        )
        banks.append(CloudBank(pictures, z, 1.0 + 0.35 * i))
    return tuple(banks)

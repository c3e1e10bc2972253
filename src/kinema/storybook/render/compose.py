"""One frame: a world, a camera and actors become a picture, far to near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.bodies import drawn_width
from kinema.storybook.camera import Camera, View, camera_at, mix
from kinema.storybook.clock import Clock
from kinema.storybook.contacts import flash_strength
from kinema.storybook.framing import watched
from kinema.storybook.motion import poses
from kinema.storybook.pose import Pose
from kinema.storybook.render.actors import Player, draw_player, draw_reflection, draw_shadow, player
from kinema.storybook.render.apart import APART
from kinema.storybook.render.effects import (
    Traces,
    draw_drops,
    draw_prints,
    draw_puffs,
    draw_rings,
    rain_rings,
    traces_at,
)
from kinema.storybook.render.ground import plane_of
from kinema.storybook.render.light import rgb
from kinema.storybook.render.paint import Image, brighten
from kinema.storybook.render.pictures import backdrop, draw_picture
from kinema.storybook.render.styles import apply_style
from kinema.storybook.render.weather import draw_rays
from kinema.storybook.render.world import SceneryCard, World, world_of
from kinema.storybook.scene import Picture, Region, Scene
from kinema.types import FileId

Pictures = Mapping[FileId, NDArray[np.uint8]]
"""Users' pictures by content: (H, W, 4) RGBA bytes, not premultiplied."""

LEAVING = 4.5
"""Metres that an actor walks off while a shot turns into one without it."""
ACTING_DEPTH = 6.5
"""Scenery beyond this depth is painted before a region's mask is applied."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A scene at one moment: its clock, world, camera and poses."""

    scene: Scene
    clock: Clock
    world: World
    camera: Camera
    poses: tuple[Pose, ...]

    @property
    def storm(self) -> bool:
        """Whether trees sway in a strong wind."""
        return self.world.weather in ("storm", "wind")

    @property
    def backdrop(self) -> Picture | None:
        """The user's picture that hangs in place of the whole background."""
        return next((p for p in self.scene.pictures if p.role == "backdrop"), None)


def take(scene: Scene, clock: Clock, size: tuple[int, int]) -> Take:
    """Everything about the scene at the clock's time, before it is drawn."""
    acted = poses(scene, clock)
    return Take(scene, clock, world_of(scene, size), camera_of(scene, clock, acted), acted)


def camera_of(scene: Scene, clock: Clock, acted: tuple[Pose, ...]) -> Camera:
    """The scene's camera while its actors pose so."""
    widths = {actor.id: drawn_width(actor) for actor in watched(scene)}
    edges = [
        (p.x - widths[p.actor] / 2, p.x + widths[p.actor] / 2) for p in acted if p.actor in widths
    ]
    left, right = min((e[0] for e in edges), default=0), max((e[1] for e in edges), default=0)
    target, span = (left + right) / 2, _span(scene, widths)
    shake = (scene.seed % 97) / 97
    return camera_at(scene.camera.move, clock, target_x=target, span=span, shake=shake)


def _span(scene: Scene, widths: dict[str, float]) -> float:
    """Half the metres that several actors take up side by side where they were placed, else 0."""
    placed = [(a.place.x, widths[a.id]) for a in scene.actors if a.place and a.id in widths]
    if len(placed) < 2:
        return 0.0
    return (max(x + w / 2 for x, w in placed) - min(x - w / 2 for x, w in placed)) / 2


def draw(shot: Take, size: tuple[int, int], pictures: Pictures) -> Image:
    """Draw a take: (height, width, 3) bytes."""
    view = View(*size, shot.camera)
    frame = _background(shot, view, pictures)
    players = players_of(shot, view)
    plane = plane_of(view)
    traces = _mark_ground(frame, view, shot)
    if shot.world.ground is not None:
        for who in players:
            draw_shadow(frame, view, plane, who, shot.world)
    if shot.world.afloat:
        for who in sorted(players, key=lambda p: -p.z):
            draw_reflection(frame, view, shot.clock, who, shot.world)
    apart = APART.get(shot.scene.style)
    farthest = max(players, key=lambda who: who.z, default=None)
    for thing in standing(shot, players):
        if isinstance(thing, Player):
            if apart is not None and thing is farthest:
                apart.lay_wash(frame)
            draw_player(frame, view, shot.clock, thing, shot.world, apart)
            if traces is not None:
                draw_puffs(frame, view, traces, shot.world.light, thing.actor.id)
                draw_drops(frame, view, traces, shot.world.light, thing.actor.id)
        elif isinstance(thing, Picture):
            draw_picture(frame, view, thing, pictures[thing.file], shot.world.light)
        else:
            thing.draw(frame, view, shot.clock, storm=shot.storm)
    _finish(frame, view, shot)
    return apply_style(shot.scene.style, frame, shot.clock, _in_focus(shot, view))


def _mark_ground(frame: Image, view: View, shot: Take) -> Traces | None:
    """Draw what feet, bodies and rain leave on the ground; the traces, for the dust to come."""
    traces = traces_at(shot.scene, shot.clock) if shot.backdrop is None else None
    if traces is None:
        return None
    draw_prints(frame, view, traces, shot.world.light)
    draw_rings(frame, view, traces, shot.world.light)
    if shot.world.weather in ("rain", "storm") and traces.ground in ("water", "road"):
        rain_rings(frame, view, shot.clock, shot.scene.seed, shot.world.light)
    return traces


def _in_focus(shot: Take, view: View) -> tuple[float, float]:
    """The rows that the lens is focused on, the lead from head to feet, as shares of the height."""
    if not shot.poses:
        return 0.45, 0.70
    lead = shot.poses[0]
    _, top = view.project(lead.x, lead.y + lead.height, lead.z)
    _, bottom = view.project(lead.x, lead.y, lead.z)
    return top / view.height, bottom / view.height


def players_of(shot: Take, view: View) -> list[Player]:
    """The actors that can be drawn, in the scene's order."""
    by_id = {actor.id: actor for actor in shot.scene.actors}
    found = (player(by_id[pose.actor], pose, view) for pose in shot.poses)
    return [who for who in found if who is not None]


def mixed(a: Take, b: Take, weight: float) -> tuple[Take, Take]:
    """Both takes on the way from one to the other: one camera; actors share poses, leave, enter.

    Where the places differ, each camera stays where it is along its own scenery, and actors are
    carried over relative to it; otherwise a chase in one place would sweep through the other.
    """
    ends = (a.scene, a.camera), (b.scene, b.camera)
    apart, (camera, other) = _apart(*ends), mixed_cameras(*ends, weight)
    moved = _across(b.poses, apart)
    in_a = {pose.actor: pose for pose in a.poses}
    in_b = {pose.actor: pose for pose in moved}
    a_poses = tuple(
        between(p, in_b[p.actor], weight) if p.actor in in_b else _leaving(p, weight, camera)
        for p in a.poses
    )
    b_poses = tuple(
        between(in_a[p.actor], p, weight) if p.actor in in_a else _leaving(p, 1 - weight, camera)
        for p in moved
    )
    first = replace(a, camera=camera, poses=a_poses)
    return first, replace(b, camera=other, poses=_across(b_poses, -apart))


def mixed_cameras(
    a: tuple[Scene, Camera], b: tuple[Scene, Camera], weight: float
) -> tuple[Camera, Camera]:
    """The one camera on the way from scene to scene, where it is in the first and the second."""
    apart = _apart(a, b)
    camera = mix(a[1], replace(b[1], x=b[1].x + apart), weight)
    return camera, replace(camera, x=camera.x - apart)


def _apart(a: tuple[Scene, Camera], b: tuple[Scene, Camera]) -> float:
    """How many metres further right the second place has to be for both cameras to meet."""
    same_place = (a[0].setting, a[0].seed) == (b[0].setting, b[0].seed)
    return 0.0 if same_place else a[1].x - b[1].x


def _across(acted: tuple[Pose, ...], metres: float) -> tuple[Pose, ...]:
    """The poses that many metres further to the right."""
    return tuple(replace(pose, x=pose.x + metres) for pose in acted)


def between(a: Pose, b: Pose, weight: float) -> Pose:
    """A pose on the way from ``a`` to ``b``; what cannot be halved changes in the middle."""
    numbers = {
        name: getattr(a, name) + (getattr(b, name) - getattr(a, name)) * weight
        for name in (
            "x",
            "y",
            "z",
            "height",
            "facing",
            "roll",
            "stretch_x",
            "stretch_y",
            "stride",
            "mouth",
            "opacity",
        )
    }
    return replace(b if weight > 0.5 else a, **numbers)


def _leaving(pose: Pose, gone: float, camera: Camera) -> Pose:
    """A pose on its way out of the picture (``gone`` 0 to 1), to the nearer side."""
    side = 1.0 if pose.x >= camera.x else -1.0
    return replace(pose, x=pose.x + side * LEAVING * gone, facing=side if gone > 0 else pose.facing)


def _background(shot: Take, view: View, pictures: Pictures) -> Image:
    """Everything behind the actors."""
    frame = np.zeros((view.height, view.width, 3), np.uint8)
    hung = shot.backdrop
    if hung is not None:
        frame[...] = backdrop(pictures[hung.file], (view.width, view.height), shot.camera)
        return frame
    shot.world.draw_distance(frame, view, shot.clock)
    if not shot.scene.regions:
        return frame
    _draw_far_cards(frame, view, shot, shot.world)
    for region in shot.scene.regions:
        other = world_in(region, shot.scene, (view.width, view.height))
        inside = np.zeros_like(frame)
        other.draw_distance(inside, view, shot.clock)
        _draw_far_cards(inside, view, shot, other)
        cover = region_cover(region.mask, region.columns, region.rows, (view.width, view.height))
        frame = cv2.blendLinear(inside, frame, cover, 1 - cover)
    return frame


def world_in(region: Region, scene: Scene, size: tuple[int, int]) -> World:
    """The world inside a region of a scene."""
    return world_of(msgspec.structs.replace(scene, setting=region.setting, regions=()), size)


@lru_cache(maxsize=4)
def region_cover(
    mask: bytes, columns: int, rows: int, size: tuple[int, int]
) -> NDArray[np.floating]:
    """A region's coverage at the frame's size, 0 to 1, with a soft edge of about one cell."""
    cells = np.frombuffer(mask, np.uint8).reshape(rows, columns).astype(np.float32) / 255
    return np.clip(cv2.resize(cells, size, interpolation=cv2.INTER_CUBIC), 0, 1)


def far_cards(world: World) -> list[SceneryCard]:
    """The scenery that stands behind the actors' place."""
    return [card for card in world.cards if card.standing.z > ACTING_DEPTH]


def _draw_far_cards(frame: Image, view: View, shot: Take, world: World) -> None:
    for card in far_cards(world):
        card.draw(frame, view, shot.clock, storm=shot.storm)


def standing(shot: Take, players: list[Player]) -> list[SceneryCard | Player | Picture]:
    """Scenery, actors and users' pictures in the order in which they are drawn, farthest first."""
    found: list[tuple[float, SceneryCard | Player | Picture]] = [(p.z, p) for p in players]
    if shot.backdrop is None:
        nearest = ACTING_DEPTH if shot.scene.regions else float("inf")
        found += [(c.standing.z, c) for c in shot.world.cards if c.standing.z <= nearest]
    found += [
        (p.place.z, p) for p in shot.scene.pictures if p.place is not None and p.role != "backdrop"
    ]
    return [thing for _, thing in sorted(found, key=lambda pair: -pair[0])]


def _finish(frame: Image, view: View, shot: Take) -> None:
    """What lies between scene and eye: leaves near the lens, weather, lightning, vignette."""
    world = shot.world
    world.draw_foreground(frame, view, shot.clock)
    if world.particles is not None:
        world.particles.draw(frame, view, shot.clock)
    if world.setting.medium == "underwater":
        draw_rays(frame, view, shot.clock, world.light)
    if world.weather == "storm":
        flash = flash_strength(shot.scene, shot.clock)
        if flash > 0.01:
            glow = np.full(frame.shape[:2], round(150 * min(flash, 1.0)), np.uint8)
            brighten(frame, glow, rgb(236, 240, 255))
    frame[...] = cv2.multiply(frame, _gain(view, shot), scale=_GAIN_TOP / 255)


_GAIN_TOP = 1.5


def _gain(view: View, shot: Take) -> NDArray[np.uint8]:
    """A map of brightness: darker corners, and by night a soft light on the first actor."""
    columns, rows = max(16, view.width // 16), max(16, view.height // 16)
    x = (np.arange(columns, dtype=np.float32)[None] + 0.5) / columns
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
    gain = 1 - 0.22 * (((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2) ** 1.2
    night, indoor = shot.world.light.night, shot.world.light.indoor
    if night > 0.25 and shot.poses and not (indoor and shot.world.setting.wall == "curtain"):
        lead = shot.poses[0]
        u, v = view.project(lead.x, lead.y + lead.height / 2, lead.z)
        away = ((x * view.width - u) ** 2 + (y * view.height - v) ** 2) / (0.30 * view.unit) ** 2
        gain = gain * (1 + 0.72 * night * np.exp(-away / 2))
    small = np.clip(gain / _GAIN_TOP * 255, 0, 255).astype(np.float32)
    full = cv2.resize(small, (view.width, view.height), interpolation=cv2.INTER_LINEAR)
    return cv2.cvtColor(full.astype(np.uint8), cv2.COLOR_GRAY2RGB)

"""Actors in the picture: their cut-outs, lit and cached, their shadows, reflections and emotes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.clock import Clock
from kinema.storybook.figures import Cutout, figure, prop
from kinema.storybook.pose import Emote, Pose
from kinema.storybook.render.apart import Apart
from kinema.storybook.render.cards import Stand, cast_shadow, placed, rimmed, silhouette, tinted
from kinema.storybook.render.ground import Plane
from kinema.storybook.render.material import lay_glass, sparkle
from kinema.storybook.render.paint import Image, warp_over
from kinema.storybook.render.water import mirror_card
from kinema.storybook.render.world import World
from kinema.storybook.scene import Actor

HAZE_STEPS = 48
"""Haze of actors is rounded to so many steps, so that their lit pictures can be kept."""
_EDGE_ON = 0.25
"""Width of somebody who turns, over its own, while it is seen edge-on: more than a line."""
_AFLOAT = 0.1
"""Share of its height that somebody is below the water whose feet are not seen through it."""
_MURKY = 0.25
"""How much is seen of what is below the water."""
_GLOWING = frozenset(
    {"red-heart", "musical-note", "musical-notes", "zzz", "sparkles", "high-voltage"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Player:
    """An actor at one moment, ready to be laid over the frame."""

    actor: Actor
    pose: Pose
    cutout: Cutout
    stand: Stand

    @property
    def z(self) -> float:
        """Depth, for sorting."""
        return self.stand.z

    def placed(self, view: View) -> tuple[NDArray[np.floating], bool]:
        """The 2x3 matrix from cut-out to frame, and whether the picture grows by it."""
        matrix = placed(self.cutout, self.stand, view)
        return matrix, bool(abs(np.linalg.det(matrix[:, :2])) > 1.2)


def player(actor: Actor, pose: Pose, view: View) -> Player | None:
    """Cut the actor's figure for this pose; None where it is behind the lens or too small."""
    if pose.z - view.camera.z < 0.8 or pose.opacity <= 0.01:
        return None
    if pose.subject and pose.subject != actor.subject:
        actor = msgspec.structs.replace(actor, subject=pose.subject)
    body = figure(actor)
    pixels = pose.height * view.scale(pose.z)
    if pixels < 2:
        return None
    cutout = body.cutout(pose, pixels)
    if body.flips:
        mirror = math.copysign(max(abs(pose.facing), _EDGE_ON), -pose.facing)
    else:
        # What looks at the viewer narrows while it turns, but never to an edge.
        mirror = 0.3 + 0.7 * abs(pose.facing)
    stand = Stand(
        pose.x, pose.y, pose.z, pose.height, mirror, pose.roll, pose.stretch_x, pose.stretch_y,
        about_centre=pose.pivot == "centre",
    )  # fmt: skip
    return Player(actor, pose, cutout, stand)


def draw_shadow(frame: Image, view: View, plane: Plane, who: Player, world: World) -> None:
    """What the actor does to the ground: shade on land, a mirror image on water."""
    soft = world.lit.get(("soft", who.cutout.key), lambda: silhouette(who.cutout))
    share = (0.35 if world.afloat else 1.0) * (1.0 if who.cutout.lens is None else 0.45)
    light = replace(world.light, shadow=world.light.shadow * share)
    if who.pose.opacity > 0.5:
        cast_shadow(frame, view, plane, who.cutout, soft, who.stand, light)


def draw_reflection(frame: Image, view: View, clock: Clock, who: Player, world: World) -> None:
    """The actor upside down in the water."""
    matrix = placed(who.cutout, who.stand, view, reflected=True)
    image, lens = _lit(who, view, world), who.cutout.lens
    if lens is not None:  # water mirrors what is seen through it as well: as good as clear
        cover = cv2.subtract(image[..., 3], cv2.extractChannel(lens.clear, 1))
        image = np.dstack((np.minimum(image[..., :3], cover[..., None]), cover))
    mirror_card(frame, image, matrix, view, clock, 0.42 * who.pose.opacity)


def draw_player(
    frame: Image, view: View, clock: Clock, who: Player, world: World, apart: Apart | None = None
) -> None:
    """Lay the actor and what goes with it over the frame, set apart as its style asks."""
    image = _lit(who, view, world)
    if apart is not None:
        image = apart.mark(image)
    if who.pose.opacity < 0.99:
        image = cv2.multiply(image, (who.pose.opacity,) * 4)
    matrix, grown = who.placed(view)
    lens, opacity = who.cutout.lens, who.pose.opacity
    wet = _under_water(frame, view, who, matrix) if world.afloat else None
    dry = None if wet is None else frame[wet].copy()
    if lens is None:
        warp_over(frame, image, matrix, smooth=grown)
    else:
        lay_glass(frame, image, lens, matrix, smooth=grown, opacity=opacity)
    if who.cutout.material is not None and opacity > 0.5:
        sparkle(frame, who.cutout, matrix, world.light, clock=clock, phase=who.actor.phase)
    if wet is not None:
        frame[wet] = cv2.addWeighted(frame[wet], _MURKY, dry, 1 - _MURKY, 0)
    if world.afloat and who.pose.y < 0.15:
        _foam(frame, view, clock, who, world)
    for emote in who.pose.emotes:
        _draw_emote(frame, view, who, emote, world)


def _under_water(
    frame: Image, view: View, who: Player, matrix: NDArray[np.floating]
) -> tuple[slice, slice] | None:
    """The part of the frame in which a swimmer's body is below the water; None where none is."""
    if who.pose.y >= -_AFLOAT * who.pose.height:
        return None
    tall, wide = who.cutout.image.shape[:2]
    corners = matrix @ np.array([[0, wide, 0, wide], [0, 0, tall, tall], [1, 1, 1, 1]])
    (left, _), (right, bottom) = corners.min(1), corners.max(1)
    x0, x1 = max(0, math.floor(left)), min(frame.shape[1], math.ceil(right))
    y0 = max(0, round(view.project(who.pose.x, 0.0, who.pose.z)[1]))
    y1 = min(frame.shape[0], math.ceil(bottom))
    return (slice(y0, y1), slice(x0, x1)) if x0 < x1 and y0 < y1 else None


def _lit(who: Player, view: View, world: World) -> Image:
    """The cut-out in the world's light: rim, tint and haze, kept for later frames."""
    haze = float(world.light.haze_at(who.pose.z - view.camera.z))
    step = round(haze * HAZE_STEPS)
    mirror = 1.0 if who.stand.mirror >= 0 else -1.0
    # Small figures have no room for a rim.
    strength = world.rim if who.pose.height * view.scale(who.pose.z) > 26 else 0.0

    def light() -> NDArray[np.uint8]:
        image = who.cutout.image
        if strength:
            image = rimmed(image, world.light, strength, mirror)
        return tinted(image, world.light, step / HAZE_STEPS)

    return world.lit.get((who.cutout.key, mirror, step, strength > 0), light)


def _foam(frame: Image, view: View, clock: Clock, who: Player, world: World) -> None:
    """A thin line of foam where a hull or body meets the water."""
    u, v = view.project(who.pose.x, 0.0, who.pose.z)
    half = (
        0.40
        * who.pose.height
        * view.scale(who.pose.z)
        * who.cutout.image.shape[1]
        / who.cutout.image.shape[0]
    )
    rise = max(2.0, half * (0.085 + 0.012 * clock.wave(0.8)))
    colour = tuple(
        float(c) for c in np.clip(world.light.ambient * 250 * (1 - 0.4 * world.light.night), 0, 255)
    )
    fixed = 16
    cv2.ellipse(
        frame, (round(u * fixed), round(v * fixed)), (round(half * fixed), round(rise * fixed)),
        0, 0, 180, colour, max(1, round(view.unit / 220)), cv2.LINE_AA, 4,
    )  # fmt: skip


def _draw_emote(frame: Image, view: View, who: Player, emote: Emote, world: World) -> None:
    """A small sprite beside its actor; hearts, notes and the like shine by themselves."""
    laid = placed_emote(view, who, emote)
    if laid is None:
        return
    cutout, matrix = laid
    image = tinted(cutout.image, world.light, 0.0, emote.opacity, glows=emote.sprite in _GLOWING)
    warp_over(frame, image, matrix)


def placed_emote(
    view: View, who: Player, emote: Emote
) -> tuple[Cutout, NDArray[np.floating]] | None:
    """An emote's cut-out and its 2x3 matrix to the frame; None where it is too small to draw."""
    pixels = emote.height * view.scale(who.pose.z)
    if pixels < 2:
        return None
    cutout = prop(emote.sprite, pixels)
    u, v = view.project(who.pose.x + emote.dx, who.pose.y + emote.dy, who.pose.z)
    size = pixels / cutout.metre
    c, s = math.cos(emote.roll) * size, math.sin(emote.roll) * size
    matrix = np.array([[c, -s, u], [s, c, v]])
    matrix[:, 2] -= matrix[:, :2] @ (cutout.anchor[0], cutout.anchor[1] - cutout.metre / 2)
    return cutout, matrix

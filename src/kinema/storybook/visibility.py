"""What can be seen of a staged scene during a clip, worked out from boxes alone, without drawing.

Bodies are ellipses as wide and high as the art, scenery are boxes; both are projected through the
very camera that the renderer uses, at a few times of the clip. The square frame counts: wider ones
show more. `truth` gives exact masks, at the cost of drawing.

Units: u and v are shorter sides of the frame from its middle, right and down (see `camera`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kinema.storybook.atlas import concepts
from kinema.storybook.bodies import PLUSH_WIDTH, subject_of
from kinema.storybook.camera import Camera
from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import Clock
from kinema.storybook.motion import poses
from kinema.storybook.pose import Pose
from kinema.storybook.render.compose import camera_of
from kinema.storybook.render.photographs import location
from kinema.storybook.render.scenery import PERIOD, Standing, clearing, place_scenery
from kinema.storybook.scene import Actor, Scene

FRAMED: Final = 0.88
"""Share of an actor that must be inside the frame all the time: 0.85 of its exact mask."""
OPEN: Final = 0.78
"""Share of that which nothing may hide: 0.70 of its exact mask."""

_SQUARE = 3.0
_TIMES = 5
_GRID = 9
_EDGE = 0.5
_CARD_FILL = 0.86  # of the box of a piece of scenery, how much its picture covers each way
_THIN = 0.45  # of its full width, below which a body that turns is not recognised
_GONE = 0.15  # metres that somebody must go to be said to go somewhere
_PLANT_WIDTH = 0.5  # of plants close to the lens, over their height

# Points of the unit disc, evenly spread: what a body covers.
_AXIS = (np.arange(_GRID) + 0.5) / _GRID * 2 - 1
_DISC = np.array([(x, y) for x in _AXIS for y in _AXIS if x * x + y * y <= 1.0])


@dataclass(frozen=True, slots=True)
class Seen:
    """How well an actor is seen, at the worst moment of a clip.

    framed: share of its body inside the frame. unhidden: share of that which nothing hides.
    height: in shorter sides of the frame. heading: left, right, away or toward where it goes
    steadily that way, else None. shown: share of the clip's moments at which it is seen well.
    edge_on: True where it turns like a sheet of paper meanwhile, so that it is a line for a moment.
    """

    framed: float
    unhidden: float
    height: float
    heading: str | None
    shown: float
    edge_on: bool = False

    @property
    def well(self) -> bool:
        """True where all of it that matters is seen all the time."""
        return self.framed >= FRAMED and self.unhidden >= OPEN


@dataclass(frozen=True, slots=True)
class Visible:
    """What a clip shows: its actors by id, and the concepts of its scenery, largest first."""

    actors: Mapping[str, Seen]
    scenery: tuple[str, ...] = ()

    def shows(self, actor_id: str) -> bool:
        """True where that actor is seen well during the whole clip."""
        seen = self.actors.get(actor_id)
        return seen is not None and seen.well


@dataclass(frozen=True, slots=True)
class _Body:
    """An ellipse in the picture: its middle, half axes (u, v), and depth."""

    actor: str
    u: float
    v: float
    a: float
    b: float
    z: float


def look(scene: Scene, start: float, seconds: float) -> Visible:
    """See what a clip of a staged scene shows.

    Args:
        scene: A staged scene.
        start: Seconds of the scene's clock at the clip's first frame.
        seconds: The clip's length.

    Returns:
        How well every actor is seen, and what scenery can be made out half way through.

    Raises:
        ValueError: An actor has no place.

    Cost:
        About 1 ms for one actor, most of it the scene's tracks, which drawing needs as well.
    """
    loop = None if scene.loop is None else float(scene.loop)
    moments = [Clock(start + seconds * i / (_TIMES - 1), loop) for i in range(_TIMES)]
    acted = [poses(scene, clock) for clock in moments]
    painted = _is_painted(scene)
    scenic = painted or _has_toys(scene)
    pieces = _pieces(scene.setting, scene.seed, clearing(scene), scenery=scenic)
    foreground = painted and catalogue().settings[scene.setting].foreground is not None
    shares: dict[str, list[tuple[float, float, float]]] = {actor.id: [] for actor in scene.actors}
    scenery: tuple[str, ...] = ()
    for number, (clock, now) in enumerate(zip(moments, acted, strict=True)):
        camera = camera_of(scene, clock, now)
        bodies = [_body(actor, pose, camera) for actor, pose in zip(scene.actors, now, strict=True)]
        cards = _cards(pieces, camera, foreground=foreground)
        for body in bodies:
            shares[body.actor].append(_shares(body, bodies, cards))
        if number == _TIMES // 2:
            scenery = _made_out(pieces, cards, bodies)
    return Visible(
        actors={
            name: Seen(
                framed=min(framed for framed, _, _ in found),
                unhidden=min(unhidden for _, unhidden, _ in found),
                height=min(height for _, _, height in found),
                heading=_heading([next(p for p in now if p.actor == name) for now in acted]),
                shown=sum(f >= FRAMED and o >= OPEN for f, o, _ in found) / len(found),
                edge_on=_turns([p.facing for now in acted for p in now if p.actor == name]),
            )
            for name, found in shares.items()
        },
        scenery=scenery,
    )


def _body(actor: Actor, pose: Pose, camera: Camera) -> _Body:
    """The ellipse around an actor's art in that pose."""
    subject = catalogue().subjects.get(pose.subject) or subject_of(actor)
    scale = camera.scale(pose.z)
    mirror = 1.0
    if subject.body == "plush":
        slender = PLUSH_WIDTH
    else:
        concept = concepts()[subject.sprite]
        slender = (concept.box[2] - concept.box[0]) / concept.height
        mirror = 0.3 + 0.7 * abs(pose.facing)
    half_w = slender * pose.height * pose.stretch_x * mirror / 2 * scale
    half_h = pose.height * pose.stretch_y / 2 * scale
    u, v = camera.project(pose.x, pose.y, pose.z)
    c, s = math.cos(pose.roll), math.sin(pose.roll)
    if pose.pivot == "foot":
        u, v = u + half_h * s, v - half_h * c
    else:
        v -= half_h
    a, b = math.hypot(half_w * c, half_h * s), math.hypot(half_w * s, half_h * c)
    z = math.inf if pose.z - camera.z < 0.8 or pose.opacity <= 0.01 else pose.z
    return _Body(pose.actor, u, v, a, b, z)


def _shares(
    body: _Body, bodies: Sequence[_Body], cards: NDArray[np.floating]
) -> tuple[float, float, float]:
    """Share inside the frame, share of that which nothing hides, and height."""
    if math.isinf(body.z):
        return 0.0, 0.0, 0.0
    points = _DISC * (body.a, body.b) + (body.u, body.v)
    inside = points[(np.abs(points) <= _EDGE).all(1)]
    framed = len(inside) / len(points)
    if not len(inside):
        return 0.0, 0.0, 2 * body.b
    hidden = np.zeros(len(inside), bool)
    for other in bodies:
        if other is not body and other.z < body.z:
            offsets = np.abs(inside - (other.u, other.v)) / (other.a, other.b)
            hidden |= (offsets**_SQUARE).sum(1) <= 1.0  # bodies fill more of a box than ellipses
    near = cards[cards[:, 4] < body.z]
    if len(near):
        x, y = inside[:, 0, None], inside[:, 1, None]
        covered = (x >= near[:, 0]) & (x <= near[:, 2]) & (y >= near[:, 1]) & (y <= near[:, 3])
        hidden |= covered.any(1)
    return framed, 1.0 - float(hidden.mean()), 2 * body.b


@lru_cache(maxsize=64)
def _pieces(
    setting: str, seed: int, clear: float, *, scenery: bool
) -> tuple[tuple[Standing, ...], NDArray[np.floating]]:
    """The scenery of a place, and as rows of x, z, height, and half width over height."""
    placed = place_scenery(catalogue().settings[setting], seed, clear) if scenery else ()
    standing = [piece for piece in placed if not piece.sky]
    rows = []
    for piece in standing:
        concept = concepts()[piece.sprite]
        slender = (concept.box[2] - concept.box[0]) / concept.height
        rows.append((piece.x, piece.z, piece.height, slender / 2, piece.y))
    return tuple(standing), np.array(rows, np.float64).reshape(len(rows), 5)


def _is_painted(scene: Scene) -> bool:
    """False where a photograph stands for the place (the live-action style)."""
    return scene.style != "live_action" or location(scene.setting, scene.time) is None


def _has_toys(scene: Scene) -> bool:
    """True where scenery stands in the photograph."""
    place = location(scene.setting, scene.time)
    return place is not None and place.props


# Where `render.world` lays flowers or leaves before the lens: across the frame, and how high.
_NEAR_PLANTS = ((-0.44, 0.28), (0.43, 0.33), (0.30, 0.18))


def _cards(
    pieces: tuple[tuple[Standing, ...], NDArray[np.floating]], camera: Camera, *, foreground: bool
) -> NDArray[np.floating]:
    """Boxes of the scenery as rows of u0, v0, u1, v1 and depth; last, what is before the lens."""
    rows = pieces[1]
    depth = rows[:, 1] - camera.z
    k = camera.focal / np.maximum(depth, 0.9)
    middle = camera.x - camera.pan / k
    x = rows[:, 0] + np.round((middle - rows[:, 0]) / PERIOD) * PERIOD
    u = camera.pan + (x - camera.x) * k
    v = camera.horizon + (camera.y - rows[:, 4]) * k
    half, top = rows[:, 3] * rows[:, 2] * k * _CARD_FILL, v - rows[:, 2] * k * _CARD_FILL
    z = np.where(depth < 0.9, np.inf, rows[:, 1])
    cards = np.column_stack((u - half, top, u + half, v, z))
    if not foreground:
        return cards
    shift = 1.5 * camera.pan - 0.23 * camera.x
    plants = [
        (across + shift - height * _PLANT_WIDTH / 2, _EDGE - 0.8 * height,
         across + shift + height * _PLANT_WIDTH / 2, _EDGE, -np.inf)
        for across, height in _NEAR_PLANTS
    ]  # fmt: skip
    return np.vstack((cards, plants))


def _made_out(
    pieces: tuple[tuple[Standing, ...], NDArray[np.floating]],
    cards: NDArray[np.floating],
    bodies: Sequence[_Body],
) -> tuple[str, ...]:
    """Concepts of scenery that is in the frame, large enough and not behind somebody."""
    standing = pieces[0]
    boxes = cards[: len(standing)]
    sizes: dict[str, float] = {}
    for piece, (u0, v0, u1, v1, z) in zip(standing, boxes.tolist(), strict=True):
        width, height = u1 - u0, v1 - v0
        if not math.isfinite(z) or height < 0.07 or width <= 0:
            continue
        across = max(0.0, min(u1, _EDGE) - max(u0, -_EDGE)) / width
        upright = max(0.0, min(v1, _EDGE) - max(v0, -_EDGE)) / height
        if across * upright < 0.6:
            continue
        u, v = (u0 + u1) / 2, (v0 + v1) / 2
        behind = any(
            b.z < z and ((u - b.u) / b.a) ** 2 + ((v - b.v) / b.b) ** 2 < 1.2
            for b in bodies
            if b.a > 0 and b.b > 0
        )
        if not behind:
            sizes[piece.sprite] = sizes.get(piece.sprite, 0.0) + width * height
    return tuple(sorted(sizes, key=lambda name: -sizes[name]))


def _turns(facing: Sequence[float]) -> bool:
    """True where a body turns round at one of these moments or between two of them."""
    return min(facing) * max(facing) < 0 or any(abs(one) < _THIN for one in facing)


def _heading(way: Sequence[Pose]) -> str | None:
    """Where an actor goes steadily through these poses; None where it turns or stays."""
    across = np.diff([pose.x for pose in way])
    deep = np.diff([pose.z for pose in way])
    if (across >= 0).all() and across.sum() > _GONE and all(pose.facing > 0 for pose in way):
        return "right"
    if (across <= 0).all() and -across.sum() > _GONE and all(pose.facing < 0 for pose in way):
        return "left"
    if (deep >= 0).all() and deep.sum() > 2 * _GONE:
        return "away"
    return "toward" if (deep <= 0).all() and -deep.sum() > 2 * _GONE else None

"""What the camera can see: the stretch of ground on which a body stays inside the frame.

The square frame is the safe area: wider frames show more, taller ones the same width.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from kinema.storybook.bodies import drawn_height, drawn_width
from kinema.storybook.camera import Camera, camera_at
from kinema.storybook.catalogue import catalogue
from kinema.storybook.clock import CAMERA_REST, Clock
from kinema.storybook.scene import Actor, Beat, Scene

EDGE: Final = 0.47
"""How far from the middle a body may reach, in shorter sides: the frame ends at 0.5."""
TRACK: Final = 24.0
INDOOR_TRACK: Final = 3.0
"""Metres to each side that an actor may go when the camera goes with it, outdoors and indoors."""
NEAR: Final = 4.4
FAR: Final = 13.0
"""Depths between which actors come and go."""
_SAMPLES: Final = 9
_BOTTOM: Final = 0.49
_STEADY: Final = 1e-3  # a camera that turns along so well that x does not matter


def followed(scene: Scene) -> Actor | None:
    """Whom the camera follows: its target, else the first actor; None in an empty scene."""
    for actor in scene.actors:
        if actor.id == scene.camera.target:
            return actor
    return scene.actors[0] if scene.actors else None


def watched(scene: Scene) -> tuple[Actor, ...]:
    """Whom the camera keeps in the frame: all; when it follows, the one and who goes along."""
    lead = followed(scene)
    if lead is None or scene.camera.move != "tracking":
        return scene.actors
    along = {lead.id, *(beat.target for beat in lead.beats if beat.target)}
    for actor in scene.actors:
        first, heads = actor.beats[0], lead.beats[0].direction
        if first.target == lead.id or (first.direction == heads and _travels(first)):
            along.add(actor.id)
    return tuple(actor for actor in scene.actors if actor.id in along)


def _travels(beat: Beat) -> bool:
    return catalogue().actions[beat.action].locomotion


def reach(scene: Scene, actor: Actor, z: float) -> tuple[float, float]:
    """Leftmost and rightmost x (metres) of the actor at depth ``z`` that keep it in the frame.

    It is inside the square frame during the whole camera move. Where there is no such x both are
    the best one.
    """
    lead = followed(scene)
    if scene.camera.move == "tracking":
        indoors = catalogue().settings[scene.setting].wall is not None
        return (-INDOOR_TRACK, INDOOR_TRACK) if indoors else (-TRACK, TRACK)
    return _reach(scene.camera.move, lead is actor, drawn_width(actor) / 2, z)


@lru_cache(maxsize=4096)
def _reach(move: str, leads: bool, half: float, z: float) -> tuple[float, float]:
    low, high = -100.0, 100.0
    for index in range(_SAMPLES):
        clock = Clock(CAMERA_REST * index / (_SAMPLES - 1))
        camera = camera_at(move, clock)
        scale = camera.scale(z)
        shift = camera.project(0.0, 0.0, z)[0]
        slope = scale
        if leads:  # the camera turns towards whom it follows, in proportion to x
            slope += camera_at(move, clock, target_x=1.0).pan - camera.pan
        room = EDGE - half * scale
        if move == "handheld":
            room -= 0.03
        if abs(slope) > _STEADY:
            ends = sorted(((-room - shift) / slope, (room - shift) / slope))
            low, high = max(low, ends[0]), min(high, ends[1])
    if low > high:
        low = high = (low + high) / 2
    return low, high


def nearest(scene: Scene, actor: Actor) -> float:
    """The least depth (metres) at which the whole actor fits into the square frame, and `NEAR`.

    It holds for an actor on the ground, during the whole camera move.
    """
    return _nearest(scene.camera.move, drawn_width(actor), drawn_height(actor))


@lru_cache(maxsize=4096)
def _nearest(move: str, width: float, height: float) -> float:
    least = NEAR
    for c in _cameras(move):
        fits = max(
            width / (2 * EDGE),
            c.y / (_BOTTOM - c.horizon),
            (height - c.y) / (EDGE + c.horizon),
        )
        least = max(least, c.z + c.focal * fits)
    return least


def headroom(scene: Scene, z: float, height: float) -> float:
    """How high (metres) feet can rise at depth ``z`` with a head that far above them in the frame.

    It holds during the whole camera move; 0 where the body does not fit.
    """
    return max(_top(scene.camera.move, z) - height, 0.0)


@lru_cache(maxsize=4096)
def _top(move: str, z: float) -> float:
    return min(c.y + (EDGE + c.horizon) / c.scale(z) for c in _cameras(move))


def _cameras(move: str) -> list[Camera]:
    return [camera_at(move, Clock(CAMERA_REST * i / (_SAMPLES - 1))) for i in range(_SAMPLES)]

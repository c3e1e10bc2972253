"""The pinhole camera and its moves.

Picture coordinates are normalised: u runs right and v down, both in units of the frame's shorter
side, with (0, 0) at the frame's centre; so a scene is the same at every size, and a wider frame
simply shows more. `View.scale` turns them into pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kinema.storybook.clock import Clock

FOCAL = 1.18
"""Focal length at rest, in shorter sides of the frame: a view of 46 degrees."""
EYE = 1.55
"""Height of the camera above the ground at rest, metres."""
ACTION = 6.0
"""Depth at which actors usually stand, metres."""
HORIZON = -0.03
"""Where the horizon lies at rest: just above the middle."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera at one moment: position in metres, and the picture plane in shorter sides.

    A world point (x, y, z) falls on u = pan + (x - self.x) * k, v = horizon + (self.y - y) * k
    with k = focal / (z - self.z).
    """

    x: float = 0.0
    y: float = EYE
    z: float = 0.0
    focal: float = FOCAL
    horizon: float = HORIZON
    pan: float = 0.0

    def scale(self, z: float) -> float:
        """Shorter sides of the frame that one metre spans at depth ``z``."""
        return self.focal / max(z - self.z, 0.05)

    def project(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Where the world point falls, as (u, v)."""
        k = self.scale(z)
        return self.pan + (x - self.x) * k, self.horizon + (self.y - y) * k


def mix(a: Camera, b: Camera, weight: float) -> Camera:
    """The camera on the straight way from ``a`` to ``b``."""
    return Camera(
        **{n: _lerp(getattr(a, n), getattr(b, n), weight) for n in Camera.__slots__},
    )


def _lerp(a: float, b: float, e: float) -> float:
    return a + (b - a) * e


def _static(_: float) -> Camera:
    return Camera()


# Each move is a function from how far it has gone (0 to 1) to a camera.
_MOVES: dict[str, Callable[[float], Camera]] = {
    "static": _static,
    "handheld": _static,
    "tracking": _static,
    "pan_left": lambda e: Camera(pan=_lerp(-0.13, 0.13, e)),
    "pan_right": lambda e: Camera(pan=_lerp(0.13, -0.13, e)),
    "truck_left": lambda e: Camera(x=_lerp(1.0, -1.0, e)),
    "truck_right": lambda e: Camera(x=_lerp(-1.0, 1.0, e)),
    "push_in": lambda e: Camera(z=_lerp(-1.2, 1.5, e)),
    "pull_out": lambda e: Camera(z=_lerp(1.5, -1.6, e)),
    "crane_up": lambda e: Camera(y=_lerp(1.0, 2.9, e), horizon=_lerp(0.05, -0.26, e)),
    "crane_down": lambda e: Camera(y=_lerp(2.9, 1.0, e), horizon=_lerp(-0.26, 0.05, e)),
    "tilt_up": lambda e: Camera(horizon=_lerp(-0.18, 0.08, e)),
    "tilt_down": lambda e: Camera(horizon=_lerp(0.08, -0.14, e)),
    "orbit": lambda e: Camera(x=_lerp(-1.7, 1.7, e), pan=_lerp(-1.7, 1.7, e) * FOCAL / 6.2),
    "zoom_in": lambda e: Camera(focal=FOCAL * _lerp(0.9, 1.45, e)),
    "zoom_out": lambda e: Camera(focal=FOCAL * _lerp(1.45, 0.9, e)),
}

MOVES: tuple[str, ...] = tuple(_MOVES)


def camera_at(
    move: str, clock: Clock, *, target_x: float = 0.0, span: float = 0.0, shake: float = 0.0
) -> Camera:
    """The camera of that move at the clock's time.

    Args:
        move: One of `MOVES`.
        clock: The scene's time, and its loop if it has one.
        target_x: Where the followed actor is, metres; moves that close in keep it in frame.
        span: Half the metres that the actors take up side by side; moves that close in stop before
            the outer ones leave a square frame.
        shake: Phase in turns of a hand-held camera.
    """
    e = clock.travel()
    camera = _MOVES[move](e)
    if move == "tracking":
        return replace(_held_back(camera, span), x=target_x)
    if move == "handheld":
        sway = 0.016 * clock.wave(0.27, shake) + 0.008 * clock.wave(0.62, shake * 2)
        bob = 0.010 * clock.wave(0.37, shake * 3) + 0.006 * clock.wave(0.81)
        return replace(camera, pan=sway, horizon=camera.horizon + bob)
    if move in ("push_in", "zoom_in", "pull_out", "zoom_out"):
        camera = _held_back(camera, span)
        closeness = e if move in ("push_in", "zoom_in") else 1.0 - e
        return replace(camera, pan=-target_x * camera.focal / (ACTION - camera.z) * 0.8 * closeness)
    return camera


def _held_back(camera: Camera, span: float) -> Camera:
    """The camera no closer than shows ``span`` metres either side of the middle, 6 m ahead."""
    widest = 0.46 * (ACTION - camera.z) / camera.focal
    if span <= widest:
        return camera
    back = replace(camera, z=min(camera.z, max(-2.5, ACTION - span * camera.focal / 0.46)))
    widest = 0.46 * (ACTION - back.z) / back.focal
    return replace(back, focal=max(FOCAL * 0.9, back.focal * min(1.0, widest / span)))


@dataclass(frozen=True, slots=True)
class View:
    """A frame of pixels looking through a camera: the only place where pixels meet metres."""

    width: int
    height: int
    camera: Camera

    @property
    def unit(self) -> float:
        """Pixels in one shorter side."""
        return float(min(self.width, self.height))

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return self.camera.focal * self.unit

    @property
    def horizon(self) -> float:
        """Row of the horizon, in pixels from the top."""
        return self.height / 2 + self.camera.horizon * self.unit

    @property
    def centre(self) -> float:
        """Column of the vanishing point, in pixels from the left."""
        return self.width / 2 + self.camera.pan * self.unit

    def scale(self, z: float) -> float:
        """Pixels that one metre spans at depth ``z``."""
        return self.camera.scale(z) * self.unit

    def project(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Column and row of a world point."""
        u, v = self.camera.project(x, y, z)
        return self.width / 2 + u * self.unit, self.height / 2 + v * self.unit

    def half_width_at(self, z: float) -> float:
        """Half the metres that the frame spans sideways at depth ``z``."""
        return self.width / 2 / self.scale(z)

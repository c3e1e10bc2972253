"""What stands about: trees, flowers, houses, furniture. Placed once by setting and seed.

Outdoors the scenery repeats every `PERIOD` metres, so that a tracking shot never runs out of it.
Nothing tall stands where the main subject acts, near z = 6.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kinema.storybook.catalogue import Prop, Setting
from kinema.storybook.scene import Scene

PERIOD = 40.0
"""Metres after which outdoor scenery repeats sideways."""

_STAGE, _DEEP, _LOW = 7.0, 9.2, 0.7  # metres: depths of the stage, and what is not tall


@dataclass(frozen=True, slots=True)
class Standing:
    """One piece of scenery: concept, place (metres), height, whether mirrored, how it sways.

    ``sky`` pieces hang in the sky instead: x and y are then shorter sides from the frame's middle.
    """

    sprite: str
    x: float
    z: float
    y: float
    height: float
    mirrored: bool
    phase: float
    sways: bool
    sky: bool = False


@lru_cache(maxsize=64)
def place_scenery(setting: Setting, seed: int, clear: float = 0.0) -> tuple[Standing, ...]:
    """Scenery of a setting, farthest first; the same for the same seed at every size.

    Nothing tall stands nearer than ``clear`` metres; see `clearing`.
    """
    rng = np.random.default_rng([seed, 37])
    pieces: list[Standing] = []
    for prop in setting.props:
        if prop.where == "wall":
            continue
        for _ in range(_count(prop)):
            pieces.append(_stand(prop, rng, pieces))
    pieces += _along_wall([p for p in setting.props if p.where == "wall"], rng)
    kept = [p for p in pieces if p.sky or p.height < _LOW or not _STAGE < p.z < clear]
    return tuple(sorted(kept, key=lambda piece: -piece.z))


def clearing(scene: Scene) -> float:
    """How deep the place must be clear of tall scenery: to behind the farthest actor.

    In metres, rounded up to halves; 0 where all stand on the stage, on which nothing tall stands.
    """
    deepest = max((actor.place.z for actor in scene.actors if actor.place), default=0.0)
    return math.ceil(2 * deepest) / 2 if deepest > _DEEP else 0.0


def _count(prop: Prop) -> int:
    """Counts in the catalogue are for what a square frame shows; a period holds twice as many."""
    return prop.count if prop.where in ("back", "sky", "wall") else prop.count * 2


def _stand(prop: Prop, rng: np.random.Generator, others: list[Standing]) -> Standing:
    """Find a free spot of the right kind; after twelve tries the least crowded of them."""
    height = float(rng.uniform(prop.low, prop.high))
    mirrored, phase = bool(rng.random() < 0.5), float(rng.random())
    if prop.where == "sky":
        side = 1 if len(others) % 2 else -1
        return Standing(
            prop.sprite, side * float(rng.uniform(0.26, 0.46)), 60.0 + len(others),
            float(rng.uniform(-0.36, -0.12) if len(others) != 1 else rng.uniform(0.2, 0.36)),
            height / 18, mirrored, phase, sways=False, sky=True,
        )  # fmt: skip
    best, best_room = (0.0, 12.0), -math.inf
    for _ in range(12):
        x, z = _SPOTS[prop.where](rng)
        room = min(
            (_distance(x, z, o) - 0.34 * (height + o.height) for o in others if not o.sky),
            default=9.0,
        )
        if room > best_room:
            best, best_room = (x, z), room
        if room > 0:
            break
    return Standing(prop.sprite, best[0], best[1], 0.0, height, mirrored, phase, prop.sways)


def _distance(x: float, z: float, other: Standing) -> float:
    across = abs(x - other.x) % PERIOD
    return math.hypot(min(across, PERIOD - across), (z - other.z) * 0.7)


def _far_spot(rng: np.random.Generator) -> tuple[float, float]:
    z = float(rng.uniform(9.5, 24))
    return float(rng.uniform(-PERIOD / 2, PERIOD / 2)), z


def _near_spot(rng: np.random.Generator) -> tuple[float, float]:
    # In front of the action or behind it, never on it; before the lens, never in the middle.
    if rng.random() < 0.3:
        return _beside_the_middle(rng), float(rng.uniform(4.3, 4.9))
    return float(rng.uniform(-PERIOD / 2, PERIOD / 2)), float(rng.uniform(7.2, 13))


def _beside_the_middle(rng: np.random.Generator) -> float:
    x = float(rng.uniform(1.5, PERIOD / 2))
    return x if rng.random() < 0.5 else -x


def _side_spot(rng: np.random.Generator) -> tuple[float, float]:
    return float(rng.uniform(-PERIOD / 2, PERIOD / 2)), float(rng.uniform(11.4, 15))


def _kerb_spot(rng: np.random.Generator) -> tuple[float, float]:
    return float(rng.uniform(-PERIOD / 2, PERIOD / 2)), float(rng.uniform(9.4, 9.7))


def _back_spot(rng: np.random.Generator) -> tuple[float, float]:
    return float(rng.uniform(1.5, 4.0)) * (1 if rng.random() < 0.5 else -1), float(
        rng.uniform(20, 25)
    )


def _afloat_spot(rng: np.random.Generator) -> tuple[float, float]:
    if rng.random() < 0.3:
        return _beside_the_middle(rng), float(rng.uniform(4.4, 5.0))
    return float(rng.uniform(-PERIOD / 2, PERIOD / 2)), float(rng.uniform(8, 15))


_SPOTS = {
    "far": _far_spot,
    "near": _near_spot,
    "side": _side_spot,
    "kerb": _kerb_spot,
    "back": _back_spot,
    "afloat": _afloat_spot,
}


def _along_wall(props: list[Prop], rng: np.random.Generator) -> Iterator[Standing]:
    """Furniture along the back wall, one piece to a place, the middle last."""
    places = [-2.7, 2.6, -4.6, 4.5, -1.3, 1.5]
    pieces = [prop for prop in props for _ in range(prop.count)]
    for prop, x in zip(pieces, places, strict=False):
        yield Standing(
            prop.sprite, x + float(rng.uniform(-0.2, 0.2)), float(rng.uniform(8.5, 9.0)), 0.0,
            float(rng.uniform(prop.low, prop.high)), bool(rng.random() < 0.5), 0.0, sways=False,
        )  # fmt: skip

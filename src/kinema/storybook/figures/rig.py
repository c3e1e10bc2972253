"""How the limbs of a plush body move: from phase and stride to places and angles.

Rig units: about 240 to a figure's height. x runs right, y down, the ground is y = 0 and the middle
between the feet x = 0. Angles turn clockwise on screen; a limb at angle 0 hangs straight down.

Gait: the left foot (of the screen) lands at ``LANDING`` of a turn of ``swing``, the right one half
a turn later. A foot on the
ground moves backwards at an even speed, relative to the body, over half a turn; that is what keeps
it in place when the body advances by four times ``REACH`` figure heights a turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kinema.storybook.figures.carry import HELD_OUT

REACH = 0.19
"""How far before and behind the body a foot goes at full stride, in figure heights."""

LANDING = 0.25
"""Phase of ``swing`` at which the left foot lands in front: as for all bipeds of this world."""

SHOULDER = (40.0, -90.0)
HIP = (20.0, -34.0)
ANKLE = -17.0
FOOT = -12.0
BODY = -60.0
ARM = 40.0  # from the shoulder to the middle of the paw
LEG = 24.0  # length that a leg is drawn with, before it is stretched


@dataclass(frozen=True, slots=True)
class Foot:
    """A foot: its centre and its turn."""

    x: float
    y: float
    turn: float


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm: shoulder, angle, and layer (0 behind the body, 1 before it, 2 before all)."""

    shoulder: tuple[float, float]
    turn: float
    layer: int

    @property
    def paw(self) -> tuple[float, float]:
        """Where the middle of the paw is."""
        x, y = self.shoulder
        return x - math.sin(self.turn) * ARM, y + math.cos(self.turn) * ARM


@dataclass(frozen=True, slots=True)
class Stance:
    """All that moves: far and near foot, the trunk's rise, lean and head tilt, far and near arm."""

    feet: tuple[Foot, Foot]
    rise: float
    lean: float
    tilt: float
    arms: tuple[Arm, Arm]


def step(phase: float) -> tuple[float, float]:
    """One foot's place in its cycle.

    Args:
        phase: Turns; at 0 the foot lands in front, at 0.5 it leaves the ground behind.

    Returns:
        How far in front of the body it is (1 to -1, a little beyond while in the air) and how high
        it is lifted (0 to 1). On the ground the first falls evenly; in the air it is a cubic that
        meets the ground's speed at both ends, so that the foot neither slips nor stops.
    """
    phase %= 1.0
    if phase < 0.5:
        return 1 - 4 * phase, 0.0
    share = 2 * phase - 1
    # Hermite from -1 to 1 with slope -2 at both ends.
    forward = -1 - 2 * share + 12 * share**2 - 8 * share**3
    return forward, math.sin(math.pi * share) ** 1.5


def stance(
    swing: float, stride: float, facing: float, arms: str, *, height: float, place: str = ""
) -> Stance:
    """Place every limb.

    Args:
        swing: Phase in turns.
        stride: 0 (stands) to 1 (full steps).
        facing: -1 left to 1 right; 0 towards the viewer.
        arms: "swing", "up", "hold", "play" or "rest"; anything else rests.
        height: Of the figure, in rig units.
        place: Where a held thing is (a place of ``carry``); "" for empty paws.
    """
    near = -1 if facing >= 0 else 1  # the screen side of the arm and leg nearer to the viewer
    beat = 2 * math.pi * swing
    gait = swing - LANDING
    turn = 2 * math.pi * gait
    lateral = 21.0 * (1 - 0.55 * stride * abs(facing))
    feet = []
    for side in (-near, near):
        phase = gait if side < 0 else gait + 0.5
        forward, lift = step(phase)
        farther = 2.0 * abs(facing) if side != near else 0.0
        feet.append(
            Foot(
                side * lateral + facing * (REACH * height * stride * forward + 5),
                FOOT - 17 * stride * lift - farther,
                -0.55 * facing * stride * lift * math.cos(2 * math.pi * phase),
            )
        )
    rise = 2.25 * stride * (1 - math.cos(2 * turn))
    far_arm, near_arm = (
        Arm(
            (side * SHOULDER[0] + facing * (7 if side == near else 2), SHOULDER[1] - rise),
            *_arm_turn(side, side == near, beat, turn, stride * facing, arms, place),
        )
        for side in (-near, near)
    )
    return Stance(
        feet=(feet[0], feet[1]),
        rise=rise,
        lean=0.05 * stride * facing + 0.025 * stride * math.sin(turn),
        tilt=0.05 * stride * math.sin(turn + 0.6) + 0.02 * stride * facing,
        arms=(far_arm, near_arm),
    )


def _arm_turn(
    side: int, is_near: bool, beat: float, gait: float, stride: float, arms: str, place: str
) -> tuple[float, int]:
    """Angle and layer of one arm. ``beat`` and ``gait`` are radians; facing signs ``stride``."""
    if arms == "up":
        return -side * (2.2 + 0.25 * math.sin(2 * beat + side)), 2
    if place == "lips" and arms in ("play", "hold"):
        return side * ((1.7 + 0.06 * math.sin(2 * beat)) if is_near else 0.9), 2 if is_near else 0
    if arms == "play":
        return side * ((0.5 + 0.22 * math.sin(2 * beat)) if is_near else 0.2), 2
    if arms == "hold" and place == "belly":
        return side * 0.2, 2
    if place in HELD_OUT and not is_near and arms == "hold":
        return -side * (1.3 + 0.06 * math.sin(beat)), 2
    if place not in HELD_OUT and is_near and arms == "hold":
        # A mouthful goes from the chest to the mouth and back once a turn.
        lifted = 0.7 * (0.5 - 0.5 * math.cos(beat)) if place == "mouth" else 0.0
        return side * (1.15 + lifted), 2
    hang = -side * 0.42 * (1 - 0.3 * abs(stride))
    reach = -side * 0.6 * stride * math.cos(gait) if arms in ("swing", "hold") else 0.0
    return hang + reach, 1 if is_near else 0

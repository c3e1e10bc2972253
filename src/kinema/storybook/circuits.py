"""A way round an oval: how one chases another where the frame is too narrow to run straight on.

There on the near lane, round the end, back on the far lane: who runs behind stays behind, and they
never run through each other. A closed form of time, as all ways (`paths`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from kinema.storybook.paths import RAMP, Step, hop_ground

LANES: Final = 1.5
"""Metres from the near lane of an oval to the far one."""
_EDGE_ON: Final = 0.3  # it looks fully to its side wherever it goes more than so much that way


@dataclass(frozen=True, slots=True)
class Circuit:
    """Round and round an oval, at one speed.

    Args:
        sign: 1 or -1, the direction it sets out in, on the near lane.
        back: Metres behind its start to the end of the oval; ahead: metres before it. Both are more
            than half of `LANES`: it starts on the straight.
        speed: Metres a second.
        stride: Metres a turn of phase.
        rests: True where it starts from rest, else it is at full speed from the beginning of time.
        hops: Phase (turns) at which it starts to hop; None where it does not hop.
    """

    sign: float
    back: float
    ahead: float
    speed: float
    stride: float
    rests: bool = False
    hops: float | None = None

    @property
    def round(self) -> float:
        """Metres of one lap."""
        return 2 * (self.back + self.ahead - LANES) + math.pi * LANES

    def at(self, tau: float) -> Step:
        """The state ``tau`` seconds after the way began."""
        gone, pace = self.speed * tau, 1.0
        if self.rests:
            share = min(max(tau / RAMP, 0.0), 1.0)
            gone = self.speed * (RAMP * share * share / 2 + max(tau - RAMP, 0.0))
            pace = share
        along = gone
        if self.hops is not None:
            made = hop_ground(self.hops + gone / self.stride) - hop_ground(self.hops)
            along = made * self.stride
        dx, dz, heading = self._place(along)
        return Step(
            dx=self.sign * dx,
            dz=dz,
            turns=gone / self.stride,
            heading=self.sign * min(max(heading / _EDGE_ON, -1.0), 1.0),
            pace=pace,
        )

    def _place(self, gone: float) -> tuple[float, float, float]:
        """Metres along and away from the start, and how much it goes along, -1 to 1."""
        radius = LANES / 2
        before, behind = self.ahead - radius, self.back - radius
        bend, straight = math.pi * radius, before + behind
        left = gone - math.floor(gone / self.round) * self.round
        if left < before:
            return left, 0.0, 1.0
        left -= before
        if left < bend:
            angle = left / radius
            along = math.cos(angle)
            return before + radius * math.sin(angle), radius * (1 - along), along
        left -= bend
        if left < straight:
            return before - left, LANES, -1.0
        left -= straight
        if left < bend:
            angle = left / radius
            across = radius * (1 + math.cos(angle))
            return -behind - radius * math.sin(angle), across, -math.cos(angle)
        return left - bend - behind, 0.0, 1.0


def closed_circuit(way: Circuit, *, span: float, quantum: float) -> Circuit:
    """The same oval closed over ``span`` seconds, in whole repeats of the art (``quantum``)."""
    laps = max(1, round(way.speed * span / way.round))
    length = laps * way.round
    repeats = max(1, round(length / (quantum * way.stride)))
    return replace(way, speed=length / span, stride=length / (repeats * quantum))

"""Time inside a scene: everything that moves asks a clock, so that loops close by construction.

Without a loop, a rhythm of ``rate`` turns a second is just ``rate * t``. With a loop of period T
it is rounded to a whole number of turns a period, so that the state at ``t + T`` is that at ``t``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

CAMERA_REST = 4.0
"""Seconds after which a camera move has eased to rest."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The scene's time ``t`` in seconds (may be negative), and its loop period or None."""

    t: float
    loop: float | None = None

    def turns(self, rate: float, phase: float = 0.0) -> float:
        """Turns made by a rhythm of ``rate`` turns a second that started at ``phase`` turns.

        In a loop the rate becomes the nearest whole number of turns a period (at least one, so
        that nothing that moved stands still), keeping its sign.
        """
        if self.loop is None:
            return phase + rate * self.t
        whole = max(1, round(abs(rate) * self.loop)) if rate else 0
        return phase + math.copysign(whole, rate) * self.t / self.loop

    def drift(self, rate: float, phase: float = 0.0) -> float:
        """Like `turns` for slow drifts (clouds): in a loop too short for a turn it stands still."""
        if self.loop is None:
            return phase + rate * self.t
        return phase + round(rate * self.loop) * self.t / self.loop

    def slide(self, speed: float, period: float) -> float:
        """Metres that something endless with a pattern of ``period`` metres has slid, wrapped.

        A loop too short for a whole period sways it there and back instead of stopping it.
        """
        if self.loop is None:
            return (speed * self.t) % period
        whole = round(speed * self.loop / period)
        if whole:
            return (whole * period * self.t / self.loop) % period
        return min(period, abs(speed) * self.loop) / 4 * self.wave(1 / self.loop)

    def wave(self, rate: float, phase: float = 0.0) -> float:
        """A sine of that rhythm, -1 to 1."""
        return math.sin(math.tau * self.turns(rate, phase))

    def travel(self) -> float:
        """How far a camera move has gone, 0 to 1: at rest after four seconds, or there and back."""
        if self.loop is not None:
            return 0.5 - 0.5 * math.cos(math.tau * self.t / self.loop)
        p = min(max(self.t / CAMERA_REST, 0.0), 1.0)
        return p * p * p * (p * (6.0 * p - 15.0) + 10.0)

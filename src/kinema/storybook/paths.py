"""Ways over the ground, as closed forms of the time since their start.

Every way starts at the actor's place (displacement 0) and says, for any time, how far it has come,
how many turns its phase has made, and which way it looks. Distance and phase grow together, so feet
do not slide. With a ``span`` (seconds) a way is back where it began after that time, its phase a
whole number of art loops on: that is how loops close.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

RAMP: Final = 0.35
"""Seconds to reach full speed and to lose it."""
TURN: Final = 0.3
"""Seconds in which a body turns, like a sheet of paper."""
CROSSING: Final = 2.5
"""Nobody crosses the frame in fewer seconds than these."""
_CONTACT: Final = 0.2  # share of a hop that is spent on the ground


@dataclass(frozen=True, slots=True)
class Step:
    """Where a way has come to.

    Metres from its start, turns of phase, heading (-1 left, 1 right, in between while turning),
    pace (share of full speed) and air (0 to 1 through a leap, else 0).
    """

    dx: float = 0.0
    dz: float = 0.0
    turns: float = 0.0
    heading: float = 1.0
    pace: float = 0.0
    air: float = 0.0


class Path(Protocol):
    """A way over the ground."""

    def at(self, tau: float) -> Step:
        """The state ``tau`` seconds after the way began."""
        ...


def ease(p: float) -> float:
    """A smooth step from 0 to 1, flat at both ends."""
    p = min(max(p, 0.0), 1.0)
    return p * p * (3.0 - 2.0 * p)


def hop_flight(turns: float) -> float:
    """How far through its flight a hopper is, 0 to 1; it is on the ground in the first fifth."""
    return max((turns - math.floor(turns) - _CONTACT) / (1.0 - _CONTACT), 0.0)


def hop_squash(turns: float) -> float:
    """How deep a hopper crouches between landing and take-off, 0 to 1."""
    return math.sin(math.pi * min((turns - math.floor(turns)) / _CONTACT, 1.0))


def hop_ground(turns: float) -> float:
    """Hops made over the ground: it stands still between landing and take-off."""
    return math.floor(turns) + hop_flight(turns)


@dataclass(frozen=True, slots=True)
class Stay:
    """Standing on the spot; ``rate`` turns a second where it steps there (a dance)."""

    heading: float = 1.0
    rate: float = 0.0

    def at(self, tau: float) -> Step:
        """The state ``tau`` seconds after the way began."""
        return Step(turns=self.rate * tau, heading=self.heading)


@dataclass(frozen=True, slots=True)
class Shuttle:
    """To and fro on a straight line, slowing down before it turns.

    Args:
        sideways: True along x, False along z.
        sign: 1 or -1, the direction it sets out in.
        back: Metres behind its start that it may go; ahead: metres before it.
        speed: Metres a second between turns.
        stride: Metres a turn of phase.
        looks: Heading that goes with moving ``sign`` along z (along x it looks where it goes).
        ramp: Seconds to gain or lose full speed.
        rests: True where it starts from rest, else it is at full speed from the beginning of time.
        last_turn: Turn after which it does not turn again (a span ends there).
        hops: Phase (turns) at which it starts to hop; None where it does not hop.
        leap: Share of each leg spent in the air, around its middle.
    """

    sideways: bool
    sign: float
    back: float
    ahead: float
    speed: float
    stride: float
    looks: float = 1.0
    ramp: float = RAMP
    rests: bool = False
    last_turn: int | None = None
    hops: float | None = None
    leap: float = 0.0
    length: float = field(init=False)
    leg: float = field(init=False)
    offset: float = field(init=False)

    def __post_init__(self) -> None:
        length = self.back + self.ahead
        object.__setattr__(self, "length", length)
        object.__setattr__(self, "leg", length / self.speed + self.ramp)
        if self.rests:
            offset = self.leg - (self.ahead / self.speed + self.ramp)
        else:
            offset = self._when(self.back)
        object.__setattr__(self, "offset", offset)

    def at(self, tau: float) -> Step:
        """The state ``tau`` seconds after the way began."""
        u = tau + self.offset
        gone = self._distance(u)
        along = gone
        if self.hops is not None:
            hops = self.hops + gone / self.stride
            along = (hop_ground(hops) - hop_ground(self.hops)) * self.stride
        place = along + self.back
        lap = math.floor(place / self.length)
        inside = place - lap * self.length
        moved = self.sign * ((self.length - inside if lap % 2 else inside) - self.back)
        part = u - math.floor(u / self.leg) * self.leg
        begun = u - self.offset if self.rests and u < self.leg else part
        return Step(
            dx=moved if self.sideways else 0.0,
            dz=0.0 if self.sideways else moved,
            turns=gone / self.stride,
            heading=self._heading(u),
            pace=max(min(begun / self.ramp, (self.leg - part) / self.ramp, 1.0), 0.0),
            air=self._air(part),
        )

    def legs(self, tau: float) -> float:
        """Legs gone, as a growing number: whole at each turn."""
        return (tau + self.offset) / self.leg

    def _distance(self, u: float) -> float:
        """Metres gone since the start, ``u`` seconds into the row of legs."""
        if self.rests and u < self.leg:
            first = self.ahead / self.speed + self.ramp
            return self._gone(max(u - self.offset, 0.0), self.ahead, first)
        lap = math.floor(u / self.leg)
        return lap * self.length + self._gone(u - lap * self.leg, self.length, self.leg) - self.back

    def _gone(self, u: float, length: float, leg: float) -> float:
        """Metres gone on one leg: speed rises evenly, holds, falls evenly."""
        if u < self.ramp:
            return self.speed * u * u / (2 * self.ramp)
        if u > leg - self.ramp:
            return length - self.speed * (leg - u) ** 2 / (2 * self.ramp)
        return self.speed * (u - self.ramp / 2)

    def _when(self, gone: float) -> float:
        """The time on a leg at which ``gone`` metres of it are done: the inverse of `_gone`."""
        edge = self.speed * self.ramp / 2
        if gone < edge:
            return math.sqrt(2 * self.ramp * max(gone, 0.0) / self.speed)
        if gone > self.length - edge:
            return self.leg - math.sqrt(2 * self.ramp * max(self.length - gone, 0.0) / self.speed)
        return gone / self.speed + self.ramp / 2

    def _heading(self, u: float) -> float:
        if not self.sideways:
            return self.looks
        turn = round(u / self.leg)
        if self.rests:
            turn = max(turn, 1)
        if self.last_turn is not None:
            turn = min(turn, self.last_turn)
        since = (u - turn * self.leg) / min(TURN, self.leg / 2)
        side = -1.0 if turn % 2 else 1.0
        return self.sign * side * (2.0 * ease(since + 0.5) - 1.0)

    def _air(self, part: float) -> float:
        if not self.leap:
            return 0.0
        p = (part / self.leg - 0.5) / self.leap + 0.5
        return p if 0.0 < p < 1.0 else 0.0


@dataclass(frozen=True, slots=True)
class Arrive:
    """Straight to a place sideways, and there it stays; before its start it was coming already."""

    sign: float
    ahead: float
    speed: float
    stride: float

    def at(self, tau: float) -> Step:
        """The state ``tau`` seconds after the way began."""
        brake = max((self.ahead / self.speed) - RAMP / 2, 0.0)
        if tau < brake:
            gone, pace = self.speed * tau, 1.0
        else:
            q = min((tau - brake) / RAMP, 1.0)
            gone = self.speed * (brake + RAMP * (q - q * q / 2))
            pace = 1.0 - q
        return Step(dx=self.sign * gone, turns=gone / self.stride, heading=self.sign, pace=pace)


@dataclass(frozen=True, slots=True)
class Orbit:
    """Round and round a centre that may move.

    Args:
        centre: The centre (x, z) at a time since the start.
        radius: Metres from the centre, reached within a second from ``first``, where it starts.
        angle: Where on the circle it starts, radians; 0 is to the right of the centre.
        rate: Radians a second, positive away from the camera on the right side.
        stride: Metres a turn of phase.
        ramp: Seconds to reach full speed; 0 where it is under way all the time.
        rests_after: Seconds after which it has come to rest again; None where it does not.
    """

    centre: Callable[[float], tuple[float, float]]
    radius: float
    first: float
    angle: float
    rate: float
    stride: float
    ramp: float = 0.0
    rests_after: float | None = None

    def at(self, tau: float) -> Step:
        """The state ``tau`` seconds after the way began."""
        x0, z0 = self._point(0.0)
        x, z = self._point(tau)
        gone = self._gone(tau)
        heading = -math.copysign(1.0, self.rate) * math.sin(self.angle + self.rate * gone)
        return Step(
            dx=x - x0,
            dz=z - z0,
            turns=abs(self.rate) * self.radius * gone / self.stride,
            heading=min(max(heading / 0.3, -1.0), 1.0),
            pace=self._pace(tau),
        )

    def _point(self, tau: float) -> tuple[float, float]:
        x, z = self.centre(tau)
        radius = self.first + (self.radius - self.first) * ease(tau)
        angle = self.angle + self.rate * self._gone(tau)
        return x + radius * math.cos(angle), z + radius * math.sin(angle)

    def _pace(self, tau: float) -> float:
        if not self.ramp:
            return 1.0
        left = math.inf if self.rests_after is None else self.rests_after - tau
        return min(max(min(tau, left) / self.ramp, 0.0), 1.0)

    def _gone(self, tau: float) -> float:
        """Seconds at full speed that have the same effect."""
        if not self.ramp:
            return tau
        if tau < self.ramp:
            return max(tau, 0.0) ** 2 / (2 * self.ramp)
        if self.rests_after is not None and tau > self.rests_after - self.ramp:
            left = max(self.rests_after - tau, 0.0)
            return self.rests_after - self.ramp - left * left / (2 * self.ramp)
        return tau - self.ramp / 2


def shuttle(way: Shuttle, *, span: float | None, quantum: float, whole: bool) -> Shuttle:
    """The same way made safe: never across in under `CROSSING`, and closed over ``span`` if given.

    Args:
        way: The way as wished.
        span: Seconds after which it must be back with its phase whole; None for an open way.
        quantum: Turns of phase in one repeat of the art.
        whole: True where nothing else happens in the loop: it is under way all the time. Else it
            starts and ends at rest.
    """
    length = way.back + way.ahead
    pace = min(way.speed, length / CROSSING)
    if span is None:
        ahead = max(way.ahead, 1e-3) if way.rests else way.ahead
        top = min(pace, ahead / way.ramp) if way.rests else pace
        return _with(way, ahead=ahead, speed=top)
    rounds = max(1, round(span / (2 * (length / pace + way.ramp)))) if whole else 1
    leg = span / (2 * rounds)
    ramp = min(way.ramp, leg / 3)
    back, room = (way.back, length) if whole else (0.0, max(way.ahead, 1e-3))
    wanted = min(room, way.speed * (leg - ramp))
    repeat = quantum * way.stride / (2 * rounds)  # metres of a leg that one repeat of the art takes
    repeats = max(1, round(wanted / repeat))
    if repeats * repeat > room and repeats > 1:
        repeats -= 1
    fits = min(repeats * repeat, room)
    back = back * fits / length if whole else 0.0
    return Shuttle(
        sideways=way.sideways, sign=way.sign, back=back, ahead=fits - back, looks=way.looks,
        speed=fits / (leg - ramp), stride=2 * rounds * fits / (repeats * quantum), ramp=ramp,
        rests=not whole, last_turn=None if whole else 1, hops=way.hops, leap=way.leap,
    )  # fmt: skip


def _with(way: Shuttle, *, ahead: float, speed: float) -> Shuttle:
    return Shuttle(
        sideways=way.sideways, sign=way.sign, back=way.back, ahead=ahead, looks=way.looks,
        speed=speed, stride=way.stride, ramp=way.ramp, rests=way.rests, hops=way.hops,
        leap=way.leap,
    )  # fmt: skip


def closed_orbit(way: Orbit, *, span: float, quantum: float, whole: bool) -> Orbit:
    """The same circle closed over ``span`` seconds: whole laps, whole repeats of the art.

    See `shuttle` for ``quantum`` and ``whole``.
    """
    ramp = 0.0 if whole else min(RAMP, span / 4)
    laps = max(1, round(abs(way.rate) * span / math.tau))
    length = laps * math.tau * way.first
    repeats = max(1, round(length / (quantum * way.stride)))
    return Orbit(
        centre=way.centre, radius=way.first, first=way.first, angle=way.angle,
        rate=math.copysign(laps * math.tau / (span - ramp), way.rate),
        stride=length / (repeats * quantum), ramp=ramp, rests_after=None if whole else span,
    )  # fmt: skip

"""Gestures: what a body does on top of going somewhere: bobs, leaps, rolls, squash, arms, mouth.

Each is a function of one moment, made of the moment's clock (time since the beat began, closed over
a loop), the phase of the feet and the place on the ground; none keeps a state.

Feet of a plush body touch the ground in front of it at phases 0.25 and 0.75: there every bob is at
its lowest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Final

from kinema.storybook.bodies import swing_amount
from kinema.storybook.clock import Clock
from kinema.storybook.paths import ease, hop_flight, hop_squash

GROWTH: Final = 3.5
"""Seconds in which an actor grows, shrinks or rises; then it rests."""
JUMP_RATE: Final = 0.8
"""Jumps a second; a jump lands whenever its phase is whole."""
BAR_RATE: Final = 0.5
"""Bars of four beats a second of somebody who dances: 120 beats a minute."""
CHEER_RATE: Final = 1.6
"""Small hops a second of somebody who cheers."""
CROUCH: Final = 0.22
"""Share of a jump spent on the ground."""
SIDE_STEP: Final = 0.12
"""Metres that a dancer steps to either side."""
GRAVITY: Final = 6.0
"""Metres a second squared: a gentle fall is read better than a true one."""
RUMBLE: Final = 0.7
"""Seconds that a rocket shakes before it lifts off."""

_BOUNCES: Final = (0.42, 0.2)  # speed kept at the first and second bounce
_LARGER, _SMALLER, _SEED = 1.45, 0.5, 0.6


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a gesture may look at.

    clock: time since the beat began. turns: phase of the feet. pace: share of full speed. air: 0 to
    1 through a leap over somebody. heading: the way it looks. drift: metres gone to the right since
    the beat began. height: metres, as drawn. room: how high the feet can rise inside the frame.
    still: True for art whose legs or body do not move by themselves. plush: True for a toy body.
    trots: True where the figure swings the legs of its art. phase: shifts its rhythms (turns).
    wings: phase of its wings or fins. holds: True where it has something in its hands. first: True
    in its first beat.
    """

    action: str
    manner: str
    clock: Clock
    turns: float
    pace: float
    air: float
    heading: float
    drift: float
    height: float
    room: float
    still: bool
    plush: bool
    trots: bool
    phase: float
    wings: float
    holds: bool
    first: bool

    def wave(self, rate: float, shift: float = 0.0) -> float:
        """A sine of that many turns a second, -1 to 1, at the actor's own phase."""
        return self.clock.wave(rate, self.phase + shift)


@dataclass(frozen=True, slots=True)
class Body:
    """What a gesture makes of a body at rest.

    ``lift`` is height that lasts (a rise), ``y`` height that passes (a jump), metres; ``turn`` is a
    share of facing; the rest as in `pose.Pose`.
    """

    dx: float = 0.0
    y: float = 0.0
    lift: float = 0.0
    roll: float = 0.0
    stretch: float = 1.0
    scale: float = 1.0
    turn: float = 1.0
    stride: float = 0.0
    mouth: float = 0.0
    pivot: str = "foot"
    arms: str = "rest"


def mix(old: Body, new: Body, weight: float, lift_weight: float) -> Body:
    """The body on its way from one gesture to the next; what lasts moves more slowly."""
    values = {
        name: getattr(old, name) + (getattr(new, name) - getattr(old, name)) * weight
        for name in _NUMBERS
    }
    values["lift"] = old.lift + (new.lift - old.lift) * lift_weight
    values["scale"] = old.scale + (new.scale - old.scale) * lift_weight
    centred = weight < 1.0 and "centre" in (old.pivot, new.pivot)
    pivot = "centre" if centred else new.pivot
    return Body(**values, pivot=pivot, arms=new.arms if weight > 0.3 else old.arms)


_NUMBERS: Final = tuple(f.name for f in fields(Body) if f.name not in ("pivot", "arms"))


def gesture(moment: Moment) -> Body:
    """The body of that moment: the action's own gesture, on top of its manner of going."""
    make = _GESTURES.get(moment.action) or _MANNERS.get(moment.manner, _look_around)
    body = make(moment)
    if moment.manner in ("walk", "run") and moment.action in _STEPPING:
        body = _MANNERS[moment.manner](moment)
    if body.arms in ("rest", "swing") and moment.holds:
        body = replace(body, arms="hold")
    return body


def _walk(m: Moment) -> Body:
    """Feet stay on the ground: the body stretches between steps, twice a turn; trotters nod.

    Art without legs that move makes small hops instead, tilting from one side to the other.
    """
    deep = 0.04 if m.still else 0.02
    sway = 0.06 if m.still else 0.035 if m.plush else 0.012
    nods = 0.02 * m.heading * math.sin(2 * math.tau * m.turns) if m.trots else 0.0
    return Body(
        y=0.035 * m.height * m.pace * abs(math.cos(math.tau * m.turns)) if m.still else 0.0,
        stretch=1.0 + deep * m.pace * math.cos(2 * math.tau * m.turns),
        roll=m.pace * (sway * math.sin(math.tau * m.turns) + nods),
        stride=m.pace * swing_amount("walk"),
        arms="swing",
    )


def _run(m: Moment) -> Body:
    """Between two steps both feet are off the ground."""
    high = 0.075 if m.plush or m.still else 0.05 if m.trots else 0.035
    up = 0.5 + 0.5 * math.cos(2 * math.tau * m.turns)
    sway = 0.03 * math.sin(math.tau * m.turns)
    if m.trots:  # four legs pitch instead
        sway = 0.045 * m.heading * (math.sin(2 * math.tau * m.turns) - 1.0)
    return Body(
        y=high * m.height * m.pace * up,
        stretch=1.0 + 0.035 * m.pace * (up - 0.5),
        roll=m.pace * (0.06 * m.heading + sway),
        stride=m.pace * swing_amount("run"),
        arms="swing",
    )


def _hop(m: Moment) -> Body:
    flight, squash = hop_flight(m.turns), hop_squash(m.turns)
    high = min(0.42 * m.height + 0.12, 0.8, m.room)
    return Body(
        y=high * 4 * flight * (1 - flight),
        stretch=1.0 - 0.14 * squash + 0.07 * math.sin(math.pi * flight) * abs(1 - 2 * flight),
        roll=0.10 * m.heading * math.sin(math.tau * flight) * -1.0,
        stride=0.25,
        arms="swing",
    )


def _fly(m: Moment) -> Body:
    climb = math.cos(math.tau * m.clock.turns(0.36, m.phase))
    return Body(
        y=0.16 * m.wave(0.36) + 0.025 * m.height * math.sin(math.tau * m.wings),
        roll=-0.10 * m.heading * climb,
    )


def _swim(m: Moment) -> Body:
    return Body(
        y=0.09 * m.wave(0.4),
        roll=0.06 * m.wave(0.8)
        - 0.05 * m.heading * math.cos(math.tau * m.clock.turns(0.4, m.phase)),
        stretch=1.0 + 0.02 * m.wave(0.8, 0.25),
        stride=0.5,
        arms="swing",
    )


def _sail(m: Moment) -> Body:
    return Body(y=0.03 * m.wave(0.33), roll=0.045 * m.wave(0.27))


def _drive(m: Moment) -> Body:
    """The springs shake with the wheels; the wheels stay on the ground."""
    return Body(
        stretch=1.0 + m.pace * (0.008 * m.wave(4.6) + 0.006 * m.wave(3.1)),
        roll=0.006 * m.pace * m.wave(3.7),
    )


def _glide(m: Moment) -> Body:
    return Body(roll=0.03 * m.wave(0.5), stretch=1.0 + 0.01 * m.wave(0.8))


def _roll(m: Moment) -> Body:
    return Body(roll=m.drift / (m.height / 2), pivot="centre")


def _look_around(m: Moment) -> Body:
    if m.still:
        bounce = abs(m.wave(0.55))
        return Body(
            y=0.05 * m.height * bounce,
            stretch=1.0 + 0.06 * (bounce - 0.45),
            roll=0.05 * m.wave(0.275),
        )
    return Body(stretch=1.0 + 0.012 * m.wave(0.3), roll=0.03 * m.wave(0.21))


def _jump(m: Moment) -> Body:
    q = m.clock.turns(JUMP_RATE, m.phase)
    q -= math.floor(q)
    if q < CROUCH:
        return Body(stretch=1.0 - 0.2 * math.sin(math.pi * q / CROUCH))
    u = (q - CROUCH) / (1.0 - CROUCH)
    high = min(0.75 + 0.2 * m.height, m.room)
    return Body(
        y=high * 4 * u * (1 - u),
        stretch=1.0 + 0.09 * abs(1 - 2 * u) * min(1.0, 8 * u, 8 * (1 - u)),
        stride=0.4 * math.sin(math.pi * u),
        arms="up",
    )


def _cheer(m: Moment) -> Body:
    hop = abs(math.sin(math.pi * m.clock.turns(CHEER_RATE, m.phase)))
    return Body(
        y=min(0.14 * m.height, m.room) * hop,
        stretch=1.0 + 0.06 * (hop - 0.5),
        roll=0.04 * m.wave(0.8),
        arms="up",
        mouth=0.35,
    )


def _dance(m: Moment) -> Body:
    """To 120 beats a minute: down on every beat, a sway in two, a side step in four."""
    beat = 4 * m.clock.turns(BAR_RATE)
    down = abs(math.sin(math.pi * beat))
    side = math.sin(math.pi * beat / 2 + math.tau * m.phase)
    return Body(
        dx=SIDE_STEP * side,
        y=0.05 * m.height * down,
        stretch=1.0 + 0.07 * (down - 0.5),
        roll=0.13 * math.sin(math.pi * beat / 2 + math.pi / 4 + math.tau * m.phase),
        stride=0.45,
        arms="up",
    )


def _sleep(m: Moment) -> Body:
    if m.plush:  # lies on its side, as toys do; its middle stays where it stood
        lean = 1.3 * m.heading
        return Body(
            dx=-math.sin(lean) * m.height * 0.42, y=0.13 * m.height, roll=lean,
            stretch=0.97 + 0.025 * m.wave(0.28),
        )  # fmt: skip
    return Body(stretch=0.95 + 0.03 * m.wave(0.28), roll=-0.05 * m.heading)


def _shiver(m: Moment) -> Body:
    return Body(dx=0.022 * m.wave(5.3), stretch=0.98 + 0.006 * m.wave(4.1))


def _spin(m: Moment) -> Body:
    return Body(
        turn=math.cos(math.tau * m.clock.turns(0.7)), stretch=1.0 + 0.02 * m.wave(1.4), arms="up"
    )


def _grow(m: Moment) -> Body:
    start = _SEED if m.first else 1.0
    return _sized(m, start, _LARGER if not m.first else 1.25)


def _shrink(m: Moment) -> Body:
    return _sized(m, 1.25 if m.first else 1.0, _SMALLER)


def _sized(m: Moment, start: float, end: float) -> Body:
    end = min(end, 1.0 + m.room / m.height)
    if m.clock.loop is None:
        share = ease(m.clock.t / GROWTH)
    else:
        share = 0.5 - 0.5 * math.cos(math.tau * m.clock.t / m.clock.loop)
    busy = 4 * share * (1 - share)
    return Body(
        scale=start + (end - start) * share,
        stretch=1.0 + 0.012 * m.wave(0.3) + 0.03 * busy * m.wave(1.7),
        roll=0.03 * m.wave(0.21),
    )


def fall_height(room: float) -> float:
    """Height in metres that somebody falls from, with that much room to the frame's top."""
    return min(max(room, 1.2), 3.0)


def fall_rate(room: float) -> float:
    """Falls a second in a loop, where one falls and springs up again."""
    return 1.0 / (2 * math.sqrt(2 * fall_height(room) / GRAVITY))


def landings(high: float) -> tuple[float, ...]:
    """Seconds after which a fall from that height touches the ground: the fall and its bounces."""
    at = math.sqrt(2 * high / GRAVITY)
    times, speed = [at], GRAVITY * at
    for kept in _BOUNCES:
        at += 2 * kept * speed / GRAVITY
        times.append(at)
    return tuple(times)


def _fall(m: Moment) -> Body:
    high = fall_height(m.room)
    if m.clock.loop is not None:  # a loop falls and springs up again
        q = m.clock.turns(fall_rate(m.room), 0.5)
        q -= math.floor(q)
        return Body(y=high * 4 * q * (1 - q), stretch=_landed(min(q, 1 - q) * 1.2), arms="up")
    tau = max(m.clock.t, 0.0)
    times = landings(high)
    if tau < times[0]:
        longer = 0.05 * min(tau, 4 * (times[0] - tau))
        return Body(y=high - GRAVITY * tau * tau / 2, stretch=1.0 + longer, arms="up")
    for start, end in pairwise(times):
        if tau < end:
            y = GRAVITY * (tau - start) * (end - tau) / 2
            return Body(y=y, stretch=_landed(min(tau - start, end - tau)))
    since = tau - times[-1]
    return mix(Body(stretch=_landed(since)), _look_around(m), ease(since), 0.0)


def _landed(since: float) -> float:
    """Squash after touching the ground, springing back; symmetric before it leaves again."""
    return 1.0 - 0.22 * math.exp(-8.0 * since) * math.sin(18.0 * since)


def _rise(m: Moment) -> Body:
    share = _there_and_back(m, ease(m.clock.t / GROWTH))
    return Body(
        lift=min(1.7, m.room) * share, y=0.05 * share * m.wave(0.4), roll=0.05 * m.wave(0.3)
    )


def _launch(m: Moment) -> Body:
    p = min(max((m.clock.t - RUMBLE) / (GROWTH - RUMBLE), 0.0), 1.0)
    share = _there_and_back(m, p * p * ease(p) ** 0.5)
    shake = 0.018 * (1.0 - share)
    return Body(lift=m.room * share, dx=shake * m.wave(5.3), roll=0.02 * share * m.wave(0.7))


def _there_and_back(m: Moment, share: float) -> float:
    if m.clock.loop is None:
        return share
    return 0.5 - 0.5 * math.cos(math.tau * m.clock.t / m.clock.loop)


def _jump_over(m: Moment) -> Body:
    if m.manner == "rest":
        return _jump(m)
    going = _MANNERS[m.manner](m)
    up = 4 * m.air * (1 - m.air)  # between leaps it runs close to the ground
    tilt = math.sin(math.pi * m.air) * (2 * m.air - 1)
    grounded = 1.0 - min(1.0, 6 * up)
    return replace(
        going,
        y=up * m.room,
        roll=going.roll * grounded + 0.3 * m.heading * tilt,
        stretch=1.0 + (going.stretch - 1.0) * grounded + 0.2 * up * (1 - up),
        arms="up" if up > 0.1 else going.arms,
    )


def _eat(m: Moment) -> Body:
    bite = m.clock.turns(0.85, m.phase)
    chew = max(math.sin(math.tau * bite), 0.0)
    return Body(
        mouth=0.75 * chew * chew,
        stretch=1.0 + 0.02 * m.wave(1.7),
        roll=0.02 * m.wave(0.425),
        arms="hold",
    )


def _play(m: Moment) -> Body:
    beat = abs(math.sin(math.pi * 2 * m.clock.turns(1.0)))
    return Body(roll=0.05 * m.wave(0.5), stretch=1.0 + 0.025 * (beat - 0.5), arms="play")


def _read(m: Moment) -> Body:
    return Body(stretch=1.0 + 0.01 * m.wave(0.3), roll=0.025 * m.wave(0.17), arms="hold")


def _wave(m: Moment) -> Body:
    return Body(roll=0.06 * m.wave(1.1), stretch=1.0 + 0.015 * m.wave(1.1, 0.25), arms="up")


def _float(m: Moment) -> Body:
    return Body(
        y=0.14 * m.wave(0.28),
        dx=0.16 * m.wave(0.14),
        roll=0.08 * m.wave(0.2),
        stride=0.2,
        arms="swing",
    )


def _sit(m: Moment) -> Body:
    """Plump on the ground: broad and low, breathing, now and then shifting its weight."""
    low = 0.8 if m.plush else 0.9
    return Body(
        stretch=low + 0.014 * m.wave(0.3), roll=0.035 * m.wave(0.16) + 0.012 * m.wave(0.43),
        arms="rest",
    )  # fmt: skip


def _bow(m: Moment) -> Body:
    """Down slowly, a while at the bottom, up again."""
    deep = _pulse(m, 0.4, 0.42)
    lean = 0.42 if m.plush else 0.3
    return Body(roll=lean * m.heading * deep, stretch=1.0 - 0.13 * deep, mouth=0.1 * deep)


def _nod(m: Moment) -> Body:
    """Two quick dips, then a look; the head is most of a body here, so the body dips."""
    dip = _pulse(m, 0.6, 0.16) + _pulse(m, 0.6, 0.16, 0.24)
    return Body(roll=0.11 * m.heading * dip + 0.02 * m.wave(0.21), stretch=1.0 - 0.085 * dip)


def _hug(m: Moment) -> Body:
    """Leans in, squeezes gently, sways with the other."""
    squeeze = 0.5 + 0.5 * math.sin(math.tau * m.clock.turns(0.45))
    return Body(
        roll=m.heading * (0.1 + 0.05 * squeeze) + 0.035 * math.sin(math.tau * m.clock.turns(0.225)),
        stretch=1.0 + 0.03 * squeeze,
        dx=0.05 * m.heading * squeeze,
        arms="hold" if m.holds else "play",
    )


def _sneak(m: Moment) -> Body:
    """On tiptoe: low, leaning forward, rising at every step."""
    going = _MANNERS.get(m.manner, _look_around)(m)
    if m.manner != "walk":
        return replace(going, stretch=going.stretch - 0.08)
    up = 0.5 + 0.5 * math.cos(2 * math.tau * m.turns)
    return replace(
        going,
        y=going.y + 0.05 * m.height * m.pace * up,
        stretch=0.86 + 0.07 * up,
        roll=0.12 * m.heading + 1.5 * going.roll,
        arms="up",
    )


def _stumble(m: Moment) -> Body:
    """Trips, catches itself with its arms in the air, wobbles and stands."""
    q = m.clock.turns(0.42, m.phase)
    q -= math.floor(q)
    trip = _pulse(m, 0.42, 0.3)
    after = max(q - 0.3, 0.0) * (1.0 - q)
    wobble = math.sin(math.tau * 4 * (q - 0.3)) * 1.6 * after
    return Body(
        dx=0.14 * m.height * m.heading * trip,
        y=0.06 * m.height * trip,
        roll=m.heading * (0.5 * trip - 0.5 * wobble),
        stretch=1.0 - 0.05 * trip,
        stride=0.5 * min(1.0, trip + 2.0 * abs(wobble)),
        arms="up" if 0.06 < q < 0.75 else "rest",
    )


def _rock(m: Moment) -> Body:
    """From one foot to the other, as a boat or a rocking chair does."""
    side = m.wave(0.45)
    return Body(
        roll=0.24 * side, y=0.02 * m.height * side * side, stretch=1.0 + 0.012 * m.wave(0.9)
    )


def _bounce(m: Moment) -> Body:
    """Like a rubber ball: flat at the bottom, long on the way."""
    q = m.clock.turns(1.25, m.phase)
    q -= math.floor(q)
    if q < 0.2:
        return Body(stretch=1.0 - 0.26 * math.sin(math.pi * q / 0.2), stride=0.1)
    u = (q - 0.2) / 0.8
    high = min(0.35 * m.height + 0.2, 0.9, m.room)
    return Body(
        y=high * 4 * u * (1 - u),
        stretch=1.0 + 0.1 * abs(1 - 2 * u) * min(1.0, 6 * u, 6 * (1 - u)),
        roll=0.05 * m.wave(0.625),
        stride=0.1 + 0.3 * math.sin(math.pi * u),
        arms="up" if 0.15 < u < 0.85 else "rest",
    )


def _wink(m: Moment) -> Body:
    """A cheeky tilt to one side, with a little pop."""
    tilt = _pulse(m, 0.45, 0.45)
    return Body(
        roll=0.2 * m.heading * tilt, y=0.03 * m.height * tilt,
        stretch=1.0 + 0.05 * tilt - 0.06 * _pulse(m, 0.45, 0.12), mouth=0.25 * tilt,
    )  # fmt: skip


def _meet(m: Moment) -> Body:
    """Walks up to the other; who has arrived nods to it."""
    going = _MANNERS.get(m.manner, _look_around)(m)
    still = max(0.0, 1.0 - 4.0 * m.pace)
    dip = still * _pulse(m, 0.5, 0.3)
    return replace(
        going, roll=going.roll + 0.16 * m.heading * dip, stretch=going.stretch - 0.05 * dip
    )


def _pulse(m: Moment, rate: float, share: float, shift: float = 0.0) -> float:
    """A smooth bump from 0 to 1 and back, that takes that share of each turn."""
    q = m.clock.turns(rate, m.phase - shift)
    q -= math.floor(q)
    return math.sin(math.pi * q / share) ** 2 if q < share else 0.0


_STEPPING: Final = ("walk", "run", "chase", "flee", "follow", "circle")

_MANNERS: Final[dict[str, Callable[[Moment], Body]]] = {
    "walk": _walk, "run": _run, "hop": _hop, "fly": _fly, "swim": _swim, "sail": _sail,
    "drive": _drive, "roll": _roll, "glide": _glide, "rest": _look_around,
}  # fmt: skip

_GESTURES: Final[dict[str, Callable[[Moment], Body]]] = {
    "look_around": _look_around, "jump": _jump, "float": _float, "spin": _spin, "dance": _dance,
    "sleep": _sleep, "shiver": _shiver, "grow": _grow, "shrink": _shrink, "fall": _fall,
    "rise": _rise, "launch": _launch, "jump_over": _jump_over, "eat": _eat, "play": _play,
    "read": _read, "wave": _wave, "cheer": _cheer, "sit": _sit, "bow": _bow, "nod": _nod,
    "hug": _hug, "sneak": _sneak, "stumble": _stumble, "rock": _rock, "bounce": _bounce,
    "wink": _wink, "meet": _meet,
}  # fmt: skip
"""Actions with a gesture of their own; all others are moved by their manner of going alone."""

"""Blocking: who goes where and when in a staged scene, worked out once a scene.

Each beat gets a way over the ground (`paths`) that starts where the one before ended. Actors that
set out together keep their formation; a chase shares one way, one behind the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from kinema.storybook import bodies
from kinema.storybook.bodies import AIRBORNE, drawn_height, drawn_width, subject_of
from kinema.storybook.catalogue import catalogue
from kinema.storybook.circuits import LANES, Circuit, closed_circuit
from kinema.storybook.framing import FAR, nearest, reach
from kinema.storybook.paths import (
    CROSSING,
    RAMP,
    Arrive,
    Orbit,
    Path,
    Shuttle,
    Stay,
    closed_orbit,
    shuttle,
)
from kinema.storybook.relations import meeting, mount_of, pack, partner
from kinema.storybook.scene import Actor, Beat, Scene
from kinema.storybook.tracks import Coast, Stretch, Track, wrapped

STEP_RATE = 1.0
"""Turns a second of a body that steps on the spot (a dance: two steps a second)."""
HOVER = 1.2
"""Height in metres at which a body flies that stood on the ground before."""

_LAPS = 0.62  # walking metres a second become laps on a circle of about 1.4 m
_SETTLE = 1.4  # seconds at most to make the last step
_TINY = 1e-4
_MATCH = 1.7  # those whose speeds differ by less go at one speed
_LONG = 10.0  # metres; a chase on a shorter way runs round an oval
_LEAP = 0.46  # share of its time that a run over somebody spends in the air


@lru_cache(maxsize=32)
def block(scene: Scene, loop: float | None) -> dict[str, Track]:
    """The tracks of all actors of a staged scene by id; cached, not to be changed.

    Raises:
        ValueError: An actor has no place; `director.stage` gives it one.
    """
    return _Builder(scene, loop).build()


class _Builder:
    """Lays the beats of all actors on their tracks, in the order of time."""

    def __init__(self, scene: Scene, loop: float | None) -> None:
        self.scene = scene
        self.loop = loop
        self.actors = {actor.id: actor for actor in scene.actors}
        self.beats = {actor.id: _beats(actor, loop) for actor in scene.actors}
        self.done: dict[str, list[Stretch]] = {actor.id: [] for actor in scene.actors}
        for actor in scene.actors:
            if actor.place is None:
                raise ValueError(f"actor {actor.id!r} has no place: stage the scene first")

    def build(self) -> dict[str, Track]:
        starts = [
            (float("-inf") if index == 0 else float(beat.at), index, actor_id)
            for actor_id, beats in self.beats.items()
            for index, beat in enumerate(beats)
        ]
        for _, together in groupby(sorted(starts, key=lambda s: s[0]), key=lambda s: s[0]):
            self._lay([(self.actors[actor_id], index) for _, index, actor_id in together])
        return {actor_id: self._track(actor) for actor_id, actor in self.actors.items()}

    def _track(self, actor: Actor) -> Track:
        laid = self.done[actor.id]
        if self.loop is not None and len(laid) > 1:  # the last beat turns into the first
            laid[0] = replace(laid[0], facing=laid[-1].ground(self.loop).facing)
        return Track(self.scene, actor, subject_of(actor), tuple(laid), mount_of(self.scene, actor))

    def _lay(self, together: Sequence[tuple[Actor, int]]) -> None:
        """Add the stretches of beats that begin at the same time."""
        drafts = [self._draft(actor, index) for actor, index in together]
        shuttles = [draft for draft in drafts if draft.way is not None]
        _keep_formation(self.scene, shuttles)
        for draft in drafts:
            self.done[draft.actor.id].append(self._finish(draft))

    def _draft(self, actor: Actor, index: int) -> _Draft:
        beats = self.beats[actor.id]
        beat, place = beats[index], actor.place
        assert place is not None
        way = bodies.manner(self.scene, actor, beat.action)
        begin = float(beat.at)
        alone = len(beats) == 1
        span = None
        if self.loop is not None:
            begin = begin if index else 0.0
            end = float(beats[index + 1].at) if index + 1 < len(beats) else self.loop
            span = end - begin
        x, z, turns, facing, coast = place.x, place.z, 0.0, float(place.facing), Coast()
        before = self.done[actor.id]
        if before:
            old = before[-1].ground(begin)
            turns, facing = old.turns, old.facing
            if self.loop is None:
                x, z = old.x, old.z
                coast = self._coast(actor, before[-1], begin, goes=way != "rest")
        elif way in ("walk", "run", "hop", "drive"):
            turns = actor.phase
        draft = _Draft(actor, beat, way, begin, span, alone, x, z, turns, facing, coast, not before)
        draft.way = self._shuttle(draft)
        return draft

    def _coast(self, actor: Actor, last: Stretch, at: float, *, goes: bool) -> Coast:
        """How the speed at the end of a stretch runs out; who stops makes its last step whole."""
        now, ago = last.ground(at), last.ground(at - _TINY)
        vx, vz, vt = (
            (a - b) / _TINY for a, b in ((now.x, ago.x), (now.z, ago.z), (now.turns, ago.turns))
        )
        seconds = RAMP
        if not goes and vt > 0.05 and math.hypot(vx, vz) > 0.02 and last.manner != "hop":
            least = now.turns + vt * RAMP / 2
            seconds = min(2 * (math.ceil(2 * least - 1e-6) / 2 - now.turns) / vt, _SETTLE)
            low, high = reach(self.scene, actor, now.z)
            end = now.x + vx * seconds / 2
            seconds = seconds if low <= end <= high else RAMP
        return Coast(vx, vz, vt, seconds, now.pace)

    def _shuttle(self, draft: _Draft) -> Shuttle | None:
        """The to and fro of a beat that covers ground, before formation; None for other beats."""
        actor, beat = draft.actor, draft.beat
        if draft.manner == "rest" or self._orbits(actor, beat) or mount_of(self.scene, actor):
            return None
        x, z = draft.rest_place()
        sideways = beat.direction not in ("toward", "away")
        if sideways:
            low, high = limits(self.scene, actor, z, self._stands)
            sign = -1.0 if beat.direction == "left" else 1.0
            over = self._vaulted(actor, beat)
            if over is not None:
                low, high = over
                sign = 1.0 if x <= (low + high) / 2 else -1.0
        else:
            low, high, over = self._closest(actor, x), FAR, None
            sign = -1.0 if beat.direction == "toward" else 1.0
        at = x if sideways else z
        back, ahead = max(at - low, 0.0), max(high - at, 0.0)
        if sign < 0:
            back, ahead = ahead, back
        if not draft.first and ahead < 0.35 < back:
            sign, back, ahead = -sign, ahead, back
        return Shuttle(
            sideways=sideways, sign=sign, back=back, ahead=max(ahead, _TINY),
            speed=bodies.speed(actor, beat.action, draft.manner, beat.pace),
            stride=bodies.stride(actor, beat.action, draft.manner),
            looks=math.copysign(1.0, draft.facing),
            rests=not draft.first and self.loop is None,
            hops=draft.turns if draft.manner == "hop" else None,
            leap=_LEAP if over is not None else 0.0,
        )  # fmt: skip

    def _closest(self, actor: Actor, x: float) -> float:
        """How near somebody at that x may come and still be wholly in the frame."""
        z = nearest(self.scene, actor)
        while z < FAR - 1.0:
            low, high = reach(self.scene, actor, z)
            if low <= x <= high:
                break
            z += 0.25
        return z

    def _finish(self, draft: _Draft) -> Stretch:
        actor, beat, span = draft.actor, draft.beat, draft.span
        path: Path
        way = draft.way
        if way is None:
            path = self._standing(draft)
        elif way.back + way.ahead < 0.2:
            path = Stay(way.sign)
        elif draft.oval:
            path = _circuit(way, span, quantum(actor))
        elif span is None and self._meets(actor, beat) and way.sideways:
            path = self._arrival(draft, way)
        else:
            path = shuttle(way, span=span, quantum=quantum(actor), whole=draft.alone)
        return Stretch(
            begin=draft.begin, span=span, beat=beat, manner=draft.manner, path=path,
            x=draft.x, z=draft.z, turns=draft.turns, facing=None if draft.first else draft.facing,
            coast=draft.coast, altitude=self._altitude(draft), first=draft.first,
            subject=bodies.shown(actor, beat.action), arrived=bodies.shown(actor, "look_around"),
            leap_height=self._leap_height(draft),
        )  # fmt: skip

    def _standing(self, draft: _Draft) -> Path:
        actor, beat = draft.actor, draft.beat
        if self._orbits(actor, beat):
            return self._orbit(draft)
        other = self.actors.get(beat.target or "")
        heading = math.copysign(1.0, draft.facing)
        if other is not None and other.id != actor.id and not draft.first:
            heading = 1.0 if self._stands(other, draft.begin)[0] >= draft.x else -1.0
        rate = STEP_RATE if beat.action == "dance" else 0.0
        if draft.span is not None and rate:
            whole = quantum(actor)
            rate = max(1, round(rate * draft.span / whole)) * whole / draft.span
        return Stay(heading, rate)

    def _orbits(self, actor: Actor, beat: Beat) -> bool:
        if mount_of(self.scene, actor):
            return False
        if beat.action == "circle":
            return True
        goes = bodies.manner(self.scene, actor, beat.action) != "rest"
        return goes and partner(self.scene, actor, ("circling",), "circle") is not None

    def _orbit(self, draft: _Draft) -> Path:
        actor = draft.actor
        other = partner(self.scene, actor, ("circling",), draft.beat.action)
        x, z = draft.rest_place()
        if other is None:
            radius = min(1.0, max(0.45, 1.3 - drawn_width(actor) / 2))
            spot = (x + radius * (1.0 if x < 0 else -1.0), z)
            centre = _fixed(spot)
            first = radius
        else:
            centre = self._centre(other, draft.begin, follows=draft.span is None or draft.alone)
            spot = centre(0.0)
            first = max(math.hypot(x - spot[0], z - spot[1]), 0.1)
            radius = first if draft.first else orbit_radius(actor, other)
        way = "walk" if draft.manner == "rest" else draft.manner
        pace = bodies.speed(actor, draft.beat.action, way, draft.beat.pace)
        turning = -1.0 if draft.facing > 0 else 1.0  # in front of the centre it goes where it looks
        angle = math.atan2(z - spot[1], x - spot[0])
        if math.sin(angle) > 0:
            turning = -turning
        orbit = Orbit(
            centre=centre, radius=radius, first=first, angle=angle,
            rate=-turning * min(pace / radius, math.tau * _LAPS / CROSS_LAP),
            stride=bodies.stride(actor, draft.beat.action, way),
            ramp=0.0 if draft.first else RAMP,
        )  # fmt: skip
        if draft.span is None:
            return orbit
        return closed_orbit(orbit, span=draft.span, quantum=quantum(actor), whole=draft.alone)

    def _centre(
        self, other: Actor, begin: float, *, follows: bool
    ) -> Callable[[float], tuple[float, float]]:
        """Where the other is, ``tau`` seconds after ``begin``.

        It is one place for all time where the other circles as well, or where ``follows`` is false:
        a beat of a loop must end where it began.
        """
        if any(self._orbits(other, beat) for beat in self.beats[other.id]):
            return _fixed(self._stands(other, 0.0))
        if not follows:
            return _fixed(self._stands(other, begin))
        return lambda tau: self._stands(other, wrapped(begin + tau, self.loop))

    def _stands(self, actor: Actor, t: float) -> tuple[float, float]:
        """Where the actor is at ``t``, as far as its track is laid."""
        laid = self.done[actor.id]
        if laid and not (t == 0.0 and isinstance(laid[0].path, Orbit)):
            on = [stretch for stretch in laid if stretch.begin <= t] or laid[:1]
            ground = on[-1].ground(t)
            return ground.x, ground.z
        assert actor.place is not None
        return actor.place.x, actor.place.z

    def _vaulted(self, actor: Actor, beat: Beat) -> tuple[float, float] | None:
        """Where a run over somebody begins and ends (x)."""
        goes = beat.action == "jump_over" or bodies.manner(self.scene, actor, beat.action) != "rest"
        other = partner(self.scene, actor, ("jumping_over",), "jump_over") if goes else None
        if other is None:
            return None
        x, _ = self._stands(other, float(beat.at))
        half = (drawn_width(actor) + drawn_width(other)) / 2 + 0.75
        return x - half, x + half

    def _leap_height(self, draft: _Draft) -> float | None:
        if draft.way is None or not draft.way.leap:
            return None
        other = partner(self.scene, draft.actor, ("jumping_over",), "jump_over")
        return None if other is None else 0.3 + 0.9 * drawn_height(other)

    def _meets(self, actor: Actor, beat: Beat) -> bool:
        return beat.at == 0 and meeting(self.scene, actor) is not None

    def _arrival(self, draft: _Draft, way: Shuttle) -> Path:
        other = meeting(self.scene, draft.actor)
        assert other is not None and other.place is not None
        gap = (drawn_width(draft.actor) + drawn_width(other)) / 2 + 0.12
        sign = 1.0 if other.place.x >= draft.x else -1.0
        both = bodies.manner(self.scene, other, self.beats[other.id][0].action) != "rest"
        ahead = (abs(other.place.x - draft.x) - gap) * (0.5 if both else 1.0)
        if ahead < 0.1:
            return Stay(sign)
        return Arrive(sign, ahead, min(way.speed, ahead / 1.2), way.stride)

    def _altitude(self, draft: _Draft) -> float:
        """Height of the actor's feet over the ground in this beat, before bobbing."""
        actor = draft.actor
        assert actor.place is not None
        if mount_of(self.scene, actor) is not None:
            return 0.0  # its mount carries it
        medium = catalogue().settings[self.scene.setting].medium
        first = self.beats[actor.id][0]
        flew = first.action in AIRBORNE or bodies.manner(self.scene, actor, first.action) == "fly"
        flies = draft.beat.action == "float" or draft.manner == "fly"
        if draft.first or flies == flew or medium in ("space", "air", "underwater"):
            return actor.place.y
        return HOVER if flies else 0.0


@dataclass(slots=True)
class _Draft:
    """A stretch in the making."""

    actor: Actor
    beat: Beat
    manner: str
    begin: float
    span: float | None
    alone: bool
    x: float
    z: float
    turns: float
    facing: float
    coast: Coast
    first: bool
    way: Shuttle | None = None
    oval: bool = False

    def rest_place(self) -> tuple[float, float]:
        """Where the actor would be once its old speed has run out."""
        slid = 0.0 if self.first else self.coast.gone(self.coast.seconds)
        return self.x + self.coast.x * slid, self.z + self.coast.z * slid


CROSS_LAP = 2.2
"""Seconds that no lap around somebody takes less than."""


def quantum(actor: Actor) -> float:
    """Turns of phase after which all the actor's art and its legs are where they were."""
    whole = 1
    for beat in actor.beats:
        art = bodies.shown(actor, beat.action)
        if art.loop in ("gait", "wheels"):
            whole = math.lcm(whole, Fraction(art.cycles).limit_denominator(8).numerator)
    return float(whole)


def orbit_radius(actor: Actor, other: Actor) -> float:
    """Metres between the centres of two bodies, one of which goes round the other."""
    return 0.55 + (drawn_width(actor) + drawn_width(other)) / 2


def limits(
    scene: Scene, actor: Actor, z: float, stands: Callable[[Actor, float], tuple[float, float]]
) -> tuple[float, float]:
    """Leftmost and rightmost x of the actor: in the frame, on its side of whom it stays beside."""
    low, high = reach(scene, actor, z)
    others = {other.id: other for other in scene.actors}
    for other in scene.actors:
        if partner(scene, other, ("circling",), "circle") is actor:  # room for who circles it
            pad = orbit_radius(other, actor) + (drawn_width(other) - drawn_width(actor)) / 2
            pad = max(min(pad, (high - low - 0.8) / 2), 0.0)
            low, high = low + pad, high - pad
    for relation in scene.relations:
        if relation.subject != actor.id or relation.kind not in ("left_of", "right_of"):
            continue
        other = others.get(relation.object)
        if other is None or _travels(scene, other):
            continue
        gap = (drawn_width(actor) + drawn_width(other)) / 2
        edge = stands(other, 0.0)[0]
        if relation.kind == "left_of":
            high = max(min(high, edge - gap), low)
        else:
            low = min(max(low, edge + gap), high)
    return low, high


def _travels(scene: Scene, actor: Actor) -> bool:
    return any(bodies.manner(scene, actor, beat.action) != "rest" for beat in actor.beats)


def _fixed(spot: tuple[float, float]) -> Callable[[float], tuple[float, float]]:
    return lambda _: spot


def _beats(actor: Actor, loop: float | None) -> list[Beat]:
    """The actor's beats in order of time, those that a loop never reaches left out."""
    beats = sorted(actor.beats, key=lambda beat: beat.at) or [Beat(action="look_around")]
    return [beat for i, beat in enumerate(beats) if i == 0 or loop is None or beat.at < loop]


def _keep_formation(scene: Scene, drafts: Sequence[_Draft]) -> None:
    """Make those who set out together turn together, at one speed."""
    chases: dict[str, list[_Draft]] = {}
    for draft in drafts:
        if draft.way is not None:
            chases.setdefault(pack(scene, draft.actor), []).append(draft)
    rows: dict[tuple[bool, float], list[_Draft]] = {}
    for chase in chases.values():
        if len(chase) > 1:
            _share_way(chase)
        elif (way := chase[0].way) and not way.leap and not meeting(scene, chase[0].actor):
            rows.setdefault((way.sideways, way.sign), []).append(chase[0])
    for row in rows.values():
        row.sort(key=_own_speed)  # a hare does not wait for a tortoise
        while row:
            together = [d for d in row if _own_speed(d) <= _MATCH * _own_speed(row[0])]
            del row[: len(together)]
            _march(together)


def _own_speed(draft: _Draft) -> float:
    return draft.way.speed if draft.way is not None else 0.0


def _march(row: Sequence[_Draft]) -> None:
    """Give all in a row the same room before and behind them, and the speed of the slowest."""
    ways = [draft.way for draft in row if draft.way is not None]
    back, ahead = min(way.back for way in ways), min(way.ahead for way in ways)
    for draft, way in zip(row, ways, strict=True):
        draft.way = replace(way, back=back, ahead=ahead, speed=ways[0].speed)


def _circuit(way: Shuttle, span: float | None, whole: float) -> Circuit:
    """The same way round an oval; ``whole`` is the art's `quantum`."""
    pace = min(way.speed, (way.back + way.ahead) / CROSSING)
    oval = Circuit(way.sign, way.back, way.ahead, pace, way.stride, way.rests, way.hops)
    return oval if span is None else closed_circuit(oval, span=span, quantum=whole)


def _share_way(chase: Sequence[_Draft]) -> None:
    """Give all in a chase the same turning points and speed, so that each follows the one ahead.

    Where these are close together they run round an oval, not through each other.
    """
    ways = [draft.way for draft in chase if draft.way is not None]
    sideways, sign = ways[0].sideways, ways[0].sign
    ends = []
    for draft, way in zip(chase, ways, strict=True):
        x, z = draft.rest_place()
        at = (x if sideways else z) * sign
        along = way.sign * sign
        reach_back, reach_ahead = (way.back, way.ahead) if along > 0 else (way.ahead, way.back)
        ends.append((at, at - reach_back, at + reach_ahead))
    low, high = max(e[1] for e in ends), min(e[2] for e in ends)
    low, high = min(low, min(e[0] for e in ends)), max(high, max(e[0] for e in ends))
    speed = min(way.speed for way in ways)
    edge = LANES / 2
    oval = (
        sideways
        and high - low < _LONG
        and all(low + edge <= at <= high - edge for at, _, _ in ends)
        and not any(way.leap for way in ways)
        and all(draft.span is None or draft.alone for draft in chase)
    )
    for draft, way, (at, _, _) in zip(chase, ways, ends, strict=True):
        draft.oval = oval
        draft.way = replace(
            way,
            sideways=sideways,
            sign=sign,
            back=at - low,
            ahead=max(high - at, _TINY),
            speed=speed,
        )

"""Layout: where on the stage everybody stands, so that nobody is hidden or cut off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from kinema.storybook.blocking import limits, orbit_radius
from kinema.storybook.bodies import drawn_height, drawn_width, manner
from kinema.storybook.chance import chance
from kinema.storybook.circuits import LANES
from kinema.storybook.framing import nearest, reach
from kinema.storybook.gestures import SIDE_STEP
from kinema.storybook.relations import meeting, mount_of, pack, partner
from kinema.storybook.scene import Actor, Beat, Scene

FRONT: Final = 6.0
"""Depth in metres at which the main actor usually stands."""
BACK: Final = 7.3
"""Depth of those who stand while others pass in front of them."""

_PAIR = 1.9  # metres between two side by side
_ROOM = 1.3  # metres that somebody who walks must have before turning
_CLOSE = 0.8  # widths between the middles of two who hug
_HIDDEN = 0.25  # share of a body that another may hide
_ROUNDS = 10
_SQUEEZES = ((0.3, 8.0), (0.1, 9.0), (-0.15, 11.5))  # gap (metres, or share of width), deepest row

_CROWD, _BEHIND = 6, 1.2  # so many stand in two rows, metres apart, those behind in the gaps
_STAGGERED = ((-0.22, 8.5), (-0.4, 9.5), (-0.55, 14.0))  # as `_SQUEEZES`


@dataclass(slots=True)
class Spot:
    """Where somebody is to stand, metres."""

    x: float
    z: float
    y: float = 0.0


def lay_out(scene: Scene) -> dict[str, Spot]:
    """Spots of all actors by id: those that have a place at it, the others where there is room."""
    return _Layout(scene).spots()


def goes(scene: Scene, actor: Actor, beat: Beat) -> bool:
    """True where the beat covers ground on a way of its own (not round somebody)."""
    return beat.action != "circle" and manner(scene, actor, beat.action) != "rest"


class _Layout:
    """Finds spots for all actors without a place."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.actors = {actor.id: actor for actor in scene.actors}
        self.found: dict[str, Spot] = {
            actor.id: Spot(actor.place.x, actor.place.z, actor.place.y)
            for actor in scene.actors
            if actor.place is not None
        }

    def spots(self) -> dict[str, Spot]:
        """Spots of all actors by id."""
        fresh = bool(self.found)
        missing = [actor for actor in self.scene.actors if actor.id not in self.found]
        later = [actor for actor in missing if self._depends(actor)]
        now = [actor for actor in missing if not self._depends(actor)]
        if fresh:
            for actor in now:
                self._fit_in(actor)
        else:
            self._lay_out(now)
        for actor in now:
            self._set_behind(actor, moved=not fresh)
        if not fresh:
            self._embrace(now)
            if len(now) < _CROWD:
                self._part(now)
        for actor in _in_order(later, self.scene):
            self._attach(actor)
        return self.found

    def _depends(self, actor: Actor) -> bool:
        """True where the place follows from somebody else's."""
        return (
            mount_of(self.scene, actor) is not None
            or self._circled(actor) is not None
            or self._vaulted(actor) is not None
        )

    def _circled(self, actor: Actor) -> Actor | None:
        action = actor.beats[0].action if actor.beats else ""
        if action != "circle" and manner(self.scene, actor, action) == "rest":
            return None
        return partner(self.scene, actor, ("circling",), "circle")

    def _vaulted(self, actor: Actor) -> Actor | None:
        action = actor.beats[0].action if actor.beats else ""
        if action != "jump_over" and manner(self.scene, actor, action) == "rest":
            return None
        return partner(self.scene, actor, ("jumping_over",), "jump_over")

    def _lay_out(self, actors: Sequence[Actor]) -> None:
        """Places on an empty stage: those who pass by in front, those who stay behind them."""
        movers = [actor for actor in actors if self._sets_out(actor)]
        stayers = [actor for actor in actors if not self._sets_out(actor)]
        pair = [actor for actor in movers if meeting(self.scene, actor) is not None]
        movers = [actor for actor in movers if actor not in pair]
        passing = bool(movers) and bool(stayers)
        front, back = _front(movers), BACK
        if passing and _tallest(stayers) < 0.8 * _tallest(movers):  # the small stand before the big
            front, back = FRONT + 0.7, FRONT - 0.5
        self._row(stayers, back if passing else _front(stayers))
        if passing:
            self._aside(stayers, movers)
        for index, actor in enumerate(pair):
            z = max(FRONT, _depth(self.scene, actor))
            low, high = reach(self.scene, actor, z)
            side = -1.0 if actor.beats[0].direction == "right" else 1.0
            x = (low + 0.1) if side < 0 else (high - 0.1)
            self.found[actor.id] = Spot(max(min(x, 1.8), -1.8), z + 0.05 * index)
        self._row(movers, front, travels=True)
        self._back_up(movers)

    def _sets_out(self, actor: Actor) -> bool:
        """True where the actor crosses the frame sideways from the start."""
        if not actor.beats or not goes(self.scene, actor, actor.beats[0]):
            return False
        return actor.beats[0].direction not in ("toward", "away")

    def _row(self, actors: Sequence[Actor], z: float, *, travels: bool = False) -> None:
        """Side by side, centred, as deep as it takes for all of them to fit."""
        order = self._ordered(actors)
        if not order:
            return
        squeezes = _STAGGERED if len(order) >= _CROWD else _SQUEEZES
        for gap, deepest in squeezes:
            offsets = _offsets(order, gap)
            for step in range(int((deepest - z) / 0.25) + 1):
                if self._fits(order, offsets, z + 0.25 * step, travels=travels):
                    self._take(order, offsets, z + 0.25 * step)
                    return
        gap, deepest = squeezes[-1]
        offsets = _offsets(order, gap)
        lows, highs = zip(*(reach(self.scene, actor, deepest) for actor in order), strict=True)
        squeeze = min(1.0, (min(highs) - max(lows)) / max(offsets[-1] - offsets[0], 1e-6))
        self._take(order, [offset * squeeze for offset in offsets], deepest)

    def _fits(
        self, order: Sequence[Actor], offsets: Sequence[float], row: float, *, travels: bool
    ) -> bool:
        room = math.inf
        slack = [0.0, 0.0]
        for actor, offset in zip(order, offsets, strict=True):
            low, high = reach(self.scene, actor, max(row, _depth(self.scene, actor)))
            slack = [max(slack[0], low - offset), max(slack[1], offset - high)]
            room = min(room, high - low - (offsets[-1] - offsets[0]))
        if travels:
            return room >= _ROOM
        return max(slack) <= 0.0

    def _take(self, order: Sequence[Actor], offsets: Sequence[float], row: float) -> None:
        crowd = len(order) > 2
        for index, (actor, x) in enumerate(zip(order, offsets, strict=True)):
            z = max(row, _depth(self.scene, actor), _coming(self.scene, actor))
            if len(order) >= _CROWD:
                z += _BEHIND * (index % 2) + 0.2 * chance(self.scene.seed, actor.id, "depth")
            elif crowd and actor.id != self.scene.actors[0].id:
                z += 0.3 * (index % 2) + 0.2 * chance(self.scene.seed, actor.id, "depth")
            elif len(order) == 2:
                z += 0.12 * index
            if pack(self.scene, actor) != actor.id:
                z += 0.45
            self.found[actor.id] = Spot(x, z)

    def _ordered(self, actors: Sequence[Actor]) -> list[Actor]:
        """From left to right: the main actor in the middle of many, sides as the relations say."""
        order = list(actors)
        if len(order) > 2 and order[0].group is None:
            order = [*order[1 : 1 + len(order) // 2], order[0], *order[1 + len(order) // 2 :]]
        chase = [a for a in order if pack(self.scene, a) != a.id]
        for actor in chase:  # behind whom it runs after
            head = next((a for a in order if a.id == pack(self.scene, actor)), None)
            if head is not None:
                order.remove(actor)
                ahead = actor.beats[0].direction == "right"
                order.insert(order.index(head) + (0 if ahead else 1), actor)
        for relation in self.scene.relations:
            a = next((one for one in order if one.id == relation.subject), None)
            b = next((one for one in order if one.id == relation.object), None)
            if a is None or b is None or a is b:
                continue
            wrong = order.index(a) > order.index(b)
            if relation.kind in ("left_of", "right_of") and wrong == (relation.kind == "left_of"):
                order.remove(a)
                order.insert(order.index(b) + (relation.kind == "right_of"), a)
            elif relation.kind == "between":
                self._step_between(order, a)
            elif relation.kind == "beside" and abs(order.index(a) - order.index(b)) > 1:
                order.remove(a)
                order.insert(order.index(b) + 1, a)
        return order

    def _step_between(self, order: list[Actor], actor: Actor) -> None:
        """Move somebody in a row between the outermost of those it is between."""
        ends = [
            relation.object
            for relation in self.scene.relations
            if relation.kind == "between" and relation.subject == actor.id
        ]
        order.remove(actor)
        places = [index for index, one in enumerate(order) if one.id in ends]
        order.insert((places[0] + places[-1] + 1) // 2 if len(places) > 1 else places[0], actor)

    def _aside(self, stayers: Sequence[Actor], movers: Sequence[Actor]) -> None:
        """Shift those who stay towards the side that the others go to, or that a relation says."""
        side = -1.0 if movers[0].beats[0].direction == "left" else 1.0
        ids = {actor.id for actor in stayers}
        for relation in self.scene.relations:
            if relation.object in ids and relation.kind in ("left_of", "right_of"):
                side = 1.0 if relation.kind == "left_of" else -1.0
            elif relation.subject in ids and relation.kind in ("left_of", "right_of"):
                side = -1.0 if relation.kind == "left_of" else 1.0
        shifts = []
        for actor in stayers:
            spot = self.found[actor.id]
            low, high = reach(self.scene, actor, spot.z)
            shifts.append(max(high - spot.x, 0.0) if side > 0 else max(spot.x - low, 0.0))
        shift = side * min(1.3, 0.85 * min(shifts))
        for actor in stayers:
            self.found[actor.id].x += shift

    def _back_up(self, movers: Sequence[Actor]) -> None:
        """Set those who cross the frame back, so that they have a way to go."""
        for sign in (-1.0, 1.0):
            row = [a for a in movers if (a.beats[0].direction == "left") == (sign < 0)]
            room = []
            for actor in row:
                spot = self.found[actor.id]
                low, high = limits(self.scene, actor, spot.z, self._stands)
                rear = spot.x - low if sign > 0 else high - spot.x
                room.append((rear, high - low))
            if row:
                chased = any(pack(self.scene, actor) != actor.id for actor in row)
                least = LANES / 2 + 0.05 if chased else 0.0  # to turn on an oval
                shift = min(rear - max(0.08 * length, least) for rear, length in room)
                for actor in row:
                    self.found[actor.id].x -= sign * shift

    def _stands(self, actor: Actor, _: float) -> tuple[float, float]:
        spot = self.found.get(actor.id, Spot(0.0, FRONT))
        return spot.x, spot.z

    def _set_behind(self, actor: Actor, *, moved: bool) -> None:
        """Behind or before another: at another depth, and far enough aside to be seen."""
        for relation in self.scene.relations:
            if relation.subject != actor.id or relation.kind not in ("behind", "in_front_of"):
                continue
            if relation.object not in self.found:
                continue
            other, spot = self.actors[relation.object], self.found[actor.id]
            there = self.found[other.id]
            back = relation.kind == "behind"
            spot.z = max(there.z + (1.1 if back else -0.9), nearest(self.scene, actor))
            if self._sets_out(actor):
                continue
            hidden, hiding = (actor, other) if back else (other, actor)
            aside = (drawn_width(hidden) + drawn_width(hiding)) / 2 - _HIDDEN * drawn_width(hidden)
            if self._covers_a_corner(hiding, hidden):
                aside = min(aside, 0.3)
            side = 1.0 if spot.x >= there.x else -1.0
            low, high = reach(self.scene, actor, spot.z)
            if not low <= there.x + side * aside <= high and low <= there.x - side * aside <= high:
                side = -side
            spot.x = there.x + side * aside
            if moved and not self._sets_out(other):
                middle = (spot.x + there.x) / 2
                spot.x, there.x = spot.x - middle, there.x - middle
            spot.x = min(max(spot.x, low), high)

    def _embrace(self, actors: Sequence[Actor]) -> None:
        """Bring those close together who hug each other."""
        for relation in self.scene.relations:
            pair = {relation.subject, relation.object}
            if relation.kind != "hugging" or not pair <= {a.id for a in actors} or len(pair) < 2:
                continue
            a, b = self.actors[relation.subject], self.actors[relation.object]
            one, other = self.found[a.id], self.found[b.id]
            near = _CLOSE * (drawn_width(a) + drawn_width(b)) / 2
            middle = (one.x + other.x) / 2
            side = 1.0 if one.x > other.x else -1.0
            one.x, other.x = middle + side * near / 2, middle - side * near / 2
            other.z = one.z + 0.1

    def _part(self, actors: Sequence[Actor]) -> None:
        """Push apart, sideways, those of whom one hides too much of another.

        Where the frame has no room for that, all step back together.
        """
        for _ in range(_ROUNDS):
            for _ in range(_ROUNDS):
                missing = [self._push(one, other) for one, other in combinations(actors, 2)]
                if not any(missing):
                    return
            for actor in actors:
                self.found[actor.id].z += 0.6

    def _push(self, one: Actor, other: Actor) -> bool:
        """Push two bodies apart as far as they overlap too much; true where they did."""
        a, b = self.found[one.id], self.found[other.id]
        near, far = (one, other) if a.z <= b.z else (other, one)
        if self._covers_a_corner(near, far):
            return False
        half = (_room(one) / a.z + _room(other) / b.z) / 2
        spared = _HIDDEN * drawn_width(far) / self.found[far.id].z
        between = a.x / a.z - b.x / b.z
        missing = half - spared - abs(between)
        if missing <= 1e-3:
            return False
        side = 1.0 if between > 0 else -1.0  # of two on one spot the first goes left
        self._shove(one, side * missing / 2)
        self._shove(other, -side * missing / 2)
        return True

    def _covers_a_corner(self, near: Actor, far: Actor) -> bool:
        """True where the nearer body looks too small to hide much of the other."""
        closer = self.found[far.id].z / self.found[near.id].z
        return _area(near) * closer * closer < _HIDDEN * _area(far)

    def _shove(self, actor: Actor, across: float) -> None:
        """Move an actor sideways by a share of its depth, inside the frame."""
        spot = self.found[actor.id]
        low, high = reach(self.scene, actor, spot.z)
        spot.x = min(max(spot.x + across * spot.z * 1.1, low), high)

    def _attach(self, actor: Actor) -> None:
        """Place who rides, circles or leaps over another, by where that other is."""
        mount = mount_of(self.scene, actor)
        other = self.actors[mount] if mount else self._circled(actor) or self._vaulted(actor)
        assert other is not None
        there = self.found.setdefault(other.id, Spot(0.0, max(FRONT, _depth(self.scene, other))))
        if mount:
            self.found[actor.id] = Spot(there.x, there.z - 0.02)
            return
        side = 1.0 if actor.beats[0].direction == "left" else -1.0
        if self._circled(actor) is not None:
            there.z = max(there.z, FRONT + 0.5)
            round_it = [a for a in self.scene.actors if self._circled(a) is other]
            around = sum(a.id in self.found for a in round_it)
            side = side if around % 2 == 0 else -side
            self.found[actor.id] = Spot(there.x + side * orbit_radius(actor, other), there.z - 0.1)
            return
        half = (drawn_width(actor) + drawn_width(other)) / 2 + 0.72
        there.z = max(there.z, nearest(self.scene, actor) + 0.3)
        self.found[actor.id] = Spot(there.x + side * half, there.z - 0.25)

    def _fit_in(self, actor: Actor) -> None:
        """A place for a newcomer among those who are there: the freest, on the right side."""
        best, lowest = Spot(0.0, FRONT), math.inf
        for z in (FRONT, FRONT + 0.8, FRONT + 1.6, FRONT + 2.6):
            depth = max(z, _depth(self.scene, actor))
            low, high = reach(self.scene, actor, depth)
            for step in range(9):
                x = low + (high - low) * step / 8
                cost = self._crowding(actor, x, depth) + 0.15 * abs(x) + 0.3 * (depth - FRONT)
                if cost < lowest:
                    best, lowest = Spot(x, depth), cost
        self.found[actor.id] = best

    def _crowding(self, actor: Actor, x: float, z: float) -> float:
        cost = 0.0
        for other_id, spot in self.found.items():
            other = self.actors[other_id]
            gap = abs(x / z - spot.x / spot.z) * FRONT
            need = (drawn_width(actor) / z + drawn_width(other) / spot.z) * FRONT / 2 + 0.2
            cost += 8.0 * max(need - gap, 0.0)
            for relation in self.scene.relations:
                pair = (relation.subject, relation.object)
                left = {"left_of": x < spot.x, "right_of": x > spot.x}.get(relation.kind)
                if left is None or set(pair) != {actor.id, other_id}:
                    continue
                cost += 20.0 * (left if pair[0] == other_id else not left)
        return cost


def _depth(scene: Scene, actor: Actor) -> float:
    """The least depth for a body of that size."""
    height = drawn_height(actor)
    return max(
        nearest(scene, actor), 0.0 if height <= 2.2 else min(7.0 + 1.6 * (height - 2.2), 8.0)
    )


def _coming(scene: Scene, actor: Actor) -> float:
    """Where somebody starts who comes towards the camera or goes away from it."""
    first = actor.beats[0] if actor.beats else None
    if first is None or not goes(scene, actor, first):
        return 0.0
    return {"toward": 10.0, "away": 5.2}.get(first.direction or "", 0.0)


def _tallest(actors: Sequence[Actor]) -> float:
    return max((drawn_height(actor) for actor in actors), default=0.0)


def _front(actors: Sequence[Actor]) -> float:
    """Depth of the front row: small bodies come nearer."""
    return FRONT - min(max(1.5 * (1.3 - _tallest(actors)), 0.0), 0.9)


def _area(actor: Actor) -> float:
    return drawn_height(actor) * drawn_width(actor)


def _offsets(order: Sequence[Actor], gap: float) -> list[float]:
    """Where the middles of bodies side by side lie, around 0."""
    x, offsets = 0.0, [0.0]
    for a, b in pairwise(order):
        between = (drawn_width(a) + drawn_width(b)) / 2
        between += gap if gap > 0 else gap * min(drawn_width(a), drawn_width(b))
        if len(order) == 2 and gap == _SQUEEZES[0][0]:
            between = max(between, _PAIR)
        x += between
        offsets.append(x)
    return [offset - x / 2 for offset in offsets]


def _in_order(later: Sequence[Actor], scene: Scene) -> list[Actor]:
    """Those who depend on somebody, after whom they depend on as far as possible."""
    waiting, done = list(later), []
    for _ in later:
        ids = {actor.id for actor in waiting}
        ready = [a for a in waiting if not (_leans_on(scene, a) & ids)] or waiting[:1]
        done += ready
        waiting = [a for a in waiting if a not in ready]
    return done


def _leans_on(scene: Scene, actor: Actor) -> set[str]:
    mount = mount_of(scene, actor)
    ids = {relation.object for relation in scene.relations if relation.subject == actor.id}
    return ids | {beat.target or "" for beat in actor.beats} | {mount or ""} - {actor.id}


def _room(actor: Actor) -> float:
    """Metres that an actor takes up from side to side, a dancer's side steps included."""
    dances = bool(actor.beats) and actor.beats[0].action == "dance"
    return drawn_width(actor) + (2 * SIDE_STEP if dances else 0.0)

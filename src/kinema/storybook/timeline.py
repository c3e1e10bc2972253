"""Operations on timelines: what makes new clips out of finished ones, exactly.

All are pure. A timeline never holds a picture, so cutting, joining and extending lose nothing: what
was to be seen at a time is still to be seen at that time. Clocks go on through every seam, also
below zero and past the old end, because every motion of a scene is a function of absolute time.

Times are seconds from the start of the timeline unless they say "clock", which is a scene's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import msgspec

from kinema.storybook.scene import Actor, CurvePoint, Mix, Scene, Shot, Timeline
from kinema.types import Curve, Direction, Span, to_json

SEAM = Fraction(1)
"""How long one scene takes to become another where two meet, unless there is less room."""

_EASED = ((Fraction(0), 0.0), (Fraction(1, 4), 0.15625), (Fraction(1, 2), 0.5),
          (Fraction(3, 4), 0.84375), (Fraction(1), 1.0))  # fmt: skip
"""Points of 3 p^2 - 2 p^3: a mix that starts and stops gently. All weights are exact in binary."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be seen at one time: a scene at its clock, and how much of a second one."""

    scene: Scene
    clock: Fraction
    other: Scene | None = None
    other_clock: Fraction = Fraction(0)
    weight: float = 0.0

    @property
    def main(self) -> tuple[Scene, Fraction]:
        """The scene that outweighs the other, and its clock."""
        if self.other is not None and self.weight > 0.5:
            return self.other, self.other_clock
        return self.scene, self.clock


@dataclass(frozen=True, slots=True)
class Panel:
    """One card of a storyboard, read: its scene, its length, and how long it takes to come in."""

    scene: Scene
    seconds: Fraction
    transition: Fraction = Fraction(0)


def weight_at(mix: Mix, at: Fraction) -> float:
    """How much of the second scene is seen ``at`` seconds into the shot: 0 none, 1 nothing else.

    Weights run straight between the points of the curve and hold before the first and after the
    last; an empty curve is 0 throughout.
    """
    points = mix.curve
    if not points:
        return 0.0
    if at <= points[0].at:
        return points[0].weight
    for left, right in pairwise(points):
        if at < right.at:
            share = float((at - left.at) / (right.at - left.at))
            return left.weight + (right.weight - left.weight) * share
    return points[-1].weight


def single(scene: Scene, seconds: Fraction) -> Timeline:
    """A timeline of one shot from clock 0."""
    return Timeline(shots=(Shot(scene=scene, seconds=seconds),))


def moment(timeline: Timeline, at: Fraction) -> Moment:
    """What is to be seen ``at`` that time; before the start and after the end the clocks run on."""
    shot, inside = _shot_at(timeline, at)
    if shot.mix is None:
        return Moment(shot.scene, shot.start + inside)
    return Moment(
        shot.scene,
        shot.start + inside,
        shot.mix.scene,
        shot.mix.start + inside,
        weight_at(shot.mix, inside),
    )


def map_scenes(timeline: Timeline, change: Callable[[Scene], Scene]) -> Timeline:
    """The timeline with every scene changed, its times as they were.

    ``change`` is asked once for each distinct scene, so that a scene cut in two stays one.
    """
    changed: dict[bytes, Scene] = {}

    def once(scene: Scene) -> Scene:
        key = to_json(scene)
        if key not in changed:
            changed[key] = change(scene)
        return changed[key]

    shots: list[Shot] = []
    for shot in timeline.shots:
        mix = shot.mix
        if mix is not None:
            mix = msgspec.structs.replace(mix, scene=once(mix.scene))
        shots.append(msgspec.structs.replace(shot, scene=once(shot.scene), mix=mix))
    return Timeline(shots=tuple(shots))


def excerpt(timeline: Timeline, start: Fraction, end: Fraction) -> Timeline:
    """The stretch from ``start`` up to ``end``; times outside the timeline extend it.

    Raises:
        ValueError: ``start`` is not before ``end``.
    """
    if start >= end:
        raise ValueError(f"an excerpt must start before it ends, got {start} to {end}")
    shots: list[Shot] = []
    last = len(timeline.shots) - 1
    begun = Fraction(0)
    for index, shot in enumerate(timeline.shots):
        ended = begun + shot.seconds
        low = start if index == 0 else max(start, begun)
        high = end if index == last else min(end, ended)
        if low < high:
            shots.append(_shifted(shot, low - begun, high - low))
        begun = ended
    return Timeline(shots=tuple(shots))


def join(*timelines: Timeline) -> Timeline:
    """One after the other. A scene that goes on across a seam becomes one shot again."""
    shots: list[Shot] = []
    for shot in (shot for timeline in timelines for shot in timeline.shots):
        before = shots[-1] if shots else None
        if before is not None and _goes_on(before, shot):
            shots[-1] = msgspec.structs.replace(before, seconds=before.seconds + shot.seconds)
        else:
            shots.append(shot)
    return Timeline(shots=tuple(shots))


def fit(timeline: Timeline, seconds: Fraction) -> Timeline:
    """The timeline made exactly that long: its tail cut, or its last scene running on."""
    return timeline if timeline.seconds == seconds else excerpt(timeline, Fraction(0), seconds)


def extend(
    timeline: Timeline,
    seconds: Fraction,
    *,
    direction: Direction = Direction.FORWARD,
    into: Scene | None = None,
) -> Timeline:
    """Grow the timeline by ``seconds`` at its end, or at its beginning, on the same clocks.

    With ``into``, the grown part moves to that scene within a second (`SEAM`) of the old border, on
    the clock of the scene that it leaves, so that whoever is in both goes on where they were.
    """
    if direction is Direction.FORWARD:
        whole = timeline.seconds
        if into is None:
            return excerpt(timeline, Fraction(0), whole + seconds)
        return join(timeline, _away(timeline, whole, seconds, into))
    if into is None:
        return excerpt(timeline, -seconds, timeline.seconds)
    return join(_towards(timeline, Fraction(0), seconds, into), timeline)


def loop(timeline: Timeline) -> Timeline:
    """The timeline closed into a seamless loop of the same length.

    A single scene gets the length as its period, exact by construction (so do the two scenes of
    one blend that ends as it began). Several shots are closed by a mix back to where they began,
    over a second or a quarter of the length, whichever is shorter.
    """
    whole = timeline.seconds
    first = timeline.shots[0]
    mix = first.mix
    if len(timeline.shots) == 1 and (
        mix is None or weight_at(mix, Fraction(0)) == weight_at(mix, whole)
    ):
        return map_scenes(timeline, lambda scene: msgspec.structs.replace(scene, loop=whole))
    over = min(SEAM, whole / 4)
    scene, clock = moment(timeline, whole - over).main
    start_scene, start_clock = moment(timeline, Fraction(0)).main
    closing = Shot(
        scene=scene,
        start=clock,
        seconds=over,
        mix=Mix(scene=start_scene, start=start_clock - over, curve=_ramp(Fraction(0), over)),
    )
    return join(excerpt(timeline, Fraction(0), whole - over), Timeline(shots=(closing,)))


def blend(a: Timeline, b: Timeline, curve: Curve = Curve.TRANSITION) -> Timeline:
    """Move from ``a`` to ``b`` over the length of the longer; the shorter one's last scene runs on.

    ``transition`` begins in ``a`` and ends in ``b``; ``mix`` shows half of each throughout; ``dip``
    goes from ``a`` into ``b`` and returns. A dissolve inside ``a`` or ``b`` becomes a cut where it
    is half done, because no moment shows more than two scenes.
    """
    whole = max(a.seconds, b.seconds)
    first, second = without_mixes(fit(a, whole)), without_mixes(fit(b, whole))
    points = _blend_curve(curve, whole)
    borders = sorted({*_borders(first), *_borders(second)})
    shots: list[Shot] = []
    for start, end in pairwise(borders):
        here, there = moment(first, start), moment(second, start)
        mix = Mix(scene=there.scene, start=there.clock, curve=_moved(points, -start))
        whole_shot = Shot(scene=here.scene, start=here.clock, seconds=end - start, mix=mix)
        shots.append(_shifted(whole_shot, Fraction(0), end - start))
    return Timeline(shots=tuple(shots))


def recut(
    timeline: Timeline, keep: Span, seconds: Fraction, *, regrown: Scene | None = None
) -> Timeline:
    """Keep a stretch at the time where it is, and grow everything around it anew.

    The result is ``seconds`` long; what lies before and after ``keep`` becomes ``regrown``, moving
    into and out of the kept part over a second (or all the room there is). Without ``regrown`` the
    kept scenes run on to both sides.

    Raises:
        ValueError: ``keep`` does not lie within the timeline and within ``seconds``.
    """
    if not Fraction(0) <= keep.start < keep.end <= min(timeline.seconds, seconds):
        raise ValueError(f"cannot keep {keep.start} to {keep.end} of {timeline.seconds} s")
    kept = excerpt(timeline, keep.start, keep.end)
    before, after = keep.start, seconds - keep.end
    if regrown is None:
        return excerpt(kept, -before, kept.seconds + after)
    parts = [kept]
    if before:
        parts.insert(0, _towards(kept, Fraction(0), before, regrown))
    if after:
        parts.append(_away(kept, kept.seconds, after, regrown))
    return join(*parts)


def storyboard(panels: tuple[Panel, ...]) -> Timeline:
    """Panels one after the other; each comes in over its own ``transition``, inside its own time.

    Raises:
        ValueError: There is no panel, or a transition is longer than its panel.
    """
    if not panels:
        raise ValueError("a storyboard needs at least one panel")
    shots: list[Shot] = []
    before: Panel | None = None
    for panel in panels:
        over = panel.transition if before is not None else Fraction(0)
        if not Fraction(0) <= over <= panel.seconds:
            raise ValueError(f"a transition of {over} s does not fit into {panel.seconds} s")
        if before is not None and over:
            mix = Mix(scene=panel.scene, start=Fraction(0), curve=_ramp(Fraction(0), over))
            shots.append(Shot(scene=before.scene, start=before.seconds, seconds=over, mix=mix))
        if over < panel.seconds:
            shots.append(Shot(scene=panel.scene, start=over, seconds=panel.seconds - over))
        before = panel
    return Timeline(shots=tuple(shots))


def follow(timeline: Timeline, seconds: Fraction, into: Scene | None = None) -> Timeline:
    """Only the ``seconds`` after the timeline's end, moving ``into`` another scene if given."""
    if into is None:
        whole = timeline.seconds
        return excerpt(timeline, whole, whole + seconds)
    return _away(timeline, timeline.seconds, seconds, into)


def onward(before: Scene, after: Scene, clock: Fraction) -> Scene:
    """``after`` as it can follow ``before`` at that clock: what is new to do begins there.

    Whoever is in both does as before until the clock, so that nobody jumps; changed beats keep
    their distance from each other. Loops have no such moment and stay as they are.
    """
    if after.loop is not None:
        return after
    known = {actor.id: actor for actor in before.actors}

    def continuing(actor: Actor) -> Actor:
        old = known.get(actor.id)
        if old is None or old.subject != actor.subject or old.beats == actor.beats:
            return actor
        new = tuple(beat for beat in actor.beats if beat not in old.beats)
        done = tuple(beat for beat in old.beats if beat.at < clock)
        if not new or not done:
            return actor
        later = (msgspec.structs.replace(beat, at=beat.at + clock) for beat in new)
        return msgspec.structs.replace(actor, beats=(*done, *later))

    return msgspec.structs.replace(after, actors=tuple(map(continuing, after.actors)))


def without_mixes(timeline: Timeline) -> Timeline:
    """The timeline with each dissolve made a cut at the time when its second scene takes over."""
    pieces: list[Timeline] = []
    for shot in timeline.shots:
        alone = Timeline(shots=(shot,))
        for start, end in pairwise((Fraction(0), *_crossings(shot), shot.seconds)):
            scene, clock = moment(alone, (start + end) / 2).main
            begun = clock - (end - start) / 2
            pieces.append(Timeline(shots=(Shot(scene=scene, start=begun, seconds=end - start),)))
    return join(*pieces)


def _away(timeline: Timeline, at: Fraction, seconds: Fraction, into: Scene) -> Timeline:
    """``seconds`` that leave what is seen ``at`` a time and end in ``into``."""
    scene, clock = moment(timeline, at).main
    into = onward(scene, into, clock)
    if _differ_in_beats_alone(scene, into):
        return Timeline(shots=(Shot(scene=into, start=clock, seconds=seconds),))
    over = min(SEAM, seconds)
    leaving = Mix(scene=into, start=clock, curve=_ramp(Fraction(0), over))
    whole = Timeline(shots=(Shot(scene=scene, start=clock, seconds=seconds, mix=leaving),))
    return _in_two(whole, over)


def _differ_in_beats_alone(a: Scene, b: Scene) -> bool:
    """Whether one goes on as the other without a change of looks, so that no dissolve is wanted."""

    def looks(scene: Scene) -> Scene:
        still = (msgspec.structs.replace(actor, beats=()) for actor in scene.actors)
        return msgspec.structs.replace(scene, actors=tuple(still))

    return looks(a) == looks(b)


def _towards(timeline: Timeline, at: Fraction, seconds: Fraction, out_of: Scene) -> Timeline:
    """``seconds`` that begin in ``out_of`` and arrive at what is seen ``at`` a time."""
    scene, clock = moment(timeline, at).main
    over = min(SEAM, seconds)
    arriving = Mix(scene=scene, start=clock - seconds, curve=_ramp(seconds - over, seconds))
    shot = Shot(scene=out_of, start=clock - seconds, seconds=seconds, mix=arriving)
    return _in_two(Timeline(shots=(shot,)), seconds - over)


def _in_two(timeline: Timeline, at: Fraction) -> Timeline:
    """The same, cut ``at`` a time, so that the part where a mix is over is drawn as one scene."""
    if not 0 < at < timeline.seconds:
        return timeline
    parts = excerpt(timeline, Fraction(0), at), excerpt(timeline, at, timeline.seconds)
    return Timeline(shots=parts[0].shots + parts[1].shots)


def _shot_at(timeline: Timeline, at: Fraction) -> tuple[Shot, Fraction]:
    begun = Fraction(0)
    for shot in timeline.shots[:-1]:
        if at < begun + shot.seconds:
            return shot, at - begun
        begun += shot.seconds
    return timeline.shots[-1], at - begun


def _goes_on(before: Shot, after: Shot) -> bool:
    if before.mix is not None or after.mix is not None:
        return False
    return after.start == before.start + before.seconds and after.scene == before.scene


def _shifted(shot: Shot, start: Fraction, seconds: Fraction) -> Shot:
    """``seconds`` of the shot from ``start`` into it, in simplest form."""
    mix = shot.mix
    moved = msgspec.structs.replace(shot, start=shot.start + start, seconds=seconds, mix=None)
    if mix is None:
        return moved
    curve = _needed(_moved(mix.curve, -start), seconds)
    if all(point.weight == 0.0 for point in curve):
        return moved
    clock = mix.start + start
    if all(point.weight == 1.0 for point in curve):
        return Shot(scene=mix.scene, start=clock, seconds=seconds)
    return msgspec.structs.replace(moved, mix=Mix(scene=mix.scene, start=clock, curve=curve))


def _moved(curve: tuple[CurvePoint, ...], by: Fraction) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(at=point.at + by, weight=point.weight) for point in curve)


def _needed(curve: tuple[CurvePoint, ...], seconds: Fraction) -> tuple[CurvePoint, ...]:
    """The points that bear on 0 to ``seconds``: those inside and the next on each side."""
    first = max((i for i, point in enumerate(curve) if point.at <= 0), default=0)
    after = (i for i, point in enumerate(curve) if point.at >= seconds)
    last = next(after, len(curve) - 1)
    return curve[first : last + 1]


def _ramp(start: Fraction, end: Fraction, *, falling: bool = False) -> tuple[CurvePoint, ...]:
    """An eased way from 0 to 1 (or back) between two times."""
    return tuple(
        CurvePoint(at=start + (end - start) * share, weight=1.0 - weight if falling else weight)
        for share, weight in _EASED
    )


def _blend_curve(curve: Curve, whole: Fraction) -> tuple[CurvePoint, ...]:
    if curve is Curve.MIX:
        return (CurvePoint(at=Fraction(0), weight=0.5),)
    if curve is Curve.DIP:
        return (*_ramp(Fraction(0), whole * 2 / 5), *_ramp(whole * 3 / 5, whole, falling=True))
    return _ramp(whole / 6, whole * 5 / 6)


def _borders(timeline: Timeline) -> Iterator[Fraction]:
    at = Fraction(0)
    yield at
    for shot in timeline.shots:
        at += shot.seconds
        yield at


def _crossings(shot: Shot) -> list[Fraction]:
    """When, strictly inside the shot, its mix passes one half."""
    if shot.mix is None:
        return []
    times: list[Fraction] = []
    for left, right in pairwise(shot.mix.curve):
        if (left.weight > 0.5) != (right.weight > 0.5):
            share = (0.5 - left.weight) / (right.weight - left.weight)
            at = left.at + (right.at - left.at) * Fraction(share).limit_denominator(1000)
            if 0 < at < shot.seconds and (not times or at > times[-1]):
                times.append(at)
    return times

"""Motion: the pose of every actor of a staged scene at any time.

A pose is a closed form of absolute time: a clip of 5 s is the exact beginning of the one of 7 s,
time before zero exists, and a loop of period T is the same at t + T. One phase drives an actor's
feet, bob, wings and the art's own loop together.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from kinema.storybook.atlas import concepts
from kinema.storybook.blocking import block
from kinema.storybook.bodies import drawn_height, swings_legs
from kinema.storybook.clock import Clock
from kinema.storybook.emotes import emotes
from kinema.storybook.framing import headroom
from kinema.storybook.gestures import Body, Moment, gesture, mix
from kinema.storybook.paths import ease
from kinema.storybook.pose import Pose
from kinema.storybook.scene import Actor, Scene
from kinema.storybook.tracks import Stretch, Track, wrapped

BLEND = 0.35
"""Seconds in which one gesture turns into the next."""
CLIMB = 1.0
"""Seconds in which heights that last do."""
SEAT = 0.94
"""Where a rider sits, in heights of its mount."""

_HURRY = 0.3
"""Seconds in which art leaves a gesture that would be absurd on the way."""
_HUSHED = ("sleep", "roll", "spin", "fall")  # no gestures of the art's own meanwhile


def poses(scene: Scene, clock: Clock) -> tuple[Pose, ...]:
    """The poses of all actors at the clock's time, in the scene's order.

    Args:
        scene: A staged scene (`director.stage`).
        clock: The scene's time; a loop's period must be the scene's own.

    Raises:
        ValueError: An actor has no place.

    Cost:
        The scene's tracks are worked out on the first call (about a millisecond an actor) and kept;
        then about 50 microseconds an actor.
    """
    return tuple(pose(scene, actor, clock) for actor in scene.actors)


def pose(scene: Scene, actor: Actor, clock: Clock) -> Pose:
    """The pose of one actor of the scene at the clock's time; see `poses`."""
    return _pose(block(scene, clock.loop), actor.id, clock, ())


def wing_turns(track: Track, stretch: Stretch, clock: Clock) -> float:
    """Beats of wings or fins that the art has made by the clock's time: they go by time alone."""
    seconds = concepts()[stretch.subject.sprite].seconds
    beats = stretch.subject.cycles
    return clock.turns(1.0 / seconds, track.actor.phase) * beats if seconds > 0 else 0.0


def _art(track: Track, index: int, t: float, loop: float | None) -> float:
    """Place in the art's own loop, in turns: by the feet, by time, or gesture by gesture.

    A gesture starts from the art's first frame, and that one is held while the body goes somewhere.
    """
    stretch = track.stretches[index]
    subject = stretch.art(t)
    seconds = concepts()[subject.sprite].seconds
    if subject.loop in ("gait", "wheels"):
        return stretch.ground(t).turns / subject.cycles
    if seconds <= 0:
        return 0.0
    if subject.loop != "gesture":
        return Clock(t, loop).turns(1.0 / seconds, track.actor.phase)
    idle = stretch.manner == "rest" and stretch.beat.action not in _HUSHED
    made = 0.0
    if loop is None and index > 0 and track.stretches[index - 1].subject is subject:
        made = _art(track, index - 1, stretch.begin, loop)
    since = _local(stretch, t, loop)
    if not idle and subject.hurries:
        return made + (math.ceil(made) - made) * min(max(since.t, 0.0) / _HURRY, 1.0)
    going = made + since.turns(1.0 / seconds)
    return going if idle else min(max(going, made), math.ceil(made))  # it runs out on the way


def _pose(
    all_tracks: dict[str, Track], actor_id: str, clock: Clock, riders: tuple[str, ...]
) -> Pose:
    track = all_tracks[actor_id]
    actor = track.actor
    t = wrapped(clock.t, clock.loop)
    index = track.index(t)
    stretch = track.stretches[index]
    ground = stretch.ground(t)
    body = _body(track, index, t, clock.loop)
    height = drawn_height(actor) * body.scale
    loop = _art(track, index, t, clock.loop)
    since = _local(stretch, t, clock.loop)
    made = Pose(
        actor=actor.id,
        x=ground.x + body.dx,
        y=body.lift + body.y,
        z=ground.z,
        height=height,
        facing=ground.facing * body.turn,
        roll=body.roll,
        pivot=body.pivot,
        stretch_x=2.0 - body.stretch,
        stretch_y=body.stretch,
        loop=loop - math.floor(loop),
        swing=ground.turns - math.floor(ground.turns),
        stride=body.stride,
        arms=body.arms,
        mouth=max(body.mouth, _spoken(actor, t)),
        emotion=stretch.beat.emotion,
        emotes=emotes(actor, stretch.beat, since, height),
        subject=stretch.art(t).name,
    )
    if track.mount is None or track.mount in riders:
        return made
    return _seated(made, _pose(all_tracks, track.mount, clock, (*riders, actor_id)))


def _seated(rider: Pose, mount: Pose) -> Pose:
    """The rider on top of its mount: it goes, bobs and leans with it."""
    top = SEAT * mount.height * mount.stretch_y
    return replace(
        rider,
        x=mount.x + top * math.sin(mount.roll),
        y=mount.y + top * math.cos(mount.roll) + rider.y,
        z=mount.z - 0.02,
        facing=mount.facing,
        roll=rider.roll + mount.roll,
    )


def _local(stretch: Stretch, t: float, loop: float | None) -> Clock:
    """The clock of a beat: time since it began, closed over its span in a loop."""
    return Clock(t - stretch.begin, stretch.span if loop is not None else None)


def _body(track: Track, index: int, t: float, loop: float | None) -> Body:
    """The body's gesture at ``t``, still partly that of the beat before just after a change."""
    stretch = track.stretches[index]
    own = _own(track, stretch, t, loop)
    tau = t - stretch.begin
    if len(track.stretches) == 1 or tau >= max(BLEND, CLIMB) or (index == 0 and loop is None):
        return own
    if index == 0:
        assert loop is not None
        index, t = len(track.stretches), t + loop
    before = _body(track, index - 1, t, loop)
    turns = _whole_rolls(track, index - 1, stretch.begin)
    before = replace(before, roll=before.roll - turns * math.tau)
    return mix(before, own, ease(tau / BLEND), ease(tau / CLIMB))


def _whole_rolls(track: Track, index: int, end: float) -> int:
    """Whole turns that a roller has made by the end of its beat: it need not unwind them."""
    stretch = track.stretches[index]
    if stretch.beat.action != "roll" or stretch.span is not None:
        return 0
    moved = stretch.ground(end).x - stretch.x
    return round(moved / (drawn_height(track.actor) / 2) / math.tau)


def _own(track: Track, stretch: Stretch, t: float, loop: float | None) -> Body:
    """The gesture of one beat alone."""
    actor, subject = track.actor, stretch.art(t)
    ground = track.ground(wrapped(t, loop))
    height = drawn_height(actor)
    moment = Moment(
        action=stretch.beat.action,
        manner=stretch.manner,
        clock=_local(stretch, t, loop),
        turns=ground.turns,
        pace=ground.pace,
        air=stretch.path.at(t - stretch.begin).air,
        heading=ground.facing,
        drift=ground.x - stretch.x,
        height=height,
        room=room(track, stretch),
        still=_stiff(stretch),
        plush=subject.body == "plush",
        trots=swings_legs(subject),
        phase=actor.phase,
        wings=wing_turns(track, stretch, Clock(t, loop)) if subject.loop == "flap" else 0.0,
        holds=actor.holds is not None,
        first=stretch.first,
    )
    body = gesture(moment)
    return replace(body, lift=body.lift + stretch.altitude)


def _stiff(stretch: Stretch) -> bool:
    """True where the art does not move by itself in that beat, so that the whole body must."""
    subject = stretch.subject
    if subject.body == "plush":
        return False
    if stretch.manner in ("walk", "run"):
        return subject.loop != "gait" and not swings_legs(subject)
    return concepts()[subject.sprite].seconds <= 0


def room(track: Track, stretch: Stretch) -> float:
    """How many metres higher the feet may rise: to the frame's top, or over whom they leap."""
    free = headroom(track.scene, stretch.z, drawn_height(track.actor)) - stretch.altitude - 0.1
    free = max(free, 0.2)
    return min(free, stretch.leap_height) if stretch.leap_height else free


def _spoken(actor: Actor, t: float) -> float:
    """How far the mouth is open by its keys, moving evenly between them."""
    keys = actor.mouth
    if not keys or not float(keys[0].at) <= t <= float(keys[-1].at):
        return 0.0
    for a, b in pairwise(keys):
        start, end = float(a.at), float(b.at)
        if start <= t <= end:
            return a.open + (b.open - a.open) * (
                (t - start) / (end - start) if end > start else 1.0
            )
    return keys[-1].open

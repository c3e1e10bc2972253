"""Contacts: when feet, wheels and wings touch something, and when lightning strikes.

Times are found by solving the phase functions that also draw the picture, not by sampling frames,
so they are exact at any frame rate, and a shorter shot's contacts are the beginning of a longer
one's.

Phases (turns of an actor's feet) at which they touch the ground: a biped at 0.25 and 0.75, a
quadruped that walks at 0, 0.25, 0.5 and 0.75, one that runs at 0, 0.08, 0.5 and 0.58, a hopper and
a wheel at 0. Art whose legs do not move makes two small hops a turn, as a biped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from kinema.storybook.blocking import block
from kinema.storybook.bodies import drawn_height
from kinema.storybook.camera import camera_at
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.chance import chance
from kinema.storybook.clock import Clock
from kinema.storybook.framing import followed
from kinema.storybook.gestures import (
    BAR_RATE,
    CHEER_RATE,
    JUMP_RATE,
    fall_height,
    fall_rate,
    landings,
)
from kinema.storybook.motion import pose, room, wing_turns
from kinema.storybook.paths import Shuttle, Stay
from kinema.storybook.scene import Scene
from kinema.storybook.tracks import Stretch, Track
from kinema.types import Contact

RATE: Final = 48_000
"""Contacts lie on whole samples of sound at this rate."""
BIPED: Final = (0.25, 0.75)
QUADRUPED: Final = (0.0, 0.25, 0.5, 0.75)
GALLOP: Final = (0.0, 0.08, 0.5, 0.58)

_CELL = Fraction(1, 16)  # seconds; phases are searched cell by cell, on cells fixed in time
_SPLASHES: Final = {"swim": 0.8, "sail": 0.33}  # a second, at the surface
_OFF_GROUND = 0.2  # metres
_FIRST, _FIRST_SPREAD = 0.8, 0.8  # seconds to the first flash of a storm
_PAUSE, _PAUSE_SPREAD = 2.5, 2.0  # seconds between flashes


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """A growing phase and the places in each turn where a contact is."""

    kind: str
    phase: Callable[[float], float]
    offsets: tuple[float, ...]


def contacts(scene: Scene, start: Fraction, seconds: Fraction) -> tuple[Contact, ...]:
    """All contacts of a staged scene in a stretch of its own clock, in order of time.

    Args:
        scene: A staged scene.
        start: Scene time at which the stretch starts, seconds; may be negative.
        seconds: Its length; a contact at its very end is left out.

    Returns:
        Contacts with times from the stretch's start, as multiples of 1/48000 s. Kinds: step,
        landing, wheel, flap, splash, flash.

    Raises:
        ValueError: An actor has no place.

    Cost:
        About a millisecond an actor and second.
    """
    found: list[Contact] = []
    ground = catalogue().settings[scene.setting].ground or ""
    for actor_id, track in block(scene, _period(scene)).items():
        weight = min(max((drawn_height(track.actor) - 0.4) / 2.2, 0.0), 1.0)
        for kind, at in _moments(scene, track, start, start + seconds):
            surface = "" if kind == "flap" else "water" if kind == "splash" else ground
            found.append(
                Contact(
                    actor=actor_id,
                    kind=kind,
                    at=at - start,
                    surface=surface,
                    pan=round(_pan(scene, track, float(at)), 4),
                    weight=round(weight, 4),
                )
            )
    found += [
        Contact(actor="", kind="flash", at=at - start, weight=1.0)
        for at in flashes(scene, start, seconds)
    ]
    return tuple(sorted(found, key=lambda contact: (contact.at, contact.actor, contact.kind)))


def flashes(scene: Scene, start: Fraction, seconds: Fraction) -> tuple[Fraction, ...]:
    """When lightning strikes in a stretch of the scene's clock; never without a storm.

    Scene times in seconds, multiples of 1/48000. The schedule follows from the seed alone: the
    first at 0.8 to 1.6 s, then one every 2.5 to 4.5 s.
    """
    if scene.weather != "storm":
        return ()
    end = start + seconds
    times = (
        _exact(at) for at in _strikes(scene.seed, _period(scene), float(start) - 1.0, float(end))
    )
    return tuple(at for at in times if start <= at < end)


def flash_strength(scene: Scene, clock: Clock) -> float:
    """How bright lightning lights the scene, 0 to 1: two beats, then dying away."""
    if scene.weather != "storm":
        return 0.0
    strength = 0.0
    for at in _strikes(scene.seed, clock.loop, clock.t - 1.2, clock.t):
        since = clock.t - at
        if since >= 0.0:
            first = math.exp(-since / 0.07)
            second = 0.8 * math.exp(-(since - 0.16) / 0.13) if since >= 0.16 else 0.0
            strength = max(strength, first, second)
    return strength if strength > 0.004 else 0.0


def _strikes(seed: int, loop: float | None, start: float, end: float) -> Iterator[float]:
    """Times of strikes from about ``start`` to ``end``."""
    if loop is not None:
        count = max(1, round(loop / 3.5))
        for lap in range(math.floor(start / loop), math.floor(end / loop) + 1):
            for index in range(count):
                at = 0.2 + 0.5 * chance(seed, "flash", str(index))
                yield (lap + (index + at) / count) * loop
        return
    at, index = _FIRST + _FIRST_SPREAD * chance(seed, "flash", "0"), 0
    while at > start:  # before the first one as well: time runs backwards from zero
        index -= 1
        at -= _pause(seed, index)
    while at <= end:
        if at >= start:
            yield at
        at += _pause(seed, index)
        index += 1


def _pause(seed: int, index: int) -> float:
    """Seconds between strike ``index`` and the next."""
    return _PAUSE + _PAUSE_SPREAD * chance(seed, "pause", str(index))


def _period(scene: Scene) -> float | None:
    return None if scene.loop is None else float(scene.loop)


def _moments(
    scene: Scene, track: Track, start: Fraction, end: Fraction
) -> Iterator[tuple[str, Fraction]]:
    """Kinds and exact scene times of one actor's contacts."""
    if scene.loop is None:
        laps, low, high = range(1), start, end
    else:
        laps = range(math.floor(start / scene.loop), math.ceil(end / scene.loop))
        low, high = Fraction(0), scene.loop
    inside = [
        (kind, at)
        for index, stretch in enumerate(track.stretches)
        for kind, at in _of_stretch(scene, track, stretch, *_window(track, index, low, high))
    ]
    exact = [(kind, _exact(at)) for kind, at in inside]
    if scene.loop is not None:  # what falls on the seam belongs to the lap that it begins
        exact = [(kind, at) for kind, at in exact if 0 <= at < scene.loop]
    for lap in laps:
        shift = lap * (scene.loop or Fraction(0))
        for kind, at in exact:
            if start <= at + shift < end:
                yield kind, at + shift


def _window(track: Track, index: int, low: Fraction, high: Fraction) -> tuple[float, float]:
    """From when to when a beat makes contacts, within a little more than ``low`` to ``high``."""
    begin = track.stretches[index].begin if index else -math.inf
    last = index + 1 == len(track.stretches)
    end = math.inf if last else track.stretches[index + 1].begin
    if not last:
        after = track.stretches[index + 1]
        if isinstance(after.path, Stay) and after.beat.action != "dance":
            end += after.coast.seconds  # the last step falls into the next beat
    return max(begin, float(low - _CELL)), min(end, float(high + _CELL))


def _of_stretch(
    scene: Scene, track: Track, stretch: Stretch, low: float, high: float
) -> Iterator[tuple[str, float]]:
    if high <= low:
        return
    for kind, at in _falls(track, stretch):
        if low <= at < high:
            yield kind, at
    for rhythm in _rhythms(scene, track, stretch):
        for cell in range(math.floor(low / _CELL), math.ceil(high / _CELL)):
            a, b = max(float(cell * _CELL), low), min(float((cell + 1) * _CELL), high)
            for at in _crossings(rhythm, a, b):
                if rhythm.kind != "step" or not stretch.path.at(at - stretch.begin).air:
                    yield rhythm.kind, at


def _rhythms(scene: Scene, track: Track, stretch: Stretch) -> Iterator[_Rhythm]:
    """The rhythms of a beat that touch something."""
    yield from _rhythms_of_feet(track, stretch)
    yield from _rhythms_of_action(track, stretch)
    subject, loop = stretch.subject, _period(scene)
    if subject.loop == "flap" and stretch.altitude > _OFF_GROUND:
        yield _Rhythm("flap", lambda t: wing_turns(track, stretch, Clock(t, loop)), (0.0,))
    on_water = catalogue().settings[scene.setting].medium == "water"
    if on_water and stretch.altitude <= _OFF_GROUND and stretch.manner in _SPLASHES:
        yield _Rhythm("splash", _timed(track, stretch, _SPLASHES[stretch.manner]), (0.0,))


def _rhythms_of_feet(track: Track, stretch: Stretch) -> Iterator[_Rhythm]:
    def feet(t: float) -> float:
        return track.ground(t).turns

    if stretch.manner in ("walk", "run"):
        yield _Rhythm("step", feet, _footfalls(stretch.subject, stretch.manner))
    elif stretch.manner == "hop":
        yield _Rhythm("landing", feet, (0.0,))
    elif stretch.manner == "drive":
        yield _Rhythm("wheel", feet, (0.0,))


def _rhythms_of_action(track: Track, stretch: Stretch) -> Iterator[_Rhythm]:
    action, path = stretch.beat.action, stretch.path
    if isinstance(path, Shuttle) and path.leap:
        touch = 0.5 + path.leap / 2
        yield _Rhythm("landing", lambda t: path.legs(t - stretch.begin), (touch,))
    elif action in ("jump", "jump_over"):
        yield _Rhythm("landing", _timed(track, stretch, JUMP_RATE), (0.0,))
    elif action == "cheer":
        yield _Rhythm("landing", _timed(track, stretch, CHEER_RATE), (0.0,))
    elif action == "dance":
        beats = _timed(track, stretch, BAR_RATE, phase=0.0)
        yield _Rhythm("step", lambda t: 4 * beats(t), (0.0,))
    elif action == "fall" and stretch.span is not None:
        rate = fall_rate(room(track, stretch))
        yield _Rhythm("landing", _timed(track, stretch, rate, phase=0.5), (0.0,))


def _timed(
    track: Track, stretch: Stretch, rate: float, phase: float | None = None
) -> Callable[[float], float]:
    """A rhythm of the beat's own clock, at the actor's phase unless another is given."""
    first = track.actor.phase if phase is None else phase
    return lambda t: Clock(t - stretch.begin, stretch.span).turns(rate, first)


def _footfalls(subject: Subject, manner: str) -> tuple[float, ...]:
    gait = subject.gait
    if gait == "quadruped" and subject.loop == "gait":
        return GALLOP if manner == "run" else QUADRUPED
    return () if gait == "slither" else BIPED


def _falls(track: Track, stretch: Stretch) -> Iterator[tuple[str, float]]:
    """Landings of a fall that happens once."""
    if stretch.beat.action == "fall" and stretch.span is None:
        high = fall_height(room(track, stretch))
        for after in landings(high):
            yield "landing", stretch.begin + after


def _crossings(rhythm: _Rhythm, a: float, b: float) -> Iterator[float]:
    """Times in [a, b) at which the phase passes one of the rhythm's offsets, by bisection."""
    first, last = rhythm.phase(a), rhythm.phase(b)
    for offset in rhythm.offsets:
        turn = math.ceil(first - offset)
        while turn + offset < last:
            low, high = a, b
            for _ in range(40):
                middle = (low + high) / 2
                if rhythm.phase(middle) < turn + offset:
                    low = middle
                else:
                    high = middle
            yield high
            turn += 1


def _exact(at: float) -> Fraction:
    return Fraction(round(at * RATE), RATE)


def _pan(scene: Scene, track: Track, at: float) -> float:
    """Where the actor is in the picture, -1 at the left edge of the square frame to 1."""
    clock = Clock(at, _period(scene))
    here = pose(scene, track.actor, clock)
    lead = followed(scene)
    target = pose(scene, lead, clock).x if lead is not None else 0.0
    camera = camera_at(scene.camera.move, clock, target_x=target)
    return min(max(2.0 * camera.project(here.x, here.y, here.z)[0], -1.0), 1.0)

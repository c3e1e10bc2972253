"""Tracks: where an actor is at any time, once its beats are laid end to end.

Where one beat ends the next starts, and what speed is left runs out over a few steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kinema.storybook.catalogue import Subject
from kinema.storybook.paths import RAMP, TURN, Arrive, Path, ease
from kinema.storybook.scene import Actor, Beat, Scene


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an actor's feet are: metres, turns of phase (growing), facing, pace 0 to 1."""

    x: float
    z: float
    turns: float
    facing: float
    pace: float


@dataclass(frozen=True, slots=True)
class Coast:
    """Speed that is left from the beat before, running out evenly.

    Metres and turns a second, the seconds it takes, and the pace (share of full speed) at first.
    """

    x: float = 0.0
    z: float = 0.0
    turns: float = 0.0
    seconds: float = RAMP
    pace: float = 0.0

    def gone(self, tau: float) -> float:
        """The factor of the speeds that has been covered after ``tau`` seconds."""
        q = min(max(tau / self.seconds, 0.0), 1.0)
        return self.seconds * (q - q * q / 2)

    def left(self, tau: float) -> float:
        """The pace that is left after ``tau`` seconds."""
        return self.pace * (1.0 - min(max(tau / self.seconds, 0.0), 1.0))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One beat on the track.

    ``span`` is its length where it must close (a loop), else None; ``x``, ``z``, ``turns`` are
    where it starts, ``facing`` how the beat before ended (None: none before). ``subject`` is whose
    art shows it, ``arrived`` whose art shows somebody who has come to a stop. ``leap_height`` is
    how high its feet go over somebody.
    """

    begin: float
    span: float | None
    beat: Beat
    manner: str
    path: Path
    x: float
    z: float
    turns: float
    facing: float | None
    coast: Coast
    altitude: float
    first: bool
    subject: Subject
    arrived: Subject
    leap_height: float | None = None

    def art(self, t: float) -> Subject:
        """Whose art is shown at ``t``: who has arrived stands there."""
        if isinstance(self.path, Arrive) and self.path.at(t - self.begin).pace <= 0.0:
            return self.arrived
        return self.subject

    def ground(self, t: float) -> Ground:
        """The state at scene time ``t``, also after its end."""
        tau = t - self.begin
        step = self.path.at(tau)
        slid = self.coast.gone(tau)
        facing = step.heading
        if self.facing is not None and tau < TURN:
            facing = self.facing + (facing - self.facing) * ease(tau / TURN)
        return Ground(
            x=self.x + step.dx + self.coast.x * slid,
            z=self.z + step.dz + self.coast.z * slid,
            turns=self.turns + step.turns + self.coast.turns * slid,
            facing=facing,
            pace=max(step.pace, self.coast.left(tau)),
        )


@dataclass(frozen=True, slots=True)
class Track:
    """Everything an actor does, beat after beat. ``mount`` is the id of whom it rides on."""

    scene: Scene
    actor: Actor
    subject: Subject
    stretches: tuple[Stretch, ...]
    mount: str | None = None

    def index(self, t: float) -> int:
        """Which stretch is on at time ``t``; the first one holds before its time."""
        for index in range(len(self.stretches) - 1, 0, -1):
            if t >= self.stretches[index].begin:
                return index
        return 0

    def ground(self, t: float) -> Ground:
        """Where the actor's feet are at scene time ``t`` (seconds, within a loop's period)."""
        return self.stretches[self.index(t)].ground(t)


def wrapped(t: float, loop: float | None) -> float:
    """The time within a loop's period; as it is without a loop."""
    return t if loop is None else t - math.floor(t / loop) * loop

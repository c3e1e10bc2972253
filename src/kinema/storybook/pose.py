"""How an actor looks at one moment: what motion says to the figures and the renderer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Emote:
    """A small sprite that goes with an actor (hearts, notes, ZZZ, dust).

    ``sprite`` is its atlas concept; ``dx`` and ``dy`` its centre in metres from the actor's feet;
    ``height`` in metres, ``roll`` in radians, ``opacity`` 0 to 1.
    """

    sprite: str
    dx: float
    dy: float
    height: float
    roll: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Pose:
    """One actor at one moment.

    x, y, z: its feet in metres (y above the ground). height: metres, as drawn.
    facing: -1 looks left, 1 looks right; in between it is turning, like a sheet of paper.
    roll: radians, positive leans to the right. pivot: "foot" or "centre", what it rolls about.
    stretch_x, stretch_y: squash and stretch, 1 at rest.
    loop: place in the art's own loop, in turns (the art repeats every whole turn).
    swing: phase of arms and legs of a plush body, in turns; two steps a turn.
    stride: how far legs and arms swing, 0 to 1. arms: "swing", "up", "hold", "play" or "rest".
    subject: whose art is shown, a key of the catalogue: the actor's own, or the variant of it that
    shows the action better.
    mouth: 0 shut to 1 wide open. emotion: which face a plush head shows, None for its own.
    """

    actor: str
    x: float
    y: float
    z: float
    height: float
    facing: float = -1.0
    roll: float = 0.0
    pivot: str = "foot"
    stretch_x: float = 1.0
    stretch_y: float = 1.0
    loop: float = 0.0
    swing: float = 0.0
    stride: float = 0.0
    arms: str = "rest"
    mouth: float = 0.0
    emotion: str | None = None
    opacity: float = 1.0
    emotes: tuple[Emote, ...] = ()
    subject: str = ""

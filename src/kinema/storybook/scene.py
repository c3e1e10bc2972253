"""The scene graph: the single truth about a storybook shot.

The reader writes it, the director completes it (places, paths), the renderer draws it, remix
changes it, captions are views of it. It holds names from the catalogue, metres and seconds, never
pixels: the same scene is drawn at every size, shape and frame rate.

World: x runs right, y up, z away from the camera's resting place; metres. The ground is y = 0 and
actors usually stand near z = 6. Time: seconds on the scene's own clock; every motion is a function
of absolute time, so that a shot of 5 s is the exact beginning of the same shot of 7 s.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from kinema.types import FileId, MouthKey, Value

SECOND_BEAT = Fraction(2)
"""When the second event of a two-stage prompt starts."""


class Place(Value, kw_only=True):
    """Where an actor stands when the clock reads 0, and which way it looks.

    ``y`` is the height of its feet above the ground. ``facing`` is -1 for left, 1 for right.
    """

    x: float
    z: float
    y: float = 0.0
    facing: int = 1


class Beat(Value, kw_only=True):
    """What an actor does from ``at`` on, until its next beat.

    ``action`` is a key of the catalogue's actions. ``direction`` is left, right, away, toward or
    None for the director to choose. ``target`` is the id of the actor it is done to or around.
    ``pace`` scales the action's usual speed.
    """

    action: str
    at: Fraction = Fraction(0)
    direction: str | None = None
    target: str | None = None
    emotion: str | None = None
    pace: Annotated[float, Meta(gt=0.0, le=4.0)] = 1.0


class Actor(Value, kw_only=True):
    """Somebody or something that acts. ``id`` is stable through remixes ("fox-1").

    ``subject`` is a key of the catalogue. ``colour``, ``material`` (gold, glass, clay, chrome),
    ``size`` (tiny, small, big, giant), ``tone`` (skin tone) and ``name`` (a character's own name)
    are None where the prompt does not say. Only glass has a colour as well: its tint.
    ``holds`` and ``wears`` are catalogue subjects or accessories. ``group`` joins actors that a
    prompt counted together ("three ducks"). ``place`` is None until the director has placed it;
    ``phase`` (turns) shifts its rhythm against the others'.
    """

    id: str
    subject: str
    beats: tuple[Beat, ...]
    name: str | None = None
    colour: str | None = None
    material: str | None = None
    size: str | None = None
    tone: str | None = None
    holds: str | None = None
    wears: str | None = None
    group: str | None = None
    place: Place | None = None
    phase: float = 0.0
    mouth: tuple[MouthKey, ...] = ()


class Relation(Value, kw_only=True):
    """How two actors stand to each other.

    Kinds: left_of, right_of, behind, in_front_of, on_top_of, beside, between (once for each of the
    two), chasing, circling, jumping_over, following, meeting, hugging, riding, passing.
    """

    kind: str
    subject: str
    object: str


class Picture(Value, kw_only=True):
    """A picture of the user's in the scene: a prop, a framed poster, or the whole backdrop.

    ``height`` is in metres for prop and poster; ``aspect`` is width over height of the picture.
    """

    file: FileId
    role: str
    aspect: float
    place: Place | None = None
    height: float = 1.6


class Region(Value, kw_only=True):
    """A part of the picture that lies in another setting (a region edit).

    ``mask`` is a coverage picture of ``columns`` x ``rows`` cells, one byte a cell (0 outside, 255
    inside), row by row, so that the scene needs no other file. It is stretched over the frame.
    """

    setting: str
    columns: int
    rows: int
    mask: bytes


class Camera(Value, kw_only=True):
    """How the camera moves. It eases to rest within four seconds; ``target`` is who it follows."""

    move: str = "static"
    target: str | None = None


class Scene(Value, kw_only=True):
    """One continuous shot, whole: everything that is to be seen, and nothing about pixels.

    ``loop`` is the period in seconds of a seamless loop, None for an ordinary shot.
    """

    setting: str = "meadow"
    time: str = "morning"
    weather: str = "clear"
    camera: Camera = Camera()
    style: str = "storybook"
    actors: tuple[Actor, ...] = ()
    relations: tuple[Relation, ...] = ()
    pictures: tuple[Picture, ...] = ()
    regions: tuple[Region, ...] = ()
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    loop: Fraction | None = None

    def actor(self, actor_id: str) -> Actor:
        """The actor of that id; `KeyError` where there is none."""
        for actor in self.actors:
            if actor.id == actor_id:
                return actor
        raise KeyError(actor_id)


class CurvePoint(Value, kw_only=True):
    """A weight (0 to 1) at a time (seconds from the start of its shot)."""

    at: Fraction
    weight: Annotated[float, Meta(ge=0.0, le=1.0)]


class Mix(Value, kw_only=True):
    """A second scene that a shot moves towards, its clock at the shot's start, how much of it."""

    scene: Scene
    start: Fraction
    curve: tuple[CurvePoint, ...]


class Shot(Value, kw_only=True):
    """A stretch of a timeline: a scene from ``start`` on its own clock, for ``seconds``.

    With ``mix``, camera, light and weather move to the second scene as its curve says, and actors
    leave and enter.
    """

    scene: Scene
    seconds: Fraction
    start: Fraction = Fraction(0)
    mix: Mix | None = None


class Timeline(Value, kw_only=True):
    """Shots in order: what a finished animatic clip carries, all that is needed to redraw it."""

    shots: tuple[Shot, ...]

    @property
    def seconds(self) -> Fraction:
        """Length of all shots together."""
        return sum((shot.seconds for shot in self.shots), Fraction(0))

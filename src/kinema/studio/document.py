"""The project document: everything that a film is, as one value, whatever kind of film it is.

Ids are readable, stable and unique in the whole project; they come from names in the brief, never
from positions. Times are exact: seconds as fractions, frames as whole numbers, or an anchor (see
`anchors`). JSON is canonical: equal documents have equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from kinema.errors import RequestError
from kinema.types import (
    FPS_MAX,
    FPS_MIN,
    SECONDS_MAX,
    FileId,
    Json,
    Quality,
    Request,
    Size,
    Value,
    from_builtins,
    to_builtins,
)

SCHEMA: Final = 1

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,119}$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class LineKind(StrEnum):
    """What words are for."""

    SPEECH = "speech"
    NARRATION = "narration"
    TITLE = "title"


class TextState(StrEnum):
    """How far a translation can be trusted."""

    SOURCE = "source"
    MACHINE = "machine"
    DRAFT = "draft"
    REVIEWED = "reviewed"
    STALE = "stale"


class TrackKind(StrEnum):
    """What a track holds; the tracks of sound are data until there is sound."""

    PICTURE = "picture"
    OVERLAY = "overlay"
    SPEECH = "speech"
    EFFECTS = "effects"
    AMBIENCE = "ambience"
    MUSIC = "music"


class TransitionKind(StrEnum):
    """How one shot becomes the next."""

    DISSOLVE = "dissolve"
    DIP = "dip"


class CaptionUse(StrEnum):
    """Where captions go: into the picture, into files beside it, both or nowhere."""

    BURN = "burn"
    SIDE = "side"
    BOTH = "both"
    NONE = "none"


class Origin(StrEnum):
    """Where a take comes from."""

    GENERATED = "generated"
    UPLOADED = "uploaded"
    EDITED = "edited"


class Look(Value, kw_only=True):
    """What all shots share. ``handles`` frames are made before and after every shot, so that it can
    be trimmed and dissolved without being made again.
    """  # noqa: D205 - two sentences belong together

    style: str | None = None
    size: Size = Size(width=1280, height=720)
    fps: Fraction = Fraction(24)
    quality: Quality = Quality.STANDARD
    model: str = "animatic"
    negative: str = ""
    handles: Annotated[int, Meta(ge=0, le=240)] = 12


class Character(Value, kw_only=True):
    """Somebody who is seen or heard in several shots: a name, and looks in words."""

    name: str
    looks: str = ""
    image: FileId | None = None


class Place(Value, kw_only=True):
    """Where scenes play, in the words that a prompt gets: "in a forest at night"."""

    name: str
    words: str = ""


class Asset(Value, kw_only=True):
    """A file that a person brought: a picture, a video, music."""

    file: FileId
    path: str
    kind: str = "video"
    licence: str = ""
    credit: str = ""


class Words(Value, kw_only=True):
    """A line in one language; ``of`` is the hash of the source text that it translates."""

    value: str
    state: TextState = TextState.SOURCE
    of: str = ""


class Line(Value, kw_only=True):
    """Words that are spoken or shown, in every language; ``source`` is where the brief has them."""

    kind: LineKind
    text: dict[Language, Words]
    speaker: Id | None = None
    direction: str = ""
    source: str = ""


class Scene(Value, kw_only=True):
    """Shots in one place, in the order in which they were written."""

    id: Id
    heading: str = ""
    place: Id | None = None
    synopsis: str = ""
    shots: tuple[Id, ...] = ()


class Length(Value, kw_only=True):
    """How long a shot lasts: at least ``seconds``, and until its ``lines`` are spoken.

    ``head`` and ``tail`` are the silence before the first and after the last of them, in seconds.
    """

    seconds: Fraction = Fraction(0)
    lines: tuple[Id, ...] = ()
    head: Fraction = Fraction(3, 10)
    tail: Fraction = Fraction(2, 5)


class Take(Value, kw_only=True):
    """One rendering of a shot. ``first`` is the frame of its clip in which the shot begins."""

    id: Id
    origin: Origin
    clip: FileId
    first: Annotated[int, Meta(ge=0)] = 0
    request: Request | None = None
    parent: Id | None = None
    operation: str = ""
    note: str = ""


class Shot(Value, kw_only=True):
    """What is seen between two cuts. Without a selected take it is generated."""

    prompt: str = ""
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    length: Length = Length()
    characters: tuple[Id, ...] = ()
    image: FileId | None = None
    framing: str = ""
    camera: str = ""
    model: str | None = None
    quality: Quality | None = None
    style: str | None = None
    takes: tuple[Take, ...] = ()
    selected: Id | None = None
    notes: str = ""


class Transition(Value, kw_only=True):
    """How an item comes in, over so many frames: half before the cut, half after it."""

    kind: TransitionKind = TransitionKind.DISSOLVE
    frames: Annotated[int, Meta(ge=1, le=480)]


class Trim(Value, kw_only=True):
    """Which part of a shot is shown, in frames; ``start`` is below 0 inside the head handle."""

    start: int
    frames: Annotated[int, Meta(ge=1)]


class Item(Value, kw_only=True):
    """A shot, line or asset on a track.

    ``start`` and ``end`` are anchors; without them an item follows the one before it and lasts as
    long as what it refers to. ``gain`` is in decibels.
    """

    id: Id
    ref: Id
    start: str | None = None
    end: str | None = None
    trim: Trim | None = None
    transition: Transition | None = None
    gain: int = 0


class Track(Value, kw_only=True):
    """Items of one kind, in order; on the picture track they never overlap."""

    id: Id
    kind: TrackKind
    items: tuple[Item, ...] = ()


class Sequence(Value, kw_only=True):
    """Tracks that play together."""

    tracks: tuple[Track, ...] = ()


class Deliverable(Value, kw_only=True):
    """A film that is to be made of a sequence; ``file`` is its name without an ending."""

    sequence: Id
    file: Annotated[str, Meta(pattern=r"^[\w][\w.-]{0,119}$")]
    language: Language
    size: Size
    captions: CaptionUse = CaptionUse.SIDE


class Project(Value, kw_only=True):
    """The whole document."""

    id: Id
    kind: str
    title: str
    base_language: Language = "en"
    languages: tuple[Language, ...] = ("en",)
    schema: int = SCHEMA
    look: Look = Look()
    cast: dict[Id, Character] = msgspec.field(default_factory=dict)
    places: dict[Id, Place] = msgspec.field(default_factory=dict)
    assets: dict[Id, Asset] = msgspec.field(default_factory=dict)
    lines: dict[Id, Line] = msgspec.field(default_factory=dict)
    scenes: tuple[Scene, ...] = ()
    shots: dict[Id, Shot] = msgspec.field(default_factory=dict)
    sequences: dict[Id, Sequence] = msgspec.field(default_factory=dict)
    deliverables: dict[Id, Deliverable] = msgspec.field(default_factory=dict)


def canonical(value: Any) -> bytes:
    """The one JSON of a value: sorted keys, NFC text, no spaces."""
    plain = value if isinstance(value, dict | list | str | int) else to_builtins(value)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def to_document(project: Project) -> Json:
    """The project as plain JSON values; what is as by default is left out."""
    return to_builtins(project)


def from_document(document: Json) -> Project:
    """Read and check a project; raises `RequestError` naming the field."""
    try:
        project = from_builtins(document, Project)
    except RequestError as error:
        name = "document" if error.field == "request" else error.field
        raise RequestError(name, error.problem, error.allowed) from error
    check(project)
    return project


def check(project: Project) -> None:
    """Refuse a document in which a name leads nowhere or means two things.

    Raises:
        RequestError: The field says where.
    """
    if project.schema != SCHEMA:
        raise RequestError("schema", f"is {project.schema}", f"{SCHEMA}")
    if not FPS_MIN <= project.look.fps <= FPS_MAX:
        allowed = f"{FPS_MIN} to {FPS_MAX}"
        raise RequestError("look.fps", f"{project.look.fps} is out of range", allowed)
    for name, shot in project.shots.items():
        lasts = shot.length
        for field in ("seconds", "head", "tail"):
            if not 0 <= getattr(lasts, field) <= SECONDS_MAX:
                problem = f"{getattr(lasts, field)} is out of range"
                where = f"shots/{name}/length/{field}"
                raise RequestError(where, problem, f"0 to {SECONDS_MAX} seconds")
    seen: set[str] = set()
    for field, name in _names(project):
        if name in seen:
            raise RequestError(field, f"{name!r} is there twice", "ids that differ")
        seen.add(name)
    for field, name, allowed in _references(project):
        if name is not None and name not in allowed:
            known = ", ".join(sorted(allowed)[:8])
            raise RequestError(field, f"there is no {name!r}", known or "nothing yet")


def _names(project: Project) -> Iterator[tuple[str, str]]:
    for field in ("cast", "places", "assets", "lines", "shots", "sequences", "deliverables"):
        yield from ((field, name) for name in getattr(project, field))
    yield from (("scenes", scene.id) for scene in project.scenes)
    for name, shot in project.shots.items():
        yield from ((f"shots/{name}/takes", take.id) for take in shot.takes)
    for name, sequence in project.sequences.items():
        for track in sequence.tracks:
            yield f"sequences/{name}/tracks", track.id
            yield from ((f"sequences/{name}/tracks/{track.id}", item.id) for item in track.items)


def _references(project: Project) -> Iterator[tuple[str, str | None, Iterable[str]]]:
    for scene in project.scenes:
        yield f"scenes/{scene.id}/place", scene.place, project.places
        yield from ((f"scenes/{scene.id}/shots", shot, project.shots) for shot in scene.shots)
    for name, line in project.lines.items():
        yield f"lines/{name}/speaker", line.speaker, project.cast
        yield f"lines/{name}/text", project.base_language, line.text
    for name, shot in project.shots.items():
        where = f"shots/{name}"
        yield f"{where}/selected", shot.selected, [take.id for take in shot.takes]
        yield from ((f"{where}/characters", each, project.cast) for each in shot.characters)
        yield from ((f"{where}/length/lines", each, project.lines) for each in shot.length.lines)
    for name, sequence in project.sequences.items():
        for track in sequence.tracks:
            allowed = _shown_on(project, track.kind)
            where = f"sequences/{name}/tracks/{track.id}/items"
            yield from ((f"{where}/{item.id}/ref", item.ref, allowed) for item in track.items)
    for name, film in project.deliverables.items():
        yield f"deliverables/{name}/sequence", film.sequence, project.sequences
        yield f"deliverables/{name}/language", film.language, project.languages


def _shown_on(project: Project, kind: TrackKind) -> Iterable[str]:
    """What an item of such a track may refer to."""
    if kind is TrackKind.PICTURE:
        return project.shots
    if kind in (TrackKind.SPEECH, TrackKind.OVERLAY):
        return project.lines
    return project.assets

"""What a storyboard looks like to a client: its document, and how each card's clips stand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping

from kinema.serve.api import wire
from kinema.serve.api.errors import not_found
from kinema.serve.api.services import Services
from kinema.serve.store import storyboards as store
from kinema.serve.store.clips import OPEN, State
from kinema.serve.store.storyboards import BoardRow
from kinema.studio.document import Project, Take, digest, from_document, to_document
from kinema.studio.shots import Wanted, shot_request, wanted
from kinema.types import Json, Request, from_builtins

_URL: Final = "/v1/kinema/storyboards"


class TakeFace(wire.Wire):
    """One clip of a shot. ``first`` is the frame of it in which the shot begins."""

    id: str
    clip: str | None
    url: str | None
    state: Literal["making", "ready", "failed"]
    seed: int | None
    origin: Literal["generated", "uploaded", "edited"]
    chosen: bool
    stale: bool
    first: int
    fps: str
    frames: int
    created_at: int


class CardFace(wire.Wire):
    """How a shot stands: the clip that shows it, the job that is on its way, and all its takes.

    ``stale``: its words have changed since the clip was made. ``needed`` clips of it are needed by
    all films together, ``ready`` of them are there.
    """

    state: Literal["missing", "making", "ready", "stale", "failed"]
    clip: str | None
    url: str | None
    first: int
    fps: str
    frames: int
    making: str | None
    stale: bool
    error: str | None
    needed: int
    ready: int
    takes: list[TakeFace]


class Board(wire.Wire):
    """A storyboard as it is now, or as it was in an older version (then without cards)."""

    id: str
    object: Literal["storyboard"] = "storyboard"
    version: int
    title: str
    kind: str
    created_at: int
    changed_at: int
    document: dict[str, Any]
    can_undo: bool
    can_redo: bool
    cards: dict[str, CardFace]
    missing: int


@dataclass(slots=True)
class Survey:
    """What is there of all clips that a storyboard needs.

    found: by key, those that are there or on their way. takes: by shot, oldest first.
    """

    project: Project
    needs: list[Wanted] = field(default_factory=list[Wanted])
    found: dict[str, RowMapping] = field(default_factory=dict[str, RowMapping])
    takes: dict[str, list[RowMapping]] = field(default_factory=dict[str, list[RowMapping]])

    def missing(self) -> list[Wanted]:
        """The clips that a job has to be begun for, each once."""
        lacking = {
            need.key: need
            for need in reversed(self.needs)
            if need.key not in self.found or not _is_coming(self.found[need.key])
        }
        return list(reversed(lacking.values()))


def found_board(connection: Connection, project: str, board: str) -> BoardRow:
    """The project's storyboard of that id; 404 where there is none."""
    row = store.get(connection, project, board)
    if row is None:
        raise not_found("Storyboard", board)
    return row


def surveyed(connection: Connection, row: BoardRow, project: Project) -> Survey:
    """Look at all clips that a storyboard needs."""
    survey = Survey(project, list(wanted(project)))
    keys = (need.key for need in survey.needs)
    survey.found = store.clips_by_key(connection, row.project, keys)
    for take in store.takes_of(connection, row.id):
        survey.takes.setdefault(take["shot"], []).append(take)
    return survey


def board_of(connection: Connection, row: BoardRow) -> Board:
    """The storyboard for a client."""
    project = from_document(row.document)
    survey = surveyed(connection, row, project)
    undo, redo = turns(store.marks(connection, row.id), None)
    return Board(
        **_head(row),
        can_undo=undo is not None,
        can_redo=redo is not None,
        cards={shot: card(row, survey, shot) for shot in project.shots},
        missing=len(survey.missing()),
    )


def read_board(services: Services, project: str, board: str) -> Board:
    """The same by its id; 404 where the project has none of that id."""
    with services.database.read() as connection:
        return board_of(connection, found_board(connection, project, board))


def old_board(row: BoardRow, version: int, document: Project, at: float) -> Board:
    """The storyboard as it was."""
    head = {**_head(row), "document": to_document(document), "title": document.title}
    head |= {"version": version, "changed_at": int(at)}
    return Board(**head, can_undo=False, can_redo=False, cards={}, missing=0)


def turns(
    marks: Sequence[tuple[int, str, int | None]], by: str | None
) -> tuple[int | None, int | None]:
    """The steps that undo and redo would take back, of one author or of all.

    Args:
        marks: Version, author and what it takes back of every step, newest first.
        by: The author; None for all.
    """
    dead = set[int]()
    undo: int | None = None
    redo: int | None = None
    reaches = {version: undoes for version, _, undoes in marks}
    is_fresh = True  # nothing was done since that a redo would go against
    for version, author, undoes in marks:
        if version in dead:
            continue
        if undoes is not None:
            dead.add(undoes)
        if by is not None and author != by:
            continue
        is_redo = undoes is not None and reaches.get(undoes) is not None
        if undoes is None:
            is_fresh = False
            undo = version if undo is None else undo
        elif not is_redo and is_fresh and redo is None:
            redo = version
        if undo is not None and (redo is not None or not is_fresh):
            break
    return undo, redo


def card(row: BoardRow, survey: Survey, shot: str) -> CardFace:
    """How a shot stands, with the clip of the first film that shows it."""
    project = survey.project
    takes = [_made(survey, shot, take) for take in survey.takes.get(shot, ())]
    known = {take.id for take in takes}
    for take in project.shots[shot].takes:
        face = _kept(row, survey, shot, take)
        if face.id not in known:
            takes.append(face)
    needs = [need for need in survey.needs if need.shot == shot]
    rows = [survey.found.get(need.key) for need in needs]
    chosen = next((take for take in takes if take.chosen), None)
    awaited = next((r["clip"] for r in rows if r is not None and r["state"] in OPEN), None)
    making = awaited or next((take.clip for take in takes if take.state == "making"), None)
    shown, error, stale = chosen, None, chosen is not None and chosen.stale
    if chosen is None and rows:
        if rows[0] is not None and is_there(rows[0]):
            shown = _made(survey, shot, rows[0])
        else:
            error = _problem(rows[0]) or _last_problem(survey, shot)
            shown = next((take for take in reversed(takes) if take.state == "ready"), None)
            stale = shown is not None
    state = "missing"
    if awaited is not None:
        state = "making"
    elif error is not None:
        state = "failed"
    elif shown is not None:
        state = "stale" if stale else "ready"
    return CardFace(
        state=state,
        clip=shown.clip if shown else None,
        url=shown.url if shown else None,
        first=shown.first if shown else 0,
        fps=shown.fps if shown else str(project.look.fps),
        frames=shown.frames if shown else 0,
        making=making,
        stale=stale,
        error=error,
        needed=len({need.key for need in needs}),
        ready=len({n.key for n, r in zip(needs, rows, strict=True) if r and is_there(r)}),
        takes=takes,
    )


def is_there(clip: Mapping[Any, Any]) -> bool:
    """Whether the files of a clip can be used."""
    over = clip["expires_at"] is not None and clip["expires_at"] <= time.time()
    return clip["state"] == State.COMPLETED and clip["assets"] is not None and not over


def take_id(shot: str, clip: str) -> str:
    """What a generated take is called in the document: by its clip, and apart for each shot."""
    return f"take.{clip.rpartition('_')[2][:24]}.{digest([shot])[:8]}"


def is_stale(project: Project, shot: str, made_from: Request) -> bool:
    """Whether a shot's words changed since a clip was made; another seed is no change."""
    films = project.deliverables.values()
    return not any(
        replace(shot_request(project, shot, film.size, film.language), seed=made_from.seed)
        == made_from
        for film in films
    )


def _is_coming(clip: Mapping[Any, Any]) -> bool:
    return is_there(clip) or clip["state"] in OPEN


def _problem(clip: Mapping[Any, Any] | None) -> str | None:
    if clip is None or clip["state"] not in (State.FAILED, State.CANCELLED):
        return None
    error: Json = clip["error"] or {}
    return str(error.get("message") or "It was cancelled.")


def _last_problem(survey: Survey, shot: str) -> str | None:
    last = next(reversed(survey.takes.get(shot, ())), None)
    if last is None or is_stale(survey.project, shot, from_builtins(last["request"], Request)):
        return None
    return _problem(last)


def _made(survey: Survey, shot: str, clip: Mapping[Any, Any]) -> TakeFace:
    """A clip of ours as a take."""
    request = from_builtins(clip["request"], Request)
    state = "making" if clip["state"] in OPEN else "ready" if is_there(clip) else "failed"
    one = survey.project.shots[shot]
    name = take_id(shot, clip["clip"])
    return TakeFace(
        id=clip["clip"],
        clip=clip["clip"],
        url=f"/v1/videos/{clip['clip']}/content" if state == "ready" else None,
        state=state,
        seed=request.seed,
        origin="generated",
        chosen=one.selected == name,
        stale=is_stale(survey.project, shot, request),
        first=clip.get("first", survey.project.look.handles),
        fps=str(request.fps),
        frames=request.frames,
        created_at=int(clip["created_at"]),
    )


def _kept(row: BoardRow, survey: Survey, shot: str, take: Take) -> TakeFace:
    """A take of the document, whose file is kept for it."""
    project = survey.project
    made = next(
        (c["clip"] for c in survey.takes.get(shot, ()) if take_id(shot, c["clip"]) == take.id), None
    )
    request = take.request
    return TakeFace(
        id=made or take.id,
        clip=made,
        url=f"{_URL}/{row.id}/files/{take.clip}",
        state="ready",
        seed=request.seed if request else None,
        origin=take.origin.value,
        chosen=project.shots[shot].selected == take.id,
        stale=request is not None and is_stale(project, shot, request),
        first=take.first,
        fps=str(request.fps if request else project.look.fps),
        frames=request.frames if request else 0,
        created_at=0,
    )


def _head(row: BoardRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "title": row.title,
        "kind": row.kind,
        "created_at": int(row.created_at),
        "changed_at": int(row.changed_at),
        "document": row.document,
    }

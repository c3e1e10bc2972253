"""The cut of a storyboard's film: when everything is seen and read, frame by frame."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.boards import found_board
from kinema.serve.api.errors import invalid
from kinema.serve.api.services import Use
from kinema.studio import captions
from kinema.studio.anchors import Cut, solve
from kinema.studio.document import Deliverable, from_document
from kinema.studio.document import Project as Document
from kinema.studio.shots import has_cards

router: Final = APIRouter(prefix="/v1/kinema/storyboards", tags=["storyboards"])

_NAME_MAX: Final = 120


class PlacedItem(wire.Wire):
    """An item in frames of the film, from ``start`` up to, not including, ``end``.

    ``first`` is the frame of the shot that is seen at ``start``; ``lead`` and ``follow`` are the
    frames of its transition before and behind that.
    """

    id: str
    ref: str
    start: int
    end: int
    first: int
    lead: int
    follow: int


class PlacedTrack(wire.Wire):
    """A track with its items in order."""

    id: str
    kind: str
    items: list[PlacedItem]


class CueOnWire(wire.Wire):
    """Words on the screen, in seconds as exact fractions; ``line`` is the id of what it says."""

    start: str
    end: str
    text: str
    line: str
    is_title: bool


class SolvedCut(wire.Wire):
    """A film's cut in one language."""

    object: Literal["storyboard.cut"] = "storyboard.cut"
    deliverable: str
    language: str
    fps: str
    frames: int
    tracks: list[PlacedTrack]
    cues: list[CueOnWire]


@router.get("/{storyboard_id}/cut")
async def cut(
    services: Use,
    project: Project,
    storyboard_id: str,
    deliverable: Annotated[
        str | None, Query(max_length=_NAME_MAX, description="Of which film; the first else.")
    ] = None,
    language: Annotated[
        str | None, Query(max_length=_NAME_MAX, description="In which language; the film's else.")
    ] = None,
) -> SolvedCut:
    """When everything of a film is seen and read."""

    def read() -> SolvedCut:
        with services.database.read() as connection:
            document = from_document(found_board(connection, project, storyboard_id).document)
        name = deliverable or next(iter(document.deliverables), "")
        film = document.deliverables.get(name)
        if film is None:
            allowed = ", ".join(document.deliverables)
            raise invalid(f"There is no such film; there are: {allowed}.", "deliverable")
        spoken = language or film.language
        if spoken not in document.languages:
            allowed = ", ".join(document.languages)
            raise invalid(f"It is not written in that language, but in: {allowed}.", "language")
        return _solved(document, name, film, spoken)

    return await run_in_threadpool(read)


def _solved(document: Document, name: str, film: Deliverable, language: str) -> SolvedCut:
    fps = document.look.fps
    solved = Cut(fps, 0, ())
    if has_cards(document, film.sequence):
        solved = solve(document, film.sequence, language)
    tracks = [
        PlacedTrack(
            id=track.id,
            kind=track.kind.value,
            items=[
                PlacedItem(
                    id=placed.item.id,
                    ref=placed.item.ref,
                    start=placed.start,
                    end=placed.end,
                    first=placed.first,
                    lead=placed.lead,
                    follow=placed.follow,
                )
                for placed in items
            ],
        )
        for track, items in solved.tracks
    ]
    cues = [
        CueOnWire(
            start=str(cue.start),
            end=str(cue.end),
            text=cue.text,
            line=cue.line,
            is_title=cue.is_title,
        )
        for cue in captions.cues(document, solved, language, film.size)
    ]
    return SolvedCut(
        deliverable=name,
        language=language,
        fps=str(fps),
        frames=solved.frames,
        tracks=tracks,
        cues=cues,
    )

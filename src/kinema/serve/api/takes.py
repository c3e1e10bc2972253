"""Clips of a storyboard's shots: which are missing, made by ordinary jobs, chosen among takes.

A clip is found again by what is to be seen in it, whichever storyboard of the project it was made
for. So what did not change is never made again, also after a restart.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import Final, Literal

from fastapi import APIRouter, Request
from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping
from starlette.concurrency import run_in_threadpool

from kinema.engine.estimate import estimate
from kinema.errors import RequestError
from kinema.serve.api import wire
from kinema.serve.api.accept import Wish as Order
from kinema.serve.api.accept import accept, answering
from kinema.serve.api.auth import Project
from kinema.serve.api.board_bodies import CONFLICT, read_fields, read_name
from kinema.serve.api.boards import (
    Board,
    Survey,
    board_of,
    found_board,
    is_stale,
    is_there,
    read_board,
    surveyed,
    take_id,
)
from kinema.serve.api.bodies import read_body
from kinema.serve.api.damage import is_whole
from kinema.serve.api.errors import ApiError, invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.files_of_boards import keep_clip
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_boards import CHOOSE, MAKE, RETAKE, RETAKES_MAX
from kinema.serve.api.services import Services, Use
from kinema.serve.api.steps import Wanting, Wish, do
from kinema.serve.store import storyboards as store
from kinema.serve.store.clips import OPEN, ClipRow
from kinema.serve.store.events import append
from kinema.serve.store.storyboards import BoardRow
from kinema.studio.document import Origin, Take, from_document
from kinema.studio.document import Project as Document
from kinema.studio.edits import Operation, insert, set_to
from kinema.studio.shots import Wanted, request_key, shot_request
from kinema.types import Json, from_builtins, to_builtins
from kinema.types import Request as Asked

router: Final = APIRouter(prefix="/v1/kinema/storyboards", tags=["storyboards"])

_BODY_MAX: Final = 1 << 20
_SEED_MAX: Final = 2**63 - 1


class PlannedShot(wire.Wire):
    """A clip that a film needs. ``why`` it has to be made; ``seconds`` of work that it takes."""

    shot: str
    deliverable: str
    state: Literal["ready", "making", "missing"]
    clip: str | None
    seconds: float | None
    why: str | None


class Plan(wire.Wire):
    """What `make` would do. ``seconds`` are null where nobody knows yet how fast a model is."""

    to_make: int
    seconds: float | None
    shots: list[PlannedShot]


class Begun(Board):
    """A storyboard of which clips were begun; ``warnings`` say what was found damaged."""

    started: list[str]
    warnings: list[str]


class _Taken(Exception):
    """Somebody else has just begun the same clip."""


@router.get("/{storyboard_id}/plan")
async def plan(services: Use, project: Project, storyboard_id: str) -> Plan:
    """Say what would be made, and how long that takes."""

    def read() -> Plan:
        with services.database.read() as connection:
            row = found_board(connection, project, storyboard_id)
            survey = surveyed(connection, row, from_document(row.document))
        missing = {need.key for need in survey.missing()}
        shots = [_planned(survey, need) for need in survey.needs]
        once = {
            need.key: shot.seconds
            for need, shot in zip(survey.needs, shots, strict=True)
            if need.key in missing
        }
        known = [seconds for seconds in once.values() if seconds is not None]
        total = round(sum(known), 1) if len(known) == len(once) else None
        return Plan(to_make=len(missing), seconds=total, shots=shots)

    return await run_in_threadpool(read)


@router.post("/{storyboard_id}/make", openapi_extra=takes(MAKE), responses=CONFLICT)
async def make(request: Request, services: Use, project: Project, storyboard_id: str) -> Begun:
    """Begin a job for each clip that is not there, and for no other."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> Begun:
        shots, by = read_fields(
            body, lambda fields: (_shots(fields), read_name(fields, "by") or "")
        )
        if shots is not None:
            do(services, project, storyboard_id, _letting_go(shots, by))
        row, started, warnings = begin(services, project, storyboard_id, shots=shots)
        return _begun(services, row, started, warnings)

    return await run_in_threadpool(work)


@router.post("/{storyboard_id}/retake", openapi_extra=takes(RETAKE))
async def retake(request: Request, services: Use, project: Project, storyboard_id: str) -> Begun:
    """Make a shot again with other seeds; which take is shown does not change by that."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> Begun:
        shot, count, seed = read_fields(
            body,
            lambda fields: (
                fields.text("shot", most=120, needed=True) or "",
                fields.whole("count", 1, RETAKES_MAX) or 1,
                fields.whole("seed", 0, _SEED_MAX),
            ),
        )
        with services.database.read() as connection:
            row = found_board(connection, project, storyboard_id)
        document = from_document(row.document)
        name = _film_of(document, shot)
        film = document.deliverables[name]
        first = secrets.randbits(31) if seed is None else seed
        wanted = shot_request(document, shot, film.size, film.language)
        started: list[str] = []
        for number in range(count):
            one = replace(wanted, seed=(first + number) % _SEED_MAX)
            need = Wanted(name, shot, one, request_key(one))
            started += _order(services, row, document, [need])
        _tell(services, row, [shot])
        return _begun(services, row, started, [])

    return await run_in_threadpool(work)


@router.post("/{storyboard_id}/choose", openapi_extra=takes(CHOOSE), responses=CONFLICT)
async def choose(request: Request, services: Use, project: Project, storyboard_id: str) -> Board:
    """Put a take on the line, whatever the words of its shot say from now on."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> Board:
        shot, take, by = read_fields(
            body,
            lambda fields: (
                fields.text("shot", most=120, needed=True) or "",
                fields.text("take", most=120),
                read_name(fields, "by") or "",
            ),
        )
        with services.database.read() as connection:
            row = found_board(connection, project, storyboard_id)
            made = {
                each["clip"]: each
                for each in store.takes_of(connection, row.id)
                if each["shot"] == shot
            }
        clip = made.get(take or "")
        kept = None if clip is None else _kept(services, row, shot, clip)

        def want(_connection: Connection, _row: BoardRow, document: Document) -> Wish:
            if shot not in document.shots:
                raise not_found("Shot", shot, "shot")
            known = [each.id for each in document.shots[shot].takes]
            if kept is None:
                if take is not None and take not in known:
                    raise not_found("Take", take, "take")
                return Wish(operations=[_selected(shot, take)], origin="choose", by=by)
            new = [insert(f"shots/{shot}/takes/{kept.id}", to_builtins(kept))]
            operations = [*([] if kept.id in known else new), _selected(shot, kept.id)]
            return Wish(operations=operations, origin="choose", by=by)

        done = do(services, project, storyboard_id, want)
        _tell(services, done, [shot])
        return read_board(services, project, storyboard_id)

    return await run_in_threadpool(work)


def begin(
    services: Services,
    project: str,
    board: str,
    *,
    shots: Collection[str] | None = None,
    films: Collection[str] | None = None,
) -> tuple[BoardRow, list[str], list[str]]:
    """Begin a job for each clip that is not there, of all shots and films or of some.

    A clip whose file is not what was written is made again.

    Returns:
        The storyboard, the clips that were begun, and what was found damaged.
    """
    with services.database.read() as connection:
        row = found_board(connection, project, board)
        document = from_document(row.document)
        survey = surveyed(connection, row, document)
    survey.needs = [
        need
        for need in survey.needs
        if (shots is None or need.shot in shots) and (films is None or need.film in films)
    ]
    warnings = _damaged(services, row, survey)
    needs = survey.missing()
    reused = [need for need in survey.needs if need.key in survey.found]
    started = _order(services, row, document, needs)
    with services.database.write() as connection:
        for need in reused:
            clip = survey.found[need.key]["clip"]
            store.add_take(connection, _take(row, document, need, clip))
    if started:
        _tell(services, row, [need.shot for need in needs])
    return row, started, warnings


def _order(services: Services, row: BoardRow, document: Document, needs: list[Wanted]) -> list[str]:
    """Accept a job for each of these clips; all are looked at before the first one is accepted."""
    with services.database.read() as connection:
        places = store.files_of(connection, row.id)
    orders = [_as_order(need, places) for need in needs]
    for need, order in zip(needs, orders, strict=True):
        try:
            answering(services.installed, order)
        except RequestError as error:
            field = f"shots/{need.shot}/{error.field}"
            raise type(error)(field, error.problem, error.allowed) from error
    started: list[str] = []
    for need, order in zip(needs, orders, strict=True):
        digest = f"{secrets.token_hex(8)}{need.key}"[:64]

        def note(connection: Connection, clip: ClipRow, need: Wanted = need) -> None:
            found = store.clips_by_key(connection, row.project, [need.key]).get(need.key)
            if found is not None and (is_there(found) or found["state"] in OPEN):
                raise _Taken
            store.know_clip(connection, row.project, need.key, clip.id)
            store.add_take(connection, _take(row, document, need, clip.id))

        try:
            made = accept(services, row.project, order, digest=digest, is_retry=False, note=note)
        except _Taken:
            continue
        except ApiError:
            if not started:
                raise
            break  # the project's limit is reached; what was begun goes on
        started.append(made.id)
    return started


def _as_order(need: Wanted, places: dict[str, RowMapping]) -> Order:
    request = need.request
    named = [image.file for image in request.images]
    named += [who.image for who in request.characters if who.image is not None]
    inputs: dict[str, Json] = {}
    for file in named:
        if file not in places:
            field = f"shots/{need.shot}/image"
            raise RequestError(field, f"{file[:19]}... is not here", "a file of the storyboard")
        inputs[file] = {"key": places[file]["key"], "suffix": places[file]["suffix"]}
    return Order(
        request=request,
        alias=request.model,
        seconds=request.seconds,
        fps=request.fps,
        inputs=inputs,
        names={"frames": "length", "fps": "fps"},
    )


def _take(row: BoardRow, document: Document, need: Wanted, clip: str) -> Json:
    return {
        "board": row.id,
        "shot": need.shot,
        "film": need.film,
        "clip": clip,
        "first": document.look.handles,
    }


def _damaged(services: Services, row: BoardRow, survey: Survey) -> list[str]:
    """Forget the clips whose files are not what they were; says which shots are made again."""
    warnings: dict[str, None] = {}
    for need in survey.needs:
        clip = survey.found.get(need.key)
        if clip is None or not is_there(clip):
            continue
        if is_whole(services.objects, clip["assets"]["video"]):
            continue
        with services.database.write() as connection:
            store.forget_clip(connection, row.project, need.key, clip["clip"])
        del survey.found[need.key]
        warnings[f"The clip of '{need.shot}' was damaged and is made again."] = None
    return list(warnings)


def _letting_go(shots: list[str], by: str) -> Wanting:
    """A step that takes stale takes off the line, so that their shots are made anew."""

    def want(_connection: Connection, _row: BoardRow, document: Document) -> Wish | None:
        operations: list[Operation] = []
        for shot in dict.fromkeys(shots):
            if shot not in document.shots:
                raise not_found("Shot", shot, "shots")
            one = document.shots[shot]
            take = next((take for take in one.takes if take.id == one.selected), None)
            if take and take.request and is_stale(document, shot, take.request):
                operations.append(_selected(shot, None))
        return Wish(operations=operations, origin="make", by=by) if operations else None

    return want


def _kept(services: Services, row: BoardRow, shot: str, clip: RowMapping) -> Take:
    """A finished clip as a take of the document, with its file kept for as long as that is."""
    if not is_there(clip):
        raise invalid(f"Take '{clip['clip']}' is not finished.", "take")
    file = keep_clip(services, row, clip["clip"], clip["assets"]["video"])
    request = from_builtins(clip["request"], Asked)
    return Take(
        id=take_id(shot, clip["clip"]),
        origin=Origin.GENERATED,
        clip=file,
        first=clip["first"],
        request=request,
    )


def _film_of(document: Document, shot: str) -> str:
    """The first film; 404 where there is no such shot."""
    if shot not in document.shots:
        raise not_found("Shot", shot, "shot")
    name = next(iter(document.deliverables), None)
    if name is None:
        raise invalid("The storyboard has no film.", "shot")
    return name


def _planned(survey: Survey, need: Wanted) -> PlannedShot:
    clip = survey.found.get(need.key)
    if clip is not None and is_there(clip):
        state = "ready"
    else:
        state = "making" if clip is not None and clip["state"] in OPEN else "missing"
    why = None
    if state == "missing":
        made = [from_builtins(each["request"], Asked) for each in survey.takes.get(need.shot, ())]
        why = _difference(made[-1], need.request) if made else "never made"
    seconds = None
    if state == "missing":
        try:
            seconds = estimate(need.request).seconds
        except RequestError:  # only its weights describe the model
            seconds = None
    return PlannedShot(
        shot=need.shot,
        deliverable=need.film,
        state=state,
        clip=None if clip is None or state == "missing" else clip["clip"],
        seconds=None if seconds is None else round(seconds, 1),
        why=why,
    )


def _difference(old: Asked, new: Asked) -> str:
    """Which fields of a request changed."""
    before, after = to_builtins(old), to_builtins(new)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return f"changed: {', '.join(sorted(names))}" if names else "its clip is gone"


def _selected(shot: str, take: str | None) -> Operation:
    return set_to(f"shots/{shot}/selected", take)


def _shots(fields: Fields) -> list[str] | None:
    value = fields.take("shots")
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise invalid("Invalid 'shots': expected a list of ids.", "shots")
    return value


def _tell(services: Services, row: BoardRow, shots: Iterable[str]) -> None:
    with services.database.write() as connection:
        data = {"shots": list(dict.fromkeys(shots))}
        append(connection, row.project, "card.changed", data, clip=row.id)


def _begun(services: Services, row: BoardRow, started: list[str], warnings: list[str]) -> Begun:
    with services.database.read() as connection:
        board = board_of(connection, found_board(connection, row.project, row.id))
    return Begun(**board.model_dump(), started=started, warnings=warnings)

"""Storyboards: documents that are changed by steps, by several windows at once."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.board_bodies import (
    CONFLICT,
    VERSION_MAX,
    first_document,
    given_document,
    read_fields,
    read_name,
    read_wish,
    version_of,
)
from kinema.serve.api.boards import Board, board_of, found_board, is_there, old_board, read_board
from kinema.serve.api.bodies import JSON_MAX, read_body
from kinema.serve.api.errors import invalid
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_boards import (
    CREATE,
    OPERATIONS,
    PUT,
    RESTORE,
    SPLIT,
    TURN,
)
from kinema.serve.api.scripts import compiled
from kinema.serve.api.services import Services, Use
from kinema.serve.api.steps import Wish, conflict, do, document_of, kept, undo
from kinema.serve.ids import Kind, is_id, made_at, new_id
from kinema.serve.store import storyboards as store
from kinema.serve.store.storyboards import BoardRow
from kinema.studio.difference import difference
from kinema.studio.document import Project as Document
from kinema.studio.document import TrackKind, from_document, to_document

router: Final = APIRouter(prefix="/v1/kinema", tags=["storyboards"])

_CLIPS_OF_A_FACE: Final = 4


class BoardFace(wire.Wire):
    """A storyboard in a list."""

    id: str
    object: Literal["storyboard"] = "storyboard"
    title: str
    kind: str
    version: int
    cards: int
    clips: list[str]
    created_at: int
    changed_at: int


class BoardList(wire.Wire):
    """A page of storyboards."""

    object: Literal["list"] = "list"
    data: list[BoardFace]
    first_id: str | None
    last_id: str | None
    has_more: bool


class BoardDeleted(wire.Wire):
    """That a storyboard is gone."""

    id: str
    object: Literal["storyboard.deleted"] = "storyboard.deleted"
    deleted: bool = True


class ScriptSplit(wire.Wire):
    """What a script becomes."""

    document: dict[str, Any]


class Version(wire.Wire):
    """A step, and the version that it made."""

    version: int
    at: float
    origin: str
    by: str
    why: str
    undoes: int | None
    operations: list[dict[str, Any]]


class VersionList(wire.Wire):
    """Steps, newest first."""

    object: Literal["list"] = "list"
    data: list[Version]
    has_more: bool


@router.get("/storyboards")
async def list_storyboards(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=1, le=100, description="The most of a page.")] = 20,
    after: Annotated[str | None, Query(description="`last_id` of the page before.")] = None,
) -> BoardList:
    """A page of the project's storyboards, newest first."""
    if after and not is_id(after, Kind.BOARD):
        raise invalid(f"Invalid 'after': '{after[:80]}' is the id of no storyboard.", "after")

    def read() -> tuple[list[BoardFace], bool]:
        with services.database.read() as connection:
            rows, more = store.page(connection, project, limit=limit, after=after or None)
            return [_face(connection, row) for row in rows], more

    found, more = await run_in_threadpool(read)
    return BoardList(
        data=found,
        first_id=found[0].id if found else None,
        last_id=found[-1].id if found else None,
        has_more=more,
    )


@router.post("/storyboards", openapi_extra=takes(CREATE))
async def create(request: Request, response: Response, services: Use, project: Project) -> Board:
    """Make a storyboard: of a script, of a document, or an empty one."""
    body = await read_body(request, limit=JSON_MAX)

    def work() -> Board:
        document, has_script = read_fields(body, first_document)
        identity = new_id(Kind.BOARD)
        kept_document = kept(document)
        row = BoardRow(
            id=identity,
            project=project,
            title=document.title,
            kind=document.kind,
            version=0,
            document=kept_document,
            base=kept_document if has_script else None,
            created_at=made_at(identity),
            changed_at=time.time(),
        )
        with services.database.write() as connection:
            store.add(connection, row)
            return board_of(connection, found_board(connection, project, identity))

    return _tagged(response, await run_in_threadpool(work))


@router.post("/script/split", openapi_extra=takes(SPLIT))
async def split(request: Request, _project: Project) -> ScriptSplit:
    """Say what a script becomes; nothing is kept."""
    body = await read_body(request, limit=JSON_MAX)
    document = await run_in_threadpool(read_fields, body, compiled)
    return ScriptSplit(document=to_document(document))


@router.get("/storyboards/{storyboard_id}")
async def retrieve(
    response: Response,
    services: Use,
    project: Project,
    storyboard_id: str,
    version: Annotated[
        int | None, Query(ge=0, le=VERSION_MAX, description="As it was then.")
    ] = None,
) -> Board:
    """A storyboard, as it is or as it was."""

    def read() -> Board:
        if version is None:
            return read_board(services, project, storyboard_id)
        with services.database.read() as connection:
            row = found_board(connection, project, storyboard_id)
            document = document_of(connection, row, version)
            made = store.steps(connection, row.id, after=version - 1, before=version + 1)
        return old_board(row, version, document, made[0].at if made else row.created_at)

    return _tagged(response, await run_in_threadpool(read))


@router.put("/storyboards/{storyboard_id}", openapi_extra=takes(PUT), responses=CONFLICT)
async def replace(
    request: Request,
    response: Response,
    services: Use,
    project: Project,
    storyboard_id: str,
    if_match: Annotated[str | None, Header(description="The version that it replaces.")] = None,
) -> Board:
    """Put another document in the place of the one that has the version of `If-Match`."""
    body = await read_body(request, limit=JSON_MAX)

    def work() -> Board:
        document, by = read_fields(
            body, lambda fields: (given_document(fields), read_name(fields, "by"))
        )
        wanted = version_of(if_match)

        def want(connection: Connection, row: BoardRow, now: Document) -> Wish | None:
            if wanted != row.version:
                message = f"The storyboard is at version {row.version}, not {wanted}."
                raise conflict(connection, row, "if-match", message)
            operations = difference(now, document)
            return Wish(operations=operations, origin="put", by=by or "") if operations else None

        return _board(services, do(services, project, storyboard_id, want))

    return _tagged(response, await run_in_threadpool(work))


@router.delete("/storyboards/{storyboard_id}")
async def delete(services: Use, project: Project, storyboard_id: str) -> BoardDeleted:
    """Delete a storyboard with its versions and exports. The clips of its shots stay."""

    def work() -> None:
        with services.database.write() as connection:
            row = found_board(connection, project, storyboard_id)
            gone = store.remove(connection, row)
        for export in gone:
            services.objects.remove_all(f"exports/{export}/")

    await run_in_threadpool(work)
    return BoardDeleted(id=storyboard_id)


@router.post(
    "/storyboards/{storyboard_id}/operations",
    openapi_extra=takes(OPERATIONS),
    responses=CONFLICT,
)
async def operate(
    request: Request,
    response: Response,
    services: Use,
    project: Project,
    storyboard_id: str,
    if_match: Annotated[str | None, Header(description="In place of `version`.")] = None,
) -> Board:
    """Carry out changes, all or none, as one step.

    What others changed since `version` stays; where it is the same that these change, nothing is
    done, and the answer is 409 with the storyboard as it is.
    """
    body = await read_body(request, limit=JSON_MAX)

    def work() -> Board:
        wish = read_fields(body, read_wish)
        if wish.version is None and if_match is not None:
            wish = Wish(
                operations=wish.operations,
                version=version_of(if_match),
                key=wish.key,
                by=wish.by,
                why=wish.why,
            )
        return _board(services, do(services, project, storyboard_id, lambda *_: wish))

    return _tagged(response, await run_in_threadpool(work))


@router.post("/storyboards/{storyboard_id}/undo", openapi_extra=takes(TURN), responses=CONFLICT)
async def undo_last(
    request: Request, response: Response, services: Use, project: Project, storyboard_id: str
) -> Board:
    """Take the last step back that was not taken back yet, of one author or of all."""
    return await _turned(request, response, services, project, storyboard_id, again=False)


@router.post("/storyboards/{storyboard_id}/redo", openapi_extra=takes(TURN), responses=CONFLICT)
async def redo_last(
    request: Request, response: Response, services: Use, project: Project, storyboard_id: str
) -> Board:
    """Carry out again what was taken back last."""
    return await _turned(request, response, services, project, storyboard_id, again=True)


@router.get("/storyboards/{storyboard_id}/versions")
async def versions(
    services: Use,
    project: Project,
    storyboard_id: str,
    limit: Annotated[int, Query(ge=1, le=200, description="The most of a page.")] = 50,
    before: Annotated[
        int | None, Query(ge=0, le=VERSION_MAX, description="Only older ones.")
    ] = None,
) -> VersionList:
    """The steps that led to the storyboard as it is, newest first."""

    def read() -> VersionList:
        with services.database.read() as connection:
            row = found_board(connection, project, storyboard_id)
            found = store.steps(connection, row.id, before=before, limit=limit + 1)
        data = [
            Version(
                version=step.version,
                at=step.at,
                origin=step.origin,
                by=step.by,
                why=step.why,
                undoes=step.undoes,
                operations=step.operations,
            )
            for step in found[:limit]
        ]
        return VersionList(data=data, has_more=len(found) > limit)

    return await run_in_threadpool(read)


@router.post("/storyboards/{storyboard_id}/restore", openapi_extra=takes(RESTORE))
async def restore(
    request: Request, response: Response, services: Use, project: Project, storyboard_id: str
) -> Board:
    """Make the storyboard what it was in an older version, as a step that can be taken back."""
    body = await read_body(request, limit=JSON_MAX)

    def work() -> Board:
        version, by = read_fields(
            body, lambda fields: (fields.whole("version", 0, VERSION_MAX), read_name(fields, "by"))
        )
        if version is None:
            raise invalid("Missing required parameter: 'version'.", "version")

        def want(connection: Connection, row: BoardRow, now: Document) -> Wish | None:
            operations = difference(now, document_of(connection, row, version))
            why = f"version {version}"
            done = Wish(operations=operations, origin="restore", by=by or "", why=why)
            return done if operations else None

        return _board(services, do(services, project, storyboard_id, want))

    return _tagged(response, await run_in_threadpool(work))


async def _turned(
    request: Request,
    response: Response,
    services: Services,
    project: str,
    board: str,
    *,
    again: bool,
) -> Board:
    body = await read_body(request, limit=JSON_MAX)

    def work() -> Board:
        by = read_fields(body, lambda fields: read_name(fields, "by"))
        return _board(services, undo(services, project, board, by, again=again))

    return _tagged(response, await run_in_threadpool(work))


def _board(services: Services, row: BoardRow) -> Board:
    return read_board(services, row.project, row.id)


def _tagged(response: Response, board: Board) -> Board:
    response.headers["etag"] = f'"{board.version}"'
    return board


def _face(connection: Connection, row: BoardRow) -> BoardFace:
    document = from_document(row.document)
    shown = [
        item.ref
        for sequence in document.sequences.values()
        for track in sequence.tracks
        if track.kind is TrackKind.PICTURE
        for item in track.items
    ]
    latest = {
        take["shot"]: take["clip"] for take in store.takes_of(connection, row.id) if is_there(take)
    }
    clips = dict.fromkeys(latest[shot] for shot in shown if shot in latest)
    return BoardFace(
        id=row.id,
        title=row.title,
        kind=row.kind,
        version=row.version,
        cards=len(shown),
        clips=list(clips)[:_CLIPS_OF_A_FACE],
        created_at=int(row.created_at),
        changed_at=int(row.changed_at),
    )

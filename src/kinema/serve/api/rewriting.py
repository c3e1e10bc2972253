"""The script of a storyboard, written anew: what was done by hand since the first one stays."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from kinema.serve.api.auth import Project
from kinema.serve.api.board_bodies import CONFLICT, read_fields, read_script
from kinema.serve.api.boards import Board, found_board, read_board
from kinema.serve.api.bodies import JSON_MAX, read_body
from kinema.serve.api.errors import ApiError
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_boards import SCRIPT
from kinema.serve.api.services import Services, Use
from kinema.serve.api.steps import Wish, conflict, do
from kinema.serve.store import storyboards as store
from kinema.serve.store.storyboards import BoardRow
from kinema.studio.compile import aligned
from kinema.studio.difference import difference
from kinema.studio.document import Project as Document
from kinema.studio.document import from_document, to_document
from kinema.studio.edits import Operation, Replayed, replay
from kinema.types import Json, from_builtins, to_builtins

router: Final = APIRouter(prefix="/v1/kinema/storyboards", tags=["storyboards"])

_TRIES: Final = 4


class ScriptTaken(Board):
    """A storyboard whose script was written anew.

    ``conflicts`` are edits of what the script changed too; they win. ``orphans`` are those whose
    target is gone.
    """

    conflicts: list[dict[str, Any]]
    orphans: list[dict[str, Any]]


class _Moved(Exception):
    """Somebody changed the storyboard while the script was read."""


@router.post("/{storyboard_id}/script", openapi_extra=takes(SCRIPT), responses=CONFLICT)
async def rewrite(
    request: Request, response: Response, services: Use, project: Project, storyboard_id: str
) -> ScriptTaken:
    """Read a script anew, with the edits that were made since the first one on top."""
    body = await read_body(request, limit=JSON_MAX)

    def work() -> ScriptTaken:
        new, version, by = read_fields(body, read_script)
        for _ in range(_TRIES):
            try:
                done = _rewritten(services, project, storyboard_id, new, (version, by))
            except _Moved:
                continue
            board = read_board(services, project, storyboard_id)
            return ScriptTaken(
                **board.model_dump(),
                conflicts=[to_builtins(each) for each in done.conflicts],
                orphans=[to_builtins(each) for each in done.orphans],
            )
        raise ApiError(500, "Too many change this storyboard at once.", kind="server_error")

    found = await run_in_threadpool(work)
    response.headers["etag"] = f'"{found.version}"'
    return found


def _rewritten(
    services: Services, project: str, board: str, new: Document, asked: tuple[int | None, str]
) -> Replayed:
    """Put the new script in place; it is compared with the old one while nobody has to wait."""
    version, by = asked
    with services.database.read() as connection:
        row = found_board(connection, project, board)
        if version not in (None, row.version):
            message = f"The storyboard is at version {row.version}, not {version}."
            raise conflict(connection, row, "version", message)
        edits = _by_hand(connection, row)
    if row.base is not None:
        new, _ = aligned(from_document(row.base), new)
    done = replay(new, edits)
    operations = difference(from_document(row.document), done.project)
    wish = Wish(operations=operations, origin="script", by=by, base=to_document(new))

    def want(_connection: Connection, now: BoardRow, _document: Document) -> Wish:
        if now.version != row.version:
            raise _Moved
        return wish

    do(services, project, board, want)
    return done


def _by_hand(connection: Connection, row: BoardRow) -> list[Operation]:
    """The edits of a storyboard that did not come from its script, oldest first."""
    dead = set[int]()
    found: list[Json] = []
    for step in store.steps(connection, row.id):
        if step.version in dead:
            continue
        if step.undoes is not None:
            dead.add(step.undoes)
        elif step.origin != "script":
            found[:0] = step.operations
    return [from_builtins(each, Operation) for each in found]

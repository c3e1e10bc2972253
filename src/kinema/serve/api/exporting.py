"""Films, cuts and captions of storyboards as files, and changed cuts back in."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.board_bodies import CONFLICT, read_fields, read_name
from kinema.serve.api.boards import Board, found_board, is_there, read_board
from kinema.serve.api.bodies import read_body
from kinema.serve.api.errors import ApiError, invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.files_of_boards import kept_values, uploaded
from kinema.serve.api.ranges import Served, ranged
from kinema.serve.api.schemas import binary, takes
from kinema.serve.api.schemas_boards import EXPORT, EXPORTS, IMPORT
from kinema.serve.api.services import Services, Use
from kinema.serve.api.steps import Wish, do
from kinema.serve.api.takes import begin
from kinema.serve.api.unpacking import unpacked
from kinema.serve.ids import Kind, is_id, made_at, new_id
from kinema.serve.jobs.films import CAPTIONS, CUTS, MEDIA_TYPES
from kinema.serve.store import clips
from kinema.serve.store import exports as store
from kinema.serve.store import storyboards as boards
from kinema.serve.store.clips import OPEN
from kinema.serve.store.exports import ExportRow, ExportState
from kinema.serve.store.objects import export_key
from kinema.serve.store.storyboards import BoardRow
from kinema.studio.document import Project as Document
from kinema.studio.document import digest, from_document
from kinema.studio.exchange import holds
from kinema.studio.make import imported
from kinema.studio.shots import has_cards, wanted
from kinema.types import Json

router: Final = APIRouter(prefix="/v1/kinema/storyboards", tags=["storyboards"])

_LOG: Final = logging.getLogger(__name__)
_BODY_MAX: Final = 1 << 16
_VERSION: Final = 1


class ExportProblem(wire.Wire):
    """Why an export failed."""

    code: str
    message: str


class Export(wire.Wire):
    """A film, cut or caption file of a storyboard; ``url`` is there when it is completed.

    ``waits_for`` are clips that have to be made first; ``progress`` is in percent.
    """

    id: str
    object: Literal["storyboard.export"] = "storyboard.export"
    storyboard: str
    version: int
    kind: str = Field(alias="as")
    deliverable: str | None
    state: Literal["waiting", "queued", "running", "completed", "failed", "cancelled"]
    progress: int
    waits_for: list[str]
    error: ExportProblem | None
    url: str | None
    filename: str | None
    media_type: str | None
    bytes: int | None
    created_at: int
    completed_at: int | None


class ExportList(wire.Wire):
    """Exports, newest first."""

    object: Literal["list"] = "list"
    data: list[Export]


class Imported(Board):
    """A storyboard into which a cut or captions were taken back; ``notes`` say what was new."""

    notes: list[str]


@router.post("/{storyboard_id}/export", openapi_extra=takes(EXPORT))
async def export(request: Request, services: Use, project: Project, storyboard_id: str) -> Export:
    """Make a file of a storyboard; clips that are missing are made first.

    What was made already of the same document and clips is not made again.
    """
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> Export:
        kind, film = read_fields(
            body,
            lambda fields: (
                fields.one_of("as", EXPORTS, "mp4"),
                fields.text("deliverable", most=120),
            ),
        )
        row = _asked(services, project, storyboard_id, kind, film)
        advance(services, row)
        return _read(services, project, storyboard_id, row.id)

    return await run_in_threadpool(work)


@router.get("/{storyboard_id}/exports")
async def list_exports(services: Use, project: Project, storyboard_id: str) -> ExportList:
    """All exports of a storyboard of the last days."""

    def read() -> ExportList:
        with services.database.read() as connection:
            found_board(connection, project, storyboard_id)
            rows = store.of_board(connection, storyboard_id)
            return ExportList(data=[_wired(connection, row) for row in rows])

    return await run_in_threadpool(read)


@router.get("/{storyboard_id}/exports/{export_id}")
async def retrieve_export(
    services: Use, project: Project, storyboard_id: str, export_id: str
) -> Export:
    """How far an export is."""
    return await run_in_threadpool(_read, services, project, storyboard_id, export_id)


@router.get(
    "/{storyboard_id}/exports/{export_id}/content",
    response_class=Response,
    responses=binary(*MEDIA_TYPES.values()),
)
async def export_content(
    request: Request, services: Use, project: Project, storyboard_id: str, export_id: str
) -> Response:
    """The file of an export, to be kept. 404 until it is completed."""
    row = await run_in_threadpool(_row, services, project, storyboard_id, export_id)
    if row.result is None:
        message = f"Export '{row.id}' has no content, its state is {row.state}."
        raise ApiError(404, message, code="export_not_completed")
    result = row.result
    served = Served(
        key=result["key"],
        bytes=result["bytes"],
        sha256=result["sha256"],
        media_type=result["media_type"],
        disposition=f'attachment; filename="{result["filename"]}"',
    )
    try:
        return await ranged(request, services.objects, served)
    except FileNotFoundError as error:
        raise not_found("Export", export_id) from error


@router.post("/{storyboard_id}/exports/{export_id}/cancel")
async def cancel_export(
    services: Use, project: Project, storyboard_id: str, export_id: str
) -> Export:
    """Stop an export. Clips that were begun for it go on."""

    def work() -> Export:
        row = _row(services, project, storyboard_id, export_id)
        with services.database.write() as connection:
            done = store.reach(connection, row, ExportState.CANCELLED, *store.GOING)
        if done:
            services.objects.remove_all(export_key(row.id))
        return _read(services, project, storyboard_id, export_id)

    return await run_in_threadpool(work)


@router.post("/{storyboard_id}/import", openapi_extra=takes(IMPORT), responses=CONFLICT)
async def import_file(
    request: Request, services: Use, project: Project, storyboard_id: str
) -> Imported:
    """Take a cut (OTIO, FCP7 XML, EDL), captions or an archive with one of them back in.

    What was changed in it becomes one step. A clip that is new in a cut comes with the archive.
    """
    body = await read_body(request, limit=services.config.limits.upload)

    def work() -> Imported:
        notes: list[str] = []

        def read(fields: Fields) -> None:
            with services.database.read() as connection:
                row = found_board(connection, project, storyboard_id)
            with tempfile.TemporaryDirectory(prefix="kinema-import-") as folder:
                path, name = uploaded(services, project, fields, Path(folder))
                film, by = fields.text("deliverable", most=120), read_name(fields, "by") or ""
                place = Path(folder) / "cut"
                file = unpacked(path, name, place)
                found = imported(from_document(row.document), file, film, place)
                files = [kept_values(services, each, each.name) for each in found.files.values()]
            notes.extend(found.notes)
            with services.database.write() as connection:
                for values in files:
                    boards.keep_file(connection, row.id, values)

            def want(_connection: Connection, _row: BoardRow, _document: Document) -> Wish | None:
                wish = Wish(
                    operations=found.operations,
                    version=row.version,
                    origin="import",
                    by=by,
                    why=name[:200],
                )
                return wish if found.operations else None

            do(services, project, storyboard_id, want)

        read_fields(body, read)
        board = read_board(services, project, storyboard_id)
        return Imported(**board.model_dump(), notes=notes)

    return await run_in_threadpool(work)


def advance_exports(services: Services) -> None:
    """Let every export go on whose clips are there, and end those whose clips failed."""
    with services.database.read() as connection:
        found = store.waiting(connection)
    for row in found:
        try:
            advance(services, row)
        except Exception:  # noqa: BLE001 - the others shall not wait for it
            _LOG.exception("%s cannot go on", row.id)


def advance(services: Services, row: ExportRow) -> None:
    """Put an export into the queue where all its clips are there."""
    if row.state != ExportState.WAITING:
        return
    with services.database.write() as connection:
        for name in sorted(set(row.takes["clips"].values())):
            clip = clips.get(connection, name, row.project)
            if clip is not None and clip.state in OPEN:
                return
            if clip is None or clip.assets is None:
                error: Json = (clip.error if clip else None) or {}
                said = error.get("message") or "it was cancelled or deleted"
                problem = {"code": "clip_failed", "message": f"{name} was not made: {said}"}
                failed = ExportState.FAILED
                store.reach(connection, row, failed, ExportState.WAITING, error=problem)
                return
        if store.reach(connection, row, ExportState.QUEUED, ExportState.WAITING):
            services.queue.accept_film(connection, row.id)


def _asked(services: Services, project: str, board: str, kind: str, film: str | None) -> ExportRow:
    """Write an export down, with the document and the clips as they are now."""
    with services.database.read() as connection:
        row = found_board(connection, project, board)
    document = from_document(row.document)
    film = _film(document, kind, film)
    names = [film] if film else list(document.deliverables)
    if not all(has_cards(document, document.deliverables[name].sequence) for name in names):
        raise invalid("The storyboard has no cards yet.", "deliverable", "nothing_to_export")
    if kind in CUTS and not holds(CUTS[kind], document.look.fps):
        message = f"'{kind}' cannot count {document.look.fps} frames a second; 'otio' can."
        raise invalid(message, "as")
    if kind not in CAPTIONS:
        row, _, _ = begin(services, project, board, films=names)
        document = from_document(row.document)
    with services.database.write() as connection:
        made = _takes(connection, row, document, names) if kind not in CAPTIONS else _NOTHING
        same = {"op_version": _VERSION, "document": row.document, "takes": made}
        key = digest({**same, "kind": kind, "film": film})
        known = store.same(connection, row.id, key)
        if known is not None:
            return known
        identity = new_id(Kind.EXPORT)
        new = ExportRow(
            id=identity,
            project=project,
            board=row.id,
            version=row.version,
            kind=kind,
            film=film,
            key=key,
            state=ExportState.WAITING,
            document=row.document,
            takes=made,
            created_at=made_at(identity),
        )
        store.add(connection, new)
    return new


_NOTHING: Final[Json] = {"clips": {}, "files": {}}


def _film(document: Document, kind: str, film: str | None) -> str:
    """Which film is meant; "" for all of them."""
    if film is not None and film not in document.deliverables:
        allowed = ", ".join(document.deliverables)
        raise invalid(f"There is no film '{film[:80]}'; there are: {allowed}.", "deliverable")
    if film is None and kind == "zip":
        return ""
    found = film or next(iter(document.deliverables), None)
    if found is None:
        raise invalid("The storyboard has no film.", "deliverable")
    return found


def _takes(connection: Connection, row: BoardRow, document: Document, films: list[str]) -> Json:
    """The clips that films need by their keys, and the files of takes that were chosen."""
    needs = [need for need in wanted(document) if need.film in films]
    found = boards.clips_by_key(connection, row.project, [need.key for need in needs])
    made: dict[str, str] = {}
    for need in needs:
        clip = found.get(need.key)
        if clip is None or not (is_there(clip) or clip["state"] in OPEN):
            message = f"The clip of '{need.shot}' could not be begun; try again."
            raise ApiError(429, message, code="rate_limit_exceeded", kind="rate_limit_error")
        made[need.key] = clip["clip"]
    places = boards.files_of(connection, row.id)
    files: Json = {}
    for name, shot in document.shots.items():
        take = next((take for take in shot.takes if take.id == shot.selected), None)
        if take is None:
            continue
        place = places.get(take.clip)
        if place is None:
            message = f"The file of take '{take.id}' is not here."
            raise invalid(message, f"shots/{name}/takes/{take.id}")
        sha256 = take.clip.removeprefix("sha256:")
        files[take.clip] = {"key": place["key"], "suffix": place["suffix"], "sha256": sha256}
    return {"clips": made, "files": files}


def _row(services: Services, project: str, board: str, export: str) -> ExportRow:
    with services.database.read() as connection:
        found_board(connection, project, board)
        row = store.get(connection, export, project) if is_id(export, Kind.EXPORT) else None
    if row is None or row.board != board:
        raise not_found("Export", export)
    return row


def _read(services: Services, project: str, board: str, export: str) -> Export:
    row = _row(services, project, board, export)
    with services.database.read() as connection:
        return _wired(connection, row)


def _wired(connection: Connection, row: ExportRow) -> Export:
    waits: list[str] = []
    if row.state == ExportState.WAITING:
        for name in sorted(set(row.takes["clips"].values())):
            clip = clips.get(connection, name, row.project)
            waits += [name] if clip is not None and clip.state in OPEN else []
    result: dict[str, Any] = row.result or {}
    url = f"/v1/kinema/storyboards/{row.board}/exports/{row.id}/content" if result else None
    done = row.completed_at
    return Export.model_validate(
        {
            "id": row.id,
            "storyboard": row.board,
            "version": row.version,
            "as": row.kind,
            "deliverable": row.film or None,
            "state": row.state,
            "progress": row.progress,
            "waits_for": waits,
            "error": row.error,
            "url": url,
            **{name: result.get(name) for name in ("filename", "media_type", "bytes")},
            "created_at": int(row.created_at),
            "completed_at": None if done is None else int(done),
        }
    )

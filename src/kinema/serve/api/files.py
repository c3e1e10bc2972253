"""Files: uploaded once, named later by `input_reference` and batches."""

from __future__ import annotations

import time
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, Upload, read_body
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import files as store
from kinema.serve.store.files import FileRow
from kinema.serve.store.objects import upload_key

router: Final = APIRouter(prefix="/v1/files", tags=["files"])

PURPOSES: Final = ("batch", "user_data", "vision")


@router.post("")
async def create(request: Request, services: Use, project: Project) -> wire.File:
    """Upload a file."""
    body = await read_body(request, limit=services.config.limits.upload)
    return _wired(await run_in_threadpool(_create, services, project, body))


@router.get("")
async def list_files(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=0, le=10_000)] = 10_000,
    after: str | None = None,
    order: Annotated[str, Query(pattern="^(asc|desc)$")] = "desc",
    purpose: str | None = None,
) -> wire.FileList:
    """A page of the project's files."""

    def read() -> tuple[list[FileRow], bool]:
        with services.database.read() as connection:
            last = store.get(connection, project, after) if after else None
            if after and last is None:
                raise not_found("File", after)
            return store.page(
                connection,
                project,
                limit=limit,
                after=last,
                purpose=purpose,
                newest_first=order == "desc",
            )

    rows, more = await run_in_threadpool(read)
    return wire.FileList(
        data=[_wired(row) for row in rows],
        first_id=rows[0].id if rows else None,
        last_id=rows[-1].id if rows else None,
        has_more=more,
    )


@router.get("/{file_id}")
async def retrieve(services: Use, project: Project, file_id: str) -> wire.File:
    """What is known of a file."""
    return _wired(await run_in_threadpool(_get, services, project, file_id))


@router.get("/{file_id}/content", response_class=Response)
async def content(services: Use, project: Project, file_id: str) -> Response:
    """The bytes of a file."""
    row = await run_in_threadpool(_get, services, project, file_id)
    # Sent as something to be kept and not to be shown, since it came from anybody.
    headers = {"content-length": str(row.bytes), "content-disposition": "attachment"}
    pieces = services.objects.pieces(row.key, 0, row.bytes)
    return StreamingResponse(pieces, 200, headers, "application/octet-stream")


@router.delete("/{file_id}")
async def delete(services: Use, project: Project, file_id: str) -> wire.FileDeleted:
    """Delete a file."""

    def remove() -> None:
        with services.database.write() as connection:
            if not store.remove(connection, project, file_id):
                raise not_found("File", file_id)

    await run_in_threadpool(remove)
    return wire.FileDeleted(id=file_id)


def _get(services: Services, project: str, file: str) -> FileRow:
    with services.database.read() as connection:
        row = store.get(connection, project, file)
    if row is None:
        raise not_found("File", file)
    return row


def _create(services: Services, project: str, body: Body) -> FileRow:
    try:
        fields = Fields(body)
        purpose = fields.one_of("purpose", PURPOSES)
        upload = fields.upload_or("file", ())
        fields.take("expires_after")
        fields.close()
        if not isinstance(upload, Upload):
            message = "Missing required parameter: 'file'."
            raise invalid(message, "file", "missing_required_parameter")
        key = upload_key(upload.sha256)
        if services.objects.size(key) is None:
            services.objects.put(key, upload.path)
    finally:
        body.close()
    now, kept = time.time(), services.config.policy.keep_files
    row = FileRow(
        id=new_id(Kind.FILE),
        project=project,
        filename=upload.filename or "upload",
        purpose=purpose,
        bytes=upload.bytes,
        media_type=upload.declared or "application/octet-stream",
        sha256=upload.sha256,
        key=key,
        created_at=now,
        expires_at=now + kept if kept else None,
    )
    with services.database.write() as connection:
        store.add(connection, row)
    return row


def _wired(row: FileRow) -> wire.File:
    return wire.File(
        id=row.id,
        bytes=row.bytes,
        created_at=int(row.created_at),
        expires_at=None if row.expires_at is None else int(row.expires_at),
        filename=row.filename,
        purpose=row.purpose,
    )

"""Files: uploaded once, named later by `input_reference` and batches."""

from __future__ import annotations

import time
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import invalid, missing, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.forms import Upload
from kinema.serve.api.ranges import Served, ranged
from kinema.serve.api.schemas import FILE, PURPOSES, binary, takes
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, is_id, new_id
from kinema.serve.store import files as store
from kinema.serve.store.files import FileRow
from kinema.serve.store.objects import upload_key

router: Final = APIRouter(prefix="/v1/files", tags=["files"])


@router.post("", openapi_extra=takes(FILE))
async def create(request: Request, services: Use, project: Project) -> wire.File:
    """Upload a file, to be named later."""
    body = await read_body(request, limit=services.config.limits.upload)
    return _wired(await run_in_threadpool(_create, services, project, body))


@router.get("")
async def list_files(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=1, le=10_000, description="The most of a page.")] = 10_000,
    after: Annotated[str | None, Query(description="`last_id` of the page before.")] = None,
    order: Annotated[Literal["asc", "desc"], Query(description="By time of arrival.")] = "desc",
    purpose: Annotated[str | None, Query(description="Only those for this.")] = None,
) -> wire.FileList:
    """A page of the project's files, newest first."""
    if after and not is_id(after, Kind.FILE):
        raise invalid(f"Invalid 'after': '{after[:80]}' is the id of no file.", "after")

    def read() -> tuple[list[FileRow], bool]:
        with services.database.read() as connection:
            return store.page(
                connection,
                project,
                limit=limit,
                after=after or None,
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


@router.get(
    "/{file_id}/content",
    response_class=Response,
    responses=binary("application/octet-stream"),
)
async def content(request: Request, services: Use, project: Project, file_id: str) -> Response:
    """The bytes of a file, as something to be kept and not to be shown: anybody sent it."""
    row = await run_in_threadpool(_get, services, project, file_id)
    served = Served(row.key, row.bytes, row.sha256, "application/octet-stream", "attachment")
    try:
        return await ranged(request, services.objects, served)
    except FileNotFoundError as error:
        raise not_found("File", file_id) from error


router.add_api_route("/{file_id}/content", content, methods=["HEAD"], include_in_schema=False)


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
        after = _expires_after(fields)
        fields.close()
        if not isinstance(upload, Upload):
            raise missing("file")
        if not upload.bytes:
            raise invalid("Invalid 'file': it is empty.", "file")
        key = upload_key(upload.sha256)
        if services.objects.size(key) is None:
            services.objects.put(key, upload.path)
    finally:
        body.close()
    now, kept = time.time(), after or services.config.policy.keep_files
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


def _expires_after(fields: Fields) -> int:
    """Seconds after which the file is to be deleted, 0 where nothing is said."""
    inner = fields.inner("expires_after")
    anchor, seconds = inner.take("anchor"), inner.whole("seconds", 3600, 2_592_000)
    inner.close()
    if anchor is None and seconds is None:
        return 0
    if anchor != "created_at" or seconds is None:
        message = "Invalid 'expires_after': expected 'created_at' as anchor, and seconds."
        raise invalid(message, "expires_after")
    return seconds


def _wired(row: FileRow) -> wire.File:
    return wire.File(
        id=row.id,
        bytes=row.bytes,
        created_at=int(row.created_at),
        expires_at=None if row.expires_at is None else int(row.expires_at),
        filename=row.filename,
        purpose=row.purpose,
    )

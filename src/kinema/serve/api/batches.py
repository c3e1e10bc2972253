"""Batches: a file with many requests in, a file with their results out, within a day."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final, Literal, cast

from fastapi import APIRouter, Query, Request
from sqlalchemy import RowMapping
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.batching import BYTES_MAX, ENDPOINT
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import BATCH
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, is_id, new_id
from kinema.serve.store import batches as store
from kinema.serve.store import files
from kinema.serve.store.batches import GOING, BatchStatus
from kinema.types import Json

router: Final = APIRouter(prefix="/v1/batches", tags=["batches"])

WINDOW: Final = "24h"
_DAY: Final = 86_400.0
_BODY_MAX: Final = 1 << 16
_PAIRS_MAX: Final = 16


class BatchError(wire.Wire):
    """What is wrong with a line of the input file."""

    code: str
    message: str
    param: str | None
    line: int | None


class BatchErrors(wire.Wire):
    """All that is wrong with the input file, up to a hundred lines."""

    object: Literal["list"] = "list"
    data: list[BatchError]


class Counts(wire.Wire):
    """Requests of a batch by how they ended."""

    total: int
    completed: int
    failed: int


class Batch(wire.Wire):
    """Many requests that are answered together."""

    id: str
    object: Literal["batch"] = "batch"
    endpoint: str
    model: str | None = None
    errors: BatchErrors | None
    input_file_id: str
    completion_window: str
    status: BatchStatus
    output_file_id: str | None
    error_file_id: str | None
    created_at: int
    in_progress_at: int | None
    expires_at: int
    finalizing_at: int | None
    completed_at: int | None
    failed_at: int | None
    expired_at: int | None
    cancelling_at: int | None
    cancelled_at: int | None
    request_counts: Counts
    usage: None = None
    metadata: dict[str, str] | None


class BatchList(wire.Wire):
    """A page of batches; ``last_id`` is the ``after`` of the next."""

    object: Literal["list"] = "list"
    data: list[Batch]
    first_id: str | None
    last_id: str | None
    has_more: bool


@router.post("", openapi_extra=takes(BATCH))
async def create(request: Request, services: Use, project: Project) -> Batch:
    """Make the videos of a file with one request a line.

    Each line is `{"custom_id", "method": "POST", "url": "/v1/videos", "body"}`.
    """
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> RowMapping:
        row = _row(services, project, body)
        with services.database.write() as connection:
            return store.add(connection, row)

    return _wired(await run_in_threadpool(work), None)


@router.get("")
async def list_batches(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=1, le=100, description="The most of a page.")] = 20,
    after: Annotated[str | None, Query(description="`last_id` of the page before.")] = None,
) -> BatchList:
    """A page of the project's batches, newest first."""
    if after and not is_id(after, Kind.BATCH):
        raise invalid(f"Invalid 'after': '{after[:80]}' is the id of no batch.", "after")

    def read() -> tuple[list[Batch], bool]:
        with services.database.read() as connection:
            rows, more = store.page(connection, project, limit=limit, after=after or None)
            counts = [_counts(connection, row) for row in rows]
        return [_wired(row, count) for row, count in zip(rows, counts, strict=True)], more

    found, more = await run_in_threadpool(read)
    return BatchList(
        data=found,
        first_id=found[0].id if found else None,
        last_id=found[-1].id if found else None,
        has_more=more,
    )


@router.get("/{batch_id}")
async def retrieve(services: Use, project: Project, batch_id: str) -> Batch:
    """How far a batch is."""
    return await run_in_threadpool(_get, services, project, batch_id)


@router.post("/{batch_id}/cancel")
async def cancel(services: Use, project: Project, batch_id: str) -> Batch:
    """End a batch; what is finished is kept, the rest is not made."""

    def work() -> Batch:
        with services.database.write() as connection:
            row = store.get(connection, project, batch_id)
            if row is None:
                raise not_found("Batch", batch_id)
            before = (BatchStatus.VALIDATING, BatchStatus.IN_PROGRESS)
            done = store.reach(connection, row, BatchStatus.CANCELLING, before=before)
        if not done and row["status"] not in (BatchStatus.CANCELLING, BatchStatus.CANCELLED):
            message = f"Cannot cancel a batch that is {row['status']}."
            raise invalid(message, "batch_id", "invalid_status")
        return _get(services, project, batch_id)

    return await run_in_threadpool(work)


def _get(services: Services, project: str, batch: str) -> Batch:
    with services.database.read() as connection:
        row = store.get(connection, project, batch)
        if row is None:
            raise not_found("Batch", batch)
        return _wired(row, _counts(connection, row))


def _counts(connection: Any, row: RowMapping) -> dict[str, int] | None:
    return store.counted(connection, row["id"]) if row["status"] in GOING else None


def _row(services: Services, project: str, body: Body) -> Json:
    try:
        fields = Fields(body)
        name = fields.text("input_file_id", most=80, needed=True) or ""
        endpoint = fields.one_of("endpoint", (ENDPOINT,))
        window = fields.one_of("completion_window", (WINDOW,))
        metadata = _metadata(fields.take("metadata"))
        after = fields.inner("output_expires_after")
        anchor, kept = after.take("anchor"), after.whole("seconds", 3600, 2_592_000)
        after.close()
        fields.close()
    finally:
        body.close()
    if (anchor, kept) != (None, None) and (anchor != "created_at" or kept is None):
        message = "Invalid 'output_expires_after': expected 'created_at' as anchor, and seconds."
        raise invalid(message, "output_expires_after")
    with services.database.read() as connection:
        file = files.get(connection, project, name)
    if file is None:
        raise not_found("File", name, "input_file_id")
    if file.purpose != "batch":
        message = f"Invalid 'input_file_id': its purpose is '{file.purpose}', and not 'batch'."
        raise invalid(message, "input_file_id")
    if file.bytes > BYTES_MAX:
        message = f"Invalid 'input_file_id': it has more than {BYTES_MAX} bytes."
        raise invalid(message, "input_file_id")
    now = time.time()
    return {
        "id": new_id(Kind.BATCH),
        "project": project,
        "status": BatchStatus.VALIDATING,
        "endpoint": endpoint,
        "window": window,
        "input_file": name,
        "counts": {"total": 0, "completed": 0, "failed": 0},
        "metadata": metadata,
        "output_kept": kept,
        "times": {},
        "created_at": now,
        "expires_at": now + _DAY,
    }


def _metadata(value: Any) -> dict[str, str] | None:
    """Up to 16 short texts by short names."""
    if value is None:
        return None
    pairs = cast("Json", value) if isinstance(value, dict) else None
    if pairs is None or not all(isinstance(text, str) for text in pairs.values()):
        raise invalid("Invalid type for 'metadata': expected texts by name.", "metadata")
    if len(pairs) > _PAIRS_MAX or any(len(k) > 64 or len(pairs[k]) > 512 for k in pairs):
        message = "Invalid 'metadata': at most 16 pairs, names of 64 and texts of 512 characters."
        raise invalid(message, "metadata")
    return pairs


def _wired(row: RowMapping, counts: dict[str, int] | None) -> Batch:
    times: dict[str, float] = row["times"]
    errors = None
    if row["errors"]:
        errors = BatchErrors(data=[BatchError(**error) for error in row["errors"]])
    return Batch(
        id=row["id"],
        endpoint=row["endpoint"],
        errors=errors,
        input_file_id=row["input_file"],
        completion_window=row["window"],
        status=row["status"],
        output_file_id=row["output_file"],
        error_file_id=row["error_file"],
        created_at=int(row["created_at"]),
        expires_at=int(row["expires_at"]),
        **{
            f"{status}_at": int(times[status]) if status in times else None
            for status in BatchStatus
            if status is not BatchStatus.VALIDATING
        },  # pyright: ignore[reportArgumentType] - each is one of the fields above
        request_counts=Counts(**(counts or row["counts"])),
        metadata=row["metadata"],
    )

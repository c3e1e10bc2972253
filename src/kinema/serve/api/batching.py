"""Batches on their way: read, fed to the queue some lines at a time, and written out at the end.

Every step is one that may be done again, by this process or by another: a line gets its clip in the
transaction that accepts the clip, and the state of a batch changes only from the one before.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

from sqlalchemy import Connection, RowMapping, insert

from kinema.errors import RequestError
from kinema.serve.api import wire
from kinema.serve.api.accept import accept
from kinema.serve.api.bodies import Body
from kinema.serve.api.errors import INVALID, ApiError
from kinema.serve.api.fields import Fields
from kinema.serve.api.services import Services
from kinema.serve.api.wishes import created
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import batches as store
from kinema.serve.store import clips, files
from kinema.serve.store.batches import BatchStatus
from kinema.serve.store.clips import ClipRow, State
from kinema.serve.store.files import FileRow
from kinema.serve.store.objects import sha256_of, upload_key
from kinema.serve.store.tables import batch_lines
from kinema.types import Json

ENDPOINT: Final = "/v1/videos"
LINES_MAX: Final = 50_000
BYTES_MAX: Final = 200 * 1024 * 1024
_LINE_MAX: Final = 1 << 20
_ERRORS_MAX: Final = 100
_AHEAD: Final = 64  # clips of one batch that wait or run at the same time
_PAGE: Final = 500
_NOT_FED: Final[dict[BatchStatus, Json]] = {
    BatchStatus.CANCELLED: {"code": "batch_cancelled", "message": "The batch was cancelled."},
    BatchStatus.EXPIRED: {
        "code": "batch_expired",
        "message": "The batch ended before this request was begun.",
    },
}

_LOG: Final = logging.getLogger(__name__)


class _Taken(Exception):
    """Another process has just given the line its clip."""


def go_on(services: Services) -> None:
    """Bring every batch forward that has not ended."""
    with services.database.read() as connection:
        found = store.going(connection)
    for batch in found:
        try:
            _go_on(services, batch)
        except Exception:  # noqa: BLE001 - the others shall not wait for it
            _LOG.exception("%s cannot go on", batch["id"])


def _go_on(services: Services, batch: RowMapping) -> None:
    status = BatchStatus(batch["status"])
    if status is BatchStatus.VALIDATING:
        _validate(services, batch)
    elif status is BatchStatus.FINALIZING:
        _finish(services, batch, BatchStatus.COMPLETED)
    elif status is BatchStatus.CANCELLING:
        _stop(services, batch, BatchStatus.CANCELLED)
    elif time.time() >= batch["expires_at"]:
        _stop(services, batch, BatchStatus.EXPIRED)
    elif not _feed(services, batch):
        with services.database.write() as connection:
            before = (BatchStatus.IN_PROGRESS,)
            store.reach(connection, batch, BatchStatus.FINALIZING, before=before)


def _validate(services: Services, batch: RowMapping) -> None:
    """Look at every line; the batch begins where all can be read, and fails else."""
    with tempfile.TemporaryFile() as copy:
        problems, found = list[Json](), list[Json]()
        try:
            _fetch(services, batch, copy)
            _read(batch["id"], copy, found, problems)
        except (FileNotFoundError, ApiError) as error:
            message = "The input file is gone." if isinstance(error, OSError) else str(error)
            problems = [_problem("invalid_file", message, None, None)]
    if not found and not problems:
        problems = [_problem("empty_file", "The input file has no lines.", None, None)]
    before = (BatchStatus.VALIDATING,)
    with services.database.write() as connection:
        if problems:
            store.reach(connection, batch, BatchStatus.FAILED, before=before, errors=problems)
            return
        if store.reach(connection, batch, BatchStatus.IN_PROGRESS, before=before):
            connection.execute(insert(batch_lines), found)


def _fetch(services: Services, batch: RowMapping, copy: IO[bytes]) -> None:
    with services.database.read() as connection:
        file = files.get(connection, batch["project"], batch["input_file"])
    if file is None:
        raise FileNotFoundError(batch["input_file"])
    if file.bytes > BYTES_MAX:
        raise ApiError(400, f"The input file has more than {BYTES_MAX} bytes.")
    for piece in services.objects.pieces(file.key, 0, file.bytes):
        copy.write(piece)
    copy.seek(0)


def _read(batch: str, copy: IO[bytes], found: list[Json], problems: list[Json]) -> None:
    """Find the lines of a file, and what is wrong with them."""
    known, start = set[str](), 0
    for number, raw in enumerate(copy, start=1):
        end = start + len(raw)
        if raw.strip():
            try:
                name = _named(raw, known)
            except ApiError as error:
                code = error.code or "invalid_value"
                problems.append(_problem(code, error.message, error.param, number))
                if len(problems) >= _ERRORS_MAX:
                    return
            else:
                row = {"batch": batch, "line": number, "custom_id": name}
                found.append({**row, "start": start, "end": end})
            if len(found) > LINES_MAX:
                message = f"The input file has more than {LINES_MAX} lines."
                problems.append(_problem("too_many_lines", message, None, number))
                return
        start = end


def _named(raw: bytes, known: set[str]) -> str:
    """The name of a line that can be read."""
    if len(raw) > _LINE_MAX:
        raise ApiError(400, f"The line has more than {_LINE_MAX} bytes.", code="line_too_long")
    line = _parsed(raw)
    name, body = line.get("custom_id"), line.get("body")
    if not isinstance(name, str) or not 1 <= len(name) <= 512:
        message = "Invalid 'custom_id': expected 1 to 512 characters."
        raise ApiError(400, message, param="custom_id", code="invalid_value")
    if name in known:
        message = f"The 'custom_id' '{name[:80]}' stands in an earlier line."
        raise ApiError(400, message, param="custom_id", code="duplicate_custom_id")
    if line.get("method") != "POST":
        message = "Invalid 'method': expected 'POST'."
        raise ApiError(400, message, param="method", code="invalid_method")
    if line.get("url") != ENDPOINT:
        message = f"Invalid 'url': expected '{ENDPOINT}', as the batch says."
        raise ApiError(400, message, param="url", code="mismatched_endpoint")
    if not isinstance(body, dict):
        message = "Invalid 'body': expected an object."
        raise ApiError(400, message, param="body", code="invalid_type")
    known.add(name)
    return name


def _parsed(raw: bytes) -> Json:
    try:
        line: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        message = "This line is not parseable as valid JSON."
        raise ApiError(400, message, code="invalid_json_line") from error
    if not isinstance(line, dict):
        raise ApiError(400, "The line is no object.", code="invalid_json_line")
    return cast("Json", line)


def _problem(code: str, message: str, param: str | None, line: int | None) -> Json:
    return {"code": code, "message": message, "param": param, "line": line}


def _feed(services: Services, batch: RowMapping) -> bool:
    """Put as many lines into the queue as fit; False where all have ended."""
    with services.database.read() as connection:
        running = len(store.open_clips(connection, batch["id"]))
        found = store.waiting(connection, batch["id"], limit=_AHEAD)
        file = files.get(connection, batch["project"], batch["input_file"])
    for line in found[: _AHEAD - running]:
        try:
            _make(services, batch, file, line)
        except ApiError as error:
            if error.status == 429:  # the project has a limit, and the line waits for its turn
                break
            _refuse(services, line, error)
        except RequestError as error:
            _refuse(services, line, ApiError(400, str(error), param=error.field, code=error.code))
    return bool(running or found)


def _make(services: Services, batch: RowMapping, file: FileRow | None, line: RowMapping) -> None:
    """Accept the clip of a line, and note it there in the same transaction."""
    if file is None:
        raise ApiError(404, "The input file is gone.", code="invalid_file")
    raw = b"".join(services.objects.pieces(file.key, line["start"], line["end"]))
    values = {name: value for name, value in _parsed(raw)["body"].items() if value is not None}
    digest = hashlib.sha256(f"{batch['id']}:{line['line']}".encode()).hexdigest()
    wish = created(services, batch["project"], Fields(Body(values, digest, as_text=False)))
    wish = dataclasses.replace(wish, batch=batch["id"])

    def note(connection: Connection, row: ClipRow) -> None:
        if not store.settle(connection, batch["id"], line["line"], clip=row.id):
            raise _Taken

    try:
        accept(services, batch["project"], wish, digest=digest, is_retry=False, note=note)
    except _Taken:
        return


def _refuse(services: Services, line: RowMapping, error: ApiError) -> None:
    said = {
        "message": error.message,
        "type": INVALID,
        "param": error.param,
        "code": error.code,
    }
    answer: Json = {"status_code": error.status, "body": {"error": said}}
    with services.database.write() as connection:
        store.settle(connection, line["batch"], line["line"], answer=answer)


def _stop(services: Services, batch: RowMapping, status: BatchStatus) -> None:
    """End a batch early: what has not been finished is not begun or not gone on with."""
    with services.database.read() as connection:
        running = store.open_clips(connection, batch["id"])
    for clip in running:
        services.queue.cancel(clip)
    _finish(services, batch, status)


def _finish(services: Services, batch: RowMapping, status: BatchStatus) -> None:
    """Write what came of the lines into two files, and end the batch."""
    with tempfile.TemporaryDirectory(prefix="kinema-batch-") as folder:
        good, bad = Path(folder) / "output.jsonl", Path(folder) / "errors.jsonl"
        with good.open("wb") as output, bad.open("wb") as errors:
            for line, is_good in _results(services, batch, status):
                text = json.dumps(line, separators=(",", ":")).encode() + b"\n"
                (output if is_good else errors).write(text)
        kept = {
            "output_file": _kept(services, batch, good, "output"),
            "error_file": _kept(services, batch, bad, "error"),
        }
    before = (BatchStatus(batch["status"]),)
    with services.database.write() as connection:
        values: Json = {name: row and row.id for name, row in kept.items()}
        values["counts"] = store.counted(connection, batch["id"])
        if status is not BatchStatus.COMPLETED:
            counts = values["counts"]
            values["counts"] = {**counts, "failed": counts["total"] - counts["completed"]}
        if store.reach(connection, batch, status, before=before, **values):
            for row in kept.values():
                if row is not None:
                    files.add(connection, row)


def _results(
    services: Services, batch: RowMapping, status: BatchStatus
) -> Iterator[tuple[Json, bool]]:
    """What came of each line, as the result files say it, and whether it is a video."""
    after = 0
    while True:
        with services.database.read() as connection:
            found = store.lines(connection, batch["id"], after=after, limit=_PAGE)
            rows = [line["clip"] and clips.get(connection, line["clip"]) for line in found]
        for line, row in zip(found, rows, strict=True):
            result, is_good = _result(line, row, status)
            name = f"batch_req_{batch['id'].partition('_')[2]}_{line['line']}"
            yield {"id": name, "custom_id": line["custom_id"], **result}, is_good
        if len(found) < _PAGE:
            return
        after = found[-1]["line"]


def _result(line: RowMapping, row: ClipRow | None, status: BatchStatus) -> tuple[Json, bool]:
    if row is not None:
        body = wire.video(row).model_dump()
        response = {"status_code": 200, "request_id": new_id(Kind.REQUEST), "body": body}
        if row.state in (State.COMPLETED, State.EXPIRED):
            return {"response": response, "error": None}, True
        error = row.error or {"code": "internal_error", "message": "The video has not ended."}
        said = {"code": error["code"], "message": error["message"]}
        return {"response": response, "error": said}, False
    if line["clip"] is not None:
        gone = {"code": "deleted", "message": f"The video {line['clip']} was deleted."}
        return {"response": None, "error": gone}, False
    if line["answer"] is not None:
        response = {**line["answer"], "request_id": new_id(Kind.REQUEST)}
        return {"response": response, "error": None}, False
    return {"response": None, "error": _NOT_FED[status]}, False


def _kept(services: Services, batch: RowMapping, path: Path, what: str) -> FileRow | None:
    """A result file in the object store, as a file that can be asked for; None where it is empty.

    It is written down with the end of the batch, and not before.
    """
    size = path.stat().st_size
    if not size:
        return None
    digest = sha256_of(path)
    services.objects.put(upload_key(digest), path)
    now = time.time()
    after = batch["output_kept"] or services.config.policy.keep_files
    return FileRow(
        id=new_id(Kind.FILE),
        project=batch["project"],
        filename=f"{batch['id']}_{what}.jsonl",
        purpose="batch_output",
        bytes=size,
        media_type="application/jsonl",
        sha256=digest,
        key=upload_key(digest),
        created_at=now,
        expires_at=now + after if after else None,
    )

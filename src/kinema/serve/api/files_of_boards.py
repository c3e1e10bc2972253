"""Files of a storyboard: pictures, films, chosen takes; kept by content as long as it is there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, RowMapping
from starlette.concurrency import run_in_threadpool

from kinema import media
from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.board_bodies import CONFLICT, read_fields, read_name
from kinema.serve.api.boards import found_board
from kinema.serve.api.bodies import read_body
from kinema.serve.api.errors import invalid, missing, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.forms import Upload
from kinema.serve.api.inputs import FILMS, PICTURES, keep
from kinema.serve.api.ranges import Served, ranged
from kinema.serve.api.schemas import binary, takes
from kinema.serve.api.schemas_boards import ADD_FILE
from kinema.serve.api.services import Services, Use
from kinema.serve.api.steps import Wanting, Wish, do
from kinema.serve.store import storyboards as store
from kinema.serve.store.files import get as get_file
from kinema.serve.store.objects import sha256_of, upload_key
from kinema.serve.store.storyboards import BoardRow
from kinema.studio.document import Origin, Take, digest
from kinema.studio.document import Project as Document
from kinema.studio.edits import insert, set_to
from kinema.types import FileId, Json, to_builtins

router: Final = APIRouter(prefix="/v1/kinema/storyboards", tags=["storyboards"])

_TYPES: Final = {
    media.Format.PNG: "image/png",
    media.Format.JPEG: "image/jpeg",
    media.Format.WEBP: "image/webp",
    media.Format.MP4: "video/mp4",
    media.Format.WEBM: "video/webm",
}


class BoardFile(wire.Wire):
    """A file that a storyboard knows, by the name that its document gives it."""

    file: str
    url: str
    media_type: str
    bytes: int
    filename: str


@router.post("/{storyboard_id}/files", openapi_extra=takes(ADD_FILE), responses=CONFLICT)
async def add_file(
    request: Request, services: Use, project: Project, storyboard_id: str
) -> BoardFile:
    """Give a storyboard a picture or a film.

    With `shot`, a film becomes the take that is shown of it, and a picture what it begins with.
    """
    body = await read_body(request, limit=services.config.limits.upload)

    def work() -> BoardFile:
        with tempfile.TemporaryDirectory(prefix="kinema-file-") as folder:

            def read(fields: Fields) -> tuple[Json, str | None, str]:
                with services.database.read() as connection:
                    found_board(connection, project, storyboard_id)
                path, name = uploaded(services, project, fields, Path(folder))
                shot, by = fields.text("shot", most=120), read_name(fields, "by") or ""
                return kept_values(services, path, name), shot, by

            values, shot, by = read_fields(body, read)
        with services.database.write() as connection:
            row = found_board(connection, project, storyboard_id)
            store.keep_file(connection, row.id, values)
        if shot is not None:
            do(services, project, storyboard_id, _showing(shot, values, by))
        return _wired(row, values)

    return await run_in_threadpool(work)


@router.get(
    "/{storyboard_id}/files/{board_file}",
    response_class=Response,
    responses=binary(*_TYPES.values()),
)
async def file_content(
    request: Request, services: Use, project: Project, storyboard_id: str, board_file: str
) -> Response:
    """The bytes of a file that a storyboard knows."""

    def read() -> RowMapping:
        with services.database.read() as connection:
            row = found_board(connection, project, storyboard_id)
            found = store.files_of(connection, row.id).get(board_file)
        if found is None:
            raise not_found("File", board_file)
        return found

    found = await run_in_threadpool(read)
    sha256 = board_file.removeprefix("sha256:")
    served = Served(found["key"], found["bytes"], sha256, found["media_type"], "inline")
    try:
        return await ranged(request, services.objects, served)
    except FileNotFoundError as error:
        raise not_found("File", board_file) from error


def uploaded(services: Services, project: str, fields: Fields, folder: Path) -> tuple[Path, str]:
    """The file that a body brings or names, and what it is called.

    Raises:
        ApiError: There is none, or the project has none of that id.
    """
    given = fields.upload_or("file", ("file_id",))
    if given is None:
        raise missing("file")
    if isinstance(given, Upload):
        return given.path, given.filename or "file"
    with services.database.read() as connection:
        file = get_file(connection, project, given["file_id"])
    if file is None:
        raise not_found("File", given["file_id"], "file")
    path = folder / "given"
    services.objects.fetch(file.key, path)
    return path, file.filename


def kept_values(services: Services, path: Path, name: str) -> Json:
    """Keep a picture or film by its content: a row of `tables.storyboard_files`.

    Raises:
        MediaError: It is neither, or broken.
    """
    kept = keep(services.objects, path, "file", {**PICTURES, **FILMS})
    return {
        "file": kept.file,
        **kept.place,
        "media_type": _TYPES[kept.info.format],
        "bytes": path.stat().st_size,
        "filename": name[:255],
    }


def keep_clip(services: Services, row: BoardRow, clip: str, asset: Json) -> FileId:
    """Keep the file of a clip for a storyboard, so that it stays when the clip is deleted.

    Raises:
        ApiError: The file is gone or not what it was.
    """
    with tempfile.TemporaryDirectory(prefix="kinema-take-") as folder:
        path = Path(folder) / "take.mp4"
        try:
            services.objects.fetch(asset["key"], path)
        except FileNotFoundError as error:
            raise not_found("Video", clip, "take") from error
        sha256 = sha256_of(path)
        if sha256 != asset["sha256"]:
            raise invalid(f"The file of '{clip}' is damaged.", "take", "damaged")
        key = upload_key(sha256)
        if services.objects.size(key) is None:
            services.objects.put(key, path)
    values: Json = {
        "file": f"sha256:{sha256}",
        "key": key,
        "suffix": ".mp4",
        "media_type": asset["media_type"],
        "bytes": asset["bytes"],
        "filename": f"{clip}.mp4",
    }
    with services.database.write() as connection:
        store.keep_file(connection, row.id, values)
    return values["file"]


def _showing(shot: str, values: Json, by: str) -> Wanting:
    """A step that lets a shot show a film, or begin with a picture."""

    def want(_connection: Connection, _row: BoardRow, document: Document) -> Wish:
        if shot not in document.shots:
            raise not_found("Shot", shot, "shot")
        file = values["file"]
        if values["media_type"].startswith("image/"):
            operations = [set_to(f"shots/{shot}/image", file)]
            return Wish(operations=operations, origin="edit", by=by)
        take = Take(id=f"take.{digest([shot, file])[:24]}", origin=Origin.UPLOADED, clip=file)
        new = insert(f"shots/{shot}/takes/{take.id}", to_builtins(take))
        known = take.id in {each.id for each in document.shots[shot].takes}
        operations = [*([] if known else [new]), set_to(f"shots/{shot}/selected", take.id)]
        return Wish(operations=operations, origin="choose", by=by)

    return want


def _wired(row: BoardRow, values: Json) -> BoardFile:
    return BoardFile(
        file=values["file"],
        url=f"/v1/kinema/storyboards/{row.id}/files/{values['file']}",
        media_type=values["media_type"],
        bytes=values["bytes"],
        filename=values["filename"],
    )

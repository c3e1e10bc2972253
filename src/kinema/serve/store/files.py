"""Files that were uploaded to be named later: pictures, batch lists, results."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, RowMapping, delete, insert, select

from kinema.serve.store.tables import files


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A row of `tables.files`."""

    id: str
    project: str
    filename: str
    purpose: str
    bytes: int
    media_type: str
    sha256: str
    key: str
    created_at: float
    expires_at: float | None = None
    number: int | None = None


def add(connection: Connection, row: FileRow) -> None:
    """Write a file down whose content is in the object store."""
    values = asdict(row)
    del values["number"]
    connection.execute(insert(files).values(values))


def get(connection: Connection, project: str, file: str) -> FileRow | None:
    """The project's file of that id, None where there is none or it has expired."""
    query = select(files).where(files.c.id == file, files.c.project == project)
    found = connection.execute(query).mappings().first()
    if found is None or (found["expires_at"] or time.time()) < time.time():
        return None
    return _row(found)


def page(
    connection: Connection,
    project: str,
    *,
    limit: int,
    after: FileRow | None = None,
    purpose: str | None = None,
    newest_first: bool = True,
) -> tuple[list[FileRow], bool]:
    """Some files of a project in the order of their arrival, and whether there are more."""
    query = select(files).where(files.c.project == project)
    if purpose is not None:
        query = query.where(files.c.purpose == purpose)
    if after is not None:
        number = files.c.number
        query = query.where(number < after.number if newest_first else number > after.number)
    order = files.c.number.desc() if newest_first else files.c.number.asc()
    found = connection.execute(query.order_by(order).limit(limit + 1)).mappings().all()
    return [_row(row) for row in found[:limit]], len(found) > limit


def remove(connection: Connection, project: str, file: str) -> bool:
    """Forget a file; its content goes when nothing else has the same."""
    mine = (files.c.id == file, files.c.project == project)
    return bool(connection.execute(delete(files).where(*mine)).rowcount)


def _row(found: RowMapping) -> FileRow:
    return FileRow(**{str(column): value for column, value in found.items()})

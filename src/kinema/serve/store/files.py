"""Files that were uploaded to be named later: pictures, batch lists, results."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, RowMapping, delete, insert, select

from kinema.serve.ids import is_id
from kinema.serve.store.pages import page_of
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
    if not is_id(file):
        return None
    query = select(files).where(files.c.id == file, files.c.project == project)
    found = connection.execute(query).mappings().first()
    if found is None:
        return None
    row = _row(found)
    return None if row.expires_at is not None and row.expires_at <= time.time() else row


def of_content(connection: Connection, project: str, sha256: str) -> FileRow | None:
    """The project's newest file with that content, None where there is none or it has expired."""
    mine = (files.c.project == project, files.c.sha256 == sha256)
    lasting = files.c.expires_at.is_(None) | (files.c.expires_at > time.time())
    query = select(files).where(*mine, lasting).order_by(files.c.created_at.desc()).limit(1)
    found = connection.execute(query).mappings().first()
    return None if found is None else _row(found)


def page(
    connection: Connection,
    project: str,
    *,
    limit: int,
    after: str | None = None,
    purpose: str | None = None,
    newest_first: bool = True,
) -> tuple[list[FileRow], bool]:
    """Some files of a project in the order of their arrival, and whether there are more."""
    now = time.time()
    conditions = [
        files.c.project == project,
        files.c.expires_at.is_(None) | (files.c.expires_at > now),
    ]
    if purpose is not None:
        conditions.append(files.c.purpose == purpose)
    found, more = page_of(
        connection, files, *conditions, limit=limit, after=after, newest_first=newest_first
    )
    return [_row(row) for row in found], more


def remove(connection: Connection, project: str, file: str) -> bool:
    """Forget a file; False where the project has none of that id. Its content is kept."""
    if not is_id(file):
        return False
    mine = (files.c.id == file, files.c.project == project)
    return bool(connection.execute(delete(files).where(*mine)).rowcount)


def _row(found: RowMapping) -> FileRow:
    return FileRow(**{str(column): value for column, value in found.items()})

"""Storyboards: the document as it is now, and every step that led to it.

Each step is written in the transaction that changes the document, and asks for the version that it
starts from, so that of two that race one is told that it came too late.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from kinema.serve.ids import is_id
from kinema.serve.store.database import inserting
from kinema.serve.store.events import append
from kinema.serve.store.pages import page_of
from kinema.serve.store.tables import (
    clips,
    exports,
    shot_clips,
    storyboard_files,
    storyboard_steps,
    storyboard_takes,
    storyboards,
)
from kinema.types import Json

TITLE_MAX: Final = 200
_AT_ONCE: Final = 400
"""Names that one question to the database may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A row of `tables.storyboards`."""

    id: str
    project: str
    title: str
    kind: str
    version: int
    document: Json
    base: Json | None
    created_at: float
    changed_at: float
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of `tables.storyboard_steps`: what was done together, and is undone together."""

    board: str
    version: int
    origin: str
    operations: list[Json]
    key: str | None = None
    by: str = ""
    why: str = ""
    undoes: int | None = None
    at: float = 0.0


def add(connection: Connection, row: BoardRow) -> None:
    """Write a new storyboard down."""
    connection.execute(
        insert(storyboards).values(
            id=row.id,
            project=row.project,
            title=row.title[:TITLE_MAX],
            kind=row.kind[:20],
            version=row.version,
            document=row.document,
            base=row.base,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )
    )
    append(connection, row.project, "storyboard.created", {"version": row.version}, clip=row.id)


def get(connection: Connection, project: str, board: str) -> BoardRow | None:
    """The project's storyboard of that id."""
    if not is_id(board):
        return None
    mine = (storyboards.c.id == board, storyboards.c.project == project)
    found = connection.execute(select(storyboards).where(*mine)).mappings().first()
    return None if found is None else _row(found)


def page(
    connection: Connection, project: str, *, limit: int, after: str | None
) -> tuple[list[BoardRow], bool]:
    """Some of the project's storyboards, newest first, and whether there are more."""
    mine = storyboards.c.project == project
    found, more = page_of(connection, storyboards, mine, limit=limit, after=after)
    return [_row(row) for row in found], more


def change(
    connection: Connection, row: BoardRow, document: Json, step: Step, *, base: Json | None = None
) -> bool:
    """Put a new document in the place of the one of ``row``, and write down what made it.

    Returns:
        False where somebody else was faster; then nothing has changed.
    """
    now = time.time()
    values: dict[str, Any] = {
        "document": document,
        "version": step.version,
        "title": str(document.get("title", ""))[:TITLE_MAX],
        "changed_at": now,
    }
    if base is not None:
        values["base"] = base
    same = (storyboards.c.id == row.id, storyboards.c.version == row.version)
    if not connection.execute(update(storyboards).where(*same).values(**values)).rowcount:
        return False
    connection.execute(
        insert(storyboard_steps).values(
            board=row.id,
            version=step.version,
            key=step.key,
            origin=step.origin,
            operations=step.operations,
            by=step.by,
            why=step.why,
            undoes=step.undoes,
            at=now,
        )
    )
    for operation in step.operations:
        where, _, shot = str(operation["at"]).rpartition("/")
        if operation["op"] == "rename" and where == "shots":
            _rename_takes(connection, row.id, shot, operation["now"])
    data = {"version": step.version, "by": step.by}
    append(connection, row.project, "storyboard.changed", data, clip=row.id)
    return True


def steps(
    connection: Connection, board: str, *, after: int = 0, before: int | None = None, limit: int = 0
) -> list[Step]:
    """Steps behind a version and up to, not including, another, newest first."""
    query = select(storyboard_steps).where(
        storyboard_steps.c.board == board, storyboard_steps.c.version > after
    )
    if before is not None:
        query = query.where(storyboard_steps.c.version < before)
    query = query.order_by(storyboard_steps.c.version.desc())
    if limit:
        query = query.limit(limit)
    found = connection.execute(query).mappings()
    return [Step(**{str(name): value for name, value in row.items()}) for row in found]


def marks(connection: Connection, board: str) -> list[tuple[int, str, int | None]]:
    """Version, author and what it takes back of every step, newest first."""
    table = storyboard_steps.c
    query = select(table.version, table.by, table.undoes).where(table.board == board)
    found = connection.execute(query.order_by(table.version.desc()))
    return [(row.version, row.by, row.undoes) for row in found]


def is_done(connection: Connection, board: str, key: str) -> bool:
    """Whether a step of that key has been done."""
    mine = (storyboard_steps.c.board == board, storyboard_steps.c.key == key)
    return connection.execute(select(storyboard_steps.c.version).where(*mine)).first() is not None


def remove(connection: Connection, row: BoardRow) -> list[str]:
    """Forget a storyboard with all its steps; returns the ids of its exports, whose files go."""
    gone = list(connection.scalars(select(exports.c.id).where(exports.c.board == row.id)))
    for table in (exports, storyboard_takes, storyboard_files, storyboard_steps):
        connection.execute(delete(table).where(table.c.board == row.id))
    connection.execute(delete(storyboards).where(storyboards.c.id == row.id))
    append(connection, row.project, "storyboard.deleted", {}, clip=row.id)
    return gone


def keep_file(connection: Connection, board: str, values: Json) -> None:
    """Let a storyboard know a file by its content."""
    row = {"board": board, "at": time.time(), **values}
    new = inserting(connection, storyboard_files).values(row)
    connection.execute(new.on_conflict_do_nothing(index_elements=["board", "file"]))


def files_of(connection: Connection, board: str) -> dict[str, RowMapping]:
    """The files that a storyboard knows, by content."""
    mine = select(storyboard_files).where(storyboard_files.c.board == board)
    return {row["file"]: row for row in connection.execute(mine).mappings()}


def add_take(connection: Connection, take: Json) -> None:
    """Remember that a clip was made for a shot: {board, shot, clip, film, first}."""
    new = inserting(connection, storyboard_takes).values(at=time.time(), **take)
    same = ["board", "shot", "clip"]
    connection.execute(new.on_conflict_do_nothing(index_elements=same))


def takes_of(connection: Connection, board: str) -> list[RowMapping]:
    """The clips that were made for shots, oldest first, with how they stand."""
    table = storyboard_takes.c
    query = (
        select(table.shot, table.film, table.first, *_SEEN)
        .join(clips, clips.c.id == table.clip)
        .where(table.board == board)
        .order_by(table.at, clips.c.number)
    )
    return list(connection.execute(query).mappings())


def clips_by_key(
    connection: Connection, project: str, keys: Iterable[str]
) -> dict[str, RowMapping]:
    """The project's newest clips of what is seen in them, by the hash of that."""
    wanted, found = sorted(set(keys)), dict[str, RowMapping]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = shot_clips.c.key.in_(wanted[start : start + _AT_ONCE])
        query = (
            select(shot_clips.c.key, *_SEEN)
            .join(clips, clips.c.id == shot_clips.c.clip)
            .where(shot_clips.c.project == project, some)
        )
        found |= {row["key"]: row for row in connection.execute(query).mappings()}
    return found


def know_clip(connection: Connection, project: str, key: str, clip: str) -> None:
    """Let the newest clip of something be that one."""
    new = {"clip": clip, "at": time.time()}
    row = inserting(connection, shot_clips).values(project=project, key=key, **new)
    connection.execute(row.on_conflict_do_update(index_elements=["project", "key"], set_=new))


def forget_clip(connection: Connection, project: str, key: str, clip: str) -> None:
    """Let nobody find a clip any more whose file is not what it was."""
    mine = (shot_clips.c.project == project, shot_clips.c.key == key, shot_clips.c.clip == clip)
    connection.execute(delete(shot_clips).where(*mine))


_SEEN: Final[Sequence[Any]] = (
    clips.c.id.label("clip"),
    clips.c.state,
    clips.c.request,
    clips.c.assets,
    clips.c.error,
    clips.c.promised,
    clips.c.created_at,
    clips.c.expires_at,
)
"""What a storyboard has to know of a clip."""


def _rename_takes(connection: Connection, board: str, old: str, new: str) -> None:
    mine = (storyboard_takes.c.board == board, storyboard_takes.c.shot == old)
    connection.execute(update(storyboard_takes).where(*mine).values(shot=new))


def _row(found: RowMapping) -> BoardRow:
    return BoardRow(**{str(name): value for name, value in found.items()})

"""Looks: styles of a project's own, as words that are added to a prompt."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from kinema.serve.store.tables import looks


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """A row of `tables.looks`."""

    id: str
    project: str
    name: str
    words: str = ""
    negative: str = ""
    style: str | None = None
    created_at: float = field(default_factory=time.time)


def put(connection: Connection, row: LookRow) -> None:
    """Write a look down, in place of the one of that id."""
    values = asdict(row)
    mine = (looks.c.id == row.id, looks.c.project == row.project)
    fresh = {name: values[name] for name in ("name", "words", "negative", "style")}
    if not connection.execute(update(looks).where(*mine).values(fresh)).rowcount:
        connection.execute(insert(looks).values(values))


def get(connection: Connection, project: str, look: str) -> LookRow | None:
    """The project's look of that id, None where there is none."""
    return next((row for row in of_project(connection, project) if row.id == look), None)


def of_project(connection: Connection, project: str) -> list[LookRow]:
    """The project's looks by name."""
    mine = select(looks).where(looks.c.project == project).order_by(looks.c.name, looks.c.id)
    found = connection.execute(mine).mappings()
    return [LookRow(**{str(name): value for name, value in row.items()}) for row in found]


def forget(connection: Connection, project: str, look: str) -> bool:
    """Forget a look; False where there is none."""
    mine = (looks.c.id == look, looks.c.project == project)
    return bool(connection.execute(delete(looks).where(*mine)).rowcount)

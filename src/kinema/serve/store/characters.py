"""Characters: a name, what it looks like in words, and the clip that shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from kinema.serve.ids import is_id
from kinema.serve.store.tables import characters


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterRow:
    """A row of `tables.characters`."""

    id: str
    project: str
    name: str
    looks: str
    key: str
    sha256: str
    created_at: float


def add(connection: Connection, row: CharacterRow) -> None:
    """Write a character down."""
    connection.execute(insert(characters).values(asdict(row)))


def get(connection: Connection, project: str, character: str) -> CharacterRow | None:
    """The project's character of that id, None where there is none."""
    if not is_id(character):
        return None
    mine = (characters.c.id == character, characters.c.project == project)
    found = connection.execute(select(characters).where(*mine)).mappings().first()
    return None if found is None else _row(found)


def of_project(connection: Connection, project: str) -> list[CharacterRow]:
    """The project's characters, newest first."""
    mine = select(characters).where(characters.c.project == project)
    order = mine.order_by(characters.c.created_at.desc())
    return [_row(row) for row in connection.execute(order).mappings()]


def change(connection: Connection, project: str, character: str, looks: str) -> bool:
    """Say anew what a character looks like; False where there is none."""
    mine = (characters.c.id == character, characters.c.project == project)
    changed = connection.execute(update(characters).where(*mine).values(looks=looks))
    return bool(changed.rowcount)


def forget(connection: Connection, project: str, character: str) -> bool:
    """Forget a character; False where there is none. Videos that show it stay."""
    mine = (characters.c.id == character, characters.c.project == project)
    return bool(connection.execute(delete(characters).where(*mine)).rowcount)


def _row(found: RowMapping) -> CharacterRow:
    return CharacterRow(**{str(name): value for name, value in found.items()})

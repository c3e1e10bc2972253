"""Characters: a name, what it looks like in words, and the clip that shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

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
    return None if found is None else CharacterRow(**{str(k): v for k, v in found.items()})

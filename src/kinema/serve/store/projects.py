"""Projects, the walls between users, and the keys that open them. Keys are kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, insert, select, update

from kinema.config import LimitsConfig
from kinema.serve.ids import Kind, new_id
from kinema.serve.store.tables import keys, projects
from kinema.types import from_builtins

DEFAULT: Final = "default"
"""The project of an installation with one user."""


def ensure_project(connection: Connection, project: str, name: str) -> None:
    """Make the project where there is none of that id."""
    found = connection.execute(select(projects.c.id).where(projects.c.id == project)).first()
    if found is None:
        row = {"id": project, "name": name, "created_at": time.time()}
        connection.execute(insert(projects).values(row))


def limits_of(connection: Connection, project: str) -> LimitsConfig | None:
    """The limits of a project that has its own."""
    found = connection.execute(select(projects.c.limits).where(projects.c.id == project)).scalar()
    return None if found is None else from_builtins(found, LimitsConfig)


def all_projects(connection: Connection) -> Sequence[RowMapping]:
    """Every project, oldest first."""
    order = (projects.c.created_at, projects.c.id)
    return connection.execute(select(projects).order_by(*order)).mappings().all()


def get_project(connection: Connection, project: str) -> RowMapping | None:
    """The project of that id."""
    query = select(projects).where(projects.c.id == project)
    return connection.execute(query).mappings().first()


def change_project(connection: Connection, project: str, values: dict[str, Any]) -> None:
    """Change the name, limits or share of a project."""
    if values:
        connection.execute(update(projects).where(projects.c.id == project).values(**values))


def new_key(
    connection: Connection, project: str, name: str, *, admin: bool = False
) -> tuple[str, str]:
    """A new key for the project: its id, and the key itself, which is not kept.

    Args:
        connection: Of a transaction.
        project: What it opens.
        name: For people.
        admin: It may make projects and keys as well.
    """
    key, identity = f"sk-kinema-{secrets.token_urlsafe(32)}", new_id(Kind.KEY)
    row = {
        "id": identity,
        "project": project,
        "name": name,
        "hash": hash_of(key),
        "hint": f"{key[:12]}...{key[-4:]}",
        "created_at": time.time(),
        "admin": admin,
    }
    connection.execute(insert(keys).values(row))
    return identity, key


def first_key(connection: Connection) -> str | None:
    """A key that may make others, where there is none yet: for who starts a server."""
    good = select(keys.c.id).where(keys.c.admin, keys.c.revoked_at.is_(None))
    if connection.execute(good).first() is not None:
        return None
    ensure_project(connection, DEFAULT, "Default")
    return new_key(connection, DEFAULT, "first", admin=True)[1]


def keys_of(connection: Connection, project: str) -> Sequence[RowMapping]:
    """The keys of a project, newest first, those that were revoked too."""
    query = select(keys).where(keys.c.project == project)
    return connection.execute(query.order_by(keys.c.created_at.desc())).mappings().all()


def opened_by(connection: Connection, key: str) -> RowMapping | None:
    """The row of a key that opens a project; None where it opens none, or was revoked."""
    good = (keys.c.hash == hash_of(key), keys.c.revoked_at.is_(None))
    return connection.execute(select(keys).where(*good)).mappings().first()


def note_use(connection: Connection, identity: str) -> None:
    """Write down that a key was shown."""
    connection.execute(update(keys).where(keys.c.id == identity).values(used_at=time.time()))


def revoke(connection: Connection, project: str, identity: str) -> bool:
    """Let a key open nothing any more; False where the project has no such key."""
    mine = (keys.c.id == identity, keys.c.project == project, keys.c.revoked_at.is_(None))
    values = {"revoked_at": time.time()}
    return bool(connection.execute(update(keys).where(*mine).values(values)).rowcount)


def hash_of(key: str) -> str:
    """What is kept of a key. It is long and random, so a plain hash cannot be turned round."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()

"""Projects, the walls between users, and the keys that open them. Keys are kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Final

from sqlalchemy import Connection, insert, select, update

from kinema.serve.ids import Kind, new_id
from kinema.serve.store.tables import keys, projects

DEFAULT: Final = "default"
"""The project of an installation with one user."""


def ensure_project(connection: Connection, project: str, name: str) -> None:
    """Make the project where there is none of that id."""
    found = connection.execute(select(projects.c.id).where(projects.c.id == project)).first()
    if found is None:
        row = {"id": project, "name": name, "created_at": time.time()}
        connection.execute(insert(projects).values(row))


def new_key(connection: Connection, project: str, name: str) -> tuple[str, str]:
    """A new key for the project: its id, and the key itself, which is not kept."""
    key, identity = f"sk-kinema-{secrets.token_urlsafe(32)}", new_id(Kind.KEY)
    row = {
        "id": identity,
        "project": project,
        "name": name,
        "hash": hash_of(key),
        "hint": f"{key[:12]}...{key[-4:]}",
        "created_at": time.time(),
    }
    connection.execute(insert(keys).values(row))
    return identity, key


def project_of(connection: Connection, key: str) -> str | None:
    """The project that a key opens; None where it opens none, or was revoked."""
    query = select(keys.c.project).where(keys.c.hash == hash_of(key), keys.c.revoked_at.is_(None))
    return connection.execute(query).scalar()


def revoke(connection: Connection, project: str, identity: str) -> bool:
    """Let a key open nothing any more; False where the project has no such key."""
    mine = (keys.c.id == identity, keys.c.project == project, keys.c.revoked_at.is_(None))
    values = {"revoked_at": time.time()}
    return bool(connection.execute(update(keys).where(*mine).values(values)).rowcount)


def hash_of(key: str) -> str:
    """What is kept of a key. It is long and random, so a plain hash cannot be turned round."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()

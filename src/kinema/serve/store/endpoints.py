"""Endpoints: where webhooks go, what they are signed with, and what was sent there."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from kinema.serve.ids import Kind, is_id, new_id
from kinema.serve.store.tables import deliveries, endpoints
from kinema.types import Json

OLD_SECRET: Final = 24 * 3600.0
"""Seconds for which a secret still signs after it was replaced, where that is asked for."""


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}"


def add(
    connection: Connection, project: str, *, name: str, url: str, event_types: list[str]
) -> RowMapping:
    """A new endpoint with a secret of its own."""
    now, identity = time.time(), new_id(Kind.ENDPOINT)
    row: Json = {
        "id": identity,
        "project": project,
        "name": name,
        "url": url,
        "event_types": event_types,
        "secrets": [{"secret": new_secret(), "until": None}],
        "created_at": now,
        "updated_at": now,
    }
    connection.execute(insert(endpoints).values(row))
    return _known(connection, project, identity)


def get(connection: Connection, project: str, endpoint: str) -> RowMapping | None:
    """The project's endpoint of that id."""
    if not is_id(endpoint):
        return None
    mine = (endpoints.c.id == endpoint, endpoints.c.project == project)
    return connection.execute(select(endpoints).where(*mine)).mappings().first()


def all_of(connection: Connection, project: str) -> list[RowMapping]:
    """The project's endpoints, newest first. A project has a few."""
    order = (endpoints.c.created_at.desc(), endpoints.c.id.desc())
    query = select(endpoints).where(endpoints.c.project == project).order_by(*order)
    return list(connection.execute(query).mappings())


def change(
    connection: Connection, project: str, endpoint: str, values: dict[str, Any]
) -> RowMapping | None:
    """Change an endpoint; None where there is none. What changes nothing leaves its time alone."""
    row = get(connection, project, endpoint)
    if row is None or all(row[name] == value for name, value in values.items()):
        return row
    mine = endpoints.c.id == endpoint
    connection.execute(update(endpoints).where(mine).values(**values, updated_at=time.time()))
    return _known(connection, project, endpoint)


def rotate(
    connection: Connection, project: str, endpoint: str, *, keep_old: bool
) -> RowMapping | None:
    """Give an endpoint a new secret; the old one signs beside it for a day, or no longer."""
    row = get(connection, project, endpoint)
    if row is None:
        return None
    fresh: list[Json] = [{"secret": new_secret(), "until": None}]
    if keep_old:
        until = time.time() + OLD_SECRET
        fresh.append({"secret": row["secrets"][0]["secret"], "until": until})
    return change(connection, project, endpoint, {"secrets": fresh})


def remove(connection: Connection, project: str, endpoint: str) -> bool:
    """Forget an endpoint and what was to be sent there; False where there is none."""
    if get(connection, project, endpoint) is None:
        return False
    connection.execute(delete(deliveries).where(deliveries.c.endpoint == endpoint))
    connection.execute(delete(endpoints).where(endpoints.c.id == endpoint))
    return True


def log_of(connection: Connection, endpoint: str, *, limit: int) -> list[RowMapping]:
    """What was sent or is to be sent to an endpoint, newest first."""
    order = (deliveries.c.created_at.desc(), deliveries.c.id.desc())
    query = select(deliveries).where(deliveries.c.endpoint == endpoint).order_by(*order)
    return list(connection.execute(query.limit(limit)).mappings())


def _known(connection: Connection, project: str, endpoint: str) -> RowMapping:
    row = get(connection, project, endpoint)
    if row is None:
        raise KeyError(endpoint)
    return row

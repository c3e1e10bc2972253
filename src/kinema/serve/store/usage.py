"""What each project has used, by day (UTC)."""

from __future__ import annotations

import time

from sqlalchemy import Connection

from kinema.serve.store.database import inserting
from kinema.serve.store.tables import usage


def today() -> str:
    """The day it is, as rows are named: 2026-11-25."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def add(connection: Connection, project: str, **amounts: float) -> None:
    """Add to the day's sums; ``amounts`` are columns of `tables.usage`."""
    row = inserting(connection, usage).values(project=project, day=today(), **amounts)
    sums = {name: usage.c[name] + amount for name, amount in amounts.items()}
    connection.execute(
        row.on_conflict_do_update(index_elements=[usage.c.project, usage.c.day], set_=sums)
    )

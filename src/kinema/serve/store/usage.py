"""What each project has used, by day (UTC)."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

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


def seconds_today(connection: Connection, project: str) -> float:
    """Seconds of video that a project was made today."""
    query = select(usage.c.seconds).where(usage.c.project == project, usage.c.day == today())
    return float(connection.execute(query).scalar() or 0.0)


def days(connection: Connection, project: str, first: str, last: str) -> Sequence[RowMapping]:
    """The sums of each day from ``first`` to ``last`` on which there are any, oldest first."""
    mine = (usage.c.project == project, usage.c.day >= first, usage.c.day <= last)
    return connection.execute(select(usage).where(*mine).order_by(usage.c.day)).mappings().all()

"""Webhooks that are due: written down in the transaction that they tell of."""

from __future__ import annotations

import json
import time

from sqlalchemy import Connection, insert, select

from kinema.serve.ids import Kind, new_id
from kinema.serve.store.tables import deliveries, endpoints


def announce(connection: Connection, project: str, kind: str, subject: str) -> None:
    """Let every endpoint of the project that wants such events know about ``subject``.

    Args:
        connection: Of the transaction that made it happen.
        project: Whose endpoints.
        kind: ``video.completed``, ``video.failed`` ...
        subject: Id of the clip or batch.
    """
    found = connection.execute(select(endpoints).where(endpoints.c.project == project)).all()
    wanting = [row.id for row in found if kind in row.event_types]
    if not wanting:
        return
    now, event = time.time(), new_id(Kind.EVENT)
    body = {
        "id": event,
        "object": "event",
        "created_at": int(now),
        "type": kind,
        "data": {"id": subject},
    }
    common = {
        "project": project,
        "event": event,
        "body": json.dumps(body, separators=(",", ":")),
        "state": "waiting",
        "next_at": now,
        "answers": [],
        "created_at": now,
    }
    rows = [
        {**common, "id": f"{event}_{number}", "endpoint": endpoint}
        for number, endpoint in enumerate(wanting)
    ]
    connection.execute(insert(deliveries), rows)

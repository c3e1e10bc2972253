"""The list of workers: who is there, since when, and what each can make.

A name is a worker's own while it gives signs of life. A worker that comes back under its name goes
on with its jobs, so two of one name would make the same clips.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from kinema.errors import RequestError
from kinema.serve.jobs.models import Runnable
from kinema.serve.store.database import Database, inserting
from kinema.serve.store.events import append
from kinema.serve.store.tables import cards, projects, workers
from kinema.types import Json, to_builtins

SILENT: Final = 20.0
"""Seconds without a sign of life after which a worker counts as gone."""
_FORGOTTEN: Final = 86_400.0  # seconds after which nobody asks for one that is gone
_LEAVES: Final = 3.0  # seconds that one of this machine is given to end, when it was told to


@dataclass(frozen=True, slots=True)
class Seat:
    """A worker's place in the list. ``since`` tells it from an earlier one of its name.

    address, token: of its road, and what callers show there.
    """

    database: Database
    name: str
    address: str | None = None
    token: str | None = None
    host: str = field(default_factory=socket.gethostname)
    since: float = field(default_factory=time.time)

    def take(self, models: Mapping[str, Runnable]) -> None:
        """Stand in the list, with the cards of the models.

        Raises:
            RequestError: Another worker of that name is there.
        """
        until = time.monotonic() + _LEAVES
        while (other := self._try(models)) is not None:
            if other != self.host or time.monotonic() > until:
                problem = f"a worker named {self.name} is at work already, on {other}"
                raise RequestError("name", problem, "another --name")
            time.sleep(0.1)

    def beat(self, state: str = "online", measures: str | None = None) -> bool:
        """Give a sign of life and what was measured; False where the seat is another's."""
        mine = (workers.c.id == self.name, workers.c.since == self.since)
        values = {"seen_at": time.time(), "state": state, "measures": measures}
        with self.database.write() as connection:
            found = bool(connection.execute(update(workers).where(*mine).values(values)).rowcount)
            if found and state == "offline":
                _tell(connection, "worker.offline", {"name": self.name, "since": time.time()})
        return found

    def _try(self, models: Mapping[str, Runnable]) -> str | None:
        """Take the seat where it is free; else the machine of who has it."""
        with self.database.write() as connection:
            taken = select(workers).where(workers.c.id == self.name).with_for_update()
            other = connection.execute(taken).first()
            if other is not None and self._is_there(other):
                return other.host
            row = {
                "host": self.host,
                "models": list(models),
                "state": "online",
                "memory": {"pid": os.getpid()},
                "address": self.address,
                "token": self.token,
                "since": self.since,
                "seen_at": time.time(),
            }
            first = inserting(connection, workers).values(id=self.name, **row)
            connection.execute(first.on_conflict_do_update(index_elements=["id"], set_=row))
            for model in models.values():
                card = {"card": to_builtins(model.card), "worker": self.name, "at": time.time()}
                known = inserting(connection, cards).values(name=model.card.name, **card)
                connection.execute(known.on_conflict_do_update(index_elements=["name"], set_=card))
            data = {"name": self.name, "models": list(models), "since": self.since}
            _tell(connection, "worker.online", data)
        return None

    def _is_there(self, other: Row[tuple[object, ...]]) -> bool:
        if other.state != "online" or abs(time.time() - other.seen_at) > SILENT:
            return False
        return other.host != self.host or _lives((other.memory or {}).get("pid", 0))


def gone(connection: Connection, *, but: str) -> list[str]:
    """The workers that have left or are silent, and whose jobs nobody has taken over yet."""
    silent = _silent() | (workers.c.state == "offline")
    query = select(workers.c.id).where(workers.c.id != but, workers.c.state != "gone", silent)
    return list(connection.scalars(query))


def bury(connection: Connection, name: str) -> None:
    """Note that all jobs of a worker were taken over; a sign of life makes it one of them again."""
    silent = _silent() | (workers.c.state == "offline")
    mine = (workers.c.id == name, silent)
    left = select(workers.c.seen_at).where(*mine, workers.c.state != "offline")
    seen = connection.execute(left).scalar()
    if seen is not None:  # it died; one that was told to end has said so itself
        _tell(connection, "worker.offline", {"name": name, "since": seen})
    connection.execute(update(workers).where(*mine).values(state="gone"))


def _silent() -> ColumnElement[bool]:
    """No sign of life lately, or one of a time to come: the clock was set back since."""
    now = time.time()
    return (workers.c.seen_at < now - SILENT) | (workers.c.seen_at > now + SILENT)


def forget(connection: Connection) -> None:
    """Strike those off the list that are long gone, and the cards of models that nobody runs."""
    old = (workers.c.state == "gone", workers.c.seen_at < time.time() - _FORGOTTEN)
    connection.execute(delete(workers).where(*old))
    runs = {name for models in connection.scalars(select(workers.c.models)) for name in models}
    for name in connection.scalars(select(cards.c.name)).all():
        if name not in runs:
            connection.execute(delete(cards).where(cards.c.name == name))


def _tell(connection: Connection, kind: str, data: Json) -> None:
    """Workers are everybody's."""
    for project in connection.scalars(select(projects.c.id)).all():
        append(connection, project, kind, data)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    try:  # one that has ended and that nobody has asked about is still in the list of processes
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state != "Z"

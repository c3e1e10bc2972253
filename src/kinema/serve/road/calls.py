"""The other end of the road: how the API calls a worker."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from kinema.serve.store.tables import workers
from kinema.types import Json

SILENT: Final = 10.0
"""Seconds without a sign of life after which a worker is not called."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_MESSAGE_MAX: Final = 64 << 20


class RoadClosed(Exception):
    """The worker cannot be reached, or hung up in the middle."""


@dataclass(frozen=True, slots=True)
class Lane:
    """How a worker is called."""

    worker: str
    since: float
    address: str
    token: str


def lanes(connection: Connection, model: str) -> list[Lane]:
    """The workers that run a model and can be called from here, the freshest sign of life first."""
    recent = (workers.c.state == "online", workers.c.seen_at > time.time() - SILENT)
    query = select(workers).where(*recent, workers.c.address.is_not(None))
    found = connection.execute(query.order_by(workers.c.seen_at.desc())).all()
    here = socket.gethostname()
    return [
        Lane(row.id, row.since, row.address, row.token)
        for row in found
        if model in row.models and (row.host == here or not _is_loopback(row.address))
    ]


def was_seen(connection: Connection, after: float) -> bool:
    """Whether any worker has given a sign of life after that time."""
    query = select(workers.c.id).where(workers.c.seen_at > after)
    return connection.execute(query).first() is not None


def lane_of(connection: Connection, worker: str, since: float) -> Lane | None:
    """The same for one worker, as long as it is the process that it was at that time."""
    mine = (workers.c.id == worker, workers.c.since == since, workers.c.address.is_not(None))
    row = connection.execute(select(workers).where(*mine)).first()
    return None if row is None else Lane(row.id, row.since, row.address, row.token)


@asynccontextmanager
async def called(lane: Lane, call: Json) -> AsyncIterator[ClientConnection]:
    """Make a call; leaving the block hangs up, and the worker stops what it does for it.

    Raises:
        RoadClosed: Nobody answers there, or it is another process by now.
    """
    try:
        connection = await connect(
            lane.address,
            additional_headers={"Authorization": f"Bearer {lane.token}"},
            compression=None,
            max_size=_MESSAGE_MAX,
            open_timeout=5,
            close_timeout=1,
            proxy=None,  # a worker is on the same machine or in the same network
        )
    except (OSError, InvalidHandshake, TimeoutError) as error:
        raise RoadClosed(f"{lane.worker} cannot be called: {error}") from error
    async with connection:
        await said(connection, json.dumps(call))
        yield connection


async def said(connection: ClientConnection, message: str) -> None:
    """Send a message; raises `RoadClosed` where the worker is gone."""
    try:
        await connection.send(message)
    except (OSError, WebSocketException) as error:
        raise RoadClosed(str(error)) from error


async def heard(connection: ClientConnection) -> AsyncIterator[str | bytes]:
    """What the worker says until it hangs up; raises `RoadClosed` where it does so too early."""
    try:
        async for message in connection:
            yield message
    except (OSError, WebSocketException) as error:
        raise RoadClosed(str(error)) from error


async def answer_of(lane: Lane, call: Json) -> Json:
    """The one answer of a call that has one.

    Raises:
        RoadClosed: There is none.
    """
    async with called(lane, call) as connection:
        async for message in heard(connection):
            return json.loads(message)
    raise RoadClosed(f"{lane.worker} says nothing")


def _is_loopback(address: str) -> bool:
    return urlsplit(address).hostname in _LOOPBACK

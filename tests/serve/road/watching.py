"""A viewer of live streams: hears events, gathers film, says words."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

PATIENCE = 60.0
"""Seconds in which anything here has happened, on a busy machine too."""


class Viewer:
    """One who watches a stream over its WebSocket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.events: list[dict[str, Any]] = []
        self.pieces: list[bytes] = []
        self.code: int | None = None
        """Of the close, once it is closed."""

    def say(self, do: str, **more: Any) -> None:
        """Say a word."""
        self._socket.send(json.dumps({"do": do, **more}))

    def until(self, event: str, patience: float = PATIENCE) -> dict[str, Any]:
        """Listen until that happens; what was said of it."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            message = self.next(left)
            if isinstance(message, dict) and message["event"] == event:
                return message
            assert message is not None, f"{event} did not come before the end: {self.events}"
        raise AssertionError(f"{event} did not come: {self.events}")

    def watch(self, pieces: int) -> None:
        """Listen until so many more pieces of film have come."""
        wanted = len(self.pieces) + pieces
        end = time.monotonic() + PATIENCE
        while len(self.pieces) < wanted:
            assert self.next(end - time.monotonic()) is not None, self.events

    def listen(self, seconds: float) -> None:
        """Listen for that long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.next(left)

    def next(self, patience: float) -> dict[str, Any] | bytes | None:
        """The next message, None where none comes or the line is closed."""
        try:
            message = self._socket.recv(timeout=max(0.0, patience))
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            self.code = error.rcvd.code if error.rcvd else 1006
            return None
        if isinstance(message, bytes):
            self.pieces.append(message)
            return message
        said: dict[str, Any] = json.loads(message)
        self.events.append(said)
        return said

    def film(self) -> tuple[list[int], list[NDArray[np.uint8]]]:
        """Times and pictures of all film that came; times in ticks of the track."""
        return decoded(b"".join(self.pieces))


def decoded(film: bytes) -> tuple[list[int], list[NDArray[np.uint8]]]:
    """Times and pictures of fragmented MP4."""
    with av.open(io.BytesIO(film), "r") as container:
        frames = list(container.decode(video=0))
    times = [frame.pts or 0 for frame in frames]
    return times, [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in frames]


def is_even(times: list[int]) -> bool:
    """Whether every picture comes as long after the one before as any other."""
    return len({after - before for before, after in pairwise(times)}) == 1


def boxes(data: bytes) -> list[str]:
    """The names of the boxes that the bytes are made of, all of them whole."""
    found, at = list[str](), 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append(data[at + 4 : at + 8].decode())
        at += length
    assert at == len(data)
    return found


@contextmanager
def watching(url: str, live: str, key: str = "any") -> Iterator[Viewer]:
    """Watch a stream of the server at ``url``."""
    address = f"{url.replace('http', 'ws', 1)}/v1/kinema/live/{live}"
    headers = {"authorization": f"Bearer {key}"}
    with connect(address, additional_headers=headers, proxy=None, max_size=None) as socket:
        yield Viewer(socket)

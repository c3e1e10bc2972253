"""The socket of a worker: who shows its token makes one call on each connection.

The first message of a connection is the call, a JSON object with ``call`` and what belongs to it.
What comes back are messages until the worker closes: JSON as text, pieces of films as bytes.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from kinema.errors import RequestError
from kinema.types import Json

_LOG: Final = logging.getLogger(__name__)
_CALL_MAX: Final = 4 << 20  # bytes of a message that comes in
_PATIENCE: Final = 10.0  # seconds for a call to be said after the connection was made

Answer = Callable[[ServerConnection, Json], Awaitable[None]]
"""Answers one call on its connection."""


class Socket:
    """Listens for calls in a thread of its own.

    Args:
        host: Address of this machine.
        answers: What answers, by the name of the call.
    """

    def __init__(self, host: str, answers: Mapping[str, Answer]) -> None:
        self.token = secrets.token_urlsafe(32)
        self._host, self._answers = host, answers
        self._loop = asyncio.new_event_loop()

    def open(self) -> str:
        """Begin to listen; the address that callers need besides the token.

        Raises:
            RequestError: This machine has no such address.
        """
        try:
            server: Server = self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._loop.close()
            problem = f"cannot listen on {self._host}: {error.strerror}"
            raise RequestError("worker.road", problem, "an address of this machine") from error
        port = next(iter(server.sockets)).getsockname()[1]
        threading.Thread(target=self._loop.run_forever, name="road", daemon=True).start()
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"ws://{host}:{port}"

    async def _serve(self) -> Server:
        return await serve(
            self._listen,
            self._host,
            0,
            process_request=self._check,
            compression=None,  # films do not get smaller
            max_size=_CALL_MAX,
            server_header=None,
        )

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        shown = request.headers.get("Authorization", "")
        if hmac.compare_digest(shown.encode(), f"Bearer {self.token}".encode()):
            return None
        return connection.respond(HTTPStatus.UNAUTHORIZED, "This is not the token.\n")

    async def _listen(self, connection: ServerConnection) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                call = json.loads(await connection.recv())
            await self._answers[call["call"]](connection, call)
        except (ConnectionClosed, TimeoutError):
            return
        except (ValueError, KeyError, TypeError):
            _LOG.exception("a call on the road is not understood")
            await connection.close(1002, "not understood")
        except Exception:  # noqa: BLE001 - one call may not end the others
            _LOG.exception("a call on the road broke")
            await connection.close(1011, "broken")

"""The short road of the question that is asked most: how far is this video?

A thousand clients that ask once a second would otherwise cost the render more than it has to spare.
What is known and needs nothing looked up is answered before the framework sees it; all else goes
the plain road, and a test says that both answer alike.
"""

from __future__ import annotations

import time
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kinema.serve.api.auth import Doors, Keyring
from kinema.serve.api.stamp import marks
from kinema.serve.api.watch import Known, Watch
from kinema.serve.ids import Kind, new_id
from kinema.serve.observe.metrics import Metrics

_PREFIX: Final = "/v1/videos/"
_ROUTE: Final = "/v1/videos/{video_id}"
_DONE: Final = {"more_body": False, "type": "http.response.body"}


class Polling:
    """Answers ``GET /v1/videos/{id}`` from memory, where everything about it is in memory."""

    def __init__(
        self, app: ASGIApp, doors: Doors, keyring: Keyring, watch: Watch, metrics: Metrics
    ) -> None:
        self._app, self._doors, self._keyring, self._watch = app, doors, keyring, watch
        self._metrics = metrics
        self._vary = [(b"vary", b"Origin")] if doors.origins else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand the request on."""
        began = time.perf_counter()
        known = self._known(scope)
        if known is None:
            await self._app(scope, receive, send)
            return
        headers = [*known.plain_headers, *self._vary, *marks(new_id(Kind.REQUEST), 0)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({**_DONE, "body": known.body})
        self._metrics.answered("GET", _ROUTE, 200, time.perf_counter() - began)

    def _known(self, scope: Scope) -> Known | None:
        """What is asked for, where it may be told to who asks and lies ready."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
            return None
        path: str = scope["path"]
        if not path.startswith(_PREFIX):
            return None
        host = key = b""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"authorization" and not key:
                key = value
            elif name == b"origin":  # what a page may read of the answer is said elsewhere
                return None
        if key[:7].lower() != b"bearer " or self._doors.problem(host.decode("latin-1").lower(), ""):
            return None
        opened = self._keyring.remembered(key[7:].decode("latin-1").strip())
        if opened is None:
            return None
        return self._watch.at_hand(path[len(_PREFIX) :], opened.project)

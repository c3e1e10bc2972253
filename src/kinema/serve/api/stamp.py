"""The outermost layer: names every request, measures it, and answers where all else failed."""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kinema.serve.api import errors
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.patience import may_pass
from kinema.serve.observe.logs import REQUEST, about
from kinema.serve.observe.metrics import Metrics
from kinema.serve.observe.traces import ACCEPTED, Traces

_LOG: Final = logging.getLogger(__name__)
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing; a thousand clients that poll shall not fill logs and traces."""


def marks(name: str, took: int) -> list[tuple[bytes, bytes]]:
    """The headers that every answer has: the request's id, and milliseconds that it took."""
    return [
        (b"x-request-id", name.encode()),
        (b"openai-processing-ms", str(took).encode()),
        (b"openai-version", b"2020-10-01"),
    ]


class Stamp:
    """Gives every answer an ``x-request-id`` and says how long it took; also where all failed."""

    def __init__(self, app: ASGIApp, metrics: Metrics, traces: Traces) -> None:
        self._app, self._metrics, self._traces = app, metrics, traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and stamp the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, jobs = new_id(Kind.REQUEST), list[str]()
        scope.setdefault("state", {})["request_id"] = name
        token = ACCEPTED.set(jobs)
        try:
            with about(REQUEST, name):
                await self._stamped(name, jobs, scope, receive, send)
        finally:
            ACCEPTED.reset(token)

    async def _stamped(
        self, name: str, jobs: list[str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        came, began, status = time.time_ns(), time.monotonic(), 0

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                took = round(1000 * (time.monotonic() - began))
                message["headers"] = [*message["headers"], *marks(name, took)]
            await send(message)

        try:
            await self._app(scope, receive, stamped)
        except Exception as error:
            if status:  # all that is left is to hang up
                raise
            if may_pass(error):
                _LOG.warning("%s: %s %s: %s", name, scope["method"], scope["path"], error)
                await errors.away()(scope, receive, stamped)
            else:
                _LOG.exception("%s: %s %s", name, scope["method"], scope["path"])
                await errors.broken()(scope, receive, stamped)
        finally:
            self._note(name, jobs, scope, came, time.monotonic() - began, status)

    def _note(
        self, name: str, jobs: list[str], scope: Scope, came: int, took: float, status: int
    ) -> None:
        method, route = scope["method"], getattr(scope.get("route"), "path", "none")
        self._metrics.answered(method, route, status, took)
        if method in _READS:
            return
        fields: dict[str, object] = {"status": status, "ms": round(1000 * took, 1)}
        if jobs:
            fields["jobs"] = jobs
        _LOG.info("%s %s", method, scope["path"], extra={"fields": fields})
        self._traces.request(f"{method} {route}", came, name, status, jobs)

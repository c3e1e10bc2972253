"""Who may ask: keys, and requests that a page elsewhere makes a browser send.

A server on loopback is reached by every page in the user's browser. A page that makes its own name
point to 127.0.0.1 is refused by the Host header, one that posts across by the Origin header.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from kinema.config import Config
from kinema.serve.api.errors import INVALID, ApiError, answer
from kinema.serve.api.services import Use
from kinema.serve.store.database import Database
from kinema.serve.store.projects import DEFAULT, note_use, opened_by

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
COOKIE: Final = "kinema_key"
"""Shows a key where a browser sends no header: pictures, videos and the stream of events."""
_TRUSTED_FOR: Final = 5.0  # seconds that a key is believed after it was looked up
_HOSTS_SEEN: Final = 100
_USE_NOTED: Final = 60.0  # seconds between two notes of when a key was last shown


@dataclass(frozen=True, slots=True)
class Opened:
    """What a key opens: a project, and whether it may make projects and keys."""

    project: str
    admin: bool


class Keyring:
    """Which key opens which project, remembered for some seconds."""

    def __init__(self, database: Database, *, single_user: bool) -> None:
        self._database, self._single_user = database, single_user
        self._known: dict[str, tuple[float, Opened]] = {}

    async def opened(self, key: str) -> Opened | None:
        """What a key opens, None for nothing."""
        known = self.remembered(key)
        if known is not None:
            return known
        found = await run_in_threadpool(self._look_up, key)
        if found is None:
            self._known.pop(key, None)
            return None
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[key] = (time.monotonic() + _TRUSTED_FOR, found)
        return found

    def remembered(self, key: str) -> Opened | None:
        """The same where it is known without a question; None where it is not, or for nothing."""
        if not key:
            return None
        if self._single_user:
            return Opened(DEFAULT, admin=True)
        until, known = self._known.get(key, (0.0, None))
        return known if time.monotonic() < until else None

    def forget(self) -> None:
        """Look every key up again: some open something else now."""
        self._known.clear()

    def _look_up(self, key: str) -> Opened | None:
        with self._database.read() as connection:
            found = opened_by(connection, key)
        if found is None:
            return None
        if (found["used_at"] or 0.0) < time.time() - _USE_NOTED:
            with self._database.write() as connection:
                note_use(connection, found["id"])
        return Opened(found["project"], found["admin"])


async def opened_for(request: HTTPConnection, _services: Use) -> Opened:
    """What the key of a request opens; 401 where it shows no good one."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    keyring: Keyring = request.app.state.keyring
    key = key.strip()
    if not scheme:
        scheme, key = "bearer", request.cookies.get(COOKIE, "")
    if scheme.lower() != "bearer" or not key:
        message = (
            "You didn't provide an API key. Provide it in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY)."
        )
        raise ApiError(401, message, code="invalid_api_key")
    found = await keyring.opened(key)
    if found is None:
        raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key")
    return found


async def project_for(opened: Annotated[Opened, Depends(opened_for)]) -> str:
    """The project that a request acts for."""
    return opened.project


async def admin_for(opened: Annotated[Opened, Depends(opened_for)]) -> str:
    """The project of a key that may make projects and keys; 403 for other keys."""
    if not opened.admin:
        raise ApiError(403, "This key may not change projects and keys.", code="admin_key_needed")
    return opened.project


Project = Annotated[str, Depends(project_for)]
"""How a route says that it needs a key, and learns whose it is."""

Admin = Annotated[str, Depends(admin_for)]
"""How a route says that it needs a key that may make others."""


class Doors:
    """By which names the server may be called, and by pages of which origins."""

    def __init__(self, config: Config) -> None:
        # A server that listens to a network is reached by names that only its owner knows.
        self._any_host = config.server.host not in LOOPBACK and not config.server.hosts
        self._hosts = LOOPBACK | {host.lower() for host in config.server.hosts}
        self._seen: set[str] = set()  # good ones as they came, with their ports
        self.origins = {origin.rstrip("/").lower() for origin in config.server.origins}
        """Of pages that may call the server."""

    def problem(self, host: str, origin: str) -> str | None:
        """What is wrong with a request's two headers, both in lower case; None where nothing is."""
        if not self._any_host and host not in self._seen:
            if _name(host) not in self._hosts:
                return f"This server does not go by the name '{host[:80]}'."
            if len(self._seen) < _HOSTS_SEEN:
                self._seen.add(host)
        if origin and origin not in self.origins and urlsplit(origin).netloc != host:
            return f"Pages of '{origin[:80]}' may not call this server."
        return None


class Gate:
    """Refuses requests that are addressed to another name, or sent by a page elsewhere."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app, self._doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it here."""
        if scope["type"] in ("http", "websocket"):
            headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
            host = headers.get("host", b"").decode("latin-1").lower()
            origin = headers.get("origin", b"").decode("latin-1").rstrip("/").lower()
            problem = self._doors.problem(host, origin)
            if problem is not None and scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008, "reason": problem})
                return
            if problem is not None:
                refusal = answer(ApiError(403, problem, code="forbidden_host", kind=INVALID))
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _name(host: str) -> str:
    """The host without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

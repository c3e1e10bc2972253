"""The application: everything that answers HTTP, put together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import kinema
from kinema.config import Config
from kinema.serve.api import (
    characters,
    content,
    errors,
    events,
    files,
    generations,
    jobs,
    library,
    models,
    reading,
    videos,
)
from kinema.serve.api.auth import Gate, Keyring
from kinema.serve.api.installed import Installed
from kinema.serve.api.openapi import FAILURES, document, operation
from kinema.serve.api.services import Services
from kinema.serve.api.watch import Watch
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.queue import Queue
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects
from kinema.serve.store.projects import DEFAULT, ensure_project

ROUTERS: Final = (
    characters.router,  # before the ids of videos, one of which it would be taken for
    videos.router,
    content.router,
    files.router,
    models.router,
    generations.router,
    jobs.router,
    library.router,
    reading.router,
    events.router,
)


SEEN_BY_PAGES: Final = (
    "x-request-id",
    "openai-poll-after-ms",
    "openai-processing-ms",
    "retry-after",
    "content-range",
    "etag",
)
"""Headers that a page of another origin may read."""

_LOG: Final = logging.getLogger(__name__)


def create_app(config: Config, database: Database, objects: Objects) -> FastAPI:
    """The application over a database that is up to date."""
    queue, watch = Queue(database), Watch(database)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if config.single_user:
            with database.write() as connection:
                ensure_project(connection, DEFAULT, "Default")
        watching = asyncio.create_task(watch.run())
        app.state.on_ready()
        yield
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        queue.close()

    app = FastAPI(
        title="Kinema",
        version=kinema.__version__,
        summary="OpenAI's Videos API, on your own machine, and what goes beyond it.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation,
        responses=FAILURES,
    )
    app.state.services = Services(
        config, database, objects, queue, watch, Installed(config, database)
    )
    app.state.on_ready = lambda: None
    app.state.keyring = Keyring(database, single_user=config.single_user)
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)

    @app.get("/healthz", include_in_schema=False)
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    app.openapi = lambda: document(app)
    if config.server.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(config.server.origins),
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=list(SEEN_BY_PAGES),
            max_age=600,
        )
    app.add_middleware(Gate, config=config)
    app.add_middleware(Stamp)
    return app


class Stamp:
    """Gives every answer an ``x-request-id`` and says how long it took; also where all failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and stamp the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, name, has_begun = time.monotonic(), new_id(Kind.REQUEST), False
        scope.setdefault("state", {})["request_id"] = name

        async def stamped(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                took = round(1000 * (time.monotonic() - began))
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", name.encode()),
                    (b"openai-processing-ms", str(took).encode()),
                    (b"openai-version", b"2020-10-01"),
                ]
            await send(message)

        try:
            await self._app(scope, receive, stamped)
        except Exception:
            if has_begun:  # all that is left is to hang up
                raise
            _LOG.exception("%s: %s %s", name, scope["method"], scope["path"])
            await errors.broken()(scope, receive, stamped)

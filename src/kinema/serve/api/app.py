"""The application: everything that answers HTTP, put together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

import kinema
from kinema.config import Config
from kinema.serve.api import (
    batches,
    cast,
    characters,
    content,
    cuts,
    errors,
    events,
    exporting,
    files,
    files_of_boards,
    generations,
    health,
    jobs,
    keys,
    library,
    live,
    models,
    previews,
    reading,
    retakes,
    rewriting,
    sketch,
    storage,
    storyboards,
    studio,
    takes,
    usage,
    videos,
    webhooks,
)
from kinema.serve.api.auth import Doors, Gate, Keyring
from kinema.serve.api.chores import chores
from kinema.serve.api.installed import Installed
from kinema.serve.api.openapi import FAILURES, document, operation
from kinema.serve.api.polling import Polling
from kinema.serve.api.services import Services
from kinema.serve.api.stamp import Stamp
from kinema.serve.api.watch import Watch
from kinema.serve.jobs.delivery import Delivery
from kinema.serve.jobs.queue import Queue
from kinema.serve.net import Network
from kinema.serve.observe.metrics import Metrics
from kinema.serve.observe.traces import Traces
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects
from kinema.serve.store.projects import DEFAULT, ensure_project

ROUTERS: Final = (
    characters.router,  # before the ids of videos, one of which it would be taken for
    videos.router,
    content.router,
    files.router,
    models.router,
    batches.router,
    webhooks.router,
    generations.router,
    sketch.router,
    jobs.router,
    previews.router,
    live.router,
    library.router,
    cast.router,
    storage.router,
    storyboards.router,
    takes.router,
    files_of_boards.router,
    rewriting.router,
    exporting.router,
    cuts.router,
    retakes.router,
    reading.router,
    events.router,
    keys.router,
    usage.router,
    health.router,
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


def create_app(config: Config, database: Database, objects: Objects) -> FastAPI:
    """The application over a database that is up to date."""
    queue, watch = Queue(database), Watch(database)
    traces = Traces("kinema-api")

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if config.single_user:
            with database.write() as connection:
                ensure_project(connection, DEFAULT, "Default")
        watching = asyncio.create_task(watch.run())
        async with chores(app.state.services):
            app.state.on_ready()
            yield
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        queue.close()
        await run_in_threadpool(traces.close)

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
        config,
        database,
        objects,
        queue,
        watch,
        Installed(config, database),
        Network(config.network),
        Delivery(database, config.network),
    )
    app.state.on_ready = lambda: None
    app.state.metrics = Metrics(database)
    app.state.keyring = Keyring(database, single_user=config.single_user)
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)

    studio.install(app, single_user=config.single_user)
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
    doors, keyring, metrics = Doors(config), app.state.keyring, app.state.metrics
    app.add_middleware(Gate, doors=doors)
    app.add_middleware(Stamp, metrics=metrics, traces=traces)
    app.add_middleware(Polling, doors=doors, keyring=keyring, watch=watch, metrics=metrics)
    return app

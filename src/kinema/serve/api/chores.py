"""What the server does by itself, beside answering: webhooks are sent, batches go on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final

from starlette.concurrency import run_in_threadpool

from kinema.serve.api.batching import go_on
from kinema.serve.api.exporting import advance_exports
from kinema.serve.api.services import Services

WEBHOOKS: Final = 0.5
"""Seconds between two looks for webhooks that are due."""
BATCHES: Final = 0.5
"""Seconds between two looks at the batches."""
EXPORTS: Final = 0.5
"""Seconds between two looks at exports that wait for clips."""

_LOG: Final = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def chores(services: Services) -> AsyncIterator[None]:
    """Do them until the block ends. Several processes may do the same ones."""
    tasks = [
        asyncio.create_task(run_in_threadpool(_read_something)),
        asyncio.create_task(_again(services.delivery.look, WEBHOOKS)),
        asyncio.create_task(_again(lambda: go_on(services), BATCHES)),
        asyncio.create_task(_again(lambda: advance_exports(services), EXPORTS)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        services.delivery.close()


def _read_something() -> None:
    """Read a prompt, so that nobody's first wish waits until the reader is loaded."""
    from kinema.storybook.reader import read

    read("a fox in the rain at night")


async def _again(work: Callable[[], object], every: float) -> None:
    while True:
        try:
            await run_in_threadpool(work)
        except Exception:  # noqa: BLE001 - a database that is away now may be back soon
            _LOG.exception("a chore failed; it is tried again")
        await asyncio.sleep(every)

"""What every route works with, made once when the server starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from kinema.config import Config
from kinema.serve.api.installed import Installed
from kinema.serve.api.watch import Watch
from kinema.serve.jobs.delivery import Delivery
from kinema.serve.jobs.queue import Queue
from kinema.serve.net import Network
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects


@dataclass(frozen=True, slots=True)
class Services:
    """Configuration, records, files, queue, who watches for changes, models, ways out."""

    config: Config
    database: Database
    objects: Objects
    queue: Queue
    watch: Watch
    installed: Installed
    network: Network
    delivery: Delivery


async def services_of(request: HTTPConnection) -> Services:
    """The services of the app that answers the request."""
    return request.app.state.services


Use = Annotated[Services, Depends(services_of)]
"""How a route asks for them."""

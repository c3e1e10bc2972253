"""What those who look after the server ask: does it live, is it ready, what does it measure."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kinema.serve.api.auth import admin_for, opened_for
from kinema.serve.api.errors import ApiError
from kinema.serve.api.services import Services, Use
from kinema.serve.observe.metrics import Metrics

router: Final = APIRouter(include_in_schema=False)

_BLIND: Final = (
    10.0  # seconds without a look at the log of events after which nobody is told of news
)


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers; one that does not should be started anew."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(services: Use) -> dict[str, str]:
    """Jobs are accepted: the database is there and its log of events is read; else 503."""
    problem = None if services.watch.age < _BLIND else "the log of events is not read"
    if problem is None and not await run_in_threadpool(_is_there, services):
        problem = "the database cannot be read"
    if problem is not None:
        message = f"Not ready: {problem}."
        raise ApiError(503, message, code="not_ready", kind="server_error")
    return {"status": "ready"}


async def _operator(request: Request, services: Use) -> None:
    """A collector of numbers needs a key that may make others, but where one person is alone."""
    if not services.config.single_user:
        await admin_for(await opened_for(request, services))


@router.get("/metrics")
async def metrics(request: Request, _operator: Annotated[None, Depends(_operator)]) -> Response:
    """Numbers for Prometheus, of all projects and workers together."""
    kept: Metrics = request.app.state.metrics
    return Response(await run_in_threadpool(kept.text), media_type=CONTENT_TYPE_LATEST)


def _is_there(services: Services) -> bool:
    try:
        return services.database.is_ready()
    except (SQLAlchemyError, OSError):
        return False

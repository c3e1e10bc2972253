"""The models that can be asked for: names that clients know, and ours."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.errors import ApiError
from kinema.serve.api.services import Use

router: Final = APIRouter(prefix="/v1/models", tags=["models"])

_MADE: Final = 1_790_000_000  # clients sort by a time of making; ours have one


@router.get("")
async def list_models(services: Use, _project: Project) -> wire.ModelList:
    """The names that `model` can have."""
    names = await run_in_threadpool(services.installed.names)
    return wire.ModelList(data=[_wired(name) for name in names])


@router.get("/{model:path}")
async def retrieve(services: Use, _project: Project, model: str) -> wire.Model:
    """One of them."""
    if model not in await run_in_threadpool(services.installed.names):
        message = f"The model '{model[:80]}' does not exist or you do not have access to it."
        raise ApiError(404, message, param="model", code="model_not_found")
    return _wired(model)


def _wired(name: str) -> wire.Model:
    return wire.Model(id=name, created=_MADE, owned_by="kinema")

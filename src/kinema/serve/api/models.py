"""The models that can be asked for: names that clients know, and ours."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from kinema.engine.cards import cards
from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.errors import ApiError
from kinema.serve.api.services import Services, Use

router: Final = APIRouter(prefix="/v1/models", tags=["models"])

_MADE: Final = 1_790_000_000  # clients sort by a time of making; ours have one


@router.get("")
async def list_models(services: Use, _project: Project) -> wire.ModelList:
    """All models."""
    return wire.ModelList(data=[_wired(name) for name in _names(services)])


@router.get("/{model}")
async def retrieve(services: Use, _project: Project, model: str) -> wire.Model:
    """One model."""
    if model not in _names(services):
        message = f"The model '{model[:80]}' does not exist or you do not have access to it."
        raise ApiError(404, message, param="model", code="model_not_found")
    return _wired(model)


def _names(services: Services) -> list[str]:
    return [*services.config.aliases, *(one.name for one in cards())]


def _wired(name: str) -> wire.Model:
    return wire.Model(id=name, created=_MADE, owned_by="kinema")

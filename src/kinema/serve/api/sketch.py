"""A glance at what a request would make: one frame of it, drawn at once, before anything is made.

Only for models that draw the storybook's world, since only there a frame says what the video will
show and costs less than a tenth of a second.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from kinema.media.picture import encode
from kinema.serve.api.accept import answering
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import read_body
from kinema.serve.api.errors import ApiError
from kinema.serve.api.generations import wished
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import GENERATION
from kinema.serve.api.services import Use
from kinema.serve.jobs.make import fetched
from kinema.types import Size

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

SIDE: Final = 480
"""Pixels of the longer side of the picture."""
_MODEL: Final = "animatic"
_PICTURE: Final = {
    200: {
        "description": "The frame.",
        "content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}},
    }
}

At = Annotated[float, Query(ge=0, le=600, description="Seconds from the beginning.")]


@router.post(
    "/sketch",
    response_class=Response,
    responses=_PICTURE,  # pyright: ignore[reportArgumentType] - keys are what FastAPI takes
    openapi_extra=takes(GENERATION),
)
async def sketch(request: Request, services: Use, project: Project, at: At = 0.0) -> Response:
    """One frame of what a request would make, without making it."""
    body = await read_body(request, limit=services.config.limits.upload)

    def work() -> bytes:
        wish, _ = wished(services, project, body)
        wanted = answering(services.installed, wish)
        if services.installed.cards()[wanted.model].family != "storybook":
            message = f"{wanted.model} draws no scenes; there is no sketch of what it would make."
            raise ApiError(400, message, param="model", code="no_sketch")
        from kinema.engine.animatic import still  # slow to load, and not everybody asks

        last = wanted.seconds - 1 / wanted.fps
        moment = min(Fraction(at).limit_denominator(1000), max(last, Fraction(0)))
        with fetched(services.objects, wish.inputs) as files:
            picture = still(replace(wanted, model=_MODEL), files, moment, _small(wanted.size))
        return encode(picture, ".webp", 82)

    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(await run_in_threadpool(work), media_type="image/webp", headers=headers)


def _small(size: Size) -> Size:
    scale = min(1.0, SIDE / max(size.width, size.height))
    return Size(width=max(2, round(size.width * scale)), height=max(2, round(size.height * scale)))

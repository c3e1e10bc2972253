"""What can be known before anything is made: how a prompt is read, what the models can do."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from kinema.engine.cards import cards
from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import EXPLAIN
from kinema.types import Json, check_text, to_builtins

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

_BODY_MAX: Final = 1 << 20


class Word(wire.Wire):
    """A word or phrase of a prompt, ``prompt[start:end]``, and what it was taken for."""

    text: str
    start: int
    end: int
    slot: str
    value: str
    how: str


class Reading(wire.Wire):
    """How a prompt is read: its words, what was replaced or left out, and the scene of it."""

    prompt: str
    language: str
    words: list[Word]
    notes: list[str]
    scene: dict[str, Any]


class Cards(wire.Wire):
    """The cards of all models: what each is, can do, needs and costs."""

    object: str = "list"
    data: list[dict[str, Any]]


@router.post("/explain", openapi_extra=takes(EXPLAIN))
async def explain(request: Request, _project: Project) -> Reading:
    """Read a prompt without making anything. Costs a millisecond."""
    body = await read_body(request, limit=_BODY_MAX)
    return await run_in_threadpool(_explained, body)


@router.get("/models")
async def list_cards(_project: Project) -> Cards:
    """What each model is and can do."""
    return Cards(data=[to_builtins(one) for one in cards()])


def read_prompt(prompt: str, *, seed: int, style: str | None, negative: str) -> Reading:
    """How a prompt is read."""
    from kinema.storybook.reader import read  # slow to load, and not everybody asks

    return said(to_builtins(read(prompt, seed=seed, style=style, negative=negative)))


def said(found: Json) -> Reading:
    """A reading that a model has left, as the API says it."""
    whole: Json = {"language": "en", "notes": [], "words": [], **found}
    return Reading(**{name: whole[name] for name in Reading.model_fields})


def _explained(body: Body) -> Reading:
    try:
        fields = Fields(body)
        prompt = fields.prompt()
        negative = fields.text("negative_prompt", most=32_000) or ""
        style = fields.text("style", most=80)
        fields.close()
    finally:
        body.close()
    check_text("prompt", prompt)
    return read_prompt(prompt, seed=0, style=style, negative=negative)

"""Characters: made of a clip, then named in prompts."""

from __future__ import annotations

import re
import time
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from kinema import media
from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, Upload, read_body
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.inputs import kept_upload
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import characters as store
from kinema.serve.store import clips
from kinema.serve.store.characters import CharacterRow
from kinema.types import CharacterRef

router: Final = APIRouter(prefix="/v1/videos/characters", tags=["videos"])

NAME_MAX: Final = 80


@router.post("")
async def create(request: Request, services: Use, project: Project) -> wire.Character:
    """Make a character of a video."""
    body = await read_body(request, limit=services.config.limits.upload)
    row = await run_in_threadpool(_create, services, project, body)
    return _wired(row)


@router.get("/{character_id}")
async def retrieve(services: Use, project: Project, character_id: str) -> wire.Character:
    """A character."""

    def read() -> CharacterRow | None:
        with services.database.read() as connection:
            return store.get(connection, project, character_id)

    row = await run_in_threadpool(read)
    if row is None:
        raise not_found("Character", character_id)
    return _wired(row)


def named(
    services: Services, project: str, ids: list[str], prompt: str
) -> tuple[CharacterRef, ...]:
    """The characters of these ids, each of which the prompt must name.

    Raises:
        ApiError: There is no such character, or the prompt does not hold its name.
    """
    found: list[CharacterRef] = []
    with services.database.read() as connection:
        for identity in ids:
            row = store.get(connection, project, identity)
            if row is None:
                raise not_found("Character", identity)
            if not re.search(rf"(?<!\w){re.escape(row.name)}(?!\w)", prompt):
                message = f"The prompt must contain the character's name '{row.name}' verbatim."
                raise invalid(message, "prompt")
            found.append(CharacterRef(name=row.name, looks=row.looks))
    return tuple(found)


def _create(services: Services, project: str, body: Body) -> CharacterRow:
    try:
        fields = Fields(body)
        name = fields.text("name", most=NAME_MAX, needed=True) or ""
        video = fields.upload_or("video", ())
        fields.close()
        if not isinstance(video, Upload):
            message = "Missing required parameter: 'video'."
            raise invalid(message, "video", "missing_required_parameter")
        kept = kept_upload(services.objects, video, "video", films=True)
        row = CharacterRow(
            id=new_id(Kind.CHARACTER),
            project=project,
            name=name.strip(),
            looks=_looks(services, project, video) or name.strip(),
            key=kept.place["key"],
            sha256=video.sha256,
            created_at=time.time(),
        )
    finally:
        body.close()
    with services.database.write() as connection:
        store.add(connection, row)
    return row


def _looks(services: Services, project: str, video: Upload) -> str:
    """What is to be seen in a clip, in words, where it is one of ours: what it was made from."""
    facts = media.facts(video.path, field="video") or {}
    if "request" in facts:
        return str(facts["request"].get("prompt", ""))
    with services.database.read() as connection:
        row = clips.get(connection, str(facts.get("id", "")), project)
    return "" if row is None else row.prompt


def _wired(row: CharacterRow) -> wire.Character:
    return wire.Character(id=row.id, name=row.name, created_at=int(row.created_at))
